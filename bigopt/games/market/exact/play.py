"""Best-response dynamics (Section 7): the Bobs take turns, and each move raises both Alice and the mover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from bigopt.concepts.deadline import Deadline
from bigopt.games.market.game import Market
from bigopt.games.market.response import Frontier, deviation, monopoly, suffixes


@dataclass(frozen=True)
class Move:
    """One step: the Bob who moved (or was selected first) and his scheme [S]."""

    bob: int
    scheme: npt.NDArray[np.int64]


_PLAYED: WeakKeyDictionary[Market, list[Move]] = WeakKeyDictionary()  # markets are immutable: play each once


def run(
    game: Market,
    deadline: Deadline | None = None,
    tails: list[list[Frontier]] | None = None,
    told: Callable[[list[Move]], None] | None = None,
) -> list[Move]:
    """Play from the monopoly schemes until nobody moves; the last move is the equilibrium.

    Bobs move in ascending cyclic order, the turn passing on after each mover; the mover takes his best deviation
    (largest U_j, then largest u_A, then lexicographic). Where distinct schemes never tie, this ends at Alice's worst
    stable equilibrium, in any order: Alice's utility v only rises, and no move can jump over a stable scheme f with
    u_A(f) > v, since U_j(f) >= U_j(g) for every g above it, so that f itself is the better deviation.
    `told` is handed the list, which grows.
    """
    if game in _PLAYED:
        return _PLAYED[game]
    starts = [monopoly(game, j) for j in range(game.k)]
    if game.k == 1:  # he has what he likes best
        moves = _PLAYED[game] = [Move(0, starts[0])]
        return moves
    tails = tails or [suffixes(game, j, deadline) for j in range(game.k)]
    first = max(range(game.k), key=lambda j: (game.totals(starts[j])[0], -j))
    moves = [Move(first, starts[first])]
    current, turn, quiet = game.totals(starts[first]), 0, 0
    if told is not None:
        told(moves)
    while quiet < game.k and current[0] < game.opt:
        if deadline is not None:
            deadline.check("best-response dynamics")
        if int(tails[turn][0].above(current[0])) > current[turn + 1]:
            moves.append(Move(turn, deviation(game, turn, current[0], tails[turn])))
            current, quiet = game.totals(moves[-1].scheme), 0
        else:
            quiet += 1
        turn = (turn + 1) % game.k
    _PLAYED[game] = moves
    return moves
