"""Algorithm 1: seeded transcripts of a profile with a best-responding Alice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import count, whole
from bigopt.concepts.solution import Solution
from bigopt.games.conversation.aligned_leader import LETTERS
from bigopt.games.conversation.exact import response
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import play as profiles
from bigopt.games.conversation.verify import sample as verify

SEED = Option("seed", 0, parse=whole, help="of the draws")
DRAWS = Option("draws", 10, parse=count, help="how many conversations")
GIVEN = Option("given", None, help="only conversations in which Alice sees this feature")


def solve(game: Conversation, request: Request) -> Answer:
    """Draw features and a state, let everybody talk, and let Alice act."""
    letters, seen = request.options["letters"], verify.seen_of(game, request)
    profile = profiles.profile_of(game, letters)
    plan = response.respond(game, profile, letters)
    weights = game.prior * np.array(seen)[:, None, None]
    rng = np.random.default_rng(request.options["seed"])
    cells = rng.choice(weights.size, request.options["draws"], p=weights.ravel() / weights.sum())
    draws = []
    for cell in cells.tolist():
        x, b, y = (int(i) for i in np.unravel_index(cell, weights.shape))
        histories: response.Histories = tuple(() for _ in profile)
        for _ in range(game.rounds):
            words = plan.words[x, histories]
            heard = [(*h, w) for h, w in zip(histories, words, strict=True)]
            lotteries = [rule.speak(b, h) for rule, h in zip(profile, heard, strict=True)]
            said = [int(rng.choice(len(chances), p=[float(p) for p in chances])) for chances in lotteries]
            histories = tuple((*h, letter) for h, letter in zip(heard, said, strict=True))
        action = plan.acts[x, histories]
        draws.append({"x_A": x, "x_B": b, "state": y, "transcript": [list(h) for h in histories], "action": action})
    return Answer({"draws": draws}, method="Algorithm 1")


def tables(game: Conversation, fields: Mapping[str, Any]) -> list[Table]:
    """Show the first conversations."""
    rows = [
        [
            game.alice_features[d["x_A"]],
            game.bob_features[d["x_B"]],
            game.states[d["state"]],
            " | ".join(",".join(map(str, history)) for history in d["transcript"]),
            game.actions[d["action"]],
        ]
        for d in fields["draws"][:20]
    ]
    return [Table("conversations", ("x_A", "x_B", "state", "transcript", "action"), rows)]


class SampleSolution(Solution):
    """Conversations that were drawn.

    Attributes
    ----------
    draws : [draws], indices
        Of each `x_A`, `x_B`, `state`, the `transcript` with each Bob, and Alice's `action`.
    means : [1 + k], units of the utilities
        The mean utilities over the draws, Alice first.
    expected : [1 + k], units of the utilities
        The expected ones, given the feature that is given.
    """

    draws: list[dict[str, Any]]
    means: list[float]
    expected: list[float]


CONCEPT = Concept(
    "sample",
    "seeded conversations of the profile with a best-responding Alice (Algorithm 1)",
    verify.sample,
    solve,
    options=(LETTERS, SEED, DRAWS, GIVEN),
    tables=tables,
    result=SampleSolution,
)
