"""Certificates of lotteries against chords between schemes, linear programs, and evidence that was spoiled."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import bigopt
from bigopt.games.market.exact.lotteries import obedience
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market
from tests.market.test_verdicts import accepted, certified

Rows = list[list[float]]
Values = tuple[Fraction, ...]
SHARES = (Fraction(0), Fraction(1, 4), Fraction(1, 2))  # floats hold them


def mixes(game: Market, brute: Any) -> Iterator[tuple[Rows, Values]]:
    """Yield lotteries between two schemes, with everybody's utilities."""
    table = brute.all_schemes(game)
    for (f, u), (g, v) in itertools.combinations_with_replacement(table.items(), 2):
        for share in SHARES if f != g else SHARES[:1]:
            rows = [[0.0] * int(n) for n in game.sizes]
            for s, (a, b) in enumerate(zip(f, g, strict=True)):
                rows[s][a] += float(1 - share)
                rows[s][b] += float(share)
            yield rows, tuple((1 - share) * x + share * y for x, y in zip(u, v, strict=True))


def by_chords(game: Market, brute: Any) -> Callable[[Values, bool], bool]:
    """Return whether utilities are those of stable lotteries: no chord between two schemes is above any Bob's."""
    table = list(brute.all_schemes(game).values())
    top = max(u[0] for u in table)

    def most(j: int, v: Fraction) -> Fraction:
        found = [u[j + 1] for u in table if u[0] >= v or game.k == 1]
        for low, high in itertools.product(table, table):
            if low[0] < v < high[0]:
                share = (v - low[0]) / (high[0] - low[0])
                found.append(low[j + 1] + share * (high[j + 1] - low[j + 1]))
        return Fraction(max(found))

    def stable(u: Values, nash: bool) -> bool:
        asked = range(game.k) if u[0] < top or game.k == 1 else range(int(nash))
        return all(u[j + 1] >= most(j, u[0]) for j in asked)

    return stable


@pytest.mark.parametrize("meaning", ["stable", "nash"])
@pytest.mark.parametrize("seed", range(8))
def test_of_all_lotteries_the_worst_and_the_best_are_certified_alone(seed: int, meaning: str, brute: Any) -> None:
    game = brute.random_game(seed, states=2, policies=3)
    stable = by_chords(game, brute)
    table = brute.all_schemes(game)
    top = max(u[0] for u in (brute.stable(game) if game.k == 1 else table).values())
    ends = {"worst": brute.worst_lottery(game), "best": top}
    every = list(mixes(game, brute))
    for rows, u in every[:: 1 + len(every) // 24]:
        good = stable(u, meaning == "nash")
        for concept, end in ends.items():
            options = {"schemes": "randomized", "equilibrium": meaning}
            fields, certificate = certified(game, concept, {"scheme": rows}, **options)
            assert certificate.verified == (good and u[0] == end), (rows, certificate.failed)
            assert certificate.checks[0].passed == good
            assert (certificate.checks[0].grade, certificate.checks[-1].grade) == ("proved", "recomputed")
            assert (fields["selected"], fields["opt"]) == (0, game.opt_value)
            assert (fields["alice"], *fields["bobs"]) == tuple(map(float, u)) and fields["scheme"] == rows


def programs(game: Market) -> tuple[Any, Any]:
    """Return everybody's utilities [1 + k, N], and the solver of linear programs over obedient lotteries."""
    n = int(game.sizes[0])
    prior = np.repeat(np.array(game.prior_weights, dtype=float) / sum(game.prior_weights), n)
    alice, bobs = game.outcome_utilities()
    table = np.vstack([alice, bobs]) * prior
    by_state = table[0].reshape(game.S, n)
    rows = []
    for a, b in itertools.permutations(range(n), 2):
        row = np.zeros((game.S, n))
        row[:, a] = by_state[:, b] - by_state[:, a]
        rows.append(row.ravel())
    equal = np.kron(np.eye(game.S), np.ones(n))

    def most(row: Any, least: float) -> float:
        found = linprog(-row, np.vstack([*rows, -table[0]]), np.r_[np.zeros(len(rows)), -least], equal, np.ones(game.S))
        return -float(found.fun) if found.status == 0 else -np.inf

    return table, most


@pytest.mark.parametrize("seed", range(4))
def test_gains_over_obedient_lotteries_are_those_of_linear_programs(seed: int) -> None:
    game = random_market(states=3, policies=3, bobs=1 + seed % 3, alice=0.2, common=0.6, grid=10, seed=seed)
    table, most = programs(game)
    ends = [bigopt.solve(game, c, options={"obedience": "true"}).scheme for c in ("worst", "best")]
    told = [[float(a == np.argmax(row)) for a in range(3)] for row in game.alice]
    points = [np.array(p, dtype=float) for p in (*ends, told)]
    for a, b in itertools.combinations_with_replacement(points, 2):
        x = (a + b) / 2
        u = table @ x.ravel()
        least = -10.0 if game.k == 1 else u[0]
        gains = [most(table[j + 1], least) - u[j + 1] for j in range(game.k)]
        stays = game.k > 1 and u[0] > game.opt_value - 1e-9
        _, certificate = certified(game, "worst", {"scheme": x.tolist()}, obedience=True)
        assert certificate.checks[0].passed == (stays or max(gains) < 1e-7)
        assert certificate.checks[0].grade == certificate.checks[-1].grade == "proved"
        assert [c.name for c in certificate.checks] == ["deviation", "probabilities", "obedience", "theorem 6", "worst"]
        assert certificate.checks[2].passed
    mixed = np.full((3, 3), 1 / 3)
    rows = [table[0].reshape(3, 3)[:, b].sum() - table[0].reshape(3, 3)[:, a].sum() for a in range(3) for b in range(3)]
    assert max(rows) > 0  # telling nothing is not obeyed in each action
    assert "obedience" in {
        c.name for c in certified(game, "worst", {"scheme": mixed.tolist()}, obedience=True)[1].failed
    }


PATHS = [
    *[({"schemes": "randomized"}, 3, seed) for seed in (0, 1)],
    *[({"obedience": True}, 2, seed) for seed in (5, 7)],
]


@pytest.mark.parametrize(("options", "policies", "seed"), PATHS)
def test_a_path_of_lotteries_that_was_changed_is_refused(options: dict[str, Any], policies: int, seed: int) -> None:
    game = random_market(states=3, policies=policies, bobs=3, alice=0.0, common=0.3, grid=20, seed=seed)
    told = options | {"step": 0.125}
    found = bigopt.solve(game, "dynamics", options={key: str(value).lower() for key, value in told.items()})
    path = [{"bob": step["bob"], "scheme": step["scheme"]} for step in found.trajectory]
    assert len(path) > 1

    def failing(steps: Any, end: Any = found.scheme) -> set[str]:
        _, certificate = certified(game, "dynamics", {"scheme": end, "trajectory": steps}, **told)
        return {check.name for check in certificate.failed}

    for point in ({"trajectory": path}, {}):  # what is not shown is played
        fields, certificate = certified(game, "dynamics", {"scheme": found.scheme, **point}, **told)
        assert certificate.verified and [(m["bob"], m["scheme"]) for m in fields["trajectory"]] == [
            (m["bob"], m["scheme"]) for m in path
        ]
        assert (fields["selected"], fields["moves"]) == (path[-1]["bob"], len(path) - 1)
        for step in fields["trajectory"]:
            worth = sum(float(p @ u) for p, u in zip(map(np.array, step["scheme"]), game.alice, strict=True)) / game.S
            assert step["alice"] == pytest.approx(worth)
    start = path[0]["scheme"]
    assert "replay" in failing(path, start)  # the path is right, and ends elsewhere
    for i, step in enumerate(path):
        before, after = path[:i], path[i + 1 :]
        for j in range(game.k):
            if j != step["bob"]:
                faults = failing([*before, step | {"bob": j}, *after])
                assert "moves" in faults or (faults == {"replay"} and not i)  # who starts is known by playing again
        if not i:
            assert "moves" in failing([step | {"scheme": path[1]["scheme"]}, *after])
        if i:
            half = [
                [(p + q) / 2 for p, q in zip(*rows, strict=True)] for rows in zip(start, step["scheme"], strict=True)
            ]
            assert "moves" in failing([*before, step | {"scheme": half}, *after])
        if after:
            assert "moves" in failing([*before, *after])
    assert "moves" in failing([*path, path[-1]]) and {"moves", "deviation"} <= failing(path[:-1], path[-2]["scheme"])


def test_a_list_of_what_need_not_be_obeyed_is_none_of_obedient_schemes() -> None:
    """The intervals differ: they begin where nothing that she obeys is stable."""
    game = random_market(states=3, policies=3, bobs=2, alice=0.3, common=0.5, seed=13)
    found = bigopt.solve(game, "stable", options={"schemes": "randomized"})
    point = {"schemes": found.schemes, "intervals": found.intervals}
    assert accepted(game, "stable", point, schemes="randomized")
    for schemes in ("randomized", "deterministic"):
        _, certificate = certified(game, "stable", point, schemes=schemes, obedience=True)
        assert {"witnesses", "intervals"} <= {check.name for check in certificate.failed}


@pytest.mark.parametrize(
    ("policies", "bobs", "seed"), [(3, 2, 13), (3, 2, 5), (3, 2, 17), (2, 3, 2), (3, 1, 3), (4, 2, 5)]
)
def test_values_of_obedient_schemes_by_programs_in_floats(policies: int, bobs: int, seed: int) -> None:
    """A value is in an interval where an obedient lottery of it gives every Bob the most that one of no less gives."""
    game = random_market(states=3, policies=policies, bobs=bobs, alice=0.0, common=0.3, grid=10, seed=seed)
    found = bigopt.solve(game, "stable", options={"obedience": "true"})
    assert found.certificate.verified and found.intervals
    alice, *others = (row * float(unit) for row, unit in zip(game.units[0].astype(float), game.units[1], strict=True))
    obeyed, sums = -obedience(game).astype(float), np.kron(np.eye(game.S), np.ones(policies))

    def most(row: Any, at_least: float | None, exactly: Any = ()) -> float:
        more = [] if at_least is None else [-alice]
        least = [0.0] * len(obeyed) + [-(at_least or 0.0)] * len(more) + [-v for _, v in exactly]
        above = np.array([*obeyed, *more, *(-own for own, _ in exactly)])
        program = linprog(-row, above, np.array(least) + 1e-9, sums, np.ones(game.S))
        return -program.fun if program.status == 0 else -np.inf

    def stable(v: float) -> bool:
        replies = [(own, most(own, v if bobs > 1 else None)) for own in others]
        return (bobs > 1 and v >= found.opt - 1e-9) or most(-alice, v, replies) >= -v - 1e-7

    ends = [v for pair in found.intervals for v in pair]
    worst = float(game.lowest[0] * game.units[1][0])
    for v in np.linspace(worst, found.opt, 25):
        if min(abs(v - end) for end in ends) > 0.01 * (found.opt - worst):
            assert stable(float(v)) == any(low < v < high for low, high in found.intervals), v
    for low, high in found.intervals:
        assert stable((low + high) / 2)


def test_the_best_of_a_lone_bobs_favourites_is_proved_and_no_less_is_best() -> None:
    """He does not care what is done in the first state, where she obeys any advice that the second does not spoil."""
    game = Market([[0, 1], [2, 0]], [[[5, 5], [3, 0]]])
    found = bigopt.solve(game, "best", options={"obedience": "true"})
    grade = {check.name: check.grade for check in found.certificate.checks}["best"]
    assert found.certificate.verified and (found.alice, grade) == (1.5, "proved")
    mixed = {"scheme": [[0.5, 0.5], [1.0, 0.0]]}
    assert {"best"} <= {check.name for check in certified(game, "best", mixed, obedience=True)[1].failed}
