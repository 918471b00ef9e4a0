"""What the concepts of a market share: their options, and answers in Alice's unit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from bigopt.concepts import options
from bigopt.concepts.concept import Answer, Option, Request
from bigopt.games.market.game import Market

SCHEMES = Option(
    "schemes", "deterministic", ("deterministic", "randomized"), help="one policy a state, or a lottery in each state"
)
OBEDIENCE = Option(
    "obedience",
    False,
    ("false", "true"),
    options.flag,
    "whether Alice must want to follow each recommendation (randomized, actions common to the states)",
)
EQUILIBRIUM = Option(
    "equilibrium",
    "stable",
    ("stable", "nash"),
    help="stable (no Bob and Alice both gain strictly), or nash (Definition 17: the first Bob also wins ties)",
)
STEP = Option(
    "step",
    1e-3,
    parse=options.share,
    help="of randomized dynamics: by which part of her range each move must raise Alice",
)


def randomized(request: Request) -> bool:
    """Whether lotteries were asked for."""
    return request.options.get("schemes") == "randomized" or obeyed(request)


def nash(request: Request) -> bool:
    """Whether only Nash equilibria by Definition 17 count."""
    return request.options.get("equilibrium") == "nash"


def obeyed(request: Request) -> bool:
    """Whether Alice must want to follow each recommendation."""
    return bool(request.options.get("obedience"))


def answer(game: Market, point: dict[str, Any], v: Any, method: str) -> Answer:
    """Return a proved answer whose value is v of Alice's integer units."""
    value = float(v * game.units[1][0])
    return Answer(point, value, value, method=method)


def lottery(game: Market, x: Sequence[Fraction], v: Any, method: str, **more: Any) -> Answer:
    """Return a proved answer that is a lottery [N] of value v."""
    return answer(game, {"scheme": rows_of(game, x), **more}, v, method)


def rows_of(game: Market, x: Sequence[Fraction]) -> list[list[float]]:
    """Return flat probabilities [N] as a list a state."""
    flat = [float(p) for p in x]
    return [flat[a : a + n] for a, n in zip(game.first.tolist(), game.sizes.tolist(), strict=True)]
