r"""The potential's minimizer, which is a pure Nash equilibrium (Prop. 6): good profiles first, then the proof.

With player p singled out, and z what the others and the background add,

.. math:: \phi = \ell_p + g, \qquad g = 2 t_p^\top z - \lVert t_p \rVert^2 - 2 \sum_{j \ne p} w_j t_j^\top s_j,

where g does not depend on p. So the others' profiles are taken in ascending order of g, p's nearest sum is asked for
within the radius sqrt(phi* - g), and the search ends where g alone exceeds the incumbent phi*.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached, UsageError
from bigopt.games.subsets.dynamics import Play, play, random_profile
from bigopt.games.subsets.exact.player_sums import CHUNK, Table
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import payoff_range

DUAL_STEPS = 1000
CLOSED = 1e-9  # of the largest payoff range: a gap this small counts as closed
AFFORDABLE_PRODUCT = 5_000_000  # others' profiles that are sorted by g


def solve(game: Subsets, request: Request) -> Answer:
    """Minimize the potential: dynamics from seeded starts, then the global minimum where it can be proved."""
    deadline = request.deadline
    rng = np.random.default_rng(int(request.options.get("seed", 0)))
    best: Play | None = None
    for start in range(int(request.options.get("starts", 5))):
        request.progress(f"best-response dynamics, start {start + 1}", None)
        run = play(game, random_profile(game, rng), deadline)
        if best is None or game.exact.potential(run.choices) < game.exact.potential(best.choices):
            best = run
        if deadline.expired:
            break
    assert best is not None  # there is at least one start
    request.progress("proving the minimum", None)
    try:
        choices = minimize(game, best.choices, deadline)
    except (LimitReached, UsageError):
        return _bounded(game, best.choices, deadline)
    value = game.potential(choices)
    return Answer(_point(choices), value, value, method="dynamics, then others in order of g")


def _bounded(game: Subsets, choices: Profile, deadline: Deadline) -> Answer:
    """Return an equilibrium with the dual bound on the potential, which may well meet it."""
    method = "dynamics and dual bound"
    value = game.potential(choices)
    bound = min(value, dual_bound(game, deadline=deadline))
    scale = max(payoff_range(game, i) for i in range(game.players))
    if value - bound <= CLOSED * scale:
        return Answer(_point(choices), value, bound, method=method)
    stopped = "maxTimeLimit" if deadline.expired else "iterationLimit"
    return Answer(_point(choices), value, bound, stopped, "feasible", method)


def _point(choices: Profile) -> dict[str, object]:
    return {"choices": [list(choice) for choice in choices]}


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
    best, value = start, game.exact.potential(start)
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
                if game.exact.potential(choices) < value:
                    best, value = choices, game.exact.potential(choices)
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


def dual_bound(game: Subsets, steps: int = DUAL_STEPS, deadline: Deadline | None = None) -> float:
    r"""Return a lower bound on the potential: -2 D(v) with D(v) = |v|^2/2 - c0.v + sum_i sigma_i(w_i (t_i - v)).

    sigma_i is the support function of the sums of player i, the sum of its k largest scores; any v gives a bound, and
    Frank-Wolfe steps on the relaxation to convex hulls make it a good one.
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
