"""What a report of one group leads to, the others' reports fixed: policies, payments, utilities, for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism.exact.training import Trainer, trainer
from bigopt.games.mechanism.exact.welfares import Social
from bigopt.games.mechanism.game import Mechanism


@dataclass(frozen=True, eq=False)
class Seat:
    """The place of one group: everybody else's reports are those of the game.

    Under social welfare a report (rm', w') counts only through its product z = w' rm', so `policies` and `affine` take
    rows z. Rewards are in the game's own unit.
    """

    game: Mechanism
    group: int

    @cached_property
    def trainer(self) -> Trainer:
        """The training rule."""
        return trainer(self.game)

    @cached_property
    def others(self) -> Floats:
        """The summed reward of everybody else [m]."""
        return self.game.others(self.group)

    @cached_property
    def truth(self) -> Floats:
        """The group's true z = w rm [m]."""
        return np.asarray(self.game.sizes[self.group] * self.game.rewards[self.group])

    @cached_property
    def worth(self) -> float:
        """Max ASW_-i: what the others would get without the group."""
        return float(self.trainer.worth(self.others[None])[0])

    def policies(self, products: Floats) -> Floats:
        """Return the policies [k][m] of reports z [k][m] (social welfare)."""
        return self.trainer.best(self.others + products)

    def affine(self, policies: Floats) -> Floats:
        """Return the affine maximizer payments of reports that lead to these policies [k] (Section 4.1)."""
        if self.trainer.base is None:
            return self.trainer.regularizer.shortfall(policies, self.others)
        penalty = self.trainer.regularizer.strength * self.trainer.regularizer.divergence(policies)
        return np.asarray(self.worth - (policies @ self.others - penalty))

    def values(self, policies: Floats) -> Floats:
        """Return what the policies are truly worth to the group, w rm . p [k]."""
        return np.asarray(policies @ self.truth)

    def train(self, reward: Floats, size: float) -> Floats:
        """Return the policy of one report, under any objective."""
        if isinstance(self.trainer.welfare, Social):
            return np.asarray(self.policies((size * reward)[None])[0])
        rewards, sizes = self.game.rewards.copy(), self.game.sizes.copy()
        rewards[self.group], sizes[self.group] = reward, size
        return self.trainer.train(rewards, sizes)


def is_social(game: Mechanism) -> bool:
    """Whether the rule maximizes social welfare (Definition 4.1)."""
    return game.rule.objective == "social-welfare"


def affine_welfare(game: Mechanism, policy: Floats) -> tuple[float, float]:
    """Return ASW, sum w_i E_p[rm_i] - lambda D(p || q), and the same without the regularizer."""
    social = float(game.total @ policy)
    return social - game.strength * float(trainer(game).regularizer.divergence(policy)), social
