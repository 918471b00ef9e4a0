r"""Proof that a policy is the trained one: weak duality from the data alone, and the distance that it proves.

For prices y with welfare conjugate c, :math:`f(p) \le c(y) + G(\sum_i y_i rm_i)` for every policy p, G in closed form
on all distributions. On a mixture class G is replaced by the Frank-Wolfe bound at p: the objective is concave, so no
base policy's slope exceeds it. f + lambda D is concave, so the gap is at least lambda times D's Bregman divergence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.action_sets.projection import onto_hull
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact.training import Trainer, trainer
from bigopt.games.mechanism.exact.welfares import Social
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.verify.grades import proved

FEASIBILITY = 1e-7  # total probability by which a policy may miss the class
GAP = 1e-8  # of what training gains over the initial model (and of 1e-7 lambda)
DISTANCE = 1e-4  # total variation
FLOORS = (1e-300, 1e-16)  # probability: the slopes of a mixture are those at no less
FLOOR = 1e-7  # of lambda: rounding of a gain that is next to nothing


@dataclass(frozen=True)
class Proof:
    """How far a policy may be from the best: in the objective, and in total variation."""

    gap: float
    stake: float
    distance: float

    def checks(self) -> tuple[Check, Check]:
        """Return the two inequalities."""
        return (
            proved("gap", self.gap / self.stake, GAP, "what training gains", "weak duality"),
            proved("distance", self.distance, DISTANCE, "total variation", "strong concavity of the regularizer"),
        )


def read_policy(game: Mechanism, point: Mapping[str, Any]) -> tuple[Floats, Check]:
    """Return the point's policy moved into the class, and the check of how far it was outside."""
    if "policy" not in point:
        raise InstanceError("policy: missing, expected a probability for each outcome")
    given = numbers(point["policy"], "policy", [game.m], ["outcome"])
    inside = np.maximum(given, 0.0)
    total = float(inside.sum())
    inside = inside / total if total > 0 else game.initial
    if game.policies.base is not None:
        inside = np.maximum(onto_hull(inside[None], game.policies.base)[0], 0.0)
        inside = inside / inside.sum()
    off = float(np.abs(given - inside).sum())
    return inside, proved("feasibility", off, FEASIBILITY, "probability", "clipped to the policy class")


def prove(game: Mechanism, policy: Floats, rewards: Floats | None = None, sizes: Floats | None = None) -> Proof:
    """Bound how much better any policy could be, for the game's own reports or for others."""
    rule = trainer(game)
    rewards, sizes = (game.rewards if rewards is None else rewards), (game.sizes if sizes is None else sizes)
    gap = _gap(rule, policy, rewards, sizes)
    distance = rule.regularizer.variation(gap)
    if isinstance(rule.welfare, Social) and rule.base is None:  # the best policy has a closed form
        distance = min(distance, 0.5 * float(np.abs(policy - rule.best((sizes @ rewards)[None])[0]).sum()))
    gained = _gap(rule, game.initial, rewards, sizes) if rule.base is None else _spread(rule, rewards, sizes)
    return Proof(gap, gained + FLOOR * game.strength, distance)


def _gap(rule: Trainer, policy: Floats, rewards: Floats, sizes: Floats) -> float:
    """Return the least bound among those of the policy's own prices and of the best ones."""
    values = rewards @ policy
    candidates = []
    if rule.welfare.priced(values):
        candidates.append(rule.welfare.prices(values, sizes))
    if not isinstance(rule.welfare, Social):
        candidates.append(rule.prices(rewards, sizes))
    bounds = [rule.welfare.slack(y, values, sizes) + _shortfall(rule, policy, y @ rewards) for y in candidates]
    return max(0.0, min(bounds))


def _shortfall(rule: Trainer, policy: Floats, total: Floats) -> float:
    """Return by how much a policy misses the best for one summed reward, at most."""
    if rule.base is None:
        return float(rule.regularizer.shortfall(policy, total))
    return min(_wolfe(rule, rule.base, policy, total, floor) for floor in FLOORS)


def _wolfe(rule: Trainer, base: Floats, policy: Floats, total: Floats, floor: float) -> float:
    """Return the Frank-Wolfe bound with the slopes at a point near the policy, and what they leave out at the policy.

    KL's slope is infinite at 0, where rounding may have moved a probability that should be 1e-30.
    """
    near, divergence = np.maximum(policy, floor), rule.regularizer.divergence
    gradient = rule.regularizer.gradient(near)
    slopes = total - rule.regularizer.strength * gradient
    between = float(divergence(policy) - divergence(near) - gradient @ (policy - near))
    return float((base @ slopes).max() - policy @ slopes) + rule.regularizer.strength * between


def _spread(rule: Trainer, rewards: Floats, sizes: Floats) -> float:
    """Return what the prices of the middle mixture make of the best base policy over the worst."""
    assert rule.base is not None
    values = rewards @ rule.base.mean(axis=0)
    prices = rule.welfare.prices(np.maximum(values, 1e-300), sizes)
    return float(np.ptp(rule.base @ (prices @ rewards)))
