"""Quantal play of one round by plain loops: every field and check, with beliefs rounded and exact."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.special import lambertw

from bigopt.alice import combination
from bigopt.concepts import Deadline
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import closure, quantal, replies
from bigopt.games.conversation.rules import Rule
from bigopt.games.conversation.verify import histories
from tests.conversation.loops import Table, epsilon, judged, said
from tests.conversation.quantal_loops import EPS, Fields, Quantal, drawn, split

STRENGTH = 1.5
PROFILES: list[list[Any]] = [
    ["straightforward", "straightforward"],
    [[0, 1, 1, 0], "straightforward"],
    ["revealing", "silent"],
    ["silent", [0, 0, 2, 1]],
]


def given(profile: list[Any]) -> list[Any]:
    return [{"rounds": [rule]} if isinstance(rule, list) else rule for rule in profile]


class Known:
    """What a profile comes to, and the deviations to straightforward talk."""

    def __init__(self, game: Conversation, profile: list[Any], step: float | None) -> None:
        """Play them."""
        self.game, self.hand = game, Quantal(game, STRENGTH, step)
        self.here = self.hand.play(profile)
        own = self.here["values"][1:]
        self.low = [max(0.0, self.hand.best(profile, bob) - own[bob]) for bob in range(2)]
        self.high = [self.hand.most(bob) - own[bob] for bob in range(2)]
        ends = [self.hand.play(["straightforward", profile[1]]), self.hand.play([profile[0], "straightforward"])]
        self.single = self.hand.play(["straightforward"])["values"][0]
        self.best = max(end["values"][0] for end in ends)
        self.delta = float(abs(ends[0]["law"] - ends[1]["law"]).sum())
        self.errors = [float(end["errors"].max()) for end in ends]
        self.error, self.alice = epsilon(game), self.here["values"][0]
        self.span = max(self.hand.span(1), self.hand.span(2))
        self.larger = max(self.span, self.hand.span(0))

    def fields(self) -> Fields:
        """Return the fields but the bounds."""
        return {
            "alice": self.alice,
            "bobs": self.here["values"][1:],
            "regrets": self.low,
            "regrets_at_most": self.high,
            "opt": self.hand.opt,
            "delta": self.delta,
            "epsilon_u": max(self.errors),
            "error": float(self.here["errors"].max()),
            "epsilon": self.error,
            "distribution": self.here["law"],
        }

    def bounds(self) -> Fields:
        """Return the bounds that rest on what was measured; the others are of numbers of rounds."""
        regret = float(np.dot(combination.fit(*self.game.outcome_utilities()).weights, self.high))
        less, x = 2 * self.error + regret, STRENGTH * max(self.errors)
        m, delta, mass = math.log(3) / STRENGTH, self.delta, self.game.mass / self.game.total
        sharp = float(lambertw(2 / math.e).real) / STRENGTH
        printed = math.expm1(4 * STRENGTH * min(self.errors))
        return {
            "lemma_1": {"gap": self.here["gap"], "printed": m, "sharp": sharp},
            "lemma_2": {"printed": math.expm1(2 * x), "sharp": 2 * math.tanh(x / 2)},
            "proposition_2": {"delta": delta, "printed": printed, "sharp": 2 * math.tanh(x)},
            "theorem_2": self.best - less - delta / 2 * self.span,
            "theorem_2_single": self.single - less - 1.5 * delta * self.larger,
            "theorem_2_printed": self.single - 2 * self.error - delta,
            "estimate": self.hand.opt - float((mass * self.here["errors"]).sum()) - m,
        }

    def checks(self) -> list[tuple[Any, ...]]:
        """Return the checks of a true answer."""
        over = max(
            (a - b) / self.hand.span(bob + 1) for bob, (a, b) in enumerate(zip(self.low, self.high, strict=True))
        )
        limit = pytest.approx(1e-9 + 8 * EPS * self.alice / self.larger, rel=1e-9, abs=0)
        own = pytest.approx(1e-13 + 8 * EPS * self.alice / self.hand.span(0), rel=1e-9, abs=0)
        return [
            ("exponentials", pytest.approx(0.0, abs=1e-14), own, "utility range", "recomputed", True),
            ("regrets", pytest.approx(over, abs=1e-9), 1e-9, "utility range", "proved", True),
            ("theorem_2", 0.0, limit, "utility range", "proved", True),
            ("theorem_2_single", 0.0, limit, "utility range", "proved", True),
            ("estimate", 0.0, limit, "utility range", "proved", True),
            ("lemma 1", 0.0, 1e-9, "utility range", "proved", True),
            ("proposition 2", 0.0, math.inf, "", "compared", False),
        ]


@pytest.mark.parametrize("step", [None, 0.5])
@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_quantal(profile: list[Any], step: float | None) -> None:
    game = drawn(1, profile=None if profile == PROFILES[0] else given(profile))
    options = {"lambda": STRENGTH, "messages": "exact" if step is None else str(step)}
    fields, certificate = judged(game, "quantal", {}, options)
    known = Known(game, profile, step)
    assert set(fields) == {*known.fields(), "bounds"}
    for name, value in known.fields().items():
        assert np.asarray(fields[name]) == pytest.approx(np.asarray(value), abs=1e-9), name
    for name, value in known.bounds().items():
        assert fields["bounds"][name] == pytest.approx(value, abs=1e-9), name
    assert said(certificate) == known.checks()
    held = known.delta <= known.bounds()["proposition_2"]["printed"] + 1e-9
    assert certificate.checks[6].note.startswith("as printed; false with several Bobs") is not held
    assert certificate.max_regret == pytest.approx(max(known.high)) and certificate.tolerance is None


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


def test_regrets_of_two_rounds_are_over_all_rules_unless_beliefs_are_rounded() -> None:
    """Both rows announce the same first: a first word that makes them differ, and a second for each, is worth more."""
    weights, alice = [[[3, 2], [0, 2], [3, 0]], [[3, 2], [3, 0], [0, 2]]], [[0.8, 0.58], [0.4, 0.79], [0.98, 0.15]]
    bob = [[0.9, 0.23], [0.65, 0.94], [0.4, 0.67]]
    game = Conversation(alice, [bob], 2, prior_weights=weights, profile=["silent"])
    silent = [Rule("silent")]
    here = replies.played(game, silent, 10.0, None).amounts[1]
    named = max(reply.amounts[1] for reply in replies.replies(game, silent, 0, 10.0, Fraction(1, 1000)))
    best = histories.Talk(game, 10.0, Deadline()).best([histories.Rule((0, 0, 0), {})], 0).sum()
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
