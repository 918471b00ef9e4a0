r"""What weights are worth, from the table itself: errors, optimality of every fit, and the theorem on nested sets.

A non-negative fit is optimal iff, with the residual r, :math:`u_j^\top r \le 0` for every Bob and
:math:`w_j \, u_j^\top r = 0`. For a fit on the simplex the Frank-Wolfe gap, the largest
:math:`\sum_j v_j (u_j - \hat u)^\top r` over all v that can be better (`reach`), bounds half of what the squared error
could still fall by. A common level of all utilities may hide from these what non-negative weights miss by: no set's fit
of theirs may be worse than one whose weights add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Deadline
from bigopt.games.hull.exact.active_set import typical_spread
from bigopt.games.hull.exact.nested import Nested
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.reach import Reach

METHODS = ("best", "average", "nnls", "simplex")
NONZERO = 1e-6  # a weight above this counts
ROUNDING = 1e-6  # of Alice's typical spread squared: smaller errors in sample are held to it
CHUNK = 2_000_000  # numbers of one block of residuals


@dataclass(frozen=True)
class Measured:
    """Errors of every method in sample and held out, shape [H][sets] averaged over folds, and the worst violations."""

    held: Mapping[str, Floats]
    nonzero: Mapping[str, Floats]
    worst: Mapping[str, float]


def measure(game: UtilityTable, sets: Nested, weights: Mapping[str, Floats], deadline: Deadline) -> Measured:
    """Return the errors of the four methods; `weights` are those of NNLS and simplex, [folds][H][sets][K]."""
    alices, count = game.alices.shape[1], len(sets.parent)
    held = {method: np.zeros((alices, count)) for method in METHODS}
    nonzero = {method: np.zeros((alices, count)) for method in METHODS}
    worst = {"feasible": 0.0, "stationary": 0.0, "gap": 0.0, "rises": 0.0, "above": 0.0}
    average = sets.members / sets.size[:, None]
    for fold in range(game.folds):
        for h in range(alices):
            deadline.check("verifying the fits")
            one = _Fold(game, sets, fold, h)
            blocks = {"best": one.best(), "average": average} | {m: w[fold, h] for m, w in weights.items()}
            errors = {}
            for method, block in blocks.items():
                inside, outside = one.errors(block)
                errors[method] = inside
                held[method][h] += outside / game.folds
                nonzero[method][h] += (block > NONZERO).sum(axis=1) / game.folds
                if method in weights:
                    one.judge(method, block, inside, worst)
            least = np.minimum(errors["simplex"], np.minimum(errors["best"], errors["average"]))
            above = float(((errors["nnls"] - least) / np.maximum(least, one.rounding)).max())
            worst["above"] = max(worst["above"], above)
    return Measured(held, nonzero, worst)


class _Fold:
    """One fold of one Alice: the rows that were fitted and those held out."""

    def __init__(self, game: UtilityTable, sets: Nested, fold: int, h: int) -> None:
        train, test = game.split(fold)
        self.sets, self.members = sets, sets.members
        self.bobs, self.alice = game.scaled_bobs[train], game.scaled_alices[train, h]
        self.new_bobs, self.new_alice = game.scaled_bobs[test], game.scaled_alices[test, h]
        self.own = ((self.bobs - self.alice[:, None]) ** 2).mean(axis=0)
        self.norms = np.linalg.norm(self.bobs, axis=0)
        self.length = float(np.linalg.norm(self.alice))
        self.spread = float(((self.alice - self.alice.mean()) ** 2).sum())
        self.rounding = ROUNDING * (typical_spread(self.alice) ** 2 or self.spread or float(self.alice @ self.alice))
        self.reach = Reach.of(self.alice, self.bobs)

    def best(self) -> Floats:
        """Return weight 1 on the Bob of least error in sample in every set (ties: the first)."""
        scores = np.where(self.members, self.own[None, :], np.inf)
        block = np.zeros(scores.shape)
        block[np.arange(len(scores)), scores.argmin(axis=1)] = 1.0
        return block

    def errors(self, block: Floats) -> tuple[Floats, Floats]:
        """Return the mean squared errors in sample and held out, a number a set."""
        pairs = [
            (self._mean_square(self.bobs, self.alice, part), self._mean_square(self.new_bobs, self.new_alice, part))
            for part in self._parts(block)
        ]
        return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])

    def _mean_square(self, bobs: Floats, alice: Floats, part: Floats) -> Floats:
        residual = alice[:, None] - bobs @ part.T
        return np.asarray((residual * residual).mean(axis=0))

    def _parts(self, block: Floats) -> Iterator[Floats]:
        step = max(1, CHUNK // len(self.alice))
        return (block[s : s + step] for s in range(0, len(block), step))

    def judge(self, method: str, block: Floats, inside: Floats, worst: dict[str, float]) -> None:
        """Take the violations of the sets' conditions into the worst so far."""
        outside = np.where(self.members, 0.0, np.abs(block)).max()
        off = abs(block.sum(axis=1) - 1).max() if method == "simplex" else 0.0
        worst["feasible"] = max(worst["feasible"], float(outside), float(-block.min()), float(off))
        step = max(1, CHUNK // len(self.alice))
        for s in range(0, len(block), step):
            self._optimal(method, block[s : s + step], self.members[s : s + step], worst)
        parent = self.sets.parent
        later = parent >= 0
        rises = (inside[later] - inside[parent[later]]) / (float(self.alice @ self.alice) / len(self.alice))
        worst["rises"] = max(worst["rises"], float(rises.max(initial=0.0)))

    def _optimal(
        self, method: str, block: Floats, members: np.typing.NDArray[np.bool_], worst: dict[str, float]
    ) -> None:
        residual = self.alice[:, None] - self.bobs @ block.T
        pull = (self.bobs.T @ residual).T  # [sets][K], u_j . r
        mean = (block * pull).sum(axis=1)
        if method == "simplex":
            pulls = np.where(members, pull - mean[:, None], -np.inf)
            gap = self.reach.gains(pulls, np.linalg.norm(residual, axis=0))
            worst["gap"] = max(worst["gap"], float(gap.max()) / self.spread)
            return
        scale = np.where(self.norms > 0, self.norms, 1.0) * self.length
        rise = np.where(members, pull / scale, 0.0).max()
        worst["stationary"] = max(worst["stationary"], float(rise), float(np.abs(mean).max()) / self.length**2)
