"""Index arrays of all subsets or multisets of a given size, whole or in pieces of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import repeated


def count(m: int, k: int, repeats: bool) -> int:
    """Return how many k-subsets (k-multisets with `repeats`) m items have."""
    if k == 0:
        return 1
    return (comb(m + k - 1, k) if m else 0) if repeats else comb(m, k)


def written(number: int) -> str:
    """Return a count for a message: in full up to 30 digits, else its power of ten."""
    return str(number) if number < 10**30 else f"about 10^{int(number.bit_length() * 0.30103)}"


def every(items: Ints, k: int, repeats: bool) -> Ints:
    """Return all k-subsets of `items` in lexicographic order of position, shape [count][k].

    Multisets of m items are the subsets of m + k - 1 positions with the j-th lowered by j.
    """
    if k == 0:
        return np.zeros((1, 0), dtype=np.int64)
    length = len(items) + k - 1 if repeats else len(items)
    rows = np.arange(max(length - k + 1, 0))[:, None]
    for column in range(1, k):
        following = (length - k + column) - rows[:, -1]
        parent = repeated(np.arange(len(rows)), following)
        step = np.arange(len(parent)) - (np.cumsum(following) - following)[parent]
        rows = np.column_stack([rows[parent], rows[parent, -1] + 1 + step])
    return np.asarray(items)[rows - np.arange(k) if repeats else rows]


def pieces(
    items: Ints, k: int, repeats: bool, limit: int, keep: Callable[[Ints, int], bool] = lambda prefix, start: True
) -> Iterator[Ints]:
    """Yield the rows of `every` in pieces of at most `limit` rows (one row where `limit` is smaller).

    `keep(prefix, start)` may refuse everything that begins with the items of `prefix` and goes on with those from
    position `start` of `items`: the bound of a branch and bound.
    """

    def below(prefix: list[int], start: int) -> Iterator[Ints]:
        free = k - len(prefix)
        if not keep(np.array(prefix, dtype=np.int64), start):
            return
        if free <= 1 or count(len(items) - start, free, repeats) <= limit:
            rest = every(items[start:], free, repeats)
            if len(rest):
                yield np.hstack([np.tile(np.array(prefix, dtype=np.int64), (len(rest), 1)), rest])
            return
        for position in range(start, len(items) if repeats else len(items) - free + 1):
            yield from below([*prefix, int(items[position])], position if repeats else position + 1)

    return below([], 0)


def shared(left: Ints, right: Ints) -> np.typing.NDArray[np.bool_]:
    """Return whether rows left[r] and right[r][c] have an item in common; shapes [R][a], [R][C][b] -> [R][C]."""
    meet = np.zeros(right.shape[:2], dtype=bool)
    for column in range(left.shape[1]):
        meet |= (right == left[:, column, None, None]).any(axis=2)
    return meet


def totals(vectors: Floats, rows: Ints) -> Floats:
    """Return the sums of the vectors that each row names, shape [rows][d], adding a column at a time."""
    total = np.zeros((len(rows), vectors.shape[1]))
    for column in range(rows.shape[1]):
        total += vectors[rows[:, column]]
    return total
