"""Good choices without proof: exchanges of single items, and random pools that meet in the middle."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.combos import totals
from bigopt.games.subsets.exact.meet import Incumbent
from bigopt.games.subsets.exact.task import Task

STARTS = 10  # random starts of the exchanges
POOL = 100_000  # sums on either side of a random meeting
ROUNDS = 12  # random meetings
ASKED = 2_000  # queries between two looks at the clock


def exchanges(task: Task, start: Ints, deadline: Deadline) -> tuple[int, ...]:
    """Replace one item at a time by the best other one, until no exchange helps."""
    chosen = np.array(start)
    while not deadline.expired:
        gap = task.vectors[chosen].sum(axis=0) - task.point
        after = gap - task.vectors[chosen][:, None, :] + task.vectors[None, :, :]
        value = np.einsum("kmd,kmd->km", after, after)
        if not task.repeats:
            value[:, chosen] = np.inf
        out, into = np.unravel_index(int(value.argmin()), value.shape)
        if not value[out, into] < float(gap @ gap) - 2 * task.slack * (1 + float(np.linalg.norm(gap))):
            break
        chosen[out] = into
    return tuple(sorted(chosen.tolist()))


def random_start(task: Task, rng: np.random.Generator) -> Ints:
    """Return a random choice."""
    return np.asarray(rng.choice(len(task.exact), task.size, replace=task.repeats))


def improve(task: Task, incumbent: Incumbent, rng: np.random.Generator, deadline: Deadline, stop_at: int = 0) -> None:
    """Improve the incumbent by exchanges from random starts and by random meetings in the middle."""
    for _ in range(STARTS):
        _offer(task, incumbent, exchanges(task, random_start(task, rng), deadline))
        if incumbent.squared == 0 or deadline.expired:
            return
    for _ in range(ROUNDS if task.size > 1 else 0):
        _offer(task, incumbent, _meeting(task, incumbent, rng, deadline))
        if incumbent.squared <= stop_at or deadline.expired:
            return


def _offer(task: Task, incumbent: Incumbent, choice: tuple[int, ...]) -> None:
    incumbent.offer(choice, task.squared(choice))


def _meeting(task: Task, incumbent: Incumbent, rng: np.random.Generator, deadline: Deadline) -> tuple[int, ...]:
    """Return the best union of a random part from one half of the items and a random rest from the other half."""
    m, k = len(task.exact), task.size
    order = rng.permutation(m)
    cut = m // 2 if not task.repeats and m > 1 else m
    a = min(max(k // 2, k - (m - cut) if not task.repeats else 0), cut)
    left = order[:cut]
    right = order if task.repeats else order[cut:]
    d = task.exact.shape[1]
    parts, rests = _draw(left, a, task.repeats, d, rng), _draw(right, k - a, task.repeats, d, rng)
    tree = cKDTree(totals(task.vectors, rests), balanced_tree=False, compact_nodes=False)
    within = task.length(incumbent.squared) + 2 * task.slack
    wanted = task.point - totals(task.vectors, parts)
    choice = incumbent.choice
    for start in range(0, len(parts), ASKED):
        if deadline.expired:
            break
        distance, index = tree.query(wanted[start : start + ASKED], distance_upper_bound=within)
        best = int(distance.argmin())
        if np.isfinite(distance[best]):
            within = float(distance[best])
            choice = tuple(sorted([*parts[start + best].tolist(), *rests[index[best]].tolist()]))
    return choice


def _draw(items: Ints, k: int, repeats: bool, dimension: int, rng: np.random.Generator) -> Ints:
    """Return random k-subsets (multisets) of `items`: fewer where they are long or lie in many dimensions."""
    rows = max(1, min(POOL // max(1, dimension - 2), 10 * POOL // max(1, k), 20_000_000 // max(1, len(items))))
    if repeats:
        return items[rng.integers(len(items), size=(rows, k))]
    return items[np.argsort(rng.random((rows, len(items))), axis=1)[:, :k]]
