"""Quantal Bobs in one round: equilibria by hand-written profiles, signals by solvers, curves of the closure."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from bigopt.engine.solve import solve
from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.exact.quantal import choices, utilities
from bigopt.games.conversation.exact.talk import talk
from bigopt.games.conversation.exact.trees import partitions
from bigopt.games.conversation.rules import Rule

Make = Callable[..., Conversation]
GUESS = [[1, 0], [0, 1]]


def test_equilibria_against_profiles_played_out(make: Make) -> None:
    """Where nobody's announcement tells Alice's features apart the game is one of partitions: play them all."""
    for seed in range(4):
        drawn = make(seed, a=1, b=3, bobs=2, rounds=1, actions=3)
        every = list(partitions(tuple(np.flatnonzero(drawn.possible.any(axis=0)).tolist()), 3))
        values = {}
        for pair in product(range(len(every)), repeat=2):
            rules = [Rule("rounds", rounds=(tuple(_letters(every[i])),)) for i in pair]
            *_, last = talk(drawn, rules)
            values[pair] = utilities(drawn, last.alice, choices(drawn, last.alice, 6.0))
        n = range(len(every))
        stable = [
            v[0]
            for (i, j), v in values.items()
            if all(values[g, j][1] <= v[1] + 1e-12 for g in n) and all(values[i, g][2] <= v[2] + 1e-12 for g in n)
        ]
        solution = solve(drawn, "quantal-nash", options={"lambda": 6})
        assert solution.solved and solution.count == len(stable)
        assert solution.worst == pytest.approx(min(stable), abs=1e-12)
        assert solution.best == pytest.approx(max(stable), abs=1e-12)


def test_what_is_told_of_features_that_cannot_be_is_no_other_equilibrium() -> None:
    """One row, two features x_B that can be and one that cannot: the same game as without it."""
    bobs = [[[0.3, 0.7], [0.6, 0.1]], [[0.9, 0.2], [0.1, 0.5]]]
    with_, without = [
        Conversation(GUESS, bobs, 1, prior_weights=[[[2, 1], [1, 3], *never]], name="never") for never in ([[0, 0]], [])
    ]
    found = [solve(game, "quantal-nash") for game in (with_, without)]
    assert found[0].solved and found[0].count == found[1].count > 0
    assert found[0].worst == pytest.approx(found[1].worst, abs=1e-12)


def _letters(parts: tuple[tuple[int, ...], ...]) -> list[int]:
    return [next((i for i, part in enumerate(parts) if b in part), 0) for b in range(3)]


@pytest.mark.parametrize("features", [2, 3])
def test_a_local_solver_stays_below_the_bound(features: int) -> None:
    rng = np.random.default_rng(features)
    weights = rng.integers(1, 9, (2, features, 3))
    bob = rng.random((3, 3)).round(2)
    game = Conversation(rng.random((3, 3)).round(2), [bob], 1, prior_weights=weights, name="signal")
    ours, theirs = solve(game, "quantal-signal"), solve(game, "quantal-signal", "ipopt")
    assert ours.solved, ours.certificate.failed
    assert ours.value >= max(ours.silent, ours.revealing) - 1e-12
    assert theirs.value <= ours.at_most + 1e-9
    assert theirs.value == pytest.approx(ours.value, abs=0.02 * float(np.ptp(bob)))


def test_a_prosecutor_of_a_quantal_judge_comes_near_the_best_of_a_sharp_one() -> None:
    """Kamenica and Gentzkow: prior .3, conviction .6 in the limit of large lambda, from below."""
    game = Conversation(GUESS, [[[0, 0], [1, 1]]], 1, prior_weights=[[[7, 0], [0, 3]]], name="judge")
    values = [solve(game, "quantal-signal", options={"lambda": lam}).value for lam in (5, 40, 150)]
    assert values == sorted(values) and values[-1] == pytest.approx(0.6, abs=0.03) and values[-1] < 0.6


def test_what_is_refused(make: Make) -> None:
    with pytest.raises(UsageError, match="features of the Bobs, at most 3"):
        solve(make(1, b=4), "quantal-signal")
    never = Conversation(GUESS, [GUESS], 1, prior_weights=[[[1, 0], [0, 1]], [[0, 0], [0, 0]]], name="never")
    with pytest.raises(InstanceError, match="'x_A 1': has probability 0"):
        solve(never, "quantal-signal", options={"heard": "x_A 1"})
