"""What the concepts of a market share: their options, and answers in Alice's unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import options
from bigopt.concepts.concept import Answer, Option, Request
from bigopt.games.market.exact.lotteries import Polytope
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
STEP = Option(
    "step",
    1e-3,
    parse=options.share,
    help="of randomized dynamics: by which part of her range each move must raise Alice",
)


def randomized(request: Request) -> bool:
    """Whether lotteries were asked for."""
    return request.options.get("schemes") == "randomized" or bool(request.options.get("obedience"))


def answer(game: Market, point: dict[str, Any], v: Any, method: str) -> Answer:
    """Return a proved answer whose value is v of Alice's integer units."""
    value = float(v * game.units[1][0])
    return Answer(point, value, value, method=method)


def lottery(game: Market, polytope: Polytope, x: Floats, method: str) -> Answer:
    """Return an answer that is the point x of a polytope of lotteries."""
    value = float(polytope.table[0] @ x) * float(polytope.scale[0])
    return Answer({"scheme": [row.tolist() for row in np.split(x, game.first[1:])]}, value, value, method=method)
