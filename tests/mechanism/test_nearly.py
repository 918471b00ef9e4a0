"""What is a little off: claims that differ from the truth by less than some other number may, and what tells them."""

from __future__ import annotations

import numpy as np
import pytest

from bigopt import solve
from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.verify import cycles as verify
from bigopt.games.mechanism.verify import revenue
from bigopt.games.mechanism.verify.policy import _wolfe, prove
from tests.mechanism.formulas import MIXED, affine, said, softmax, values
from tests.mechanism.games import game


@pytest.mark.parametrize("rule", ["affine", "checkpoints", "early-stop"])
def test_payments_are_those_of_the_trained_policy_not_of_one_near_it(rule: str) -> None:
    """A policy that is off by less than can be told moves payments by far more than they may be off."""
    made = game(4, 3, 2, strength=0.4)
    found = solve(made, "payments", options={"rule": rule})
    totals = made.total + 2e-5 * np.array([1.0, -1.0, 1.0, -1.0])
    near, moved = softmax(made, totals), np.array([affine(made, totals, i) for i in range(3)])
    payments = np.asarray(found.payments) + moved - np.array([affine(made, made.total, i) for i in range(3)])
    assert not said(made, "train", {"policy": near})[1].failed
    off = np.abs(payments - found.payments) / made.stakes
    fields, certificate = said(made, "payments", {"policy": near, "payments": payments}, rule=rule)
    assert [check.name for check in certificate.failed] == ["payments"]
    assert values(certificate)["payments"] == pytest.approx(off.max(), rel=1e-6) and off.max() > 2e-6
    if rule != "affine":
        np.testing.assert_allclose(fields["affine"], [affine(made, made.total, i) for i in range(3)])


def test_who_is_interior_where_no_formula_says_so() -> None:
    """The game's own training says so: a policy that shows 1.5e-9 where there is nothing passes all other checks."""
    for strength, interior in ((1.0, False), (50.0, True)):
        told = game(4, 2, 3, "nash-welfare", "l2", strength)
        p = np.asarray(solve(told).policy)
        assert ((p > 0).all()) == interior
        fields, certificate = said(told, "train", {"policy": np.maximum(p, 1.5e-9) / np.maximum(p, 1.5e-9).sum()})
        assert certificate.verified and "assumption 3.2 (3)" not in values(certificate)
        assert fields["interior"] is interior and fields["least_strength"] is None
    base = np.asarray(MIXED["policies"])
    lacking = {"type": "mixture", "policies": base * [1, 1, 0, 1] / (base * [1, 1, 0, 1]).sum(axis=1, keepdims=True)}
    one = {"type": "mixture", "policies": np.vstack([base[0], lacking["policies"]])}
    for policy, regularizer, interior in (
        (MIXED, "l2", True),
        (lacking, "l2", False),
        (MIXED, "kl", True),
        (lacking, "kl", False),
        (one, "kl", True),
        (one, "l2", False),
    ):
        told = game(4, 2, 3, "social-welfare", regularizer, 0.03 if policy is one else 0.5, policy=policy)
        found = solve(told)
        assert found.solved and ((np.asarray(found.policy) > 1e-9).all() == interior or told.rule.regularizer == "kl")
        assert found.interior is interior and found.least_strength is None


@pytest.mark.parametrize("strength", [0.02, 0.01])
def test_a_mixture_with_less_than_floats_tell_apart_is_no_reason_to_refuse(strength: float) -> None:
    """Of one outcome only the first base policy has something: as much as exp(-1 / strength), and nothing in floats."""
    base = np.asarray(MIXED["policies"])
    without = base * [1, 1, 0, 1] / (base * [1, 1, 0, 1]).sum(axis=1, keepdims=True)
    base = np.vstack([base[0], without])
    told = game(4, 2, 3, strength=strength, policy={"type": "mixture", "policies": base})
    found = solve(told)
    assert found.solved and found.policy[2] < 1e-16 and found.interior
    for share in (1e-3, 1e-6):
        less = {"policy": (1 - share) * np.asarray(found.policy) + share * base[0]}
        missing = found.value - said(told, "train", less)[0]["value"]
        assert prove(told, less["policy"]).gap >= missing > 0
        assert "gap" in [check.name for check in said(told, "train", less)[1].failed]


@pytest.mark.parametrize("regularizer", ["kl", "l2"])
def test_slopes_taken_elsewhere_bound_what_a_mixture_misses(regularizer: str) -> None:
    """The tangent at another point is above the objective everywhere: at the best base policy, less what there is."""
    told = game(4, 2, 3, regularizer=regularizer, policy=MIXED)
    base, q, policy = np.asarray(MIXED["policies"]), told.initial, np.asarray(MIXED["policies"])[0]
    best = solve(told).value

    def objective(p: Floats) -> float:
        away = p * np.log(p / q) if regularizer == "kl" else (p - q) ** 2
        return float(told.total @ p - told.strength * away.sum())

    for floor in (0.0, 0.15, 0.3):
        near = np.maximum(policy, floor)
        slope = np.log(near / q) + 1 if regularizer == "kl" else 2 * (near - q)
        tangents = objective(near) + (base - near) @ (told.total - told.strength * slope)
        bound = _wolfe(trainer(told), base, policy, told.total, floor)
        assert bound == pytest.approx(tangents.max() - objective(policy))
        assert bound >= best - objective(policy) > 0


def test_a_cycle_a_little_below_the_one_that_is_shown_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a mean is below 0 is told to 1e-9 of the stakes, and so it is proved that no other cycle is lower."""
    made = game(3, 2, 1, types=[Group(name, 1, row) for name, row in zip("rst", np.eye(3), strict=True)])
    lengths = np.array([[0.0, 0.5, 1.0], [-0.5 - 2e-7, 0.0, 0.3], [1.0, -0.3, 0.0]])
    monkeypatch.setattr(verify, "lengths_of", lambda game, group: lengths)
    point = {"payments": [0.0, 0.5, 0.8]}
    for shown, wrong in (({"cycle": [0, 1]}, []), ({}, []), ({"cycle": [1, 2]}, ["minimum mean"])):
        fields, certificate = said(made, "cycles", point | shown)
        assert [check.name for check in certificate.failed] == wrong
        assert fields["implementable"] == bool(wrong)


def test_what_is_rounding_is_so_in_units_of_the_stakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stake of two: a cycle of mean -2e-9 is none that is negative, an interval of 2e-5 none that is wide."""
    pair = [Group("six", 6, np.array([1, 2, 3]) / 6), Group("three", 3, np.array([0, 1, 2]) / 3)]
    made = game(3, 2, 1, types=pair, max_size=6)
    assert verify.stakes(made) == pytest.approx(2.0)
    for around, implementable, equivalent in (
        (-5e-9, False, False),
        (-3e-9, True, True),
        (1.9e-5, True, True),
        (2.1e-5, True, False),
    ):
        lengths = np.array([[0.0, 1.0], [around - 1.0, 0.0]])
        monkeypatch.setattr(verify, "lengths_of", lambda game, group, lengths=lengths: lengths)
        fields, _ = said(made, "cycles", {"payments": [0.0, 1.0]})
        assert (fields["implementable"], fields["equivalent"]) == (implementable, equivalent)
        assert fields["epsilon_star"] == (0.0 if implementable else pytest.approx(-around / 2))


def test_the_lowest_of_many_outcomes_that_have_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """L2 gives all but one outcome 0: the one that started lowest gains least by a group that asks for it alone."""
    start = np.array([0.3, 0.3, 0.3, 0.1])
    groups = [Group(name, 1, np.eye(4)[k]) for k, name in enumerate("ab")]
    rule = {"objective": "social-welfare", "regularizer": "l2", "strength": 0.2}
    made = Mechanism(start, groups, "max", rule, list("wxyz"), max_size=3)
    monkeypatch.setattr(revenue, "TRIED", 1)
    shift = 0.5 + (0.3 - 0.1) / 2  # of what wins alone against the lowest, once both are asked for by one group
    alone, both = np.array([1.0, 0.0, 0.0, 0.0]), np.array([shift, 0.0, 0.0, 1 - shift])
    gain = -0.2 * (((both - start) ** 2).sum() - ((alone - start) ** 2).sum())  # the summed reward is 1 in either
    low, high = revenue._between(made, 1)
    assert low == pytest.approx(gain) == high
    assert solve(made, "revenue").solved
