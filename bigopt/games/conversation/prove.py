"""Proofs of what talk is worth: sums over rectangles of features, which a checker adds up in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.alice import prove as shared
from bigopt.concepts.proof import Proof, proved
from bigopt.errors import UnsupportedProblem

FEATURES = 11  # of both players together: with more, the checker would go through too many splits of rectangles


def first_best(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim what Alice gets if she knows both features, and if she knows her own."""
    return proved("conversation", "first-best", data, {}, ("what Alice gets with all features, and with her own",))


def aligned_leader(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the value of Definition 8 with the letters that were asked for.

    Raises
    ------
    UnsupportedProblem
        Another number of rounds than the game's was asked for, or features are many.
    """
    asked, P = solution.solver.options, data.get("prior_weights") or data["prior"]
    if (asked.get("rounds") or data["rounds"]) != data["rounds"]:
        raise UnsupportedProblem("prove: aligned-leader has a rule for the game's own rounds: leave the option out")
    if len(P) + len(P[0]) > FEATURES:
        raise UnsupportedProblem(f"prove: aligned-leader has a rule for at most {FEATURES} features of both in all")
    words = ("what Alice gets from the best talk with a leader who wants what she wants, with so many letters",)
    return proved("conversation", "aligned-leader", data, {"letters": int(asked.get("letters") or 2)}, words)


def alignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the epsilon of Definition 1 over pairs of an action and a state."""
    cells = shared.outcomes(data)
    words = ("the least epsilon of Definition 1 over weights that add up to 1",)
    return proved("conversation", "alignment", data, shared.witness(cells, cells), words)


PROVERS = {"first-best": first_best, "aligned-leader": aligned_leader, "alignment": alignment}
