"""A sender's best scheme against a receiver who obeys what is best for her: a linear program, its rows added lazily."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bigopt import obedience
from bigopt.deadline import Deadline
from bigopt.lazy_rows import LazyLP, LPResult
from bigopt.numbers import Floats
from bigopt.persuasion.game import Persuasion, spread

Flags = npt.NDArray[np.bool_]
SEPARATION = 1e-9  # Alice's range times probability: a row counts as violated beyond this
FEW_PAIRS = 100  # up to so many obedience rows the full program is written down at once
CHEAP = 20_000  # coefficients of violated rows that are written down at once, to save rounds
STUBBORN_ROUNDS, STUBBORN_SHARE = 4, 0.65  # violations still above this share of the first: interior point
LARGEST_FULL = 20_000_000  # coefficients of the full program that interior point may be given (about 2 GB)
METHODS = ("auto", "lazy", "full", "interior-point")


@dataclass(frozen=True)
class Scheme:
    """A signaling scheme with what proves it.

    Attributes
    ----------
    scheme : ndarray [S][A]
        The probability of each recommendation, given the state.
    prices : ndarray [A][A]
        Of the obedience rows, in the sender's utility per unit of Alice's.
    stopped, method : str
        Pyomo's TerminationCondition name; which of the methods found it.
    rounds, rows : int
        Of separation; obedience rows written down.
    """

    scheme: Floats
    prices: Floats
    stopped: str
    method: str
    rounds: int
    rows: int


def best_scheme(
    game: Persuasion, utility: Floats, margin: float, deadline: Deadline | None = None, method: str = "auto"
) -> Scheme:
    r"""Find the scheme that is best for a sender among the obedient ones.

    The program of `models/signaling.py`. Its :math:`A^2` obedience rows are added as they are violated, in large
    programs the worst one of each recommendation a round, until none is: then the point is optimal for the full
    program. On nearly opposed utilities almost all rows are needed and the simplex method degenerates; violations
    that do not die out show it, and the full program goes to HiGHS's interior point method with crossover.

    Parameters
    ----------
    utility : ndarray [S][A]
        The sender's.
    margin : float
        By how much a recommendation must beat any other action, in Alice's utility.
    method : {"auto", "lazy", "full", "interior-point"}
    """
    program = _Program(game, utility, margin)
    pairs = len(game.actions) * (len(game.actions) - 1)
    if method in ("full", "interior-point") or (method == "auto" and pairs <= FEW_PAIRS):
        return program.full(
            deadline, "simplex" if method != "interior-point" else "ipm", method.replace("auto", "full")
        )
    return program.lazy(deadline, patient=method == "lazy")


class _Program:
    """The program in units of the two ranges, with its rows so far."""

    def __init__(self, game: Persuasion, utility: Floats, margin: float) -> None:
        self.prior = game.prior
        self.units = spread(utility), game.alice_range
        self.alice = game.alice / self.units[1]
        self.margin = margin / self.units[1]
        self.utility = utility / self.units[0]
        self.allowed = game.inducible
        self.states, self.actions = utility.shape
        count = self.states * self.actions
        simplex = sparse.csr_array(
            (np.ones(count), np.arange(count), np.arange(0, count + 1, self.actions)), shape=(self.states, count)
        )
        upper = np.where(np.tile(self.allowed, self.states), np.inf, 0.0)
        cost = (self.prior[:, None] * self.utility).ravel()
        self.program = LazyLP(cost, simplex, 1.0, 1.0, upper=upper, maximize=True)
        self.written = np.eye(self.actions, dtype=bool)
        self.pairs = np.empty((0, 2), dtype=np.int64)
        self.scale = np.empty(0)

    def full(self, deadline: Deadline | None, solver: str, method: str, rounds: int = 1) -> Scheme:
        """Write all rows and solve at once."""
        self._write(~self.written & self.allowed[:, None])
        result = self.program.solve(deadline, solver=solver, presolve="choose")
        if solver == "ipm" and result.stopped == "error":  # no vertex was found from the interior point
            result = self.program.solve(deadline, solver="simplex")
        return self._scheme(result, method, rounds)

    def lazy(self, deadline: Deadline | None, patient: bool) -> Scheme:
        """Add the worst violated row of each recommendation until none is violated."""
        rounds = start = 0
        while True:
            rounds += 1
            result = self.program.solve(deadline, presolve="off")
            if not result.solved:
                return self._scheme(result, "lazy", rounds)
            violated = self._violations(self.prior[:, None] * result.x.reshape(self.states, self.actions))
            left = int(np.count_nonzero(violated))
            start = max(start, left)
            if left == 0:
                return self._scheme(result, "lazy", rounds)
            stubborn = rounds == STUBBORN_ROUNDS and left > STUBBORN_SHARE * start and not patient
            if stubborn and self.states * self.actions**2 <= LARGEST_FULL:
                return self.full(deadline, "ipm", "interior-point", rounds + 1)
            self._write(violated > 0 if left * self.states <= CHEAP else _worst(violated))

    def _violations(self, joint: Floats) -> Floats:
        """Return the gains of the violated rows that are not written yet, 0 elsewhere."""
        gains = obedience.gains(joint, self.alice, self.margin)
        gains[self.written | (gains <= SEPARATION)] = 0.0
        return gains

    def _write(self, flags: Flags) -> None:
        """Add the flagged rows to the program."""
        told, instead = np.nonzero(flags)
        if told.size:
            matrix, scale = obedience.rows(self.prior, self.alice, told, instead, self.margin)
            self.program.add_rows(matrix, lower=0.0)
            self.written[told, instead] = True
            self.pairs = np.concatenate([self.pairs, np.column_stack([told, instead])])
            self.scale = np.concatenate([self.scale, scale])

    def _scheme(self, result: LPResult, method: str, rounds: int) -> Scheme:
        scheme = result.x.reshape(self.states, self.actions) if result.x.size else np.zeros_like(self.utility)
        prices = np.zeros((self.actions, self.actions))
        if result.dual.size:
            dual = np.maximum(-result.dual[self.states :], 0.0)
            prices[self.pairs[:, 0], self.pairs[:, 1]] = dual / self.scale * (self.units[0] / self.units[1])
        return Scheme(np.maximum(scheme, 0.0), prices, result.stopped, method, rounds, len(self.pairs))


def _worst(gains: Floats) -> Flags:
    """Keep the largest positive gain of each row."""
    flags = np.zeros(gains.shape, dtype=bool)
    rows = np.flatnonzero(gains.max(axis=1) > 0)
    flags[rows, gains[rows].argmax(axis=1)] = True
    return flags
