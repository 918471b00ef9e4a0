"""The equilibrium of least norm by one multiplier for the supply, whatever number of players there is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline

SUPPLIED = 1e-11  # of all that is supplied: what the sum of the supplies may miss


def least_norm(
    weights: Floats, supply: Floats, nearest: Callable[[Floats], Floats], deadline: Deadline
) -> Floats | None:
    r"""Return x of least sum of |x_i|^2 with x_i in F_i and sum_i w_i x_i = supply, shape (n, d), or None if not found.

    Player i plays the point of F_i nearest to w_i m, and the multiplier m in R^d minimizes the convex

    .. math:: \sum_i (w_i m^\top x_i - \tfrac12 \|x_i\|^2) - m^\top supply,

    whose gradient is what the players supply too much.

    Parameters
    ----------
    weights : ndarray, shape (n,)
    supply : ndarray, shape (d,)
    nearest : callable
        From points (n, d) to the points of the faces that are nearest to them, row by row.
    """
    from scipy.optimize import minimize, root

    least = nearest(np.zeros((len(weights), len(supply))))
    total = float(np.abs(weights).sum())
    size = max(float(np.abs(least).max()), float(np.abs(supply).max()) / total) or 1.0
    pull = weights / float(np.linalg.norm(weights))  # all in units of the actions' size

    def dual(m: Floats) -> tuple[float, Floats]:
        deadline.check("finding the member of least norm")
        x = nearest(size * pull[:, None] * m) / size
        excess = np.asarray(pull @ x - given)
        return float(m @ excess) - 0.5 * float((x**2).sum()), excess

    given = supply / (size * float(np.linalg.norm(weights)))
    noise = SUPPLIED * float(np.abs(pull).sum())
    for start in (given, 0.0 * given):
        m = minimize(dual, start, jac=True, method="BFGS", options={"gtol": noise}).x
        for point in (m, root(lambda at: dual(at)[1], m, tol=1e-14).x):
            if float(np.abs(dual(point)[1]).max()) <= noise:
                return nearest(size * pull[:, None] * point)
    return None
