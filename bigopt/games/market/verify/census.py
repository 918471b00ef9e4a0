r"""Which schemes are stable, for certificates: the frontiers and the search written a second time.

Whoever says that nothing stable lies in :math:`lo \le u_A \le hi` names rows, whole weights (P, Q_1, ..., Q_k) with
Q >= 0. A stable f meets :math:`P u_A(f) + \sum_j Q_j U_j(f) \ge \min_v P v + \sum_j Q_j \psi_j(v)` over the integers v
of the interval, so that a row whose largest left side is smaller refutes it. What no row refutes is looked through
state by state, with every row as a budget. Nothing of the search that found the answer is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached
from bigopt.games.market.game import Exact, Market

PAIRS = 2_000_000  # utility pairs that one state may make
BLOCK = 20_000  # partial schemes that are extended together
MACHINE = 2**62

Row = Sequence[int]


@dataclass(frozen=True)
class Threat:
    """What a Bob can get where Alice has v: ``best[i]`` for ``ends[i - 1] <= v < ends[i]``, no threat later."""

    ends: Exact
    best: Exact

    def at(self, v: Exact) -> Exact:
        """Return the threat at each v below the last end."""
        return self.best[np.searchsorted(self.ends, v, side="right")]


class Census:
    """The stable schemes of one game, or its Nash equilibria (Definition 17)."""

    def __init__(self, game: Market, nash: bool, deadline: Deadline) -> None:
        """Compute every Bob's threat."""
        self.game, self.nash, self.deadline = game, nash, deadline
        self.threats = [self._threat(j, wins_ties=nash and j == 0) for j in range(game.k)]
        self.least = game.lowest[0]

    def stable(self, totals: Exact) -> npt.NDArray[np.bool_]:
        """Say which columns of totals [1 + k, n] no Bob would leave."""
        good = np.ones(totals.shape[1], dtype=bool)
        for own, threat in zip(totals[1:], self.threats, strict=True):
            bound = np.flatnonzero(totals[0] < threat.ends[-1])
            good[bound] &= (threat.at(totals[0, bound]) <= own[bound]).astype(bool)
        return good

    def gains(self, totals: Sequence[int]) -> list[int]:
        """Return what each Bob gains by his best deviation, in his integer unit."""
        found = []
        for own, threat in zip(totals[1:], self.threats, strict=True):
            best = (
                int(threat.at(np.array([totals[0]], dtype=threat.ends.dtype))[0])
                if totals[0] < threat.ends[-1]
                else own
            )
            found.append(max(0, best - own))
        return found

    def least_sum(self, row: Row, low: int, high: int) -> int | None:
        """Return min over low <= v <= high of P v + sum_j Q_j psi_j(v), None where a Bob of the row is not bound."""
        used = [(int(q), threat) for q, threat in zip(row[1:], self.threats, strict=True) if q]
        if any(q < 0 or high >= threat.ends[-1] for q, threat in used):
            return None
        places = [np.array([low if row[0] > 0 else high], dtype=self.game.units[0].dtype)]
        if row[0] > 0:  # else the sum falls with v, as every threat does
            places += [t.ends[np.searchsorted(t.ends, low) : np.searchsorted(t.ends, high, "right")] for _, t in used]
        v = np.concatenate(places)
        total = v.astype(object) * row[0]
        for q, threat in used:
            total = total + threat.at(v).astype(object) * q
        return int(total.min())

    def between(
        self, low: int, high: int, rows: Sequence[Row] = (), every: bool = False
    ) -> tuple[npt.NDArray[np.int64], Exact]:
        """Return (schemes [n, S], totals [1 + k, n]) of the stable schemes with low <= u_A <= high.

        Of schemes that agree in every utility only one is returned, unless `every`.
        """
        game = self.game
        one = [0] * game.k
        bounds = [((1, *one), low), ((-1, *one), -high)]
        bounds += [(tuple(row), least) for row in rows if (least := self.least_sum(row, low, high)) is not None]
        weights = np.array([row for row, _ in bounds], dtype=object)
        budgets = weights @ game.units[0].astype(object)
        tops = np.maximum.reduceat(budgets, game.first, axis=1)
        left = tops.sum(axis=1) - np.array([least for _, least in bounds], dtype=object)
        none = np.zeros((0, game.S), dtype=np.int64), game.units[0][:, :0]
        if min(left) < 0:
            return none
        spent = repeated(tops, game.sizes, axis=1) - budgets
        if max(int(spent.max()), *left.tolist()) < MACHINE:
            spent, left = spent.astype(np.int64), left.astype(np.int64)
        found = [part for part in self._walk(spent, left, every) if part[0].size]
        if not found:
            return none
        return np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found], axis=1)

    def _walk(self, spent: Exact, left: Exact, every: bool) -> list[tuple[npt.NDArray[np.int64], Exact]]:
        """Extend partial schemes, the states with the fewest open policies first."""
        game, table = self.game, self.game.units[0]
        open_to = [
            [o for o in range(a, a + n) if (spent[:, o] <= left).all()]
            for a, n in zip(game.first.tolist(), game.sizes.tolist(), strict=True)
        ]
        if not all(open_to):
            return []
        order = sorted(range(game.S), key=lambda s: len(open_to[s]))
        stack = [
            (0, np.zeros((1, game.S), dtype=np.int32), np.zeros((game.k + 1, 1), dtype=table.dtype), left[:, None])
        ]
        found = []
        while stack:
            depth, schemes, totals, rest = stack.pop()
            self.deadline.check("looking through schemes for the certificate")
            if depth == game.S:
                keep = self.stable(totals)
                found.append((schemes[keep].astype(np.int64), totals[:, keep]))
                continue
            s = order[depth]
            parts = []
            for o in open_to[s]:
                fits = ((rest - spent[:, [o]]) >= 0).all(axis=0)
                picked = schemes[fits]
                picked[:, s] = o - game.first[s]
                parts.append((picked, totals[:, fits] + table[:, [o]], rest[:, fits] - spent[:, [o]]))
            schemes = np.concatenate([p[0] for p in parts])
            totals, rest = (np.concatenate([p[i] for p in parts], axis=1) for i in (1, 2))
            if not every and totals.dtype != object and len(schemes) > BLOCK // 20:
                totals, first = np.unique(totals, axis=1, return_index=True)
                schemes, rest = schemes[first], rest[:, first]
            for a in range(0, len(schemes), BLOCK):
                b = slice(a, a + BLOCK)
                stack.append((depth + 1, schemes[b], totals[:, b], rest[:, b]))
        return found

    def _threat(self, bob: int, wins_ties: bool) -> Threat:
        """Return a Bob's threat by a knapsack over the states from the smallest on; his maximum where he is alone."""
        game = self.game
        own, dtype = game.units[0][[0, bob + 1]], game.units[0].dtype
        if game.k == 1:
            top = int(np.maximum.reduceat(own[1], game.first).sum())
            return Threat(np.array([game.opt + 1], dtype=dtype), np.array([top], dtype=dtype))
        alice, his = np.zeros(1, dtype=dtype), np.zeros(1, dtype=dtype)
        for s in np.argsort(game.sizes):
            self.deadline.check("computing the Bobs' best deviations for the certificate")
            choices = own[:, game.first[s] : game.first[s] + game.sizes[s]]
            if alice.size * choices.shape[1] > PAIRS:
                size = alice.size * choices.shape[1]
                raise LimitReached(f"{game.name}: {size:,} utility pairs in one state, at most {PAIRS:,} are kept")
            alice, his = staircase(np.add.outer(choices[0], alice).ravel(), np.add.outer(choices[1], his).ravel())
        return Threat(alice + 1 if wins_ties else alice, his)


def covers(spans: Sequence[tuple[int, int]], low: int, high: int) -> bool:
    """Whether closed intervals of integers leave nothing of low..high out."""
    for a, b in sorted(spans):
        if a > low:
            break
        low = max(low, b + 1)
    return low > high


def staircase(alice: Exact, his: Exact) -> tuple[Exact, Exact]:
    """Keep what no other pair beats in both, Alice's utility ascending."""
    order = np.lexsort((his, alice))
    alice, his = alice[order], his[order]
    after = np.maximum.accumulate(his[::-1])[::-1]
    keep = np.append(his[:-1] > after[1:], True)
    return alice[keep], his[keep]
