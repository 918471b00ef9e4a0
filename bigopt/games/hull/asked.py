"""Which Alice is meant."""

from __future__ import annotations

from bigopt.concepts import Request
from bigopt.errors import UsageError
from bigopt.games.hull.game import UtilityTable


def alice_of(game: UtilityTable, request: Request) -> int:
    """Return the index of the Alice that was asked for (default: the first)."""
    index, count = request.options.get("alice", 0), game.alices.shape[1]
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count:
        raise UsageError(f"option alice: {index}, expected a whole number from 0 to {count - 1}")
    return index
