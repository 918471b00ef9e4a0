"""Revenue and splitting by formulas written again; claims that are off by known amounts."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest

from bigopt import catalog, load, solve
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact.least_utility import utility
from bigopt.games.mechanism.exact.splitting import largest_payments, values_of
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.verify import false_names, revenue
from tests.mechanism.formulas import affine, divergence, said, softmax, values
from tests.mechanism.games import game

# ---- revenue


@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_revenue_off_by_a_share_of_the_stakes(normalization: str) -> None:
    made = game(4, 3, 2, strength=0.4, normalization=normalization)
    found = solve(made, "revenue")
    paid = np.array([affine(made, made.total, i) for i in range(3)])
    worth = made.sizes * (made.rewards @ softmax(made, made.total))
    fields, certificate = said(made, "revenue", {"payments": found.payments, "least_utility": found.least_utility})
    assert certificate.verified
    np.testing.assert_allclose(fields["affine"], paid)
    np.testing.assert_allclose(fields["payments"], paid + found.least_utility)
    np.testing.assert_allclose(fields["utilities"], worth - fields["payments"])
    assert fields["revenue"] == pytest.approx(float(paid.sum() + np.sum(found.least_utility)))
    assert fields["affine_revenue"] == pytest.approx(float(paid.sum()))
    off = np.array([0.0, 3e-3, -2e-3]) * made.stakes
    point = {"payments": found.payments + off, "least_utility": found.least_utility + off}
    shown = values(said(made, "revenue", point)[1])
    assert shown["payments"] == pytest.approx(0.0, abs=1e-9)
    assert shown["rationality of every report"] == pytest.approx(3e-3)
    assert shown["largest"] == pytest.approx(2e-3, rel=1e-6)
    shown = values(said(made, "revenue", point | {"payments": found.payments})[1])
    assert shown["payments"] == pytest.approx(3e-3)
    below = {"payments": found.payments + found.utilities + 0.1 * made.stakes, "least_utility": found.least_utility}
    assert values(said(made, "revenue", below)[1])["individual rationality"] == pytest.approx(0.1)
    for key in ("payments", "least_utility"):
        with pytest.raises(InstanceError, match=key):
            said(made, "revenue", {k: v for k, v in point.items() if k != key})


@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_a_report_that_has_more_than_the_least(normalization: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another report in the place of the least: what it has bounds from above, and the bound from below stays below."""
    made = game(4, 2, 2, strength=0.4, normalization=normalization)
    true = np.asarray(solve(made, "revenue").least_utility)
    other = np.array([0.7, 0.1, 0.1, 0.1]) if normalization == "sum" else np.eye(4)[int(made.initial.argmax())]

    def worse(game: Mechanism, group: int) -> Any:
        seat = Seat(game, group)
        return utility(seat, other), other

    point = {"payments": solve(made, "revenue").payments, "least_utility": true}
    monkeypatch.setattr(revenue, "least_utility", worse)
    shown = values(said(made, "revenue", point)[1])
    assert shown["largest"] < 1e-12 and shown["rationality of every report"] == 0.0
    for i in range(2):
        low, high = revenue._between(made, i)
        assert low <= true[i] + 1e-12 and high > true[i] + 1e-4
        rest = made.total - made.sizes[i] * made.rewards[i]
        assert high == pytest.approx(0.4 * np.log(softmax(made, rest) @ np.exp(other / 0.4)))
        if normalization == "sum":
            policy = softmax(made, rest + other)
            assert low == pytest.approx(high + min(policy) - policy @ other)
        else:
            assert low == pytest.approx(true[i], abs=1e-14)


def test_outcomes_are_tried_one_by_one_the_least_likely_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made = game(6, 2, 2, strength=0.4, normalization="max")
    seat, tried = Seat(made, 0), []

    def shown(seat: Any, reward: Floats) -> float:
        tried.append(int(reward.argmax()))
        return float(reward.argmax())

    monkeypatch.setattr(revenue, "utility", shown)
    monkeypatch.setattr(revenue, "TRIED", 3)
    found = revenue._one_by_one(seat)
    likely = np.argsort(softmax(made, made.total - made.sizes[0] * made.rewards[0]))
    assert tried == likely[:3].tolist() and found == min(tried)
    monkeypatch.setattr(revenue, "MOST", 12)
    assert revenue._one_by_one(seat) == min(tried[-2:]) and tried[3:] == likely[:2].tolist()


def test_payments_of_types_off_by_a_share_of_the_stakes() -> None:
    rng = np.random.default_rng(4)
    kinds = [Group(f"t{t}", t + 1, r) for t, r in enumerate(rng.dirichlet(np.ones(3), 3))]
    made = game(3, 2, 4, types=kinds)
    found = solve(made, "revenue", group="g1")
    products = np.array([kind.size * np.asarray(kind.reward) for kind in kinds])
    rest = made.total - made.sizes[1] * made.rewards[1]
    policies = np.array([softmax(made, rest + z) for z in products])
    worth = products @ policies.T  # [t][s]
    paid = np.diagonal(worth).copy()
    for _ in range(3):  # the largest with IR and DSIC, from above
        paid = np.minimum(paid, (paid[None, :] + np.diagonal(worth)[:, None] - worth).min(axis=1))
    np.testing.assert_allclose(found.type_payments, paid)
    whole = [made.strength * divergence(p, softmax(made, rest)) + found.least_utility[1] for p in policies]
    np.testing.assert_allclose(found.continuous, whole)
    np.testing.assert_allclose(found.gap, paid - whole, atol=1e-12)
    assert found.group == 1
    stakes = np.ptp(products, axis=1)
    point = {"payments": found.payments, "least_utility": found.least_utility, "group": 1}
    names = ("types: DSIC and IR", "types: largest", "types: at least as much")
    for off in (
        0.02 * stakes.max() * np.eye(3)[0],
        -0.02 * stakes.max() * np.eye(3)[1],
        np.full(3, 0.02 * stakes.max()),
        -np.eye(3)[2],
        *(-0.5 * paid, -paid),
    ):
        claimed = paid + off
        shown = values(said(made, "revenue", point | {"type_payments": claimed})[1])
        gain = ((claimed[:, None] - claimed[None, :] - (np.diagonal(worth)[:, None] - worth)) / stakes[:, None]).max()
        known = [
            max(gain, ((claimed - np.diagonal(worth)) / stakes).max(), 0.0),
            max(0.0, (-off / stakes).max()),
            max(0.0, *((whole - claimed) / stakes)),
        ]
        assert [shown[name] for name in names] == pytest.approx(known, abs=1e-9)
    said_nothing, certificate = said(made, "revenue", point)
    assert {"payments", "largest", "truthfulness", *names} <= set(values(certificate))
    assert certificate.verified and not (said_nothing["gap"] < -1e-9).any()
    assert solve(replace(made, types=kinds[:1]), "revenue").type_payments is None
    assert len(solve(replace(made, types=kinds[:2]), "revenue").type_payments) == 2


# ---- false names


def worst(values: Floats, table: Floats) -> dict[str, float]:
    """Return by how much each rule is broken at most, by loops over all names that a group may take."""
    largest = len(values) - 1
    broken = {"individual rationality": 0.0, "truthful sizes": 0.0, "splitting": 0.0}
    for a in range(1, largest + 1):
        for b in range(largest - a + 1):
            paid = table[a, b]
            broken["individual rationality"] = max(broken["individual rationality"], paid - a * values[a + b])
            for c in range(1, largest - b + 1):
                more = paid - table[c, b] - a * (values[a + b] - values[c + b])
                broken["truthful sizes"] = max(broken["truthful sizes"], more)
            for count in range(2, a + 1):
                for names in combinations_with_replacement(range(1, a + 1), count):
                    if sum(names) == a:
                        parts = sum(table[c, b + a - c] for c in names)
                        broken["splitting"] = max(broken["splitting"], paid - parts)
    return broken


def test_every_rule_of_false_names_is_evaluated() -> None:
    made = game(3, 2, 1, max_size=4)
    best = np.asarray(solve(made, "false-names", group="g1").table)
    rng = np.random.default_rng(0)
    own = values_of(made, 1)
    seen = [float(np.ptp(made.rewards[1]) * 4)]
    for size in (0.01, 0.01, 1.0, 1.0):
        table = best + size * rng.normal(size=best.shape)
        fields, certificate = said(made, "false-names", {"table": table}, group="g1")
        clean = np.where(best != 0, table, 0.0)
        assert (worst(own, clean)["splitting"] > 0.1) == (size == 1.0)
        shown = values(certificate)
        for name, value in worst(own, clean).items():
            assert shown[name] == pytest.approx(value / seen[0]), name
        assert shown["largest"] == pytest.approx(np.abs(clean - best).max() / seen[0], rel=1e-4)
        np.testing.assert_allclose(fields["table"], clean)
        np.testing.assert_allclose(fields["payments"], clean[1:, 0])
        free = largest_payments(own, Deadline(), splitting=False)[1:, 0].sum()
        assert fields["revenue_dsic"] == pytest.approx(free)
        assert fields["revenue"] == pytest.approx(clean[1:, 0].sum())
        assert fields["cost"] == pytest.approx(free - clean[1:, 0].sum())


def test_what_it_costs_that_nobody_splits(seed: int = 3) -> None:
    """Where the value rises fast with the size, names would be split; the largest payments by loops, without splits."""
    made = game(3, 2, seed, max_size=4, strength=0.1)
    own, table = values_of(made, 1), np.asarray(solve(made, "false-names", group="g1").table)
    free = np.arange(5) * own
    for _ in range(5):
        free = np.array([0.0, *(min(free[c] + a * (own[a] - own[c]) for c in range(1, 5)) for a in range(1, 5))])
    fields, certificate = said(made, "false-names", {"table": table}, group="g1")
    assert certificate.verified and fields["revenue_dsic"] == pytest.approx(free.sum())
    assert fields["cost"] == pytest.approx(free.sum() - table[1:, 0].sum()) and fields["cost"] > 0.1


def test_the_largest_payments_of_any_values_are_the_programs() -> None:
    """Values that rise by leaps: every row of the program binds somewhere, and what falls out of iterating is it."""
    rng = np.random.default_rng(0)
    for _ in range(12):
        own = np.cumsum(rng.random(6) ** 3)
        table = largest_payments(own, Deadline())
        assert false_names._largest(own, table, 2.0).value < 1e-9
        table[3, 1] -= 0.01
        assert false_names._largest(own, table, 2.0).value == pytest.approx(0.005)


def test_one_payment_that_is_not_the_largest_is_refused() -> None:
    """However many names there are: a group without other names may pay less, and no rule is broken."""
    made = load(catalog.instance("mechanism/splitting"))
    table = np.asarray(solve(made, "false-names").table).copy()
    stake = (len(table) - 1) * float(np.ptp(made.rewards[0]))
    table[1:, 0] -= 2e-6 * stake
    _, certificate = said(made, "false-names", {"table": table})
    assert [check.name for check in certificate.failed] == ["largest"]


def test_splits_that_are_shown() -> None:
    made = game(3, 2, 1, max_size=9)
    made = replace(made, groups=[Group("g0", 7, made.rewards[0]), made.groups[1]])
    found = solve(made, "false-names")
    assert found.parts == [(7,), (4, 3), (2, 2, 2, 1), (1,) * 7]
    rest = made.total - 7 * made.rewards[0]
    top = softmax(made, made.total)
    for names, paid in zip(found.parts, found.paid, strict=True):
        known = [made.strength * divergence(top, softmax(made, rest + (7 - a) * made.rewards[0])) for a in names]
        assert paid == pytest.approx(sum(known))
    assert found.saved == pytest.approx(found.paid[0] - found.paid[-1])
    point = {"table": found.table, "parts": [[3, 4], [7], [1, 6]]}
    fields, _ = said(made, "false-names", point)
    assert fields["saved"] == pytest.approx(found.saved)
    assert fields["parts"] == [(3, 4), (7,), (1, 6)]
    assert fields["paid"][:2] == pytest.approx([found.paid[1], found.paid[0]])
    shown: list[tuple[object, str]] = [([], "a list of splits"), (7, "a list of splits"), ("7", "a list of splits")]
    for parts, words in (
        *shown,
        ([[7], [3, 3]], r"parts\[1\]: adds up to 6"),
        ([[0, 7]], r"parts\[0\]"),
        ([[]], r"parts\[0\]"),
    ):
        with pytest.raises(InstanceError, match=words):
            said(made, "false-names", {"table": found.table, "parts": parts})
    for table in (None, [[0.0]]):
        with pytest.raises(InstanceError, match="table"):
            said(made, "false-names", {} if table is None else {"table": table})


def test_splits_into_powers_of_two() -> None:
    assert false_names.default_parts(4) == [(4,), (2, 2), (1, 1, 1, 1)] and false_names.default_parts(1) == [(1,)]
    found = false_names.default_parts(100)
    assert [len(names) for names in found] == [1, 2, 4, 8, 16, 32, 64, 100]
    assert all(sum(names) == 100 and max(names) - min(names) < 2 for names in found)


def test_a_program_without_an_answer_compares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        x = None

    made = game(3, 2, 1, max_size=4)
    table = solve(made, "false-names").table
    monkeypatch.setattr(false_names, "linprog", lambda *_, **__: Nothing)
    _, certificate = said(made, "false-names", {"table": table})
    assert [check.name for check in certificate.failed] == ["largest"]


def test_a_split_that_pays_less_than_one_name_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    made = game(3, 2, 1, max_size=4)
    made = replace(made, groups=[Group("g0", 4, made.rewards[0]), made.groups[1]])
    table = solve(made, "false-names").table
    prices = {(4,): 4.0, (2, 2): 1.0, (1, 1, 1, 1): 2.5}
    where = "bigopt.games.mechanism.verify.false_names.paid_by"
    monkeypatch.setattr(where, lambda game, group, names: np.array([prices[tuple(names)]]))
    fields, certificate = said(made, "false-names", {"table": table})
    assert fields["paid"] == [4.0, 1.0, 2.5] and fields["saved"] == 3.0
    stake = 4 * float(np.ptp(made.rewards[0]))
    assert values(certificate)["cheapest split"] == pytest.approx(1.5 / stake)
    prices[4,], prices[2, 2] = 1.0, 4.0
    assert said(made, "false-names", {"table": table, "parts": [[2, 2]]})[0]["saved"] == 0.0
    prices[4,], prices[2, 2] = 4.0, 1.0
    flat = replace(made, groups=[Group("g0", 4, np.full(3, 1 / 3)), made.groups[1]])
    _, certificate = said(flat, "false-names", {"table": solve(flat, "false-names").table})
    assert values(certificate)["cheapest split"] == pytest.approx(1.5 / (4 / 3))
