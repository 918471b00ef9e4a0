"""The smoke of `python -m benchmarks.fuzz_conversation`, and what it found: units, origins, and Bobs who don't care."""

import pytest

from benchmarks.fuzz_conversation import CASES
from benchmarks.fuzzing import WRONG, verdict
from bigopt import solve
from bigopt.errors import InstanceError
from bigopt.games.conversation import Conversation


@pytest.mark.parametrize("name", CASES)
def test_hostile_games_agree(name: str) -> None:
    said = [verdict(CASES[name](seed)) for seed in range(2)]
    assert not [words for words in said if words.startswith(WRONG)] and "agree" in said


def far(unit: float, origin: float) -> Conversation:
    """A quantal Alice of one feature and a Bob who tells three apart, in another unit and far from 0."""
    alice = [[0.8, 0.2, 1.0], [0.0, 0.4, 0.0]]
    bob = [[0.0, 0.2, 0.2], [0.6, 0.2, 1.0]]
    tables = [[[float(f"{v * unit + origin:.12g}") for v in row] for row in table] for table in (alice, bob)]
    return Conversation(tables[0], [tables[1]], 1, prior_weights=[[[1, 2, 1], [0, 3, 1], [2, 1, 3]]])


@pytest.mark.parametrize(("unit", "origin"), [(1.0, 1e6), (1.0, -1e9), (1e4, 0.0), (1e-4, 0.0)])
def test_equilibria_of_quantal_bobs_have_no_unit_and_no_origin(unit: float, origin: float) -> None:
    here = solve(far(1.0, 0.0), "quantal-nash", options={"lambda": 3.0})
    there = solve(far(unit, origin), "quantal-nash", options={"lambda": 3.0 / unit})
    assert here.solved and there.solved and here.count == there.count
    assert there.worst == pytest.approx(here.worst * unit + origin, abs=1e-9 * unit + 1e-15 * abs(origin))


@pytest.mark.parametrize("value", [0.0, 1.0, 5.0])
def test_a_bob_who_does_not_care_may_say_anything(value: float) -> None:
    game = Conversation([[1.0, 0.0], [0.0, 1.0]], [[[value] * 2] * 2] * 2, 1, prior_weights=[[[1, 1], [0, 2], [3, 1]]])
    found = solve(game, "quantal-nash", options={"lambda": 7.0})
    assert found.solved and found.count == 25  # five partitions of three features each


def test_a_bob_in_large_units_is_bounded() -> None:
    weights = [[[2, 0, 3], [3, 3, 1], [3, 1, 1]], [[2, 0, 3], [3, 3, 1], [2, 1, 1]]]
    alice, bob = [[4, 0, 3], [3, 4, 3]], [[[5e9, 2e9, 3e9], [4e9, 4e9, 3e9]]]
    small = Conversation(alice, [[[5, 2, 3], [4, 4, 3]]], 1, prior_weights=weights)
    large = Conversation(alice, bob, 1, prior_weights=weights)
    ours, theirs = (solve(game, "quantal", options={"lambda": 2.0}) for game in (small, large))
    assert theirs.solved and theirs.regrets_at_most[0] == pytest.approx(1e9 * ours.regrets_at_most[0], rel=1e-6)


def test_an_action_that_alice_never_takes_sets_no_scale() -> None:
    """She has nothing to learn and one action that she takes, so that no rule of the Bob's gains anything."""
    alice = [[0.7, 0.65], [-1e8, -1e8], [0.31, 0.61]]
    game = Conversation(alice, [[[0.5, 0.1], [9.0, 9.0], [0.8, 0.5]]], 1, prior_weights=[[[2, 2], [1, 0]]])
    assert solve(game, "play").regrets_at_most == pytest.approx([0.0], abs=1e-9)
    found = solve(game, "deviation", player=0)
    assert found.solved and found.at_most == pytest.approx(0.34, abs=1e-9)


def test_numbers_too_far_apart_are_refused_in_one_line() -> None:
    with pytest.raises(InstanceError, match=r"alice: takes whole numbers of \d+ digits, expected at most 120"):
        Conversation([[2.0], [5e-324]], [[[1.0], [2.0]]], 1, prior_weights=[[[1], [2]]])
