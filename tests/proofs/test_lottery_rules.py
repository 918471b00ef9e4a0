"""The rule of randomized schemes against plane geometry: two states with two policies, so lotteries are a square.

What Alice obeys is a polygon in it, a Bob's frontier the best corner of what is left of the polygon above a value, and
a value has a stable lottery where one end of the segment of that value is on all frontiers.
"""

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np

import bigopt
from bigopt.concepts.proof import written
from bigopt.files.exact import as_exact
from bigopt.games.market import prove_lotteries, prove_obedient

Point = tuple[Fraction, Fraction]
Line = tuple[Fraction, Fraction, Fraction]  # a + b x + c y
CONCEPTS = ("worst", "best", "stable")
SQUARE: list[Point] = [(Fraction(x), Fraction(y)) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
OPTIONS = [(a, b) for a in (False, True) for b in (False, True)]  # obedience, nash


def at(line: Line, p: Point) -> Fraction:
    return line[0] + line[1] * p[0] + line[2] * p[1]


def clipped(polygon: list[Point], line: Line) -> list[Point]:
    """Return the part of a convex polygon where a line is not negative (Sutherland and Hodgman)."""
    found = []
    for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        a, b = at(line, p), at(line, q)
        found += [p] if a >= 0 else []
        if a * b < 0:
            found.append((p[0] + a / (a - b) * (q[0] - p[0]), p[1] + a / (a - b) * (q[1] - p[1])))
    return found


@dataclass
class Square:
    """A game of two states (of equal probability) and two policies: everybody's utility as a line."""

    tables: Any  # integers [1 + k, 2, 2]
    obeyed: bool
    nash: bool

    def __post_init__(self) -> None:
        half = Fraction(1, 2)
        t = [[[Fraction(int(v)) for v in row] for row in own] for own in self.tables]
        self.lines = [(half * (u[0][0] + u[1][0]), half * (u[0][1] - u[0][0]), half * (u[1][1] - u[1][0])) for u in t]
        self.polygon = SQUARE
        if self.obeyed:
            s, r = (t[0][y][1] - t[0][y][0] for y in (0, 1))  # told policy 1 she gains s x + r y, told 0 the rest
            self.polygon = clipped(clipped(SQUARE, (Fraction(0), s, r)), (-s - r, s, r))
        self.opt = max(at(self.lines[0], p) for p in self.polygon)

    def above(self, v: Fraction) -> list[Point]:
        a, b, c = self.lines[0]
        return clipped(self.polygon, (a - v, b, c))

    def most(self, j: int, v: Fraction) -> Fraction:
        return max(at(self.lines[j], p) for p in (self.above(v) if len(self.lines) > 2 else self.polygon))

    def stable(self, p: Point) -> bool:
        v = at(self.lines[0], p)
        free = len(self.lines) > 2 and v == self.opt
        asked = range(1, len(self.lines)) if not free else [1] * self.nash
        return all(at(self.lines[j], p) >= self.most(j, v) for j in asked)

    def has(self, v: Fraction) -> bool:
        """Whether a stable lottery gives Alice v: on a segment a Bob's best is an end, or all of it."""
        a, b, c = self.lines[0]
        segment = clipped(self.above(v), (v - a, -b, -c))
        if len(self.lines) > 2 and v == self.opt:
            return True
        return any(self.stable(p) for p in segment)

    def intervals(self) -> list[list[Fraction]]:
        """Return the values with stable lotteries: between corners of the polygon all are alike."""
        marks = sorted({at(self.lines[0], p) for p in self.polygon})
        found: list[list[Fraction]] = [[v, v] for v in marks if self.has(v)]
        found += [[a, b] for a, b in itertools.pairwise(marks) if self.has((a + b) / 2)]
        return joined(found)


def joined(found: list[list[Fraction]]) -> list[list[Fraction]]:
    merged: list[list[Fraction]] = []
    for a, b in sorted(found):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return merged


def games(count: int, seed: int) -> Iterator[tuple[Any, dict[str, Any], bigopt.Market]]:
    """Yield tables, exact data and games; small integers, so that much ties; most have something to see."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        tables = rng.integers(0, 5, (int(rng.integers(2, 5)), 2, 2))
        while k % 4 and not rich(tables):
            tables = rng.integers(0, 5, (int(rng.integers(2, 5)), 2, 2))
        own = tables.astype(float).tolist()
        game = bigopt.Market(own[0], own[1:], policies=(("a", "b"),) * 2)
        yield tables, as_exact(game), game


def rich(tables: Any) -> bool:
    """Whether there are several values that Alice obeys, or a gap between those of all lotteries."""
    obeyed, free = (Square(tables, way, False).intervals() for way in (True, False))
    return obeyed[0][0] < obeyed[-1][1] or len(free) > 1


def derived(checker: ModuleType, data: dict[str, Any], concept: str, witness: dict[str, Any]) -> dict[str, Any] | None:
    """Return the facts, or nothing where the witness proves nothing."""
    mistakes = (checker.Refuted, KeyError, TypeError, ValueError, IndexError, ArithmeticError)
    try:
        facts: dict[str, Any] = checker.derived(data | {"kind": "market"}, concept, written(witness, Fraction))
    except mistakes:
        return None
    return facts


def true(facts: dict[str, Any], tables: Any, concept: str) -> bool:
    """Whether facts hold of the square that they speak of."""
    square = Square(tables, facts["obedience"], facts["nash"])
    values, schemes = square.intervals(), facts.get("schemes", [facts.get("scheme")])
    points = [(rows[0][1], rows[1][1]) for rows in schemes]
    inside = [p for p in points if at_least_zero(p) and (not square.obeyed or p in square.polygon or within(square, p))]
    if len(inside) < len(points) or not all(map(square.stable, points)) or facts["opt"] != square.opt:
        return False
    if concept == "stable":
        return joined([list(pair) for pair in facts["intervals"]]) == values
    return bool(
        facts["alice"] == (values[0][0] if concept == "worst" else values[-1][1]) == at(square.lines[0], points[0])
    )


def at_least_zero(p: Point) -> bool:
    return min(*p, 1 - p[0], 1 - p[1]) >= 0


def within(square: Square, p: Point) -> bool:
    """Whether a point is on the left of, or on, all edges of the polygon (which may be a segment or a point)."""
    turns = []
    for (a, b), (c, d) in zip(square.polygon, square.polygon[1:] + square.polygon[:1], strict=True):
        turns.append((c - a) * (p[1] - b) - (d - b) * (p[0] - a))
    return all(turn >= 0 for turn in turns)


def witness_of(game: bigopt.Market, concept: str, obeyed: bool, nash: bool) -> dict[str, Any]:
    witness = prove_obedient.witness if obeyed else prove_lotteries.witness
    asked = {"randomized": True, "obedience": obeyed, "nash": nash}
    return witness(game, concept, nash) | {key: True for key, flag in asked.items() if flag}


def test_what_is_proved_is_what_plane_geometry_finds(checker: ModuleType) -> None:
    seen: set[tuple[bool, int]] = set()
    for tables, data, game in games(6, 1):
        for obeyed, nash in OPTIONS:
            for concept in CONCEPTS:
                facts = derived(checker, data, concept, witness_of(game, concept, obeyed, nash))
                assert facts is not None, (tables, concept, obeyed, nash)
                assert true(facts, tables, concept), (tables, concept, obeyed, nash, facts)
                values = Square(tables, obeyed, nash).intervals()
                seen |= {(obeyed, len(values)), (obeyed, 9 * any(a < b for a, b in values))}
    assert {(False, 1), (False, 2), (False, 9), (True, 1), (True, 9)} <= seen  # gaps, and intervals of width


def test_a_witness_for_something_else_proves_nothing_false(checker: ModuleType) -> None:
    """Every witness under every flag and every concept: what is accepted is true of what it speaks of."""
    accepted = refused = 0
    for tables, data, game in games(2, 2):
        for obeyed, nash in OPTIONS:
            for concept in CONCEPTS:
                made = witness_of(game, concept, obeyed, nash)
                for (other, wins), claimed in itertools.product(OPTIONS, CONCEPTS):
                    facts = derived(checker, data, claimed, made | {"obedience": other, "nash": wins})
                    accepted += facts is not None
                    refused += facts is None
                    assert facts is None or true(facts, tables, claimed), (tables, facts)
    assert min(accepted, refused) > 30


def test_changed_witnesses_prove_nothing_false(checker: ModuleType) -> None:
    """Numbers moved, entries lost or doubled."""
    rng = np.random.default_rng(3)
    said = {True: 0, False: 0}
    for tables, data, game in games(3, 4):
        for obeyed, nash in OPTIONS:
            for concept in CONCEPTS:
                made = witness_of(game, concept, obeyed, nash)
                for _ in range(8):
                    facts = derived(checker, data, concept, spoilt(made, rng))
                    said[facts is not None] += 1
                    assert facts is None or true(facts, tables, concept), (tables, facts)
    assert min(said.values()) > 30


def spoilt(made: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return a witness with one or two changes somewhere in its paths, pieces or spans."""
    changed = copy.deepcopy(made)
    for _ in range(int(rng.integers(1, 3))):
        holder: Any = changed[("paths", "pieces", "spans")[int(rng.integers(3))]]
        while isinstance(holder, list) and any(isinstance(v, list) and v for v in holder) and rng.random() < 0.85:
            holder = [v for v in holder if isinstance(v, list) and v][
                int(rng.integers(sum(isinstance(v, list) and bool(v) for v in holder)))
            ]
        if not holder:
            continue
        k = int(rng.integers(len(holder)))
        if isinstance(holder[k], list):
            holder.pop(k) if rng.random() < 0.5 else holder.insert(k, copy.deepcopy(holder[k]))
        else:
            holder[k] = Fraction(holder[k]) + Fraction(int(rng.integers(-4, 5)), int(rng.integers(1, 4)))
    return changed
