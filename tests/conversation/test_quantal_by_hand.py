"""One round with a quantal Alice by plain loops: every field and check of quantal, quantal-signal and quantal-nash."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.special import lambertw

import bigopt
from bigopt.alice import combination
from bigopt.concepts import Deadline
from bigopt.errors import InstanceError, LimitReached, UsageError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import closure, quantal, replies
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import histories, quantal_nash, quantal_talk
from tests.conversation.by_hand import Table, cut, epsilon, judged, partitions, said

Fields = dict[str, Any]
EPS = float(np.finfo(float).eps)
Sets = list[list[int]]


class Quantal(Table):
    """What Bobs' words, and an Alice who chooses by a softmax of her beliefs, come to."""

    def __init__(self, game: Conversation, strength: float, step: float | None = None) -> None:
        """Keep lambda, and to what announced beliefs are rounded."""
        super().__init__(game)
        self.k, self.strength, self.step = game.k, strength, None if step is None else Fraction(repr(step))
        self.all = list(range(self.b))

    def belief(self, rows: Any, columns: Any) -> list[Fraction]:
        """Return Alice's expected utility of each action given some pairs of features."""
        return [self.worth(0, a, rows, columns) / self.weight(rows, columns) for a in range(self.a)]

    def told(self, rows: Any, columns: Any) -> Any:
        """Return what is announced of them."""
        mu = self.belief(rows, columns)
        return tuple(mu) if self.step is None else tuple(math.floor(v / self.step + Fraction(1, 2)) for v in mu)

    @cached_property
    def groups(self) -> list[list[int]]:
        """The rows x_A that can be, by what Alice announces first."""
        found: dict[Any, list[int]] = {}
        for x in range(self.x):
            if self.weight([x], self.all):
                found.setdefault(self.told([x], self.all), []).append(x)
        return list(found.values())

    def parts(self, rule: Any, group: list[int]) -> Sets:
        """Return how a Bob's rule tells x_B apart after an announcement."""
        if isinstance(rule, list):
            words: list[Any] = rule
        elif rule == "straightforward":
            words = [self.told(group, [b]) if self.weight(group, [b]) else None for b in self.all]
        else:
            words = self.all if rule == "revealing" else [0] * self.b
        return [[b for b in self.all if words[b] == word] for word in dict.fromkeys(words)]

    def chances(self, x: int, own: list[int]) -> list[float]:
        """Return the probability of each action where Alice sees x and knows this of x_B."""
        mu = self.belief([x], own)
        powers = [math.exp(self.strength * float(v - max(mu))) for v in mu]
        return [power / sum(powers) for power in powers]

    def amounts(self, x: int, sets: Sets) -> list[float]:
        """Return everybody's utility, times the probability, at x where x_B is told apart like this."""
        found = [0.0] * (1 + self.k)
        for own in sets:
            if self.weight([x], own):
                chances = self.chances(x, own)
                for player in range(1 + self.k):
                    found[player] += sum(p * float(self.worth(player, a, [x], own)) for a, p in enumerate(chances))
        return found

    def sets(self, profile: list[Any], group: list[int]) -> Sets:
        """Return what all words together tell apart."""
        sets = [self.all]
        for rule in profile:
            sets = cut(sets, self.parts(rule, group))
        return sets

    def play(self, profile: list[Any]) -> Fields:
        """Return utilities [1 + k], the law of (action, state), errors [x][b] and the largest loss of a softmax."""
        values, law = [0.0] * (1 + self.k), np.zeros((self.a, self.y))
        errors, gap = np.zeros((self.x, self.b)), 0.0
        for group in self.groups:
            sets = self.sets(profile, group)
            for x in group:
                values = [v + more for v, more in zip(values, self.amounts(x, sets), strict=True)]
                for own in sets:
                    if not self.weight([x], own):
                        continue
                    mu, chances = self.belief([x], own), self.chances(x, own)
                    gap = max(gap, float(max(mu)) - sum(p * float(v) for p, v in zip(chances, mu, strict=True)))
                    for b in own:
                        law += np.outer(chances, [float(p) for p in self.share[x][b]])
                        if self.weight([x], [b]):
                            true = self.belief([x], [b])
                            errors[x, b] = max(abs(float(u - v)) for u, v in zip(mu, true, strict=True))
        return {"values": values, "law": law, "errors": errors, "gap": gap}

    def best(self, profile: list[Any], bob: int) -> float:
        """Return the most that a Bob can have: the best partition after each announcement."""
        total = 0.0
        for group in self.groups:
            others = self.sets([rule for j, rule in enumerate(profile) if j != bob], group)
            every = (cut(others, parts) for parts in partitions(self.all))
            total += max(sum(self.amounts(x, sets)[bob + 1] for x in group) for sets in every)
        return total

    def most(self, bob: int) -> float:
        """Return what he had if he chose the action in every cell."""
        cells = product(range(self.x), range(self.b))
        return float(sum(max(self.worth(bob + 1, a, [x], [b]) for a in range(self.a)) for x, b in cells))


def drawn(
    seed: int, a: int = 3, b: int = 4, y: int = 2, actions: int = 3, bobs: int = 2, rounds: int = 1, **more: Any
) -> Conversation:
    """Draw whole weights, some zero, and utilities in other units and from other origins."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, (a, b, y))
    weights[0, 0, 0] += 1
    utilities = rng.integers(0, 101, (1 + bobs, actions, y)) / 100
    own = [unit * table + low for unit, low, table in zip((3, 5, 2), (-5, 100, 1), utilities[1:], strict=False)]
    return Conversation(
        (4 * utilities[0] + 7).round(2), [t.round(2) for t in own], rounds, prior_weights=weights, name="drawn", **more
    )


# ---- quantal


PROFILES: list[list[Any]] = [
    ["straightforward", "straightforward"],
    [[0, 1, 1, 0], "straightforward"],
    ["revealing", "silent"],
    ["silent", [0, 0, 2, 1]],
]


def given(profile: list[Any]) -> list[Any]:
    return [{"rounds": [rule]} if isinstance(rule, list) else rule for rule in profile]


@pytest.mark.parametrize("step", [None, 0.5])
@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_quantal(profile: list[Any], step: float | None) -> None:
    straight = profile == PROFILES[0]
    game = drawn(1, profile=None if straight else given(profile))
    options = {"lambda": 1.5, "messages": "exact" if step is None else str(step)}
    fields, certificate = judged(game, "quantal", {}, options)
    by_hand = Quantal(game, 1.5, step)
    here = by_hand.play(profile)
    low = [max(0.0, by_hand.best(profile, bob) - here["values"][bob + 1]) for bob in range(2)]
    high = [by_hand.most(bob) - here["values"][bob + 1] for bob in range(2)]
    ends = [by_hand.play(["straightforward", profile[1]]), by_hand.play([profile[0], "straightforward"])]
    single = by_hand.play(["straightforward"])["values"][0]
    error, alice = epsilon(game), here["values"][0]
    delta = float(abs(ends[0]["law"] - ends[1]["law"]).sum())
    largest = [float(end["errors"].max()) for end in ends]
    x = 1.5 * max(largest)
    known = {
        "alice": alice,
        "bobs": here["values"][1:],
        "regrets": low,
        "regrets_at_most": high,
        "opt": by_hand.opt,
        "delta": delta,
        "epsilon_u": max(largest),
        "error": float(here["errors"].max()),
        "epsilon": error,
        "distribution": here["law"],
    }
    assert set(fields) == {*known, "bounds"}
    for name, value in known.items():
        assert np.asarray(fields[name]) == pytest.approx(np.asarray(value), abs=1e-9), name
    less = 2 * error + float(np.dot(combination.fit(*game.outcome_utilities()).weights, high))
    span = max(by_hand.span(1), by_hand.span(2))
    mass = game.mass / game.total
    bounds: Fields = {
        "lemma_1": {
            "gap": here["gap"],
            "printed": math.log(3) / 1.5,
            "sharp": float(lambertw(2 / math.e).real) / 1.5,
        },
        "lemma_2": {"printed": math.expm1(2 * x), "sharp": 2 * math.tanh(x / 2)},
        "proposition_2": {"delta": delta, "printed": math.expm1(6 * min(largest)), "sharp": 2 * math.tanh(x)},
        "theorem_2": max(end["values"][0] for end in ends) - less - delta / 2 * span,
        "theorem_2_single": single - less - 1.5 * delta * max(span, by_hand.span(0)),
        "theorem_2_printed": single - 2 * error - delta,
        "estimate": by_hand.opt - float((mass * here["errors"]).sum()) - math.log(3) / 1.5,
    }
    for name, value in bounds.items():
        assert fields["bounds"][name] == pytest.approx(value, abs=1e-9), name
    over = max((a - b) / by_hand.span(bob + 1) for bob, (a, b) in enumerate(zip(low, high, strict=True)))
    scale = max(span, by_hand.span(0))
    limit = pytest.approx(1e-9 + 8 * EPS * alice / scale, rel=1e-9, abs=0)
    own = pytest.approx(1e-13 + 8 * EPS * alice / by_hand.span(0), rel=1e-9, abs=0)
    assert said(certificate) == [
        ("exponentials", pytest.approx(0.0, abs=1e-14), own, "utility range", "recomputed", True),
        ("regrets", pytest.approx(over, abs=1e-9), 1e-9, "utility range", "proved", True),
        ("theorem_2", 0.0, limit, "utility range", "proved", True),
        ("theorem_2_single", 0.0, limit, "utility range", "proved", True),
        ("estimate", 0.0, limit, "utility range", "proved", True),
        ("lemma 1", 0.0, 1e-9, "utility range", "proved", True),
        ("proposition 2", 0.0, math.inf, "", "compared", False),
    ]
    held = delta <= bounds["proposition_2"]["printed"] + 1e-9
    assert certificate.checks[6].note.startswith("as printed; false with several Bobs") is not held
    assert certificate.max_regret == pytest.approx(max(high)) and certificate.tolerance is None


def test_rounded_announcements_are_another_game() -> None:
    """What the test before compares is not the same with a grid as without."""
    game, profile = drawn(1), PROFILES[1]
    exact, rounded = Quantal(game, 1.5), Quantal(game, 1.5, 0.5)
    assert len(rounded.groups) < len(exact.groups)
    assert max(abs(exact.best(profile, bob) - rounded.best(profile, bob)) for bob in range(2)) > 1e-3
    for some in (profile, ["straightforward"], ["straightforward", "straightforward"]):
        assert abs(exact.play(some)["values"][0] - rounded.play(some)["values"][0]) > 1e-3


@pytest.mark.parametrize("features", [1, 2])
def test_bounds_of_regrets_near_the_closure(features: int) -> None:
    """With one feature a Bob has nothing to tell; with two the best split of each row, within a hundredth."""
    game = drawn(4, b=features, bobs=1)
    by_hand = Quantal(game, 1.5)
    fields, certificate = judged(game, "quantal", {}, {"lambda": 1.5})
    here = by_hand.play(["straightforward"])["values"][1]
    grid = np.linspace(0, 1, 201)
    most = 0.0
    for x in range(3):
        if features == 1 or not by_hand.weight([x], by_hand.all):
            most += by_hand.amounts(x, [by_hand.all])[1]
        else:
            worth = [split(game, [x], 0, 1.5, [share, 1 - share]) for share in grid]
            most += max(
                (2 * (a * (grid[j] - 0.5) + b * (0.5 - grid[i])) / (grid[j] - grid[i]))
                for (i, a), (j, b) in product(list(enumerate(worth))[:101:4], list(enumerate(worth))[101::4])
            )
    slack = 1e-12 if features == 1 else 0.01 * by_hand.span(1)
    assert -1e-12 <= fields["regrets_at_most"][0] - max(0.0, most - here) <= slack
    assert fields["delta"] == 0.0 and certificate.verified


def split(game: Conversation, rows: list[int], bob: int, strength: float, likelihoods: Any) -> float:
    """Return what a Bob gets of a signal with these likelihoods over some rows."""
    found = 0.0
    for x in rows:
        share = np.asarray(likelihoods, dtype=float) @ game.prior[x]
        if share.sum() > 0:
            power = np.exp(strength * (game.alice @ share / share.sum() - game.alice.max()))
            found += float(power / power.sum() @ (game.bobs[bob] @ share))
    return found


def test_regrets_of_two_rounds_are_over_all_rules_unless_beliefs_are_rounded() -> None:
    """Both rows announce the same first: a first word that makes them differ, and a second for each, is worth more."""
    weights, alice = [[[3, 2], [0, 2], [3, 0]], [[3, 2], [3, 0], [0, 2]]], [[0.8, 0.58], [0.4, 0.79], [0.98, 0.15]]
    bob = [[0.9, 0.23], [0.65, 0.94], [0.4, 0.67]]
    game = Conversation(alice, [bob], 2, prior_weights=weights, profile=["silent"])
    silent = [Rule("silent")]
    here = replies.played(game, silent, 10.0, None).amounts[1]
    named = max(reply.amounts[1] for reply in replies.replies(game, silent, 0, 10.0, Fraction(1, 1000)))
    best = histories.Talk(game, 10.0, Deadline()).best([histories.Rule((0, 0, 0), {})], 0)
    assert best > named + 0.01
    for messages, known in (("exact", best), ("0.001", named)):
        fields, _ = judged(game, "quantal", {}, {"lambda": 10.0, "messages": messages})
        assert fields["regrets"] == [pytest.approx(known - here, abs=1e-9)]


def test_statements_that_would_be_false_fail_in_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(1)
    flat = Conversation(np.full((3, 2), 2.5), [np.full((3, 2), 1.5)], 1, prior_weights=game.prior_weights)
    for one in (game, flat):
        spans = [Table(one).span(player) for player in range(1 + one.k)]
        hers, largest = spans[0] or 1.0, max(spans) or 1.0
        fit, options = combination.fit(*one.outcome_utilities()), {"lambda": 1.5}
        true = judged(one, "quantal", {}, options)[0]
        alice, utility = true["alice"], quantal.decimal_utility
        with monkeypatch.context() as patched:
            patched.setattr(combination, "fit", lambda *_, fit=fit, **__: replace(fit, epsilon=-20.0))
            patched.setattr(quantal, "gap", lambda *_: 3.0)
            patched.setattr(quantal, "decimal_utility", lambda *a, true=utility: float(true(*a)) - 0.25)
            patched.setattr(closure, "closure", lambda *_: closure.Closure(np.ones((1, 4)), 0.0, 0.0))
            fields, certificate = judged(one, "quantal", {}, options)
        checks, stated = certificate.checks, fields["bounds"]
        assert checks[0].value == pytest.approx(0.25 / hers)
        assert checks[0].limit == pytest.approx(1e-13 + 8 * EPS * (alice - 0.25) / hers, rel=1e-9, abs=0)
        assert checks[1].value == pytest.approx(
            max(low / (span or 1.0) for low, span in zip(true["regrets"], spans[1:], strict=True))
        )
        for check in checks[2:4]:
            assert check.value == pytest.approx((stated[check.name] - alice) / largest) and not check.passed
            assert check.limit == pytest.approx(1e-9 + 8 * EPS * alice / largest, rel=1e-9, abs=0)
        assert checks[5].value == pytest.approx((3.0 - stated["lemma_1"]["sharp"]) / largest)


def test_the_origin_of_one_bob_loosens_nothing() -> None:
    game = drawn(1)
    moved = Conversation(game.alice, [game.bobs[0], game.bobs[1] + 1e6], 1, prior_weights=game.prior_weights)
    limits = [[c.limit for c in judged(one, "quantal", {}, {"lambda": 1.5})[1].checks] for one in (game, moved)]
    assert limits[0] == limits[1]


# ---- quantal-signal


@pytest.mark.parametrize("features", [1, 2, 3, 4])
def test_quantal_signal(features: int) -> None:
    """The second Bob after what the second row announces; columns that do not add up are told, and mended."""
    game = drawn(1, b=features)
    rng = np.random.default_rng(features)
    signals = np.vstack([rng.dirichlet(np.ones(2), features).T, np.zeros(features)])
    rows = next(group for group in Quantal(game, 1.5).groups if 1 in group)
    assert len(rows) < 3
    span = Table(game).span(2) * float(game.prior[rows].sum())

    def worth(every: Any) -> float:
        return sum(split(game, rows, 1, 1.5, row) for row in every)

    for factor in (1.0, 0.9, 1.2) if features == 4 else (1.0,):
        options = {"lambda": 1.5, "heard": "x_A 1"}
        point = {"signals": factor * signals}
        fields, certificate = judged(game, "quantal-signal", point, options, bob=game.bob_names[1])
        assert set(fields) == {"value", "at_most", "silent", "revealing", "signals"}
        assert fields["signals"] == pytest.approx(signals)
        assert fields["value"] == pytest.approx(worth(signals))
        assert fields["silent"] == pytest.approx(worth(np.ones((1, features))))
        assert fields["revealing"] == pytest.approx(worth(np.eye(features)))
        gap = (fields["at_most"] - worth(signals)) / span
        limit = {1: 1e-9, 2: 1e-3, 3: 0.05, 4: 0.05}[features]
        assert said(certificate) == [
            ("signals", pytest.approx(abs(factor - 1), abs=1e-12), 1e-6, "probability", "recomputed", True),
            ("below the bound", pytest.approx(-gap, abs=1e-12), 1e-9, "utility range", "recomputed", True),
            ("gap", pytest.approx(gap, abs=1e-12), limit, "utility range", "proved", True),
        ]
        assert ("prices" in certificate.checks[2].note) is (features < 4)
    assert fields["at_most"] >= max(fields["value"], fields["silent"], fields["revealing"]) - 1e-12
    if features == 4:
        each = [max(game.bobs[1] @ game.prior[x, b]) for x in rows for b in range(4)]
        assert fields["at_most"] == pytest.approx(sum(each), abs=1e-12)


def test_a_bob_with_nothing_at_stake() -> None:
    game = drawn(3, a=2, b=2)
    flat = Conversation(game.alice, [np.full((3, 2), 7.0)], 1, prior_weights=game.prior_weights)
    fields, certificate = judged(flat, "quantal-signal", {"signals": [[0.5, 0.25], [0.5, 0.75]]}, {"lambda": 1.5})
    rows = float(flat.prior[0].sum())
    assert fields["value"] == pytest.approx(7 * rows) and certificate.verified


def test_a_bound_below_the_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    game = drawn(3, a=1, b=2)
    told: Fields = {"signals": np.eye(2)}
    value = sum(split(game, [0], 0, 1.5, row) for row in np.eye(2))
    bound = value - 1e-4 - float(game.bobs[0].min())
    monkeypatch.setattr(closure, "closure", lambda *_: closure.Closure(np.eye(2), 0.0, bound))
    assert [c.name for c in judged(game, "quantal-signal", told, {"lambda": 1.5})[1].failed] == ["below the bound"]


# ---- quantal-nash of one round


class Nash(Quantal):
    """The finite game after each announcement: every Bob's partitions of the features that can be."""

    def finite(self, group: list[int]) -> Fields:
        """Return what is reported of it."""
        features = [b for b in self.all if self.weight(group, [b])]
        every = sorted(
            partitions(features), key=lambda parts: (len(parts), parts)
        )  # of equal replies the first is taken
        n = range(len(every))
        ties = [1e-12 * self.span(j + 1) * float(self.weight(group, self.all)) for j in range(self.k)]
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
    scale = by_hand.span(0)
    limit = pytest.approx(1e-9 + len(known) * EPS * float(abs(game.alice).max()) / scale, rel=1e-9, abs=0)
    assert said(certificate) == [
        ("all equilibria", 0.0, 0.0, "games", "recomputed", True),
        ("worst", pytest.approx(0.0, abs=1e-12), limit, "utility range", "recomputed", True),
        ("best", pytest.approx(0.0, abs=1e-12), limit, "utility range", "recomputed", True),
    ]
    assert "features reversed" in certificate.checks[0].note


def test_ties_are_shares_of_a_bobs_range() -> None:
    game = drawn(0, a=3, b=2)
    flat = Conversation(game.alice, [game.bobs[0], np.full((3, 2), 4.0)], 1, prior_weights=game.prior_weights)
    by_hand = Nash(flat, 1.5)
    found = quantal_nash.games(flat, 1.5)
    assert len(found) == len(by_hand.groups) > 1
    shares = sorted(float(by_hand.weight(group, by_hand.all)) for group in by_hand.groups)
    for one, share in zip(sorted(found, key=lambda one: one.floor), shares, strict=True):
        assert one.floor == pytest.approx(float(flat.alice.min()) * share)
        assert one.ties == pytest.approx([1e-12 * by_hand.span(1) * share, 0.0], rel=1e-9, abs=0)
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
    """A number, a worst and a best that are off by a tenth of Alice's range; in any order; and no lists."""
    game, options = drawn(0, b=3), {"lambda": 1.5}
    true = bigopt.solve(game, "quantal-nash", options=options).to_dict()["solution"]["games"]
    span = Table(game).span(0)
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
