"""One Bob's best randomized word to a quantal Alice in one round: a concave closure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import BOB
from bigopt.concepts.concept import Answer, Concept, Formulation, Option, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError
from bigopt.games.conversation.exact import closure
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.quantal import LAMBDA
from bigopt.games.conversation.verify import quantal_signal as verify

HEARD = Option("heard", None, help="the feature of Alice whose announcement the Bob has heard (default: the first)")


def solve(game: Conversation, request: Request) -> Answer:
    """Find the best signals on a grid that grows where the bound is largest."""
    bob, rows = verify.asked(game, request)
    if game.sizes[1] > max(closure.START):
        text = f"{game.sizes[1]} features of the Bobs, at most {max(closure.START)} are bounded"
        raise UsageError(f"{game.name}: {text}: use --solver ipopt (a local answer)")
    worth = closure.Worth.of(game, rows, bob, request.options["lambda"])
    found = closure.closure(worth, request.deadline)
    low = verify.floor(game, rows, bob)
    return Answer({"signals": found.signals}, found.value + low, found.bound + low, method="concave closure on a grid")


def formulations(game: Conversation, request: Request) -> Sequence[Formulation]:
    """Return the NLP: a local solver's answer, whose gap the certificate measures."""
    bob, rows = verify.asked(game, request)
    arguments = {"bob": bob, "rows": rows, "strength": request.options["lambda"]}
    return (Formulation("quantal_signal", "NLP", arguments),)


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the signals and what they are worth beside silence and full disclosure."""
    rows = [[f"signal {i}", *row] for i, row in enumerate(fields["signals"])]
    keys = ("value", "at_most", "silent", "revealing")
    values = Table("the Bob's utility, times the probability heard", ("", ""), [[k, fields[k]] for k in keys])
    return [values, Table("probability of each signal", ("", *game.bob_features), rows)]


class QuantalSignalSolution(Solution):
    """One Bob's best randomized word to a quantal Alice.

    Attributes
    ----------
    value : unit of the Bob's utility
        What the signals give him.
    at_most : unit of the Bob's utility
        What no word exceeds.
    silent : unit of the Bob's utility
        What silence gives him.
    revealing : unit of the Bob's utility
        What telling his feature gives him.
    signals : [signals][X_B], probabilities
        Of each signal at each of his features.
    """

    value: float
    at_most: float
    silent: float
    revealing: float
    signals: Floats


CONCEPT = Concept(
    "quantal-signal",
    "one Bob's best randomized word to a quantal Alice in one round, the others silent (Definition 12)",
    verify.quantal_signal,
    solve,
    formulations,
    options=(LAMBDA, HEARD),
    arguments=(BOB,),
    objective="value",
    sense="max",
    tables=tables,
    result=QuantalSignalSolution,
)
