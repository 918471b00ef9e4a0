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
            top = bottom
        for _ in range(HALVINGS if top > bottom else 0):
            middle = 0.5 * (bottom + top)
            bottom, top = (bottom, middle) if _statistic(own, np.array([[middle]])) > least else (middle, top)
        return _statistic(own, np.array([[top]])) < below


def checks(
    score: Score,
    profiles: list[Floats],
    receivers: Floats,
    near: float,
    asked: Iterable[tuple[int, int]],
    limits: Floats,
) -> tuple[Check, ...]:
    """Check the receivers of profiles, and that those who are `asked` (profile, player) gain no more than `limits`."""
    if not np.isfinite(receivers).all():
        return ()
    misses = sum(score.misses(x, float(r[0]), near) for x, r in zip(profiles, receivers, strict=True))
    gains = sum(score.gains(i, profiles[k], float(receivers[k, 0]), float(limits[i])) for k, i in asked)
    return (
        Check("score", float(misses), 0.0, "receivers", "the score crosses the statistic there", "proved"),
        Check("nobody gains", float(gains), 0.0, "players", "by the score at two points and halving of X"),
    )


def _statistic(pairs: Comparisons, actions: Floats) -> float:
    return float(pairs.slopes[:, 0] @ pairs.labels(actions))
