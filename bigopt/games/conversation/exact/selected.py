"""Which outcomes of a single Bob's rules survive where Alice selects one Bob's rule (Definitions 16 and 17)."""

from __future__ import annotations

from typing import Any

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.exact import equilibria
from bigopt.games.conversation.game import Conversation

Outcome = tuple[int, ...]  # everybody's total, Alice first


def outcomes(game: Conversation, letters: int, deadline: Deadline | None = None) -> list[Outcome]:
    """Return the totals that a single Bob's rule can lead to, each once, ascending."""
    found = equilibria.table(game, letters, 1, deadline)
    return sorted({tuple(row) for row in found.totals.tolist()})


def stable(found: list[Outcome]) -> list[Outcome]:
    """Return the outcomes that no Bob can leave: none that he and Alice both like strictly better."""
    return [
        f
        for f in found
        if not any(g[0] > f[0] and any(v > u for u, v in zip(f[1:], g[1:], strict=True)) for g in found)
    ]


def nash(found: list[Outcome]) -> list[Outcome]:
    """Return the outcomes of Definition 17, ties to the lowest index, where all Bobs play the rule.

    The Bob of index 0 is selected on ties, so he must not find anything that Alice likes at least as well. A single Bob
    is always selected.
    """
    if len(found[0]) == 2:
        return [f for f in found if f[1] == max(g[1] for g in found)]
    return [f for f in stable(found) if not any(g[0] >= f[0] and g[1] > f[1] for g in found)]


def counts(game: Conversation, found: list[Outcome]) -> dict[str, Any]:
    """Return the counts and Alice's utilities among the equilibria; of one Bob only his favourites are stable."""
    exact = nash(found)
    kept = exact if game.k == 1 else stable(found)

    def alice(values: list[Outcome], pick: Any) -> float | None:
        return float(game.worth(0, pick(f[0] for f in values))) if values else None

    listed = [
        {"alice": alice([f], min), "bobs": [float(game.worth(j + 1, v)) for j, v in enumerate(f[1:])]} for f in kept
    ]
    return {
        "count": len(kept),
        "count_nash": len(exact),
        "worst": alice(kept, min),
        "best": alice(kept, max),
        "worst_nash": alice(exact, min),
        "leader": alice(found, max),
        "outcomes": listed,
    }
