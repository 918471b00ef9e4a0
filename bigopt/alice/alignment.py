r"""How near Alice's utility is to the Bobs' hull: approximate market alignment (Definition 1), exactly and with proof.

The smallest :math:`\varepsilon` such that some weights :math:`w \ge 0` and offset :math:`c` give

.. math:: |\, \textstyle\sum_j w_j U_j(a, y) + c - u_A(a, y)\,| \le \varepsilon \quad \text{for every outcome } (a, y).

With residuals :math:`r = \sum_j w_j U_j - u_A` the best offset is the middle of their range and
:math:`\varepsilon(w) = (\max r - \min r)/2`. For any probabilities p over outcomes on the upper and q on the lower
side, :math:`\varepsilon \ge \tfrac12 [\min_j (p - q) \cdot U_j - (p - q) \cdot u_A]` where the weights sum to one:
the two meet at the optimum, so a point is proved by its own active outcomes. Only few of the 2N rows ever bind, hence
the rows are added lazily.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from bigopt.alice.lazy_lp import LazyLP
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Answer, Concept, Formulation, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Certificate, Check
from bigopt.errors import InstanceError, UsageError

GAP = 1e-8  # certified gap of epsilon, in ranges of Alice's and the Bobs' utilities
ACTIVE = 1e-7  # an outcome is active if its residual is this near the extreme, in the same ranges
NEGATIVE = 1e-9  # weights this far below zero, or sums this far from one, are rounding
BLOCKS = 128  # outcomes are scanned in so many blocks, and each offers its most violated row


class Aligned(Protocol):
    """A game with an Alice and Bobs who value the same outcomes."""

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all N outcomes (a, y)."""
        ...


@dataclass(frozen=True)
class Alignment:
    """Weights, offset and error of Definition 1.

    Attributes
    ----------
    epsilon, offset : float
        In units of utility.
    weights : ndarray [k]
    bound : float
        A lower bound on epsilon from the rows that were written down.
    stopped : str
        Pyomo's TerminationCondition name.
    rows : int
        Rows that the program ended with, of 2 N.
    """

    epsilon: float
    weights: Floats
    offset: float
    bound: float
    stopped: str
    rows: int


def measure(
    alice: Floats,
    bobs: Floats,
    weights: Floats,
    upper: npt.NDArray[np.intp] | None = None,
    lower: npt.NDArray[np.intp] | None = None,
) -> tuple[float, float]:
    """Return (epsilon, offset) of given weights: the half range of the residuals, and minus its middle.

    `upper` and `lower` are the outcomes on which ``w U + c <= u_A + eps`` and ``w U + c >= u_A - eps`` are asked for
    (default: all, on both sides); on one-sided sets epsilon is cut off at 0.
    """
    residual = weights @ bobs - alice
    top = float((residual if upper is None else residual[upper]).max())
    bottom = float((residual if lower is None else residual[lower]).min())
    return max(0.0, (top - bottom) / 2), -(top + bottom) / 2


def fit(
    alice: npt.ArrayLike,
    bobs: npt.ArrayLike,
    *,
    convex: bool = True,
    upper: npt.NDArray[np.intp] | None = None,
    lower: npt.NDArray[np.intp] | None = None,
    deadline: Deadline | None = None,
) -> Alignment:
    """Minimize epsilon over the weights and the offset by a linear program with lazy rows.

    Parameters
    ----------
    alice : array [N] (or any shape, flattened)
    bobs : array [k, N] (or [k, *shape])
    convex : bool
        Whether the weights sum to one (Definition 1), or are only non-negative (the misalignment of Section 7).
    upper, lower : index arrays into the outcomes, default all
    deadline : Deadline

    Returns
    -------
    Alignment
        With epsilon measured on all outcomes from the weights themselves.
    """
    target, utilities = _table(alice, bobs)
    k = len(utilities)
    above = np.arange(target.size) if upper is None else np.asarray(upper, dtype=np.intp)
    below = np.arange(target.size) if lower is None else np.asarray(lower, dtype=np.intp)
    scale = scale_of(target, utilities)
    program = LazyLP(np.r_[np.zeros(k + 1), 1.0], lower=np.r_[np.zeros(k), -np.inf, 0.0])
    if convex:
        program.add_rows(np.r_[np.ones(k), 0.0, 0.0][None, :], 1.0, 1.0)
    weights = np.full(k, 1.0 / k) if convex else np.zeros(k)
    best = (np.inf, 0.0, weights)
    bound, stopped, seen = 0.0, SOLVED, (set[int](), set[int]())
    while True:
        residual = weights @ utilities - target
        epsilon, offset = measure(target, utilities, weights, above, below)
        best = min(best, (epsilon, offset, weights), key=lambda found: found[0])
        if best[0] - bound <= 1e-12 * scale:
            break
        fresh = _violated(residual, above, below, offset, bound + 1e-13 * scale, seen)
        if not any(part.size for part in fresh):
            break
        for part, sign in zip(fresh, (-1.0, 1.0), strict=True):  # sign (w U + c) + eps >= sign u_A
            rows = np.column_stack([sign * utilities[:, part].T, np.full(part.size, sign), np.ones(part.size)])
            program.add_rows(rows / scale, sign * target[part] / scale)
        result = program.solve(deadline)
        if not result.solved:
            stopped = result.stopped
            break
        bound = max(bound, result.objective)
        weights = np.maximum(result.x[:k], 0.0)
        if convex:
            weights = weights / weights.sum()
    return Alignment(best[0], best[2], best[1], min(bound, best[0]), stopped, program.rows - int(convex))


def lower_bound(
    alice: npt.ArrayLike,
    bobs: npt.ArrayLike,
    weights: Floats,
    *,
    convex: bool = True,
    upper: npt.NDArray[np.intp] | None = None,
    lower: npt.NDArray[np.intp] | None = None,
) -> float:
    """Return a lower bound on epsilon from probabilities on the outcomes that are active at these weights.

    The probabilities come from a small LP, but the bound is evaluated from them by the formula of this module. Without
    the sum constraint the formula also needs (p - q) . U_j >= 0; what rounding leaves of a violation is charged at the
    point's own total weight.
    """
    target, utilities = _table(alice, bobs)
    residual = weights @ utilities - target
    above = np.arange(target.size) if upper is None else np.asarray(upper, dtype=np.intp)
    below = np.arange(target.size) if lower is None else np.asarray(lower, dtype=np.intp)
    near = ACTIVE * scale_of(target, utilities)
    p = above[residual[above] >= residual[above].max() - near]
    q = below[residual[below] <= residual[below].min() + near]
    chosen, sign = np.r_[p, q], np.r_[np.ones(p.size), -np.ones(q.size)]
    gain = sign * utilities[:, chosen]  # [k, active]: row j has entries of (p - q) . U_j
    # maximize t - sign target . y over y >= 0 with p and q each of mass one, t <= gain_j . y (t = 0 without the sum)
    rows = np.column_stack([-gain, np.ones(len(gain))])
    masses = np.vstack([np.r_[sign > 0, False], np.r_[sign < 0, False]]).astype(float)
    free = (None, None) if convex else (0.0, 0.0)
    solved = linprog(
        np.r_[sign * target[chosen], -1.0],
        A_ub=rows,
        b_ub=np.zeros(len(gain)),
        A_eq=masses,
        b_eq=np.ones(2),
        bounds=[(0, None)] * chosen.size + [free],
        method="highs",
    )
    if solved.x is None:
        return 0.0
    y = np.maximum(solved.x[:-1], 0.0)
    y = y / np.where(sign > 0, y[sign > 0].sum(), y[sign < 0].sum())
    dual = gain @ y
    worst = float(dual.min()) if convex else min(0.0, float(dual.min())) * float(weights.sum())
    return max(0.0, (worst - float(target[chosen] @ (sign * y))) / 2)


def scale_of(alice: Floats, bobs: Floats) -> float:
    """Return the largest range of any utility, the unit of this module's tolerances (1 where all are constant)."""
    return float(max(np.ptp(alice), np.ptp(bobs, axis=1).max())) or 1.0


def certify(
    alice: npt.ArrayLike, bobs: npt.ArrayLike, point: Mapping[str, Any], *, convex: bool = True
) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon and offset from the weights of a point and prove that no other weights do better.

    Raises
    ------
    InstanceError
        The weights are missing, or not k finite numbers.
    """
    target, utilities = _table(alice, bobs)
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {len(utilities)} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", [len(utilities)], ["Bob"])
    outside = max(0.0, float(-given.min()), abs(float(given.sum()) - 1.0) if convex else 0.0)
    weights = np.maximum(given, 0.0)
    if convex and weights.sum() > 0:
        weights = weights / weights.sum()
    epsilon, offset = measure(target, utilities, weights)
    bound = lower_bound(target, utilities, weights, convex=convex)
    scale = scale_of(target, utilities)
    checks = (
        Check("weights", outside, NEGATIVE, "weight", "w >= 0" + (" and sum w = 1" if convex else "")),
        Check("gap", (epsilon - bound) / scale, GAP, "utility range", f"dual bound {bound:.12g}"),
    )
    return {"epsilon": epsilon, "weights": weights, "offset": offset}, Certificate(checks)


def solve(game: Aligned, request: Request) -> Answer:
    """Answer the concept `alignment` by the linear program with lazy rows."""
    found = fit(*game.outcome_utilities(), deadline=request.deadline)
    point = {"epsilon": found.epsilon, "weights": found.weights, "offset": found.offset}
    holds = "optimal" if found.stopped == SOLVED else "feasible"
    return Answer(point, found.epsilon, found.bound, found.stopped, holds, f"lazy rows ({found.rows} written down)")


def verify(game: Aligned, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the concept `alignment`."""
    return certify(*game.outcome_utilities(), point)


def formulations(game: Aligned, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    return (Formulation("alignment", "LP"),)


CONCEPT = Concept(
    "alignment",
    "approximate market alignment: the distance from Alice to the Bobs' hull (Definition 1)",
    verify,
    solve,
    formulations,
    objective="epsilon",
    sense="min",
)


def _table(alice: npt.ArrayLike, bobs: npt.ArrayLike) -> tuple[Floats, Floats]:
    target = np.asarray(alice, dtype=float).ravel()
    table = np.asarray(bobs, dtype=float)
    if table.ndim < 2 or not len(table) or table[0].size != target.size:
        raise UsageError(f"utilities of shape {table.shape} against Alice's {target.size} outcomes, expected [k, N]")
    return target, table.reshape(len(table), -1)


def _violated(
    residual: Floats,
    above: npt.NDArray[np.intp],
    below: npt.NDArray[np.intp],
    offset: float,
    epsilon: float,
    seen: tuple[set[int], set[int]],
) -> list[npt.NDArray[np.intp]]:
    """Return the most violated new outcome of each block, on the upper and the lower side."""
    found = []
    for index, sign, known in ((above, 1.0, seen[0]), (below, -1.0, seen[1])):
        excess = sign * (residual[index] + offset) - epsilon
        edges = np.linspace(0, index.size, min(BLOCKS, index.size) + 1).astype(np.intp)
        tops = [a + int(excess[a:b].argmax()) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        fresh = [int(index[i]) for i in tops if excess[i] > 0 and int(index[i]) not in known]
        known.update(fresh)
        found.append(np.array(fresh, dtype=np.intp))
    return found
