"""False claims of lotteries, made by hand: ends and moves of dynamics, frontiers that are overstated, lone Bobs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import bigopt
from bigopt.errors import InstanceError
from bigopt.games.market.exact import obedient, randomized
from bigopt.games.market.game import Market
from bigopt.games.market.verify import lotteries, lottery_path
from bigopt.games.market.verify.frontiers import Free
from tests.market.test_lotteries import by_chords, mixes
from tests.market.test_verdicts import certified

RANDOMIZED: dict[str, Any] = {"schemes": "randomized"}
A, B, C = ([[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], [[0.0, 0.0, 1.0]])
Path = list[tuple[int, list[list[float]]]]


def failing(game: Market, path: Path, step: Any = 1, **options: Any) -> dict[str, float]:
    """Return the checks that fail, with their values, of a path that ends with the answer."""
    given = [{"bob": j, "scheme": rows} for j, rows in path]
    point = {"scheme": path[-1][1], "trajectory": given}
    _, certificate = certified(game, "dynamics", point, step=step, **(options or RANDOMIZED))
    assert certificate.max_regret == certificate.checks[0].value
    return {check.name: check.value for check in certificate.failed}


def test_a_move_that_raises_alice_to_her_optimum_exactly_is_not_left_out() -> None:
    """Bob 0 starts with what he likes best; a step of all her range is what B gives her more, and Bob 1 gains by it."""
    game = Market([[0, 1, 0]], [[[2, 0, 0]], [[0, 1, 2]]])
    assert failing(game, [(0, A), (1, B)]) == {}
    found = failing(game, [(0, A)])
    assert found.keys() >= {"deviation", "moves"}
    assert failing(game, [(0, A), (1, B), (0, B)]).keys() == {"moves", "replay"}


def test_a_move_by_which_the_mover_has_as_much_as_before_is_none() -> None:
    game = Market([[0, 1, 0]], [[[1, 1, 0]], [[0, 0, 2]]])
    assert failing(game, [(0, A)]) == {}
    assert failing(game, [(0, A), (0, B)]).keys() == {"moves", "replay"}


def test_of_starts_that_please_alice_alike_the_first_bobs_is_taken() -> None:
    game = Market([[0, 1, 1]], [[[0, 2, 0]], [[0, 0, 2]]])
    assert failing(game, [(0, B)]) == {}
    assert (
        "moves" in failing(game, [(1, C)]) and "moves" in failing(game, [(1, B)]) and "moves" in failing(game, [(0, C)])
    )


def test_a_move_raises_alice_by_the_step_and_gives_the_mover_the_most() -> None:
    """After A, B is Bob 1's best that raises her by 1 of 2; C raises her by more than he needs, and D not at all."""
    game = Market([[0, 1, 2, 0]], [[[9, 0, 0, 0]], [[0, 5, 3, 5.5]]])
    start, best, more = ([[float(a == own) for a in range(4)]] for own in range(3))
    assert failing(game, [(0, start), (1, best)], step=0.5) == {}
    for row in ([0.0, 0.5, 0.5, 0.0], [0.5, 0.5, 0.0, 0.0], [1e-6, 1 - 1e-6, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]):
        assert "moves" in failing(game, [(0, start), (1, [row])], step=0.5)
    assert "moves" in failing(game, [(0, start), (1, more)], step=0.5)
    assert "moves" in failing(game, [(0, start), (1, best)], step=1)  # on his frontier, and too low for her
    assert failing(game, [(0, start), (1, more)], step=1) == {}


def test_how_little_a_move_raises_alice_is_not_forgiven_for_another_bobs_spread() -> None:
    """Both policies of the mixture give her 1 for sure, where 2 are asked, and the mover 5; the other 0 or 2e10."""
    game = Market([[0, 1, 1, 2, 0]], [[[9e10, 0, 2e10 + 1, 0, 0]], [[0, 5, 5, 3, 5.5]]])
    start, mixed = [[1.0, 0.0, 0.0, 0.0, 0.0]], [[0.0, 0.5, 0.5, 0.0, 0.0]]
    assert "moves" in failing(game, [(0, start), (1, mixed)], step=1)


def test_a_lone_bob_starts_with_what_he_likes_best_and_never_moves() -> None:
    game = Market([[0, 1, 2]], [[[1, 3, 0]]])
    assert failing(game, [(0, B)]) == {}
    for path in ([(0, B), (0, B)], [(0, B), (0, C)], [(0, C)], [(0, B), (0, C), (0, B)]):
        assert "moves" in failing(game, path)


def test_an_obedient_start_is_a_bobs_favourite() -> None:
    game = Market([[3, 2], [1, 2]], [[[0, 2], [0, 2]], [[0, 1], [0, 1]]])
    found = bigopt.solve(game, "dynamics", options={"obedience": "true", "step": "1/2"})
    assert found.solved
    path = [(step["bob"], step["scheme"]) for step in found.trajectory]
    assert failing(game, path, step=0.5, obedience=True) == {}
    told = [[1.0, 0.0], [0.0, 1.0]]
    assert "moves" in failing(game, [(path[0][0], told), *path[1:]], step=0.5, obedience=True)
    game = Market([[6, 4], [0, 5]], [[[5, 8], [5, 8]], [[0, 1], [0, 1]]])  # 16 at most; 14.5 where Alice has 10 of 11
    for rows, good in (([[0.0, 1.0], [0.0, 1.0]], True), ([[0.5, 0.5], [0.0, 1.0]], False)):
        assert ("moves" not in failing(game, [(0, rows)], obedience=True)) == good


def test_a_list_holds_what_alice_obeys_where_that_is_asked() -> None:
    """Always told the first action, she has half of what the other gives her, and would not follow."""
    game = Market([[3, 2], [1, 2]], [[[0, 2], [0, 2]], [[0, 1], [0, 1]]])
    for options, more in (({"obedience": "true"}, ["obedience"]), (RANDOMIZED, [])):
        found = bigopt.solve(game, "stable", options=options)
        point = {"schemes": found.schemes, "intervals": found.intervals}
        asked: dict[str, Any] = {"obedience": True} if more else RANDOMIZED
        _, certificate = certified(game, "stable", point, **asked)
        names = ["deviation", "probabilities", *more, "witnesses", "intervals", "frontiers"]
        assert certificate.verified and [check.name for check in certificate.checks] == names
    game = Market([[1, 2], [1, 2]], [[[2, 0], [2, 0]], [[2, 0], [2, 0]]])
    point = {"schemes": [[[1.0, 0.0], [1.0, 0.0]]], "intervals": [[2.0, 2.0]]}
    _, certificate = certified(game, "stable", point, obedience=True)
    assert {check.name: check.value for check in certificate.failed}["obedience"] == 1.0


def test_each_step_says_what_alice_has_in_her_unit() -> None:
    game = Market([[0, 0.5, 0]], [[[2, 0, 0]], [[0, 10, 20]]])
    point = {"scheme": B, "trajectory": [{"bob": 0, "scheme": A}, {"bob": 1, "scheme": B}]}
    fields, certificate = certified(game, "dynamics", point, step=1, **RANDOMIZED)
    assert certificate.verified and [step["alice"] for step in fields["trajectory"]] == [0.0, 0.5]


STEPS: list[tuple[Any, str]] = [
    ([], "^trajectory: expected a list"),
    ("x", "^trajectory: expected a list"),
    ({"bob": 0}, "^trajectory: expected a list"),
    *[([given], r"^trajectory\[0\]: expected an object") for given in (1, {"scheme": A}, {"bob": 2, "scheme": A})],
    *[([{"bob": bob, "scheme": A}], r"^trajectory\[0\]: expected an object") for bob in (-1, "0", 0.5, None)],
    ([{"bob": 0}], r"^trajectory\[0\].scheme: expected 1 lists"),
]


@pytest.mark.parametrize(("steps", "said"), STEPS)
def test_what_is_no_path_is_refused(steps: Any, said: str) -> None:
    game = Market([[0, 1, 0]], [[[2, 0, 0]], [[0, 1, 2]]])
    with pytest.raises(InstanceError, match=said):
        certified(game, "dynamics", {"scheme": A, "trajectory": steps}, step=1, **RANDOMIZED)


def test_being_short_is_told_up_to_the_noise_of_both() -> None:
    """Half of each policy of the first state gives 5 of Alice's units and 2 of the Bob's; d more of hers cost d / 2."""
    game = Market([[0, 4], [1, 3]], [[[2, 0], [0, 1]], [[0, 5], [7, 1]]])
    x = (Fraction(1, 2), Fraction(1, 2), Fraction(0), Fraction(1))
    for units, short in ((3.9, False), (4.1, True)):  # 1e-9 of a spread of 1 and half of her spread of 2
        below = Fraction(5) - Fraction(units) / 10**9
        assert lottery_path._short(game, Free(game), 0, x, below) == short
    assert not lottery_path._short(game, Free(game), 0, x, Fraction(6))


@pytest.mark.parametrize("concept", ["worst", "best"])
def test_a_lone_bob_is_bound_where_alice_has_her_optimum(concept: str) -> None:
    game = Market([[0, 2, 1, 2]], [[[3, 3, 3, 0]]])
    ends = {"worst": 0, "best": 1}
    for a in range(4):
        _, certificate = certified(game, concept, {"scheme": [[float(a == o) for o in range(4)]]}, **RANDOMIZED)
        assert certificate.verified == (a == ends[concept]), certificate.failed
    low = Market([[0, 1, 2]], [[[0, 3, 1]]])
    for a in range(3):
        _, certificate = certified(low, concept, {"scheme": [[float(a == o) for o in range(3)]]}, **RANDOMIZED)
        assert certificate.verified == (a == 1)


@pytest.mark.parametrize("seed", [4, 13, 99])
def test_beyond_enumeration_the_worst_lottery_is_certified_alone(
    seed: int, brute: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lotteries, "REPLAY", 0)
    game = brute.random_game(seed, states=2, policies=3)
    stable, every, end = by_chords(game, brute), list(mixes(game, brute)), brute.worst_lottery(game)
    for rows, u in every[:: 1 + len(every) // 16]:
        _, certificate = certified(game, "worst", {"scheme": rows}, **RANDOMIZED)
        assert certificate.verified == (stable(u, False) and u[0] == end)
        assert (certificate.checks[-1].value == 0) == (u[0] == end)


def test_frontiers_that_are_overstated_prove_nothing(brute: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines above a Bob's frontier hide what is stable: beyond enumeration nothing is the worst, and no list whole."""
    game = brute.random_game(13, states=2, policies=3)
    monkeypatch.setattr(lotteries, "REPLAY", 0)
    worst, listed = (bigopt.solve(game, concept, options=RANDOMIZED) for concept in ("worst", "stable"))
    points = (
        ("worst", {"scheme": worst.scheme}),
        ("stable", {"schemes": listed.schemes, "intervals": listed.intervals}),
    )
    for concept, point in points:
        assert certified(game, concept, point, **RANDOMIZED)[1].verified
    true = randomized.lines

    def above(of: Market, bob: int) -> list[randomized.Line]:
        *before, last = true(of, bob)
        return [*before, replace(last, p=last.p + 1)] if bob == 1 else [*before, last]

    monkeypatch.setattr(randomized, "lines", above)
    for concept, point in points:
        _, certificate = certified(game, concept, point, **RANDOMIZED)
        found = {check.name: check.value for check in certificate.failed}
        assert found["worst"] == float("inf") if concept == "worst" else found["frontiers"] == 1


def test_multipliers_that_prove_nothing_leave_a_lone_bobs_best_open(monkeypatch: pytest.MonkeyPatch) -> None:
    game, true = Market([[0, 1], [2, 0]], [[[5, 5], [3, 0]]]), obedient.stretches
    best, listed = (bigopt.solve(game, concept, options={"obedience": "true"}) for concept in ("best", "stable"))
    points = (("best", {"scheme": best.scheme}), ("stable", {"schemes": listed.schemes, "intervals": listed.intervals}))
    for concept, point in points:
        assert certified(game, concept, point, obedience=True)[1].verified

    def spoiled(polytope: Any) -> list[obedient.Stretch]:
        return [replace(part, above=replace(part.above, bobs=(Fraction(-1),))) for part in true(polytope)]

    monkeypatch.setattr(obedient, "stretches", spoiled)
    for concept, point in points:
        _, certificate = certified(game, concept, point, obedience=True)
        found = {check.name: check.value for check in certificate.failed}
        assert found == ({"best": float("inf")} if concept == "best" else {"frontiers": 1.0})
