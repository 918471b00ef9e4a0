"""Proofs of equilibria of finite games, which a checker goes through in integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bigopt.concepts.proof import Proof, proved


def nash(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim an equilibrium, and that its potential is the least of all profiles where these can be gone through."""
    choices = [[int(k) for k in choice] for choice in solution.choices]
    proof = proved("subsets", "nash", data, {"choices": choices}, ("nobody can do better alone",))
    more = ("no profile has a lower potential",) if "potential" in proof.claims else ()
    return replace(proof, words=proof.words + more)


def all_nash(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the number of pure equilibria."""
    words = ("there are so many pure equilibria",)
    return proved("subsets", "all-nash", data, {}, words, ("count", "complete"))


def extremes(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the least and the largest total loss of all pure equilibria."""
    words = ("the least and the largest total loss of all pure equilibria",)
    return proved("subsets", "extremes", data, {}, words, ("best_total", "worst_total"))


PROVERS = {"nash": nash, "all-nash": all_nash, "extremes": extremes}
