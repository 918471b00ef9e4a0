"""Certificates reach their verdict by other algorithms than the answer: the two agree, and only the second is asked."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from bigopt.concepts.deadline import Deadline
from bigopt.games.market import KIND, response
from bigopt.games.market.exact import enumeration, outcomes, play, randomized
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market
from bigopt.games.market.verify import misalignment
from bigopt.games.market.verify.deviations import Deviations, first_favourite
from bigopt.games.market.verify.frontiers import Free
from bigopt.games.market.verify.spans import spans


def drawn(seed: int) -> Market:
    """Return a small market, most with ties: up to four states, policies, three Bobs."""
    rng = np.random.default_rng(seed)
    states, policies, bobs, grid = (int(rng.integers(1, most)) for most in (5, 5, 4, 8))
    alice = float(rng.choice([0, 0.3, 0.5]))
    return random_market(
        states=states, policies=policies, bobs=bobs, grid=grid, alice=alice, common=float(rng.random() / 2), seed=seed
    )


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_agree(seed: int) -> None:
    game, now, rng = drawn(seed), Deadline(), np.random.default_rng(seed)
    assert spans(Free(game), now) == [(low, high) for low, high, _ in randomized.intervals(game)]
    tight, second = outcomes.tight(game), misalignment.table(game, now)
    assert (tight.upper == second.upper).all() and (tight.lower == second.lower).all()
    for j in range(game.k):
        assert (response.monopoly(game, j) == first_favourite(game, j)).all()
        ours, tails = Deviations(game, j, now), response.suffixes(game, j)
        assert ours.best(game.opt + 1) is None
        for v in rng.integers(game.lowest[0] - 1, game.opt, 3).tolist() if game.lowest[0] < game.opt else []:
            best = response.deviation(game, j, v, tails)
            assert ours.is_first_best(best, v)
            for s in range(game.S):
                for a in set(range(game.sizes[s])) - {int(best[s])}:
                    other = best.copy()
                    other[s] = a
                    assert not ours.is_first_best(other, v)


def test_intervals_where_one_end_alone_is_beyond_machine_integers() -> None:
    for way in (1, -1):
        rows = [[0, way * (2**70 + 1), way * 2**69], [way * 2**71, 0, way]]
        game = Market(rows, [[[3, 1, 2], [0, 4, 5]], [[2, 3, 1], [1, 5, 3]]])
        assert max(map(abs, (game.opt, game.lowest[0]))) > 2**70 and 0 in (game.opt, game.lowest[0])
        assert spans(Free(game), Deadline()) == [(low, high) for low, high, _ in randomized.intervals(game)]


ASKED: list[tuple[str, dict[str, Any], dict[str, Any], list[Any]]] = [
    ("misalignment", {}, {}, [enumeration.stable]),
    ("worst", {}, {}, [enumeration.stable]),
    ("stable", {}, {}, [enumeration.stable]),
    ("dynamics", {}, {}, [response.suffixes, response.deviation, response.monopoly, play.run]),
    ("best-response", {}, {"player": 1, "profile": [[0, 0, 0, 0], [1, 2, 0, 1]]}, [response.value, response.suffixes]),
    ("stable", {"schemes": "randomized"}, {}, [randomized.intervals, randomized.pieces]),
    ("worst", {"schemes": "randomized"}, {}, [randomized.worst, randomized.pieces]),
]


@pytest.mark.parametrize(("concept", "options", "more", "used"), ASKED, ids=lambda v: v if isinstance(v, str) else "")
def test_a_certificate_does_not_ask_what_found_the_answer(
    concept: str, options: dict[str, Any], more: dict[str, Any], used: list[Any]
) -> None:
    game = random_market(states=4, policies=3, bobs=2, alice=0.3, common=0.5, seed=13)
    row = next(c for c in KIND.concepts if c.name == concept)
    request = row.request("exact", options=options, arguments=more)
    assert row.solve is not None
    answer = row.solve(game, request)
    ran = set()
    sys.setprofile(lambda frame, event, _: ran.add(frame.f_code))
    try:
        _, certificate = row.verify(game, answer.point, request)
    finally:
        sys.setprofile(None)
    assert certificate.verified, certificate.failed
    own = {getattr(function, "__wrapped__", function).__code__ for function in used}
    assert not {code.co_name for code in ran & own}
