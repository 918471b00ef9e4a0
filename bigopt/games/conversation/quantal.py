"""Bobs against an Alice who talks straightforwardly and chooses by quantal response (Definitions 10 to 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import positive
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.agreement import MESSAGES
from bigopt.games.conversation.exact import replies
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import quantal as verify
from bigopt.games.conversation.verify.agreement import step_of


def strength(text: str) -> float:
    """Parse lambda, from 1e-6 to 1e6 a unit of Alice's utility."""
    value = positive(text)
    if not 1e-6 <= value <= 1e6:
        raise ValueError("expected a number from 1e-6 to 1e6")
    return value


LAMBDA = Option("lambda", 10.0, parse=strength, help="how rational Alice is: the inverse temperature of her choice")


def solve(game: Conversation, request: Request) -> Answer:
    """Play the profile: the game's own, else everybody straightforward."""
    step = step_of(request)
    here = replies.played(game, verify.profile_of(game), request.options["lambda"], step)
    return Answer({"alice": float(here.utilities[0]), "bobs": here.utilities[1:]}, method="labels of pairs, softmax")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show utilities, regrets and the bounds of Section 4."""
    rows: list[list[Any]] = [["Alice", fields["alice"], "", ""]]
    values = zip(game.bob_names, fields["bobs"], fields["regrets"], fields["regrets_at_most"], strict=True)
    rows += [list(row) for row in values]
    who = Table("quantal play", ("", "utility", "regret at least", "at most"), rows)
    shown = ("opt", "delta", "epsilon_u", "error", "epsilon")
    stated = []
    for name, value in fields["bounds"].items():
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        stated += [[f"{name} {key}".strip().replace("_", " "), number] for key, number in inner]
    measures = Table("measured", ("", "value"), [[key, fields[key]] for key in shown])
    return [who, measures, Table("Section 4", ("", "value"), stated)]


class QuantalSolution(Solution):
    """The Bobs' profile against a straightforward, quantal Alice.

    Attributes
    ----------
    alice : unit of Alice's utility
        Her expected utility.
    bobs : [k], units of the Bobs' utilities
        Theirs.
    regrets : [k], units of the Bobs' utilities
        What the best deviation that is known gains.
    regrets_at_most : [k], units of the Bobs' utilities
        What no deviation exceeds.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    delta : 1-norm
        The largest distance between the outcomes of two Bobs' straightforward deviations.
    epsilon_u : unit of Alice's utility
        Her largest error in those deviations.
    error : unit of Alice's utility
        Her largest error in the profile.
    epsilon : unit of Alice's utility
        Definition 1's distance from the Bobs' hull.
    distribution : [A][Y], probabilities
        Of action and state.
    bounds : by statement
        The lemmas, theorems and corollaries of Section 4 as numbers.
    """

    alice: float
    bobs: Floats
    regrets: list[float]
    regrets_at_most: list[float]
    opt: float
    delta: float
    epsilon_u: float
    error: float
    epsilon: float
    distribution: Floats
    bounds: dict[str, Any]


CONCEPT = Concept(
    "quantal",
    "the Bobs' profile against a straightforward Alice with quantal response, and the bounds of Section 4",
    verify.quantal_play,
    solve,
    options=(LAMBDA, MESSAGES),
    tables=tables,
    result=QuantalSolution,
)
