"""Certificate of sampled conversations: each is replayed, every word of it possible and Alice's words her best."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation.exact import response
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify.play import profile_of


def sample(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Replay the conversations of a point, and report their mean utilities beside the exact ones.

    Where a feature is given, no conversation is possible in which Alice sees another.
    """
    letters, seen = int(request.options["letters"]), seen_of(game, request)
    profile = profile_of(game, letters)
    plan = response.respond(game, profile, letters)
    draws = point.get("draws")
    if not isinstance(draws, (list, tuple)) or not draws:
        raise InstanceError("draws: expected a list of {x_A, x_B, state, transcript, action}")
    impossible, means = 0, [0.0] * (1 + game.k)
    for i, draw in enumerate(draws):
        x, b, y, histories, action = _read(game, draw, f"draws[{i}]")
        impossible += not (seen[x] and _possible(game, profile, plan, (x, b, y), histories, action))
        for player, utility in enumerate((game.alice, *game.bobs)):
            means[player] += float(utility[action, y]) / len(draws)
    fields = {
        "draws": list(draws),
        "means": means,
        "expected": _expected(game, plan, seen),
    }
    note = "each word possible, Alice's the best response"
    return fields, Certificate((Check("replay", float(impossible), 0.0, "conversations", note),))


def seen_of(game: Conversation, request: Request) -> list[bool]:
    """Return which features Alice may see: all, or the one that is given."""
    given = request.options["given"]
    if given is None:
        return [True] * game.sizes[0]
    if given not in game.alice_features:
        raise UsageError(f"option given={given[:40]!r}: expected one of {', '.join(game.alice_features)[:200]}")
    seen = [name == given for name in game.alice_features]
    if not game.mass[seen].any():
        raise InstanceError(f"{given!r}: has probability 0, expected a feature that can be conditioned on")
    return seen


def _expected(game: Conversation, plan: response.Response, seen: list[bool]) -> list[Fraction]:
    """Return everybody's expected utility where Alice sees one of some features."""
    part = response.Response([row if may else [] for row, may in zip(plan.chances, seen, strict=True)])
    share = Fraction(int(game.mass[seen].sum()), game.total)
    return [part.worth(game, player) / share for player in range(1 + game.k)]


def _possible(
    game: Conversation,
    profile: list[Any],
    plan: response.Response,
    cell: tuple[int, int, int],
    histories: response.Histories,
    action: int,
) -> bool:
    """Whether a conversation can happen as it is told."""
    x, b, _ = cell
    if not game.prior_weights[cell]:
        return False
    for turn in range(game.rounds):
        before = tuple(h[: 2 * turn] for h in histories)
        if plan.words.get((x, before)) != tuple(h[2 * turn] for h in histories):
            return False
        for rule, h in zip(profile, histories, strict=True):
            chances = rule.speak(b, h[: 2 * turn + 1])
            if h[2 * turn + 1] >= len(chances) or not chances[h[2 * turn + 1]]:
                return False
    return plan.acts.get((x, histories)) == action


def _read(game: Conversation, draw: Any, path: str) -> tuple[int, int, int, response.Histories, int]:
    if not isinstance(draw, Mapping) or {"x_A", "x_B", "state", "transcript", "action"} - set(draw):
        raise InstanceError(f"{path}: expected x_A, x_B, state, transcript and action")
    sizes = {"x_A": game.sizes[0], "x_B": game.sizes[1], "state": game.sizes[3], "action": game.sizes[2]}
    found = {key: int(whole(draw[key], f"{path}.{key}", [])) for key in sizes}
    for key, value in found.items():
        if value >= sizes[key]:
            raise InstanceError(f"{path}.{key}: {value}, expected an index up to {sizes[key] - 1}")
    table = whole(draw["transcript"], f"{path}.transcript", [game.k, 2 * game.rounds], ["Bob", "word"])
    histories = tuple(tuple(row) for row in table.tolist())
    return found["x_A"], found["x_B"], found["state"], histories, found["action"]
