r"""A perfectly aligned leader (Definition 8): the exact dynamic program over rectangles.

With common interests deterministic rules are optimal, and what a transcript leaves possible is a rectangle A x B. At
the end :math:`W(A, B) = \sum_{x_A \in A} \max_a \sum_{x_B \in B} g_a(x_A, x_B)`. A turn of the Bob replaces W by the
best sum of W(A, B_i) over partitions of B into at most \|M\| parts, a turn of Alice the same with A.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.games.conversation.exact.variances import members, subset_sums
from bigopt.games.conversation.game import Conversation

Table = npt.NDArray[Any]
CELLS = 2**22  # rectangles in one table: 32 MiB of int64
BLOCK = 64  # splits added up in one step: they stay in the cache
WORK = 4 * 10**9  # additions of one solve


@dataclass
class Program:
    """The values of all rectangles [2^X_A, 2^X_B] before each turn, from the end backwards."""

    letters: int
    tables: list[Table] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)  # whose turn follows the table of the same place, "end" for the last

    @property
    def value(self) -> int:
        """The value of the whole square, in units of Alice's gains."""
        return int(self.tables[-1][-1, -1])


def work(sizes: tuple[int, ...], letters: int, rounds: int) -> int:
    """Return how many sums of two rectangles the program needs."""
    a, b = sizes[:2]
    splits = min(letters, max(a, b)) - 1
    return int(2 * rounds * splits * max(3**a * 2**b, 2**a * 3**b))


def refuse(sizes: tuple[int, ...], letters: int, rounds: int) -> None:
    """Raise before any memory is touched where there are too many rectangles."""
    a, b = sizes[:2]
    if a + b > CELLS.bit_length() - 1:
        raise UsageError(f"aligned-leader: 2^{a + b} rectangles, at most {CELLS:,}: use a game with fewer features")
    if work(sizes, letters, rounds) > WORK:
        count = work(sizes, letters, rounds)
        raise UsageError(f"aligned-leader: {count:,} splits of rectangles, at most {WORK:,}: use fewer rounds")


def program(
    game: Conversation,
    letters: int,
    rounds: int,
    deadline: Deadline | None = None,
    told: Callable[[Program], None] | None = None,
) -> Program:
    """Solve backwards: the Bob speaks last, Alice first; stop where more talk adds nothing.

    `told` is handed the program, which grows: with the last turns alone it is worth no more.
    """
    refuse(game.sizes, letters, rounds)
    found = Program(letters, [_end(game)], ["end"])
    if told is not None:
        told(found)
    for turn in range(2 * rounds):
        if deadline is not None:
            deadline.check("solving the aligned leader")
        before = found.tables[-1]
        bob = turn % 2 == 0
        only = before.shape[bob] - 1 if turn >= 2 * rounds - 2 else None  # before the first two words nothing is split
        after = split(np.ascontiguousarray(before.T) if bob else before, letters, deadline, only)
        found.turns.append("Bob" if bob else "Alice")
        found.tables.append(after.T if bob else after)
        if only is None and turn >= 2 and np.array_equal(found.tables[-1], found.tables[-3]):
            break  # two turns in a row are worth nothing more, and so are all before them
    return found


def _end(game: Conversation) -> Table:
    """Return W of every rectangle at the end: each x_A takes her best action for B."""
    best = subset_sums(game.gains[0], 2).max(axis=0)  # [X_A, 2^X_B]
    return subset_sums(best, 0)


def split(table: Table, letters: int, deadline: Deadline | None = None, only: int | None = None) -> Table:
    """Return the best sum over partitions of each row set into at most `letters` parts, [2^n, m].

    The part that holds the smallest element is enumerated; the rest has one part less. With `only` two letters and one
    row set are asked for, and the other rows stay as they are.
    """
    count = len(table).bit_length() - 1
    parts = table
    for _ in range(min(letters, count) - 1):
        better = parts.copy()
        for mask in range(1, len(table)) if only is None or letters > 2 else (only,):
            if deadline is not None and mask % 64 == 0:
                deadline.check("solving the aligned leader")
            others = _subsets(mask & (mask - 1))  # what does not go with the smallest element
            for start in range(0, len(others), BLOCK):
                rest = others[start : start + BLOCK]
                np.maximum(better[mask], (table[mask ^ rest] + parts[rest]).max(axis=0), out=better[mask])
        if np.array_equal(better, parts):
            break
        parts = better
    return parts


def _subsets(mask: int) -> npt.NDArray[np.intp]:
    """Return the subsets of a set that are not empty; an empty set gives none."""
    found = np.zeros(1, dtype=np.intp)
    for element in members(mask):
        found = np.concatenate([found, found | (1 << element)])
    return found[1:]


def best_split(table: Table, mask: int, letters: int, value: Any) -> list[int]:
    """Return a partition of a row set into at most `letters` parts whose values [2^n] add up to `value`.

    The first in the order of enumeration, so that rules are the same on every machine.
    """
    if letters == 1 or table[mask] == value:
        return [mask]
    fewer = split(table[:, None], letters - 1)[:, 0] if letters > 2 else table
    rest = mask & (mask - 1)
    sub = rest
    while sub:
        tail = fewer[sub]
        if table[mask ^ sub] + tail == value:
            return [mask ^ sub, *best_split(table, sub, letters - 1, tail)]
        sub = (sub - 1) & rest
    raise AssertionError("a value that no partition reaches")


def rules(found: Program, turns: int) -> list[dict[str, Any]]:
    """Return the talk that reaches the value: for each turn and rectangle, who speaks and how features are split.

    The last of `turns` is the Bob's; turns that the program found worthless are silent and stand first.
    """
    open_, said = [(len(found.tables[-1]) - 1, found.tables[-1].shape[1] - 1)], []
    for turn in range(len(found.tables) - 1, 0, -1):
        who, following = found.turns[turn], []
        for A, B in open_:
            after = found.tables[turn - 1]
            values = after[A, :] if who == "Bob" else after[:, B]
            parts = best_split(values, B if who == "Bob" else A, found.letters, found.tables[turn][A, B])
            following += [(A, part) if who == "Bob" else (part, B) for part in parts]
            if len(parts) > 1:
                say = [members(part) for part in parts]
                said.append({"turn": turns - turn + 1, "who": who, "A": members(A), "B": members(B), "says": say})
        open_ = following
    return said
