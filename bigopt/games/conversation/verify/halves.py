r"""The most that an aligned leader is worth to Alice, a second time: partitions by halves of all sets of features.

What two tables make of a set S together, :math:`h(S) = \max_{T \subseteq S} f(T) + g(S - T)`, is taken apart by one
element: sets without it from the halves of f and g without it, sets with it from the two ways to give it to T or to the
rest. No subset is ever listed. Where f and g are about parts of one partition, the part that holds the last element may
be taken to be T.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Ints
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

Table = npt.NDArray[Any]
CELLS = 2**18  # sums that are formed at once


def most(game: Conversation, letters: int, rounds: int, deadline: Deadline) -> int:
    """Return the most that any talk over so many letters and rounds gives Alice, in units of her gains."""
    table = _end(game)
    for _ in range(rounds - 1):
        before = table
        table = _told(_told(table.T, letters, deadline).T, letters, deadline)
        if np.array_equal(before, table):
            break
    heard = _whole(table.T, letters, deadline)  # at the Bob's first word all his features are possible
    return int(_whole(heard[:, None], letters, deadline)[0])


def _end(game: Conversation) -> Table:
    """Return what each rectangle is worth where the talk has ended [2^X_A, 2^X_B]."""
    rows, columns = (_members(size) for size in game.sizes[:2])
    return np.asarray(rows @ (game.gains[0] @ columns.T).max(axis=0))


def _members(size: int) -> Ints:
    return np.arange(1 << size)[:, None] >> np.arange(size) & 1


def _told(table: Table, letters: int, deadline: Deadline) -> Table:
    """Return the best sum over partitions of each row set into at most `letters` parts."""
    parts = table
    for _ in range(letters - 1):
        before, parts = parts, _parted(table, parts, deadline)
        if np.array_equal(before, parts):
            break
    return parts


def _whole(table: Table, letters: int, deadline: Deadline) -> Table:
    """Return the best sum over partitions of the set of all rows."""
    return np.asarray((table + _told(table, letters - 1, deadline)[::-1]).max(axis=0))


def _parted(one: Table, other: Table, deadline: Deadline) -> Table:
    """Return the same as `_joined` where the part with the last element may be one of the first table."""
    half = len(one) // 2
    if not half:
        return one + other
    low, high = _parted(one[:half], other[:half], deadline), _joined(one[half:], other[:half], deadline)
    return np.concatenate([low, high])


def _joined(one: Table, other: Table, deadline: Deadline) -> Table:
    """Return the best sum of one row of the first table and one of the second that together make each set."""
    elements = len(one).bit_length() - 1
    if not elements or 3**elements * one.shape[1] <= CELLS:
        deadline.check("solving the aligned leader by halves")
        first, second, starts = _pairs(elements)
        return np.asarray(np.maximum.reduceat(one[first] + other[second], starts))
    half = len(one) // 2
    ways = _joined(one[half:], other[:half], deadline), _joined(one[:half], other[half:], deadline)
    return np.concatenate([_joined(one[:half], other[:half], deadline), np.maximum(*ways)])


@lru_cache(None)
def _pairs(elements: int) -> tuple[Ints, Ints, Ints]:
    """Return all pairs of disjoint sets, those together that make the same set, and where each begins."""
    digits = np.arange(3**elements)[:, None] // 3 ** np.arange(elements) % 3
    first, second = ((digits == digit) @ (1 << np.arange(elements)) for digit in (1, 2))
    order = np.argsort(first + second, kind="stable")
    return first[order], second[order], np.searchsorted((first + second)[order], np.arange(1 << elements))
