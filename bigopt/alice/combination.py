"""The combination of the Bobs that comes nearest to Alice, with its error and a bound that proves it (Definition 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bigopt.alice import hull, writable
from bigopt.alice.utilities import Index, Utilities, utilities
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import fraction
from bigopt.concepts.deadline import Deadline


@dataclass(frozen=True)
class Alignment:
    """Weights, offset and error of Definition 1.

    Attributes
    ----------
    epsilon, offset : float
        In units of utility.
    weights : ndarray [k]
    bound : float
        A proved lower bound on epsilon.
    stopped : str
        Pyomo's TerminationCondition name.
    rows : int
        Rows that were written down, of 2 N (0 where all were, in rational numbers).
    exact : tuple (epsilon, weights, offset) of fractions
    limited : bool
        Whether only weights that floats can write were looked at (`bigopt.alice.writable`).
    """

    epsilon: float
    weights: Floats
    offset: float
    bound: float
    stopped: str
    rows: int
    exact: tuple[Fraction, tuple[Fraction, ...], Fraction]
    limited: bool = False


def measure(
    alice: npt.ArrayLike,
    bobs: npt.ArrayLike,
    weights: npt.ArrayLike,
    upper: Index | None = None,
    lower: Index | None = None,
) -> tuple[float, float]:
    """Return (epsilon, offset) of given weights, with upper and lower sides as in `Utilities`."""
    given = [fraction(w) for w in np.asarray(weights, dtype=float).tolist()]
    epsilon, offset = utilities(alice, bobs, upper, lower).measure(given)
    return float(epsilon), float(offset)


def fit(
    alice: npt.ArrayLike,
    bobs: npt.ArrayLike,
    *,
    convex: bool = True,
    upper: Index | None = None,
    lower: Index | None = None,
    deadline: Deadline | None = None,
) -> Alignment:
    """Minimize epsilon over the weights and the offset.

    Parameters
    ----------
    alice : array [N] (or any shape, flattened)
    bobs : array [k, N] (or [k, *shape])
    convex : bool
        Whether the weights sum to one (Definition 1), or are only non-negative (Remark 2, Section 7).
    upper, lower : index arrays into the outcomes, default all
    deadline : Deadline

    Returns
    -------
    Alignment
        With epsilon measured on all outcomes from the weights themselves.
    """
    return written(utilities(alice, bobs, upper, lower), convex, deadline)


def aligned(table: Utilities, convex: bool, deadline: Deadline | None = None) -> Alignment:
    """Minimize epsilon over the weights and the offset, in exact decimals."""
    found = hull.fit(table, convex, deadline)
    epsilon, offset = table.measure(found.weights)
    low = min(epsilon, hull.bound(table, found.proof, convex))
    weights = np.array([float(w) for w in found.weights])
    exact = epsilon, found.weights, offset
    return Alignment(float(epsilon), weights, float(offset), float(low), found.stopped, found.rows, exact)


def written(table: Utilities, convex: bool, deadline: Deadline | None = None) -> Alignment:
    """Minimize epsilon as `aligned` does, over weights that floats can write where they lose the best ones."""
    found = aligned(table, convex, deadline)
    stake = max(found.bound, table.spread) or float(table.spans[0])
    if convex or writable.held(table, found.weights.tolist(), found.exact[0], stake):
        return found
    best = aligned(writable.limited(table), True, deadline)
    weights = tuple(w * most for w, most in zip(best.exact[1], writable.factors(table), strict=False))
    exact = (best.exact[0], weights, best.exact[2])
    return replace(best, weights=np.array([float(w) for w in weights]), exact=exact, limited=True)
