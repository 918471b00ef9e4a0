"""Certificate of the aligned leader: the talk played forward, the most that any talk gives by another recursion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify import halves

Rectangle = tuple[tuple[int, ...], tuple[int, ...]]


def aligned_leader(
    game: Conversation, point: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any], Certificate]:
    """Recompute what the talk of a point gives Alice, and the most that any talk could give her."""
    letters, rounds = int(request.options["letters"]), int(request.options.get("rounds") or game.rounds)
    talk = point.get("talk")
    if not isinstance(talk, (list, tuple)):
        raise InstanceError("talk: expected a list of {turn, who, A, B, says}")
    reached = _forward(game, talk, letters, rounds)
    most = halves.most(game, letters, rounds, request.deadline)
    opt, alone = int(game.gains[0].max(axis=0).sum()), int(game.gains[0].sum(axis=2).max(axis=0).sum())
    fields = {
        "value": game.worth(0, reached),
        "opt": game.worth(0, opt),
        "alone": game.worth(0, alone),
        "talk": list(talk),
    }
    note = "partitions of all sets of features by halves"
    checks = (
        Check("gap", seen(game.worth(0, abs(most - reached))), 0.0, "utility", note),
        Check("first best", seen(game.worth(0, max(0, reached - opt))), 0.0, "utility", "Remark 3", grade="proved"),
    )
    return fields, Certificate(checks)


def _forward(game: Conversation, talk: Any, letters: int, rounds: int) -> int:
    """Return Alice's value of a talk, in units of her gains: who says nothing at his turn splits nothing."""
    open_: list[Rectangle] = [(tuple(range(game.sizes[0])), tuple(range(game.sizes[1])))]
    left = {(_turn(step, i, rounds), tuple(step["A"]), tuple(step["B"])): step for i, step in enumerate(talk)}
    unheard = len(talk) - len(left)  # a rectangle that is told apart twice
    for turn in sorted({turn for turn, _, _ in left}):
        following: list[Rectangle] = []
        for A, B in open_:
            step = left.pop((turn, A, B), None)
            if step is None:
                following.append((A, B))
                continue
            parts = [tuple(whole(part, f"talk: turn {turn}: part", [None]).tolist()) for part in step["says"]]
            parted = A if step["who"] == "Alice" else B
            if sorted(x for part in parts for x in part) != sorted(parted) or len(parts) > letters:
                raise InstanceError(f"talk: turn {turn}: expected at most {letters} parts of {list(parted)}")
            following += [(part, B) if step["who"] == "Alice" else (A, part) for part in parts]
        open_ = following
    if left or unheard:
        raise InstanceError("talk: expected one entry for each turn and rectangle that is reached and told apart")
    total = 0
    for A, B in open_:
        rows = game.gains[0][np.ix_(np.arange(game.sizes[2]), np.array(A), np.array(B))].sum(axis=2)
        total += int(rows.max(axis=0).sum())
    return total


def _turn(step: Any, i: int, rounds: int) -> int:
    """Return the turn of a step: Alice speaks at odd, the Bob at even turns up to 2 R."""
    if not isinstance(step, Mapping) or {"turn", "who", "A", "B", "says"} - set(step):
        raise InstanceError(f"talk[{i}]: expected turn, who, A, B and says")
    turn, who = step["turn"], step["who"]
    if not isinstance(turn, int) or not 1 <= turn <= 2 * rounds or who != ("Alice" if turn % 2 else "Bob"):
        raise InstanceError(
            f"talk[{i}].turn: {str(turn)[:20]} of {str(who)[:20]}, expected Alice at odd, Bob at even turns"
        )
    return turn
