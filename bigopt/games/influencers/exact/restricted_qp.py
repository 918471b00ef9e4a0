r"""The potential over chosen vertices: a convex QP of low rank by an interior point method.

Variables  share[j] >= 0    of pair j = (player, vertex); a player's shares sum to 1
min        1/2 |delta|^2 - sum_j gain[j] share[j],     delta = rest + sum_j pull[j] share[j] in R^d

which is half the potential of eq. (5), moved to a point v: pull = w_i p_k, gain = w_i (t_i - v).p_k and rest is the
background and the supply of everybody else, minus v. A step costs one d x d system, however many pairs there are:
the shares are eliminated first, then each player's multiplier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted, repeated
from bigopt.concepts.deadline import Deadline

STEPS = 100
TARGET = 1e-17  # of the gains' scale: mean complementarity at which it stops
WORSE = 1e3  # times the least gap: rounding errors have taken over
BACK = 0.995  # of the way to the boundary
CUTS = (1e-3, 1e-5, 1e-7, 1e-9)  # shares below are tried as 0
NOISE = 1e-15  # of the gains' scale: gaps below are rounding
LARGEST = 400  # pairs in a dense system


@dataclass(frozen=True)
class Pairs:
    """The data above; pairs are sorted by player, `start` [players] is each one's first pair.

    Attributes
    ----------
    pull : ndarray, shape (m, d)
    gain : ndarray, shape (m,)
    start : ndarray of int, shape (players,)
    rest : ndarray, shape (d,)
    """

    pull: Floats
    gain: Floats
    start: Ints
    rest: Floats

    def sums(self, values: Floats) -> Floats:
        """Return the sums of `values` over each player's pairs."""
        return np.asarray(np.add.reduceat(values, self.start, axis=0))

    def delta(self, share: Floats) -> Floats:
        """Return rest + sum_j pull[j] share[j], shape (d,)."""
        return np.asarray(self.rest + share @ self.pull)

    def gap(self, share: Floats) -> float:
        """Return by how much the program's value could still fall, to first order (an upper bound)."""
        slope = self.pull @ self.delta(share) - self.gain
        slope -= np.minimum.reduceat(slope, self.start)[self.owner]
        return float(share @ slope)

    @property
    def scale(self) -> float:
        """The size of gains and pulls; 0 where no choice makes a difference."""
        spread = np.maximum.reduceat(self.gain, self.start)[self.owner] - self.gain
        mean = np.add.reduceat(self.pull, self.start, axis=0) / np.diff(np.append(self.start, len(self.gain)))[:, None]
        reach = float(np.abs(self.pull - mean[self.owner]).max())
        return max(float(spread.max()), reach**2, reach * float(np.abs(self.rest).max()))

    @property
    def owner(self) -> Ints:
        """The position of each pair's player."""
        counts = np.diff(np.append(self.start, len(self.gain)))
        return repeated(np.arange(len(self.start)), counts)


def shares(pairs: Pairs, deadline: Deadline) -> Floats:
    """Return optimal shares, shape (m,): by an interior point method, then by the equations of the positive ones.

    They do not depend on the units of length, and the program is solved in its own.
    """
    unit = max(float(np.abs(pairs.pull).max()), float(np.abs(pairs.rest).max())) or 1.0
    pairs = Pairs(pairs.pull / unit, pairs.gain / unit**2, pairs.start, pairs.rest / unit)
    counts = np.diff(np.append(pairs.start, len(pairs.gain)))
    share = 1.0 / counts[pairs.owner]
    scale = pairs.scale
    if scale == 0:  # all actions do the same
        return share
    share = _interior_point(pairs, share, scale, deadline)
    best, least = share, pairs.gap(share) + NOISE * scale
    for cut in CUTS:
        polished = _on_support(pairs, share, cut)
        gap = np.inf if polished is None else pairs.gap(polished)
        if polished is not None and gap < least:  # a gap near 0 leaves the receiver open to its root: solve for it
            best, least = polished, gap
            if gap <= NOISE * scale:
                break
    return best


def _interior_point(pairs: Pairs, share: Floats, scale: float, deadline: Deadline) -> Floats:
    """Return nearly optimal shares by Mehrotra's predictor-corrector method: the best of its iterates."""
    owner = pairs.owner
    delta = pairs.delta(share)
    slope = pairs.pull @ delta - pairs.gain
    level = np.minimum.reduceat(slope, pairs.start) - 0.1 * scale
    slack = slope - level[owner]
    best, least = share, np.inf
    for _ in range(STEPS):
        deadline.check("solving the restricted program")
        gap = pairs.gap(share)
        if gap < least:
            best, least = share, gap
        barrier = float(share @ slack) / len(share)
        if barrier <= TARGET * scale or gap > WORSE * least:
            break
        try:
            step = _Step(pairs, owner, share, slack, level, delta)
            d_share, d_slack, _ = step.towards(share * slack)
            reach = _reach(share, d_share), _reach(slack, d_slack)
            after = float((share + reach[0] * d_share) @ (slack + reach[1] * d_slack)) / len(share)
            centering = (max(after, 0.0) / barrier) ** 3
            d_share, d_slack, d_level = step.towards(share * slack + d_share * d_slack - centering * barrier)
        except np.linalg.LinAlgError:  # the best iterate is as near as floats allow
            break
        length = BACK * min(_reach(share, d_share), _reach(slack, d_slack))
        share = share + length * d_share
        share /= pairs.sums(share)[owner]
        slack = slack + length * d_slack
        level = level + length * d_level
        delta = pairs.delta(share)  # afresh: no drift
        if length < 1e-9:
            break
    return best


def _on_support(pairs: Pairs, share: Floats, cut: float) -> Floats | None:
    """Solve the optimality conditions on the pairs with a share above `cut`, or return None where they are too many.

    Unknown are the changes of the shares and of delta, and the players' levels; the least change is taken.
    """
    owner = pairs.owner
    kept = np.flatnonzero(share > cut)
    several = counted(owner[kept], least=len(pairs.start))[owner[kept]] > 1
    start = np.where(share > cut, share, 0.0)
    start /= pairs.sums(start)[owner]
    kept = kept[several]
    names, place = np.unique(owner[kept], return_inverse=True)
    m, d, players = len(kept), len(pairs.rest), len(names)
    if not 0 < m <= LARGEST:
        return start if m == 0 else None
    pull = pairs.pull[kept]
    delta = pairs.delta(start)
    slope = pull @ delta - pairs.gain[kept]
    one = np.zeros((m, players))
    one[np.arange(m), place] = 1.0
    matrix = np.block(
        [
            [np.zeros((m, m)), pull, -one],
            [-pull.T, np.eye(d), np.zeros((d, players))],
            [one.T, np.zeros((players, d + players))],
        ]
    )
    right = np.concatenate([-slope, np.zeros(d + players)])
    try:
        change = np.linalg.lstsq(matrix, right, rcond=1e-12)[0]
    except np.linalg.LinAlgError:
        return None
    start[kept] = np.maximum(start[kept] + change[:m], 0.0)
    total = pairs.sums(start)
    return start / total[owner] if (total > 0).all() else None


class _Step:
    """Newton's equations at one iterate, factorized once."""

    def __init__(self, pairs: Pairs, owner: Ints, share: Floats, slack: Floats, level: Floats, delta: Floats) -> None:
        self.pairs, self.owner, self.share, self.slack = pairs, owner, share, slack
        self.dual = pairs.pull @ delta - pairs.gain - level[owner] - slack
        self.inverse = share / slack
        self.total = pairs.sums(self.inverse)
        self.mean = pairs.sums(self.inverse[:, None] * pairs.pull) / self.total[:, None]
        centered = pairs.pull - self.mean[owner]
        self.matrix = np.eye(pairs.pull.shape[1]) + centered.T @ (self.inverse[:, None] * centered)

    def towards(self, product: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the steps of share, slack and level that take share * slack down by `product`."""
        pairs = self.pairs
        right = -self.dual - product / self.share
        missing = -pairs.sums(self.inverse * right)
        fixed = self.inverse * (right + (missing / self.total)[self.owner])
        d_delta = np.linalg.solve(self.matrix, pairs.pull.T @ fixed)
        d_level = missing / self.total + self.mean @ d_delta
        d_share = self.inverse * (right + d_level[self.owner] - pairs.pull @ d_delta)
        d_slack = -(product + self.slack * d_share) / self.share
        return d_share, d_slack, d_level


def _reach(values: Floats, steps: Floats) -> float:
    """Return the largest step length in [0, 1] that keeps `values` >= 0."""
    falling = steps < 0
    return min(1.0, float((-values[falling] / steps[falling]).min(initial=1.0)))
