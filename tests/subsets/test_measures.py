"""What checks measure, worked out by hand, and where the ways to verify end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.subsets.exact.task import Task
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.verify import nash, nearest, whole_table
from bigopt.games.subsets.verify.regrets import Regret, content, part, regret, regret_checks
from bigopt.games.subsets.verify.whole_table import WholeTable, small
from tests.subsets.certified import accepted, certified, gain, listed
from tests.subsets.test_equilibria import brute

GAME = Subsets([0.5, 0.25], [[1.0], [-0.5]], [[-2.0], [-0.5], [0.25], [1.0], [3.0]], [2, 1])
RANGES = (2.75**2, 3.25**2)  # the receiver is between -1.75 and 2.75
STAKES = (1.5**2, 0.375**2)  # the median distance from the items' median is 1.5


@pytest.mark.parametrize("largest", [nearest.LARGEST, -1])
def test_a_loss_of_the_smallest_unit_is_one(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "LARGEST", largest)
    game = Subsets([1.0], [[0.0]], [[0.0], [1.0]], [1])
    _, certificate = certified(game, "nash", {"choices": [[1]]})
    assert certificate.max_regret == 1.0 and {c.name for c in certificate.failed} == {"regret", "potential"}
    assert certified(game, "nash", {"choices": [[0]]})[1].verified


def test_regrets_are_measured_each_in_its_own_range_or_stake() -> None:
    def checks(*found: Regret) -> tuple[dict[str, float], float, list[str]]:
        made, largest = regret_checks(GAME, dict(enumerate(found)))
        return {check.name: check.value for check in made}, largest, [check.note for check in made]

    for first, second in ((0.5, 0.25), (0.25, 0.5)):
        values, largest, notes = checks(Regret(first, how="a"), Regret(second, how="b"))
        worst = max(first / RANGES[0], second / RANGES[1])
        assert values == pytest.approx({"regret": worst}) and (largest, notes) == (0.5, ["a; b"])
    for first, second in ((2e-9, 1e-10), (2e-9, 2e-10)):
        values, largest, notes = checks(Regret(first, True, "a"), Regret(second, True, "b"))
        worst = max(first / STAKES[0], second / STAKES[1])
        assert list(values) == ["regret", "regret bound"] and values["regret"] == 0.0
        assert values["regret bound"] == pytest.approx(worst, abs=0) and (largest, notes) == (2e-9, ["", "a; b"])
    assert checks() == ({"regret": 0.0}, 0.0, [""])


def test_a_part_is_0_of_nothing_alone() -> None:
    assert [part(0.0), part(0.5, 4.0), part(3e-300), part(Fraction(3, 4), 2.0)] == [0.0, 0.125, 3e-300, 0.375]
    assert part(3e-300, 1e100) == part(Fraction(1, 10**400)) == 5e-324


@pytest.mark.parametrize("player", [0, 1])
def test_who_is_content(player: int) -> None:
    part = 1e-9 * STAKES[player]
    assert [content(GAME, player, Regret(k * part, True)) for k in (0.0, 0.99, 1.01)] == [True, True, False]
    assert [content(GAME, player, Regret(k * part)) for k in (0.0, 0.01)] == [True, False]


@pytest.mark.parametrize(("size", "repeats"), [(2, True), (4, True), (2, False), (3, False), (1, False)])
def test_more_than_half_of_the_items_or_all_of_them(size: int, repeats: bool) -> None:
    items = [[-2.0, 1.0], [0.5, 0.0], [1.0, 3.0]]
    game = Subsets([0.5, 0.25], [[1.0, 2.0], [-0.5, 1.0]], items, [size, 2], repeats)
    _, loss = brute(game)
    for p in list(loss)[:: 1 + len(loss) // 12]:
        for i in range(2):
            found = regret(game, i, p, Deadline())
            assert found.value == gain(game, loss, p, i) / game.exact.denominator**2
            assert found.how == "choices cut in the order of their items"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ([[0, 5], [2]], r"choices\[0\]: item 5, expected at most 4"),
        ([[0, 1], [5]], r"choices\[1\]: item 5, expected at most 4"),
        ([[0, -1], [2]], r"choices\[0\]\[1\]: -1"),
        ([[0, 1], []], r"choices\[1\]"),
        *((wrong, "choices: expected 2 lists") for wrong in (7, None, "ab", [[0, 1]], [[0, 1], [2], [3]], {"a": 1})),
    ],
)
def test_what_is_no_profile_is_refused(choices: Any, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        certified(GAME, "nash", {"choices": choices})


def test_where_the_rules_are_broken_no_regret_is_said() -> None:
    for choices in ([[1, 2], [3, 4]], [[1, 1], [3]], [[0], [3]]):
        _, certificate = certified(GAME, "nash", {"choices": choices})
        assert [check.name for check in certificate.failed] == ["feasibility"] and certificate.max_regret == 0.0
    asked = {"player": 1, "profile": [[1, 2], [0]]}
    _, certificate = certified(GAME, "best-response", {"action": [0, 1]}, arguments=asked)
    assert [check.name for check in certificate.failed] == ["feasibility"] and certificate.max_regret == 0.0


@pytest.mark.parametrize(("targets", "good"), [([0, 0, 1], True), ([1, 0, 1], False), ([0, 1, 1], False)])
def test_a_turn_passes_over_those_who_gain_nothing_alone(targets: list[float], good: bool) -> None:
    """Everybody begins at 0; the last player moves to 1, and nobody moves from there."""
    game = Subsets([1.0, 1.0, 1.0], [[float(t)] for t in targets], [[0.0], [1.0]], [1, 1, 1])
    end = [[0], [0], [1]]
    path = [{"choices": [[0], [0], [0]], "mover": None}, {"choices": end, "mover": 2}]
    assert accepted(game, "dynamics", {"choices": end, "trajectory": path}) == good
    assert accepted(game, "nash", {"choices": end})


def test_a_path_to_one_equilibrium_is_none_to_another() -> None:
    """Both want to be at 1, where either may take them; the first player moves first."""
    game = Subsets([1.0, 1.0], [[1.0], [1.0]], [[0.0], [1.0]], [1, 1])
    path = [{"choices": [[0], [0]], "mover": None}, {"choices": [[1], [0]], "mover": 0}]
    assert accepted(game, "dynamics", {"choices": [[1], [0]], "trajectory": path})
    _, certificate = certified(game, "dynamics", {"choices": [[0], [1]], "trajectory": path})
    assert [(check.name, check.value) for check in certificate.failed] == [("trajectory", 1.0)]
    there = [{"choices": [[0], [1]], "mover": None}]
    _, certificate = certified(game, "dynamics", {"choices": [[1], [0]], "trajectory": there})
    assert [(check.name, check.value) for check in certificate.failed] == [("trajectory", 2.0)]


def test_a_mixture_of_nothing_is_none() -> None:
    none, some = [{"choice": [0, 1], "probability": "0"}], [{"choice": [0], "probability": 1}]
    _, certificate = certified(GAME, "mixed", {"equilibria": [{"strategies": [none, some]}]})
    assert certificate.checks[0].value == 1.0 and not certificate.verified


TINY = 1.0000000000000002e-60  # with as many digits as there are: squares of the common denominator are near 1e304


def test_a_regret_is_none_however_small_a_part_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first player could come nearer by 1e-120, where the other may move the receiver by 1e50."""
    game = Subsets([1e-60, 1e50], [[0.0], [0.0]], [[0.0], [1e-60], [1.0]], [1, 1])
    for p, good in (([[0], [0]], True), ([[1], [0]], False)):
        one = [{"strategies": [[{"choice": choice, "probability": 1}] for choice in p]}]
        for concept, point in (
            ("nash", {"choices": p}),
            ("dynamics", {"choices": p}),
            ("best-response", {"action": p[0], "player": 0, "choices": p}),
            ("extremes", dict.fromkeys(("best", "worst", "optimum"), p)),
            ("mixed", {"equilibria": one}),
        ):
            checks = {check.name: check.passed for check in certified(game, concept, point)[1].checks}
            assert checks["regret"] == good, concept
    monkeypatch.setattr(nash, "small", lambda _: False)
    assert accepted(game, "nash", {"choices": [[0], [0]]})


@pytest.mark.parametrize("table", [True, False])
def test_a_potential_above_the_least_is_seen_beside_any_denominator(
    table: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both show the outer items, or both the inner ones: of two equilibria one is the least, in units of 1e-304."""
    monkeypatch.setattr(nash, "small", lambda _: table)
    game = Subsets([1.0, 1.0, TINY], [[1e5], [-1e5], [0.0]], [[-1e5], [0.0], [1e5], [TINY]], [1, 1, 1])
    _, loss = brute(game)
    assert game.exact.denominator**2 > 10**290
    least = min(loss, key=game.exact.potential)
    for p in [least, *list(loss)[::7]]:
        passed = certified(game, "nash", {"choices": listed(p)})[1].checks[-1].passed
        assert passed == (game.exact.potential(p) == game.exact.potential(least))


@pytest.mark.parametrize("tiny", ["1e-400", "1/" + "1" + "0" * 400])
def test_a_probability_below_all_floats_is_one(tiny: str) -> None:
    """The second item is worse, however seldom it is shown; and what sums to a little more than 1 is no mixture."""
    game = Subsets([1.0, 1.0], [[0.0], [0.0]], [[0.0], [1.0]], [1, 1])
    sure = [{"choice": [0], "probability": 1}]
    for rest, failed in ((str(1 - Fraction(tiny)), ["regret"]), ("1", ["feasibility", "regret"])):
        mixed = [{"choice": [0], "probability": rest}, {"choice": [1], "probability": tiny}]
        for pair in ([mixed, sure], [sure, mixed]):
            _, certificate = certified(game, "mixed", {"equilibria": [{"strategies": pair}]})
            assert [check.name for check in certificate.failed][: len(failed)] == failed


def test_a_receiver_beyond_all_floats_is_refused() -> None:
    """Squares of 1e160 are infinite: of such a range every regret would be nothing."""
    items = [[0.0], [1.0], [1e80]]
    with pytest.raises(InstanceError, match="weights: the receiver may be 1e\\+160 from 0, expected at most 1e\\+150"):
        Subsets([1.0, 1e80], [[1.0], [0.0]], items, [1, 1])
    for weight, point in ((1e100, [1e100]), (-1e100, [1e100]), (1e100, [-1e100])):
        with pytest.raises(InstanceError, match="the receiver may be 1e\\+200 from 0"):
            Subsets([1.0], [[1.0]], [[0.0], [1.0]], [1], background_weight=weight, background_point=point)
    game = Subsets([1.0, -1e69], [[1.0], [0.0]], items, [1, 1])
    assert not accepted(game, "nash", {"choices": [[0], [0]]}) and accepted(game, "nash", {"choices": [[1], [0]]})


def test_mixtures_of_too_many_choices_are_refused_at_once() -> None:
    """C(60, 20) sums of a player would not fit any memory, nor would C(60, 10) halves of them."""
    game = Subsets([0.5, 0.5], np.eye(2), np.random.default_rng(0).normal(size=(60, 2)), [20, 20])
    pair = [[{"choice": list(range(20)), "probability": "1"}]] * 2
    with pytest.raises(LimitReached, match="player 0 has 4191844505805495 choices, too many"):
        certified(game, "mixed", {"equilibria": [{"strategies": pair}]})


def test_how_many_sums_a_cut_looks_at_is_known_before_any_is_made() -> None:
    """Half of 1,000 items: what is added up for each item anew takes a quarter of a minute."""
    nothing = np.zeros((1000, 1), dtype=object)
    for repeats in (False, True):
        assert not nearest.affordable(Task(nothing, nothing[0], 1, 500, repeats))


def largest_numbers(game: Subsets) -> int:
    """Return a number that no total loss, potential or part of one exceeds, with loops."""
    exact, reach = game.centred, 0
    for i in range(game.players):
        reach += int(game.sizes[i]) * max(abs(v) for row in exact.weighted[i] for v in row)
    reach += max(abs(v) for row in exact.targets for v in row)
    return int((game.players + 2) * game.dimension * reach**2)


@pytest.mark.parametrize("repeats", [False, True])
def test_tables_are_of_64_bits_where_every_number_in_them_fits(repeats: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    game = Subsets([0.5, -0.75, 1.0], [[7, 1], [0, -9], [3, 3]], [[0, 1], [2, 5], [-4, 2], [1, 1]], [2, 1, 3], repeats)
    most = largest_numbers(game)
    tables = []
    for limit, kind in ((most + 1, np.int64), (most, object)):
        monkeypatch.setattr(whole_table, "FITS", limit)
        table = WholeTable(game)
        assert table.kind is kind and table.potentials.dtype == table.totals.dtype == np.dtype(kind)
        tables.append(table)
        for numbers in (table.potentials, table.totals, abs(table.receivers) ** 2):
            assert abs(numbers).max() <= most
    assert (tables[0].potentials == tables[1].potentials).all() and (tables[0].totals == tables[1].totals).all()
    assert (tables[0].content == tables[1].content).all() and whole_table.LARGEST_OBJECTS < whole_table.LARGEST


@pytest.mark.parametrize(("fits", "limit"), [(2**61, "LARGEST"), (0, "LARGEST_OBJECTS")])
def test_a_table_is_small_up_to_its_limit(fits: int, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    game = Subsets([0.5, 0.5], [[7, 1], [0, -9]], [[0, 1], [2, 5], [-4, 2], [1, 1]], [2, 1])
    assert game.profiles == 24 and game.dimension == 2
    monkeypatch.setattr(whole_table, "FITS", fits)
    for name in ("LARGEST", "LARGEST_OBJECTS"):
        monkeypatch.setattr(whole_table, name, 0 if fits else 10**9)
    for most, good in ((48, True), (47, False)):
        monkeypatch.setattr(whole_table, limit, most)
        assert small(game) == good


def test_every_regret_says_how_it_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _, loss = brute(GAME)
    assert regret(Subsets([0.0], [[1.0]], [[0.0], [2.0]], [1]), 0, ((0,),), Deadline()).how
    assert regret(Subsets([1.0], [[0.0]], [[0.0], [2.0]], [1]), 0, ((0,),), Deadline()).how
    monkeypatch.setattr(nearest, "LARGEST", -1)
    for p in list(loss)[::7]:
        assert certified(GAME, "nash", {"choices": listed(p)})[1].checks[1].note
