"""The census of stable schemes: no row hides one, its least sums are minima, its pairs are what nothing beats."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached
from bigopt.games.market.game import Market
from bigopt.games.market.verify import census as of_census
from bigopt.games.market.verify import deviations
from bigopt.games.market.verify.census import Census, staircase
from bigopt.games.market.verify.deviations import Deviations

Totals = tuple[int, ...]
Scheme = tuple[int, ...]
CASES = [(seed, nash, unit) for seed in range(4) for nash in (False, True) for unit in (1, 2**34, 2**64)]
HUGE = [(2, False, 2**52 + 1), (3, True, 2**52 + 1)]  # sums that floats do not hold, whatever the rows


def drawn(seed: int, unit: int = 1) -> Market:
    """Return a market of few utilities, many alike; in a large unit they differ in their last places alone."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 4, 3)

    def utility() -> int:
        return int(rng.integers(-4, 5)) * unit + (int(rng.integers(0, 3)) if unit > 1 else 0)

    tables = [[[utility() for _ in range(n)] for n in sizes] for _ in range(2 + seed % 3)]
    return Market(tables[0], tables[1:], prior_weights=[2, 1, 1])


def schemes(game: Market) -> dict[Scheme, Totals]:
    return {f: game.totals(f) for f in itertools.product(*(range(int(n)) for n in game.sizes))}


def threat(game: Market, nash: bool, j: int, v: int) -> int | None:
    """Return what Bob j can get where all others give Alice v, None where nothing; the first wins ties if `nash`."""
    found = [u[j + 1] for u in schemes(game).values() if game.k == 1 or u[0] > v or (nash and j == 0 and u[0] == v)]
    return max(found, default=None)


def gains(game: Market, nash: bool, totals: Totals) -> list[int]:
    threats = [threat(game, nash, j, totals[0]) for j in range(game.k)]
    return [0 if most is None else max(0, most - own) for most, own in zip(threats, totals[1:], strict=True)]


@pytest.mark.parametrize(("seed", "nash", "unit"), [*CASES, *HUGE])
def test_no_row_hides_a_stable_scheme(seed: int, nash: bool, unit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are anybody's: with weights below zero, or of Bobs who are not bound there, they refute nothing."""
    game = drawn(seed, unit)
    monkeypatch.setattr(of_census, "BLOCK", 3 + 1000 * (seed % 2))
    assert (game.units[0].dtype == object) == (unit > 2**40)
    weight = 2**20 if unit == 2**34 else 1  # sums that floats do not hold, and machine integers do
    census, every, rng = Census(game, nash, Deadline()), schemes(game), np.random.default_rng(seed)
    for totals in every.values():
        assert census.gains(totals) == gains(game, nash, totals)
    known = {f for f, totals in every.items() if not any(gains(game, nash, totals))}
    columns = np.array(list(every.values()), dtype=game.units[0].dtype).T
    assert census.stable(columns).tolist() == [f in known for f in every]
    values = sorted({u[0] for u in every.values()})
    for _ in range(25):
        ends = rng.choice(np.array([values[0] - 1, *values, values[-1] + 1], dtype=object), 2)
        low, high = sorted(int(v) for v in ends)
        rows = [
            tuple((weight * rng.integers(least, 4, game.k + 1)).tolist())
            for least in (-3, 0, 0)[: int(rng.integers(4))]
        ]
        found, kept = census.between(low, high, rows, every=True)
        assert sorted(map(tuple, found.tolist())) == sorted(f for f in known if low <= every[f][0] <= high)
        assert [tuple(column) for column in kept.T.tolist()] == [every[tuple(f)] for f in found.tolist()]
        assert found.dtype == np.int64 and kept.dtype == game.units[0].dtype
        once = census.between(low, high, rows)[1]
        assert {tuple(column) for column in once.T.tolist()} == {tuple(column) for column in kept.T.tolist()}


@pytest.mark.parametrize(("seed", "nash", "unit"), CASES)
def test_least_sums_are_minima_over_the_integers(seed: int, nash: bool, unit: int) -> None:
    """Threats change where Alice has what some scheme gives her, or one more: between these the ends are enough."""
    game = drawn(seed, unit)
    census, rng = Census(game, nash, Deadline()), np.random.default_rng(seed)
    kinks = sorted({u[0] + more for u in schemes(game).values() for more in (-1, 0, 1)})
    known = {(j, v): threat(game, nash, j, v) for j in range(game.k) for v in kinks}
    for _ in range(60):
        low, high = sorted(int(v) for v in rng.choice(np.array(kinks, dtype=object), 2))
        row = rng.integers(-1 if rng.random() < 0.2 else 0, 4, game.k + 1).tolist()
        row[0] = int(rng.integers(-3, 4))
        used = [(j, q) for j, q in enumerate(row[1:]) if q]
        inside = [v for v in kinks if low <= v <= high]
        least = min(row[0] * v + sum(q * (known[j, v] or 0) for j, q in used) for v in inside)
        bound = all(q > 0 and known[j, high] is not None and (game.k > 1 or high <= game.opt) for j, q in used)
        assert census.least_sum(row, low, high) == (least if bound else None)


@pytest.mark.parametrize("unit", [1, 2**64])
def test_pairs_are_what_no_other_beats(unit: int) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        n = int(rng.integers(1, 9))
        alice, his = (np.array([int(v) * unit for v in rng.integers(-3, 4, n)], dtype=object) for _ in range(2))
        if unit == 1:
            alice, his = alice.astype(np.int64), his.astype(np.int64)
        pairs = set(zip(alice.tolist(), his.tolist(), strict=True))
        best = [(v, u) for v, u in pairs if not any((w >= v and x >= u) and (w, x) != (v, u) for w, x in pairs)]
        assert list(zip(*(part.tolist() for part in staircase(alice, his)), strict=True)) == sorted(best)


@pytest.mark.parametrize("unit", [1, 2**64])
@pytest.mark.parametrize("seed", range(4))
def test_a_deviation_is_the_first_best_of_all_that_please_alice_more(seed: int, unit: int) -> None:
    game = drawn(seed, unit)
    every = schemes(game)
    values = sorted({u[0] for u in every.values()})
    for j in range(game.k):
        ours = Deviations(game, j, Deadline())
        for v in (values[0] - 1, *values):
            better = {f: u for f, u in every.items() if u[0] > v}
            first = min(better, key=lambda f: (-better[f][j + 1], -better[f][0], f), default=None)
            for f in every:
                assert ours.is_first_best(np.array(f), v) == (f == first)
            best = ours.best(v + 1)
            assert best == (None if first is None else (better[first][0], better[first][j + 1]))


def test_many_pairs_are_refused_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    game = Market([[0, 1]] * 4, [[[1, 0]] * 4] * 2, prior_weights=[1, 2, 4, 8])
    for most, refused in ((15, True), (16, False)):
        monkeypatch.setattr(of_census, "PAIRS", most)
        monkeypatch.setattr(deviations, "PAIRS", most)
        for made in (lambda: Census(game, False, Deadline()), lambda: Deviations(game, 0, Deadline())):
            if refused:
                with pytest.raises(LimitReached, match=f"16 utility pairs in one state, at most {most} are kept"):
                    made()
            else:
                made()
