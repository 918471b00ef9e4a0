"""The audit as a linear program in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.alice import program as shared
from bigopt.arithmetic.program import Evidence, Program


def audit(data: Mapping[str, Any], proof: Any, solution: Any) -> tuple[Program, Evidence | None]:
    """State the least worst error of a combination with an offset, of weights with the sum that was asked for."""
    asked = solution.solver.options
    alice = [row[int(asked.get("alice") or 0)] if isinstance(row, list) else row for row in data["alice"]]
    rows, one = list(zip(alice, data["bobs"], strict=True)), asked.get("weights") == "one"
    return shared.alignment(rows, one), None if proof is None else shared.evidence(rows, proof, one)


PROGRAMS = {"audit": audit}
