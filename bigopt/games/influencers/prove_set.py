"""What shows how large the set of equilibria is: its linear system, a point inside, and its ends in every coordinate.

The system is the checker's own (docs/PROOFS.md): everybody's action set, best replies to the receiver, and the supply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from bigopt.arithmetic.program import Program, Row, solved
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.proof import checker

LARGEST = 40_000  # rows times columns of a program in fractions: of larger sets nothing is claimed
ONE, ZERO = Fraction(1), Fraction(0)
Key = tuple[int, ...]
Point = dict[Key, Fraction]
Sparse = Mapping[Key, Fraction]
Listed = list[list[Any]]  # [*indices, value]


@dataclass
class Equilibria:
    """The linear system of all equilibria: rows (name, coefficients, least) in everybody's variables."""

    rows: list[tuple[Key, Sparse, Fraction]]
    maps: list[list[Sparse]]  # everybody's coordinates in the variables
    deadline: Deadline
    variables: list[Key] = field(init=False)

    def __post_init__(self) -> None:
        """Number the variables."""
        self.variables = sorted({key for own in self.maps for row in own for key in row})

    @classmethod
    def around(cls, data: Mapping[str, Any], witness: Mapping[str, Any], receiver: list[Fraction]) -> Equilibria:
        """State the system around an equilibrium whose regrets are exactly 0."""
        rules = checker()
        weights, targets = data["weights"], data["targets"]
        own, coordinates = rules.facets(data["action_set"], receiver)
        rows: list[tuple[Key, Sparse, Fraction]] = []
        maps: list[list[Sparse]] = []
        for i, (w, target) in enumerate(zip(weights, targets, strict=True)):
            best = rules.mix([2 * w * (t - v) for t, v in zip(target, receiver, strict=True)], coordinates)
            most = rules.at(best, dict(witness["points"][i]))
            rows += [((i, k), _of(i, row), least) for k, row, least in [*own, (-1, best, most)]]
            maps.append([_of(i, row) for row in coordinates])
        sums = [rules.mix(weights, column) for column in zip(*maps, strict=True)]
        supply = rules.both(sums, rules.minus(receiver, rules.base(data)))
        rows += [((-1, k), row, least) for k, (row, least) in enumerate(supply)]
        return cls(rows, maps, Deadline())

    @property
    def small(self) -> bool:
        """Whether programs in fractions are a matter of moments."""
        return 4 * len(self.rows) * (len(self.rows) + len(self.variables)) <= 4 * LARGEST

    def inside(self) -> dict[str, Any] | None:
        """Return a point that keeps as many rows strictly as possible, and prices of the rows that no point does.

        With slacks 0 <= t <= 1 the largest sum of t over ``row x - least z - t >= 0``, ``z >= 1`` is the number of rows
        that can be strict; x / z is such a point, and the rows' prices are those of 0 >= 0 (Freund, Roundy and Todd).
        """
        at = self._numbered
        n, m = len(self.variables), len(self.rows)
        z, names = n + m, [str(k) for k in range(n + m + 1)]
        bounds = [Row("", {n + r: ONE}, "G", ZERO) for r in range(m)]
        rows = [Row("", {n + r: ONE}, "L", ONE) for r in range(m)] + [Row("", {z: ONE}, "G", ONE)]
        for r, (_, row, least) in enumerate(self.rows):
            rows.append(Row("", {at[k]: v for k, v in row.items()} | {z: -least, n + r: -ONE}, "G", ZERO))
        program = Program(names, {n + r: ONE for r in range(m)}, True, [*bounds, *rows], m)
        found = solved(program, program.rows)
        if found is None:
            return None
        inner = {k: found.point[at[k]] / found.point[z] for k in self.variables}
        prices = {name: -found.prices.get(2 * m + 1 + r, ZERO) for r, (name, _, _) in enumerate(self.rows)}
        return {"inner": _listed(inner), "equations": _listed(prices)}

    def ends(self) -> dict[str, Any]:
        """Return for every coordinate the members of the set where it is least and largest, and what proves so."""
        members: list[Point] = []
        sides = {"least": 1, "most": -1}
        ends = {
            key: [[self._end(row, sign, members) for row in own] for own in self.maps] for key, sign in sides.items()
        }
        return {"members": [_listed(point) for point in members]} | ends

    def _end(self, row: Sparse, sign: int, members: list[Point]) -> list[Any]:
        """Return a member's number and the prices of rows, for the least of a signed coordinate."""
        self.deadline.check("proving ranges of coordinates")
        at = self._numbered
        program = Program(
            [str(k) for k in range(len(self.variables))],
            {at[k]: sign * v for k, v in row.items()},
            False,
            [Row("", {at[k]: v for k, v in terms.items()}, "G", least) for _, terms, least in self.rows],
            0,
        )
        found = solved(program, program.rows)
        assert found is not None  # the set holds the equilibrium, and is bounded
        point: Point = {k: found.point[at[k]] for k in self.variables}
        if point not in members:
            members.append(point)
        prices = {self.rows[r][0]: price for r, price in found.prices.items()}
        return [members.index(point), _listed(prices)]

    @cached_property
    def _numbered(self) -> dict[Key, int]:
        return {key: k for k, key in enumerate(self.variables)}


def _of(i: int, row: Mapping[int, Fraction]) -> Sparse:
    """Return a row in player i's variables."""
    return {(i, k): v for k, v in row.items()}


def _listed(values: Mapping[Any, Fraction]) -> Listed:
    """Return what is not 0, as [*indices, value]."""
    return [[*key, value] for key, value in values.items() if value]


def witness(
    data: Mapping[str, Any], found: Mapping[str, Any], receiver: Sequence[Fraction], ranges: bool = False
) -> dict[str, Any]:
    """Return what an equilibrium's witness needs besides for claims of the dimension, and of the ranges if asked for.

    Empty where the system is too large for fractions.
    """
    system = Equilibria.around(data, found, list(receiver))
    inside = system.inside() if system.small else None
    if inside is None:
        return {}
    return inside | (system.ends() if ranges else {})
