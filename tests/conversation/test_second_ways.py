"""What certificates conclude by another algorithm: the same where both are right, and without the solver's code."""

from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.concepts import Deadline
from bigopt.games import kinds
from bigopt.games.conversation.exact import equilibria, leader, reply_tree, response, trees
from bigopt.games.conversation.exact.reply_tree import Tree, TreeRule
from bigopt.games.conversation.verify import halves, histories, letters, listed
from tests.conversation.conftest import Make

FOREVER = Deadline()


@pytest.mark.parametrize(
    ("features", "alphabet", "rounds"), [(1, 2, 1), (2, 2, 1), (3, 2, 1), (3, 3, 1), (2, 2, 2), (3, 2, 2), (4, 3, 1)]
)
def test_rules_are_as_many_as_trees(features: int, alphabet: int, rounds: int) -> None:
    """Every tree is one of the chains of partitions, and no two are the same."""
    found = letters.rules(features, alphabet, rounds)
    chains = [listed.chain(tree, features) for tree in trees.trees(features, alphabet, rounds)]
    assert {letters.key(rule) for rule in found} == {letters.key(chain) for chain in chains if chain is not None}
    assert len(found) == len(chains) and all(len(parts) == 1 for parts in found[0].values())


@pytest.mark.parametrize(("seed", "bobs", "rounds"), [(0, 2, 1), (1, 2, 1), (2, 1, 2), (3, 3, 1), (4, 2, 1)])
def test_profiles_are_those_of_histories_in_fractions(make: Make, seed: int, bobs: int, rounds: int) -> None:
    game = make(seed, a=2, b=2, bobs=bobs, rounds=rounds, actions=3)
    found = letters.listed(game, 2, bobs, FOREVER)
    every = trees.trees(2, 2, rounds)
    rules = [response.rule_of(tree, 2) for tree in every]
    places = [found.places[letters.key(listed.chain(tree, 2) or {})] for tree in every]
    laws: dict[Any, set[int]] = {}
    for profile in product(range(len(every)), repeat=bobs):
        plan = response.respond(game, [rules[i] for i in profile], 2)
        at = tuple(places[i] for i in profile)
        assert [plan.total(game, j) for j in range(1 + bobs)] == found.totals[(slice(None), *at)].tolist()
        laws.setdefault(str(plan.law(game)), set()).add(int(found.law[at]))
    assert all(len(numbers) == 1 for numbers in laws.values()) and len(laws) == found.law.max() + 1


@pytest.mark.parametrize(("seed", "bobs", "rounds"), [(1, 2, 1), (5, 2, 1), (2, 1, 2), (3, 3, 1), (6, 1, 1)])
def test_equilibria_leaders_and_refutations_of_both_lists(make: Make, seed: int, bobs: int, rounds: int) -> None:
    game = make(seed, a=2, b=2 if bobs > 1 else 3 - rounds + 1, bobs=bobs, rounds=rounds, actions=3)
    found, table = letters.listed(game, 2, bobs, FOREVER), equilibria.table(game, 2, bobs)
    stable = equilibria.nash(table)
    assert sorted(found.totals[0][found.stable()].tolist()) == sorted(table.of(0)[stable].tolist())
    features = game.sizes[1]
    places = [found.places[letters.key(listed.chain(tree, features) or {})] for tree in table.rules]
    assert {tuple(places[i] for i in at) for at in np.argwhere(stable).tolist()} == set(
        map(tuple, np.argwhere(found.stable()).tolist())
    )
    best = equilibria.leaders(table)
    assert sorted(places[i] for i in best) == found.leaders()
    for i in best:
        assert found.refuted(places[i]) is (equilibria.refutation(game, table, i) is not None)


def test_the_leader_by_halves_in_any_unit(make: Make) -> None:
    """The dynamic program with a smallest element singled out says the same, with integers beyond 64 bits too."""
    for seed in range(12):
        game = make(seed, a=1 + seed % 5, b=1 + seed % 4, rounds=1 + seed % 3, actions=3)
        for alphabet in (2, 3):
            assert (
                halves.most(game, alphabet, game.rounds, FOREVER) == leader.program(game, alphabet, game.rounds).value
            )
    huge = bigopt.Conversation(game.alice * 1e30, list(game.bobs), 1, prior_weights=game.prior_weights)
    assert huge.gains[0].dtype == object
    assert halves.most(huge, 2, 1, FOREVER) == leader.program(huge, 2, 1).value


def test_large_tables_are_taken_apart(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    game = make(1, a=5, b=4, rounds=2, actions=3)
    whole = halves.most(game, 3, 2, FOREVER)
    monkeypatch.setattr(halves, "CELLS", 1)
    assert halves.most(game, 3, 2, FOREVER) == whole


@pytest.mark.parametrize("seed", range(5))
def test_replies_to_a_quantal_alice_by_all_partitions(make: Make, seed: int) -> None:
    """Amounts and best replies of rules that say different things after different histories."""
    game = make(seed, a=3, b=3, bobs=1 + seed % 2, rounds=2 + seed % 2, actions=3)
    bobs = [(7 + j) * table for j, table in enumerate(game.bobs)]
    game = bigopt.Conversation(game.alice, bobs, game.rounds, prior_weights=game.prior_weights)
    tree, talk = Tree(game, 3.0), histories.Talk(game, 3.0, FOREVER)
    start = [TreeRule((0, 1, 1))] * game.k
    rules = [tree.best_reply(start, 0)[1], *start[1:]]
    read = [histories.Rule.of(rule) for rule in rules]
    assert len(read[0].listed) > 1
    assert talk.played(read).sum(axis=0) == pytest.approx(tree.amounts(rules), abs=1e-12)
    assert np.sort(talk.stakes().T, axis=0) == pytest.approx(np.sort(tree.stakes(), axis=0))
    best = [talk.best(read, bob).sum() for bob in range(game.k)]
    assert best == pytest.approx([tree.best_reply(rules, bob)[0] for bob in range(game.k)], abs=1e-12)


def test_what_is_never_announced_is_never_heard() -> None:
    rule = histories.Rule.of(
        TreeRule((0, 0), {((2, 1, 3),): (0, 1), ((4, 2, 6),): (1, 0), ((0, 1, 1),): (1, 1), ((1, 1, 2),): (1, 2)})
    )
    assert list(rule.listed.values()) == [(0, 1), (1, 2)]


def test_partitions_are_all_and_each_once() -> None:
    """Bell's number of four elements is 15; masks of a partition are disjoint and make the set."""
    found = [tuple(sorted(parts)) for parts in histories._partitions(0b101101)]
    assert len(found) == len(set(found)) == 15
    assert all(sum(parts) == 0b101101 and all(parts) for parts in found)


def test_a_second_round_is_worth_more(make: Make) -> None:
    gained = 0
    for seed in range(6):
        game = make(seed, a=4, b=4, rounds=2, actions=4, y=4)
        values = [halves.most(game, 2, rounds, FOREVER) for rounds in (1, 2, 3)]
        assert values == [leader.program(game, 2, rounds).value for rounds in (1, 2, 3)]
        gained += values[0] < values[1]
    assert gained


@pytest.mark.parametrize("concept", ["all-nash", "selection", "aligned-leader", "quantal-nash"])
def test_no_certificate_runs_what_found_the_answer(concept: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    game = make(3, a=2, b=2, bobs=2, rounds=2 if concept == "quantal-nash" else 1)
    found = bigopt.solve(game, concept)
    row = kinds.concept_of(game, concept)

    def broken(*_: Any, **__: Any) -> Any:
        raise AssertionError("the solver's own code")

    for module, name in ((equilibria, "table"), (leader, "program"), (trees, "trees"), (reply_tree, "best_partition")):
        monkeypatch.setattr(module, name, broken)
    monkeypatch.setattr("bigopt.games.conversation.verify.quantal_talk.ended", lambda *_: [])  # compared, not claimed
    assert row.verify(game, found.fields, row.request())[1].verified
