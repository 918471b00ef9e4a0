"""A sender's best scheme against a receiver who obeys what is best for her: a linear program, its rows added lazily."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bigopt.alice import obedience
from bigopt.alice.lazy_lp import LazyLP, LPResult
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import Decimals
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED
from bigopt.errors import SolverNotFound
from bigopt.games.persuasion.exact.rational_scheme import rational_scheme
from bigopt.games.persuasion.game import Persuasion

Flags = npt.NDArray[np.bool_]
SEPARATION = 1e-9  # the largest term of a row: it counts as violated beyond this
FEW_PAIRS = 100  # up to so many obedience rows the full program is written down at once
CHEAP = 20_000  # coefficients of violated rows that are written down at once, to save rounds
STUBBORN_ROUNDS, STUBBORN_SHARE = 4, 0.65  # violations still above this share of the first: interior point
MANY_COLUMNS = 1500  # recommendations times states beyond which only promising columns are written down
SIFTED, COLUMNS_A_ROUND = 10, 3  # one in so many actions at first; columns added a state and round
LARGEST_FULL = 20_000_000  # coefficients of the full program that interior point may be given (about 2 GB)
EXACT = 40_000  # rows that bind times columns: up to here the optimum is always found in fractions
EXACT_IF_NEEDED = 400_000  # the same where floats leave a gap
FRACTIONS = "fractions"  # the method where HiGHS is not installed
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
    game: Persuasion,
    utility: Floats,
    margin: float,
    deadline: Deadline | None = None,
    method: str = "auto",
    exact: int = EXACT,
) -> Scheme:
    r"""Find the scheme that is best for a sender among the obedient ones.

    The program of `models/signaling.py`. Its :math:`A^2` obedience rows are added as they are violated, in large
    programs the worst one of each recommendation a round, until none is: then the point is optimal for the full
    program. Large programs begin with few columns too, and get those of positive reduced cost (sifting). On nearly
    opposed utilities almost all rows are needed and the simplex method degenerates; violations that do not die out
    show it, and the full program goes to HiGHS's interior point method with crossover.

    Parameters
    ----------
    utility : ndarray [S][A]
        The sender's.
    margin : float
        By how much a recommendation must beat any other action, in Alice's utility.
    method : {"auto", "lazy", "full", "interior-point"}
    exact : int
        Rows that bind times columns up to which floats only begin and fractions end it.
    """
    if not game.inducible.any():  # a margin that no action ever wins by
        return _nothing(utility.shape, "provenInfeasible", method)
    try:
        found = _in_floats(game, utility, margin, deadline, method)
    except SolverNotFound:  # fractions find all rows themselves
        found = _nothing(utility.shape, SOLVED, FRACTIONS)
    limited = found.stopped in ("maxTimeLimit", "interrupted")
    kept = int(np.count_nonzero(found.prices)) + len(game.live)
    size = kept * (game.live.size * int(game.inducible.sum()) + kept)
    if limited or (size > exact and found.method != FRACTIONS):
        return found
    proved = rational_scheme(game, utility, margin, found.prices > 0, deadline)
    if not proved.feasible:
        return _nothing(utility.shape, "provenInfeasible", found.method)
    return replace(found, scheme=proved.scheme, prices=proved.prices, stopped=SOLVED)


def _nothing(shape: tuple[int, ...], stopped: str, method: str) -> Scheme:
    """Return that there is no scheme."""
    return Scheme(np.zeros(shape), np.zeros((shape[1], shape[1])), stopped, method, 0, 0)


def _in_floats(game: Persuasion, utility: Floats, margin: float, deadline: Deadline | None, method: str) -> Scheme:
    """Run one of the methods in floating point."""
    pairs = len(game.actions) * (len(game.actions) - 1)
    if method == "interior-point":
        return _Program(game, utility, margin).full(deadline, "ipm", method)
    if method == "full" or (method == "auto" and pairs <= FEW_PAIRS):
        return _Program(game, utility, margin).full(deadline, "simplex", "full")
    sift = utility.size > MANY_COLUMNS and margin == 0 and pairs > FEW_PAIRS
    found = _Program(game, utility, margin, sift).lazy(deadline, patient=method == "lazy")
    if found is not None:
        return found
    return _Program(game, utility, margin).full(deadline, "ipm", "interior-point", STUBBORN_ROUNDS + 1)


class _Program:
    """The program, each row in its own unit, with the rows and columns that are written down so far."""

    def __init__(self, game: Persuasion, utility: Floats, margin: float, sift: bool = False) -> None:
        self.prior = game.prior
        self.decimals, self.margin = game.decimals, margin
        best = game.alice.argmax(axis=1)
        self.alice = _from(game.decimals, best)  # only differences within a state matter: no digits are lost to origins
        liked = np.where(game.inducible, utility, -np.inf).argmax(axis=1)
        worth = _from(Decimals.of(utility), liked)
        self.unit = _typical(worth[np.ix_(game.live, np.flatnonzero(game.inducible))])
        self.utility = worth / self.unit
        self.sizes = obedience.row_sizes(game.prior, game.decimals, margin)
        self.allowed = game.inducible
        self.states, self.actions = utility.shape
        self.written = np.eye(self.actions, dtype=bool)
        if margin == 0:  # what Alice never takes is beaten already by what she takes
            self.written |= ~self.allowed
        self.pairs = np.empty((0, 2), dtype=np.int64)
        self.scale = np.empty(0)
        self.here = np.zeros(utility.shape, dtype=bool)
        self.columns = np.empty(0, dtype=np.int64)
        self.program = LazyLP(np.empty(0), maximize=True)
        self.program.add_rows(sparse.csr_array((self.states, 0)), 1.0, 1.0)  # simplex
        self._extend(self._promising() if sift else np.broadcast_to(self.allowed, utility.shape))

    def full(self, deadline: Deadline | None, solver: str, method: str, rounds: int = 1) -> Scheme:
        """Write all rows and solve at once."""
        self._write(~self.written & self.allowed[:, None])
        result = self.program.solve(deadline, solver=solver)
        if solver == "ipm" and result.stopped == "error":  # no vertex was found from the interior point
            result = self.program.solve(deadline, solver="simplex")
        return self._scheme(result, method, rounds)

    def lazy(self, deadline: Deadline | None, patient: bool) -> Scheme | None:
        """Add violated rows and columns of positive reduced cost until there are none; None: give it up."""
        rounds = start = 0
        while True:
            rounds += 1
            result = self.program.solve(deadline, presolve="off")
            if not result.solved:
                return self._scheme(result, "lazy", rounds)
            violated = self._violations(self.prior[:, None] * self._dense(result.x))
            worthwhile = self._worthwhile(result)
            left = int(np.count_nonzero(violated))
            start = max(start, left)
            if left == 0 and not worthwhile.any():
                return self._scheme(result, "lazy", rounds)
            stubborn = rounds == STUBBORN_ROUNDS and left > STUBBORN_SHARE * start and not patient
            if stubborn and self.states * self.actions**2 <= LARGEST_FULL:
                return None
            self._extend(worthwhile)
            self._write(violated > 0 if left * self.states <= CHEAP else _worst(violated))

    def _violations(self, joint: Floats) -> Floats:
        """Return the gains of the violated rows that are not written yet, 0 elsewhere."""
        table = joint.T @ self.alice
        gains: Floats = table + (self.margin * joint.sum(axis=0) - np.diag(table))[:, None]
        gains /= np.where(self.sizes > 0, self.sizes, 1.0)
        gains[self.written | (gains <= SEPARATION)] = 0.0
        return gains

    def _promising(self) -> Flags:
        """Flag the columns to begin with: what each side likes best in each state (so that disclosure is feasible)."""
        few = max(1, self.actions // SIFTED)
        liked = np.argpartition(-np.where(self.allowed, self.utility, -np.inf), few, axis=1)[:, :few]
        flags = np.zeros(self.utility.shape, dtype=bool)
        np.put_along_axis(flags, liked, True, axis=1)
        np.put_along_axis(flags, self.alice.argmax(axis=1, keepdims=True), True, axis=1)
        return np.asarray(flags & self.allowed)

    def _worthwhile(self, result: LPResult) -> Flags:
        """Flag the best columns of positive reduced cost in each state."""
        if len(self.columns) == self.states * int(self.allowed.sum()):
            return np.zeros(self.utility.shape, dtype=bool)
        earned = self.prior[:, None] * (self.utility + obedience.credit(self.alice, self._prices(result), self.margin))
        reduced = earned - result.dual[: self.states, None]
        reduced[self.here | ~self.allowed] = 0.0
        flags = np.zeros(self.utility.shape, dtype=bool)
        best = np.argpartition(-reduced, COLUMNS_A_ROUND, axis=1)[:, :COLUMNS_A_ROUND]
        np.put_along_axis(flags, best, True, axis=1)
        return np.asarray(flags & (reduced > SEPARATION))

    def _extend(self, flags: Flags) -> None:
        """Add the flagged columns to the program."""
        state, action = np.nonzero(flags)
        if state.size:
            fresh = state * self.actions + action
            simplex = sparse.csr_array((np.ones(state.size), (state, np.arange(state.size))), (self.states, state.size))
            rows, _ = obedience.rows(self.prior, self.decimals, self.pairs[:, 0], self.pairs[:, 1], self.margin)
            cost = self.prior[state] * self.utility[state, action]
            self.program.add_columns(cost, sparse.vstack([simplex, rows[:, fresh]]))
            self.columns = np.concatenate([self.columns, fresh])
            self.here |= flags

    def _write(self, flags: Flags) -> None:
        """Add the flagged rows to the program."""
        told, instead = np.nonzero(flags)
        if told.size:
            matrix, scale = obedience.rows(self.prior, self.decimals, told, instead, self.margin)
            self.program.add_rows(matrix[:, self.columns], lower=0.0)
            self.written[told, instead] = True
            self.pairs = np.concatenate([self.pairs, np.column_stack([told, instead])])
            self.scale = np.concatenate([self.scale, scale])

    def _dense(self, x: Floats) -> Floats:
        """Return a point over the written columns as a scheme [S][A]."""
        scheme = np.zeros(self.utility.size)
        scheme[self.columns] = np.maximum(x, 0.0)
        return scheme.reshape(self.utility.shape)

    def _prices(self, result: LPResult) -> Floats:
        """Return the prices of the obedience rows, the utility in its unit, shape [A][A]."""
        prices = np.zeros((self.actions, self.actions))
        prices[self.pairs[:, 0], self.pairs[:, 1]] = np.maximum(-result.dual[self.states :], 0.0) / self.scale
        return prices

    def _scheme(self, result: LPResult, method: str, rounds: int) -> Scheme:
        known = result.x.size == len(self.columns) and result.dual.size == self.program.rows
        scheme = self._dense(result.x) if known else np.zeros_like(self.utility)
        prices = self._prices(result) if known else np.zeros((self.actions, self.actions))
        return Scheme(scheme, prices * self.unit, result.stopped, method, rounds, len(self.pairs))


def _from(table: Decimals, reference: Ints) -> Floats:
    """Return a table's differences from one entry of each row."""
    row = np.arange(len(reference))
    parts = (part - part[row, reference][:, None] for part in (table.nearest, table.rest))
    total: Floats = sum(parts, np.zeros(()))
    return total


def _typical(differences: Floats) -> float:
    """Return the geometric mean of the differences that are not 0, 1 where all are."""
    sizes = np.abs(differences[differences != 0])
    return float(np.exp(np.log(sizes).mean())) if sizes.size else 1.0


def _worst(gains: Floats) -> Flags:
    """Keep the largest positive gain of each row."""
    flags = np.zeros(gains.shape, dtype=bool)
    rows = np.flatnonzero(gains.max(axis=1) > 0)
    flags[rows, gains[rows].argmax(axis=1)] = True
    return flags
