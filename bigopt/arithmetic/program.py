"""Mixed-integer linear programs in fractions, and what proves a bound of their value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rational_lp import OPTIMAL, maximize
from bigopt.arithmetic.rationals import flint, python

Terms = Mapping[int, Fraction]
Combination = list[tuple[int, Fraction]]
ZERO = Fraction(0)
SIGN = {"L": -1, "E": 0, "G": 1}


@dataclass(frozen=True)
class Row:
    """A row ``sum terms[k] x[k]  (L: <=, E: ==, G: >=)  side``."""

    name: str
    terms: Terms
    sense: str
    side: Fraction


@dataclass(frozen=True)
class Program:
    """A linear program; the first `bounded` rows are bounds of single variables.

    Attributes
    ----------
    variables : names [n]
    objective : by variable
    maximize : bool
    rows : bounds of one variable first, then the others
    bounds : how many of the rows are bounds
    whole : indices of integer variables
    """

    variables: Sequence[str]
    objective: Terms
    maximize: bool
    rows: Sequence[Row]
    bounds: int
    whole: Sequence[int] = ()


@dataclass(frozen=True)
class Evidence:
    """A feasible point [n], and multipliers of rows (not of the bounds) that prove how good a point can be."""

    point: Sequence[Fraction]
    prices: Mapping[int, Fraction]


def at_least_zero(variables: Sequence[str], which: Sequence[int]) -> list[Row]:
    """Return the bounds ``x[k] >= 0``."""
    return [Row(f"{variables[k]}_0", {k: Fraction(1)}, "G", ZERO) for k in which]


def value(terms: Terms, point: Sequence[Fraction]) -> Fraction:
    """Return the value of a linear form."""
    return sum((c * point[k] for k, c in terms.items() if point[k]), ZERO)


def holds(row: Row, point: Sequence[Fraction]) -> bool:
    """Whether a point satisfies a row."""
    gap = value(row.terms, point) - row.side
    return gap <= 0 if row.sense == "L" else gap >= 0 if row.sense == "G" else gap == 0


def combined(program: Program, rows: Sequence[Row], prices: Mapping[int, Fraction]) -> tuple[Combination, Fraction]:
    """Return the combination of rows whose left side is the objective, and its right side: a bound of the value.

    What the prices leave of the objective is made up by the bounds of single variables.

    Raises
    ------
    ValueError
        A multiplier would have the wrong sign, or a variable has no bound that could make up for what is left.
    """
    rest = dict(program.objective)
    for i, price in prices.items():
        for k, c in rows[i].terms.items():
            rest[k] = rest.get(k, ZERO) - price * c
    used = {i: price for i, price in prices.items() if price}
    direction = -1 if program.maximize else 1
    at: dict[int, list[int]] = {}
    for i in [*range(program.bounds), *range(len(program.rows), len(rows))]:
        if len(rows[i].terms) == 1:
            at.setdefault(next(iter(rows[i].terms)), []).append(i)
    for k, left in rest.items():
        if not left:
            continue
        able = [i for i in at.get(k, []) if left / rows[i].terms[k] * SIGN[rows[i].sense] * direction >= 0]
        if not able:
            raise ValueError(f"{program.variables[k]}: {left} of the objective is left over")
        best = max(able, key=lambda i: direction * left / rows[i].terms[k] * rows[i].side)
        used[best] = used.get(best, ZERO) + left / rows[best].terms[k]
    for i, price in used.items():
        if price * SIGN[rows[i].sense] * direction < 0:
            raise ValueError(f"{rows[i].name}: the multiplier {price} has the wrong sign")
    pairs = sorted((i, price) for i, price in used.items() if price)
    return pairs, sum((price * rows[i].side for i, price in pairs), ZERO)


def gap(program: Program, evidence: Evidence) -> Fraction:
    """Return by how much the bound that the prices prove is away from the point's value."""
    return abs(combined(program, program.rows, evidence.prices)[1] - value(program.objective, evidence.point))


def solved(program: Program, rows: Sequence[Row]) -> Evidence | None:
    """Solve the program on its own rows and more exactly, integers left free; None where it has no optimum."""
    n = len(program.variables)
    signed = {next(iter(r.terms)) for r in program.rows[: program.bounds] if r.sense == "G" and r.side == 0}
    columns = [(k, 1) for k in range(n)] + [(k, -1) for k in range(n) if k not in signed]
    kept = [i for i, r in enumerate(rows) if not (i < program.bounds and r.sense == "G" and r.side == 0)]
    slack = [i for i in kept if rows[i].sense != "E"]
    width = len(columns) + len(slack)
    table = [fmpq(0)] * (len(kept) * width)
    for at, i in enumerate(kept):
        for j, (k, sign) in enumerate(columns):
            if k in rows[i].terms:
                table[at * width + j] = flint(sign * rows[i].terms[k])
        if rows[i].sense != "E":
            table[at * width + len(columns) + slack.index(i)] = fmpq(-SIGN[rows[i].sense])
    way = 1 if program.maximize else -1
    cost = [flint(way * sign * program.objective.get(k, ZERO)) for k, sign in columns] + [fmpq(0)] * len(slack)
    found = maximize(fmpq_mat(len(kept), width, table), [flint(rows[i].side) for i in kept], cost)
    if found.status != OPTIMAL:
        return None
    point = [ZERO] * n
    for (k, sign), x in zip(columns, found.x, strict=False):
        point[k] += sign * python(x)
    return Evidence(point, {i: way * python(y) for i, y in zip(kept, found.dual, strict=True) if y})
