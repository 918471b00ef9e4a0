"""What the model files of subset games share: how large a linearization may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Formulation, Request
from bigopt.errors import UsageError

LARGEST_LINEARIZATION = 300_000  # products of two binaries in one model
MILP_ONLY = ("highs", "cbc", "glpk")  # solvers that take no quadratic objective of binaries


def linearized(model: str, binaries: int, request: Request, arguments: Mapping[str, Any]) -> list[Formulation]:
    """Return the formulation by products of `binaries`, where they are few enough to be written down.

    Raises
    ------
    UsageError
        Too many, and the solver that was asked for takes nothing else.
    """
    products = binaries * (binaries - 1) // 2
    if products <= LARGEST_LINEARIZATION:
        return [Formulation(model, "MILP", arguments)]
    if request.solver in MILP_ONLY:
        raise UsageError(
            f"the linearization of {binaries} binaries has {products} products, more than the {LARGEST_LINEARIZATION}"
            " that are built: use --solver exact or scip"
        )
    return []
