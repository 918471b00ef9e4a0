"""Proofs of a table's combinations: linear programming duality in the worst row, convexity in the mean square."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bigopt.alice import prove as shared
from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.concepts.proof import Proof, proved

USED = 1e-9  # of the weights: less is none


def audit(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the least worst error of a combination with an offset."""
    one, alice, column = _asked(data, solution, "any")
    rows = list(zip(alice, data["bobs"], strict=True))
    witness = shared.witness(rows, rows, one) | {"alice": column, "sum_one": one}
    return proved("hull", "audit", data, witness, ("the least error of a combination in the worst row",))


def combination(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the least mean square error of a combination."""
    one, alice, column = _asked(data, solution, "one")
    groups = data.get("groups") or list(range(len(alice)))
    share = [Fraction(1, groups.count(group)) for group in groups]
    weights = _stationary(share, alice, data["bobs"], [float(w) for w in solution.weights], one)
    witness = {"weights": weights, "alice": column, "sum_one": one}
    return proved("hull", "combination", data, witness, ("the least mean square error of a combination",))


def _asked(data: Mapping[str, Any], solution: Any, usual: str) -> tuple[bool, Exact, int]:
    """Return whether the weights add up to 1, and which Alice is asked about."""
    column = int(solution.solver.options.get("alice", 0))
    alice = [row[column] if isinstance(row, list) else row for row in data["alice"]]
    return solution.solver.options.get("weights", usual) == "one", alice, column


def _stationary(share: Exact, alice: Exact, bobs: list[Exact], near: list[float], one: bool) -> Exact:
    """Return the exact weights at which the Bobs in use pull equally, the rounded ones where they do not exist."""
    used = [j for j, weight in enumerate(near) if weight > USED * max(near)]
    columns = [[row[j] for row in bobs] for j in used]
    scaled = [[s * v for s, v in zip(share, column, strict=True)] for column in columns]
    rows = [[_dot(a, b) for b in columns] + [Fraction(1)] * one for a in scaled]
    sides = [_dot(a, alice) for a in scaled]
    if one:
        rows, sides = [*rows, [Fraction(1)] * len(used) + [Fraction(0)]], [*sides, Fraction(1)]
    exact = completed(rows, sides, [near[j] for j in used] + [0.0] * one)
    if exact is None or min(exact[: len(used)]) < 0:
        raw = [max(Fraction(0), rounded(weight)) for weight in near]
        return [weight / sum(raw) for weight in raw] if one else raw
    weights = [Fraction(0)] * len(near)
    for j, value in zip(used, exact, strict=False):
        weights[j] = value
    return weights


def _dot(a: Exact, b: Exact) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


PROVERS = {"audit": audit, "combination": combination}
