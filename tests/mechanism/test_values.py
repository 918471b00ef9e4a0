"""What the checks say of points that are off by a known amount, and what the fields are, by formulas written again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bigopt import solve
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact import misreports, perturbations, samples
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.verify import identities
from tests.mechanism.formulas import MIXED, affine, divergence, said, softmax, values
from tests.mechanism.games import game

OFF = np.array([0.0, 3e-3, -1e-3])  # of the stakes


# ---- payments


@pytest.mark.parametrize("more", [{}, {"regularizer": "l2"}, {"policy": MIXED}], ids=["kl", "l2", "mixture"])
def test_payments_off_by_a_share_of_the_stakes(more: dict[str, Any]) -> None:
    made = game(4, 3, 2, strength=0.4, **more)
    found = solve(made, "payments")
    for off in (OFF, -OFF) if not more else (-OFF,):
        fields, certificate = said(
            made, "payments", {"policy": found.policy, "payments": found.payments + off * made.stakes}
        )
        shown = values(certificate)
        assert shown["payments"] == pytest.approx(3e-3, rel=1e-4)
        assert shown["utility identity"] == pytest.approx(3e-3, rel=1e-4)
        assert fields["revenue"] == pytest.approx(found.revenue + float(off @ made.stakes))
        social = float(made.total @ found.policy)
        assert fields["social_welfare"] == pytest.approx(social)
        if not more:
            far = divergence(np.asarray(found.policy), made.initial)
            assert fields["welfare"] == pytest.approx(social - 0.4 * far)
        np.testing.assert_allclose(fields["utilities"], found.utilities - off * made.stakes)
    beyond = {"policy": found.policy, "payments": found.payments + found.utilities + 0.2 * made.stakes}
    assert values(said(made, "payments", beyond)[1])["individual rationality"] == pytest.approx(0.2)


@pytest.mark.parametrize("options", [{"from": "samples", "samples": 80, "seed": 3}, {"rule": "checkpoints"}])
def test_cheaper_payments_and_estimates_off_by_a_share_of_the_stakes(options: dict[str, Any]) -> None:
    made = game(4, 3, 2, strength=0.4)
    found = solve(made, "payments", options=options)
    point = {"policy": found.policy, "payments": found.payments + OFF * made.stakes}
    fields, certificate = said(made, "payments", point, **options)
    assert certificate.checks[-1].value == pytest.approx(3e-3) and len(certificate.failed) == 1
    np.testing.assert_allclose(fields["affine"], [affine(made, made.total, i) for i in range(3)])


def test_estimates_that_miss_are_counted() -> None:
    made = game(4, 3, 2, strength=0.4)
    options = {"from": "samples", "samples": 4000}
    found = solve(made, "payments", options=options)
    exact = np.array([affine(made, made.total, i) for i in range(3)])
    assert (made.stakes > 1.3).any() and found.epsilon == samples.epsilon(made, 4000, 0.95)
    away = np.array([1.0, 1.0, -1.0]) * np.asarray(found.radius) + np.array([0.8e-6, 1.2e-6, -1.2e-6]) * made.stakes
    fields, _ = said(made, "payments", {"policy": found.policy, "payments": exact + away}, **options)
    assert fields["missed"] == 2 and fields["draws"] == 4000 and found.missed == 0


def test_own_draws_are_taken_unless_others_are_asked_for() -> None:
    made = game(3, 1, draws=[0, 1, 2, 1, 0, 1])
    assert solve(made, "payments", options={"from": "samples"}).draws == 6
    asked = solve(made, "payments", options={"from": "samples", "samples": 50})
    assert asked.draws == 50
    other = solve(made, "payments", options={"from": "samples", "samples": 50, "seed": 1})
    assert abs(other.payments[0] - asked.payments[0]) > 1e-9
    assert solve(replace(made, draws=None), "payments", options={"from": "samples"}).draws == 10_000


def test_checkpoints_and_early_stops_by_their_definitions() -> None:
    """Under KL after k steps q exp(t R / lambda), t = 1 - 2^-k; of the checkpoints the best for the others."""
    made = game(4, 2, 2, strength=0.4)
    steps, paid, stopped = 3, [], []
    for i in range(2):
        rest = made.total - made.sizes[i] * made.rewards[i]
        alone = softmax(made, rest)
        kept = [made.strength * divergence(softmax(made, (1 - 0.5**k) * made.total), alone) for k in range(steps + 1)]
        full = affine(made, made.total, i)
        paid.append(full - min(*kept, full))
        stopped.append(full - made.strength * divergence(softmax(made, (1 - 0.5**steps) * rest), alone))
    for rule, known in (("checkpoints", paid), ("early-stop", stopped)):
        found = solve(made, "payments", options={"rule": rule, "steps": steps})
        np.testing.assert_allclose(found.payments, known, rtol=1e-9, atol=1e-13)
        assert found.negative == sum(payment < 0 for payment in known)


def test_groups_that_are_paid_are_counted() -> None:
    flat = [Group(name, 1, np.full(5, 0.2)) for name in "ab"]
    rest = game(5, 2, 1).groups
    made = Mechanism(np.full(5, 0.2), [*flat, *rest], "sum", game(5, 2, 1).rule, [f"x{x}" for x in range(5)])
    found = solve(made, "payments", options={"rule": "early-stop", "steps": 1})
    assert found.negative == int((np.asarray(found.payments) < 0).sum()) >= 2
    nothing = solve(made, "payments", options={"rule": "checkpoints"})
    assert nothing.payments[0] == 0.0 and nothing.negative == 0


# ---- the identities


def test_misreports_of_the_identity_are_reports_that_may_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole sizes from 1 to the largest, all of them met; rewards of the game's own normalization."""

    class Told(Seat):
        def policies(self, products: Floats) -> Floats:
            seen.append(products)
            return super().policies(products)

    monkeypatch.setattr(identities, "Seat", Told)
    for normalization in ("sum", "max"):
        seen: list[Floats] = []
        made = game(3, 9, 2, normalization=normalization, max_size=4)
        assert identities.truthfulness(made).passed
        assert len(seen) == 8 and all(len(rows) == 9 for rows in seen)  # of eight groups, eight lies and the truth
        lies = np.vstack([rows[1:] for rows in seen])
        sizes = lies.sum(axis=1) if normalization == "sum" else lies.max(axis=1)
        np.testing.assert_allclose(sizes, np.round(sizes))
        assert set(np.round(sizes).astype(int)) == {1, 2, 3, 4} and (lies >= 0).all()
        assert min(len(set(told)) for told in np.round(sizes).reshape(8, 8).tolist()) > 1
        assert len(np.unique(lies.round(12), axis=0)) == 64
    mixed = game(4, 2, 2, policy=MIXED)
    seen = []
    assert identities.truthfulness(mixed).passed and [len(rows) for rows in seen] == [2, 2]
    for most, count in ((11, 3), (2, 1)):  # numbers in the misreports of a group
        seen = []
        monkeypatch.setattr(identities, "MOST", most)
        assert identities.truthfulness(game(3, 1, 2)).passed and [len(rows) for rows in seen] == [1 + count]


@pytest.mark.parametrize("policy", [None, MIXED], ids=["all", "mixture"])
def test_payments_that_reward_lies_break_the_identity(policy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tells the truth is charged a hundredth of the stakes more than whoever lies."""

    class Charged(Seat):
        def affine(self, policies: Floats) -> Floats:
            extra = np.zeros(len(policies))
            extra[0] = share * self.game.stakes[self.group] * (self.group == 1)
            return super().affine(policies) + extra

    monkeypatch.setattr(identities, "Seat", Charged)
    made = game(4, 3, 2, strength=1e3, policy=policy)  # lies hardly move the policy
    for share in (0.01, -0.01):
        wrong = identities.truthfulness(made).value
        assert wrong == pytest.approx(0.01 if share > 0 or policy is None else 0.0, abs=1e-3)


# ---- audits


def test_an_audit_without_payments_by_hand() -> None:
    """Reports are trained again, valued with the truth; the gains that are claimed are compared group by group."""
    made = game(3, 3, 4, strength=0.7)
    lies = [{"reward": [0.5, 0.2, 0.3], "size": 5}, {"reward": [0.0, 1.0, 0.0], "size": 1}]
    lies.append({"reward": made.rewards[2], "size": int(made.sizes[2])})
    truth, gains = softmax(made, made.total), np.zeros(3)
    for i, lie in enumerate(lies):
        own = made.sizes[i] * made.rewards[i]
        told = softmax(made, made.total - own + lie["size"] * np.asarray(lie["reward"]))
        gains[i] = own @ (told - truth)
    fields, certificate = said(made, "audit", {"misreports": lies, "gains": gains + OFF * made.stakes}, payments="none")
    shown = values(certificate)
    assert shown["gains"] == pytest.approx(3e-3) and certificate.checks[0].grade == "recomputed"
    np.testing.assert_allclose(fields["gains"], gains, atol=1e-14)
    np.testing.assert_allclose(fields["utilities"], made.sizes * (made.rewards @ truth))
    assert fields["dsic_gap"] == pytest.approx(max(0.0, gains.max())) == certificate.max_regret
    assert fields["ir_gap"] == 0.0 and fields["proved"] is False and shown["better misreport"] > 1e-3
    assert [report["size"] for report in fields["misreports"]] == [5, 1, made.sizes[2]]
    told = np.array([report["reward"] for report in fields["misreports"]])
    np.testing.assert_array_equal(told, np.array([lie["reward"] for lie in lies]))
    assert certificate.tolerance == 1e-9
    _, silent = said(made, "audit", {"misreports": lies}, payments="none")
    assert values(silent)["gains"] == 0.0 and silent.checks[0].passed


def test_the_better_misreport_is_that_of_the_group_with_most_to_gain() -> None:
    """Two outcomes: the best lie is the favourite alone at the largest size, which the search tries."""
    groups = [Group("g", 2, [0.7, 0.3]), Group("h", 1, [0.2, 0.8])]
    made = Mechanism([0.5, 0.5], groups, "sum", {"objective": "social-welfare", "regularizer": "kl", "strength": 1.0},
                     ["a", "b"], max_size=4)  # fmt: skip
    truths = [{"reward": g.reward, "size": g.size} for g in groups]
    gains = []
    for i in range(2):
        own, most = made.sizes[i] * made.rewards[i], 4.0 * np.eye(2)[int(made.rewards[i].argmax())]
        gains.append(own @ (softmax(made, made.total - own + most) - softmax(made, made.total)) / made.stakes[i])
    _, certificate = said(made, "audit", {"misreports": truths}, payments="none")
    assert values(certificate)["better misreport"] == pytest.approx(max(gains), rel=1e-9)
    assert [check.grade for check in certificate.checks if check.name == "better misreport"] == ["searched"]
    lie = {"reward": np.eye(2)[int(made.rewards[int(np.argmax(gains))].argmax())], "size": 4}
    told = [lie if i == int(np.argmax(gains)) else each for i, each in enumerate(truths)]
    _, certificate = said(made, "audit", {"misreports": told}, payments="none")
    assert values(certificate)["better misreport"] == pytest.approx(min(gains), rel=1e-9)


def test_theorem_3_3_counts_the_groups_that_it_fails_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = game(3, 3, 4, strength=0.7)
    groups = [*made.groups[:2], Group("zero", 1, [0.5, 0.5, 0.0])]
    made = Mechanism(made.initial, groups, "sum", made.rule, made.outcomes, max_size=5)
    truths = [{"reward": g.reward, "size": g.size} for g in groups]
    where = "bigopt.games.mechanism.verify.audit.polarised"
    flat = np.full((2, 3), 1 / 3)
    gaining = [np.append(flat, misreports.polarised(made, i)[-1:], axis=0) for i in range(3)]
    for lies, failing in ((None, 0.0), (lambda game, i: flat, 2.0), (lambda game, i: gaining[i], 0.0)):
        if lies is not None:
            monkeypatch.setattr(where, lies)
        fields, certificate = said(made, "audit", {"misreports": truths}, payments="none")
        assert fields["theorem_3_3"][:2] == ["dominated"] * 2 and fields["theorem_3_3"][2] != "dominated"
        assert values(certificate)["theorem 3.3"] == failing
        assert [check.limit for check in certificate.checks if check.name == "theorem 3.3"] == [0.0]


def test_utilities_of_an_audit_by_what_is_charged() -> None:
    made = game(3, 2, 4, strength=0.7, normalization="max")
    worth = made.sizes * (made.rewards @ softmax(made, made.total))
    paid = np.array([affine(made, made.total, i) for i in range(2)])
    least = []
    for i in range(2):
        rest = softmax(made, made.total - made.sizes[i] * made.rewards[i])
        least.append(made.strength * min(np.log(rest @ np.exp(np.eye(3)[x] / made.strength)) for x in range(3)))
    charged = {"none": np.zeros(2), "affine": paid, "revenue": paid + least}
    for rule in ("checkpoints", "early-stop"):
        charged[rule] = np.asarray(solve(made, "payments", options={"rule": rule, "steps": 2}).payments)
    for rule, payments in charged.items():
        found = solve(made, "audit", options={"payments": rule, "budget": 60, "steps": 2})
        np.testing.assert_allclose(found.utilities, worth - payments, err_msg=rule)
        settled = rule in ("affine", "revenue", "early-stop")
        assert found.proved is settled and (found.theorem_3_3 is None) == (rule != "none")
        names = {check.name for check in found.certificate.checks}
        assert ({"no gain", "truthfulness", "individual rationality"} <= names) == settled
        assert ("better misreport" in names) != settled
    lie = [{"reward": [0.2, 0.3, 1.0], "size": 3}, {"reward": made.rewards[1], "size": int(made.sizes[1])}]
    fields, certificate = said(made, "audit", {"misreports": lie, "gains": [0.0, 0.0]})
    assert values(certificate)["no gain"] == pytest.approx(-fields["gains"][0] / made.stakes[0])
    assert {check.name for check in certificate.failed} == {"no gain", "gains"} and fields["dsic_gap"] == 0.0


# ---- noise


def test_noise_is_held_to_every_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn noise is exchanged for numbers beyond the bounds by known amounts."""
    made = game(3, 2, 4, strength=0.7)
    size = float(made.sizes.sum())
    bound, sharper = 2 * 0.2 * size, min(2 * 0.2 * size, 0.5 * (0.2 * size) ** 2 / 0.7)
    gains, sharp = 2 * 0.2 * made.sizes, np.minimum(0.4 * made.sizes, 0.5 * (0.2 * made.sizes) ** 2 / 0.7)
    drawn = perturbations.Noise(
        losses=np.array([0.1, sharper + 0.03 * size]),
        shifts=np.array([0.5, 0.2]),
        shift_bounds=np.array([0.45, 0.3]),
        gains=sharp + np.array([0.02, -0.5]) * made.sizes,
    )
    asked: list[Any] = []

    def sample(game: Mechanism, error: float, draws: int, seed: int, deadline: Any) -> Any:
        asked.append((error, draws, seed))
        return drawn

    monkeypatch.setattr("bigopt.games.mechanism.verify.noise.sample", sample)
    point = {"error": 0.2, "loss": sharper + 0.05 * size}
    fields, certificate = said(made, "noise", point, draws=7, seed=3, error=0.1)
    assert asked == [(0.2, 7, 3)]
    assert values(certificate) == pytest.approx(
        {"loss": 0.02, "lemma 4.8": 0.03, "theorem 4.9": 0.02, "proposition 4.4": 0.05}
    )
    assert len(certificate.failed) == 4 and certificate.max_regret == drawn.gains.max()
    known = {"error": 0.2, "loss": drawn.losses[1], "mean_loss": drawn.losses.mean(), "loss_bound": bound}
    known |= {"sharper_loss_bound": sharper, "shift": 0.5, "shift_bound": 0.45}
    assert {key: fields[key] for key in known} == pytest.approx(known)
    for key, value in {"gains": drawn.gains, "gain_bounds": gains, "sharper_gain_bounds": sharp}.items():
        np.testing.assert_allclose(fields[key], value)
    fields, _ = said(made, "noise", {}, error=0.1)
    assert fields["error"] == 0.1 and asked[1] == (0.1, 1000, 0)
    for error in (-0.1, 1.1):
        with pytest.raises(InstanceError, match="error"):
            said(made, "noise", {"error": error})
