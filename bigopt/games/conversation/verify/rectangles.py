"""The conversation of two people once more, by rectangles: a public transcript is a set of x_A times a set of x_B.

A second algorithm beside the labels of pairs: it keeps a list of rectangles, splits the rows of each by what Alice
would announce and the columns by what the Bob would, and forms every expectation anew. A rectangle that neither has
split since their last turns is settled and is never looked at again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.game import Conversation

Index = npt.NDArray[np.intp]
Whole = npt.NDArray[Any]


@dataclass(eq=False)
class Rectangle:
    """Features that one transcript leaves possible: `rows` of Alice, `columns` of the Bob."""

    rows: Index
    columns: Index
    quiet: bool = False  # whether the last round taught nobody anything in it

    def side(self, game: Conversation, alice: bool) -> tuple[Whole, Whole]:
        """Return the weight [n] and gains [A, n] of each row (column) of the rectangle."""
        at, axis = np.ix_(self.rows, self.columns), 1 if alice else 0
        cells = np.ix_(np.arange(game.sizes[2]), self.rows, self.columns)
        return game.mass[at].sum(axis=axis), game.gains[0][cells].sum(axis=axis + 1)

    @property
    def single(self) -> bool:
        """Whether it is one pair of features: everybody knows everything."""
        return self.rows.size == 1 and self.columns.size == 1


def singles(rectangles: list[Rectangle]) -> tuple[list[Rectangle], Index, Index]:
    """Return the rectangles of more than one pair, and the rows and columns of the others."""
    alone = [r for r in rectangles if r.single]
    rows = np.array([r.rows[0] for r in alone], dtype=np.intp)
    return [r for r in rectangles if not r.single], rows, np.array([r.columns[0] for r in alone], dtype=np.intp)


@dataclass
class Play:
    """The rectangles after a round, and those that are new in it."""

    rectangles: list[Rectangle]
    fresh: list[Rectangle] = field(default_factory=list)


def play(game: Conversation, step: Fraction | None, simultaneous: bool, deadline: Deadline) -> Iterator[Play]:
    """Yield the rectangles after round 0, 1, ..., up to the first round that splits none, at most R."""
    whole = Rectangle(np.flatnonzero(game.possible.any(axis=1)), np.flatnonzero(game.possible.any(axis=0)))
    open_, settled = [whole], list[Rectangle]()
    split = _both if simultaneous else _in_turn
    yield Play([whole], [whole])
    for _ in range(game.rounds):
        deadline.check("verifying")
        following = [part for rectangle in open_ for part in split(game, rectangle, step)]
        fresh = [part for part in following if not part.quiet]
        if not fresh:
            return
        settled += [part for part in following if part.quiet or part.single]
        open_ = [part for part in fresh if not part.single]
        yield Play(settled + open_, fresh)


def _in_turn(game: Conversation, rectangle: Rectangle, step: Fraction | None) -> list[Rectangle]:
    """Let Alice speak, then the Bob, who has heard her; parts of an unsplit rectangle are quiet."""
    parts = [
        Rectangle(after.rows, columns)
        for rows in _groups(game, rectangle, step, alice=True)
        for after in [Rectangle(rows, rectangle.columns)]
        for columns in _groups(game, after, step, alice=False)
    ]
    return _marked(game, rectangle, parts)


def _both(game: Conversation, rectangle: Rectangle, step: Fraction | None) -> list[Rectangle]:
    """Let both speak at once."""
    columns = _groups(game, rectangle, step, alice=False)
    parts = [Rectangle(r, c) for r in _groups(game, rectangle, step, alice=True) for c in columns]
    return _marked(game, rectangle, [p for p in parts if game.possible[np.ix_(p.rows, p.columns)].any()])


def _marked(game: Conversation, rectangle: Rectangle, parts: list[Rectangle]) -> list[Rectangle]:
    """Mark the parts as quiet if nobody learned: no row and no column has possible pairs in two parts."""
    quiet = np.array_equal(_sides(game, rectangle), np.sum([_sides(game, part) for part in parts], axis=0))
    for part in parts:
        part.quiet = quiet
    return parts


def _sides(game: Conversation, rectangle: Rectangle) -> tuple[int, int]:
    """Return how many rows and columns of a rectangle are possible."""
    if rectangle.single:  # the most of all parts
        inside_one = int(game.possible[rectangle.rows[0], rectangle.columns[0]])
        return inside_one, inside_one
    inside = game.possible[np.ix_(rectangle.rows, rectangle.columns)]
    return int(inside.any(axis=1).sum()), int(inside.any(axis=0).sum())


def _groups(game: Conversation, rectangle: Rectangle, step: Fraction | None, alice: bool) -> list[Index]:
    """Return the rows (columns) that announce the same; features that the rectangle excludes are dropped."""
    own = rectangle.rows if alice else rectangle.columns
    if own.size == 1:
        return [own]
    mass, gains = rectangle.side(game, alice)
    groups: dict[Any, list[int]] = {}
    scale = None if step is None else game.units[1][0] / step
    for x, weight, vector in zip(own.tolist(), mass.tolist(), gains.T.tolist(), strict=True):
        if weight:
            groups.setdefault(_announced(vector, weight, scale), []).append(x)
    return [np.array(group) for group in groups.values()]


def _announced(vector: list[int], weight: int, scale: Fraction | None) -> tuple[int, ...]:
    """Return the beliefs in lowest terms, or in steps of the grid: floor(g scale / weight + 1/2)."""
    if scale is None:
        common = math.gcd(weight, *vector)
        return (weight // common, *(g // common for g in vector))
    up, down = 2 * scale.numerator, weight * scale.denominator
    return tuple((g * up + down) // (2 * down) for g in vector)
