"""Certificate of the first best: every action is best in its cell, in exact integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.decimals import seen
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.game import Conversation


def first_best(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the value of given actions [X_A][X_B] and what the best action of each cell would add to it."""
    actions = actions_of(game, point)
    value = short = 0
    for a, row in enumerate(actions):
        for b, action in enumerate(row):
            gains = [int(g) for g in game.gains[0][:, a, b]]
            got = gains[action] if action is not None else 0
            value += got
            short += max(gains) - got
    alone = sum(max(sum(int(g) for g in gains) for gains in game.gains[0][:, a]) for a in range(game.sizes[0]))
    fields = {"opt": game.worth(0, value), "alone": game.worth(0, alone), "actions": actions}
    note = "each action against all others in its cell, exactly"
    check = Check("best actions", seen(game.worth(0, short)), 0.0, "utility", note, grade="proved")
    return fields, Certificate((check,))


def actions_of(game: Conversation, point: Mapping[str, Any]) -> list[list[int | None]]:
    """Read actions [X_A][X_B], null where a pair of features has probability 0."""
    rows, columns, count, _ = game.sizes
    given = point.get("actions")
    if not isinstance(given, (list, tuple)) or len(given) != rows:
        raise InstanceError(f"actions: expected {rows} rows (one a feature of Alice)")
    result: list[list[int | None]] = []
    for a, row in enumerate(given):
        if not isinstance(row, (list, tuple)) or len(row) != columns:
            raise InstanceError(f"actions[{a}]: expected {columns} actions (one a feature of the Bobs)")
        for b, action in enumerate(row):
            if not game.possible[a, b]:
                continue
            if isinstance(action, bool) or not isinstance(action, int) or not 0 <= action < count:
                raise InstanceError(f"actions[{a}][{b}]: {str(action)[:20]}, expected an action from 0 to {count - 1}")
        result.append([action if game.possible[a, b] else None for b, action in enumerate(row)])
    return result
