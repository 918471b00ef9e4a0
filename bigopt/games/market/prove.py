"""Proofs of stable schemes, which a checker goes through, and of alignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from bigopt.alice import prove as shared
from bigopt.concepts.proof import Proof
from bigopt.errors import UnsupportedProblem


def alignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the epsilon of Definition 1."""
    states = enumerate(data["alice"])
    bobs = [bob["utility"] for bob in data["bobs"]]
    return shared.alignment([(a, [bob[s][k] for bob in bobs]) for s, row in states for k, a in enumerate(row)])


def _opt(data: Mapping[str, Any]) -> Fraction:
    return sum((p * max(row) for p, row in zip(shared.prior(dict(data)), data["alice"], strict=True)), Fraction(0))


def _extreme(words: str) -> Callable[[Mapping[str, Any], Any], Proof]:
    """Return the prover of Alice's worst or best stable scheme."""

    def prove(data: Mapping[str, Any], solution: Any) -> Proof:
        scheme = [int(a) for a in _pure(solution.scheme)]
        prior = shared.prior(dict(data))
        value = sum((p * row[a] for p, row, a in zip(prior, data["alice"], scheme, strict=True)), Fraction(0))
        claims = {"alice": value, "scheme": scheme, "opt": _opt(data)}
        return Proof(claims, {"scheme": scheme}, (f"the scheme is stable, and Alice's {words} of all stable schemes",))

    return prove


def stable(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim that these schemes are stable and no others."""
    schemes = sorted([int(a) for a in _pure(scheme)] for scheme in solution.schemes)
    claims = {"count": len(schemes), "schemes": schemes, "opt": _opt(data)}
    return Proof(claims, {}, ("these schemes are stable, and no others",))


def _pure(scheme: Any) -> Any:
    """Return a deterministic scheme, or refuse a randomized one."""
    if any(hasattr(entry, "__len__") for entry in scheme):
        raise UnsupportedProblem("prove: randomized schemes have no rule yet: use `bigopt solve`")
    return scheme


PROVERS = {"worst": _extreme("worst"), "best": _extreme("best"), "stable": stable, "alignment": alignment}
