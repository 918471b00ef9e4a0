"""Bounds on what Bobs can get: against chords between schemes and linear programs, and where lines were made up."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from bigopt.concepts.deadline import Deadline
from bigopt.games.market.exact.randomized import Line
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market
from bigopt.games.market.verify.frontiers import Free, Obeyed
from bigopt.games.market.verify.hulls import worst_by_enumeration
from tests.market.test_census import drawn as few
from tests.market.test_census import schemes
from tests.market.test_verdicts import certified, drawn


def chords(game: Market, j: int, v: Fraction) -> Fraction:
    """Return the most that a Bob gets by a mix of two schemes that gives Alice v or more, in integer units."""
    table = [game.totals(f) for f in itertools.product(*(range(int(n)) for n in game.sizes))]
    found = [Fraction(u[j + 1]) for u in table if u[0] >= v]
    for low, high in itertools.product(table, table):
        if low[0] < v < high[0]:
            found.append(low[j + 1] + (v - low[0]) / (high[0] - low[0]) * (high[j + 1] - low[j + 1]))
    return max(found)


def places(game: Market, parts: int = 6) -> list[Fraction]:
    """Return utilities of Alice's from the least to the largest."""
    low, span = Fraction(game.lowest[0]), game.opt - game.lowest[0]
    return [low + span * Fraction(i, parts) for i in range(parts + 1)]


def beyond(game: Market) -> Market:
    """Return the game with utilities that machine integers do not hold, a unit more in each state."""
    rows = [[[int(round(1000 * float(u))) * 2**64 + s for u in row] for s, row in enumerate(p)] for p in game.decimals]
    return Market(rows[0], rows[1:], prior_weights=game.prior_weights)


@pytest.mark.parametrize("seed", [6, 45, 217, 566])
def test_bounds_of_lotteries_are_their_chords(seed: int, brute: Any) -> None:
    small = drawn(seed, brute)
    for game in (small, beyond(small)):
        free = Free(game)
        for j, v in itertools.product(range(game.k), places(game)):
            bound, slope = free.ceiling(j, v)
            assert bound == chords(game, j, v)
            step = Fraction(game.opt - game.lowest[0], 10**6)
            if v > game.lowest[0] and free.ceiling(j, v - step)[1] == slope:
                assert free.ceiling(j, v - step)[0] - bound == slope * step
            assert free.tight(j)


@pytest.mark.parametrize("seed", [6, 45, 217, 566])
def test_lines_are_tight_where_they_are_reached_everywhere(seed: int, brute: Any) -> None:
    """Made-up lines bound as well, and overstate; what leaves a value of Alice's out is no frontier either."""
    game = drawn(seed, brute)
    free, low, high = Free(game), game.lowest[0], game.opt
    middle = (low + high) // 2
    slopes = ((0, 1), (1, 1), (1, 2), (2, 1), (1000, 1))
    true = free.lines[0]
    tried = [[Line(low, high, p, q)] for p, q in slopes]
    tried += [[Line(low, middle, 0, 1), Line(middle, high, p, q)] for p, q in slopes]
    tried += [[*true[:i], *true[i + 1 :]] for i in range(len(true))]
    tried += [[*true[:-1], Line(true[-1].low, high - 1, true[-1].p, true[-1].q)], [true[0], *true]]
    for lines in tried:
        free.lines[0] = lines
        ends = [(line.low, line.high) for line in lines]
        joined = all(a[1] == b[0] for a, b in itertools.pairwise(ends))
        whole = bool(ends) and ends[0][0] == low and ends[-1][1] == high and joined
        kinks = [Fraction(v) for end in ends for v in end]
        reached = whole and all(free.ceiling(0, v)[0] == chords(game, 0, v) for v in (*places(game), *kinks))
        assert free.tight(0) == reached


@pytest.mark.parametrize("unit", [1, 2**64])
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 116])  # in 116 it lies on a chord, between two corners
def test_the_worst_by_enumeration_is_the_least_that_no_chord_beats(seed: int, unit: int) -> None:
    game = few(seed, unit)
    every = schemes(game).values()
    stable = [
        u[0]
        for u in every
        if u[0] == game.opt or all(u[j + 1] >= chords(game, j, Fraction(u[0])) for j in range(game.k))
    ]
    assert worst_by_enumeration(game) == min(stable)


@pytest.mark.parametrize("seed", range(4))
def test_bounds_of_obedient_lotteries_are_those_of_linear_programs(seed: int) -> None:
    game = random_market(states=3, policies=3, bobs=2, alice=0.2, common=0.6, grid=10, seed=seed)
    obeyed, table = Obeyed(game, Deadline()), game.units[0].astype(float)
    rows = [*(-obeyed.polytope.rows.astype(float)), -table[0]]
    equal = np.kron(np.eye(game.S), np.ones(3))
    for j, v in itertools.product(range(game.k), places(game, 10)):
        right = np.r_[np.zeros(len(rows) - 1), -float(v)]
        most = -linprog(-table[j + 1], rows, right, equal, np.ones(game.S)).fun
        bound, slope = obeyed.ceiling(j, v)
        assert float(bound) == pytest.approx(most, rel=1e-7)
        step = Fraction(game.opt - game.lowest[0], 10**6)
        if v > game.lowest[0] and obeyed.ceiling(j, v - step)[1] == slope:
            assert obeyed.ceiling(j, v - step)[0] - bound == slope * step


@pytest.mark.parametrize("bobs", [1, 2])
@pytest.mark.parametrize("options", [{"schemes": "randomized"}, {"obedience": True}], ids=["free", "obedient"])
def test_where_alice_is_indifferent_a_lone_bob_has_what_he_likes_best(bobs: int, options: dict[str, Any]) -> None:
    game = Market([[1, 1], [2, 2]], [[[0, 1], [3, 0]], [[5, 1], [1, 2]]][:bobs])
    for rows, value in (([[0.0, 1.0], [1.0, 0.0]], 2), ([[0.5, 0.5], [1.0, 0.0]], 1.75), ([[1.0, 0.0], [0.0, 1.0]], 0)):
        for concept in ("worst", "best"):
            fields, certificate = certified(game, concept, {"scheme": rows}, **options)
            assert fields["bobs"][0] == value
            assert certificate.verified == (bobs == 2 or value == 2), certificate.failed
