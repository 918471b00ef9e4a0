"""The first inputs of `python -m benchmarks.fuzz_input`, and what its long runs found."""

import warnings
from pathlib import Path

import bigopt
from benchmarks.fuzz_input import run
from bigopt import Market


def test_mutated_files_end_in_one_line_or_an_answer() -> None:
    counts, faults = run(range(12))
    assert not faults and counts.total() == 12


def test_a_market_of_enormous_ratios_is_drawn(tmp_path: Path) -> None:
    """5e-324 beside 1e150: integers of 470 digits."""
    game = Market([[1.0, 5e-324], [0.0, 1e150]], [[[1.0, 2.0], [5e-324, 1e150]]] * 2)
    bigopt.plot(game, tmp_path / "market.png")


def test_a_letter_that_the_font_lacks_is_not_told_as_it_is(tmp_path: Path) -> None:
    """A warning of it holds the letter: an escape sequence of a name would reach the terminal."""
    game = Market([[1.0, 0.0]], [[[0.0, 1.0]]], states=["\x1b[2J"], name="\x1b[31m")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bigopt.plot(game, tmp_path / "market.png")


def test_a_lone_bob_needs_no_undominated_pairs() -> None:
    """Every one of 2^24 schemes is undominated; he plays his favourite, the second policy of every state."""
    states = [[0.0, -(2.0**s)] for s in range(24)]
    game = Market(states, [[[0.0, 2.0**s] for s in range(24)]])
    moved = bigopt.solve(game, "dynamics")
    assert moved.solved and moved.moves == 0 and moved.scheme.tolist() == [1] * 24
    reply = bigopt.solve(game, "best-response", player=0, profile=[[0] * 24])
    assert reply.solved and reply.action.tolist() == [1] * 24
