r"""A sender's best reply where Alice learns something else too: concavification by column generation.

Alice sees the sender's signal and another message m of known kernel q(m | s): the other Bobs' signals, or her own.
With the posterior :math:`\mu` after the signal alone she takes an action r(m) after each m, and the sender gets

.. math:: V(\mu) = \sum_m \max_{a \in A_m(\mu)} \sum_s \mu_s q(m | s) U(s, a),

:math:`A_m(\mu)` her best actions. The optimum is the concave closure of V at the prior (Kamenica and Gentzkow 2011),

.. math:: \max \sum_k y_k V(\mu_k) \quad \text{s.t.} \quad \sum_k y_k \mu_k = p, \; y \ge 0.

There are A^M recommendation maps r: the columns are generated. For duals t of the states the best column solves a
mixed-integer program, max V(mu) - t'mu, with a binary for every message and action; its optimum v bounds the value by
p't + max(0, v).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bigopt.alice.lazy_lp import LazyLP
from bigopt.arithmetic import loaded
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.decimals import Decimals
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED
from bigopt.errors import UsageError
from bigopt.games.persuasion.choices import Flags, tied_actions
from bigopt.games.persuasion.exact.map_program import supremum
from bigopt.games.persuasion.exact.regions import Regions
from bigopt.games.persuasion.game import Persuasion, spread

GAP = 1e-9  # of the sender's range: columns that promise less are not worth adding
TINY = 1e-10  # posterior entries below this are rounding
MOST_PAIRS = 60  # messages x actions up to which all maps are listed
MOST_CELLS = 200_000  # states x messages x actions of the pricing program


@dataclass(frozen=True)
class Reply:
    """A sender's best reply.

    Attributes
    ----------
    scheme : ndarray [S][R]
        At most S signals.
    maps : ndarray [R][M]
        What Alice does after signal r and message m.
    value, bound : float
        His utility with ties in his favour, and an upper bound on it over all schemes.
    stopped, method : str
    rounds : int
    exact : fmpq or None
        The bound in fractions, where all maps were enumerated: it is the supremum then.
    """

    scheme: Floats
    maps: Ints
    value: float
    bound: float
    stopped: str
    rounds: int
    method: str = "column generation"
    exact: fmpq | None = None

    @property
    def grade(self) -> str:
        """How far the bound is proved here: in fractions, or by the branch and bound of the pricing program."""
        return "recomputed" if self.exact is None else "proved"

    @property
    def proof(self) -> str:
        """What the bound rests on."""
        if self.exact is None:
            return "concave closure (Kamenica and Gentzkow 2011): columns priced by branch and bound (HiGHS)"
        return "LP over all of Alice's answers, optimal by its reduced costs in fractions"


def best_reply(
    game: Persuasion,
    utility: Floats,
    kernel: Floats,
    favoured: Sequence[Floats] | None,
    deadline: Deadline | None = None,
) -> Reply:
    """Find a sender's best scheme beside what Alice learns otherwise: in fractions where her answers are few.

    Parameters
    ----------
    utility : ndarray [S][A]
        The sender's.
    kernel : ndarray [S][M]
        The probability of each other message, given the state.
    favoured : sequence of ndarray [S][A], or None
        Whose utilities decide Alice's ties, then the list's order; None: ties fall as the sender likes.

    Raises
    ------
    UsageError
        The pricing program would be too large.
    """
    regions = Regions(game, kernel, favoured)
    few = kernel.shape[1] * len(game.actions) <= MOST_PAIRS
    listed = regions.all(deadline) if few else None
    found = None if listed is None else supremum(game, utility, kernel, listed, deadline)
    if found is not None:
        value = int(found.value.numerator) / int(found.value.denominator)
        return Reply(found.scheme, found.maps, value, value, SOLVED, 1, "all maps in fractions", found.value)
    return _generated(game, utility, kernel, regions.flags(), deadline)


def _generated(
    game: Persuasion, utility: Floats, kernel: Floats, allowed: Flags, deadline: Deadline | None = None
) -> Reply:
    """Generate the columns; `allowed`, flags [M][A], are what Alice ever does after each message."""
    cells = kernel.size * utility.shape[1]
    if cells > MOST_CELLS:
        raise UsageError(f"best reply: {cells} states x messages x actions, expected at most {MOST_CELLS}: use fewer")
    alive = game.prior > 0
    taken = allowed.any(axis=0)
    unit = spread(utility[np.ix_(alive, taken)])
    clock = deadline or Deadline()
    pricing = _Pricing(game, utility[alive] / unit, kernel[alive], allowed, clock)
    prior = game.prior[alive]
    posteriors = [*np.eye(len(prior)), prior]
    worth, maps = map(list, zip(*(pricing.evaluate(mu) for mu in posteriors), strict=True))
    master = LazyLP(worth, np.array(posteriors).T, prior, prior, maximize=True)
    bound, rounds, stopped = np.inf, 0, SOLVED
    while True:
        rounds += 1
        result = master.solve(deadline)
        if not result.solved:
            stopped = result.stopped
            break
        mu, promise, status = pricing.best(result.dual, deadline)
        bound = min(bound, result.objective + max(0.0, promise))
        if bound - result.objective <= GAP:
            break
        if status != SOLVED or mu is None:
            stopped = status
            break
        value, reply = pricing.evaluate(mu)
        if value - result.dual @ mu <= GAP / 2:  # the promise was rounding; the bound says how much
            break
        posteriors.append(mu)
        worth.append(value)
        maps.append(reply)
        master.add_columns([value], mu[:, None])
    weights = result.x if result.x.size == len(worth) else np.eye(1, len(worth), len(prior)).ravel()
    used = np.flatnonzero(weights > TINY)
    scheme = _scheme_of(alive, np.array(posteriors)[used] * weights[used, None])
    value = float(np.array(worth)[used] @ weights[used])
    return Reply(scheme, np.array(maps)[used], unit * value, unit * bound, stopped, rounds)


def _scheme_of(alive: Flags, parts: Floats) -> Floats:
    """Return the scheme [S][R] of a split of the prior, parts [R][states of positive probability]."""
    scheme = np.zeros((len(alive), len(parts)))
    scheme[:, 0] = 1.0  # states of probability zero send the first signal
    scheme[alive] = parts.T / parts.T.sum(axis=1, keepdims=True)
    return scheme


class _Pricing:
    """The mixed-integer program of the best posterior; only its objective changes."""

    def __init__(self, game: Persuasion, utility: Floats, kernel: Floats, allowed: Flags, clock: Deadline) -> None:
        self.alice = Decimals(game.decimals.nearest[game.live], game.decimals.rest[game.live])
        self.utility, self.kernel, self.allowed = utility, kernel, allowed
        S, A, M = *utility.shape, kernel.shape[1]
        self.states, self.split = S, S * M * A  # columns: mu[s], then w[m, a, s], then z[m, a]
        joint = kernel.T[:, None, :] * utility.T[None, :, :]
        self.cost = np.concatenate([np.zeros(S), joint.ravel(), np.zeros(M * A)])
        upper = np.concatenate([np.ones(S + self.split), allowed.ravel().astype(float)])
        self.program = LazyLP(self.cost, upper=upper, maximize=True, options={"mip_rel_gap": 0.0, "mip_abs_gap": 1e-10})
        highs = self.program.highs
        highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
        binary = np.arange(S + self.split, self.program.columns, dtype=np.int32)
        kinds = np.full(binary.size, int(loaded.highspy().HighsVarType.kInteger), dtype=np.uint8)
        highs.changeColsIntegrality(binary.size, binary, kinds)
        self._write(S, A, M, clock)

    def _write(self, S: int, A: int, M: int, clock: Deadline) -> None:
        """Add the rows: a posterior, split by what Alice does after each message, to actions that are best for her."""
        eye, blank = sparse.eye_array, sparse.csr_array
        sums = sparse.hstack([np.ones((1, S)), blank((1, self.split + M * A))])
        parts = sparse.kron(eye(M), sparse.kron(np.ones((1, A)), eye(S)))  # sum_a w[m, a, s] == mu[s]
        whole = sparse.hstack([sparse.kron(np.ones((M, 1)), -eye(S)), parts, blank((M * S, M * A))])
        mass = sparse.kron(eye(M * A), np.ones((1, S)))  # sum_s w[m, a, s] <= z[m, a]
        switch = sparse.hstack([blank((M * A, S)), mass, -eye(M * A)])
        one = sparse.hstack([blank((M, S + self.split)), sparse.kron(eye(M), np.ones((1, A)))])
        self.program.add_rows(sums, 1.0, 1.0)
        self.program.add_rows(whole, 0.0, 0.0)
        self.program.add_rows(switch, upper=0.0)
        self.program.add_rows(one, 1.0, 1.0)
        pairs = [(a, b) for a in range(A) for b in range(A) if a != b]
        if not pairs:
            return
        told, instead = (np.array(side) for side in zip(*pairs, strict=True))
        lead = self.alice.lead(told, instead).T  # [pairs, s]: u(s, a) - u(s, b)
        for m in range(M):
            clock.check("writing the pricing program")
            kept = self.allowed[m, told] & self.allowed[m, instead]  # what she never does is beaten by what she does
            rows = self.kernel[:, m] * lead[kept]
            scaled = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0.0), TINY)
            index = S + (m * A + told[kept][:, None]) * S + np.arange(S)
            starts = np.arange(0, scaled.size + 1, S)
            shape = (len(rows), self.program.columns)
            self.program.add_rows(blank((scaled.ravel(), index.ravel(), starts), shape=shape), lower=0.0)

    def best(self, dual: Floats, deadline: Deadline | None) -> tuple[Floats | None, float, str]:
        """Return the best posterior, an upper bound on V(mu) - dual'mu, and the solver's status."""
        self.program.set_cost(np.concatenate([-dual, self.cost[self.states :]]))
        result = self.program.solve(deadline)
        status = self.program.stopped
        promise = float(self.program.highs.getInfo().mip_dual_bound)
        if not np.isfinite(result.x).all() or result.x.size == 0 or status != SOLVED:
            return None, promise if status == "maxTimeLimit" else np.inf, status
        mu = np.where(result.x[: self.states] > TINY, result.x[: self.states], 0.0)
        return mu / mu.sum(), promise, status

    def evaluate(self, mu: Floats) -> tuple[float, Ints]:
        """Return V(mu) and Alice's action after each message, ties in the sender's favour."""
        joint = mu[:, None] * self.kernel
        worth = joint.T @ self.utility
        choice = np.zeros(len(worth), dtype=np.int64)
        for m, column in enumerate(joint.T):
            tied = tied_actions(column, self.alice, self.allowed[m])
            choice[m] = tied[worth[m, tied].argmax()]
        return float(worth[np.arange(len(choice)), choice].sum()), choice
