r"""The type graph: its minimum mean cycle and its shortest paths, on dense matrices.

Payments with error e are potentials: :math:`p_t - p_s \le l(s \to t) + e`. They exist iff e is at least minus the
minimum mean of a cycle (Rochet 1987 for e = 0), and are then bounded by shortest paths.
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.deadline import Deadline

ROUNDS = 1000
ROUNDING = 1e-13  # of the largest length: an improvement that is none


def minimum_mean_cycle(lengths: Floats, deadline: Deadline) -> tuple[float, list[int]]:
    """Return the least mean length of a cycle of two or more types, and such a cycle.

    Howard's policy iteration, in the form of Dasdan (2004): every type keeps one successor; the best cycle among the
    successors gives the mean, distances to it improve the successors. The potentials that it ends with are a proof,
    which the certificate evaluates.
    """
    count = len(lengths)
    graph = lengths.copy()
    np.fill_diagonal(graph, np.inf)
    after = graph.argmin(axis=1)
    distance = graph.min(axis=1)
    small = ROUNDING * float(np.abs(lengths).max())
    mean, cycle = np.inf, [0]
    for _ in range(ROUNDS):
        deadline.check("looking for the minimum mean cycle")
        mean, cycle = _best_cycle(graph, after)
        _distances(graph, after, mean, cycle[0], distance)
        moved = False
        for rows in deadline.pieces(count, "looking for the minimum mean cycle", 512):
            through = graph[rows] + distance
            choice = through.argmin(axis=1)
            better = through[np.arange(len(choice)), choice] - mean
            improved = better < distance[rows] - small
            index = np.flatnonzero(improved) + rows.start
            after[index], distance[index] = choice[improved], better[improved]
            moved = moved or bool(improved.any())
        if not moved:
            break
    return mean, cycle


def _best_cycle(graph: Floats, after: Ints) -> tuple[float, list[int]]:
    """Return the least mean among the cycles of the successors."""
    seen = np.zeros(len(after), dtype=np.int64)
    best, found = np.inf, [0]
    steps = after.tolist()
    for start in range(len(steps)):
        here, path = start, []
        while not seen[here]:
            seen[here] = start + 1
            path.append(here)
            here = steps[here]
        if seen[here] == start + 1 and here in path:
            cycle = path[path.index(here) :]
            mean = float(np.mean([graph[s, steps[s]] for s in cycle]))
            if mean < best:
                best, found = mean, cycle
    return best, found


def _distances(graph: Floats, after: Ints, mean: float, root: int, distance: Floats) -> None:
    """Set distance[s] = l(s, next) - mean + distance[next] for the types whose successors lead to the root."""
    sources: list[list[int]] = [[] for _ in after]
    for s, t in enumerate(after.tolist()):
        sources[t].append(s)
    todo, reached = [root], {root}
    while todo:
        t = todo.pop()
        for s in sources[t]:
            if s not in reached:
                reached.add(s)
                distance[s] = distance[t] + graph[s, t] - mean
                todo.append(s)


def shortest_paths(lengths: Floats, root: int, deadline: Deadline) -> Floats:
    """Return the shortest path from a type to each [T], by Bellman and Ford; there is no negative cycle."""
    distance = lengths[root].copy()
    distance[root] = 0.0
    for _ in range(len(lengths)):
        deadline.check("looking for shortest paths")
        shorter = np.minimum(distance, (distance[:, None] + lengths).min(axis=0))
        if (distance - shorter).max() <= 0.0:
            break
        distance = shorter
    return np.asarray(distance)


def error(lengths: Floats, payments: Floats, units: Floats | float = 1.0, allowed: float = 0.0) -> float:
    """Return the largest p_t - p_s - l(s -> t) - allowed over s != t, in the unit of t: what a type gains, at most."""
    excess = (payments[None, :] - payments[:, None] - lengths - allowed) / units
    np.fill_diagonal(excess, -np.inf)
    return float(excess.max())


def length_of(lengths: Floats, cycle: list[int]) -> float:
    """Return the length of a cycle."""
    return float(sum(lengths[s, t] for s, t in zip(cycle, [*cycle[1:], cycle[0]], strict=True)))
