"""Training: the policy that a rule's objective is largest at, for reports on which the caller decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import SolverFailed
from bigopt.games.mechanism.exact.primal_dual import maximize
from bigopt.games.mechanism.exact.regularizers import REGULARIZERS, Regularizer
from bigopt.games.mechanism.exact.welfares import WELFARES, AlphaFair, Maximin, Social, Welfare
from bigopt.games.mechanism.game import Mechanism


@dataclass(frozen=True, eq=False)
class Trainer:
    """A training rule: welfare, regularizer, and the policies that it may reach.

    Attributes
    ----------
    welfare : Welfare
    regularizer : Regularizer
    base : ndarray [k][m] or None
        The base policies of a mixture; None for all distributions.
    """

    welfare: Welfare
    regularizer: Regularizer
    base: Floats | None = None

    def objective(self, policy: Floats, rewards: Floats, sizes: Floats) -> float:
        """Return f = h(v) - lambda D at a policy."""
        penalty = self.regularizer.strength * float(self.regularizer.divergence(policy))
        return self.welfare.value(rewards @ policy, sizes) - penalty

    def train(self, rewards: Floats, sizes: Floats) -> Floats:
        """Return the best policy (m,) for rewards [n][m] and sizes [n].

        Raises
        ------
        SolverFailed
            No policy of the class gives every group a positive value (Nash welfare): infeasible.
        """
        if isinstance(self.welfare, Social):
            return np.asarray(self.best((sizes @ rewards)[None])[0])
        if self.base is None:
            shares, prices = self._optimum(rewards, sizes)
            choices = (self.regularizer.best(prices @ rewards), shares)  # at a tiny lambda the second is more exact
            return min(choices, key=lambda policy: self.missing(policy, prices, rewards, sizes))
        return self._mixture(self.welfare, rewards, sizes)[0]

    def best(self, totals: Floats) -> Floats:
        """Return the social-welfare policies of summed rewards [k][m]."""
        if self.base is None:
            return self.regularizer.best(totals)
        return np.array([self._mixture(Maximin(), total[None], np.ones(1))[0] for total in totals])

    def worth(self, totals: Floats) -> Floats:
        """Return G of summed rewards [k][m]: the affine social welfare of their best policies."""
        if self.base is None:
            return self.regularizer.value(totals)
        policies = self.best(totals)
        penalty = self.regularizer.strength * self.regularizer.divergence(policies)
        return np.asarray((policies * totals).sum(axis=1) - penalty)

    def prices(self, rewards: Floats, sizes: Floats) -> Floats:
        """Return the prices y [n] of the best policy: at them the dual c(y) + G(y rm) is least."""
        if isinstance(self.welfare, Social):
            return sizes
        optimum = (
            self._mixture(self.welfare, rewards, sizes) if self.base is not None else self._optimum(rewards, sizes)
        )
        return optimum[1]

    def missing(self, policy: Floats, prices: Floats, rewards: Floats, sizes: Floats) -> float:
        """Return by how much a policy misses the dual bound of some prices (all distributions)."""
        short = float(self.regularizer.shortfall(policy, prices @ rewards))
        return self.welfare.slack(prices, rewards @ policy, sizes) + short

    def _optimum(self, rewards: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        """Return the best distribution, as the primal-dual method has it, and its prices."""
        rule = self.regularizer
        tiny = np.finfo(float).tiny

        def curved(x: Floats) -> tuple[Floats, Floats]:
            safe = np.maximum(x, tiny)
            return rule.strength * rule.gradient(safe), rule.strength * rule.curvature(safe)

        def gap(x: Floats, y: Floats) -> float:
            policies = (rule.best(y @ rewards), x / x.sum())
            return min(self.missing(policy, y, rewards, sizes) for policy in policies)

        shares, prices = maximize(rewards, sizes, self.welfare, curved, gap)
        return shares / shares.sum(), prices

    def _mixture(self, welfare: Welfare, rewards: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        """Return the best mixture of the base policies and its prices."""
        assert self.base is not None
        seen = np.asarray(self.base.any(axis=0))  # elsewhere every mixture is 0, and D's term a constant
        base, worth = self.base[:, seen], rewards @ self.base.T
        if isinstance(welfare, AlphaFair) and welfare.alpha > 0 and (worth.max(axis=1) <= 0).any():
            group = int(np.argmax(worth.max(axis=1) <= 0))
            raise SolverFailed(f"all base policies give group {group} the value 0", "provenInfeasible")
        rule, full = self.regularizer, np.zeros(len(seen))

        def spread(x: Floats) -> Floats:
            policy = full.copy()
            policy[seen] = np.maximum(x @ base, np.finfo(float).tiny)
            return policy

        def curved(x: Floats) -> tuple[Floats, Floats]:
            with np.errstate(divide="ignore", invalid="ignore"):  # outside `seen` nothing is used
                gradient, second = rule.gradient(spread(x))[seen], rule.curvature(spread(x))[seen]
            return rule.strength * (base @ gradient), rule.strength * ((base * second) @ base.T)

        def gap(x: Floats, y: Floats) -> float:
            x = x / x.sum()
            slopes = worth.T @ y - curved(x)[0]
            return welfare.slack(y, worth @ x, sizes) + float((slopes.max() - slopes) @ x)

        if len(base) == 1:
            return self.base[0], welfare.prices(worth[:, 0], sizes)
        shares, prices = maximize(worth, sizes, welfare, curved, gap)
        return np.asarray(shares @ self.base / shares.sum()), prices


def trainer(game: Mechanism) -> Trainer:
    """Return the game's training rule."""
    regularizer = REGULARIZERS[game.rule.regularizer](game.initial, game.strength)
    return Trainer(WELFARES[game.rule.objective], regularizer, game.policies.base)
