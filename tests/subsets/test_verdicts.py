"""Certificates against brute force: of every point of a tiny game, whether it is an answer, by every way to verify."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bigopt.concepts.concept import Request
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.subsets.exact.path import start_of
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import payoff_range
from bigopt.games.subsets.verify import all_nash, extremes, mixed, nash, nearest
from tests.subsets.certified import accepted, certified, gain, listed
from tests.subsets.test_equilibria import brute, random_game

SEEDS = (1, 7, 9, 14, 15)  # one to three players, weights of 0 and below, with repeats and without
WAYS = ["whole tables", "sums", "other blocks"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Verify as small games are, as larger ones, and as those whose best responses are too many to cut."""
    if request.param != "whole tables":
        for module in (all_nash, extremes, nash, mixed):
            monkeypatch.setattr(module, "small", lambda _: False)
    if request.param == "other blocks":
        monkeypatch.setattr(nearest, "LARGEST", -1)
    return str(request.param)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_profiles_the_least_potential_is_certified_alone(seed: int, way: str) -> None:
    game = random_game(np.random.default_rng(seed))
    stable, loss = brute(game)
    potential = {p: game.exact.potential(p) for p in loss}
    unit = game.exact.denominator**2
    for p in list(loss)[:: 1 + len(loss) // 6]:
        fields, certificate = certified(game, "nash", {"choices": listed(p)})
        assert certificate.verified == (potential[p] == min(potential.values())), certificate.failed
        assert certificate.checks[1].passed == (p in stable) and certificate.checks[1].note
        above = (
            (potential[p] - min(potential.values())) / unit / max(payoff_range(game, i) for i in range(game.players))
        )
        assert certificate.checks[-1].value == (pytest.approx(above) if game.players > 1 else float(p not in stable))
        assert certificate.max_regret == max(gain(game, loss, p, i) for i in range(game.players)) / unit
        assert [float(v) for v in fields["losses"]] == pytest.approx([v / unit for v in loss[p]])
        assert fields["choices"] == listed(p)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_is_certified_if_it_is_what_the_definition_lists(seed: int, way: str) -> None:
    game = random_game(np.random.default_rng(seed))
    stable, loss = brute(game)
    good = [listed(p) for p in sorted(stable)]
    alone = game.players == 1 and way != "whole tables"  # one player has no other side to count from

    def verdict(these: Any, count: int = len(good), **options: Any) -> bool:
        return accepted(game, "all-nash", {"profiles": these, "count": count}, **options)

    point = {"profiles": good, "count": float(len(good))}
    fields, certificate = certified(game, "all-nash", point)
    assert fields == {"count": len(good), "complete": True, "profiles": good} and certificate.max_regret == 0
    for p in list(loss)[:: 1 + len(loss) // 6]:
        most = max(gain(game, loss, p, i) for i in range(game.players)) / game.exact.denominator**2
        for profiles in ([*good, listed(p)], [listed(p), *good]):
            fields, certificate = certified(game, "all-nash", point | {"profiles": profiles})
            assert fields["profiles"] == profiles and certificate.max_regret == most
            assert certificate.checks[0].passed == (not most)
    assert verdict(good) == verdict(good[::-1]) == (not alone)
    assert verdict(good, limit=len(good) + 1) == (not alone)
    for n in {0, len(good) - 1}:
        assert not verdict(good[:n]) and not verdict(good[:n], n) and not verdict(good[: n + 1], limit=n)
        assert verdict(good[:n], limit=n) == (not alone) and not verdict(good[:n], n, limit=n)
    assert verdict([], profiles="count") == (not alone)
    assert not verdict([], len(good) + 1, profiles="count") and not verdict(good, len(good) - 1)
    assert not accepted(game, "all-nash", {"profiles": good, "count": len(good), "complete": False})
    if len(good) > 1:
        assert not verdict([*good[1:], good[1]])


@pytest.mark.parametrize("count", [-1, 1.5, True, "1", None, [1]])
def test_a_count_that_is_none_is_refused(count: Any) -> None:
    with pytest.raises(InstanceError, match="count: .*, expected a whole number >= 0"):
        certified(pairs(0), "all-nash", {"profiles": [], "count": count})
    assert certified(pairs(0), "all-nash", {"profiles": [], "count": 0})[0]["count"] == 0


@pytest.mark.parametrize("limit", [-1, "2", None])
def test_a_limit_that_a_file_makes_up_is_the_usual_one(limit: Any) -> None:
    assert all_nash.limit_of(Request("all-nash", options={"limit": limit})) == all_nash.LISTED


def test_regrets_are_told_apart_by_what_everybody_shows() -> None:
    """The receiver stands at (1, 1) both times; the first player wants (0, 2), in reach if the other shows (0, 1)."""
    game = Subsets([1.0, 1.0], [[0.0, 2.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]], [1, 1])
    one, other = ((1,), (0,)), ((0,), (1,))
    loss = brute(game)[1]
    assert [gain(game, loss, p, 0) for p in (one, other)] == [0, 2]
    for order in ([one, other], [other, one]):
        point = {"profiles": [listed(p) for p in order], "count": 2}
        assert certified(game, "all-nash", point)[1].max_regret == 2.0


@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_profiles_the_extremes_are_certified_alone(seed: int, way: str) -> None:
    game = random_game(np.random.default_rng(seed))
    stable, loss = brute(game)
    total = {p: sum(loss[p]) for p in loss}
    right = {
        "best": min(stable, key=total.__getitem__),
        "worst": max(stable, key=total.__getitem__),
        "optimum": min(loss, key=total.__getitem__),
    }
    alone = game.players == 1 and way != "whole tables"
    point = {key: listed(p) for key, p in right.items()}
    fields, certificate = certified(game, "extremes", point)
    assert certificate.verified != alone
    best, worst, least = (total[right[key]] for key in ("best", "worst", "optimum"))
    assert [fields[f"{key}_total"] for key in right] == [t / game.exact.denominator**2 for t in (best, worst, least)]
    ratios = (best / least, worst / least) if least else (None, None)
    assert (fields["price_of_stability"], fields["price_of_anarchy"]) == ratios
    for key, answer in right.items():
        for p in list(loss)[:: 1 + len(loss) // 5]:
            good = total[p] == total[answer] and (key == "optimum" or p in stable)
            fields, certificate = certified(game, "extremes", point | {key: listed(p)})
            most = 0 if key == "optimum" else max(gain(game, loss, p, i) for i in range(game.players))
            assert certificate.max_regret == most / game.exact.denominator**2
            failed = {check.name for check in certificate.failed}
            assert bool(failed) != good and fields[key] == listed(p)
            short = {check.name: check for check in certificate.checks}[key]
            least = total[answer] - total[p] if key == "worst" else total[p] - total[answer]
            assert short.value == least / game.exact.denominator**2
            assert short.grade == ("compared" if alone else "recomputed")
            assert key == "optimum" or ("regret" in failed) == (p not in stable)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_choices_the_best_responses_are_certified_alone(seed: int, way: str) -> None:
    game = random_game(np.random.default_rng(seed))
    _, loss = brute(game)
    for p in list(loss)[:: 1 + len(loss) // 5]:
        for i in range(game.players):
            regret = gain(game, loss, p, i) / game.exact.denominator**2
            asked = {"player": i, "profile": listed(p)}
            fields, certificate = certified(game, "best-response", {"action": list(p[i])}, arguments=asked)
            assert certificate.verified == (regret == 0) and certificate.max_regret == regret
            assert fields["loss"] == pytest.approx(loss[p][i] / game.exact.denominator**2)
            assert fields["player"] == i and fields["choices"] == listed(p)
            named = {"action": list(p[i]), "player": i, "choices": listed(p)}
            assert certified(game, "best-response", named) == (fields, certificate)


def changed(game: Subsets, steps: list[dict[str, Any]], others: list[Profile]) -> Iterator[list[dict[str, Any]]]:
    """Yield paths that differ in one step: another profile, another mover, one left out, one twice, one more."""
    for t, step in enumerate(steps):
        before, after = steps[:t], steps[t + 1 :]
        yield from ([*before, step | {"choices": listed(p)}, *after] for p in others if listed(p) != step["choices"])
        yield from ([*before, step | {"mover": i}, *after] for i in range(game.players) if i != step["mover"])
        yield [*before, *after]
        yield [*before, step, step, *after]
    for p in others:
        yield from ([*steps, {"choices": listed(p), "mover": i}] for i in range(game.players))


def played(game: Subsets, loss: dict[Profile, list[int]]) -> list[dict[str, Any]]:
    """Play on the table: each in turn moves to the first best response, if it gains."""
    p = start_of(game, Request("dynamics"))
    steps: list[dict[str, Any]] = [{"choices": listed(p), "mover": None}]
    turn, quiet = 0, 0
    while quiet < game.players:
        quiet += 1
        if gain(game, loss, p, turn):
            same = [q for q in loss if q[:turn] + q[turn + 1 :] == p[:turn] + p[turn + 1 :]]
            p, quiet = min(same, key=lambda q: loss[q][turn]), 0
            steps.append({"choices": listed(p), "mover": turn})
        turn = (turn + 1) % game.players
    return steps


def wandering(seed: int) -> Subsets:
    """Return a game of three players whose play takes many turns."""
    rng = np.random.default_rng(seed)
    targets, items = rng.integers(-6, 7, (3, 2)) / 2, np.unique(rng.integers(-3, 4, (5, 2)), axis=0)
    return Subsets([0.5, 0.75, 0.5], targets, items, [1, 1, 1])


@pytest.mark.parametrize("game", [wandering(106), random_game(np.random.default_rng(14))])
def test_a_path_is_certified_if_its_moves_are_best_responses_in_turn(game: Subsets) -> None:
    _, loss = brute(game)
    steps = played(game, loss)

    def verdict(path: list[dict[str, Any]]) -> bool:
        end = path[-1]["choices"] if path else steps[-1]["choices"]
        return accepted(game, "dynamics", {"choices": end, "trajectory": path})

    assert verdict(steps)
    fields, _ = certified(game, "dynamics", {"choices": steps[-1]["choices"], "trajectory": steps})
    rows = [{key: row[key] for key in ("iteration", "mover", "choices")} for row in fields["trajectory"]]
    assert rows == [step | {"iteration": t} for t, step in enumerate(steps)] and fields["updates"] == len(steps) - 1
    for t, (row, step) in enumerate(zip(fields["trajectory"], steps, strict=True)):
        for key in ("iteration", "receiver", "potential"):
            assert verdict([*steps[:t], step | {key: row[key]}, *steps[t + 1 :]])
            for off in (1, 1e-9):
                wrong = [v + off for v in row[key]] if key == "receiver" else row[key] + off
                assert not verdict([*steps[:t], step | {key: wrong}, *steps[t + 1 :]])
            assert not verdict([*steps[:t], step | {key: "x"}, *steps[t + 1 :]])
    every = list(loss)[:: 1 + len(loss) // 3]
    for path in changed(game, steps, every):
        assert not verdict(path) or legal(game, loss, path)
    for p in every:
        most = max(gain(game, loss, p, i) for i in range(game.players)) / game.exact.denominator**2
        assert certified(game, "dynamics", {"choices": listed(p), "trajectory": steps})[1].max_regret == most
        assert accepted(game, "dynamics", {"choices": listed(p), "trajectory": steps}) == (
            listed(p) == steps[-1]["choices"]
        )


@pytest.mark.parametrize("mover", [-1, 3, True, "0", 1.0, None])
def test_a_mover_that_is_no_player_is_refused(mover: Any) -> None:
    steps = [{"choices": [[0], [0], [0]], "mover": None}, {"choices": [[1], [0], [0]], "mover": mover}]
    for path, expected in ((steps, "a player from 0 to 2"), ([steps[1]], "null at the start")):
        if path[0]["mover"] is not None or len(path) > 1:
            with pytest.raises(InstanceError, match=f"mover: {mover}, expected {expected}"):
                certified(wandering(106), "dynamics", {"choices": [[1], [0], [0]], "trajectory": path})


def legal(game: Subsets, loss: dict[Profile, list[int]], path: list[dict[str, Any]]) -> bool:
    """Say whether a path is one that may be played: another best response may be as good."""
    profiles = [tuple(tuple(c) for c in step["choices"]) for step in path]
    turn = 0
    if profiles[0] != start_of(game, Request("dynamics")) or path[0]["mover"] is not None:
        return False
    for p, q, step in zip(profiles, profiles[1:], path[1:], strict=False):
        while turn != step["mover"]:
            if gain(game, loss, p, turn):
                return False
            turn = (turn + 1) % game.players
        moved = all(p[i] == q[i] for i in range(game.players) if i != turn)
        if not moved or loss[q][turn] >= loss[p][turn] or gain(game, loss, q, turn):
            return False
        turn = (turn + 1) % game.players
    return not any(gain(game, loss, profiles[-1], i) for i in range(game.players))


def pairs(seed: int) -> Subsets:
    """Return a game of two players with few actions."""
    rng = np.random.default_rng(seed)
    items = [[-2.0, 0.0], [-1.0, 1.0], [1.0, -1.0], [2.0, 0.0]]
    return Subsets([0.5, 0.5], rng.integers(-4, 5, (2, 2)) / 4, items, [1, 1 + seed % 2], bool(seed % 3))


@pytest.mark.parametrize("seed", range(6))
def test_of_all_mixtures_those_of_best_responses_are_certified_alone(seed: int, way: str) -> None:
    """Half and half between two choices of each player: every choice in the support must be as good as any."""
    game = pairs(seed)
    stable, loss = brute(game)
    own = [sorted({p[i] for p in loss}) for i in (0, 1)]
    if way == "other blocks":  # nor are mixtures verified there
        with pytest.raises(LimitReached, match="too many to verify a mixture"):
            certified(game, "mixed", {"equilibria": [{"strategies": [side(choices[0]) for choices in own]}]})
        return
    pure: list[Any] = [{"strategies": [side(c) for c in p]} for p in stable]
    fields, certificate = certified(game, "mixed", {"equilibria": pure})
    assert certificate.verified and (fields["count"], fields["pure"]) == (len(pure), len(pure))
    for p, row in zip(stable, fields["equilibria"], strict=True):
        assert row["losses"] == [v / game.exact.denominator**2 for v in loss[p]]
    halves = [list(itertools.combinations(choices, 2)) for choices in own]
    for first, second in list(itertools.product(*halves))[:: 1 + len(halves[0]) * len(halves[1]) // 10]:
        mix = {"strategies": [side(*first), side(*second)]}
        expected = [
            {c: Fraction(loss[(c, second[0])][0] + loss[(c, second[1])][0], 2) for c in own[0]},
            {c: Fraction(loss[(first[0], c)][1] + loss[(first[1], c)][1], 2) for c in own[1]},
        ]
        good = all(e[c] == min(e.values()) for e, used in zip(expected, (first, second), strict=True) for c in used)
        fields, certificate = certified(game, "mixed", {"equilibria": [*pure, mix]})
        assert certificate.verified == good
        assert (fields["count"], fields["pure"]) == (len(pure) + 1, len(pure))
        unit = game.exact.denominator**2
        found = [float(sum(e[c] for c in used) / 2 / unit) for e, used in zip(expected, (first, second), strict=True)]
        assert fields["equilibria"][-1]["losses"] == found
        assert fields["equilibria"][-1]["strategies"] == mix["strategies"]
        both = zip(expected, (first, second), strict=True)
        regrets = [float(sum((e[c] for c in used), Fraction(0)) / 2 - min(e.values())) / unit for e, used in both]
        assert certificate.max_regret == pytest.approx(max(regrets), abs=0, rel=1e-12)
        scaled = max(r / payoff_range(game, i) for i, r in enumerate(regrets))
        assert certificate.checks[1].value == pytest.approx(scaled, abs=0, rel=1e-12)
    if pure:
        assert not accepted(game, "mixed", {"equilibria": [*pure, pure[0]]})
        assert accepted(game, "mixed", {"equilibria": pure[1:]}) == (way != "whole tables")


def side(*choices: tuple[int, ...]) -> list[dict[str, Any]]:
    return [{"choice": list(c), "probability": str(Fraction(1, len(choices)))} for c in choices]
