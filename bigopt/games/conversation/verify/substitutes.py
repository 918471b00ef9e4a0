"""Certificate of the substitutes condition: a witness by the definition's own words, or all rectangles once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.conversation.exact import variances
from bigopt.games.conversation.game import Conversation

RECTANGLES = 2**20  # more are not enumerated: 8 float tables of 8 MiB each


def few(game: Conversation) -> bool:
    """Whether all rectangles can be enumerated."""
    return sum(game.sizes[:2]) <= RECTANGLES.bit_length() - 1


def substitutes(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Judge a claim that the condition holds, or that a rectangle violates it; nothing is claimed by null."""
    holds, witness = point.get("holds"), point.get("witness")
    if not (holds is None or isinstance(holds, bool)) or (holds is False) != (witness is not None):
        raise InstanceError("holds: expected true or null without a witness, or false with one")
    fields: dict[str, Any] = {"holds": holds, "holds_as_printed": as_printed(game), "witness": None}
    if witness is not None:
        action, A, B = witness_of(game, witness)
        left, right = variances.definition(game, action, A, B)
        fields["witness"] = {"action": action, "A": A, "B": B}
        fields |= {"left": float(left), "right": float(right)}
        note = "the mean squared errors of the definition, exactly"
        return fields, Certificate((Check("witness", float(not left > right), 0.0, note=note, grade="proved"),))
    if holds is None or not few(game):
        note = f"2^{sum(game.sizes[:2])} rectangles, more than {RECTANGLES}: searched, no violation found"
        fields["holds"] = None
        return fields, Certificate((Check("substitutes", 0.0, 0.0, note=note, grade="searched"),))
    broken = 0
    for action in range(game.sizes[2]):
        request.deadline.check("verifying the substitutes condition")
        broken += variances.violation(variances.Squares.of(game, action, swapped=True), request.deadline) is not None
    note = "all rectangles again, Alice and the Bobs exchanged: the condition is symmetric"
    return fields, Certificate((Check("substitutes", float(broken), 0.0, "actions", note),))


def as_printed(game: Conversation) -> bool:
    """Whether x_B adds nothing to x_A: what the printed condition amounts to, decided in integers.

    Printed, learning both features must not add more than learning x_A alone; it never adds less, so the two beliefs
    are equal wherever the pair is possible.
    """
    mass, gains = game.mass.astype(object), game.gains[0].astype(object)
    row, total = mass.sum(axis=1), gains.sum(axis=2)
    return bool(np.all((gains * row[:, None] == total[:, :, None] * mass) | ~game.possible))


def witness_of(game: Conversation, witness: Any) -> tuple[int, list[int], list[int]]:
    """Read an action and two sets of features of positive probability."""
    if not isinstance(witness, Mapping) or {"action", "A", "B"} - set(witness):
        raise InstanceError("witness: expected an object with action, A and B")
    sizes = {"action": game.sizes[2], "A": game.sizes[0], "B": game.sizes[1]}
    found = {"action": [int(whole(witness["action"], "witness.action", []))]}
    found |= {key: whole(witness[key], f"witness.{key}", [None]).tolist() for key in ("A", "B")}
    for key, values in found.items():
        if max(values) >= sizes[key] or len(set(values)) < len(values):
            raise InstanceError(f"witness.{key}: {values}, expected different indices from 0 to {sizes[key] - 1}")
    if not game.possible[np.ix_(found["A"], found["B"])].any():
        raise InstanceError("witness: a rectangle of probability 0, expected one that can be conditioned on")
    return found["action"][0], found["A"], found["B"]
