"""Definition 1 proved: weights and an offset from above, prices of outcomes from below."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.errors import SolverFailed

TINY = 1e-12  # of the Bobs' range: less than that of Alice's is not told apart in floats
SMALL = 1e-9  # of the largest: a weight or a mass that is none

Outcome = tuple[Fraction, Sequence[Fraction]]  # Alice's utility and every Bob's
Rows = list[tuple[int, Outcome]]  # a side (1: w.U + c >= u_A - e, -1: <= u_A + e) and an outcome


def prior(data: Any) -> Exact:
    """Return an instance's prior, exactly; uniform where it has none."""
    weights = data.get("prior_weights") or data.get("prior") or [Fraction(1)] * len(data["states"])
    total = sum(weights)
    return [Fraction(weight) / total for weight in weights]


def outcomes(data: Any) -> list[Outcome]:
    """Return all outcomes of an instance with a table of utilities a player."""
    bobs = [bob["utility"] for bob in data["bobs"]]
    return [(a, [bob[s][k] for bob in bobs]) for s, row in enumerate(data["alice"]) for k, a in enumerate(row)]


def witness(above: Sequence[Outcome], below: Sequence[Outcome], convex: bool = True) -> dict[str, Any]:
    """Return what proves the least epsilon: `weights`, `offset`, and `prices` of rows, those of `above` first.

    Parameters
    ----------
    above, below : outcomes
        Where w.U + c may be at most epsilon below Alice's utility, and at most epsilon above it.
    convex : bool
        Whether the weights add up to 1.
    """
    rows: Rows = [(1, outcome) for outcome in above] + [(-1, outcome) for outcome in below]
    x, mass = _solve(rows, convex)
    held = [i for i in range(len(rows)) if mass[i] > SMALL]
    used = [j for j in range(len(x) - 2) if x[j] > SMALL * max(1.0, x[:-2].max())]
    weights, offset = _weights(rows, x, held or _tight(rows, x), used, convex)
    prices = _prices(rows, mass, held, used, convex)
    return {"weights": weights, "offset": offset, "prices": [[i, price] for i, price in prices.items() if price]}


def _solve(rows: Rows, convex: bool) -> tuple[Any, Any]:
    """Return (weights, offset and epsilon; prices), floats."""
    side = np.array([s for s, _ in rows], dtype=float)
    alice = np.array([float(a) for _, (a, _) in rows])
    bobs = np.array([[float(u) for u in row] for _, (_, row) in rows])
    n, k = bobs.shape
    unit = max(float(np.ptp(alice)), TINY * float(np.ptp(bobs))) or 1.0
    table = np.hstack([-side[:, None] * bobs / unit, -side[:, None], -np.ones((n, 1))])
    sums = {"A_eq": np.r_[np.ones(k), 0.0, 0.0][None, :], "b_eq": [1.0]} if convex else {}
    found = linprog(
        np.r_[np.zeros(k + 1), 1.0],
        A_ub=table,
        b_ub=-side * alice / unit,
        bounds=[(0, None)] * k + [(None, None), (0, None)],
        method="highs-ds",
        **sums,
    )
    if found.status != 0:
        raise SolverFailed(f"proving alignment: {found.message}: try another instance unit", "error")
    return found.x * np.r_[np.ones(k), unit, unit], -found.ineqlin.marginals


def _tight(rows: Rows, x: Any) -> list[int]:
    """Return the outcomes at which a float solution is tight, for where epsilon is 0 and no row has a price."""
    short = [s * (float(a) - float(np.dot(x[:-2], [float(u) for u in bobs])) - x[-2]) - x[-1] for s, (a, bobs) in rows]
    size = max(1.0, max(abs(float(a)) for _, (a, _) in rows))
    return [i for i, value in enumerate(short) if abs(value) <= SMALL * size]


def _weights(rows: Rows, x: Any, held: list[int], used: list[int], convex: bool) -> tuple[Exact, Fraction]:
    """Return exact weights and offset with the same difference on every outcome that is held."""
    system = [[s * rows[i][1][1][j] for j in used] + [Fraction(s), Fraction(1)] for i in held for s in [rows[i][0]]]
    sides = [rows[i][0] * rows[i][1][0] for i in held]
    if convex:
        system, sides = [*system, [Fraction(1)] * len(used) + [Fraction(0)] * 2], [*sides, Fraction(1)]
    exact = completed(system, sides, [float(x[j]) for j in used] + [float(x[-2]), float(x[-1])]) if system else None
    if exact is None or min([*exact[: len(used)], exact[-1]]) < 0:
        raw = [max(Fraction(0), rounded(float(v))) for v in x[:-2]]
        return [w / sum(raw) for w in raw] if convex else raw, rounded(float(x[-2]))
    weights = [Fraction(0)] * (len(x) - 2)
    for j, value in zip(used, exact, strict=False):
        weights[j] = value
    return weights, exact[-2]


def _prices(rows: Rows, mass: Any, held: list[int], used: list[int], convex: bool) -> dict[int, Fraction]:
    """Return exact prices of outcomes: both sides weigh the same, all together at most 1, Bobs in use cost the same."""
    level = [Fraction(-1)] if convex else []
    system = [[rows[i][0] * rows[i][1][1][j] for i in held] + level for j in used]
    system += [[Fraction(rows[i][0]) for i in held] + [Fraction(0)] * convex]
    system += [[Fraction(1)] * len(held) + [Fraction(0)] * convex]
    sides = [Fraction(0)] * (len(system) - 1) + [Fraction(1)]
    near = [float(mass[i]) for i in held]
    top = [max((sum(mass[i] * rows[i][0] * float(rows[i][1][1][j]) for i in held) for j in used), default=0.0)] * convex
    exact = completed(system, sides, near + top) if held else None
    if exact is not None and min(exact[: len(held)]) >= 0:
        return dict(zip(held, exact, strict=False))
    raw = {i: rounded(float(mass[i])) for i in held}
    up, down = (sum(v for i, v in raw.items() if rows[i][0] == side) for side in (1, -1))
    if not convex or not up or not down:  # epsilon 0 needs no price; without a sum nothing else is sure
        return {}
    return {i: v / (2 * (up if rows[i][0] == 1 else down)) for i, v in raw.items()}
