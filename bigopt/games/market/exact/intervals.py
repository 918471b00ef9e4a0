r"""Stable schemes beyond enumeration: interval branch and bound over v, Alice's utility.

A scheme f with :math:`lo \le u_A(f) \le hi` is stable only if, for any multipliers :math:`p, q \ge 0`, each Bob has

.. math:: q\,U_j(f) + p\,u_A(f) \;\ge\; \min_{lo \le v \le hi} q\,\psi_j(v) + p\,v .

With p / q a slope of the concave envelope of :math:`\psi_j` the right side is almost constant in v: an envelope cut.
A linear program over randomized schemes weighs the cuts of all Bobs against each other; its weights, rounded to
integers, refute the interval in exact arithmetic (one maximum a state), or become one more budget for a label-setting
search that goes through the states and drops every partial scheme that cannot be completed. Intervals that are
neither refuted nor narrow are halved, the lower half first, so that the first scheme found is Alice's worst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bigopt.alice.lazy_lp import LazyLP
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.concept import silent
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.game import Exact, Market
from bigopt.games.market.response import Frontier, threats

STEEP = 4096  # envelope slopes are rounded to fractions with numerators and denominators up to this
NARROW = 64  # units of Alice's utility: intervals up to this width are searched, wider ones are halved first,
PARTS = 512  # unless they are already less than one of so many parts of the whole range
BLOCK = 8192  # labels that are extended together
PATIENCE = 50_000  # labels made in one interval before it is halved instead


@dataclass(frozen=True)
class Cuts:
    """The necessary rows of an interval: ``sum_s rows[:, f(s)] >= least``, over flat outcomes."""

    rows: Exact  # [cuts, N]
    least: Exact  # [cuts]
    weights: Exact  # [cuts, 1 + k]: each row is this combination of Alice's and the Bobs' utilities


@dataclass(frozen=True)
class Span:
    """A piece of the proof: in low <= u_A <= high the rows (weights of u_A, U_j) refute what is not searched."""

    low: int
    high: int
    rows: tuple[tuple[int, ...], ...]


class Intervals:
    """The search over one game; `proved` is the largest v below which there is nothing but what was found."""

    def __init__(
        self,
        game: Market,
        deadline: Deadline,
        progress: Callable[..., None] = silent,
        every: bool = False,
        frontiers: list[Frontier] | None = None,
        nash: bool = False,
    ) -> None:
        """Compute every Bob's threat and its concave envelope; `every` keeps schemes that tie in all utilities."""
        self.every = every
        self.game, self.deadline, self.progress = game, deadline, progress
        self.frontiers = frontiers or threats(game, nash, deadline)
        self.proof: list[Span] = []
        self.envelopes = [_envelope(f) for f in self.frontiers]
        self.least = game.lowest[0]
        self.narrow = max(NARROW, (game.opt - self.least) // PARTS)
        self.proved = self.least
        state = repeated(np.arange(game.S), game.sizes)
        self._one = sparse.csr_array((np.ones(state.size), (state, np.arange(state.size))))

    def stable(self, totals: Exact) -> npt.NDArray[np.bool_]:
        """Say which columns of totals [1 + k, n] are stable."""
        good = np.ones(totals.shape[1], dtype=bool)
        for own, f in zip(totals[1:], self.frontiers, strict=True):
            below = np.flatnonzero(totals[0] < f.alice[-1])
            good[below] &= (own[below] >= f.above(totals[0, below])).astype(bool)
        return good

    def search(self, low: int, high: int) -> Iterator[tuple[npt.NDArray[np.int64], Exact]]:
        """Yield (schemes [n, S], totals [1 + k, n]) of all stable schemes with low <= u_A <= high, worst first.

        Schemes that agree in every utility are yielded once, unless `every`. Raises `LimitReached` at the deadline.
        """
        top = self.game.opt  # where nobody can outbid, and everything is stable against most
        stack = [(top, top)] * (high >= top) + [(low, min(high, top - 1))] * (low < top and low <= high)
        while stack:
            lo, hi = stack.pop()
            self.deadline.check("searching for stable schemes")
            self.proved = lo
            self.progress(f"Alice from {lo * float(self.game.units[1][0]):.6g}", (lo - low) / max(1, high - low))
            cuts = self._cuts(lo, hi)
            if cuts is None:
                continue  # refuted, and noted
            found = self._labels(cuts, PATIENCE if hi > lo else None) if hi - lo <= self.narrow else None
            if found is None:
                middle = (lo + hi) // 2
                stack += [(middle + 1, hi), (lo, middle)]
                continue
            self.proof.append(Span(lo, hi, _whole(cuts.weights)))
            for schemes, totals in _by_alice(*found, self.every):
                good = self.stable(totals)
                if good.any():
                    yield schemes[good], totals[:, good]
        self.proved = high + 1

    def _cuts(self, lo: int, hi: int) -> Cuts | None:
        """Return the rows of an interval with the LP's combination of them, or None if they refute it."""
        table = self.game.units[0]
        rows, least, weights = [], [], []
        one = np.eye(self.game.k + 1, dtype=np.int64).astype(object)
        for j, f in enumerate(self.frontiers):
            if hi >= f.alice[-1]:
                continue  # nothing is asked of this Bob up there
            p, q = _slope(self.envelopes[j], lo, hi)
            steps = f.alice[np.searchsorted(f.alice, lo, side="right") : np.searchsorted(f.alice, hi, side="right")]
            v = np.concatenate([np.array([lo], dtype=table.dtype), steps])
            weights.append(q * one[j + 1] + p * one[0])
            rows.append(q * table[j + 1] + p * table[0])
            least.append(int((q * f.above(v) + p * v).min()))
        rows += [table[0], -table[0]]
        least += [lo, -hi]
        weights += [one[0], -one[0]]
        cuts = Cuts(np.array(rows, dtype=table.dtype), np.array(least, dtype=table.dtype), np.array(weights))
        refuting = np.flatnonzero((self._best(cuts.rows) < cuts.least).astype(bool))
        if refuting.size:
            self.proof.append(Span(lo, hi, _whole(cuts.weights[refuting[:1]])))
            return None
        return self._combined(cuts, lo, hi)

    def _combined(self, cuts: Cuts, lo: int, hi: int) -> Cuts | None:
        """Weigh the cuts by the dual of ``max t: rows x >= least + t``, x randomized, and test the sum exactly."""
        size = np.maximum(1.0, np.abs(cuts.rows).max(axis=1).astype(float))
        scaled = cuts.rows.astype(float) / size[:, None]
        slack = np.ones(len(size))
        slack[-2:] = 0.0  # the interval itself is not softened
        count = scaled.shape[1]
        program = LazyLP(
            np.r_[np.zeros(count), 1.0],
            sparse.vstack(
                [
                    sparse.hstack([self._one, sparse.csr_array((self.game.S, 1))]),
                    sparse.csr_array(np.column_stack([scaled, -slack])),
                ]
            ),
            np.r_[np.ones(self.game.S), cuts.least.astype(float) / size],
            np.r_[np.ones(self.game.S), np.full(len(size), np.inf)],
            lower=np.r_[np.zeros(count), -1e6],
            upper=np.r_[np.ones(count), 1e6],
            maximize=True,
        )
        result = program.solve(self.deadline)
        if not result.solved:
            return cuts
        weights = np.maximum(-result.dual[self.game.S :], 0.0) / size
        if not weights.max() > 0:
            return cuts
        room = 2**20 if cuts.rows.dtype == object else 2**61 // max(1, int(np.abs(cuts.rows).max()) * self.game.S * 16)
        whole = np.rint(weights / weights.max() * min(room, 2**24)).astype(np.int64).astype(cuts.rows.dtype)
        row, least, mix = whole @ cuts.rows, whole @ cuts.least, whole.astype(object) @ cuts.weights
        if self._best(row[None])[0] < least:
            self.proof.append(Span(lo, hi, _whole(mix[None])))
            return None
        above = np.array([least], dtype=cuts.rows.dtype)
        return Cuts(np.vstack([cuts.rows, row]), np.r_[cuts.least, above], np.vstack([cuts.weights, mix]))

    def _best(self, rows: Exact) -> Exact:
        best: Exact = np.maximum.reduceat(rows, self.game.first, axis=1).sum(axis=1)
        return best

    def _labels(self, cuts: Cuts, patience: int | None) -> tuple[npt.NDArray[np.int64], Exact] | None:
        """Return all schemes that meet the cuts (one for each vector of utilities), or None if too many labels.

        A label is a partial scheme with what is left of each cut's budget, the cut's maximum minus its least; a
        policy spends the difference to the best of its state. Blocks of labels go depth first, to bound the memory.
        """
        game = self.game
        table = game.units[0]
        tops = np.maximum.reduceat(cuts.rows, game.first, axis=1)
        loss = repeated(tops, game.sizes, axis=1) - cuts.rows
        budget = tops.sum(axis=1) - cuts.least
        allowed = (loss <= budget[:, None]).all(axis=0)
        order = sorted(range(game.S), key=lambda s: int(allowed[game.first[s] : game.first[s] + game.sizes[s]].sum()))
        start = np.zeros((table.shape[0], 1), dtype=table.dtype)
        stack = [(0, budget[:, None], start, np.zeros((1, game.S), dtype=np.int32))]
        done_schemes, done_totals, made = [], [], 0
        while stack:
            depth, left, totals, schemes = stack.pop()
            if depth == game.S:
                done_schemes.append(schemes)
                done_totals.append(totals)
                continue
            self.deadline.check("searching for stable schemes")
            s = order[depth]
            options = game.first[s] + np.flatnonzero(allowed[game.first[s] : game.first[s] + game.sizes[s]])
            after = left[:, :, None] - loss[:, None, options]
            label, choice = np.nonzero((after >= 0).all(axis=0))
            made += label.size
            if patience is not None and made > patience:
                return None
            left, totals, schemes = (
                after[:, label, choice],
                totals[:, label] + table[:, options[choice]],
                schemes[label],
            )
            schemes[:, s] = options[choice] - game.first[s]
            if label.size > 512 and table.dtype != object and not self.every:
                totals, keep = np.unique(totals, axis=1, return_index=True)
                left, schemes = left[:, keep], schemes[keep]
            for a in range(0, totals.shape[1], BLOCK):
                stack.append((depth + 1, left[:, a : a + BLOCK], totals[:, a : a + BLOCK], schemes[a : a + BLOCK]))
        if not done_schemes:
            return np.zeros((0, game.S), dtype=np.int64), table[:, :0]
        return np.concatenate(done_schemes).astype(np.int64), np.concatenate(done_totals, axis=1)


def _whole(weights: Exact) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(w) for w in row) for row in weights)


def _by_alice(
    schemes: npt.NDArray[np.int64], totals: Exact, every: bool
) -> Iterator[tuple[npt.NDArray[np.int64], Exact]]:
    """Group schemes by Alice's utility, ascending, in lexicographic order, each utility vector once unless `every`."""
    order = sorted(range(len(schemes)), key=lambda i: (totals[0, i], tuple(schemes[i])))
    seen: set[tuple[int, ...]] = set()
    groups: dict[int, list[int]] = {}
    for i in order:
        vector = tuple(int(t) for t in totals[:, i])
        if every or vector not in seen:
            seen.add(vector)
            groups.setdefault(vector[0], []).append(i)
    for members in groups.values():
        yield schemes[members], totals[:, members]


def _envelope(f: Frontier) -> list[tuple[int, int]]:
    """Return the vertices (alice, bob) of the upper concave envelope of a frontier, alice ascending."""
    hull: list[tuple[int, int]] = []
    for x, y in zip(f.alice.tolist(), f.bob.tolist(), strict=True):
        while len(hull) >= 2:
            (x1, y1), (x2, y2) = hull[-2:]
            if (y2 - y1) * (x - x1) > (y - y1) * (x2 - x1):
                break
            hull.pop()
        hull.append((x, y))
    return hull


def _slope(hull: list[tuple[int, int]], lo: int, hi: int) -> tuple[int, int]:
    """Return (p, q): minus the envelope's slope in the middle of an interval is about p / q."""
    middle = (lo + hi) / 2
    right = next((i for i, (x, _) in enumerate(hull) if x > middle), len(hull) - 1)
    if right == 0:
        return 0, 1
    (x1, y1), (x2, y2) = hull[right - 1], hull[right]
    exact = Fraction(y1 - y2, x2 - x1)
    if exact > 1:
        inverse = (1 / exact).limit_denominator(STEEP)
        return inverse.denominator, inverse.numerator
    rounded = exact.limit_denominator(STEEP)
    return rounded.numerator, rounded.denominator
