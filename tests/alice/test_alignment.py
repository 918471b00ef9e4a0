"""Market alignment (Definition 1) against a plain LP, hand-solved cases and invariances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.optimize import linprog

from bigopt import catalog
from bigopt.alice import alignment, combination
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError


@dataclass(frozen=True)
class Table:
    alice: Floats
    bobs: Floats

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        return self.alice, self.bobs


def random_table(seed: int, n: int = 40, k: int = 4) -> Table:
    rng = np.random.default_rng(seed)
    bobs = rng.random((k, n))
    return Table(np.clip(bobs.mean(axis=0) + 0.1 * rng.standard_normal(n), 0, 1), bobs)


def written_out(table: Table, convex: bool) -> float:
    """Return epsilon by the whole LP, with all of its 2 N rows."""
    k, n = table.bobs.shape
    rows = np.vstack(
        [
            np.column_stack([table.bobs.T, np.ones(n), -np.ones(n)]),
            np.column_stack([-table.bobs.T, -np.ones(n), -np.ones(n)]),
        ]
    )
    solved = linprog(
        np.r_[np.zeros(k + 1), 1.0],
        A_ub=rows,
        b_ub=np.r_[table.alice, -table.alice],
        A_eq=np.r_[np.ones(k), 0, 0][None] if convex else None,
        b_eq=[1.0] if convex else None,
        bounds=[(0, None)] * k + [(None, None), (0, None)],
    )
    return float(solved.fun)


@pytest.mark.parametrize("convex", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_lazy_rows_find_what_the_whole_program_finds(seed: int, convex: bool) -> None:
    table = random_table(seed)
    found = combination.fit(table.alice, table.bobs, convex=convex)
    assert found.epsilon == pytest.approx(written_out(table, convex), abs=1e-9)
    assert found.bound == pytest.approx(found.epsilon, rel=1e-15)


def test_opposed_bobs_span_alice_exactly() -> None:
    """Alice is 0.25 of one Bob plus 0.75 of the other, up to a constant."""
    one, other = np.array([0.0, 1.0, 0.5]), np.array([1.0, 0.0, 0.25])
    found = combination.fit(0.25 * one + 0.75 * other - 0.1, np.array([one, other]))
    assert found.epsilon == pytest.approx(0.0, abs=1e-12)
    assert found.weights == pytest.approx([0.25, 0.75], abs=1e-9)
    assert found.offset == pytest.approx(-0.1, abs=1e-9)


def test_constant_bob_leaves_half_of_alices_range() -> None:
    """With nothing but a constant Bob the best combination is a constant: the middle of Alice's range."""
    found = combination.fit([0.0, 0.2, 1.0], [[0.4, 0.4, 0.4]])
    assert found.epsilon == pytest.approx(0.5)
    assert found.offset == pytest.approx(0.1)


def test_constants_change_nothing_and_alice_scales() -> None:
    table = random_table(3)
    base = combination.fit(table.alice, table.bobs).epsilon
    moved = combination.fit(table.alice - 7, table.bobs + np.arange(4)[:, None]).epsilon
    scaled = combination.fit(1000 * table.alice, 1000 * table.bobs).epsilon
    assert moved == pytest.approx(base, abs=1e-9)
    assert scaled == pytest.approx(1000 * base, rel=1e-9)


def test_one_sided_sets_are_never_harder() -> None:
    table = random_table(5)
    some = np.arange(0, 40, 3)
    full = combination.fit(table.alice, table.bobs, convex=False)
    part = combination.fit(table.alice, table.bobs, convex=False, upper=some, lower=some[:4])
    assert part.epsilon <= full.epsilon + 1e-12
    assert combination.measure(table.alice, table.bobs, part.weights, some, some[:4])[0] == pytest.approx(part.epsilon)


def test_the_model_file_agrees_with_lazy_rows() -> None:
    table = random_table(1)
    module = catalog.model("alignment")
    model = module.build(table)
    pyo.SolverFactory("appsi_highs").solve(model)
    point = module.read(model)
    fields, certificate = alignment.certify(table.alice, table.bobs, point)
    assert certificate.verified
    assert fields["epsilon"] == pytest.approx(combination.fit(table.alice, table.bobs).epsilon, abs=1e-9)


def failing(table: Table, weights: Floats) -> list[str]:
    return [check.name for check in alignment.certify(table.alice, table.bobs, {"weights": weights})[1].failed]


def test_each_check_fails_alone() -> None:
    table = random_table(2)
    best = combination.fit(table.alice, table.bobs).weights
    assert failing(table, best) == []
    assert failing(table, 1.01 * best) == ["weights"]
    assert failing(table, np.array([0.97, 0.01, 0.01, 0.01])) == ["gap"]


def test_malformed_points_are_named() -> None:
    table = random_table(2)
    for point in ({}, {"weights": [1.0]}, {"weights": "x"}, {"weights": [float("nan")] * 4}):
        with pytest.raises(InstanceError, match="^weights"):
            alignment.certify(table.alice, table.bobs, point)


def test_a_limit_is_not_success() -> None:
    table = random_table(0, n=2000, k=30)
    found = combination.fit(table.alice, table.bobs, deadline=Deadline(0.0))
    assert found.stopped == "maxTimeLimit"
    assert found.bound <= found.epsilon


@pytest.mark.parametrize("convex", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_no_unit_and_no_origin_changes_the_fit(seed: int, convex: bool) -> None:
    """Exactly: powers of two and whole shifts are exact in floats, and epsilon follows them."""
    rng = np.random.default_rng(seed)
    alice, bobs = rng.integers(-3, 4, 7).astype(float), rng.integers(-3, 4, (3, 7)).astype(float)
    found = combination.fit(alice, bobs, convex=convex).exact[0]
    assert combination.fit(alice * 2**40, bobs * 2**40, convex=convex).exact[0] == found * 2**40
    assert combination.fit(alice + 2**52, bobs - 2**51, convex=convex).exact[0] == found
    small = combination.fit(alice / 1e9, bobs / 1e9, convex=convex).exact[0]
    assert small * 10**9 == found  # 1e-9 times a digit is written as such a decimal
    if not convex:
        assert combination.fit(alice, bobs * 2**-30, convex=False).epsilon == pytest.approx(float(found), rel=1e-12)


def test_an_extreme_outcome_hides_no_gap() -> None:
    """Everybody gives one outcome -1e9: the fit is as before, and weights a little off are refused."""
    alice, bobs = np.array([0.0, 1.0, 0.5, 0.2]), np.array([[0.0, 1.0, 0.2, 0.1], [0.3, 0.9, 0.8, 0.4]])
    before = combination.fit(alice, bobs)
    never = np.append(alice, -1e9), np.column_stack([bobs, [-1e9, -1e9]])
    after = combination.fit(*never)
    assert after.epsilon == pytest.approx(before.epsilon, rel=1e-6)
    assert alignment.certify(*never, {"weights": after.weights})[1].verified
    off = after.weights + np.array([1e-3, -1e-3])
    assert not alignment.certify(*never, {"weights": off})[1].verified


def test_weights_of_any_sum_and_given_weights() -> None:
    """Remark 2: a table that is twice a Bob's is met by weight 2, not by weights of sum 1; Proposition 3: averages."""
    bobs = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    alice = 2 * bobs[0]
    assert combination.fit(alice, bobs, convex=False).exact[0] == 0
    assert combination.fit(alice, bobs).exact[0] == 1
    table = Table(alice, bobs)
    request = Request("alignment", options={"weights": "uniform"})
    answer = alignment.solve(table, request)
    assert answer.objective == pytest.approx(np.ptp(bobs.mean(axis=0) - alice) / 2)
    assert alignment.verify(table, answer.point or {}, request)[1].verified
    assert not alignment.verify(table, {"weights": [0.6, 0.4]}, request)[1].verified
    given = Request("alignment", options={"weights": alignment.weights_of("2,0")})
    assert alignment.solve(table, given).objective == 0


def test_more_bobs_than_outcomes_meet_alice_exactly() -> None:
    """With 40 Bobs of 12 outcomes many weights reach epsilon 0, where no row has a price."""
    rng = np.random.default_rng(0)
    bobs = rng.random((40, 12))
    found = combination.fit(bobs[:30].mean(axis=0), bobs)
    assert found.epsilon == pytest.approx(0, abs=1e-12)
    assert alignment.certify(bobs[:30].mean(axis=0), bobs, {"weights": found.weights})[1].verified


def test_bobs_who_are_opposite_up_to_rounding_do_not_get_weights_that_no_float_holds() -> None:
    rng = np.random.default_rng(3)
    for digits in (1, 2, 3, 3):
        bobs, alice = np.round(rng.random((8, 2)), digits), np.round(rng.random(8), 2)
        rounded = [1 - bobs, np.round(1 - bobs, digits)]  # .30000000000000004 and .3
        found = [combination.fit(alice, np.hstack([bobs, other]).T, convex=False) for other in rounded]
        assert found[0].epsilon == pytest.approx(found[1].epsilon, abs=1e-10)
        assert found[0].weights.max() < 1e4
    # a difference that floats do hold is used: U + Alice / 10^8 and -U give Alice
    alice, bob = np.round(rng.random(8), 2), np.round(rng.random(8), 2)
    near = np.round(bob + 1e-8 * alice, 10)
    assert combination.fit(alice, [near, -bob], convex=False).epsilon < 1e-6


def test_utilities_as_small_as_floats_get() -> None:
    """Half of 5e-324 rounds to 0 or to itself: neither is an error of the answer."""
    bobs = [[4.0, 4.0], [-1.0, 0.0]]
    fields, certificate = alignment.certify([5e-324, 0.0], bobs, {"weights": [1.0, 0.0]})
    assert certificate.verified and fields["epsilon"] <= 5e-324
    assert not alignment.certify([5e-324, 0.0], bobs, {"weights": [0.9, 0.1]})[1].verified
