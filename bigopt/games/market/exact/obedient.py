r"""Best-AI selection where Alice sees only recommendations: stable lotteries and dynamics, in fractions.

Between two neighbouring corners of all Bobs' frontiers a stable scheme satisfies :math:`q_j U_j + p_j u_A \ge r_j` for
each Bob. One elastic LP says whether a piece holds any, and its prices prove it where it does not; where it does,
others find the least and the largest u_A, and their prices prove that too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bigopt.arithmetic import simplex
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact.lotteries import Line, Lottery, Obedient, Vertex, at
from bigopt.games.market.game import Exact, Market


@dataclass(frozen=True)
class Piece:
    """Why nothing stable with low <= u_A <= high gives Alice less than `bound`, or more (None: nothing at all).

    `lines` [k] are the Bobs' frontiers there. With the multipliers, all >= 0, no obedient scheme has
    ``sum_j bobs[j] (q_j U_j + p_j u_A - r_j) + least (u_A - low) + most (high - u_A) + prices . obedience >= 0``,
    or ``sense (u_A - bound)`` is at least that sum: below the bound is nothing (sense 1), or above it (-1).
    """

    low: Fraction
    high: Fraction
    lines: tuple[Line, ...]
    bobs: Lottery
    least: Fraction
    most: Fraction
    prices: Lottery
    bound: Fraction | None
    sense: int = 1


@dataclass(frozen=True)
class Stretch:
    """All values of Alice's from `low` to `high` that stable obedient schemes give her there: those between two ends.

    `below` and `above` prove that there are no others, and no `ends` that there are none; mixtures of the two ends,
    which lie on every Bob's line, lie there too.
    """

    low: Fraction
    high: Fraction
    below: Piece
    above: Piece
    ends: tuple[Lottery, Lottery] | None

    @property
    def values(self) -> tuple[Fraction, Fraction] | None:
        """What the ends give Alice."""
        low, high = self.below.bound, self.above.bound
        return (low, high) if low is not None and high is not None else None


def worst(game: Market, deadline: Deadline | None = None, nash: bool = False) -> tuple[Lottery, Fraction, list[Piece]]:
    """Return Alice's worst stable obedient scheme, her utility in her unit, and the proof."""
    polytope = Obedient(game, deadline)
    pieces: list[Piece] = []
    for low, high, lines in spans(polytope):
        piece, x = _piece(polytope, low, high, lines)
        pieces.append(piece)
        if x is not None and piece.bound is not None and (piece.bound < game.opt or game.k == 1):
            return x, piece.bound, pieces
    return top(polytope, nash), Fraction(game.opt), pieces


def stretches(polytope: Obedient) -> list[Stretch]:
    """Return what stable obedient schemes give Alice, between all corners, her utility ascending."""
    found = []
    for low, high, lines in spans(polytope):
        below, least = _piece(polytope, low, high, lines)
        above, most = _piece(polytope, low, high, lines, -1)
        found.append(
            Stretch(low, high, below, above, (least, most) if least is not None and most is not None else None)
        )
    return found


def intervals(
    polytope: Obedient, stretches: Sequence[Stretch], nash: bool = False
) -> list[tuple[Fraction, Fraction, Lottery]]:
    """Return (low, high, a scheme that gives low) of each interval of u_A that has stable obedient schemes."""
    game, found = polytope.game, list[tuple[Fraction, Fraction, Lottery]]()
    for part in stretches:
        if part.ends is None or part.values is None:
            continue
        low, high = part.values
        if found and found[-1][1] >= low:
            found[-1] = (found[-1][0], max(found[-1][1], high), found[-1][2])
        else:
            found.append((low, high, part.ends[0]))
    if game.k > 1 and (not found or found[-1][1] < game.opt):
        found.append((Fraction(game.opt), Fraction(game.opt), top(polytope, nash)))
    return found


def best(game: Market, deadline: Deadline | None = None, nash: bool = False) -> tuple[Lottery, Fraction]:
    """Return Alice's best stable obedient scheme: her optimum, or the best for her of a lone Bob's favourites."""
    polytope = Obedient(game, deadline)
    if game.k > 1:
        return top(polytope, nash), Fraction(game.opt)
    found = favourite(polytope)
    return found.x, found.alice


def favourite(polytope: Obedient) -> Vertex:
    """Return what the first Bob likes best, and Alice among that."""
    return max((line.high for line in polytope.curves[0] if line.p == 0), key=lambda corner: corner.alice)


def top(polytope: Obedient, nash: bool = False) -> Lottery:
    """Return a scheme that is best for Alice, the first Bob's favourite among them if `nash`."""
    game = polytope.game
    alice = polytope.table[0]
    best = repeated(np.maximum.reduceat(alice, game.first), game.sizes)
    hers = (alice == best).astype(bool)
    x = [Fraction(0)] * alice.size
    for a, n in zip(game.first.tolist(), game.sizes.tolist(), strict=True):
        inside = [o for o in range(a, a + n) if hers[o]]
        x[max(inside, key=lambda o: polytope.table[1, o]) if nash else inside[0]] = Fraction(1)
    return tuple(x)


def spans(polytope: Obedient) -> list[tuple[Fraction, Fraction, tuple[Line, ...]]]:
    """Return the pieces (low, high, each Bob's line) between neighbouring corners, Alice's utility ascending."""
    curves = polytope.curves
    if polytope.game.k == 1:  # his favourites, whatever they give her
        flat = curves[0][0]
        return [(flat.low.alice, Fraction(polytope.game.opt), (flat,))]
    if any(not curve for curve in curves):  # Alice is indifferent among all obedient schemes
        return []
    marks = sorted({v for curve in curves for line in curve for v in (line.low.alice, line.high.alice)})
    found = []
    for low, high in zip(marks, marks[1:], strict=False):
        lines = tuple(next(i for i in c if i.low.alice <= low and high <= i.high.alice) for c in curves)
        found.append((low, high, lines))
    return found


def _piece(
    polytope: Obedient, low: Fraction, high: Fraction, lines: tuple[Line, ...], sense: int = 1
) -> tuple[Piece, Lottery | None]:
    """Solve one piece: how far its rows must give way, and if not at all, the least u_A (if sense is -1 the most)."""
    alice = polytope.table[0]
    sums = [
        (line.q * row + line.p * alice, line.q * line.low.bob + line.p * line.low.alice)
        for line, row in zip(lines, polytope.table[1:], strict=True)
    ]
    rows = [*sums, (alice, low), (-alice, -high)]
    elastic = _Elastic(polytope, rows)
    found, give = elastic.solve(np.zeros_like(alice), 1)
    bound, x = None, None
    if give == 0:
        found, _ = elastic.least(sense * alice, found.basis)
        x = tuple(found.point(elastic.A.shape[1])[: alice.size])
        bound = polytope.value(0, x)
    y, prices = elastic.multipliers(found)
    return Piece(low, high, lines, y[:-2], y[-2], y[-1], prices, bound, sense), x


class _Elastic:
    """``rows x + t size >= least`` over obedient schemes, t >= 0."""

    def __init__(self, polytope: Obedient, rows: list[tuple[Exact, Fraction]]) -> None:
        """Write the rows in integers, below the polytope's."""
        self.polytope, n, m = polytope, polytope.A.shape[1], len(polytope.A)
        self.count, self.scale = len(rows), [least.denominator for _, least in rows]
        self.A = np.zeros((m + self.count, n + 1 + self.count), dtype=object)
        self.A[:m, :n] = polytope.A
        self.b = list(polytope.b)
        told = np.zeros(n, dtype=object)
        told[polytope.told[: polytope.game.S]] = 1
        missing = []
        for i, ((row, least), d) in enumerate(zip(rows, self.scale, strict=True)):
            size = max(1, *(abs(int(v)) for v in row)) * d
            self.A[m + i, : len(row)], self.A[m + i, n], self.A[m + i, n + 1 + i] = row * d, size, -1
            self.b.append(int(least * d))
            missing.append((Fraction(self.b[-1] - int(self.A[m + i, :n] @ told), size), i))
        worst, most = max(missing)
        slacks = [n if (i == most and worst > 0) else n + 1 + i for i in range(self.count)]
        self.start: list[int] = [*polytope.told, *slacks]
        self.t = n

    def solve(self, cost: Exact, weight: int, basis: list[int] | None = None) -> tuple[simplex.Optimum, Fraction]:
        """Maximize cost . x - weight t; return the optimum and t."""
        whole = [*cost.tolist(), *[0] * (self.A.shape[1] - len(cost))]
        whole[self.t] = -weight
        found = simplex.maximize(self.A, self.b, whole, basis or self.start, self.polytope._watch)
        return found, found.point(self.A.shape[1])[self.t]

    def least(self, cost: Exact, basis: tuple[int, ...]) -> tuple[simplex.Optimum, Fraction]:
        """Minimize integers [N] where the rows need not give way: a price of t that is large enough exists."""
        weight, start = 1 + sum(abs(int(v)) for v in cost), list(basis)
        while True:
            found, give = self.solve(-cost, weight, start)
            if give == 0:
                return found, give
            weight, start = weight << 20, list(found.basis)

    def multipliers(self, found: simplex.Optimum) -> tuple[Lottery, Lottery]:
        """Return the multipliers of the rows and of obedience, all >= 0."""
        s, m = self.polytope.game.S, len(self.polytope.A)
        y = tuple(-price * d for price, d in zip(found.prices[m:], self.scale, strict=True))
        return y, tuple(-price for price in found.prices[s:m])


def play(game: Market, step: float, deadline: Deadline | None = None) -> list[tuple[int, Lottery]]:
    """Play best-response dynamics on obedient lotteries; return the moves (Bob, scheme).

    A lottery that Alice prefers can be bettered by one that she prefers a little less, so a best deviation only
    exists if every move must raise her by some least step: `step` times her range OPT - min over all schemes.
    """
    polytope = Obedient(game, deadline)
    curves = polytope.curves
    if any(not curve for curve in curves):  # nobody can raise her
        return [(0, polytope.best(polytope.table[1])[0])]
    starts = [curve[0].high.x if curve[0].p == 0 else curve[0].low.x for curve in curves]
    return turns(game, starts, rise(game, step), polytope.value, lambda j, v: at(curves[j], v), deadline)


def turns(
    game: Market,
    starts: Sequence[Lottery],
    raised: Fraction,
    value: Callable[[int, Lottery], Fraction],
    reply: Callable[[int, Fraction], Lottery],
    deadline: Deadline | None = None,
) -> list[tuple[int, Lottery]]:
    """Let the Bobs move in turn from the start that Alice likes best, until nobody gains."""
    first = max(range(game.k), key=lambda j: (value(0, starts[j]), -j))
    moves = [(first, starts[first])]
    turn, quiet = 0, 0
    while quiet < game.k and game.k > 1:
        if deadline is not None:
            deadline.check("best-response dynamics on lotteries")
        current = moves[-1][1]
        v = value(0, current) + raised
        x = reply(turn, v) if v <= game.opt else None
        if x is not None and value(turn + 1, x) > value(turn + 1, current):
            moves.append((turn, x))
            quiet = 0
        else:
            quiet += 1
        turn = (turn + 1) % game.k
    return moves


def rise(game: Market, step: float) -> Fraction:
    """Return the least step of Alice's utility, in her integer unit."""
    low = game.lowest[0]
    return Fraction(step).limit_denominator(10**9) * (game.opt - low)
