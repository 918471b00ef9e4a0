"""Claims that are false by what a group decides, however little that is of its reward or of what others have."""

from __future__ import annotations

import numpy as np
import pytest

from bigopt import solve
from bigopt.concepts import Request
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.rule import Rule
from bigopt.games.mechanism.verify import cycles, identities
from tests.mechanism.formulas import divergence, said, softmax


@pytest.mark.parametrize("strength", [1e4, 1e6, 1e9])
@pytest.mark.parametrize("regularizer", ["kl", "l2"])
def test_payments_are_held_to_what_a_group_decides(regularizer: str, strength: float) -> None:
    """At a large lambda payments go to w^2 Var_q(rm) / (2 lambda) under KL, w^2 |rm - mean|^2 / (4 lambda) under L2."""
    rewards, initial = np.array([[1, 0.5, 0], [0, 1, 0.3]]), np.array([0.2, 0.3, 0.5])
    groups = [Group("a", 1, rewards[0]), Group("b", 2, rewards[1])]
    made = Mechanism(initial, groups, "max", Rule("social-welfare", regularizer, strength), list("xyz"))
    weights = initial if regularizer == "kl" else np.full(3, 0.5)
    away = made.sizes[:, None] * (rewards - (rewards @ weights / weights.sum())[:, None])
    found = solve(made, "payments")
    assert found.solved and found.payments == pytest.approx(away**2 @ weights / (2 * strength), rel=5 / strength + 1e-6)
    for factor in (0.0, 0.99, 2.0):
        point = {"policy": found.policy, "payments": factor * found.payments}
        assert "payments" in [check.name for check in said(made, "payments", point)[1].failed]


def test_payments_for_what_the_policy_hardly_ever_does() -> None:
    """The outcome of reward 1 has probability 1e-12, so that the group decides about the others' thousandth."""
    pair = [Group("a", 1, [1.0, 1e-3, 0.0]), Group("b", 1, [0.0, 0.5, 1.0])]
    made = Mechanism([1e-12, 0.5, 0.5 - 1e-12], pair, "max", Rule("social-welfare", "kl", 1.0), list("xyz"))
    found = solve(made, "payments")
    rest = softmax(made, made.rewards[1])
    both = softmax(made, made.total)
    assert found.solved and found.payments[0] == pytest.approx(divergence(both, rest), rel=1e-6)
    for paid in (0.0, 2 * found.payments[0]):
        point = {"policy": found.policy, "payments": [paid, found.payments[1]]}
        assert [check.name for check in said(made, "payments", point)[1].failed] == ["payments"]


def test_a_large_type_hides_nothing_of_a_small_one() -> None:
    """Of sizes 1, 1, 2 and a million: what the first pays less is what the others gain by its report."""
    rewards = [[1, 0.5, 0.2], [0.2, 1, 0.6], [0.5, 0.2, 1], [1, 0.9, 0.1]]
    kinds = [Group(f"t{t}", w, r) for t, (w, r) in enumerate(zip([1, 1, 2, 10**6], rewards, strict=True))]
    pair = [Group("a", 1, [1, 0.5, 0]), Group("b", 2, [0.1, 1, 0.3])]
    game = Mechanism([0.2, 0.3, 0.5], pair, "max", Rule("social-welfare", "kl", 1.0), list("xyz"), types=kinds)
    found = solve(game, "cycles")
    assert found.solved
    for t in (0, 1):
        less = found.payments - 0.5 * np.eye(4)[t]
        point = {"payments": less, "cycle": found.cycle}
        assert [check.name for check in said(game, "cycles", point)[1].failed] == ["smallest error"]


@pytest.mark.parametrize("strength", [1e-4, 1.0, 1e6, 1e140])
@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_the_unit_of_payments_by_plain_sums(strength: float, normalization: str) -> None:
    """The stakes, or a hundred times what a group decides if that is less, but what floats still tell."""
    second = [0.1, 0.3, 0.6] if normalization == "sum" else [0.0, 0.3, 1.0]
    rewards, policy = np.array([[0.0, 0.0, 1.0], second]), np.array([0.5, 0.5, 0.0])
    groups = [Group("a", 3, rewards[0]), Group("b", 2, rewards[1])]
    initial = np.array([0.25, 0.75 - 1e-4, 1e-4])
    made = Mechanism(initial, groups, normalization, Rule("social-welfare", "kl", strength), list("xyz"))
    shown = identities.units(made, policy)
    for i, (size, own) in enumerate(zip((3, 2), made.rewards, strict=True)):
        chances = [(a + b) / 2 for a, b in zip(initial, policy, strict=True)]
        mean = sum(p * r for p, r in zip(chances, own, strict=True))
        away = size * sum(p * abs(r - mean) for p, r in zip(chances, own, strict=True))
        decided = 100 * away * min(1.0, away / strength)
        assert shown[i] == pytest.approx(min(size * (max(own) - min(own)), max(decided, 1e-8 * size * max(own))))


def test_revenue_returns_the_policy_and_is_of_the_group_that_was_asked_for() -> None:
    kinds = [Group(f"t{t}", 1, r) for t, r in enumerate([[1, 0.5, 0.2], [0.2, 1, 0.6]])]
    pair = [Group("a", 1, [1, 0.5, 0]), Group("b", 2, [0.1, 1, 0.3])]
    game = Mechanism([0.2, 0.3, 0.5], pair, "max", Rule("social-welfare", "kl", 1.0), list("xyz"), types=kinds)
    found = solve(game, "revenue", group="b")
    fields, certificate = said(game, "revenue", {k: v for k, v in found.fields.items() if k != "group"}, "b")
    assert certificate.verified and fields["policy"] == pytest.approx(softmax(game, game.total))
    assert fields["type_payments"] == pytest.approx(found.fields["type_payments"])


def test_a_lower_mean_counts_in_the_stakes_of_the_type_that_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths, potentials = np.array([[0.0, 1.0, 2.0], [1.5, 0.0, 1.0], [0.5, 1.0, 0.0]]), np.array([0.0, 1.0, 3.0])
    monkeypatch.setattr("bigopt.games.mechanism.exact.type_graph.shortest_paths", lambda *_: potentials)
    shown = cycles._least(lengths, 0.25, np.array([1.0, 2.0, 4.0]), Request("cycles", "exact"))
    pairs = [(s, t) for s in range(3) for t in range(3) if s != t]
    known = max((potentials[t] - potentials[s] - lengths[s, t] + 0.25) / (1.0, 2.0, 4.0)[t] for s, t in pairs)
    assert shown.value == pytest.approx(known) and known > 0
