r"""Whether the likelihood has a maximizer (Albert and Anderson 1984).

It has none, or a line of them, iff some direction has :math:`(2 z_j - 1) b_j^\top \delta \ge 0` for every comparison:
along it no term of the log-likelihood ever falls. A linear program finds the direction; rows enter when violated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline

ROWS = 2000  # of the first program, and at most as many more in each later one
VIOLATED = 1e-9  # of a row of length 1


def direction(slopes: Floats, labels: npt.NDArray[Any], deadline: Deadline) -> Floats | None:
    """Return a direction of length 1 along which the log-likelihood never falls, None where there is none.

    Parameters
    ----------
    slopes : ndarray, shape (N, d)
    labels : ndarray, shape (N,)
        1 or True where y is preferred.
    """
    signed = slopes * (2.0 * np.asarray(labels, dtype=float) - 1.0)[:, None]
    lengths = np.linalg.norm(signed, axis=1)
    signed = signed[lengths > 0] / lengths[lengths > 0, None]
    if not len(signed):
        return np.asarray(np.eye(slopes.shape[1])[0], dtype=float)
    flat = _null_direction(signed)
    if flat is not None:
        return flat
    rows = np.arange(min(ROWS, len(signed)))
    while True:
        deadline.check("looking for separable labels")
        chosen = signed[rows]
        done = linprog(
            -chosen.sum(axis=0), A_ub=-chosen, b_ub=np.zeros(len(chosen)), bounds=(-1.0, 1.0), method="highs"
        )
        if done.x is None or -done.fun <= VIOLATED * len(rows):  # the rows have full rank or the next ones will tell
            extra = None if _null_direction(chosen) is None else np.arange(len(signed))
            if extra is None or len(extra) == len(rows):
                return None
            rows = extra
            continue
        margins = signed @ done.x
        violated = np.flatnonzero(margins < -VIOLATED)
        if not len(violated):
            return np.asarray(done.x / np.linalg.norm(done.x))
        worst = violated[np.argsort(margins[violated])[:ROWS]]
        rows = np.concatenate([rows, worst])


def _null_direction(rows: Floats) -> Floats | None:
    """Return a direction that no row sees, None where the rows span the space."""
    values, vectors = np.linalg.eigh(rows.T @ rows)
    return np.asarray(vectors[:, 0]) if values[0] <= 1e-12 * max(values[-1], 1e-300) else None
