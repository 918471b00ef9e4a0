"""Straightforward conversation to its fixed point (Definitions 10 and 15): agreement, and what it is worth."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.exact.talk import talk
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import agreement as verify

FINEST = 10**6  # the smallest grid step is 1 / FINEST


def messages(text: str) -> str:
    """Parse the option `messages`: "exact", or a grid step such as 1/4 or 0.1, kept as the text of a fraction."""
    if text == "exact":
        return text
    step = Fraction(0)
    with contextlib.suppress(ValueError, ZeroDivisionError):
        step = Fraction(text)
    if not Fraction(1, FINEST) <= step <= FINEST:
        raise ValueError(f"expected exact, or a step such as 1/4 (from 1/{FINEST} to {FINEST})")
    return str(step)


MESSAGES = Option("messages", "exact", parse=messages, help="exact (default), or the step of a grid to round to: 1/4")
ORDER = Option(
    "order",
    "sequential",
    ("sequential", "simultaneous"),
    help="in a round Alice speaks first (Algorithm 1), or both at once (Definition 10)",
)


def solve(game: Conversation, request: Request) -> Answer:
    """Refine the two players' partitions round by round."""
    step, simultaneous = verify.step_of(request), request.options["order"] == "simultaneous"
    states = list(talk(game, grid=step, simultaneous=simultaneous, deadline=request.deadline))
    last = states[-1]
    point = {"played": len(states) - 1, "_alice": last.alice, "_bobs": last.bobs}
    return Answer(point, method="labels of pairs, exact integers")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show when the pairs agree, and how far that is from the truth."""
    shown = ("max_round", "lost_later", "mean_error", "max_error", "utility", "opt", "played", "cells")
    rounds = Table("first agreement", ("round", "probability"), [[k, p] for k, p in fields["rounds"].items()])
    return [rounds, Table("conversation", ("", "value"), [[key, fields[key]] for key in shown])]


class AgreementSolution(Solution):
    """What straightforward talk leads to.

    Attributes
    ----------
    rounds : by round, probabilities
        The probability that the two first agree in it.
    max_round : round
        The last of them; None where some pair of features never agrees.
    lost_later : probability
        Of agreeing and disagreeing again.
    mean_error : unit of Alice's utility
        Of her final belief from that of both features, in its largest component.
    max_error : unit of Alice's utility
        The largest such error.
    utility : unit of Alice's utility
        What she gets in the end.
    opt : unit of Alice's utility
        Her expected utility if she knew both features.
    never : probability
        Of never agreeing.
    played : count
        Rounds until nothing changed any more.
    cells : count
        Of the final partition of pairs of features.
    theorem_3 : count
        Rounds that Theorem 3 asks for; None for exact messages.
    theorem_4 : unit of Alice's utility
        Its bound on the error at the fixed point, under substitutes; None where it says nothing.
    rms_error : unit of Alice's utility
        What is measured there.
    """

    rounds: dict[int, float]
    max_round: int | None
    lost_later: float
    mean_error: float
    max_error: float
    utility: float
    opt: float
    never: float
    played: int
    cells: int
    theorem_3: float | None
    theorem_4: float | None
    rms_error: float | None


CONCEPT = Concept(
    "agreement",
    "straightforward conversation to the fixed point: rounds to agreement and what is learned (Theorems 3 and 4)",
    verify.agreement,
    solve,
    options=(MESSAGES, ORDER),
    tables=tables,
    result=AgreementSolution,
    exact=True,
)
