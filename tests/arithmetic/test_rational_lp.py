"""Linear programs in rationals against all bases tried one by one, from a guess in floats and without one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from bigopt.arithmetic import rational_lp, simplex
from bigopt.arithmetic.rational_lp import INFEASIBLE, OPTIMAL, UNBOUNDED, maximize

GUESSES = ("floats", "none", "wrong")


def best_basis(A: fmpq_mat, b: list[fmpq], c: list[fmpq]) -> fmpq | None:
    """Return the largest value of any feasible basic solution (rows independent), None if there is none."""
    m, n = A.nrows(), A.ncols()
    table, values = A.tolist(), []
    for chosen in combinations(range(n), m):
        square = fmpq_mat(m, m, [table[i][j] for i in range(m) for j in chosen])
        if square.det() == 0:
            continue
        x = square.solve(fmpq_mat(m, 1, b)).entries()
        if min(x) >= 0:
            values.append(sum((c[j] * v for j, v in zip(chosen, x, strict=True)), fmpq(0)))
    return max(values) if values else None


def program(seed: int) -> tuple[fmpq_mat, list[fmpq], list[fmpq]]:
    """Return a bounded program of 3 rows (the first: positive weights of sum 1), feasible or not."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 8))
    rows = [[fmpq(int(v), 7) for v in rng.integers(1, 9, n)]]
    rows += [[fmpq(int(v), 3) for v in rng.integers(-4, 5, n)] for _ in range(2)]
    b = [fmpq(1), *(fmpq(int(v), 5) for v in rng.integers(-3, 4, 2))]
    return fmpq_mat(3, n, [v for row in rows for v in row]), b, [fmpq(int(v), 11) for v in rng.integers(-9, 10, n)]


def guessing(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Let the floats guess, say nothing, or name the first columns whatever they are."""
    if how != "floats":
        guess: Any = lambda A, b, c: None if how == "none" else list(range(A.nrows()))  # noqa: E731
        monkeypatch.setattr(rational_lp, "_guess", guess)


def proved(A: fmpq_mat, b: list[fmpq], c: list[fmpq], found: rational_lp.Optimum) -> None:
    """The point is feasible, the prices are too, and both have the same value."""
    assert found.status == OPTIMAL and min(found.x) >= 0
    assert (A * fmpq_mat(A.ncols(), 1, list(found.x))).entries() == b
    assert all(p >= v for p, v in zip((fmpq_mat(1, len(b), list(found.dual)) * A).entries(), c, strict=True))
    assert sum((p * v for p, v in zip(found.dual, b, strict=True)), fmpq(0)) == found.value
    assert sum((p * v for p, v in zip(c, found.x, strict=True)), fmpq(0)) == found.value


@pytest.mark.parametrize("how", GUESSES)
@pytest.mark.parametrize("seed", range(25))
def test_the_best_of_all_bases(seed: int, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guessing(monkeypatch, how)
    A, b, c = program(seed)
    best, found = best_basis(A, b, c), maximize(A, b, c)
    if best is None:
        assert found.status == INFEASIBLE
    else:
        assert found.value == best
        proved(A, b, c, found)


@pytest.mark.parametrize("how", GUESSES)
@pytest.mark.parametrize("seed", range(6))
def test_rows_said_twice_change_nothing(seed: int, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    A, b, c = program(seed)
    once = maximize(A, b, c)
    guessing(monkeypatch, how)
    rows = A.tolist()
    sum_of = [p - 2 * q for p, q in zip(rows[0], rows[1], strict=True)]
    more = fmpq_mat(5, A.ncols(), [v for row in [*rows, rows[2], sum_of] for v in row])
    twice = maximize(more, [*b, b[2], b[0] - 2 * b[1]], c)
    assert (twice.status, twice.value) == (once.status, once.value)
    if once.status == OPTIMAL:
        proved(more, [*b, b[2], b[0] - 2 * b[1]], c, twice)
    assert maximize(more, [*b, b[2], b[0] - 2 * b[1] + 1], c).status == INFEASIBLE


@pytest.mark.parametrize("how", GUESSES)
def test_no_largest_value(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guessing(monkeypatch, how)
    A = fmpq_mat(1, 3, [fmpq(1), fmpq(-1), fmpq(1)])  # x - y + z = 1
    assert maximize(A, [fmpq(1)], [fmpq(1), fmpq(0), fmpq(0)]).status == UNBOUNDED
    assert maximize(A, [fmpq(1)], [fmpq(0), fmpq(-1), fmpq(2)]).status == UNBOUNDED
    assert maximize(A, [fmpq(1)], [fmpq(0), fmpq(-3), fmpq(2)]).value == 2


def test_what_floats_cannot_tell_apart() -> None:
    """Two columns whose worth differs in the thirtieth digit."""
    tiny = fmpq(1, 10**30)
    found = maximize(fmpq_mat(1, 2, [fmpq(1), fmpq(1)]), [fmpq(1)], [fmpq(1), 1 + tiny])
    assert found.x == (fmpq(0), fmpq(1)) and found.value == 1 + tiny


def test_the_clock_stops_every_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    guessing(monkeypatch, "none")
    seen: list[str] = []

    def clock(doing: str) -> None:
        seen.append(doing)

    maximize(*program(0), clock)
    assert {"finding a feasible point in rationals", "solving a linear program in rationals"} == set(seen)


def test_a_basis_that_is_none() -> None:
    A = np.array([[1, 1, 0], [1, 1, 1]], dtype=object)
    with pytest.raises(ArithmeticError, match="singular"):
        simplex.maximize(A, [1, 1], [1, 0, 0], [0, 1])
    with pytest.raises(ArithmeticError, match="infeasible"):
        simplex.maximize(A, [2, 1], [1, 0, 0], [0, 2])
