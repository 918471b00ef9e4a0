"""Equilibria of several rounds with a quantal Alice, all rules listed: against every rule over every history."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import bigopt
from bigopt.games.conversation import quantal_nash
from bigopt.games.conversation.exact.reply_list import Listing
from bigopt.games.conversation.exact.reply_tree import Heard, Tree, TreeRule
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.generate import random_conversation
from bigopt.games.conversation.verify import quantal_nash as one_round
from bigopt.games.conversation.verify import quantal_talk


def tiny(seed: int, rounds: int = 2, features: int = 2) -> Conversation:
    return random_conversation(
        alice_features=2, bob_features=features, states=2, actions=3, rounds=rounds, grid=3, seed=seed, bias=0.9
    )


def anything(game: Conversation) -> list[Heard]:
    """Return every history of two rounds that two Bobs with two features can lead to: together they tell or do not."""
    tree, found = Tree(game, 5.0), list[Heard]()
    for first, cells in tree.start().items():
        found.append((first,))
        for words in ((0, 0), (0, 1)):
            found += [(first, m) for m in tree.announced(tree.split(cells, [words]))]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("seed", range(2))
def test_equilibria_are_those_of_all_rules_over_all_histories(seed: int) -> None:
    """No rule is left out for what the rule itself excludes, and utilities of one profile are played out whole."""
    game = tiny(seed)
    tree, places = Tree(game, 5.0), anything(game)
    rules = [TreeRule((0, 0), dict(zip(places, w, strict=True))) for w in product([(0, 0), (0, 1)], repeat=len(places))]
    values = np.array([[tree.utilities(pair) for pair in product([one], rules)] for one in rules])
    ties = 1e-12 * np.ptp(game.bobs.reshape(2, -1), axis=1)
    stable = (values[:, :, 1] >= values[:, :, 1].max(axis=0, keepdims=True) - ties[0]) & (
        values[:, :, 2] >= values[:, :, 2].max(axis=1, keepdims=True) - ties[1]
    )
    found = bigopt.solve(game, "quantal-nash", options={"lambda": 5})
    assert found.solved and found.count is not None and 0 < found.count <= stable.sum()
    assert found.worst == pytest.approx(values[stable][:, 0].min(), abs=1e-12)
    assert found.best == pytest.approx(values[stable][:, 0].max(), abs=1e-12)
    assert all(found.worst - 1e-12 <= one["alice"] <= found.best + 1e-12 for one in found.equilibria)


@pytest.mark.parametrize("seed", range(3))
def test_one_round_is_the_game_of_partitions(seed: int) -> None:
    """Where every pair of features can be: else partitions of what cannot be are counted, too."""
    weights = np.random.default_rng(seed).integers(1, 9, (2, 3, 2))
    drawn = tiny(seed, features=3)
    game = Conversation(drawn.alice, drawn.bobs, 1, prior_weights=weights, name="full")
    listed = quantal_talk.listed(game, 5.0, None, quantal_talk.PROFILES)
    assert not isinstance(listed, str)
    by_rules, by_parts = ([one_round.solved(g) for g in games] for games in (listed, one_round.games(game, 5.0)))
    assert [(g["count"], g["worst"]) for g in sorted(by_rules, key=str)] == [
        (g["count"], pytest.approx(g["worst"], abs=1e-12)) for g in sorted(by_parts, key=str)
    ]


@pytest.mark.parametrize(("features", "rounds"), [(2, 2), (3, 2), (2, 3)])
def test_rules_are_as_many_as_were_counted_and_no_two_say_the_same(features: int, rounds: int) -> None:
    tree = Tree(tiny(1, rounds, features), 5.0)
    for first, cells in tree.start().items():
        listing = Listing(tree, False)
        rules = listing.rules(first, cells)
        assert len(rules) == listing.number(cells) == len({tuple(sorted(rule.listed.items())) for rule in rules})
        assert all(set(words) == {0} for words in rules[0].listed.values())  # silence


def test_a_list_with_another_number_or_worst_is_found_out() -> None:
    game = tiny(0)
    point = bigopt.solve(game, "quantal-nash", options={"lambda": 5}).to_dict()["solution"]
    request = quantal_nash.CONCEPT.request(options={"lambda": 5.0})
    one, *others = point["games"]
    for change, name in (({"count": one["count"] + 1}, "all equilibria"), ({"worst": one["worst"] - 0.1}, "worst")):
        _, certificate = quantal_nash.verify(game, point | {"games": [one | change, *others]}, request)
        assert [check.name for check in certificate.failed] == [name]


def test_what_is_too_many_is_said_with_its_number() -> None:
    """Dynamics are followed all the same."""
    found = bigopt.solve(tiny(1, rounds=3, features=3), "quantal-nash")
    check = next(check for check in found.certificate.checks if check.name == "all equilibria")
    assert check.grade == "skipped" and "profiles, at most 20,000" in check.note
    assert found.solved and found.count is None and found.equilibria
