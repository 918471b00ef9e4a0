r"""Best responses to drawn labels in one dimension, exactly.

The estimate depends on the labels through T alone, rises with it, and the noise of the labels stays. A label of slope
b turns where its player's fake point passes :math:`(\text{noise} - a)/b`, and T rises by |b| there, whatever the sign
of b. So a player's part of T is a step function of its fake point, known from its sorted thresholds: the best response
is found by bisection among them, down to the last label.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverFailed
from bigopt.games.preferences.exact.inverse import Inverse, near
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences

FEW = 8  # players whose regrets are computed one by one
CERTAIN = 1e-12  # of the sum of all |b|: a statistic as near to its end has no finite estimate


@dataclass(frozen=True)
class Steps:
    """A player's part of T: `levels` [m + 1], the k-th between the thresholds `places[k]` and `places[k + 1]`."""

    places: Floats
    levels: Floats

    def around(self, wanted: float) -> list[int]:
        """Return the levels next to a wanted part of T, one below and one above where there are both."""
        k = int(np.searchsorted(self.levels, wanted))
        return sorted({max(k - 1, 0), min(k, len(self.levels) - 1)})

    def action(self, level: int) -> float:
        """Return a fake point that gives a level: an end of X, or between two thresholds."""
        if level in (0, len(self.levels) - 1):
            return float(self.places[0 if level == 0 else -1])
        return float(0.5 * (self.places[level] + self.places[level + 1]))


@dataclass(eq=False)
class DrawnLabels:
    """The finite game of the drawn labels, d = 1."""

    game: Preferences
    deadline: Deadline
    steps: int = 0
    method: str = "best responses to drawn labels"
    _known: dict[int, Steps] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather what all responses need."""
        with self.deadline.interrupting("drawing the pairs"):
            pairs = self.game.drawn
        self.likelihood = Likelihood(pairs.offsets, pairs.slopes, self.deadline)
        self.low, self.high = (float(end[0]) for end in self.game.action_set.bounds)
        b = pairs.slopes[:, 0]
        self._ends = float(np.minimum(b, 0.0).sum()), float(np.maximum(b, 0.0).sum())

    def statistics(self, actions: Floats) -> Floats:
        """Return each player's part of T, shape (n,)."""
        pairs = self.game.drawn
        return np.asarray(counted(pairs.player, pairs.slopes[:, 0] * pairs.labels(actions), pairs.players), float)

    def estimate(self, statistic: float, start: float) -> float:
        """Return the receiver for T, infinite where the labels separate."""
        slack = CERTAIN * (self._ends[1] - self._ends[0])
        if statistic <= self._ends[0] + slack or statistic >= self._ends[1] - slack:
            return float(np.copysign(np.inf, statistic - sum(self._ends) / 2))
        try:
            return float(self.likelihood.solve(np.array([statistic]), np.array([start]))[0])
        except SolverFailed:
            return float(np.copysign(np.inf, statistic - sum(self._ends) / 2))

    def receiver(self, actions: Floats) -> Floats:
        """Return the estimate from everybody's labels, shape (1,)."""
        start = float(self.game.weights @ actions[:, 0])
        return np.array([self.estimate(float(self.statistics(actions).sum()), start)])

    def improve(self, player: int, actions: Floats, receiver: Floats) -> tuple[Floats, Floats]:
        """Return a player's best response [1] and the receiver after it [1]; with `steps`, by so many bisections."""
        parts = self.statistics(actions)
        rest = float(parts.sum() - parts[player])
        if self.steps:
            return self._bisect(player, actions, rest, float(receiver[0]))
        if self._stuck(player, float(parts[player]), float(receiver[0])):
            return actions[player], receiver
        target = float(self.game.targets[player, 0])
        own = self._steps(player)
        wanted = float(self.likelihood.at(np.array([target])).gradient[0])
        levels = own.around(wanted - rest)
        found = [self.estimate(rest + float(own.levels[k]), target) for k in levels]
        best = int(np.argmin([abs(x - target) for x in found]))
        if abs(found[best] - target) >= abs(float(receiver[0]) - target):
            return actions[player], receiver
        return np.array([own.action(levels[best])]), np.array([found[best]])

    def regrets(self, actions: Floats, receiver: Floats) -> Floats:
        """Return what each player could gain on these labels, shape (n,); most can give no more to their side."""
        parts, targets, here = self.statistics(actions), self.game.targets[:, 0], float(receiver[0])
        least, most = (self.statistics(np.full_like(actions, end)) for end in (self.low, self.high))
        spare = np.where(targets > here, most - parts, parts - least)
        free = np.flatnonzero((spare > CERTAIN * (most - least)) & (targets != here))
        inverse = self._inverse(free, (most - least)[free], here) if len(free) > FEW else None
        if inverse is None:
            after = np.array([float(self.improve(i, actions, receiver)[1][0]) for i in free.tolist()])
        else:
            after = self._after(free, parts, inverse, here)
        regrets = np.zeros(self.game.players)
        regrets[free] = np.maximum(0.0, (here - targets[free]) ** 2 - (after - targets[free]) ** 2)
        return regrets

    def _after(self, players: Ints, parts: Floats, inverse: Inverse, here: float) -> Floats:
        """Return the receiver after each player's best response: the nearest to its target of at most two levels."""
        targets, rest = self.game.targets[players, 0], float(parts.sum()) - parts[players]
        wanted = inverse.gradients(targets) - rest
        nearby = np.empty((2, len(players)))
        for k, i in enumerate(players.tolist()):
            self.deadline.check("verifying regrets on the drawn labels")
            own = self._steps(i)
            nearby[:, k] = own.levels[np.array(own.around(float(wanted[k])))]  # one level fills both rows
        found = np.stack([*(inverse.estimates(rest + levels) for levels in nearby), np.full(len(players), here)])
        return np.asarray(found[np.abs(found - targets).argmin(axis=0), np.arange(len(players))])

    def _inverse(self, players: Ints, spans: Floats, here: float) -> Inverse | None:
        """Return the estimate as a polynomial around all targets that matter, and all moves towards them."""
        targets = self.game.targets[players, 0]
        reach = 2.0 * float(spans.max()) / float(self.likelihood.at(np.array([here])).information[0, 0])
        return near(self.likelihood, min(targets.min(), here) - reach, max(targets.max(), here) + reach)

    def _stuck(self, player: int, part: float, receiver: float) -> bool:
        """Whether the player already gives the most that it can towards its target."""
        own = self.game.drawn.own(player)
        target = float(self.game.targets[player, 0])
        end = self.high if target > receiver else self.low
        most = float(own.slopes[:, 0] @ own.labels(np.array([[end]])))
        return target == receiver or bool(abs(most - part) <= 1e-12 * float(np.abs(own.slopes).sum()))

    def _steps(self, player: int) -> Steps:
        """Return the player's step function over X."""
        if player not in self._known:
            own = self.game.drawn.own(player)
            b = own.slopes[:, 0]
            moving = b != 0
            places = (own.noise[moving] - own.offsets[moving]) / b[moving]
            inside = (places >= self.low) & (places < self.high)
            order = np.argsort(places[inside])
            rises = np.abs(b[moving][inside][order])
            start = float(b @ own.labels(np.array([[self.low]])))
            levels = start + np.concatenate([[0.0], np.cumsum(rises)])
            known = Steps(np.concatenate([[self.low], places[inside][order], [self.high]]), levels)
            self._known[player] = known
        return self._known[player]

    def path(self, player: int, actions: Floats, receiver: float, steps: int) -> list[tuple[float, float]]:
        """Return the (fake point, receiver) pairs of a bisection between the end of X and the player's own action."""
        parts = self.statistics(actions)
        return self._path(player, actions, float(parts.sum() - parts[player]), receiver, steps)

    def _path(
        self, player: int, actions: Floats, rest: float, receiver: float, steps: int
    ) -> list[tuple[float, float]]:
        own = self.game.drawn.own(player)
        target = float(self.game.targets[player, 0])

        def receives(x: float) -> float:
            return self.estimate(rest + float(own.slopes[:, 0] @ own.labels(np.array([[x]]))), receiver)

        up = target > receiver
        far, near = (self.high if up else self.low), float(actions[player, 0])
        tried = [(far, receives(far))]
        if (tried[0][1] <= target) == up or tried[0][1] == target:  # even the end does not reach the target
            return tried
        for _ in range(steps):
            middle = 0.5 * (far + near)
            tried.append((middle, receives(middle)))
            beyond = tried[-1][1] > target if up else tried[-1][1] < target
            far, near = (middle, near) if beyond else (far, middle)
        return tried[1:]

    def _bisect(self, player: int, actions: Floats, rest: float, receiver: float) -> tuple[Floats, Floats]:
        x, found = self._path(player, actions, rest, receiver, self.steps)[-1]
        target = float(self.game.targets[player, 0])
        if abs(found - target) >= abs(receiver - target):
            return actions[player], np.array([receiver])
        return np.array([x]), np.array([found])
