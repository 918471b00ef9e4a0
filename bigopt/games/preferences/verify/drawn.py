r"""Drawn labels in one dimension, judged without an estimate: by the score at two points.

The estimate of a statistic T is where the score :math:`G(x) = \sum_j b_j \sigma(a_j + b_j x)` is T, and G rises. So a
point is within d of it iff :math:`G(x - d) \le T \le G(x + d)`, and a player whose target is t can bring the receiver
within r of t iff its fake points can make T lie between :math:`G(t - r)` and :math:`G(t + r)`. Its part of T never
falls with its fake point, so that the least part above a number is found by halving X.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences

HALVINGS = 64  # of X: down to neighbouring floats


class Score:
    """The score of the drawn labels, and what players can make of it."""

    def __init__(self, game: Preferences, deadline: Deadline) -> None:
        """Keep the labels' law."""
        self.game, self.pairs, self.deadline = game, game.drawn, deadline
        self.likelihood = Likelihood(self.pairs.offsets, self.pairs.slopes, deadline)
        self.low, self.high = (float(end[0]) for end in game.action_set.bounds)

    def at(self, x: float) -> float:
        """Return G(x)."""
        return float(self.likelihood.at(np.array([x])).gradient[0])

    def error(self, x: float) -> float:
        """Return the standard error of an estimate x."""
        return float(self.likelihood.at(np.array([x])).information[0, 0] ** -0.5)

    def misses(self, actions: Floats, receiver: float, near: float) -> bool:
        """Whether the estimate of a profile's labels is farther than `near` from a receiver."""
        self.deadline.check("verifying the receivers")
        statistic = _statistic(self.pairs, actions)
        return not self.at(receiver - near) <= statistic <= self.at(receiver + near)

    def gains(self, player: int, actions: Floats, receiver: float, most: float) -> bool:
        """Whether a player can lower its loss by more than `most`."""
        self.deadline.check("verifying that nobody gains")
        target = float(self.game.targets[player, 0])
        near = (receiver - target) ** 2 - most
        if near <= 0:
            return False
        own = self.pairs.own(player)
        rest = _statistic(self.pairs, actions) - _statistic(own, actions[[player]])
        least, below = self.at(target - near**0.5) - rest, self.at(target + near**0.5) - rest
        bottom, top = self.low, self.high
        if _statistic(own, np.array([[top]])) <= least:
            return False
        if _statistic(own, np.array([[bottom]])) > least:
            return _statistic(own, np.array([[bottom]])) < below
        for _ in range(HALVINGS):
            middle = 0.5 * (bottom + top)
            bottom, top = (bottom, middle) if _statistic(own, np.array([[middle]])) > least else (middle, top)
        return _statistic(own, np.array([[top]])) < below

    def replies(self, player: int, actions: Floats, receiver: float, steps: int, near: float) -> list[Floats]:
        """Return to which profiles so many bisections may bring a player: two where the side of a label is unclear."""
        self.deadline.check("following bisections")
        target = float(self.game.targets[player, 0])
        up = target > receiver
        less, more = self.at(target - near), self.at(target + near)

        def followed(unclear: bool) -> Floats:
            def beyond(x: float) -> bool:
                statistic = _statistic(self.pairs, _moved(actions, player, x))
                surely, surely_not = statistic > more, statistic < less
                if not up:
                    surely, surely_not = surely_not, surely
                return surely or (unclear and not surely_not)

            far, close = (self.high if up else self.low), float(actions[player, 0])
            last = far
            for _ in range(steps if beyond(far) else 0):
                last = 0.5 * (far + close)
                far, close = (last, close) if beyond(last) else (far, last)
            return _moved(actions, player, last)

        return [followed(False), followed(True)]

    def better(self, player: int, actions: Floats, receiver: float, most: float) -> bool:
        """Whether a profile lowers a player's loss by more than `most` below that at a receiver."""
        target = float(self.game.targets[player, 0])
        near = (receiver - target) ** 2 - most
        if near <= 0:
            return False
        return self.at(target - near**0.5) < _statistic(self.pairs, actions) < self.at(target + near**0.5)


def receivers_check(score: Score, profiles: list[Floats], receivers: Floats, near: float) -> Check:
    """Check the receivers of profiles."""
    misses = sum(score.misses(x, float(r[0]), near) for x, r in zip(profiles, receivers, strict=True))
    return Check("score", float(misses), 0.0, "receivers", "the score crosses the statistic there", "proved")


def replies_check(
    score: Score, profiles: list[Floats], receivers: Floats, asked: Iterable[tuple[int, int]], limits: Floats
) -> Check:
    """Check that those who are `asked` (profile, player) could gain no more than `limits`."""
    gains = sum(score.gains(i, profiles[k], float(receivers[k, 0]), float(limits[i])) for k, i in asked)
    return Check("nobody gains", float(gains), 0.0, "players", "by the score at two points and halving of X")


def bisections_check(
    score: Score,
    profiles: list[Floats],
    receivers: Floats,
    moves: Iterable[tuple[int, int]],
    asked: Iterable[tuple[int, int]],
    limits: Floats,
    steps: int,
    near: float,
) -> Check:
    """Check that every move (profile after it, player) is one of `steps` bisections, and that no other would gain."""
    wrong = 0
    for k, i in moves:
        ways = score.replies(i, profiles[k - 1], float(receivers[k - 1, 0]), steps, near)
        wrong += not any(float(np.abs(way - profiles[k]).max()) <= near for way in ways)
    for k, i in asked:
        ways = score.replies(i, profiles[k], float(receivers[k, 0]), steps, near)
        wrong += all(score.better(i, way, float(receivers[k, 0]), float(limits[i])) for way in ways)
    return Check("bisections", float(wrong), 0.0, "players", "each followed by the score, without an estimate")


def _moved(actions: Floats, player: int, x: float) -> Floats:
    moved = actions.copy()
    moved[player, 0] = x
    return moved


def _statistic(pairs: Comparisons, actions: Floats) -> float:
    return float(pairs.slopes[:, 0] @ pairs.labels(actions))
