"""Dynamic programming for one-dimensional integers: every reachable sum, as the bits of a Python integer.

Bit s of reach[c] says that some c of the items add up to s (after a shift that makes every item non-negative).
"""

from __future__ import annotations

from math import gcd

from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.task import Found, Task

LARGEST_BITS = 4_000_000_000  # bits in all layers together: 0.5 GB


def bits(task: Task) -> int:
    """Return how many bits the layers take; 0 where the data are not one-dimensional."""
    if task.exact.shape[1] != 1:
        return 0
    values, _ = _shifted(task)
    layers = 1 if task.repeats else len(values)
    return layers * task.size * (task.size * max(values) + 1)


def solve(task: Task, deadline: Deadline) -> Found | None:
    """Return an optimal choice, or None where the deadline came first."""
    values, shift = _shifted(task)
    layers = _reachable(values, task.size, task.repeats, deadline)
    if layers is None:
        return None
    target = int(task.exact_point[0]) // shift[1] - task.size * shift[0]
    final = layers[-1][task.size]
    total = min(_neighbours(final, target), key=lambda s: abs(_distance(task, s, shift)))
    choice = _walk_back(layers, values, task.size, total, task.repeats)
    squared = task.squared(choice)
    return Found(choice, squared, task.loss(squared), True, "dynamic programming")


def _shifted(task: Task) -> tuple[list[int], tuple[int, int]]:
    """Return the items as non-negative integers without a common factor: exact = (value + low) * unit."""
    exact = [int(v) for v in task.exact[:, 0]]
    unit = gcd(*exact) or 1
    low = min(exact) // unit
    return [v // unit - low for v in exact], (low, unit)


def _distance(task: Task, total: int, shift: tuple[int, int]) -> int:
    low, unit = shift
    return (total + task.size * low) * unit - int(task.exact_point[0])


def _reachable(values: list[int], k: int, repeats: bool, deadline: Deadline) -> list[list[int]] | None:
    """Return the reachable sums by count: after each item, or (with repeats) after all."""
    reach = [1] + [0] * k
    if repeats:
        for count in range(1, k + 1):
            for value in values:
                reach[count] |= reach[count - 1] << value
            if deadline.expired:
                return None
        return [reach]
    layers = [reach]
    for value in values:
        reach = [1] + [reach[c] | (reach[c - 1] << value) for c in range(1, k + 1)]
        layers.append(reach)
        if deadline.expired:
            return None
    return layers


def _neighbours(reach: int, target: int) -> list[int]:
    """Return the largest reachable sum <= target and the smallest > target, where there are such."""
    found = []
    if target >= 0:
        below = reach & ((1 << (target + 1)) - 1)
        if below:
            found.append(below.bit_length() - 1)
    start = max(target + 1, 0)
    above = reach >> start
    if above:
        found.append(start + (above & -above).bit_length() - 1)
    return found


def _walk_back(layers: list[list[int]], values: list[int], k: int, total: int, repeats: bool) -> tuple[int, ...]:
    """Return items that add up to `total`."""
    choice: list[int] = []
    item = len(values)
    while k:
        if repeats:
            reach = layers[0]
            item = next(j for j, v in enumerate(values) if total >= v and reach[k - 1] >> (total - v) & 1)
            taken = True
        else:
            item -= 1
            taken = not layers[item][k] >> total & 1
        if taken:
            choice.append(item)
            total -= values[item]
            k -= 1
    return tuple(sorted(choice))
