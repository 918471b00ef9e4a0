"""What the score at two points says of drawn labels, beside estimates by a root finder for every level of a player."""

from typing import Any

import numpy as np
import pytest

from bigopt import Box, Preferences
from bigopt.concepts import Deadline
from bigopt.concepts.solution import Check
from bigopt.games.preferences.verify.drawn import Score, bisections_check, receivers_check, replies_check
from tests.preferences.test_certificates import estimate

GAMES = range(6)


def small(seed: int) -> tuple[Preferences, Any]:
    """Return a game of a few dozen labels, and a profile that is no equilibrium."""
    rng = np.random.default_rng([seed, 5])
    law = {"distribution": "uniform", "low": -2.0, "high": 3.0}
    game = Preferences(rng.uniform(-1, 1.5, (3, 1)), Box([-1.0], [1.5]), [12, 7, 20], law, seed=seed)
    return game, rng.uniform(-1, 1.5, 3)


def levels(game: Preferences, player: int, actions: Any) -> list[float]:
    """Return the estimates that a player's fake points lead to: at the ends, and between places where labels turn."""
    own = game.drawn.own(player)
    places = (own.noise - own.offsets) / own.slopes[:, 0]
    inside = np.sort(places[(places > -1.0) & (places < 1.5)])
    points = [-1.0, *(0.5 * (inside[1:] + inside[:-1])), 1.5]
    return [estimate(game.drawn, np.where(np.arange(3) == player, x, actions)) for x in points]


@pytest.mark.parametrize("seed", GAMES)
def test_who_gains_more_than_so_much(seed: int) -> None:
    game, actions = small(seed)
    score, here = Score(game, Deadline()), estimate(game.drawn, actions)
    for player in range(3):
        target = float(game.targets[player, 0])
        best = min((x - target) ** 2 for x in levels(game, player, actions))
        gain = (here - target) ** 2 - best
        for most in (1e-7, 0.5 * gain + 1e-7, gain - 1e-6, gain + 1e-6, 2.0 * gain + 0.01):
            assert score.gains(player, actions[:, None], here, most) is (gain > most + 1e-9), (player, gain, most)
    nearby = float(game.targets[0, 0]) + 0.01
    assert score.gains(0, actions[:, None], nearby, 0.0002) is False  # less is at stake
    for near, missed in ((1e-9, True), (0.0999, True), (0.1001, False)):
        for away in (0.1, -0.1):
            assert score.misses(actions[:, None], here + away, near) is missed
    assert score.misses(actions[:, None], here, 1e-9) is False


@pytest.mark.parametrize("seed", GAMES)
@pytest.mark.parametrize("near", [1e-9, 0.05, 0.4])
@pytest.mark.parametrize("steps", [1, 4])
def test_bisections_where_a_side_may_be_unclear(seed: int, near: float, steps: int) -> None:
    game, actions = small(seed)
    score, here = Score(game, Deadline()), estimate(game.drawn, actions)
    for player in range(3):
        target = float(game.targets[player, 0])
        side = 1.0 if target > here else -1.0

        def past(x: float, player: int = player, side: float = side, target: float = target) -> float:
            return side * (estimate(game.drawn, np.where(np.arange(3) == player, x, actions)) - target)

        wanted = []
        for least in (near, -near):  # from where on it counts as beyond
            far, close = (1.5 if side > 0 else -1.0), float(actions[player])
            last = far
            for _ in range(steps if past(far) > least else 0):
                last = 0.5 * (far + close)
                far, close = (last, close) if past(last) > least else (far, last)
            wanted.append(np.where(np.arange(3) == player, last, actions))
        found = score.replies(player, actions[:, None], here, steps, near)
        assert [way.ravel().tolist() for way in found] == [way.tolist() for way in wanted]


@pytest.mark.parametrize("seed", GAMES)
def test_what_is_better_by_so_much(seed: int) -> None:
    game, actions = small(seed)
    score, reached = Score(game, Deadline()), estimate(game.drawn, actions)
    for player in range(3):
        target = float(game.targets[player, 0])
        for receiver in (target + 0.7, target - 0.7, target + 0.1, reached + 0.01, reached - 0.01):
            gain = (receiver - target) ** 2 - (reached - target) ** 2
            for most in (0.0, gain - 1e-6, gain + 1e-6, 3.0):
                assert score.better(player, actions[:, None], receiver, most) is (gain > most + 1e-9)


@pytest.mark.parametrize("seed", [0, 1, 3, 4])  # somebody gains
def test_one_wrong_entry_fails_a_check(seed: int) -> None:
    """Receivers, replies and bisections are counted one by one, and none may be wrong."""
    game, actions = small(seed)
    score, here = Score(game, Deadline()), estimate(game.drawn, actions)
    receivers = np.array([[here], [here + 0.01], [here - 0.01]])
    found = receivers_check(score, [actions[:, None]] * 3, receivers, 1e-6)
    assert found.value == 2.0 and found.grade == "proved" and not found.passed
    for which, wrong in (([0], 0.0), ([0, 1], 1.0)):
        found = receivers_check(score, [actions[:, None]] * len(which), receivers[which], 1e-6)
        assert found.value == wrong and found.passed is (wrong == 0.0)
    bests = [min((x - game.targets[i, 0]) ** 2 for x in levels(game, i, actions)) for i in range(3)]
    gains = [(here - game.targets[i, 0]) ** 2 - bests[i] for i in range(3)]
    who = int(np.argmax(gains))
    assert gains[who] > 1e-3
    for limit, wrong in ((0.5 * gains[who], 1.0), (1.5 * gains[who], 0.0)):
        limits = np.full(3, limit)
        found = replies_check(score, [actions[:, None]], receivers, [(0, who)], limits)
        assert found.value == wrong and found.passed is (wrong == 0.0) and found.grade == "recomputed"
    several = replies_check(score, [actions[:, None]], receivers, [(0, i) for i in range(3)], np.full(3, 1e-5))
    assert several.value == sum(gain > 1e-5 for gain in gains)


@pytest.mark.parametrize("seed", GAMES)
def test_one_wrong_bisection_fails_a_check(seed: int) -> None:
    game, actions = small(seed)
    score, here = Score(game, Deadline()), estimate(game.drawn, actions)
    who = int(np.argmax(np.abs(game.targets[:, 0] - here)))
    way = score.replies(who, actions[:, None], here, 3, 1e-9)[0]
    off = way.copy()
    off[who, 0] += 1e-3
    mirrored = 2.0 * game.targets[who, 0] - here  # on the other side
    everywhere = np.array([[here], [estimate(game.drawn, way.ravel())], [mirrored]])
    profiles = [actions[:, None], way, way]
    reached = (here - game.targets[who, 0]) ** 2 - (everywhere[1, 0] - game.targets[who, 0]) ** 2

    def bisections(moves: Any, still: Any, limit: float, made: Any = profiles) -> Check:
        return bisections_check(score, made, everywhere, moves, still, np.full(3, limit), 3, 1e-6)

    assert bisections([(1, who)], [], 1e-9).passed and bisections([], [], 1e-9).grade == "recomputed"
    wrong_first = bisections([(1, who), (2, who)], [], 1e-9, [actions[:, None], off, way])
    assert wrong_first.value >= 1.0 and not wrong_first.passed
    alone = bisections([(1, who)], [], 1e-9, [actions[:, None], off])
    assert alone.value == 1.0 and not alone.passed
    twice = bisections([(1, who), (1, who)], [], 1e-9, [actions[:, None], off])
    assert twice.value == 2.0
    assert bisections([(1, (who + 1) % 3)], [], 1e-9).value == 1.0  # somebody else's move
    if reached > 1e-3:
        assert bisections([], [(0, who)], 0.5 * reached).value == 1.0
        assert bisections([(1, who)], [(0, who), (0, who)], 0.5 * reached).value == 2.0
        assert bisections([], [(0, who)], 1.5 * reached).passed
