"""Definition 1 proved: weights and an offset from above, a signed measure on outcomes from below."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.concepts.proof import Proof, between
from bigopt.errors import SolverFailed

SMALL = 1e-9  # of the largest: a weight or a mass that is none

Outcomes = Sequence[tuple[Fraction, Sequence[Fraction]]]  # Alice's utility and every Bob's, an outcome each


def prior(data: dict[str, Any]) -> Exact:
    """Return an instance's prior, exactly; uniform where it has none."""
    weights = data.get("prior_weights") or data.get("prior") or [Fraction(1)] * len(data["states"])
    total = sum(weights)
    return [Fraction(weight) / total for weight in weights]


def alignment(outcomes: Outcomes) -> Proof:
    """Return the proof of the least epsilon over weights that add up to 1."""
    weights, offset, measure = _solve(outcomes)
    k = range(len(outcomes[0][1]))
    upper = max(abs(sum(w * u for w, u in zip(weights, bobs, strict=True)) + offset - a) for a, bobs in outcomes)
    against = [sum((m * bobs[j] for m, (_, bobs) in zip(measure, outcomes, strict=True)), Fraction(0)) for j in k]
    mean = sum((m * a for m, (a, _) in zip(measure, outcomes, strict=True)), Fraction(0))
    lower = max(Fraction(0), min(against) - mean)
    return Proof(
        {"epsilon": between(lower, upper), "weights": weights},
        {"weights": weights, "offset": offset, "measure": measure},
        ("the least epsilon of Definition 1 over weights that add up to 1",),
    )


def _solve(outcomes: Outcomes) -> tuple[Exact, Fraction, Exact]:
    """Return (weights, offset, measure): a float solution of the LP, completed on what is tight."""
    alice = np.array([float(a) for a, _ in outcomes])
    bobs = np.array([[float(u) for u in row] for _, row in outcomes])
    n, k = bobs.shape
    unit = float(np.ptp(alice)) or float(np.ptp(bobs)) or 1.0
    sides = np.vstack(
        [np.hstack([bobs, np.ones((n, 1)), -np.ones((n, 1))]), np.hstack([-bobs, -np.ones((n, 1)), -np.ones((n, 1))])]
    )
    found = linprog(
        np.r_[np.zeros(k + 1), 1.0],
        A_ub=sides / unit,
        b_ub=np.r_[alice, -alice] / unit,
        A_eq=np.r_[np.ones(k), 0.0, 0.0][None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * k + [(None, None)] * 2,
        method="highs-ds",
    )
    if found.status != 0:
        raise SolverFailed(f"proving alignment: {found.message}: try another instance unit", "error")
    mass = -found.ineqlin.marginals
    signed = mass[:n] - mass[n:]
    held = [i for i in range(n) if abs(signed[i]) > SMALL]
    used = [j for j in range(k) if found.x[j] > SMALL]
    weights, offset = _weights(outcomes, found.x, held, signed, used)
    return weights, offset, _measure(outcomes, signed, held, used)


def _weights(outcomes: Outcomes, x: Any, held: list[int], signed: Any, used: list[int]) -> tuple[Exact, Fraction]:
    """Return exact weights and offset with the same largest difference on every outcome that is held."""
    rows = [[outcomes[i][1][j] for j in used] + [Fraction(1), Fraction(-1 if signed[i] > 0 else 1)] for i in held]
    rows.append([Fraction(1)] * len(used) + [Fraction(0)] * 2)
    exact = completed(
        rows, [outcomes[i][0] for i in held] + [Fraction(1)], [float(x[j]) for j in used] + [float(x[-2]), float(x[-1])]
    )
    if exact is None or min(exact[: len(used)]) < 0:
        raw = [max(Fraction(0), rounded(float(v))) for v in x[:-2]]
        return [w / sum(raw) for w in raw], rounded(float(x[-2]))
    weights = [Fraction(0)] * (len(x) - 2)
    for j, value in zip(used, exact, strict=False):
        weights[j] = value
    return weights, exact[-2]


def _measure(outcomes: Outcomes, signed: Any, held: list[int], used: list[int]) -> Exact:
    """Return an exact signed measure of mass 0 and size 1 that all Bobs in use like equally."""
    rows = [[outcomes[i][1][j] for i in held] + [Fraction(-1)] for j in used]
    rows += [
        [Fraction(1)] * len(held) + [Fraction(0)],
        [Fraction(int(np.sign(signed[i]))) for i in held] + [Fraction(0)],
    ]
    level = min(float(sum(signed[i] * float(outcomes[i][1][j]) for i in held)) for j in range(len(outcomes[0][1])))
    exact = completed(rows, [Fraction(0)] * (len(rows) - 1) + [Fraction(1)], [float(signed[i]) for i in held] + [level])
    measure = [Fraction(0)] * len(outcomes)
    right = exact is not None and all(m * int(np.sign(signed[i])) >= 0 for m, i in zip(exact, held, strict=False))
    for i, value in zip(
        held, exact if right and exact is not None else map(rounded, (float(signed[i]) for i in held)), strict=False
    ):
        measure[i] = value
    if right:
        return measure
    plus, minus = sum(max(m, Fraction(0)) for m in measure), sum(max(-m, Fraction(0)) for m in measure)
    if not plus or not minus:  # epsilon 0: any measure proves it
        first = [Fraction(0)] * len(outcomes)
        first[0], first[-1] = Fraction(1, 2), Fraction(-1, 2)
        return first if len(outcomes) > 1 else [Fraction(0)]
    return [m / (2 * plus) if m > 0 else m / (2 * minus) for m in measure]
