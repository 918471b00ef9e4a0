"""Randomized schemes as points of a polytope: a lottery in each state, obedient or not, and linear programs over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached, UsageError
from bigopt.games.market.game import Market

ROWS = 2_000_000  # non-zeros of the obedience rows; more are refused before memory is taken


class Polytope:
    """The schemes x [N] with one lottery in each state and, if `obedient`, recommendations that Alice follows.

    Obedience (Kamenica and Gentzkow 2011): for any two actions,
    ``sum_s P(s) x[s, a] (u_A(s, a) - u_A(s, a')) >= 0``; this needs actions that are common to the states.

    Attributes
    ----------
    table : ndarray [1 + k, N]
        Expected utilities of all players as coefficients of x, each row scaled to [-1, 1].
    scale : ndarray [1 + k]
        What one unit of the scaled rows is worth.
    """

    def __init__(self, game: Market, obedient: bool = False) -> None:
        """Write the rows."""
        exact, units = game.units
        worth = np.array([float(u) for u in units])
        table = exact.astype(float) * worth[:, None]
        self.scale = np.maximum(np.abs(table).max(axis=1), 1e-300)
        self.table = table / self.scale[:, None]
        state = np.repeat(np.arange(game.S), game.sizes)
        self.equal = sparse.csr_array((np.ones(state.size), (state, np.arange(state.size))))
        self.ones = np.ones(game.S)
        self.obedience = _obedience(game) if obedient else sparse.csr_array((0, state.size))

    def violation(self, x: Floats) -> float:
        """Return the largest amount by which Alice would gain from disobeying a recommendation."""
        return max(0.0, float(-(self.obedience @ x).min())) if self.obedience.shape[0] else 0.0

    def maximize(
        self, objective: Floats, rows: Floats, least: Floats, deadline: Deadline | None = None
    ) -> Floats | None:
        """Return the scheme that maximizes `objective` with ``rows @ x >= least``, or None if there is none."""
        if deadline is not None:
            deadline.check("solving a linear program over randomized schemes")
        solved = linprog(
            -objective,
            A_ub=sparse.vstack([sparse.csr_array(-np.atleast_2d(rows)), -self.obedience]),
            b_ub=np.r_[-np.atleast_1d(least), np.zeros(self.obedience.shape[0])],
            A_eq=self.equal,
            b_eq=self.ones,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        return None if solved.x is None else np.maximum(solved.x, 0.0)

    def top(self, objective: Floats, deadline: Deadline | None = None) -> Floats:
        """Return a scheme that maximizes `objective`; there is one, since telling the state is always allowed."""
        found = self.maximize(objective, np.zeros_like(objective), np.zeros(1), deadline)
        if found is None:
            raise LimitReached("HiGHS found no scheme at all in a linear program that has one: rescale the utilities")
        return found


def _obedience(game: Market) -> Any:
    n = int(game.sizes[0])
    if (game.sizes != n).any() or any(row != game.policies[0] for row in game.policies):
        raise UsageError("option obedience=true: needs policies common to all states, as a recommendation must be read")
    if game.S * n * (n - 1) > ROWS:
        raise LimitReached(f"{game.name}: {game.S * n * (n - 1):,} obedience coefficients: at most {ROWS:,} are taken")
    alice = np.array(game.alice) * np.asarray(game.prior)[:, None]
    unit = np.abs(alice).max() or 1.0
    rows = []
    for a in range(n):
        for other in range(n):
            if other != a:
                row = np.zeros((game.S, n))
                row[:, a] = (alice[:, a] - alice[:, other]) / unit
                rows.append(row.ravel())
    return sparse.csr_array(np.array(rows).reshape(-1, game.S * n))
