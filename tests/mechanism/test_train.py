"""Trained policies against closed forms, other formulations and other solvers; certificates that can fail."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from bigopt import catalog, load, solve
from bigopt.concepts.concept import Request
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact.regularizers import REGULARIZERS
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.verify import train as verify

spec = importlib.util.spec_from_file_location("mechanism_games", Path(__file__).with_name("games.py"))
assert spec is not None and spec.loader is not None
games = importlib.util.module_from_spec(spec)
spec.loader.exec_module(games)
RULES = [(o, r) for o in ("social-welfare", "nash-welfare", "maximin") for r in ("kl", "l2")]


def failed(game: Mechanism, **point: Any) -> list[str]:
    _, certificate = verify.verify(game, point, Request("train"))
    return [check.name for check in certificate.failed]


def test_the_stored_example_is_the_softmax() -> None:
    """R = (1.4, 0.9, 0.7), q = (1, 1, 2) / 4, lambda = 1: psi is (e^1.4, e^0.9, 2 e^0.7) over their sum."""
    found = solve(load(catalog.instance("mechanism/three-answers")))
    weights = np.array([np.exp(1.4), np.exp(0.9), 2 * np.exp(0.7)])
    assert found.solved
    np.testing.assert_allclose(found.policy, weights / weights.sum(), rtol=1e-14)
    assert found.welfare == pytest.approx(np.log(weights.sum() / 4), rel=1e-13)


def test_l2_is_a_projection_that_was_solved_by_hand() -> None:
    """q = (2, 1, 1) / 4, R = (2, 1, 0), lambda = 1: q + R / 2 = (1.5, .75, .25): the last is out."""
    rule = {"objective": "social-welfare", "regularizer": "l2", "strength": 1.0}
    game = Mechanism([0.5, 0.25, 0.25], [Group("a", 3, [2 / 3, 1 / 3, 0.0])], "sum", rule, ["a", "b", "c"])
    found = solve(game)
    # 1.5 + .75 is 1.25 too much for two: level .625, and .25 - .625 < 0
    np.testing.assert_allclose(found.policy, [0.875, 0.125, 0.0], atol=1e-15)
    assert not found.interior
    assert found.least_strength == pytest.approx(2.0)  # mean R = 1: (1 - 0) / (2 * .25)


@pytest.mark.parametrize("regularizer", ["kl", "l2", "chi2"])
@pytest.mark.parametrize("seed", range(5))
def test_closed_forms_beat_every_policy_and_shortfalls_are_differences(regularizer: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rule = REGULARIZERS[regularizer](rng.dirichlet(np.ones(6)), float(10.0 ** rng.uniform(-2, 1)))
    rewards = rng.normal(size=(4, 6))
    policies = rng.dirichlet(np.ones(6), (50, 1))
    found = (policies * rewards).sum(axis=-1) - rule.strength * rule.divergence(policies)
    worth = rule.value(rewards)
    np.testing.assert_allclose(rule.shortfall(policies, rewards), worth - found, atol=1e-9 * (1 + rule.strength * 50))
    assert (found <= worth).all()
    assert np.abs(rule.shortfall(rule.best(rewards), rewards)).max() < 1e-14


@pytest.mark.parametrize(("objective", "regularizer"), RULES)
@pytest.mark.parametrize("strength", [0.1, 10.0])
def test_every_rule_agrees_with_ipopt(objective: str, regularizer: str, strength: float) -> None:
    game = games.game(6, 3, 1, objective, regularizer, strength)
    ours, theirs = solve(game), solve(game, solver="ipopt")
    assert ours.solved, ours.certificate.failed
    assert theirs.solved, theirs.certificate.failed
    np.testing.assert_allclose(ours.policy, theirs.policy, atol=1e-5)


@pytest.mark.parametrize("objective", ["nash-welfare", "maximin"])
def test_kl_rules_agree_with_a_general_optimizer(objective: str) -> None:
    """Over logits, the simplex is gone: scipy's BFGS on a smoothed objective's own value."""
    game = games.game(4, 3, 7, objective, "kl", 0.4)
    rule, best = trainer(game), solve(game)

    def loss(logits: Any) -> float:
        policy = np.exp(logits - logits.max())
        return -rule.objective(policy / policy.sum(), game.rewards, game.sizes)

    found = min((minimize(loss, np.log(game.initial), method=m) for m in ("BFGS", "Nelder-Mead")), key=lambda r: r.fun)
    assert -found.fun <= best.value + 1e-9
    assert -found.fun == pytest.approx(best.value, abs=1e-4)


@pytest.mark.parametrize(("objective", "regularizer"), RULES)
def test_answers_do_not_depend_on_names_order_or_the_unit(objective: str, regularizer: str) -> None:
    game = games.game(5, 3, 3, objective, regularizer, 0.2)
    order, turn = [2, 0, 3, 1, 4], [2, 0, 1]
    moved = replace(
        game,
        initial=game.initial[order],
        outcomes=None if game.outcomes is None else [game.outcomes[x] for x in order],
        groups=[Group(game.names[i], game.groups[i].size, game.groups[i].reward[order]) for i in turn],
        policy=None,
    )
    np.testing.assert_allclose(solve(moved).policy, solve(game).policy[order], atol=1e-7)


@pytest.mark.parametrize(("objective", "regularizer"), RULES)
def test_mixtures_are_the_best_of_their_class(objective: str, regularizer: str) -> None:
    base = np.random.default_rng(5).dirichlet(np.ones(5), 3)
    game = games.game(5, 3, 4, objective, regularizer, 0.1, policy={"type": "mixture", "policies": base})
    found, rule = solve(game), trainer(game)
    assert found.solved, found.certificate.failed
    shares = np.random.default_rng(6).dirichlet(np.ones(3), 2000)
    others = [rule.objective(p, game.rewards, game.sizes) for p in np.vstack([shares @ base, base])]
    assert max(others) <= found.value + 1e-12
    assert solve(game, solver="ipopt").value == pytest.approx(found.value, abs=1e-7)


def test_a_mixture_of_the_corners_is_the_simplex() -> None:
    for objective, regularizer in RULES:
        game = games.game(4, 3, 9, objective, regularizer, 0.3)
        corners = replace(game, policy={"type": "mixture", "policies": np.eye(4)})
        np.testing.assert_allclose(solve(corners).policy, solve(game).policy, atol=1e-7)


def test_tokens_have_an_end_and_all_distributions() -> None:
    policy = {"type": "tokens", "alphabet": ["a", "b"], "length": 3}
    rng = np.random.default_rng(0)
    game = Mechanism(rng.dirichlet(np.ones(15)), [Group("g", 2, rng.dirichlet(np.ones(15)))], "sum",
                     {"objective": "social-welfare", "regularizer": "kl", "strength": 0.1}, policy=policy)  # fmt: skip
    found = solve(game)
    assert found.solved and game.m == 15
    for row in found.conditionals.values():
        assert sum(row) == pytest.approx(1.0)
    first = [x for x, name in enumerate(game.outcomes or ()) if name.startswith("a")]
    assert found.conditionals[""][0] == pytest.approx(found.policy[first].sum())


def test_a_perturbed_policy_fails_the_gap_or_the_distance() -> None:
    game = games.game()
    best = np.asarray(solve(game).policy)
    off = best + 1e-3 * np.array([1.0, -1.0, 0.0, 0.0, 0.0])
    assert set(failed(game, policy=off)) == {"gap", "distance"}
    assert failed(game, policy=best * 1.001) == ["feasibility"]
    assert failed(game, policy=best) == []


def test_the_wrong_regularizer_fails() -> None:
    game = games.game(strength=0.5)
    wrong = solve(replace(game, rule=replace(game.rule, regularizer="l2"), policy=None)).policy
    assert "gap" in failed(game, policy=wrong)


def test_tiny_strengths_do_not_overflow_and_tinier_ones_are_refused() -> None:
    game = games.game(strength=1e-8)
    found = solve(game)
    assert found.solved and found.policy[int(game.total.argmax())] == pytest.approx(1.0)
    assert found.interior is True and found.policy.min() < 1e-300  # as KL is, whatever floats hold
