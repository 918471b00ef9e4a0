"""The LP that bounds a Bob's deviations (Definition 7), in arrays: its solution and a bound from any prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from bigopt.arithmetic.arrays import Floats
from bigopt.games.conversation.game import Conversation


@dataclass(frozen=True, eq=False)
class Bound:
    """A lottery over actions [X_A, X_B, A], its value to the Bob, and an upper bound on any."""

    lottery: Floats
    value: float
    bound: float


def expected(game: Conversation, utility: Floats) -> Floats:
    """Return expected utilities, prior included, [X_A, X_B, A]."""
    return np.asarray(np.einsum("xby,ay->xba", game.prior, utility))


def best(game: Conversation, bob: int, without: Sequence[float]) -> Bound:
    """Solve the LP one feature of Alice at a time: its rows never mix two of them."""
    alice, own = expected(game, game.alice), expected(game, game.bobs[bob])
    lottery, value, bound = np.zeros(alice.shape), 0.0, 0.0
    for x, least in enumerate(without):
        lottery[x], prices = _row(alice[x], own[x], least)
        value += float((own[x] * lottery[x]).sum())
        bound += priced(alice[x], own[x], least, *prices)
    return Bound(lottery, value, max(value, bound))


def priced(alice: Floats, own: Floats, least: float, obey: Floats, ignore: float) -> float:
    """Return the bound of one x from prices >= 0 on obedience [A, A] and on ignoring the Bob.

    For each x_B the best action at those prices, less what the right-hand side takes back.
    """
    gains = own + np.einsum("ac,ba->ba", obey, alice) - np.einsum("ac,bc->ba", obey, alice) + ignore * alice
    return float(gains.max(axis=1).sum()) - ignore * least


def _row(alice: Floats, own: Floats, least: float) -> tuple[Floats, tuple[Floats, float]]:
    """Return the lottery [X_B, A] and the prices of one x."""
    columns, actions = alice.shape
    scale = float(abs(alice).max()) or 1.0
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
    worth = float(abs(own).max()) or 1.0
    solved = linprog(-own.ravel() / worth, A_ub=matrix, b_ub=sides, A_eq=equal, b_eq=np.ones(columns), method="highs")
    obey, ignore = np.zeros((actions, actions)), 0.0
    if solved.x is None:  # tolerances: Alice's best action everywhere is feasible, and prices of 0 bound
        return np.eye(actions)[alice.argmax(axis=1)], (obey, ignore)
    prices = np.maximum(-solved.ineqlin.marginals, 0.0) * worth / scale
    for (a, c), price in zip(pairs, prices[:-1].tolist(), strict=True):
        obey[a, c] = price
    return solved.x.reshape(columns, actions), (obey, float(prices[-1]))
