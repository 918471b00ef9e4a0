"""Definition 1 in fractions: the least distance of Alice from the Bobs' hull, another way than the package's.

A combination with an offset errs by half the range of w U - u. Of one Bob that is a number; of two it is convex and
piecewise linear in his weight, with kinks where two outcomes tie; of three a textbook simplex
method solves the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from benchmarks.exact_persuasion import optimum

Row = Sequence[Fraction]


def epsilon(alice: Row, bobs: Sequence[Row]) -> Fraction:
    """Return the least error over all outcomes of a combination of the Bobs with weights of sum 1 and an offset."""
    if len(bobs) == 1:
        return _error(alice, bobs[0])
    if len(bobs) == 2:
        return min(_error(alice, _mix(bobs, t)) for t in _kinks(alice, bobs[0], bobs[1]))
    return _program(alice, bobs)


def _mix(bobs: Sequence[Row], t: Fraction) -> list[Fraction]:
    return [t * a + (1 - t) * b for a, b in zip(*bobs, strict=True)]


def _error(alice: Row, combined: Row) -> Fraction:
    apart = [c - u for c, u in zip(combined, alice, strict=True)]
    return (max(apart) - min(apart)) / 2


def _kinks(alice: Row, one: Row, two: Row) -> set[Fraction]:
    lines = [(b - u, a - b) for u, a, b in zip(alice, one, two, strict=True)]  # value at t = 0, slope
    found = {Fraction(0), Fraction(1)}
    for (c, m), (d, n) in combinations(set(lines), 2):
        if m != n and 0 < (d - c) / (m - n) < 1:
            found.add((d - c) / (m - n))
    return found


def _program(alice: Row, bobs: Sequence[Row]) -> Fraction:
    """Minimize e with -e <= w U + c - u <= e and weights of sum 1; c is the difference of two variables >= 0."""
    count, size = len(bobs), len(alice)
    rows: list[list[Fraction]] = []
    sides: list[Fraction] = []
    for i, u in enumerate(alice):
        for sign in (1, -1):
            slack = [Fraction(int(j == len(rows))) for j in range(2 * size)]
            row = [*(sign * bob[i] for bob in bobs), Fraction(sign), Fraction(-sign), Fraction(-1), *slack]
            side = sign * u
            rows.append(row if side >= 0 else [-v for v in row])
            sides.append(abs(side))
    rows.append([Fraction(int(j < count)) for j in range(count + 3 + 2 * size)])
    cost = [Fraction(-int(j == count + 2)) for j in range(count + 3 + 2 * size)]
    found = optimum(cost, rows, [*sides, Fraction(1)])
    assert found is not None  # large errors are always allowed
    return -found
