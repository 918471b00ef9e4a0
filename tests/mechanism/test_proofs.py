"""Bounds of trained policies by formulas written again, and what training returns, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bigopt import catalog, load, solve
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.verify.policy import prove, read_policy
from tests.mechanism.formulas import MIXED, divergence, said, values
from tests.mechanism.games import game

RULES = [(o, r) for o in ("social-welfare", "nash-welfare", "maximin") for r in ("kl", "l2")]
SHIFT = np.array([0.02, -0.03, 0.01, 0.0])


def penalty(game: Mechanism, p: Floats) -> float:
    """Return lambda D(p || q)."""
    if game.rule.regularizer == "kl":
        return game.strength * float(np.where(p > 0, p * np.log(np.maximum(p, 1e-300) / game.initial), 0.0).sum())
    return game.strength * float(((p - game.initial) ** 2).sum())


def welfare(game: Mechanism, p: Floats) -> float:
    v = game.rewards @ p
    return {"social-welfare": float(game.sizes @ v), "nash-welfare": float(game.sizes @ np.log(v)),
            "maximin": float(v.min())}[game.rule.objective]  # fmt: skip


def conjugate(game: Mechanism, y: Floats) -> float:
    """Return max h(v) - y v over v: 0 but for Nash welfare, there sum w (log(w / y) - 1)."""
    if game.rule.objective != "nash-welfare":
        return 0.0
    return float(game.sizes @ (np.log(game.sizes / y) - 1))


def best_worth(game: Mechanism, total: Floats) -> float:
    """Return G(R) by the policy of the social rule for R."""
    told = replace(game, groups=[Group("all", 1, game.rewards[0])], rule=replace(game.rule, objective="social-welfare"))
    rule = told.rule.regularizer
    if rule == "kl":
        top = float(total.max())
        return top + game.strength * float(np.log(game.initial @ np.exp((total - top) / game.strength)))
    level = np.sort(game.initial + total / (2 * game.strength))[::-1]
    count = max(k for k in range(1, len(level) + 1) if level[k - 1] > (level[:k].sum() - 1) / k)
    p = np.maximum(game.initial + total / (2 * game.strength) - (level[:count].sum() - 1) / count, 0.0)
    return float(total @ p) - penalty(game, p)


@pytest.mark.parametrize(("objective", "regularizer"), RULES)
def test_the_bound_of_a_policy(objective: str, regularizer: str) -> None:
    """c(y) + G(y rm) less the objective: at the policy's own prices or at the best policy's, whichever is less."""
    made = game(4, 3, 2, objective, regularizer, 0.5)
    best = np.asarray(solve(made).policy)

    def bound(p: Floats) -> float:
        own, prices = made.rewards @ p, []
        if objective == "social-welfare":
            prices = [made.sizes]
        elif objective == "nash-welfare":
            prices = [made.sizes / own, made.sizes / (made.rewards @ best)]
        if objective == "maximin":
            return np.nan
        worth = [conjugate(made, y) + best_worth(made, y @ made.rewards) for y in prices]
        return min(worth) - welfare(made, p) + penalty(made, p)

    for moved in (best + SHIFT, best - 0.3 * SHIFT, made.initial):
        p = np.maximum(moved, 0.0) / np.maximum(moved, 0.0).sum()
        proof = prove(made, p)
        missing = (welfare(made, best) - penalty(made, best)) - (welfare(made, p) - penalty(made, p))
        assert proof.gap >= missing - 1e-12
        if objective != "maximin":
            assert proof.gap == pytest.approx(bound(p), rel=1e-6)
            assert proof.stake == pytest.approx(bound(made.initial) + 1e-7 * 0.5, rel=1e-6)
        else:  # the bound at the best prices is the best value
            assert proof.gap == pytest.approx(missing, rel=1e-4)
            least = welfare(made, best) - penalty(made, best) - welfare(made, made.initial)
            assert proof.stake == pytest.approx(least + 1e-7 * 0.5, rel=1e-4)
        strong = np.sqrt(proof.gap) if regularizer == "kl" else 0.5 * np.sqrt(4 * proof.gap / 0.5)  # 2 lambda is 1
        away = 0.5 * np.abs(p - best).sum()
        assert proof.distance == pytest.approx(min(strong, away) if objective == "social-welfare" else strong, rel=1e-6)
        checks = proof.checks()
        assert [check.value for check in checks] == pytest.approx([proof.gap / proof.stake, proof.distance])
        assert not any(check.passed for check in checks) and [check.grade for check in checks] == ["proved"] * 2


@pytest.mark.parametrize(("objective", "regularizer"), RULES)
def test_the_bound_of_a_mixture(objective: str, regularizer: str) -> None:
    """The Frank-Wolfe bound: the best base policy's slope less the mixture's own; one outcome is out of reach."""
    base = np.insert(np.random.default_rng(5).dirichlet(np.ones(4), 3), 2, 0.0, axis=1)
    made = game(5, 3, 2, objective, regularizer, 0.5, policy={"type": "mixture", "policies": base})
    best, middle = np.asarray(solve(made).policy), base.mean(axis=0)

    def slopes(p: Floats, y: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            slope = np.log(p / made.initial) + 1 if regularizer == "kl" else 2 * (p - made.initial)
        return np.asarray(np.where(p > 0, y @ made.rewards - 0.5 * slope, 0.0))

    for share in (0.02, 0.3):
        p = (1 - share) * best + share * middle
        proof, v = prove(made, p), made.rewards @ p
        missing = (welfare(made, best) - penalty(made, best)) - (welfare(made, p) - penalty(made, p))
        assert proof.gap >= missing - 1e-12
        if objective == "maximin":
            y = np.eye(3)[int((made.rewards @ middle).argmin())]
        else:
            bounds = []
            for at in (p, best) if objective == "nash-welfare" else (p,):
                y = made.sizes if objective == "social-welfare" else made.sizes / (made.rewards @ at)
                slack = conjugate(made, y) + float(y @ v) - welfare(made, p)
                bounds.append(slack + float((base @ slopes(p, y)).max() - slopes(p, y) @ p))
            assert proof.gap == pytest.approx(min(bounds), rel=1e-4)
            y = made.sizes if objective == "social-welfare" else made.sizes / (made.rewards @ middle)
        assert proof.stake == pytest.approx(float(np.ptp(base @ (y @ made.rewards))) + 5e-8)
        strong = np.sqrt(proof.gap) if regularizer == "kl" else 0.5 * np.sqrt(5 * proof.gap / 0.5)
        assert proof.distance == pytest.approx(strong)
        assert prove(made, best).gap < 1e-9


def test_where_training_gains_nothing_the_stake_is_that_of_rounding() -> None:
    groups = [Group("flat", 2, np.full(4, 0.25))]
    rule = {"objective": "social-welfare", "regularizer": "kl", "strength": 4.0}
    for policy in (None, MIXED):
        made = Mechanism([0.1, 0.2, 0.3, 0.4], groups, "sum", rule, list("abcd"), policy=policy)
        assert prove(made, made.initial).stake == pytest.approx(4e-7)


def test_a_mixture_that_leaves_somebody_nothing_has_no_own_prices() -> None:
    """One base policy gives the second group 0: the bound at it is that of the best prices, and it is far away."""
    base = np.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
    groups = [Group("a", 1, [0.9, 0.1, 0.0]), Group("b", 2, [0.0, 0.5, 0.5])]
    rule = {"objective": "nash-welfare", "regularizer": "l2", "strength": 0.5}
    made = Mechanism([0.4, 0.3, 0.3], groups, "sum", rule, list("abc"), policy={"type": "mixture", "policies": base})
    assert solve(made).solved and not np.isfinite(prove(made, base[0]).gap)
    assert prove(made, base[1]).gap >= 0.0


def test_policies_are_moved_into_their_class() -> None:
    made = game(4, 3, 2)
    inside, check = read_policy(made, {"policy": [0.6, -0.2, 0.2, 0.0]})
    np.testing.assert_allclose(inside, [0.75, 0.0, 0.25, 0.0])
    assert check.value == pytest.approx(0.15 + 0.2 + 0.05) and check.grade == "proved" and not check.passed
    nothing, check = read_policy(made, {"policy": [0.0, -1.0, 0.0, 0.0]})
    np.testing.assert_allclose(nothing, made.initial)
    assert check.value == pytest.approx(1.0 - made.initial[1] + 1.0 + made.initial[1])
    for policy in ([0.25] * 3, None):
        with pytest.raises(InstanceError, match="policy"):
            read_policy(made, {} if policy is None else {"policy": policy})
    mixed = game(4, 3, 2, policy=MIXED)
    base = np.asarray(MIXED["policies"])
    middle = base.mean(axis=0)
    inside, check = read_policy(mixed, {"policy": 2 * middle})
    np.testing.assert_allclose(inside, middle, atol=1e-9)
    assert check.value == pytest.approx(1.0)
    normal = np.linalg.svd(base[1:] - base[0])[2][2:]  # beside the base policies, of sum 0 where it is taken less 1's
    normal = next(v for v in normal - normal.mean(axis=1, keepdims=True) if np.abs(v).max() > 0.1)
    inside, check = read_policy(mixed, {"policy": middle + 1e-2 * normal / np.abs(normal).max()})
    assert check.value > 1e-3 and inside.sum() == pytest.approx(1.0)
    assert np.linalg.lstsq(np.vstack([base.T, np.ones(3)]), np.append(inside, 1.0), rcond=None)[1] < 1e-12


def test_what_training_returns_by_hand() -> None:
    made = game(4, 3, 2, strength=0.5)
    p = np.asarray(solve(made).policy)
    social, far = float(made.total @ p), divergence(p, made.initial)
    fields, _ = said(made, "train", {"policy": p})
    known = {"welfare": social - 0.5 * far, "social_welfare": social, "value": social - 0.5 * far, "divergence": far}
    assert {key: fields[key] for key in known} == pytest.approx(known)
    np.testing.assert_allclose(fields["values"], made.rewards @ p)
    assert fields["interior"] is True and fields["least_strength"] == 0.0 and "conditionals" not in fields


def test_who_is_interior() -> None:
    """L2 reaches every outcome above max (mean R - R) / 2q; no formula says so of other objectives or of mixtures."""
    made = game(4, 2, 3, regularizer="l2")
    least = max((made.total.mean() - made.total) / (2 * made.initial))
    for share, interior in ((0.99, False), (1.01, True)):
        told = replace(made, rule=replace(made.rule, strength=share * least))
        fields, certificate = said(told, "train", {"policy": solve(told).policy})
        assert fields["interior"] is interior and fields["least_strength"] == pytest.approx(least)
        assert values(certificate)["assumption 3.2 (3)"] == 0.0
    told = replace(made, rule=replace(made.rule, strength=solve(made).least_strength))
    assert solve(told).interior is False  # at the least strength itself an outcome has just nothing
    zero, full = np.array([0.5, 0.5, 0.0, 0.0]), made.initial
    for share, p, wrong in (
        (0.99, full, 1.0),
        (0.99, zero, 0.0),
        (1.01, zero, 1.0),
        (1.01, full, 0.0),
        (1.0, full, 0.0),
        (1.0, zero, 0.0),
        (0.9995, full, 0.0),
    ):
        told = replace(made, rule=replace(made.rule, strength=share * least))
        _, certificate = said(told, "train", {"policy": p})
        assert values(certificate)["assumption 3.2 (3)"] == wrong
        assert ("assumption 3.2 (3)" in [check.name for check in certificate.failed]) == bool(wrong)


def test_conditionals_that_do_not_multiply_to_the_policy_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    made = load(catalog.instance("mechanism/tokens"))
    found = solve(made)
    assert values(found.certificate)["chain rule"] < 1e-12
    assert found.conditionals == made.policies.conditionals(np.asarray(found.policy))
    monkeypatch.setattr(type(made.policies), "product", lambda self, table: np.asarray(found.policy) * 1.002)
    _, certificate = said(made, "train", {"policy": found.policy})
    assert values(certificate)["chain rule"] == pytest.approx(0.002)
    assert [check.name for check in certificate.failed] == ["chain rule"]
