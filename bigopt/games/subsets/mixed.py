"""Mixed equilibria of two players: the extreme ones, of which all others are mixtures, by Gambit."""

from __future__ import annotations

from typing import Any

from bigopt.concepts import Answer, Concept, Request
from bigopt.concepts.solution import Solution
from bigopt.games.subsets.exact.vertices import Strategy, extreme_equilibria
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import actions
from bigopt.games.subsets.verify.mixed import mixed_equilibria


def solve(game: Subsets, request: Request) -> Answer:
    """List the extreme equilibria, the pure ones first."""
    own = actions(game)
    found = extreme_equilibria(game, request.deadline)
    found.sort(key=lambda pair: (max(map(len, pair)), [sorted(side.items()) for side in pair]))
    listed = [[_strategy(own[i], side) for i, side in enumerate(pair)] for pair in found]
    point = {"equilibria": [{"strategies": strategies} for strategies in listed]}
    return Answer(point, method="vertex enumeration by Gambit (enummixed, rational)")


def _strategy(own: list[tuple[int, ...]], side: Strategy) -> list[dict[str, Any]]:
    return [{"choice": list(own[a]), "probability": str(p)} for a, p in sorted(side.items())]


def refuses(game: Subsets) -> str | None:
    """Say why vertices are not enumerated: they are for two players."""
    return None if game.players == 2 else f"{game.players} players, and Gambit's vertex enumeration takes two"


class MixedSolution(Solution):
    """The extreme mixed equilibria of two players.

    Attributes
    ----------
    count : count
        How many were found.
    pure : count
        How many of them are pure.
    equilibria : [count], choices as indices of items
        Of each its `strategies` (a list a player of `choice` and `probability`, a fraction as text) and `losses` [2].
    """

    count: int
    pure: int
    equilibria: list[dict[str, Any]]


CONCEPT = Concept(
    "mixed",
    "extreme mixed equilibria of two players, in fractions (needs bigopt[gambit])",
    mixed_equilibria,
    solve,
    refuses=refuses,
    result=MixedSolution,
)
