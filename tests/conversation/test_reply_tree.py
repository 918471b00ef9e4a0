"""Several rounds with a quantal Alice: best rules against all rules, equilibria, and a solver's view of one round."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import bigopt
from bigopt.errors import UsageError
from bigopt.files import library as stored
from bigopt.games.conversation import quantal_nash
from bigopt.games.conversation.exact import replies
from bigopt.games.conversation.exact.reply_tree import Tree, TreeRule, best_of_all
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.generate import random_conversation
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import quantal_talk


def small(seed: int, rounds: int = 2, features: int = 2) -> Conversation:
    return random_conversation(
        alice_features=3, bob_features=features, states=2, actions=3, rounds=rounds, grid=3, seed=seed, bias=0.7
    )


def histories(tree: Tree, others: list[TreeRule], bob: int, words: int) -> set[tuple[tuple[int, ...], ...]]:
    """Return every history of announcements that some rule of a Bob can lead to."""
    found: set[tuple[tuple[int, ...], ...]] = {()}
    known = -1
    columns = list(product(range(words), repeat=words))
    while len(found) > known:
        known = len(found)
        for heard in list(found):
            if len(heard) >= tree.game.rounds:
                continue
            for labels in product(columns, repeat=len(heard)):
                rule = TreeRule((0,) * words, {heard[: t + 1]: word for t, word in enumerate(labels)})
                rules = [*others[:bob], rule, *others[bob:]]
                cells = tree.start()
                for t in range(len(heard)):
                    group = cells.get(heard[t])
                    if group is None:
                        break
                    told = tree.split(group, [each.words(heard[: t + 1]) for each in rules])
                    cells = tree.announced(told)
                else:
                    found |= {(*heard, m) for m in cells}
    return found - {()}


@pytest.mark.parametrize("seed", range(6))
def test_a_best_reply_is_the_best_of_all_rules(seed: int) -> None:
    """Every deterministic rule of two rounds and two features, played out."""
    tree = Tree(small(seed), 4.0)
    other = TreeRule((0, seed % 2))
    places = sorted(histories(tree, [other], 0, 2))
    best = -np.inf
    for words in product([(0, 0), (0, 1)], repeat=len(places)):
        rule = TreeRule((0, 0), dict(zip(places, words, strict=True)))
        best = max(best, float(tree.amounts([rule, other])[1]))
    value, reply = tree.best_reply([TreeRule((0, 0)), other], 0)
    assert value == pytest.approx(best, abs=1e-12)
    assert float(tree.amounts([reply, other])[1]) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_play_is_that_of_labels(rounds: int) -> None:
    """Silent and revealing Bobs, by labels of pairs instead of histories."""
    game = small(3, rounds, 3)
    tree = Tree(game, 5.0)
    for names in (("silent", "silent"), ("revealing", "silent"), ("revealing", "revealing")):
        rules = [TreeRule((0, 0, 0) if name == "silent" else (0, 1, 2)) for name in names]
        other = replies.played(game, [Rule(name) for name in names], 5.0, None).utilities
        assert tree.utilities(rules) == pytest.approx(other, abs=1e-12)


def test_one_round_ends_in_a_listed_equilibrium() -> None:
    """The dynamics over histories, in one round, end in one of the equilibria that enumeration lists."""
    game = small(1, 1, 3)
    listed = bigopt.solve(game, "quantal-nash", options={"lambda": 5})
    found = quantal_talk.ended(game, 5.0, None)
    fields, certificate = quantal_talk.quantal_talk(
        game, {"equilibria": found}, quantal_nash.CONCEPT.request(options={"lambda": 5.0})
    )
    assert certificate.verified
    assert listed.worst - 1e-12 <= fields["worst"] <= fields["best"] <= listed.best + 1e-12


@pytest.mark.parametrize("seed", range(3))
def test_several_rounds_end_in_equilibria(seed: int) -> None:
    game = small(seed, 2, 3)
    solution = bigopt.solve(game, "quantal-nash", options={"lambda": 5})
    assert solution.solved and solution.count and solution.equilibria
    request = quantal_nash.CONCEPT.request(options={"lambda": 5.0})
    moved = [one for one in solution.equilibria if one["start"] == "silent" and one["moves"]]
    for one in moved:  # before the moves somebody could gain
        silent = {"otherwise": [0, 0, 0], "listed": []}
        _, certificate = quantal_nash.verify(
            game, {"equilibria": [{"start": "silent", "rules": [silent] * 2}]}, request
        )
        assert "regret" in [check.name for check in certificate.failed] and one["rules"]


def test_many_features_are_refused_with_their_number() -> None:
    with pytest.raises(UsageError, match="7 features of the Bobs, at most 6"):
        bigopt.solve(small(0, 2, 7), "quantal-nash")


def test_scip_solves_the_model_of_one_word_globally() -> None:
    """Through Pyomo's own interface, with a bound; no signal is below 1e-4, hence just under the concave closure."""
    from pyomo.contrib.solver.common.factory import SolverFactory

    game = bigopt.load(stored.instance("conversation/independent-signals"))
    closure = bigopt.solve(game, "quantal-signal", options={"lambda": 0.5})
    model = bigopt.build("quantal_signal", game, rows=[0], strength=0.5)  # after Alice's first announcement
    done = SolverFactory("scip_direct").solve(
        model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        solver_options={"display/verblevel": 0, "limits/gap": 1e-4},
    )
    assert done.incumbent_objective == pytest.approx(closure.value, abs=3e-4)
    assert closure.value - 3e-4 <= done.objective_bound <= closure.at_most + 3e-4


@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_straightforward_bobs_say_what_the_labels_say(rounds: int, seed: int) -> None:
    game = small(seed, rounds, 3)
    straight = TreeRule((0, 0, 0), straightforward=True)
    for names in (("straightforward", "silent"), ("straightforward", "straightforward")):
        rules = [straight if name == "straightforward" else TreeRule((0, 0, 0)) for name in names]
        other = replies.played(game, [Rule(name) for name in names], 5.0, None).utilities
        assert Tree(game, 5.0).utilities(rules) == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_regrets_of_several_rounds_are_over_all_rules(seed: int) -> None:
    """No named rule and no last word does better than the best of all, and the upper bound is above it."""
    game = small(seed, 2, 3)
    profile = [Rule("straightforward")] * 2
    for bob in range(2):
        best = best_of_all(game, profile, bob, 5.0)
        assert best is not None
        for reply in replies.replies(game, profile, bob, 5.0):
            assert reply.amounts[bob + 1] <= best + 1e-12
    fields = bigopt.solve(game, "quantal", options={"lambda": 5})
    assert fields.solved
    assert all(low <= high + 1e-9 for low, high in zip(fields.regrets, fields.regrets_at_most, strict=True))
