"""Proofs under social welfare: closed forms, which a checker evaluates to forty digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bigopt.concepts.proof import Proof, proved
from bigopt.errors import UnsupportedProblem

WELFARE = ("policy", "welfare", "social_welfare")
USUAL = {"payments": "affine", "rule": "affine", "from": "exact"}  # options with a rule
RULES = {
    "train": (WELFARE, "the policy maximizes the welfare, which is this"),
    "payments": ((*WELFARE, "payments", "utilities"), "affine payments: truth is a best report, and nobody loses"),
    "audit": (("utilities", "dsic_gap", "ir_gap"), "affine payments leave no gain to any misreport"),
    "cycles": (("epsilon_star", "implementable"), "no cycle of types is negative: there are payments"),
}


def _prover(concept: str) -> Callable[[Mapping[str, Any], Any], Proof]:
    fields, words = RULES[concept]

    def prove(data: Mapping[str, Any], solution: Any) -> Proof:
        """Claim what follows from closed forms."""
        asked = solution.solver.options
        other = [key for key, usual in USUAL.items() if asked.get(key, usual) != usual]
        if other:
            raise UnsupportedProblem(
                f"prove: {concept} has no rule for option {other[0]}={asked[other[0]]}: leave it out"
            )
        return proved("mechanism", concept, data, {}, (words,), fields)

    return prove


def without_rule(data: Mapping[str, Any]) -> str | None:
    """Say why an instance has no rule."""
    closed = data["rule"]["objective"] == "social-welfare" and data.get("policy", {}).get("type") != "mixture"
    return None if closed else "has a rule under social welfare over all policies only"


PROVERS = {concept: _prover(concept) for concept in RULES}
