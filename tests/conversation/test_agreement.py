"""Straightforward conversations against a simulation that keeps whole transcripts, and against what is true of them."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.exact_conversation import Exact, Talk
from bigopt import catalog
from bigopt.engine.solve import solve
from bigopt.files.instance import load
from bigopt.games.conversation import Conversation

Make = Callable[..., Conversation]


@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
@pytest.mark.parametrize("messages", ["exact", "1/4", "1/10", "0.020000000000000004"])  # the last beyond 64 bits
def test_against_whole_transcripts(make: Make, order: str, messages: str) -> None:
    for seed in range(12):
        game = make(seed, rounds=1 + seed % 4, actions=2 + seed % 2)
        solution = solve(game, "agreement", options={"messages": messages, "order": order})
        assert solution.solved, solution.certificate.failed
        step = None if messages == "exact" else Fraction(messages)
        wanted = Talk(Exact(game), [None], step, order == "simultaneous").agreement(game.rounds)
        assert solution.fields["rounds"] == pytest.approx({r: float(p) for r, p in wanted.pop("rounds").items()})
        for key, value in wanted.items():
            assert solution.fields[key] == (value if value is None else pytest.approx(float(value), abs=1e-12)), (
                seed,
                key,
            )


def test_the_unit_and_the_origin_of_utility_change_nothing(make: Make) -> None:
    for seed in range(8):
        game = make(seed)
        moved = Conversation(game.alice * 128 + 4096, list(game.bobs), game.rounds, prior_weights=game.prior_weights)
        plain, other = (solve(g, "agreement") for g in (game, moved))
        assert plain.rounds == other.rounds and plain.lost_later == other.lost_later
        assert other.mean_error == pytest.approx(128 * plain.mean_error, rel=1e-12, abs=1e-12)


def test_names_of_features_change_nothing(make: Make) -> None:
    rng = np.random.default_rng(0)
    for seed in range(8):
        game = make(seed, a=4, b=3)
        weights = game.prior_weights[rng.permutation(4)][:, rng.permutation(3)]
        renamed = Conversation(game.alice, list(game.bobs), game.rounds, prior_weights=weights)
        plain, other = (solve(g, "agreement", options={"messages": "1/8"}) for g in (game, renamed))
        assert plain.rounds == other.rounds and plain.mean_error == pytest.approx(other.mean_error, abs=1e-15)


def test_long_decimals_are_played_with_whole_numbers(make: Make) -> None:
    rng = np.random.default_rng(3)
    prior = rng.random((6, 5, 2))
    game = Conversation([[1, 0], [0, 1]], [[[1, 0], [0, 1]]], 9, prior=prior / prior.sum(), name="decimals")
    assert game.mass.dtype == object
    solution = solve(game, "agreement")
    assert solution.solved and solution.max_round == 1 and solution.max_error == 0


def test_a_generic_prior_is_told_in_one_round_and_its_size_is_no_matter() -> None:
    rng = np.random.default_rng(1)
    weights = rng.integers(1, 1000, (60, 60, 5))
    game = Conversation(rng.integers(0, 101, (5, 5)) / 100, [np.eye(5)], 50, prior_weights=weights, name="generic")
    solution = solve(game, "agreement")
    assert solution.solved and solution.rounds == {1: 1.0} and solution.max_error == 0


def test_agreement_between_rounds_bounds_no_error() -> None:
    game = load(catalog.instance("conversation/independent-signals"))
    assert solve(game, "substitutes").fields["holds"]
    assert game.belief("high") == game.belief(x_B="high") == [Fraction(1, 4), Fraction(3, 4)]
    assert game.belief("high", "high") == [Fraction(1, 10), Fraction(9, 10)]
