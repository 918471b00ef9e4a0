r"""Maximize h(V x) - lambda D(x) over the simplex by a primal-dual interior-point method.

The prices y of the welfare are kept beside the point, with :math:`y_i v_i^\alpha = w_i` for alpha-fair welfare (Nash:
alpha = 1); for the least value, :math:`v_i = \tau + s_i,\ y_i s_i = \mu,\ \sum y = 1`. Both make one small system in
(y, tau, t) for the Newton step, since D's second derivatives are diagonal, or k by k for a mixture of k policies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism.exact.welfares import AlphaFair, Welfare

ROUNDS = 150
PATIENCE = 12  # rounds without a smaller gap
SHORT = 0.99  # of the way to the boundary
SHRINK = 0.1  # of the complementarity, each round
SMALL = 1e-17  # of the welfare's prices: a gap is only rounding
Curved = Callable[[Floats], tuple[Floats, Floats]]


@dataclass
class Point:
    """Where the method is: shares x with multipliers z and t, prices y, and for the least value s and tau."""

    x: Floats
    z: Floats
    y: Floats
    s: Floats
    tau: float


def maximize(
    worth: Floats, sizes: Floats, welfare: Welfare, curved: Curved, gap: Callable[[Floats, Floats], float]
) -> tuple[Floats, Floats]:
    """Return the best (x, y) found.

    Parameters
    ----------
    worth : ndarray (n, k)
        V: what each group has of each vertex of the simplex.
    sizes : ndarray (n,)
    welfare : AlphaFair or Maximin
    curved : callable
        ``curved(x) -> (gradient, second derivatives)`` of lambda D; the latter (k,) where diagonal, else (k, k).
    gap : callable
        ``gap(x, y)``, what is proved to be missing at prices y; the method stops where it stops to fall.
    """
    fair = welfare if isinstance(welfare, AlphaFair) else None
    point = _start(worth, sizes, fair)
    best, least, since = (point.x, point.y), np.inf, 0
    for _ in range(ROUNDS):
        found = gap(point.x, point.y)
        since = 0 if found < 0.5 * least else since + 1
        if found < least:
            best, least = (point.x, point.y), found
        if found <= SMALL * float(point.y.sum()) or since > PATIENCE:
            break
        moved = _advance(point, worth, sizes, fair, curved(point.x))
        if moved is None:
            break
        point = moved
    return best


def _start(worth: Floats, sizes: Floats, fair: AlphaFair | None) -> Point:
    """Return the middle of the simplex with prices that belong to it."""
    n, k = worth.shape
    x = np.full(k, 1.0 / k)
    values = worth @ x
    if fair is not None:
        y, s, tau = fair.prices(values, sizes), values, 0.0
    else:
        unit = float(np.ptp(worth)) or 1.0
        tau = float(values.min()) - unit
        y, s = np.full(n, 1.0 / n), values - tau
    return Point(x, np.full(k, float(np.abs(worth).max() * y.sum())), y, s, tau)


def _advance(
    point: Point, worth: Floats, sizes: Floats, fair: AlphaFair | None, derivatives: tuple[Floats, Floats]
) -> Point | None:
    """Take one damped Newton step; None where rounding has made it meaningless."""
    x, z, y, s = point.x, point.z, point.y, point.s
    pairs = float(x @ z) + (0.0 if fair is not None else float(y @ s))
    mu = SHRINK * pairs / (len(x) + (0 if fair is not None else len(y)))
    flat = s / y if fair is None else s / (fair.alpha * y)
    wanted = mu / s if fair is None else sizes / s**fair.alpha
    off = worth @ x - s - point.tau
    try:
        dx, prices, dtau = _newton(x, z, worth, derivatives, mu, flat, flat * wanted - off, fair is None)
    except np.linalg.LinAlgError:
        return None
    dz = mu / x - z - z * dx / x
    ds, dy = worth @ dx + off - dtau, prices - y
    length = min(1.0, *(SHORT * _to_boundary(a, da) for a, da in ((x, dx), (z, dz), (s, ds), (y, dy))))
    moved = Point(x + length * dx, z + length * dz, y + length * dy, s + length * ds, point.tau + length * dtau)
    parts = (moved.x, moved.z, moved.s, moved.y)
    return moved if all(np.isfinite(part).all() and (part > 0).all() for part in parts) else None


def _newton(
    x: Floats,
    z: Floats,
    worth: Floats,
    derivatives: tuple[Floats, Floats],
    mu: float,
    flat: Floats,
    side: Floats,
    least: bool,
) -> tuple[Floats, Floats, float]:
    """Solve for (dx, new y, dtau).

    Eliminating dx = K^-1 (push + V' y - t), K = D'' + z/x, leaves a system in y, t and, for the least value, tau:
    (flat + V K^-1 V') y - V K^-1 1 t - tau = side - V K^-1 push, the sums of x and of y staying 1.
    """
    gradient, second = derivatives
    push = mu / x - gradient
    n, columns = len(worth), np.column_stack([worth.T, np.ones(len(x)), push])
    if second.ndim == 1:
        solved: Floats = columns / (second + z / x)[:, None]
    else:
        solved = np.asarray(np.linalg.solve(second + np.diag(z / x), columns), dtype=float)
    inner = np.vstack([worth, np.ones(len(x))]) @ solved  # (n + 1, n + 2)
    size = n + 1 + least
    system, right = np.zeros((size, size)), np.zeros(size)
    system[: n + 1, : n + 1] = inner[:, : n + 1]
    system[:n, :n] += np.diag(flat)
    system[: n + 1, n] *= -1.0
    right[: n + 1] = np.append(side, 1.0 - x.sum()) - inner[:, n + 1]
    if least:
        system[:n, n + 1], system[n + 1, :n], right[n + 1] = -1.0, 1.0, 1.0
    scale = np.abs(system).max(axis=1)
    answer = np.linalg.solve(system / scale[:, None], right / scale)
    dx = solved[:, :n] @ answer[:n] - solved[:, n] * answer[n] + solved[:, n + 1]
    return dx, answer[:n], float(answer[n + 1]) if least else 0.0


def _to_boundary(point: Floats, step: Floats) -> float:
    falling = step < 0
    return float((-point[falling] / step[falling]).min(initial=np.inf))
