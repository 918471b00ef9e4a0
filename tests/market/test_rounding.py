"""Probabilities are floats: what their rounding can move, by hand, and what is more than that."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import bigopt
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError
from bigopt.games.market.game import Market
from bigopt.games.market.options import rows_of
from bigopt.games.market.verify import lotteries
from bigopt.games.market.verify.frontiers import Free
from bigopt.games.market.verify.hulls import worst_by_enumeration
from bigopt.games.market.verify.spans import spans
from tests.market.test_verdicts import accepted, certified, drawn

GAME = Market([[0, 4], [1, 3]], [[[2, 0], [0, 1]], [[0, 5], [7, 1]]])  # of equal weights, so that its units are halves
INF = float("inf")
RANDOMIZED: dict[str, Any] = {"schemes": "randomized"}


def read(rows: Any) -> lotteries.Examined:
    return lotteries.lottery_of(GAME, rows, "scheme", Free(GAME))


def test_values_and_spreads_by_hand() -> None:
    """The spread is the mean absolute deviation within states: 1.5 = 1/4 of 3 + 3/4 of 1 in the first, for Alice."""
    found = read([[0.25, 0.75], [0.5, 0.5]])
    assert found.x == (Fraction(1, 4), Fraction(3, 4), Fraction(1, 2), Fraction(1, 2)) and found.wrong == 0
    assert list(found.values) == [3 + 2, Fraction(1, 2) + Fraction(1, 2), Fraction(15, 4) + 4]
    assert found.spreads == (1.5 + 1, 0.75 + 0.5, 1.875 + 3)
    assert read([[0, 1], [1, 0]]).spreads == (0.0, 0.0, 0.0)
    assert rows_of(GAME, found.x) == [[0.25, 0.75], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("row", "x", "wrong"),
    [
        ([0.5, 0.25], (Fraction(2, 3), Fraction(1, 3)), 0.25),
        ([-0.0005, 1.0005], (0, 1), 0.0005),
        ([0.5, 0.5005], (Fraction(1000, 2001), Fraction(1001, 2001)), 0.0005),
        ([0.0, 0.0], (Fraction(1, 2), Fraction(1, 2)), 1.0),
        ([1.001, -0.001], (1, 0), 0.001),
    ],
)
def test_what_it_takes_to_make_a_lottery_of_numbers(row: list[float], x: tuple[Any, ...], wrong: float) -> None:
    assert read([row, [1, 0]]).x == (*x, 1, 0) and read([[1, 0], row]).x == (1, 0, *x)
    assert read([row, [1, 0]]).wrong == read([[1, 0], row]).wrong == wrong


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (None, "scheme: expected 2 lists"),
        ([[1, 0]], "scheme: expected 2 lists"),
        ([[1, 0], [1]], r"scheme\[1\]: expected 2 probabilities"),
        ([[1, 0], 1], r"scheme\[1\]: expected 2 probabilities"),
        ([[1, "0"], [1, 0]], r"scheme\[0\]\[1\]: '0', expected a probability"),
        ([[True, 0], [1, 0]], r"scheme\[0\]\[0\]: 'True', expected a probability"),
        ([[1, 0], [1, 1.0011]], r"scheme\[1\]\[1\]: 1.0011, expected a probability"),
        ([[1, 0], [-0.0011, 1]], r"scheme\[1\]\[0\]: -0.0011, expected a probability"),
        ([[float("nan"), 1], [0, 1]], r"scheme\[0\]\[0\]: nan, expected a probability"),
    ],
)
def test_what_is_no_lottery_is_refused(rows: Any, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        read(rows)


@pytest.mark.parametrize(("off", "good"), [(1e-12, False), (-1e-12, True), (-1e-7, False)])
def test_the_best_is_told_up_to_rounding_alone(off: float, good: bool) -> None:
    """What is sure has no spread, so that a share of another policy is a choice; below zero it is rounding or wrong."""
    for unit in (1e-9, 1, 1e9):
        alice = [[v * unit for v in row] for row in ([0, 4], [1, 3])]
        game = Market(alice, [[[2, 0], [0, 1]], [[0, 5], [7, 1]]])
        for rows in ([[off, 1 - off], [0, 1]], [[0, 1], [off, 1 - off]]):
            assert accepted(game, "best", {"scheme": rows}, **RANDOMIZED) == good
    _, certificate = certified(GAME, "best", {"scheme": [[0.25, 0.75], [0, 1]]}, **RANDOMIZED)
    best = next(check for check in certificate.checks if check.name == "best")
    assert best.value == (7 - 6) / 1.5  # a quarter of four, over the spread


def test_gains_are_told_in_spreads() -> None:
    """Where Alice has 3 of 7, the first Bob has 1 of at most 3, and the second 7 of 12, without any spread."""
    _, certificate = certified(GAME, "worst", {"scheme": [[0, 1], [1, 0]]}, **RANDOMIZED)
    assert certificate.checks[0].value == certificate.max_regret == INF
    _, certificate = certified(GAME, "best", {"scheme": [[0, 1], [0, 1]]}, **RANDOMIZED)
    assert certificate.max_regret == 0.0 and certificate.verified
    _, certificate = certified(GAME, "worst", {"scheme": [[0.25, 0.75], [0.5, 0.5]]}, **RANDOMIZED)
    assert certificate.max_regret == 4.25 / 4.875  # of the second Bob: of 12, with a value of 7.75
    assert certificate.checks[-1].value == (worst_by_enumeration(GAME) - 5) / 2.5
    assert lotteries._scaled(Fraction(3, 2), 0.5) == 3.0 and lotteries._scaled(Fraction(1, 10**9), 0.0) == INF
    assert lotteries._scaled(Fraction(0), 0.0) == lotteries._scaled(Fraction(-1), 1.0) == 0.0


def test_gains_and_their_noise_by_hand() -> None:
    """At 5 of Alice's units, and one unit further: heights of the Bobs' frontiers, slopes 1/2, and 0 and then 3."""
    found = read([[0.25, 0.75], [0.5, 0.5]])  # of values 5, 1 and 7.75 and spreads 2.5, 1.25 and 4.875

    def regrets(game: Market, nash: bool = False, step: Any = None, x: Any = found) -> list[tuple[float, float]]:
        return [(float(gain), noise) for gain, noise in lotteries._regrets(game, x, nash, step)]

    assert regrets(GAME) == regrets(GAME, True) == [(1.0, 1.25 + 2.5 / 2), (4.25, 4.875)]
    assert regrets(GAME, step=Fraction(1)) == [(0.5, 1.25 + 2.5 / 2), (1.25, 4.875 + 3 * 2.5)]
    assert [gain for gain, _ in regrets(GAME, step=Fraction(2))] == [0.0, 0.0]  # he has 1 and 6 at most, at her optimum
    assert [gain for gain, _ in regrets(GAME, step=Fraction(3))] == [0.0, 0.0]
    lone = Market([[0, 4], [1, 3]], [[[2, 0], [0, 1]]])
    told = lotteries.lottery_of(lone, [[0.25, 0.75], [0.5, 0.5]], "", Free(lone))
    assert regrets(lone, x=told) == [(2.0, 1.25)]
    told = lotteries.lottery_of(lone, [[0, 1], [0, 1]], "", Free(lone))
    assert regrets(lone, x=told) == [(2.0, 0.0)]  # also where Alice has her optimum
    for bob, value in (([[2, 0], [1, 0]], 2.0), ([[7, 5], [0, 1]], 2.0)):  # his best is her least; his least is her 5
        own = Market([[0, 4], [1, 3]], [bob])
        told = lotteries.lottery_of(own, [[0.25, 0.75], [0.5, 0.5]], "", Free(own))
        assert regrets(own, x=told) == [(value, told.spreads[1])]
    top = Market([[1, 1, 0]], [[[0, 1, 5]], [[0, 1, 5]]])
    told = lotteries.lottery_of(top, [[1, 0, 0]], "", Free(top))
    assert regrets(top, x=told) == [(0.0, 0.0)] * 2 and regrets(top, True, x=told) == [(1.0, 0.0), (0.0, 0.0)]
    far = Market([[0, 0, 1]], [[[0, 2e10 + 1, 3e10]], [[0, 0, 1]]])  # his spread says nothing of what Alice has
    told = lotteries.lottery_of(far, [[0.5, 0.5, 0]], "", Free(far))
    assert min(gain for gain, _ in regrets(far, x=told)) > 0


@pytest.mark.parametrize(
    ("claimed", "apart"),
    [
        ([[1.0, 2.0], [4.0, 4.0]], 0.0),
        ([[1.0, 2.5], [4.0, 4.0]], 0.25),
        ([[1.0, 2.0], [4.0, 3.0]], 0.25),
        ([[1.0, 2.0]], INF),
        ([], INF),
        (None, INF),
        ("1", INF),
        ([[1.0, float("nan")], [4.0, 4.0]], INF),
        ([[1.0, 2.0], [4.0]], INF),
        ([[None, 2.0], [4.0, 4.0]], INF),
    ],
)
def test_intervals_are_held_to_their_own_size(claimed: Any, apart: float) -> None:
    assert lotteries._apart(claimed, [[1.0, 2.0], [4.0, 4.0]]) == apart
    assert lotteries._apart([[0.0, 0.0]], [[0.0, 0.0]]) == 0.0
    for unit in (1e-6, 1e-310):
        assert lotteries._apart([[unit, 3 * unit]], [[unit, 2 * unit]]) == pytest.approx(0.5)
    assert lotteries._apart([[0.0, 1e-310]], [[0.0, 0.0]]) == INF


def test_disobedience_is_told_in_the_rows_own_size() -> None:
    """Told "first" in both states, Alice has 0 + 1 for 4 + 3 by the other: she loses (4 + 2) of (4 + 2) at stake."""
    assert lotteries._disobedience(GAME, (Fraction(1), Fraction(0), Fraction(1), Fraction(0))) == 1.0
    assert lotteries._disobedience(GAME, (Fraction(0), Fraction(1), Fraction(0), Fraction(1))) == 0.0
    told = Market([[1, 0], [0, 3]], [[[2, 0], [0, 1]]])
    assert (
        lotteries._disobedience(told, (Fraction(1), Fraction(0), Fraction(1), Fraction(0))) == 0.5
    )  # -(1 - 3) / (1 + 3)


@pytest.mark.parametrize("seed", [45, 217, 566])
def test_witnesses_stand_at_the_lower_ends_of_the_intervals(seed: int, brute: Any) -> None:
    game = drawn(seed, brute)
    found = bigopt.solve(game, "stable", options=RANDOMIZED)
    point = {"schemes": found.schemes, "intervals": found.intervals}
    assert float(found.intervals[0][0]) == float(brute.worst_lottery(game))
    fields, certificate = certified(game, "stable", point, **RANDOMIZED)
    assert certificate.verified and fields["intervals"] == [list(map(float, ends)) for ends in found.intervals]
    assert fields["opt"] == game.opt_value and fields["schemes"] == found.schemes

    def failing(schemes: Any, intervals: Any = found.intervals) -> dict[str, float]:
        _, other = certified(game, "stable", {"schemes": schemes, "intervals": intervals}, **RANDOMIZED)
        return {check.name: check.value for check in other.failed}

    assert failing([*found.schemes, found.schemes[0]]) == failing(found.schemes[1:] or []) | {"witnesses": INF}
    assert failing(found.schemes, found.intervals[1:]) == {"intervals": INF}
    twice = [[p * (1 + 1e-4) for p in row] for row in found.schemes[0]]
    assert "probabilities" in failing([twice, *found.schemes[1:]])
    free = Free(game)
    even = [[1 / int(n)] * int(n) for n in game.sizes]
    mixed = lotteries.lottery_of(game, even, "", free)
    low = spans(free, Deadline())[0][0]
    value = failing([even, *found.schemes[1:]]).get("witnesses", 0.0)
    assert value == lotteries._scaled(abs(mixed.values[0] - low), mixed.spreads[0])


def test_one_policy_is_obeyed() -> None:
    game = Market([[1], [2]], [[[0], [1]]])
    for concept in ("worst", "best", "stable", "dynamics"):
        assert bigopt.solve(game, concept, options={"obedience": "true"}).solved
    assert accepted(game, "worst", {"scheme": [[1.0], [1.0]]}, obedience=True)
