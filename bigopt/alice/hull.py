r"""How near Alice comes to the Bobs' hull: the linear program of Definition 1, and its dual as a proof.

With Alice's utilities a and the Bobs' B over outcomes o, the program and its dual are

.. math::

   \min\; \varepsilon: \quad & w B_o + c - \varepsilon \le a_o \;(o \in F), \quad w B_o + c + \varepsilon \ge a_o
   \;(o \in O), \quad w, \varepsilon \ge 0, \quad [\textstyle\sum_j w_j = 1] \\
   \max\; \sum_O q_o a_o - \sum_F p_o a_o \;[+ t]: \quad & \textstyle\sum p + \sum q \le 1, \quad \sum q = \sum p,
   \quad \sum_O q_o B_{jo} - \sum_F p_o B_{jo} \;[+ t] \le 0, \quad p, q \ge 0 .

An outcome of both sides, half on each, is a feasible basis of the dual (as are the slacks and one p_o = 0), so that
the simplex method in rational numbers solves it without a first phase. Larger tables go to HiGHS with rows that are
added lazily (few of the 2 N ever bind), every player's utilities scaled to [0, 1]; what binds is then solved again in
rational numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bigopt.alice.lazy_lp import LazyLP
from bigopt.alice.utilities import Index, Integers, Utilities
from bigopt.arithmetic import simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED

EXACT_BOBS = 12  # the exact simplex method is asked for up to so many Bobs
EXACT_ENTRIES = 20_000  # and so many coefficients
POLISHED_BOBS = 120  # beyond, the duals stay the floats of HiGHS, evaluated exactly
BLOCKS = 128  # outcomes are scanned in so many blocks, and each offers its most violated row


@dataclass(frozen=True)
class Proof:
    """Dual multipliers, each (outcome, value): p of the upper side, q of the lower."""

    upper: tuple[tuple[int, Fraction], ...]
    lower: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Fit:
    """Weights, and multipliers that bound what any weights can reach (None where none were found)."""

    weights: tuple[Fraction, ...]
    proof: Proof | None
    stopped: str = SOLVED
    rows: int = 0
    exact: bool = False


def bound(table: Utilities, proof: Proof | None, convex: bool) -> Fraction:
    """Evaluate the dual: a lower bound on epsilon over all weights, 0 where the multipliers prove nothing."""
    if proof is None:
        return Fraction(0)
    p, q = _mass(proof.upper), _mass(proof.lower)
    signs = [value for _, value in (*proof.upper, *proof.lower)]
    if min(signs, default=Fraction(0)) < 0 or p != q or p + q > 1:
        return Fraction(0)
    value = (_weighted(table.alice, proof.lower) - _weighted(table.alice, proof.upper)) * table.unit
    rows = [
        (_weighted(row, proof.lower) - _weighted(row, proof.upper)) * unit
        for row, unit in zip(table.bobs, table.units, strict=True)
    ]
    if convex:
        return max(Fraction(0), value - max(rows))  # t = -max
    return max(Fraction(0), value) if max(rows) <= 0 else Fraction(0)


def fit(table: Utilities, convex: bool, deadline: Deadline | None = None) -> Fit:
    """Return the best weights (summing to one if `convex`) with the proof that they are."""
    columns = table.upper.size + table.lower.size
    small = table.k <= EXACT_BOBS and columns * (table.k + 2) <= EXACT_ENTRIES
    return _exact(table, convex, deadline) if small else _lazy(table, convex, deadline)


def _exact(table: Utilities, convex: bool, deadline: Deadline | None) -> Fit:
    """Solve the dual in rational numbers; its prices are the weights."""
    A, b, cost = _dual(table, convex)
    watch = (lambda: None) if deadline is None else (lambda: deadline.check("fitting weights to Alice's utility"))
    best = simplex.maximize(A, b, cost, _start(table), watch)
    shares = [price * row for price, row in zip(best.prices[2:], _rows(table), strict=True)]
    weights = tuple(share * table.unit / unit for share, unit in zip(shares, table.units, strict=True))
    return Fit(weights, _proof(table, best), exact=True)


def _start(table: Utilities) -> list[int]:
    """Return a feasible basis of the dual."""
    f, outcomes = table.upper.size, table.upper.size + table.lower.size
    slacks = range(outcomes, outcomes + table.k)
    shared, p, q = np.intersect1d(table.upper, table.lower, assume_unique=True, return_indices=True)
    return [int(p[0]), f + int(q[0]), *slacks] if shared.size else [0, *slacks, outcomes + table.k]


def _dual(table: Utilities, convex: bool) -> tuple[Integers, list[int], list[int]]:
    """Return the dual as max cost.x, A x == b: columns p, q, the Bobs' slacks, epsilon's slack [, t and -t].

    With convex weights a Bob's row carries t alice's unit / his unit, whole after the row is multiplied (`_rows`).
    """
    f, o, k = table.upper.size, table.lower.size, table.k
    A = np.zeros((k + 2, f + o + k + 1 + 2 * convex), dtype=object)
    A[0, : f + o] = 1
    A[1, :f], A[1, f : f + o] = -1, 1
    scale = _rows(table)
    for j, (row, times) in enumerate(zip(table.bobs, scale, strict=True)):
        A[j + 2, :f], A[j + 2, f : f + o] = -times * row[table.upper], times * row[table.lower]
        A[j + 2, f + o + j] = 1
        if convex:
            share = int(times * table.unit / table.units[j])
            A[j + 2, -2:] = share, -share
    A[0, f + o + k] = 1
    cost = [*(-table.alice[table.upper]).tolist(), *table.alice[table.lower].tolist(), *[0] * (k + 1)]
    return A, [1, 0, *[0] * k], [*cost, *([1, -1] if convex else [])]


def _rows(table: Utilities) -> list[int]:
    return [(table.unit / unit).denominator for unit in table.units]


def _proof(table: Utilities, best: simplex.Optimum) -> Proof:
    """Return the multipliers of the outcomes in a basis."""
    f, o = table.upper.size, table.lower.size
    pairs = [(c, v) for c, v in zip(best.basis, best.basic, strict=True) if v > 0]
    upper = tuple((int(table.upper[c]), v) for c, v in pairs if c < f)
    return Proof(upper, tuple((int(table.lower[c - f]), v) for c, v in pairs if f <= c < f + o))


def _lazy(table: Utilities, convex: bool, deadline: Deadline | None) -> Fit:
    """Solve by HiGHS with lazy rows on utilities from 0 to 1, then in rational numbers where there are few Bobs."""
    search = _Search(table, convex)
    stopped = search.run(deadline)
    rows = len(search.written)
    found = Fit(search.exact_weights(), search.proof, stopped, rows)
    if stopped != SOLVED or table.k > POLISHED_BOBS or search.proof is None:
        return found
    polished = _polished(table, convex, search.proof, rows, deadline)
    if table.measure(polished.weights)[0] <= table.measure(found.weights)[0]:
        return polished
    return replace(found, proof=polished.proof)  # rows of price 0 may bind where many weights are best


class _Search:
    """The program min epsilon over shares, offset and epsilon, whose rows are written down as they are violated."""

    def __init__(self, table: Utilities, convex: bool) -> None:
        """Start from equal weights, or from none where any sum will do."""
        self.table, self.convex = table, convex
        alice, self.bobs = table.normalized
        self.unit, self.sizes = table.scale(convex)
        self.target = alice * (float(table.spans[0]) / self.unit)
        k = table.k
        self.program = LazyLP(np.r_[np.zeros(k + 1), 1.0], lower=np.r_[np.zeros(k), -np.inf, 0.0])
        if convex:
            share = self.unit / self.sizes
            self.program.add_rows(np.r_[share / share.max(), 0.0, 0.0][None, :], 1 / share.max(), 1 / share.max())
        self.best = self.sizes / self.unit / k if convex else np.zeros(k)
        self.proof: Proof | None = None
        self.written: list[tuple[int, float]] = []  # the outcome and the side of each row
        self.seen = (set[int](), set[int]())

    def run(self, deadline: Deadline | None) -> str:
        """Add the most violated rows and solve, until none is or the time is over; return how it stopped."""
        weights, reached, least = self.best, 0.0, np.inf
        while True:
            residual = weights @ self.bobs - self.target
            top, bottom = residual[self.table.upper].max(), residual[self.table.lower].min()
            epsilon, offset = max(0.0, (top - bottom) / 2), -(top + bottom) / 2
            if epsilon < least:
                self.best, least = weights, epsilon
            fresh = _violated(residual + offset, self.table.upper, self.table.lower, reached + 1e-13, self.seen)
            if least - reached <= 1e-12 or not any(part.size for part in fresh):
                return SOLVED
            self._write(fresh)
            result = self.program.solve(deadline)
            if not result.solved:
                return result.stopped
            reached = max(reached, result.objective)
            self.proof = _rounded(self.written, result.dual[int(self.convex) :])
            weights = np.maximum(result.x[: self.table.k], 0.0)

    def _write(self, fresh: Sequence[Index]) -> None:
        """Add the rows sign (w U + c) + epsilon >= sign u_A of outcomes, the upper side's and the lower's."""
        for part, sign in zip(fresh, (-1.0, 1.0), strict=True):
            rows = np.column_stack([sign * self.bobs[:, part].T, np.full(part.size, sign), np.ones(part.size)])
            self.program.add_rows(rows, sign * self.target[part])
            self.written += [(int(o), sign) for o in part]

    def exact_weights(self) -> tuple[Fraction, ...]:
        """Return the best weights as fractions, of sum one if they are convex."""
        pairs = zip(self.best.tolist(), self.sizes.tolist(), strict=True)
        exact = [Fraction(w) * Fraction(self.unit) / Fraction(s) for w, s in pairs]
        whole = sum(exact, Fraction(0)) if self.convex else Fraction(1)
        return tuple(w / whole for w in exact)


def _polished(table: Utilities, convex: bool, proof: Proof, rows: int, deadline: Deadline | None) -> Fit:
    """Solve again, in rational numbers, with the rows that bind (and a first one, so that no side is empty)."""
    shared = np.intersect1d(table.upper, table.lower)[:1]
    upper = np.union1d([o for o, _ in proof.upper], shared if shared.size else table.upper[:1]).astype(np.intp)
    lower = np.union1d([o for o, _ in proof.lower], shared if shared.size else table.lower[:1]).astype(np.intp)
    found = _exact(replace(table, upper=upper, lower=lower), convex, deadline)
    return replace(found, rows=rows)


def _rounded(written: Sequence[tuple[int, float]], dual: Floats) -> Proof:
    """Return the multipliers as fractions, one half on each side."""
    sides = []
    for side in (-1.0, 1.0):
        found = [(o, Fraction(float(v))) for (o, sign), v in zip(written, dual, strict=True) if sign == side and v > 0]
        mass = 2 * _mass(found)
        sides.append(tuple((o, v / mass) for o, v in found) if mass else ())
    return Proof(sides[0], sides[1])


def _mass(pairs: Sequence[tuple[int, Fraction]]) -> Fraction:
    return sum((value for _, value in pairs), Fraction(0))


def _weighted(row: Integers, pairs: Sequence[tuple[int, Fraction]]) -> Fraction:
    return sum((value * int(row[o]) for o, value in pairs), Fraction(0))


def _violated(
    residual: Floats, above: Index, below: Index, epsilon: float, seen: tuple[set[int], set[int]]
) -> list[Index]:
    """Return the most violated new outcome of each block, on the upper and the lower side."""
    found = []
    for index, sign, known in ((above, 1.0, seen[0]), (below, -1.0, seen[1])):
        excess = sign * residual[index] - epsilon
        edges = np.linspace(0, index.size, min(BLOCKS, index.size) + 1).astype(np.intp)
        tops = [a + int(excess[a:b].argmax()) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        fresh = [int(index[i]) for i in tops if excess[i] > 0 and int(index[i]) not in known]
        known.update(fresh)
        found.append(np.array(fresh, dtype=np.intp))
    return found
