"""Substitutes: every rectangle by the definition's own mean squared errors, and games whose answer is known."""

from collections.abc import Callable
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest

from bigopt.engine.solve import solve
from bigopt.games import kinds
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact import variances

Make = Callable[..., Conversation]

GUESS = [[1, 0], [0, 1]]


def subsets(n: int) -> list[list[int]]:
    return [list(s) for s in chain.from_iterable(combinations(range(n), r) for r in range(1, n + 1))]


def test_every_rectangle_by_the_definition(make: Make) -> None:
    seen = set()
    for seed in range(25):
        game = make(seed, a=2 + seed % 2, b=3, y=2 + seed % 2)
        wanted = True
        for action in range(2):
            squares = variances.Squares.of(game, action)
            for A in subsets(game.sizes[0]):
                for B in subsets(game.sizes[1]):
                    if game.possible[np.ix_(A, B)].any():
                        left, right = variances.definition(game, action, A, B)
                        assert (squares.exact(A, B) < 0) == (left > right)
                        wanted &= left <= right
        solution = solve(game, "substitutes")
        assert solution.solved and solution.fields["holds"] == wanted
        seen.add(wanted)
    assert seen == {True, False}


def test_the_condition_is_symmetric(make: Make) -> None:
    for seed in range(20):
        game = make(seed, a=3, b=4)
        weights = game.prior_weights.transpose(1, 0, 2)
        swapped = Conversation(game.alice, list(game.bobs), 1, prior_weights=weights)
        assert solve(game, "substitutes").fields["holds"] == solve(swapped, "substitutes").fields["holds"]


def test_ties_one_by_one_and_over_one_denominator_agree(make: Make) -> None:
    for seed in range(20):
        squares = variances.Squares.of(make(seed), 0)
        everything = np.ones((8, 8), dtype=bool)
        assert (variances._by_integers(squares, everything, None) is None) == (variances.violation(squares) is None)


@pytest.mark.parametrize("copies", [1, 4])
def test_independent_signals_told_apart_needlessly_are_still_substitutes(
    copies: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two signals comes in copies that say the same: thousands of rectangles tie exactly."""
    weights = np.kron([[9, 3], [3, 1]], np.ones((copies, copies), dtype=int))
    states = np.stack([weights, weights[::-1, ::-1]], axis=2)
    game = Conversation(GUESS, [GUESS], 1, prior_weights=states, name="copies")
    one_by_one: list[None] = []
    exact = variances.Squares.exact

    def counted(self: variances.Squares, A: list[int], B: list[int]) -> Any:
        one_by_one.append(None)
        return exact(self, A, B)

    monkeypatch.setattr(variances.Squares, "exact", counted)
    solution = solve(game, "substitutes")
    assert solution.solved and solution.fields["holds"] and not solution.holds_as_printed
    assert len(one_by_one) <= 2 * variances.MANY  # the others all at once


def test_beyond_enumeration_nothing_found_is_nothing_proved() -> None:
    weights = np.kron([[9, 3], [3, 1]], np.ones((8, 8), dtype=int))
    game = Conversation(GUESS, [GUESS], 1, prior_weights=np.stack([weights, weights[::-1, ::-1]], axis=2), name="wide")
    solution = solve(game, "substitutes")
    assert solution.fields["holds"] is None and not solution.certificate.verified and solution.exit_code == 1
    spoiled = np.stack([weights, weights[::-1, ::-1]], axis=2)
    spoiled[0, :, 0] = 0
    spoiled[0, ::2, 0] = 40
    found = solve(Conversation(GUESS, [GUESS], 1, prior_weights=spoiled, name="spoiled"), "substitutes")
    assert found.fields["holds"] is False and found.solved


def test_a_false_witness_fails(make: Make) -> None:
    game = Conversation(GUESS, [GUESS], 1, prior_weights=[[[9, 1], [3, 3]], [[3, 3], [1, 9]]], name="independent")
    from bigopt.concepts.concept import Request
    from bigopt.games.conversation.verify.substitutes import substitutes

    claim = {"holds": False, "witness": {"action": 0, "A": [0, 1], "B": [0, 1]}}
    assert not substitutes(game, claim, Request("substitutes"))[1].verified
    xor = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], name="xor")
    assert substitutes(xor, claim, Request("substitutes"))[1].verified
    assert not substitutes(xor, {"holds": True, "witness": None}, Request("substitutes"))[1].verified


@pytest.mark.parametrize(("high", "low", "tiny"), [(1e100, 1e-19, 1e-80), (1e119, 1.0, 1e-110), (1e5, 1e-110, 1e-80)])
def test_squares_beyond_floats_hide_no_violation(high: float, low: float, tiny: float) -> None:
    """The state is whether two fair bits agree, but for a share of 1e-80: each alone says nothing of it."""
    prior = [[[0.25, 0.0], [0.0, 0.25]], [[0.0, 0.25], [0.25, tiny]]]
    game = Conversation([[high, low], [0, 0]], [[[0, 1], [1, 0]]], 1, prior=prior)
    found = solve(game, "substitutes")
    assert found.solved and found.fields["holds"] is False
    row = kinds.concept_of(game, "substitutes")
    assert not row.verify(game, {"holds": True}, row.request())[1].verified
    quantal = solve(game, "quantal")
    assert quantal.solved and quantal.alice == pytest.approx(high / 2)  # it is all or nothing, at any lambda
