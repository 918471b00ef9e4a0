r"""Best responses in several dimensions: to expected labels of the drawn pairs, locally.

Player i contributes :math:`T_i(x) = \sum_j b_j \sigma(a_j + b_j^\top x)` and the receiver solves
:math:`G(\hat x) = \sum_i T_i(x_i)`. By the implicit function theorem

.. math:: \frac{\partial \hat x}{\partial x_i} = I(\hat x)^{-1} I_i(x_i),

I the information of all pairs, I_i that of player i's. The fake point that brings the receiver to the target itself
solves :math:`T_i(x) = G(t_i) - \sum_{j \ne i} T_j`, a likelihood equation of the player's own pairs: where it lies in X
it is a best response, proved. Elsewhere projected gradients find a local one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverFailed
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences

MOVES = 100  # projected gradient steps
QUIET = 1e-5  # of the action set's size: a shorter projected step ends them


@dataclass(eq=False)
class ExpectedLabels:
    """The game in which every label is replaced by its probability, any d."""

    game: Preferences
    deadline: Deadline
    pairs: Comparisons
    method: str = "local best responses to expected labels"

    def __post_init__(self) -> None:
        """Gather what all responses need."""
        self.likelihood = Likelihood(self.pairs.offsets, self.pairs.slopes, self.deadline)
        owns = [self.pairs.own(i) for i in range(self.game.players)]
        self._own = [Likelihood(own.offsets, own.slopes, self.deadline) for own in owns]
        lower, upper = self.game.action_set.bounds
        self.size = float((upper - lower).max())

    def statistics(self, actions: Floats) -> Floats:
        """Return each player's T_i, shape (n, d)."""
        return np.array([own.at(x).gradient for own, x in zip(self._own, actions, strict=True)])

    def receiver(self, actions: Floats) -> Floats:
        """Return the receiver of a profile, shape (d,)."""
        return self.likelihood.solve(self.statistics(actions).sum(axis=0), self.game.weights @ actions)

    def improve(self, player: int, actions: Floats, receiver: Floats) -> tuple[Floats, Floats]:
        """Return the best response that is found [d] and the receiver after it [d]; the action itself if none is."""
        parts = self.statistics(actions)
        rest = parts.sum(axis=0) - parts[player]
        target = self.game.targets[player]
        starts = [actions[player]]
        hit = self._hit(player, rest, actions[player])
        if hit is not None:
            if float(self.game.action_set.contains(hit[None])[0]) <= 1e-12 * self.size:
                return hit, target
            starts.append(self.game.action_set.project(hit[None])[0])
        best, reached = actions[player], receiver
        for start in starts:
            x, found = self._descend(player, start, rest, receiver)
            if float(((found - target) ** 2).sum()) < float(((reached - target) ** 2).sum()):
                best, reached = x, found
        return best, reached

    def _hit(self, player: int, rest: Floats, start: Floats) -> Floats | None:
        """Return the fake point, in X or not, that brings the receiver to the target; None where none is found."""
        wanted = self.likelihood.at(self.game.targets[player]).gradient - rest
        try:
            return self._own[player].solve(wanted, start, 10.0 * self.size)
        except SolverFailed:
            return None

    def _descend(self, player: int, start: Floats, rest: Floats, receiver: Floats) -> tuple[Floats, Floats]:
        """Return a local minimum of the player's loss over X by projected gradients with halved steps."""
        project, target, own = self.game.action_set.project, self.game.targets[player], self._own[player]
        x, found = start, self.likelihood.solve(rest + own.at(start).gradient, receiver)
        for _ in range(MOVES):
            jacobian = np.linalg.solve(self.likelihood.at(found).information, own.at(x).information)
            slope = 2.0 * jacobian.T @ (found - target)
            pace = 0.5 / max(float(np.linalg.norm(jacobian, 2)) ** 2, 1e-300)
            loss = float(((found - target) ** 2).sum())
            while True:
                step = project((x - pace * slope)[None])[0] - x
                if float(np.abs(step).max()) <= QUIET * self.size:
                    return x, found
                trial = self.likelihood.solve(rest + own.at(x + step).gradient, found)
                if float(((trial - target) ** 2).sum()) <= loss + 1e-4 * float(slope @ step):
                    break
                pace *= 0.5
            x, found = x + step, trial
        return x, found
