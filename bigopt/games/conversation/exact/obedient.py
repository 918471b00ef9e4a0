"""The LP that bounds a Bob's deviations (Definition 7), in arrays: its solution and a bound from any prices.

Utilities are counted from their least, prior included. What Alice would never do at a feature, because a lottery over
other actions is better at every x_B, has no part in it: an outcome of -1e9 that she avoids sets no scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from bigopt.arithmetic.arrays import Floats
from bigopt.games.conversation.game import Conversation, Exact


@dataclass(frozen=True, eq=False)
class Bound:
    """A lottery over actions [X_A, X_B, A], its value to the Bob above a floor, the most of any, and the floor."""

    lottery: Floats
    above: float
    most: float
    floor: Fraction

    @property
    def value(self) -> float:
        """What the lottery gives the Bob."""
        return self.above + float(self.floor)

    @property
    def bound(self) -> float:
        """What no lottery exceeds."""
        return self.most + float(self.floor)


def expected(game: Conversation, player: int) -> Floats:
    """Return a player's expected utilities above the least, prior included, [X_A, X_B, A]; 0 is Alice."""
    return np.asarray(np.einsum("xby,ay->xba", game.prior, game.above[player]))


def at_stake(game: Conversation, bob: int) -> tuple[Floats, Fraction]:
    """Return a Bob's expected utilities, prior included, above his least in what Alice may do in each cell, and that.

    The first is [X_A, X_B, A] with negative entries only for what she would never do; the second is summed over cells.
    """
    rows, kept = game.gains[bob + 1].transpose(1, 2, 0), obeyable(game)[:, None]
    least = np.where(kept, rows, rows.max()).min(axis=2, keepdims=True)
    own = (rows - least).astype(float) * float(game.units[1][bob + 1] / game.total)
    return own, game.worth(bob + 1, least.sum())


@lru_cache(8)
def obeyable(game: Conversation) -> npt.NDArray[np.bool_]:
    """Return which actions no lottery over others beats at every x_B that is possible [X_A, A], in whole numbers.

    A lottery is found in floats, so that an action that another one does not beat may be kept though one does.
    """
    gains, possible = game.gains[0], game.possible
    beaten = np.asarray((gains[:, None] < gains[None, :]) | ~possible, dtype=bool)  # [a, by, x, b]
    never = np.any(np.all(beaten, axis=3), axis=1).T
    kept = np.asarray(~never | ~np.any(possible, axis=1)[:, None])
    for x in np.flatnonzero(possible.any(axis=1)).tolist():
        row, table = kept[x], gains[:, x][:, possible[x]]  # [A], [A, possible b]
        for a in np.flatnonzero(row & (table < table.max(axis=0)).all(axis=1)).tolist():
            others = np.flatnonzero(row & (np.arange(len(row)) != a))
            row[a] = not _beaten(table[others] - table[a])
    return kept


def _beaten(more: Exact) -> bool:
    """Whether some lottery over actions gains at every x_B, where each gains `more` [A, X_B], decided in fractions."""
    table = more.astype(float)
    rows = np.column_stack([-table.T / np.abs(table).max(), np.ones(table.shape[1])])  # t <= what the lottery gains
    cost, total = np.zeros(len(table) + 1), np.ones((1, len(table) + 1))
    cost[-1], total[0, -1] = -1.0, 0.0
    found = linprog(cost, rows, np.zeros(len(rows)), total, [1.0], method="highs").x
    if found is None:
        return False
    lottery = [Fraction(p) for p in found[:-1].tolist()]
    return all(sum(p * int(v) for p, v in zip(lottery, column, strict=True)) > 0 for column in more.T)


def best(game: Conversation, bob: int, without: Sequence[float]) -> Bound:
    """Solve the LP one feature of Alice at a time: its rows never mix two of them."""
    alice, (own, floor) = expected(game, 0), at_stake(game, bob)
    lottery, above, most = np.zeros(alice.shape), 0.0, 0.0
    for x, (least, kept) in enumerate(zip(without, obeyable(game), strict=True)):
        hers, his = alice[x][:, kept], own[x][:, kept]
        lottery[x][:, kept], prices = _row(hers, his, least)
        above += float((own[x] * lottery[x]).sum())
        most += priced(hers, his, least, *prices)
    return Bound(lottery, above, max(above, most), floor)


def priced(alice: Floats, own: Floats, least: float, obey: Floats, ignore: float) -> float:
    """Return the bound of one x from prices >= 0 on obedience [A, A] and on ignoring the Bob.

    For each x_B the best action at those prices, less what the right-hand side takes back.
    """
    gains = own + np.einsum("ac,ba->ba", obey, alice) - np.einsum("ac,bc->ba", obey, alice) + ignore * alice
    return float(gains.max(axis=1).sum()) - ignore * least


def _row(alice: Floats, own: Floats, least: float) -> tuple[Floats, tuple[Floats, float]]:
    """Return the lottery [X_B, A] and the prices of one x."""
    columns, actions = alice.shape
    floor = alice.min(axis=1, keepdims=True)
    alice, least = alice - floor, least - float(floor.sum())
    scale = float(alice.max()) or 1.0
    pairs = [(a, c) for a in range(actions) for c in range(actions) if a != c]
    rows, cells, values = [], [], []
    for i, (a, c) in enumerate(pairs):
        for b in range(columns):
            rows.append(i)
            cells.append(b * actions + a)
            values.append((alice[b, c] - alice[b, a]) / scale)
    for cell, v in enumerate((-alice / scale).ravel().tolist()):
        rows.append(len(pairs))
        cells.append(cell)
        values.append(v)
    matrix = coo_array((values, (rows, cells)), shape=(len(pairs) + 1, columns * actions)).tocsr()
    sides = np.r_[np.zeros(len(pairs)), -least / scale + 1e-12]
    equal = np.kron(np.eye(columns), np.ones((1, actions)))
    worth = float(own.max()) or 1.0
    solved = linprog(-own.ravel() / worth, A_ub=matrix, b_ub=sides, A_eq=equal, b_eq=np.ones(columns), method="highs")
    obey, ignore = np.zeros((actions, actions)), 0.0
    if solved.x is None:  # tolerances: Alice's best action everywhere is feasible, and prices of 0 bound
        return np.eye(actions)[alice.argmax(axis=1)], (obey, ignore)
    prices = np.maximum(-solved.ineqlin.marginals, 0.0) * worth / scale
    for (a, c), price in zip(pairs, prices[:-1].tolist(), strict=True):
        obey[a, c] = price
    return solved.x.reshape(columns, actions), (obey, float(prices[-1]))
