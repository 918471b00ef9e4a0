r"""The least potential, proved: the others' profiles in ascending order of what does not depend on one player.

With player p singled out, and z what the others and the background add,

.. math:: \phi = \ell_p + g, \qquad g = 2 t_p^\top z - \lVert t_p \rVert^2 - 2 \sum_{j \ne p} w_j t_j^\top s_j,

where g does not depend on p. So the others' profiles are taken in ascending order of g, p's nearest sum is asked for
within the radius sqrt(phi* - g), and the search ends where g alone exceeds the incumbent phi*.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.subsets.exact.player_sums import CHUNK, Table
from bigopt.games.subsets.game import Profile, Subsets

DUAL_STEPS = 1000
AFFORDABLE_PRODUCT = 5_000_000  # others' profiles that are sorted by g


def minimize(game: Subsets, start: Profile, deadline: Deadline, other: bool = False) -> Profile:
    """Return a minimizer of the potential, proved; raise `LimitReached` where that is out of reach.

    `other` singles out another player: the same minimum by another search.
    """
    table = Table(game)
    p = table.tree_player(other)
    product = table.check_product(p)
    if product > AFFORDABLE_PRODUCT:
        raise UsageError(f"{product} profiles of the others are too many to sort: use --solver scip, or lower sizes")
    g = np.concatenate([_apart(table, p, rows) for rows in table.others(p)])
    order = np.argsort(g, kind="stable")
    shape = [1 if j == p else len(s.points) for j, s in enumerate(table.sums)]
    best, value = start, table.exact.potential(start)
    scale = 1 if table.whole else game.exact.denominator**2
    blur = 1e-12 * (float(np.abs(g).max()) + abs(value / scale) + float((np.abs(table.targets) ** 2).sum()))
    first, size = 0, 64
    while first < len(order):
        deadline.check("proving the minimum of the potential")
        chunk = order[first : first + size]
        room = value / scale - g[chunk[0]] + blur
        if room < 0:
            break
        first, size = first + size, min(4 * size, CHUNK)
        rows = np.column_stack(np.unravel_index(chunk, shape))
        radius = np.nextafter(np.sqrt(room) * (1 + 1e-12) + table.slack, np.inf)
        distance, nearest = table.sums[p].tree.query(table.residual(rows, p), distance_upper_bound=radius)
        hit = np.isfinite(distance)
        square = np.square(np.where(hit, distance, 0.0))
        total = np.where(hit, (np.rint(square) if table.whole else square) + g[chunk], np.inf)
        for r in _finalists(table, total, min(total.min(), value / scale) + blur):
            for index in _as_near(table, p, rows[r], int(nearest[r]), distance[r]):
                rows[r, p] = index
                choices = table.choices(rows[r])
                if table.exact.potential(choices) < value:
                    best, value = choices, table.exact.potential(choices)
    return best


def _finalists(table: Table, total: Floats, limit: float) -> list[int]:
    """Return the rows that may be least: the first where floats are exact, else all that they cannot tell apart."""
    if not np.isfinite(total.min()):
        return []
    return [int(total.argmin())] if table.whole else [int(r) for r in np.flatnonzero(total <= limit)]


def _as_near(table: Table, p: int, row: Ints, nearest: int, distance: float) -> list[int]:
    """Return the sums of p that are nearest, as far as floats can tell."""
    if table.whole:
        return [nearest]
    wanted = table.residual(row[None, :], p)[0]
    return list(table.sums[p].tree.query_ball_point(wanted, distance + 4 * table.slack))


def _apart(table: Table, p: int, rows: Ints) -> Floats:
    """Return g for rows of the others' sum indices."""
    target = table.targets[p]
    z = target - table.residual(rows, p)
    g = 2 * z @ target - target @ target
    for j, s in enumerate(table.sums):
        if j != p:
            g -= 2 * s.points[rows[:, j]] @ table.targets[j]
    return np.asarray(g)


def slack(game: Subsets, choices: Profile) -> int:
    r"""Return phi + 2 D(v) at the profile's own receiver v, in units of 1/denominator^2: 0 proves phi the least.

    By weak duality no potential is below -2 D(v), whatever v is; and where the convex hulls' minimum is a profile, its
    receiver is the v at which -2 D(v) meets it. What is left is twice what the players miss along w_i (t_i - v).
    """
    exact, missed = game.centred, 0
    at = exact.receiver(choices)
    for vectors, target, k, choice in zip(exact.weighted, exact.targets, game.sizes.tolist(), choices, strict=True):
        scores = (vectors @ (target - at)).tolist()
        best = k * max(scores) if game.repeats else sum(sorted(scores)[-k:])
        missed += best - sum(scores[j] for j in choice)
    return int(2 * missed)


def dual_bound(game: Subsets, steps: int = DUAL_STEPS, deadline: Deadline | None = None) -> float:
    r"""Return a lower bound on the potential: -2 D(v) with D(v) = |v|^2/2 - c0.v + sum_i sigma_i(w_i (t_i - v)).

    sigma_i is the support function of the sums of player i, the sum of its k largest scores; any v gives a bound, and
    Frank-Wolfe steps on the relaxation to convex hulls make it a good one, up to rounding: it proves nothing.
    """
    at = game.background.copy()
    at += sum(w * k * game.items.mean(axis=0) for w, k in zip(game.weights, game.sizes, strict=True))
    linear = -2 * sum(
        w * k * t @ game.items.mean(axis=0) for w, k, t in zip(game.weights, game.sizes, game.targets, strict=True)
    )
    best = -np.inf
    for _ in range(steps):
        corner, slope, reach = _support(game, at)
        if deadline is not None and deadline.expired and best > -np.inf:
            break
        dual = 0.5 * at @ at - game.background @ at + reach
        best = max(best, -2 * float(dual))
        step = corner - at
        square = float(step @ step)
        rise = float(2 * at @ step + slope - linear)
        if square == 0 and rise >= 0:
            break
        gamma = 1.0 if square == 0 else min(1.0, max(0.0, -rise / (2 * square)))
        if gamma == 0:
            break
        at = at + gamma * step
        linear = linear + gamma * (slope - linear)
    return float(best)


def _support(game: Subsets, at: Floats) -> tuple[Floats, float, float]:
    """Return the receiver, the linear part of phi and sum_i sigma_i where everybody maximizes w_i (t_i - at).s."""
    corner, slope, reach = game.background.copy(), 0.0, 0.0
    for w, t, k in zip(game.weights, game.targets, game.sizes.tolist(), strict=True):
        scores = game.items @ (w * (t - at))
        top = np.full(k, int(scores.argmax())) if game.repeats else np.argpartition(-scores, k - 1)[:k]
        shown = w * game.items[top].sum(axis=0)
        corner += shown
        slope -= 2 * float(t @ shown)
        reach += float(scores[top].sum())
    return corner, slope, reach
