"""Integer programs in fractions, by branch and bound on exact linear programs: a tree that proves its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from bigopt.arithmetic.program import ZERO, Combination, Evidence, Program, Row, combined, solved, value

LARGEST = 2_000  # nodes
ONE = Fraction(1)


class TooLarge(ValueError):
    """More nodes than are gone through."""


@dataclass(frozen=True)
class Leaf:
    """A node whose rows prove, combined, that nothing in it is better than the best point (or that it is empty)."""

    pairs: Combination


@dataclass(frozen=True)
class Branch:
    """A node that is split into x[variable] <= at and x[variable] >= at + 1."""

    variable: int
    at: int
    down: Leaf | Branch
    up: Leaf | Branch


@dataclass
class Search:
    """Depth-first branch and bound; rows of the path follow the program's own."""

    program: Program
    best: Evidence | None = None
    nodes: int = field(default=0)

    def tree(self, path: Sequence[Row] = ()) -> Leaf | Branch:
        """Return the proof of a node.

        Raises
        ------
        TooLarge
        """
        self.nodes += 1
        if self.nodes > LARGEST:
            raise TooLarge(f"more than {LARGEST} nodes")
        rows = [*self.program.rows, *path]
        found = solved(self.program, rows)
        if found is None:
            return Leaf(empty(self.program, rows))
        if self.best is not None and not self._better(found):
            return Leaf(combined(self.program, rows, found.prices)[0])
        broken = [k for k in self.program.whole if found.point[k].denominator > 1]
        if not broken:
            self.best = found
            return Leaf(combined(self.program, rows, found.prices)[0])
        k = min(broken, key=lambda k: abs(found.point[k] - floor(found.point[k]) - Fraction(1, 2)))
        at, name = floor(found.point[k]), self.program.variables[k]
        down = Row(f"{name}_most_{at}_{self.nodes}", {k: ONE}, "L", Fraction(at))
        up = Row(f"{name}_least_{at + 1}_{self.nodes}", {k: ONE}, "G", Fraction(at + 1))
        return Branch(k, at, self.tree([*path, down]), self.tree([*path, up]))

    def _better(self, found: Evidence) -> bool:
        """Whether a relaxation leaves room for a better point than the best."""
        assert self.best is not None
        new, old = (value(self.program.objective, e.point) for e in (found, self.best))
        return new > old if self.program.maximize else new < old


def empty(program: Program, rows: Sequence[Row]) -> Combination:
    """Return a combination of rows that no point satisfies, as ``0 >= 1`` (Farkas), found by the least violation.

    Raises
    ------
    ValueError
        There is a point.
    """
    n, names, elastic = len(program.variables), list(program.variables), list[Row]()
    for i, row in enumerate(rows):
        if i < program.bounds:
            elastic.append(row)
            continue
        signs = {"L": (-1,), "G": (1,), "E": (1, -1)}[row.sense]
        terms = {**row.terms, **{len(names) + at: Fraction(sign) for at, sign in enumerate(signs)}}
        names += [f"short_{i}_{at}" for at in range(len(signs))]
        elastic.append(Row(row.name, terms, row.sense, row.side))
    more = [Row(f"{names[k]}_0", {k: ONE}, "G", ZERO) for k in range(n, len(names))]
    split = program.bounds
    whole = Program(
        names,
        dict.fromkeys(range(n, len(names)), ONE),
        False,
        [*elastic[:split], *more, *elastic[split:]],
        split + len(more),
    )
    found = solved(whole, whole.rows)
    if found is None or not value(whole.objective, found.point):
        raise ValueError("there is a point")
    pairs, _ = combined(whole, whole.rows, found.prices)
    back = {i: i for i in range(split)} | {split + len(more) + j: split + j for j in range(len(rows) - split)}
    return [(back[i], price) for i, price in pairs if i in back]
