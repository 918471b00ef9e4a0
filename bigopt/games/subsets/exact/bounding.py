"""Bounds for large choices: the nearest point of the convex hull, and what it fixes.

Every sum of k vectors lies in their hull's k-fold sum Z, a polytope whose support function is easy: h(u) is the sum of
the k largest u.v_j (k times the largest with repeats). So for any unit u every sum s has

    |s - p| >= u.(p - s) >= u.p - h(u),

a valid bound at any u, best at the one that points from the nearest point of Z to p (Frank-Wolfe finds it). With item
j forced into or out of the choice h falls; where the bound then passes the incumbent, no better choice is so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.games.subsets.exact.task import Task

STEPS = 500  # Frank-Wolfe steps: a bound is valid after any number


def support(task: Task, u: Floats) -> tuple[float, Ints]:
    """Return h(u) and a choice that attains it."""
    scores = task.vectors @ u
    if task.repeats:
        j = int(scores.argmax())
        return float(task.size * scores[j]), np.full(task.size, j)
    top = np.argpartition(-scores, task.size - 1)[: task.size] if task.size < len(scores) else np.arange(len(scores))
    return float(scores[top].sum()), top


def hull_bound(task: Task) -> tuple[float, Floats]:
    """Return a lower bound on the distance (in units of `vectors`, rounding taken off) and its unit direction."""
    _, choice = support(task, task.point)
    at = task.vectors[choice].sum(axis=0)
    best, direction = 0.0, np.zeros(task.vectors.shape[1])
    for _ in range(STEPS):
        gap = task.point - at
        length = float(np.linalg.norm(gap))
        if length <= task.rounding:
            break
        u = gap / length
        reach, choice = support(task, u)
        if u @ task.point - reach > best:
            best, direction = float(u @ task.point - reach), u
        if length - best <= 1e-9 * length:
            break
        step = task.vectors[choice].sum(axis=0) - at
        square = float(step @ step)
        if square == 0:
            break
        at = at + min(1.0, max(0.0, float(gap @ step) / square)) * step
    return max(0.0, best - 2 * task.rounding), direction


def outer_items(task: Task, direction: Floats, radius: float) -> tuple[Ints, Ints]:
    """Return the items that no choice within `radius` contains, and those that every one contains."""
    if not direction.any() or task.repeats and task.size == 1:
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    scores = task.vectors @ direction
    need = float(direction @ task.point) - radius - 4 * task.rounding  # a choice within the radius scores at least this
    if task.repeats:
        return np.flatnonzero((task.size - 1) * scores.max() + scores < need), np.array([], dtype=np.int64)
    ranked = np.sort(scores)[::-1]
    k, top = task.size, float(ranked[: task.size].sum())
    threshold = ranked[k - 1]
    chosen = scores >= threshold
    excluded = ~chosen & (top - threshold + scores < need)
    following = ranked[k] if k < len(ranked) else -np.inf
    forced = (scores > following) & (top - scores + following < need)
    return np.flatnonzero(excluded), np.flatnonzero(forced)


def reduce(task: Task, excluded: Ints, forced: Ints) -> tuple[Task, Ints]:
    """Return the smaller problem that is left, and the items it still has."""
    left = np.setdiff1d(np.arange(len(task.exact)), np.concatenate([excluded, forced]))
    point = task.exact_point - task.exact[forced].sum(axis=0)
    return replace(task, exact=task.exact[left], exact_point=point, size=task.size - len(forced)), left


def complement(task: Task) -> Task:
    """Return the problem of the items left out: choosing k of m is leaving out m - k."""
    return replace(task, exact_point=task.exact.sum(axis=0) - task.exact_point, size=len(task.exact) - task.size)
