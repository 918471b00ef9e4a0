"""Payments: the identities, other formulations, estimates from draws, refusals."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bigopt import solve
from bigopt.errors import UsageError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.payments import CONCEPT
from bigopt.games.mechanism.verify import payments as verify

spec = importlib.util.spec_from_file_location("mechanism_games", Path(__file__).with_name("games.py"))
assert spec is not None and spec.loader is not None
games = importlib.util.module_from_spec(spec)
spec.loader.exec_module(games)


def with_report(game: Mechanism, group: int, report: Group) -> Mechanism:
    """Return the game in which one group is another."""
    groups = [report if i == group else g for i, g in enumerate(game.groups)]
    return replace(game, groups=groups, policy=game.policies)


POLICY = {"type": "mixture", "policies": np.random.default_rng(5).dirichlet(np.ones(5), 4)}
CASES = [
    ("kl", "sum", None),
    ("kl", "max", None),
    ("l2", "sum", None),
    ("l2", "max", None),
    ("kl", "sum", POLICY),
    ("l2", "sum", POLICY),
]


def failed(game: Mechanism, **point: Any) -> list[str]:
    _, certificate = verify.verify(game, point, CONCEPT.request())
    return [check.name for check in certificate.failed]


def test_kl_payments_are_divergences() -> None:
    """p_i = lambda KL(psi || psi_-i), psi_-i the policy of the game without the group: a second training."""
    game = games.game(n=3, strength=0.3)
    found = solve(game, "payments")
    for i in range(game.n):
        rest = Mechanism(
            game.initial, [g for j, g in enumerate(game.groups) if j != i], "sum", game.rule, game.outcomes
        )
        alone = np.asarray(solve(rest).policy)
        paid = 0.3 * float((found.policy * np.log(found.policy / alone)).sum())
        assert found.payments[i] == pytest.approx(paid, rel=1e-11)


@pytest.mark.parametrize(("regularizer", "normalization", "policy"), CASES)
@pytest.mark.parametrize("seed", range(2))
def test_no_report_beats_the_truth(regularizer: str, normalization: str, policy: Any, seed: int) -> None:
    """Every misreport is played in a game of its own: payments from `solve`, values with the true reward."""
    game = games.game(5, 3, seed, regularizer=regularizer, normalization=normalization, strength=0.2, policy=policy)
    rng = np.random.default_rng(seed + 50)
    truth = solve(game, "payments")
    assert truth.solved, truth.certificate.failed
    for _ in range(1 if policy else 5):
        i, reward = int(rng.integers(3)), rng.dirichlet(np.full(5, 0.4))
        reward = reward / reward.max() if normalization == "max" else reward
        lie = solve(with_report(game, i, Group("g", int(rng.integers(1, 6)), reward)), "payments")
        gained = game.sizes[i] * float(game.rewards[i] @ lie.policy) - lie.payments[i]
        assert gained <= truth.utilities[i] + 1e-9
    assert (np.asarray(truth.utilities) >= 0).all()


def test_the_gain_of_truth_under_l2_is_at_least_the_squared_distance() -> None:
    game = games.game(regularizer="l2", strength=0.7)
    truth = solve(game, "payments")
    lie = solve(with_report(game, 0, Group("g", 4, np.eye(5)[1])), "payments")
    gained = game.sizes[0] * float(game.rewards[0] @ lie.policy) - lie.payments[0]
    assert truth.utilities[0] - gained >= 0.7 * float(((truth.policy - lie.policy) ** 2).sum()) - 1e-12


@pytest.mark.parametrize("solver", ["ipopt", "highs"])
def test_solvers_pay_the_same(solver: str) -> None:
    game = games.game(regularizer="l2" if solver == "highs" else "kl", strength=0.4)
    found = solve(game, "payments", solver)
    assert found.solved, found.certificate.failed
    np.testing.assert_allclose(found.payments, solve(game, "payments").payments, atol=1e-6)


def test_one_wrong_payment_fails_and_only_what_it_breaks() -> None:
    game = games.game()
    found = solve(game, "payments")
    wrong = np.asarray(found.payments) + np.array([1e-4, 0.0, 0.0])
    assert failed(game, policy=found.policy, payments=wrong) == ["payments", "utility identity"]
    high = np.asarray(found.payments) + 10.0
    assert failed(game, policy=found.policy, payments=high) == [
        "payments",
        "utility identity",
        "individual rationality",
    ]
    assert failed(game, policy=found.policy, payments=found.payments) == []


def test_a_group_that_changes_nothing_pays_nothing() -> None:
    flat = Group("flat", 3, np.full(4, 0.25))
    game = Mechanism([0.1, 0.2, 0.3, 0.4], [flat, Group("g", 1, [1.0, 0.0, 0.0, 0.0])], "sum",
                     {"objective": "social-welfare", "regularizer": "kl", "strength": 0.1}, list("abcd"))  # fmt: skip
    found = solve(game, "payments")
    assert found.solved and abs(found.payments[0]) < 1e-15
    assert found.utilities[0] == pytest.approx(0.75)


def test_small_groups_keep_their_digits() -> None:
    """At lambda = 1e6 a payment is about w^2 Var(rm) / 2 lambda: ten digits below the values that it comes from."""
    game = games.game(strength=1e6)
    found = solve(game, "payments")
    for i in range(game.n):
        spread = float(game.initial @ game.rewards[i] ** 2 - (game.initial @ game.rewards[i]) ** 2)
        assert found.payments[i] == pytest.approx(game.sizes[i] ** 2 * spread / 2e6, rel=1e-4)


@pytest.mark.parametrize("strength", [1e7, 1e9, 1e10])
@pytest.mark.parametrize("regularizer", ["kl", "l2"])
def test_a_large_lambda_is_no_reason_to_refuse(strength: float, regularizer: str) -> None:
    game = games.game(strength=strength, regularizer=regularizer)
    for concept in ("payments", "audit", "revenue", "false-names", "noise"):
        found = solve(game, concept, options={"draws": 20} if concept == "noise" else None)
        assert found.solved, (concept, found.certificate.failed)


def test_estimates_cover_and_shrink() -> None:
    game = games.game(4, 2, strength=1.0)
    exact = np.asarray(solve(game, "payments").payments)
    radii, missed = [], 0
    for seed in range(40):
        found = solve(game, "payments", options={"from": "samples", "samples": 400, "seed": seed})
        missed += bool((np.abs(found.payments - exact) > found.radius).any())
        radii.append(found.radius[0])
    assert missed <= 4  # 5 % of 40 is 2
    more = solve(game, "payments", options={"from": "samples", "samples": 40_000})
    assert more.radius[0] < 0.2 * np.mean(radii)
    assert np.abs(more.payments - exact).max() < 0.01


def test_draws_beside_the_instance_are_used() -> None:
    game = games.game(3, 1, draws=[0, 1, 2, 1, 0, 1])
    found = solve(game, "payments", options={"from": "samples"})
    assert found.draws == 6
    rewards = game.sizes[0] * game.rewards[0][[0, 1, 2, 1, 0, 1]]
    y = np.exp(-rewards / game.strength)
    plug_in = rewards.mean() + game.strength * (np.log(y.mean()) + y.var(ddof=1) / (2 * 6 * y.mean() ** 2))
    assert found.payments[0] == pytest.approx(plug_in)


@pytest.mark.parametrize("objective", ["nash-welfare", "maximin"])
def test_rules_without_prices_are_refused_with_the_pair(objective: str) -> None:
    game = games.game(objective=objective, strength=0.1)
    with pytest.raises(UsageError, match=r"cycle sum -"):
        solve(game, "payments")
