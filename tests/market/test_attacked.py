"""Inputs that once gave a wrong answer, an accepted falsehood or a full memory, each with its reason."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.arithmetic.decimals import written
from bigopt.concepts.deadline import Deadline
from bigopt.engine.check import check_solution
from bigopt.errors import LimitReached
from bigopt.files import instance
from bigopt.games.market import response
from bigopt.games.market.exact.intervals import Intervals
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market
from bigopt.games.market.verify.census import Census, covers
from tests.market.test_verdicts import accepted


def with_extreme(game: Market) -> Market:
    """Add a policy that is worth -1e9 to everybody."""
    return Market(
        tuple([*row, -1e9] for row in game.alice),
        tuple(tuple([*row, -1e9] for row in bob) for bob in game.bobs),
        prior_weights=game.prior_weights,
        policies=tuple((*row, "never") for row in game.policies),
    )


@pytest.mark.parametrize("options", [{}, {"schemes": "randomized"}, {"obedience": "true"}])
def test_what_nobody_takes_changes_nothing(options: dict[str, str]) -> None:
    game = bigopt.load(catalog.instance("market/synthetic-1"))
    for concept in ("worst", "best"):
        before = bigopt.solve(game, concept, options=options)
        after = bigopt.solve(with_extreme(game), concept, options=options)
        assert after.solved and after.alice == pytest.approx(before.alice, abs=1e-12)
    assert bigopt.solve(game, "worst", options={"obedience": "true"}).alice == pytest.approx(0.576667, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("obedience", ["false", "true"])
def test_units_and_origins_change_nothing(seed: int, obedience: str, brute: Any) -> None:
    """Utilities near 1e9 and of eight decimals: the same scheme values, in fractions."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 4, (3, 2, 3))
    game = Market(tuple(table[0]), (tuple(table[1]), tuple(table[2])), policies=(("a", "b", "c"),) * 2)
    far = table + 10**9
    fine = table * 1e-8
    options = {"schemes": "randomized", "obedience": obedience}
    found = bigopt.solve(game, "worst", options=options)
    for other, unit, origin in ((far, 1.0, 1e9), (fine, 1e-8, 0.0)):
        moved = Market(tuple(other[0]), (tuple(other[1]), tuple(other[2])), policies=game.policies)
        again = bigopt.solve(moved, "worst", options=options)
        assert again.solved and found.solved
        assert (again.alice - origin) / unit == pytest.approx(found.alice, abs=1e-6)


def test_decimals_beyond_floats_decide_ties(tmp_path: Path) -> None:
    text = (
        '{"format":"bigopt/1","kind":"market","states":["s"],"policies":[["a","b"]],"alice":[[0.10000000000000000001,0.1]],'
        '"bobs":[{"name":"B","utility":[[0.10000000000000000001,0.1]]}]}'
    )
    path = tmp_path / "digits.json"
    path.write_text(text)
    game = bigopt.load(path)
    assert bigopt.solve(game, "stable").schemes.tolist() == [[0]]
    again = bigopt.load(bigopt.save(game, tmp_path / "again.json"))
    assert again.units[0].tolist() == game.units[0].tolist() and again.units[1] == game.units[1]
    assert game.values(game.totals([0]))[0] - game.values(game.totals([1]))[0] == Fraction(1, 10**20)


def test_whole_numbers_beyond_floats_decide_ties() -> None:
    game = Market([[2**60 + 1, 2**60]], [[[0, 1]], [[1, 0]]])
    assert game.totals([0])[0] - game.totals([1])[0] == 1


def test_a_lone_bob_plays_his_favourite() -> None:
    game = Market([[0.1, 0.7, 0.9]], [[[1, 1, 0]]])
    assert bigopt.solve(game, "stable").schemes.tolist() == [[0], [1]]
    assert bigopt.solve(game, "best").alice == 0.7 and bigopt.solve(game, "worst").alice == 0.1
    obeyed = (0.9, 0.9)  # with one state she has nothing to learn, and follows only what is best for her
    for options, ends in (({"schemes": "randomized"}, (0.1, 0.7)), ({"obedience": "true"}, obeyed)):
        low, high = (bigopt.solve(game, concept, options=options) for concept in ("worst", "best"))
        assert low.solved and high.solved
        assert (low.alice, high.alice) == ends


def test_many_pairs_are_refused_before_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scheme of these Bobs is undominated: a lone one needs no frontier, two are refused with the number."""
    rows = [[0, 10**6 * 2**s + s] for s in range(24)]
    opposed = [[b, a] for a, b in rows]
    lone = bigopt.solve(Market(rows, [opposed]), time_limit=20)
    assert lone.solved and lone.alice == 0
    monkeypatch.setattr(response, "LARGEST", 1000)
    with pytest.raises(LimitReached, match="1,024 utility pairs in one state, at most 1,000"):
        response.frontier(Market(rows, [opposed, opposed]), 0)


@pytest.mark.parametrize("seed", range(12))
def test_the_census_sees_what_the_search_sees(seed: int, brute: Any) -> None:
    """The verifier's own frontiers and search against the definition, with and without a proof's rows."""
    game = brute.random_game(seed)
    for nash in (False, True):
        census = Census(game, nash, Deadline())
        known = brute.nash(game) if nash else set(brute.stable(game))
        schemes, _ = census.between(census.least, game.opt, every=True)
        assert {tuple(f) for f in schemes.tolist()} == known
        search = Intervals(game, census.deadline, every=True, nash=nash)
        list(search.search(search.least, game.opt))
        found = [census.between(span.low, span.high, span.rows, every=True)[0].tolist() for span in search.proof]
        assert {tuple(f) for part in found for f in part} == known
        assert covers([(span.low, span.high) for span in search.proof], census.least, game.opt)


def test_coverage_is_without_gaps() -> None:
    assert covers([(3, 5), (0, 2)], 0, 5) and covers([], 1, 0) and covers([(7, 9), (0, 5)], 0, 5)
    assert not covers([(0, 2), (4, 5)], 0, 5) and not covers([(1, 5)], 0, 5) and not covers([(0, 4)], 0, 5)


def test_dynamics_that_start_anywhere_or_skip_turns_are_refused(tmp_path: Path) -> None:
    game = random_market(states=4, policies=4, bobs=3, alice=0.0, common=0.3, seed=0)
    read = instance.read(bigopt.save(game, tmp_path / "game.json"))
    found = json.loads(bigopt.solve(game, "dynamics").to_json())["solution"]
    assert len(found["trajectory"]) > 2
    claims = [
        {"scheme": found["scheme"], "trajectory": found["trajectory"][1:]},
        {"scheme": found["scheme"], "trajectory": [found["trajectory"][0], found["trajectory"][-1]]},
        {"scheme": found["scheme"], "trajectory": [{"bob": 0, "scheme": found["scheme"]}]},
    ]
    for claim in claims:
        path = tmp_path / "claim.json"
        path.write_text(json.dumps({"concept": "dynamics", "solution": claim}))
        assert [check.name for check in check_solution(read, path).certificate.failed] == ["moves"]


def test_what_is_too_small_for_floats_is_a_gain_still() -> None:
    """The second policy is better for all by less than floats tell from 0, whether of little or of a whole number."""
    for low, high in (("0", "0." + "0" * 329 + "1"), ("1", "1." + "0" * 329 + "1")):
        row = [written(low), written(high)]
        game = Market([row], [[row], [row]])
        assert accepted(game, "worst", {"scheme": [1]}) and accepted(game, "best", {"scheme": [1]})
        assert not accepted(game, "worst", {"scheme": [0]}) and not accepted(game, "best", {"scheme": [0]})
        for action in (0, 1):
            point = {"action": [action], "player": 1, "profile": [[0], [0]]}
            assert accepted(game, "best-response", point) == (action == 1)
        lone = Market([row], [[[0, 0]]])
        assert [accepted(lone, "worst", {"scheme": [a]}) for a in (0, 1)] == [True, False]
        assert [accepted(lone, "best", {"scheme": [a]}) for a in (0, 1)] == [False, True]
