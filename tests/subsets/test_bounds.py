"""Where games are large certificates rest on cuts and on bounds: as right as others, and they prove no more."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from benchmarks.fuzz_subsets import task_of
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import LimitReached, UsageError
from bigopt.games.subsets.exact import minimum
from bigopt.games.subsets.exact.path import start_of
from bigopt.games.subsets.exact.player_sums import Table
from bigopt.games.subsets.exact.task import Found
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import stake
from bigopt.games.subsets.verify import all_nash, dynamics, extremes, nash, nearest, regrets
from bigopt.games.subsets.verify.regrets import Regret
from tests.subsets.certified import CONCEPTS, accepted, certified, listed
from tests.subsets.test_equilibria import brute, random_game
from tests.subsets.test_response import brute as nearest_by_brute_force
from tests.subsets.test_response import random_task
from tests.subsets.test_verdicts import played


@pytest.mark.parametrize("dense", [nearest.DENSE, 0])
@pytest.mark.parametrize("seed", range(8))
def test_the_nearest_sum_by_cuts_is_that_of_brute_force(seed: int, dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "DENSE", dense)
    rng = np.random.default_rng(seed)
    for _ in range(8):
        task = random_task(rng)
        assert nearest.least_squared(task, Deadline()) == nearest_by_brute_force(task)
        assert nearest.affordable(task)


@pytest.mark.parametrize("dense", [nearest.DENSE, 0])
@pytest.mark.parametrize("seed", range(6))
def test_sums_that_floats_cannot_tell_apart_are_decided_in_integers(
    seed: int, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Near 2**53 sums of two are rounded: many are as near to the point as floats can say, and few as near as any."""
    monkeypatch.setattr(nearest, "DENSE", dense)
    rng = np.random.default_rng(seed)
    for _ in range(8):
        m, size, repeats = int(rng.integers(4, 8)), int(rng.integers(2, 4)), bool(rng.integers(2))
        vectors = 2.0**53 - rng.integers(0, 12, (m, 1))
        task = task_of(vectors, [size * 2.0**53 - 16 * float(rng.integers(0, 3))], size, repeats)
        assert not task.whole
        assert nearest.least_squared(task, Deadline()) == nearest_by_brute_force(task)


GAME = Subsets([0.5, 0.25], [[1.0], [-0.5]], [[-2.0], [-0.5], [0.25], [1.0], [3.0]], [2, 1])


def test_where_a_search_proves_only_a_bound_the_loss_may_exceed_it_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The regret is then at most the loss less the bound, and no bound that a player's stake above it is believed."""
    monkeypatch.setattr(nearest, "LARGEST", -1)
    stable, loss = brute(GAME)
    p = next(p for p in stable if all(loss[p]))
    unit = GAME.exact.denominator**2
    below = {"by": 0.0}

    def bounded(game: Subsets, player: int, choices: Profile, **_: Any) -> Found:
        return Found(choices[player], loss[p][player], loss[p][player] / unit - below["by"], False, "half")

    monkeypatch.setattr(regrets, "respond", bounded)
    for by, good in ((0.0, True), (1e-11, True), (-0.5, True), (1e-7, False), (0.25, False)):
        below["by"] = by
        _, certificate = certified(GAME, "dynamics", {"choices": listed(p)})
        assert [c.name for c in certificate.checks] == ["feasibility", "regret", "regret bound", "trajectory"]
        assert not [c for c in certificate.failed if c.name != "regret bound"]
        assert certificate.checks[2].note.endswith("own loss minus a lower bound")
        assert bool(certificate.failed) != good and certificate.max_regret == pytest.approx(max(0.0, by), abs=1e-12)


@pytest.mark.parametrize(("by", "good"), [(0.0, True), (1e-12, True), (1e-6, False)])
def test_moves_whose_best_responses_are_bounded_alone_are_judged_as_their_end(
    by: float, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = random_game(np.random.default_rng(9))
    _, loss = brute(game)
    steps = played(game, loss)
    assert len(steps) > 1

    def bounded(game: Subsets, player: int, choices: Profile, deadline: Deadline) -> Regret:
        found = exactly(game, player, choices, deadline)
        return Regret(found.value + by, True, "a bound")

    exactly = regrets.regret
    for module in (regrets, dynamics):
        monkeypatch.setattr(module, "regret", bounded)
    point = {"choices": steps[-1]["choices"], "trajectory": steps}
    failed = {check.name for check in certified(game, "dynamics", point)[1].failed}
    assert failed == (set() if good else {"regret bound", "moves"})


def test_a_bound_that_the_time_cut_short_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "LARGEST", -1)
    late, row = Deadline(3600.0), CONCEPTS["dynamics"]

    def cut_short(*_: Any, **__: Any) -> Found:
        late._end = 0.0
        return Found((0, 1), 1, 0.0, False, "cut short")

    monkeypatch.setattr(regrets, "respond", cut_short)
    with pytest.raises(LimitReached, match="time limit reached while verifying a best response"):
        row.verify(GAME, {"choices": [[0, 1], [2]]}, row.request("elsewhere", deadline=late))


@pytest.mark.parametrize("place", [0.0, 1e8, 2.0**40])
def test_a_dual_bound_proves_the_least_potential_alone_wherever_it_stands(
    place: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond all searches: far from 0 a bound in floats met potentials that were 0.75 above the least."""

    def refused(*_: Any, **__: Any) -> Any:
        raise UsageError("too many")

    monkeypatch.setattr(nash, "small", lambda _: False)
    monkeypatch.setattr(minimum, "minimize", refused)
    bound = [0.0]
    monkeypatch.setattr(minimum, "dual_bound", lambda *_, **__: bound[0])  # for people
    proved = {"least": 0, "above": 0}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        items = np.unique(rng.integers(-3, 4, (5, 2)), axis=0)
        sizes, repeats = ([1, 1], False) if seed % 2 else ([1, 3], bool(seed % 4))
        game = Subsets([0.5, 0.5], rng.integers(-3, 4, (2, 2)) + place, items + place, sizes, repeats)
        potential = {p: game.exact.potential(p) for p in brute(game)[1]}
        least = min(potential.values())
        for p in list(potential)[:: 1 + len(potential) // 8] + [min(potential, key=potential.__getitem__)]:
            bound[0] = game.potential(p) - (3.0 if seed % 2 else -1.0) * max(stake(game, i) for i in range(2))
            last = certified(game, "nash", {"choices": listed(p)})[1].checks[-1]
            proved["least" if potential[p] == least else "above"] += last.grade == "proved"
            assert (last.value, last.limit) == (0.0, 0.0)
            assert last.grade == "proved" or f": {3 * (seed % 2)} stakes above" in last.note or place
            assert minimum.slack(game, p) >= potential[p] - least  # phi >= -2 D(v)
    assert proved["least"] >= 2 and not proved["above"]


def test_beyond_tables_the_least_potential_is_found_from_another_players_side(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def minimize(game: Subsets, start: Profile, deadline: Deadline, other: bool = False) -> Profile:
        asked.append(other)
        return found(game, start, deadline, other)

    found = minimum.minimize
    monkeypatch.setattr(nash, "small", lambda _: False)
    monkeypatch.setattr(minimum, "minimize", minimize)
    best = min(brute(GAME)[1], key=GAME.exact.potential)
    assert certified(GAME, "nash", {"choices": listed(best)})[1].verified and asked == [True]


@pytest.mark.parametrize("seed", range(4))
def test_the_effort_of_a_cut_is_how_many_parts_it_looks_at(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(6):
        task = random_task(rng)
        m, efforts = len(task.exact), []
        every = itertools.combinations_with_replacement if task.repeats else itertools.combinations
        for q in range(1, task.size + 1):
            rests = [range(p if task.repeats else p + 1, m) for p in range(m)]
            count = sum(1 for _ in every(range(m), q)) + sum(sum(1 for _ in every(r, task.size - q)) for r in rests)
            assert nearest.effort(task, q) == count
            efforts.append(count)
        assert efforts[nearest.best_cut(task) - 1] == min(efforts)


def test_a_path_may_begin_where_it_says_that_it_was_told_to() -> None:
    game = random_game(np.random.default_rng(7))
    _, loss = brute(game)
    assert dynamics.GIVEN == "profile"
    steps = played(game, loss)
    for start in ("profile", "first", "random"):
        point = {"choices": steps[-1]["choices"], "trajectory": [{"choices": steps[-1]["choices"], "mover": None}]}
        same = [tuple(tuple(c) for c in steps[-1]["choices"])] == [
            start_of(game, Request("d", options={"start": start}))
        ]
        assert accepted(game, "dynamics", point, start=start) == (same or start == "profile")


def test_a_list_that_is_not_complete_is_no_proof_and_no_fault() -> None:
    good = [listed(p) for p in brute(GAME)[0]]
    for count, failed in ((len(good), []), (len(good) + 7, []), (len(good) - 1, ["count"])):
        point = {"profiles": good, "count": count, "complete": False}
        _, certificate = certified(GAME, "all-nash", point)
        assert [check.name for check in certificate.failed] == failed and not certificate.verified
    _, certificate = certified(GAME, "all-nash", {"profiles": [], "count": 0})
    assert certificate.max_regret == 0.0 and [check.name for check in certificate.failed] == ["count"]


def test_beyond_tables_it_is_another_player_whose_best_replies_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (all_nash, extremes):
        monkeypatch.setattr(module, "small", lambda _: False)
    game = random_game(np.random.default_rng(7))
    stable = [listed(p) for p in brute(game)[0]]
    first = Table(game).tree_player()
    points: dict[str, dict[str, Any]] = {"all-nash": {"profiles": stable, "count": len(stable)}}
    points["extremes"] = dict.fromkeys(("best", "worst", "optimum"), stable[0])
    for concept, point in points.items():
        note = certified(game, concept, point)[1].checks[-1].note
        assert "from the side of player" in note and f"player {first}" not in note


def test_of_choices_that_break_the_rules_no_potential_is_said() -> None:
    for choices in ([[0, 0], [1]], [[0], [1]], [[0, 1, 2], [1]]):
        _, certificate = certified(GAME, "nash", {"choices": choices})
        assert [check.name for check in certificate.failed][:1] == ["feasibility"] and not certificate.verified
        last = certificate.checks[-1]
        assert (last.name, last.value, last.grade, last.unit) == ("potential", 0.0, "skipped", "payoff range")


@pytest.mark.parametrize(("items", "ratio"), [([[0.0], [2.0]], None), ([[1.0], [2.0]], 1.0)])
def test_prices_are_of_an_optimum_that_costs_something(items: list[list[float]], ratio: float | None) -> None:
    game = Subsets([1.0], [[0.0]], items, [1])
    fields, certificate = certified(game, "extremes", dict.fromkeys(("best", "worst", "optimum"), [[0]]))
    assert certificate.verified and fields["price_of_anarchy"] == fields["price_of_stability"] == ratio
