"""The least distance of a sum from a point, by another algorithm than the solver's.

Every choice, its items in ascending order, is cut after its q-th item: a prefix that ends in item p, and a rest of
items beyond p. For each p the prefixes ask for the nearest rest. The two parts have no item in common and
every choice is cut once, so that one neighbour a prefix is enough, ties or not.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.combos import count, every, totals
from bigopt.games.subsets.exact.task import Task

LARGEST = 4_000_000  # prefixes and rests together
DENSE = 250_000  # distances in one table: below, every pair is looked at
TIED = 1_000_000  # choices that floats cannot tell apart: beyond, the algorithm gives up


def effort(task: Task, q: int) -> int:
    """Return how many prefixes and rests a cut after the q-th item looks at.

    A rest beyond item p is a choice of one item more, of which p is the first.
    """
    m, k = len(task.exact), task.size
    return count(m, q, task.repeats) + count(m, k - q + 1, task.repeats)


def best_cut(task: Task) -> int:
    """Return the cut of least effort."""
    return min(range(1, task.size + 1), key=lambda q: effort(task, q))


def affordable(task: Task) -> bool:
    """Say whether the best cut looks at few enough parts."""
    return task.size > 0 and effort(task, best_cut(task)) <= LARGEST


def least_squared(task: Task, deadline: Deadline) -> int | None:
    """Return the exact least squared distance, or None where floats leave too many choices open.

    Raises
    ------
    LimitReached
    """
    q = best_cut(task)
    best = float("inf")
    found: list[tuple[float, Ints]] = []
    for p in range(len(task.exact)):
        deadline.check("verifying a best response")
        prefixes, rests = _parts(task, q, p)
        if len(prefixes) and len(rests):
            near, rows = _nearest(task, prefixes, rests, best + 2 * task.slack)
            if len(rows):
                best = min(best, float(near.min()))
                found += [(float(d), row) for d, row in zip(near, rows, strict=True)]
                found = [pair for pair in found if pair[0] <= best + 2 * task.slack]
                found = found[:1] if task.whole else found  # all of them are as near, and exactly so
        if len(found) > TIED:
            return None
    return min(task.squared(row) for _, row in found)


def _parts(task: Task, q: int, p: int) -> tuple[Ints, Ints]:
    """Return the prefixes of q items that end in item p, and the rests beyond (from p on, with repeats)."""
    before = np.arange(p + 1 if task.repeats else p)
    heads = every(before, q - 1, task.repeats)
    beyond = np.arange(p if task.repeats else p + 1, len(task.exact))
    return np.column_stack([heads, np.full(len(heads), p)]), every(beyond, task.size - q, task.repeats)


def _nearest(task: Task, prefixes: Ints, rests: Ints, limit: float) -> tuple[Floats, Ints]:
    """Return the distances, and the choices, of all pairs that may be nearest as far as floats can tell."""
    wanted, sums = task.point - totals(task.vectors, prefixes), totals(task.vectors, rests)
    if len(prefixes) * len(rests) <= DENSE:
        table = np.linalg.norm(wanted[:, None, :] - sums[None, :, :], axis=2)
        limit = min(limit, float(table.min()) + 2 * task.slack)
        r, c = np.nonzero(table <= limit)
        r, c = (r[:1], c[:1]) if task.whole else (r, c)
        return table[r, c], np.hstack([prefixes[r], rests[c]])
    tree = cKDTree(sums)
    distance, index = tree.query(wanted, distance_upper_bound=np.nextafter(limit, np.inf))
    limit = min(limit, float(distance.min()) + 2 * task.slack)
    rows = np.flatnonzero(distance <= limit)
    if task.whole or not len(rows):
        rows = rows[:1]
        return distance[rows], np.hstack([prefixes[rows], rests[index[rows] % len(rests)]])
    close = tree.query_ball_point(wanted[rows], limit * (1 + 1e-12))
    r = repeated(rows, [len(each) for each in close])
    c = np.concatenate([np.array(each, dtype=np.int64) for each in close])
    return np.linalg.norm(wanted[r] - sums[c], axis=1), np.hstack([prefixes[r], rests[c]])
