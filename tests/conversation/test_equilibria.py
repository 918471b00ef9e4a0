"""Equilibria in deterministic rules against plain enumeration of letters in fractions; games solved by hand."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from bigopt.engine.solve import solve
from bigopt.errors import UsageError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import equilibria, response, trees
from bigopt.games.conversation.rules import Rule, sure

Make = Callable[..., Conversation]


def revealing(features: int, letters: int, rounds: int) -> trees.Tree:
    """Return the rule that tells x_B in the first round; needs as many letters as features."""

    def silent(part: trees.Part, left: int) -> trees.Tree:
        return () if left == 0 else tuple(((part, silent(part, left - 1)),) for _ in range(letters))

    return tuple(tuple(((b,), silent((b,), rounds - 1)) for b in range(features)) for _ in range(letters))


def rules_by_letters(features: int) -> list[Rule]:
    """Return every deterministic rule of one round over two letters, names of letters and all."""
    rows = list(product(range(2), repeat=features))
    tables = ({(0,): zero, (1,): one} for zero, one in product(rows, repeat=2))
    return [Rule("histories", histories={h: tuple(map(sure, row)) for h, row in table.items()}) for table in tables]


def test_against_all_letters_in_fractions(make: Make) -> None:
    """Worst and best equilibrium are the same when rules are listed letter by letter and played by histories."""
    counts = set()
    for seed in range(8):
        game = make(seed, a=2, b=2, bobs=2, rounds=1, actions=3)
        every = rules_by_letters(2)
        played = {
            (i, j): response.respond(game, [every[i], every[j]], 2) for i, j in product(range(len(every)), repeat=2)
        }
        value = {key: [found.total(game, p) for p in range(3)] for key, found in played.items()}
        n = range(len(every))
        stable = [
            value[i, j][0]
            for i, j in played
            if all(value[i, j][1] >= value[g, j][1] for g in n) and all(value[i, j][2] >= value[i, g][2] for g in n)
        ]
        solution = solve(game, "all-nash")
        assert solution.solved, solution.certificate.failed
        counts.add(solution.count)
        if stable:
            assert solution.worst == float(min(stable) * game.units[1][0] / game.total)
            assert solution.best == float(max(stable) * game.units[1][0] / game.total)
        assert (solution.count > 0) == bool(stable)
    assert len(counts) > 1


def test_trees_are_counted_before_they_are_listed() -> None:
    for features, letters, rounds in ((1, 2, 1), (2, 2, 1), (3, 2, 1), (3, 3, 1), (2, 2, 2), (3, 2, 2), (2, 3, 1)):
        assert trees.count(features, letters, rounds) == len(trees.trees(features, letters, rounds))


def test_exploding_games_are_refused_with_the_number(make: Make) -> None:
    with pytest.raises(UsageError, match=r"profiles, at most 70,000"):
        solve(make(1, b=6, bobs=3, rounds=3), "all-nash")
    with pytest.raises(UsageError, match="2 letters"):
        solve(make(1), "selection", options={"letters": 1})


def test_silence_is_best_for_alice_and_yet_not_everybodys_reference() -> None:
    """Definition 9 asks for the revealing rule: a always is best, b as good in s1; silence is Alice-optimal too.

    What a Bob who is not silent tells decides between a and b only through ties, which go to a: nothing differs. With
    ties to b (listed first) telling s1 apart makes her play b there, and the two deviations to silence differ.
    """
    alice = [[1, 0], [1, 1]]  # b first, then a, over the states s1, s2
    weights = [[[1, 0], [0, 1]]]
    game = Conversation(alice, [np.eye(2), np.eye(2)], 1, prior_weights=weights, actions=("b", "a"), name="tie")
    solution = solve(game, "all-nash")
    assert solution.solved and solution.definition_9 == "proved"
    assert 0 < solution.leaders_refuted < solution.leaders
    found = equilibria.table(game, 2, 2)
    silent, telling = 0, found.rules.index(revealing(2, 2, 1))
    assert silent in equilibria.leaders(found) and telling in equilibria.leaders(found)
    assert equilibria.refutation(game, found, silent) is not None
    assert equilibria.refutation(game, found, telling) is None


def test_full_disclosure_by_two_is_an_equilibrium(make: Make) -> None:
    """Proposition 1: beside another Bob who reveals, nobody moves anything."""
    for seed in range(5):
        game = make(seed, a=2, b=2, bobs=2, rounds=1)
        found = equilibria.table(game, 2, 2)
        telling = found.rules.index(revealing(2, 2, 1))
        assert equilibria.nash(found)[telling, telling]
        assert float(game.worth(0, found.of(0)[telling, telling])) == solve(game).opt


def test_selection_by_all_profiles_of_rules(make: Make) -> None:
    """Definition 17 with k Bobs who each choose a rule, Alice selecting the best, ties to the lowest index."""
    for seed in range(12):
        game = make(seed, a=2, b=3, bobs=2, rounds=1, actions=3)
        solution = solve(game, "selection")
        assert solution.solved, solution.certificate.failed
        found = equilibria.table(game, 2, 1).totals.tolist()
        n = range(len(found))

        def end(i: int, j: int, found: list[list[int]] = found) -> list[int]:
            return found[i] if found[i][0] >= found[j][0] else found[j]

        values = {
            end(i, j)[0]
            for i, j in product(n, repeat=2)
            if all(end(g, j)[1] <= end(i, j)[1] for g in n) and all(end(i, g)[2] <= end(i, j)[2] for g in n)
        }
        wanted = min(values) if values else None
        assert solution.worst_nash == (None if wanted is None else float(game.worth(0, wanted)))


def test_a_missing_equilibrium_fails(make: Make) -> None:
    from bigopt.concepts.concept import Request
    from bigopt.games.conversation import all_nash

    game = make(3, a=2, b=2, bobs=2, rounds=1)
    request = Request("all-nash", options={"letters": 2})
    point = dict(all_nash.solve(game, request).point or {})
    assert all_nash.CONCEPT.verify(game, point, request)[1].verified
    assert not all_nash.CONCEPT.verify(game, point | {"count": point["count"] - 1}, request)[1].verified


def test_forty_rounds_are_refused_at_once() -> None:
    """The number of rules in forty rounds has more digits than memory: fewer rounds are counted, and named."""
    game = Conversation(np.eye(2), [np.eye(2)], 40, prior_weights=np.ones((2, 2, 2), dtype=int))
    with pytest.raises(UsageError, match="of 40 rounds.*profiles"):
        solve(game, "all-nash")
