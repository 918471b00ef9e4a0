"""Proofs of what talk is worth: sums over rectangles of features, which a checker adds up in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.alice import prove as shared
from bigopt.concepts.proof import Proof, proved


def first_best(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim what Alice gets if she knows both features, and if she knows her own."""
    return proved("conversation", "first-best", data, {}, ("what Alice gets with all features, and with her own",))


def alignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the epsilon of Definition 1 over pairs of an action and a state."""
    cells = shared.outcomes(data)
    words = ("the least epsilon of Definition 1 over weights that add up to 1",)
    return proved("conversation", "alignment", data, shared.witness(cells, cells), words)


PROVERS = {"first-best": first_best, "alignment": alignment}
