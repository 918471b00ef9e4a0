"""Audits: what is proved, what is searched, and Theorem 3.3 with its true hypotheses."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from bigopt import catalog, load, solve
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.audit import CONCEPT
from bigopt.games.mechanism.exact import dominance
from bigopt.games.mechanism.exact.misreports import payment_rule, utilities
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.verify import audit as verify

spec = importlib.util.spec_from_file_location("mechanism_games", Path(__file__).with_name("games.py"))
assert spec is not None and spec.loader is not None
games = importlib.util.module_from_spec(spec)
spec.loader.exec_module(games)


def test_affine_payments_are_proved_and_a_search_finds_nothing() -> None:
    for regularizer, normalization in (("kl", "sum"), ("l2", "max")):
        game = games.game(regularizer=regularizer, normalization=normalization, strength=0.2)
        found = solve(game, "audit")
        assert found.solved and found.proved and found.dsic_gap == 0.0 and found.ir_gap == 0.0
        rng = np.random.default_rng(0)
        rewards = rng.dirichlet(np.full(5, 0.3), 2000)
        rewards = rewards / rewards.max(axis=1, keepdims=True) if normalization == "max" else rewards
        seat = Seat(game, 0)
        pay = payment_rule(seat, "affine")
        for size in (1.0, 3.0, 5.0):
            tried = utilities(seat, rewards, np.full(2000, size), pay, Deadline())
            assert tried.max() <= found.utilities[0] + 1e-12


def test_without_payments_the_best_lie_is_the_largest_and_the_most_polarised() -> None:
    """Two outcomes: the value rises with the first's odds, so (1, 0) at the largest size is best."""
    groups = [Group("g", 2, [0.7, 0.3]), Group("h", 1, [0.2, 0.8])]
    rule = {"objective": "social-welfare", "regularizer": "kl", "strength": 1.0}
    game = Mechanism([0.5, 0.5], groups, "sum", rule, ["a", "b"], max_size=4)
    found = solve(game, "audit", options={"payments": "none", "budget": 500})
    assert found.solved
    report = found.misreports[0]
    assert report["size"] == 4 and report["reward"][0] == pytest.approx(1.0)
    odds = np.exp(4 * 1.0 + 0.2) / np.exp(0.8)
    share = odds / (1 + odds)
    truth = np.exp(1.4 + 0.2) / (np.exp(1.4 + 0.2) + np.exp(0.6 + 0.8))
    assert found.gains[0] == pytest.approx(2 * 0.4 * (share - truth), rel=1e-9)


def test_l2_gains_by_the_papers_formula() -> None:
    """Moving delta from an outcome worth r2 to one worth r1 gains delta (r1 - r2) / (2 lambda) where interior."""
    game = games.game(4, 2, 5, regularizer="l2", strength=20.0)
    seat, delta = Seat(game, 0), 0.01
    reward = game.rewards[0].copy()
    high, low = int(reward.argmax()), int(reward.argmin())
    reward[high], reward[low] = reward[high] + delta, reward[low] - delta
    own = game.sizes[0]
    both = utilities(seat, np.stack([game.rewards[0], reward]), np.full(2, own), payment_rule(seat, "none"), Deadline())
    spread = float(game.rewards[0, high] - game.rewards[0, low])
    assert both[1] - both[0] == pytest.approx(own**2 * delta * spread / 40.0, rel=1e-9)


def test_a_zero_reward_is_not_dominated_and_random_reports_agree() -> None:
    game = load(catalog.instance("mechanism/theorem-3-3-zero"))
    assert dominance.judge(game, 0) == dominance.UNDOMINATED
    order, others, r = np.argsort(-game.rewards[0]), 2.0, game.rewards[0]
    policies = [dominance.forced_policy(game, 0, order, others, share) for share in (-1.0, *np.linspace(0, 1, 41))]
    lies = np.random.default_rng(0).dirichlet(np.ones(3), 3000)
    factors = np.exp((lies - r) / game.strength)
    gains = np.array([factors * p @ r / (factors @ p) - p @ r for p in policies])  # order of liking is the file's
    assert (gains.min(axis=0) <= 0).all()


def test_full_support_is_dominated_and_the_polarised_report_gains() -> None:
    for seed in range(5):
        game = games.game(5, 3, seed, strength=0.3)
        found = solve(game, "audit", options={"payments": "none", "budget": 300})
        assert found.theorem_3_3 == ["dominated"] * 3
        assert found.solved and (np.asarray(found.gains) > 0).all()


def test_heuristics_break_what_the_notes_say() -> None:
    """Checkpoints are not truthful; stopping early is, but somebody may be paid."""
    game = games.game(5, 3, 1, strength=0.1)
    assert solve(game, "audit", options={"payments": "checkpoints", "budget": 800}).dsic_gap > 1e-4
    early = solve(game, "audit", options={"payments": "early-stop"})
    assert early.proved and early.solved and early.ir_gap == 0.0
    flat = [Group("flat", 1, np.full(5, 0.2)), *games.game(5, 2, 1).groups]
    game = Mechanism(np.full(5, 0.2), flat, "sum", game.rule, [f"x{x}" for x in range(5)])
    paid = solve(game, "payments", options={"rule": "early-stop", "steps": 1})
    assert paid.payments[0] < 0 and paid.solved


def test_a_modest_claim_is_found_out() -> None:
    game = games.game(strength=0.3)
    truth = [{"reward": g.reward, "size": g.size} for g in game.groups]
    request = CONCEPT.request(options={"payments": "none"})
    _, certificate = verify.verify(game, {"misreports": truth, "gains": np.zeros(3)}, request)
    assert [check.name for check in certificate.failed] == ["better misreport"]


@pytest.mark.parametrize("objective", ["nash-welfare", "maximin"])
def test_other_rules_are_searched(objective: str) -> None:
    game = games.game(4, 2, 3, objective, strength=0.2)
    found = solve(game, "audit", options={"budget": 60})
    assert found.solved and not found.proved and found.dsic_gap > 0
    with pytest.raises(UsageError, match="belong to social welfare"):
        solve(game, "audit", options={"payments": "affine"})
