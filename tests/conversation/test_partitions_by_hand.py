"""Equilibria of one round with a quantal Alice by plain loops over partitions, and lists that are false."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.errors import InstanceError, LimitReached, UsageError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.verify import quantal_nash, quantal_talk
from tests.conversation.loops import cut, judged, partitions, said
from tests.conversation.quantal_loops import EPS, Fields, Quantal, drawn


class Nash(Quantal):
    """The finite game after each announcement: every Bob's partitions of the features that can be."""

    def finite(self, group: list[int]) -> Fields:
        """Return what is reported of it."""
        features = [b for b in self.all if self.weight(group, [b])]
        every = sorted(
            partitions(features), key=lambda parts: (len(parts), parts)
        )  # of equal replies the first is taken
        n = range(len(every))
        ties = [1e-12 * self.stake(j + 1, group) for j in range(self.k)]
        value = {}
        for at in product(n, repeat=self.k):
            sets = [self.all]
            for i in at:
                sets = cut(sets, every[i])
            value[at] = [sum(v) for v in zip(*(self.amounts(x, sets) for x in group), strict=True)]

        def replies(at: Any, j: int) -> list[float]:
            return [value[*at[:j], i, *at[j + 1 :]][j + 1] for i in n]

        stable = [
            v[0] for at, v in value.items() if all(v[j + 1] >= max(replies(at, j)) - ties[j] for j in range(self.k))
        ]
        end, quiet = [0] * self.k, 0
        for turn in range(200 * self.k):
            j = turn % self.k
            row = replies(end, j)
            moved = max(row) > row[end[j]] + ties[j]
            quiet = 0 if moved else quiet + 1
            end[j] = row.index(max(row)) if moved else end[j]
            if quiet == self.k:
                break
        return {
            "count": len(stable),
            "worst": min(stable, default=None),
            "best": max(stable, default=None),
            "dynamics": value[tuple(end)][0] if quiet == self.k else None,
        }


def same(found: Any, known: Any) -> None:
    """The same, with None where it is None."""
    for name in ("count", "worst", "best", "dynamics"):
        assert (found[name] is None) == (known[name] is None), name
        assert found[name] is None or found[name] == pytest.approx(known[name], abs=1e-9), name


def order(one: Fields) -> tuple[int, float]:
    """Order games by what tells them apart."""
    return one["count"], round(one["best"], 6)


CASES = [
    (0, 3, 3, 2, 3),
    (2, 3, 2, 2, 3),
    (4, 2, 2, 3, 2),
    (3, 3, 4, 1, 3),
    (5, 2, 1, 2, 3),
    (6, 3, 3, 2, 5),
    (1, 2, 3, 2, 3),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_quantal_nash(case: Any) -> None:
    seed, a, b, bobs, actions = case
    game = drawn(seed, a, b, bobs=bobs, actions=actions)
    strength = 6.0 if seed == 1 else 1.5  # where best replies cycle after an announcement
    by_hand = Nash(game, strength)
    known = [by_hand.finite(group) for group in by_hand.groups]
    point = bigopt.solve(game, "quantal-nash", options={"lambda": strength}).to_dict()["solution"]
    fields, certificate = judged(game, "quantal-nash", {"games": point["games"]}, {"lambda": strength})
    assert set(fields) == {"count", "worst", "best", "dynamics", "opt", "games", "equilibria"}
    assert fields["equilibria"] is None and fields["opt"] == pytest.approx(by_hand.opt)

    def total(name: str) -> float | None:
        parts = [one[name] for one in known]
        return None if None in parts else sum(parts)

    totals = {name: total(name) for name in ("worst", "best", "dynamics")}
    same(fields, totals | {"count": math.prod(one["count"] for one in known)})
    assert (fields["dynamics"] is None) == (seed == 1)
    assert len(fields["games"]) == len(known)
    for one in fields["games"]:
        assert set(one) == {"count", "worst", "best", "dynamics"}
    for here, there in zip(*(sorted(games, key=order) for games in (fields["games"], known)), strict=True):
        same(here, there)
    scale = by_hand.stake(0, list(range(by_hand.x)))
    limit = pytest.approx(1e-9 + len(known) * EPS * float(abs(game.alice).max()) / scale, rel=1e-9, abs=0)
    assert said(certificate) == [
        ("all equilibria", 0.0, 0.0, "games", "recomputed", True),
        ("worst", pytest.approx(0.0, abs=1e-12), limit, "Alice's stake", "recomputed", True),
        ("best", pytest.approx(0.0, abs=1e-12), limit, "Alice's stake", "recomputed", True),
    ]
    assert "features reversed" in certificate.checks[0].note


def test_ties_are_shares_of_what_a_bob_decides() -> None:
    game = drawn(0, a=3, b=2)
    flat = Conversation(game.alice, [game.bobs[0], np.full((3, 2), 4.0)], 1, prior_weights=game.prior_weights)
    by_hand = Nash(flat, 1.5)
    found = quantal_nash.games(flat, 1.5)
    assert len(found) == len(by_hand.groups) > 1
    known = [(Quantal(flat, 1e6).most(-1, group), by_hand.stake(1, group)) for group in by_hand.groups]
    for one, (floor, stake) in zip(sorted(found, key=lambda one: one.floor), sorted(known), strict=True):
        assert one.floor == pytest.approx(floor)
        assert one.ties == pytest.approx([1e-12 * stake, 0.0], rel=1e-9, abs=0)
        assert one.dynamics() is not None  # a Bob without a stake stays


def test_games_are_refused_by_features_and_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantal_nash, "FEATURES", 3)
    monkeypatch.setattr(quantal_nash, "PROFILES", 25)  # five partitions of three features
    assert quantal_nash.games(drawn(0, b=3, actions=4), 1.5)
    with pytest.raises(UsageError, match="drawn: 4 features of the Bobs, at most 3: use quantal"):
        quantal_nash.games(drawn(0, b=4, actions=2), 1.5)
    with pytest.raises(UsageError, match="5 partitions a Bob, 125 profiles, at most 25: use fewer Bobs or features"):
        quantal_nash.games(drawn(0, b=3, bobs=3, actions=2), 1.5)


def test_lists_of_games_that_are_false() -> None:
    """A number, a worst and a best that are off by what Alice has at stake; in any order; and no lists."""
    game, options = drawn(0, b=3), {"lambda": 1.5}
    true = bigopt.solve(game, "quantal-nash", options=options).to_dict()["solution"]["games"]
    span = Quantal(game, 1.5).stake(0, [0, 1, 2])
    assert judged(game, "quantal-nash", {"games": true[::-1]}, options)[1].verified
    bare = [{name: one[name] for name in ("count", "worst", "best")} for one in true]
    assert judged(game, "quantal-nash", {"games": bare}, options)[1].verified
    for name, step, known in (("count", 1, [1.0, 0, 0]), ("worst", span, [0, 1.0, 0]), ("best", -span, [0, 0, 1.0])):
        for k in range(len(true)):
            false = [*true[:k], true[k] | {name: true[k][name] + step}, *true[k + 1 :]]
            checks = judged(game, "quantal-nash", {"games": false}, options)[1].checks
            assert [check.value for check in checks] == pytest.approx(known, abs=1e-9)
    assert judged(game, "quantal-nash", {"games": true[1:]}, options)[1].checks[0].value == 1.0
    unread: list[Any] = [None, {}, "games", [1], [*true, []], [{"count": 1, "worst": 0.0}], [true[0], {"best": 1.0}]]
    for broken in unread:
        with pytest.raises(InstanceError, match="games: expected a list of {count, worst, best, dynamics}"):
            judged(game, "quantal-nash", {"games": broken}, options)


def test_alice_has_a_range_of_one_where_nothing_matters_to_her() -> None:
    game = drawn(0, b=2)
    flat = Conversation(np.full((3, 2), 2.0), list(game.bobs), 1, prior_weights=game.prior_weights)
    point = bigopt.solve(flat, "quantal-nash").to_dict()["solution"]
    checks = judged(flat, "quantal-nash", {"games": point["games"]}, {"lambda": 10.0})[1].checks
    assert checks[1].limit == checks[2].limit == pytest.approx(1e-9 + len(point["games"]) * EPS * 2, rel=1e-12, abs=0)
    false = [point["games"][0] | {"best": point["games"][0]["best"] + 0.5}, *point["games"][1:]]
    assert judged(flat, "quantal-nash", {"games": false}, {"lambda": 10.0})[1].checks[2].value == pytest.approx(0.5)


def test_a_list_of_rules_over_histories_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one round as many profiles as partitions make; in several rounds fewer."""
    game, options = drawn(0, b=2), {"lambda": 1.5}
    point = bigopt.solve(game, "quantal-nash", options=options).to_dict()["solution"]
    monkeypatch.setattr(quantal_talk, "PROFILES", 1)
    assert judged(game, "quantal-nash", point, options)[1].verified
    monkeypatch.setattr(quantal_talk, "ONE_ROUND", 1)
    with pytest.raises(LimitReached, match="drawn: up to 2 rules a Bob over histories, .* at most 1: not listed"):
        judged(game, "quantal-nash", point, options)
