"""Prices that prove how much a linear function can be on an action set, in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.arithmetic.completion import Exact, completed


def price_of(space: Mapping[str, Any], g: Exact) -> list[Any]:
    """Return what proves the most of g.x over the set: prices [row, price] of its rows; none on a ball.

    Rows of a box are its lower ends, then its upper ends; of a simplex x >= 0, then its sum from below and from above;
    of a hull the same for the shares of its points; of a polytope its inequalities, then its equations from both sides.
    """
    if space["type"] == "ball":
        return []
    if space["type"] == "hull":
        g = [dot(g, point) for point in space["points"]]
    d = len(g)
    if space["type"] == "box":
        return [[c + d * (v > 0), abs(v)] for c, v in enumerate(g) if v]
    if space["type"] in ("simplex", "hull"):
        top = max(g)
        return [[c, top - v] for c, v in enumerate(g) if v < top] + [[d + (top > 0), abs(top)]] * (top != 0)
    m, equations = len(space["A"]), len(space.get("A_eq", []))
    price = _multipliers(space, g)
    both = [[m + k + equations * (v > 0), abs(v)] for k, v in enumerate(price[m:]) if v]
    return [[k, v] for k, v in enumerate(price[:m]) if v] + both


def _multipliers(space: Mapping[str, Any], g: Exact) -> Exact:
    """Return multipliers of a polytope's rows that add up to g: those of a best vertex's basis."""
    from scipy.optimize import linprog

    d = len(g)
    rows, sides, A_eq, b_eq = floats(space)
    both = [*space["A"], *space.get("A_eq", [])]
    m, e = len(rows), 0 if A_eq is None else len(A_eq)
    if not any(g):
        return [Fraction(0)] * (m + e)
    goal = np.array([float(v) for v in g])
    table = np.array([[float(v) for v in row] for row in both]).T
    ends = np.r_[sides, b_eq if e else np.zeros(0)]
    size = float(np.abs(goal).max())
    found = linprog(ends, A_eq=table, b_eq=goal / size, bounds=[(0, None)] * m + [(None, None)] * e, method="highs-ds")
    used = [k for k in range(m + e) if found.x is not None and (k >= m or found.x[k] > 1e-12)]
    exact = completed([[both[k][c] for k in used] for c in range(d)], g, [float(found.x[k]) * size for k in used])
    price = [Fraction(0)] * (m + e)
    for k, value in zip(used, exact or [], strict=False):
        price[k] = value
    return price


def floats(space: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a polytope's arrays as floats."""
    equations = space.get("A_eq")
    pair = (np.array(equations, dtype=float), np.array(space["b_eq"], dtype=float)) if equations else (None, None)
    return (np.array(space["A"], dtype=float), np.array(space["b"], dtype=float), *pair)


def dot(a: Exact, b: Exact) -> Fraction:
    """Return a scalar product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
