"""Certificates of the misalignment score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.alice import alignment
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate
from bigopt.games.market.exact.outcomes import tight
from bigopt.games.market.game import Market


def misalignment(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon from the weights and prove that no others do better."""
    return alignment.certificate(tight(game), point, "any", request.deadline)
