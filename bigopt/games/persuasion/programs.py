"""Concepts of a sender as linear programs in fractions, with the evidence that their proofs hold."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bigopt.alice import program as shared
from bigopt.alice.prove import outcomes, prior
from bigopt.arithmetic.program import Evidence, Program, Row, at_least_zero
from bigopt.concepts.proof import Proof

Stated = tuple[Program, Evidence | None]
ONE = Fraction(1)


def signaling(data: Mapping[str, Any], proof: Proof | None, solution: Any) -> Stated:
    """State `models/signaling.py`: maximize the sender's value over schemes that Alice obeys, ties obeying."""
    p, u, A = prior(data), data["alice"], len(data["actions"])
    v = {bob["name"]: bob["utility"] for bob in data["bobs"]}.get(solution.bob, u)
    names = [f"pi_{s}_{a}" for s in range(len(p)) for a in range(A)]
    objective = {s * A + a: p[s] * v[s][a] for s in range(len(p)) for a in range(A)}
    rows = at_least_zero(names, range(len(names)))
    simplex, obey = {}, {}
    for s in range(len(p)):
        simplex[s] = len(rows)
        rows.append(Row(f"simplex_{s}", {s * A + a: ONE for a in range(A)}, "E", ONE))
    for a in range(A):
        for b in range(A):
            if a != b:
                obey[a, b] = len(rows)
                terms = {s * A + a: p[s] * (u[s][a] - u[s][b]) for s in range(len(p))}
                rows.append(Row(f"obedience_{a}_{b}", {k: c for k, c in terms.items() if c}, "G", Fraction(0)))
    program = Program(names, objective, True, rows, len(names))
    return program, None if proof is None else _evidence(program, proof, simplex, obey)


def _evidence(
    program: Program, proof: Proof, simplex: Mapping[int, int], obey: Mapping[tuple[int, int], int]
) -> Evidence:
    """Return the scheme, the prices of obedience, and for every state what its best recommendation is worth."""
    gain = dict(program.objective)
    prices: dict[int, Fraction] = {}
    for a, _, b, y in proof.witness["obedience"]:
        row = obey[int(a), int(b)]
        prices[row] = -y
        for k, c in program.rows[row].terms.items():
            gain[k] += y * c
    for row in simplex.values():
        prices[row] = max(gain[k] for k in program.rows[row].terms)
    return Evidence([x for row in proof.witness["scheme"] for x in row], prices)


def alignment(data: Mapping[str, Any], proof: Proof | None, solution: Any) -> Stated:
    """State Definition 1 over all outcomes."""
    found = outcomes(data)
    return shared.alignment(found), None if proof is None else shared.evidence(found, proof)


PROGRAMS = {"signaling": signaling, "alignment": alignment}
