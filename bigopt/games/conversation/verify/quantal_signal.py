"""Certificate of one Bob's word: what it is worth, and a proved bound on any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import UsageError
from bigopt.games.conversation.exact import closure
from bigopt.games.conversation.exact.beliefs import message
from bigopt.games.conversation.exact.talk import start
from bigopt.games.conversation.game import Conversation

GAP = {1: 1e-9, 2: 1e-3, 3: 0.05}  # of the bound in what the Bob decides: one dimension, two
FEASIBLE = 1e-6  # what the probabilities of the signals may lack of 1


def asked(game: Conversation, request: Request) -> tuple[int, list[int]]:
    """Return the Bob, and the rows x_A that announce the same as the one he has heard."""
    name = request.bob
    if name is not None and name not in game.bob_names:
        raise UsageError(f"bob {name[:40]!r}: expected one of {', '.join(game.bob_names)[:200]}")
    bob = game.bob_names.index(name) if name is not None else 0
    possible = np.flatnonzero(game.possible.any(axis=1)).tolist()
    given = request.options.get("heard")
    row = possible[0]
    if given is not None:
        if given not in game.alice_features:
            raise UsageError(f"option heard={given[:40]!r}: expected one of {', '.join(game.alice_features)[:200]}")
        row = game.alice_features.index(given)
        game.belief(given)  # refuses a feature of probability zero
    said = message(game, start(game).alice, None)[:, 0]
    return bob, [x for x in possible if said[x] == said[row]]


def floor(game: Conversation, rows: list[int], bob: int) -> float:
    """Return what he gets over the rows where Alice knows both features: values are counted from there."""
    return float(game.informed(rows)[bob + 1])


def quantal_signal(
    game: Conversation, point: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any], Certificate]:
    """Value signals by the formula, and bound all others by prices on a grid."""
    bob, rows = asked(game, request)
    features = game.sizes[1]
    given = np.maximum(numbers(point.get("signals"), "signals", [None, features], ["signal", "x_B"]), 0.0)
    off = float(abs(given.sum(axis=0) - 1).max())
    signals = given / np.maximum(given.sum(axis=0), 1e-300)
    worth = closure.Worth.of(game, rows, bob, float(request.options["lambda"]))
    low = floor(game, rows, bob)
    found = closure.closure(worth, request.deadline)
    value = float(worth(signals).sum())
    span = worth.stake or 1.0
    fields = {
        "value": value + low,
        "at_most": found.bound + low,
        "silent": float(worth(np.ones((1, features))).sum()) + low,
        "revealing": float(worth(np.eye(features)).sum()) + low,
        "signals": signals,
    }
    note = "prices on a grid and the slopes of the formula" if features in GAP else "the best action in every cell"
    checks = (
        Check("signals", off, FEASIBLE, "probability", "each feature's signals add up to 1"),
        Check(
            "below the bound",
            (value - found.bound) / span,
            1e-9,
            "Bob's stake",
            "no word is worth more",
        ),
        Check("gap", (found.bound - value) / span, GAP.get(features, 0.05), "Bob's stake", note, "proved"),
    )
    return fields, Certificate(checks)
