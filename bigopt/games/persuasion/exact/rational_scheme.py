"""A sender's best scheme in fractions: the obedience rows that matter, found by adding those that are violated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rational_lp import OPTIMAL, ZERO, Optimum, maximize
from bigopt.arithmetic.rationals import floats, matrix, rational, stacked
from bigopt.concepts.deadline import Deadline
from bigopt.games.persuasion.game import Persuasion

Flags = npt.NDArray[np.bool_]
Pair = tuple[int, int]
ONE = fmpq(1)


@dataclass(frozen=True)
class RationalScheme:
    """An optimum that fractions prove: the nearest floats of the scheme [S][A] and the prices [A][A], and its value.

    `feasible` is false where no scheme is obeyed by the margin; the rest is 0 then.
    """

    feasible: bool
    scheme: Floats
    prices: Floats
    value: fmpq
    rows: int


def rational_scheme(
    game: Persuasion, utility: Floats, margin: float, active: Flags, deadline: Deadline | None = None
) -> RationalScheme:
    """Find a sender's best scheme exactly; of several, one that is best for Alice.

    Parameters
    ----------
    utility : ndarray [S][A]
    margin : float
        In Alice's utility.
    active : flags [A][A]
        The rows to begin with: those that bind in floats.
    """
    program = _Rows(game, utility, margin)
    pairs = [pair for pair in program.pairs if active[pair]]
    while True:
        A, b, c = program.written(pairs)
        found = maximize(A, b, c, (deadline or Deadline()).check)
        if found.status != OPTIMAL:
            blank = np.zeros(utility.shape)
            return RationalScheme(False, blank, np.zeros(active.shape), ZERO, len(pairs))
        fresh = program.violated(found.x, set(pairs))
        if not fresh:
            break
        pairs += fresh
    prices = np.zeros(active.shape)
    for (a, b_), price in zip(pairs, found.dual[len(game.live) :], strict=True):
        prices[a, b_] = max(0.0, -int(price.numerator) / int(price.denominator))
    kind = _kindest(program, list(pairs), found, deadline or Deadline())
    return RationalScheme(True, program.scheme(kind), prices, found.value, len(pairs))


def _kindest(program: _Rows, pairs: list[Pair], found: Optimum, deadline: Deadline) -> tuple[fmpq, ...]:
    """Return the point that is best for Alice among those that are best for the sender."""
    gains = [program.alice[i][a] for i, a in program.columns]
    while True:
        A, b, c = program.written(pairs)
        held = stacked([A, fmpq_mat(1, len(c), c)], len(c))
        best = maximize(held, [*b, found.value], [*gains, *([ZERO] * len(pairs))], deadline.check)
        if best.status != OPTIMAL:
            return found.x
        fresh = program.violated(best.x, set(pairs))
        if not fresh:
            return best.x
        pairs += fresh


class _Rows:
    """The program over joint probabilities x[s, a] of live states and actions that Alice ever takes."""

    def __init__(self, game: Persuasion, utility: Floats, margin: float) -> None:
        self.shape = utility.shape
        self.live = game.live.tolist()
        self.actions = np.flatnonzero(game.inducible).tolist()
        self.prior = [game.exact_prior[s] for s in self.live]
        own, worth = game.exact_alice.tolist(), matrix(utility).tolist()
        self.alice, self.worth = [own[s] for s in self.live], [worth[s] for s in self.live]
        self.margin = rational(margin)
        instead = range(self.shape[1]) if margin else self.actions  # no margin: what is never taken is beaten anyway
        self.pairs: list[Pair] = [(a, b) for a in self.actions for b in instead if b != a]
        self.columns = [(i, a) for i in range(len(self.live)) for a in self.actions]

    def lead(self, i: int, pair: Pair) -> fmpq:
        """Return by how much Alice prefers the told action, less the margin, in the i-th live state."""
        lead: fmpq = self.alice[i][pair[0]] - self.alice[i][pair[1]] - self.margin
        return lead

    def written(self, pairs: list[Pair]) -> tuple[fmpq_mat, list[fmpq], list[fmpq]]:
        """Return A, b, c of the program with some of its rows, each with a surplus of its own."""
        states, count = len(self.live), len(self.columns)
        A = fmpq_mat(states + len(pairs), count + len(pairs))
        told: dict[int, list[int]] = {}
        for k, pair in enumerate(pairs):
            told.setdefault(pair[0], []).append(k)
            A[states + k, count + k] = -ONE
        for j, (i, a) in enumerate(self.columns):
            A[i, j] = ONE
            for k in told.get(a, ()):
                A[states + k, j] = self.lead(i, pairs[k])
        cost = [self.worth[i][a] for i, a in self.columns]
        return A, [*self.prior, *([ZERO] * len(pairs))], [*cost, *([ZERO] * len(pairs))]

    def violated(self, x: tuple[fmpq, ...], known: set[Pair]) -> list[Pair]:
        """Return the rows that a point violates, the worst of each recommendation."""
        used: dict[int, list[tuple[int, fmpq]]] = {}
        for (i, a), mass in zip(self.columns, x, strict=False):
            if mass != 0:
                used.setdefault(a, []).append((i, mass))
        worst: dict[int, tuple[fmpq, Pair]] = {}
        for pair in self.pairs:
            if pair[0] in used and pair not in known:
                slack = sum((mass * self.lead(i, pair) for i, mass in used[pair[0]]), ZERO)
                if slack < 0 and (pair[0] not in worst or slack < worst[pair[0]][0]):
                    worst[pair[0]] = slack, pair
        return [pair for _, pair in worst.values()]

    def scheme(self, x: tuple[fmpq, ...]) -> Floats:
        """Return the conditional probabilities, rounded; states of probability 0 recommend the first action."""
        joint = fmpq_mat(len(self.live), len(self.actions), [
            mass / self.prior[i] for (i, _), mass in zip(self.columns, x, strict=False)
        ])  # fmt: skip
        scheme = np.zeros(self.shape)
        scheme[:, self.actions[0]] = 1.0
        block = np.zeros((len(self.live), self.shape[1]))
        block[:, self.actions] = floats(joint)
        scheme[self.live] = block
        return scheme
