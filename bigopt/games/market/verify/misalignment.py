"""Certificates of the misalignment score, whose stable schemes are found by the census and not by the enumeration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bigopt.alice import alignment
from bigopt.alice.utilities import Utilities, utilities
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate
from bigopt.games.market.exact.outcomes import alice_optimal, attained
from bigopt.games.market.game import Market
from bigopt.games.market.verify.census import Census


def misalignment(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon from the weights and prove that no others do better."""
    return alignment.certificate(table(game, request.deadline), point, "any", request.deadline)


def table(game: Market, deadline: Deadline) -> Utilities:
    """Return all utilities with the sides of Section 7: outcomes of stable schemes, and Alice's optimal ones."""
    return utilities(*game.outcome_decimals(), _of_stable(game, deadline), alice_optimal(game))


@lru_cache(maxsize=2)
def _of_stable(game: Market, deadline: Deadline) -> Any:
    census = Census(game, False, deadline)
    return attained(game, census.between(census.least, game.opt, every=True)[0])
