"""Strategic preference labelling (Wu et al., Section 6): ideal points, noisy labels, and a receiver that fits them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt import action_sets
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import Floats, number, numbers, whole
from bigopt.arithmetic.counting import counted
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError
from bigopt.games.preferences import comparisons as pairs
from bigopt.games.preferences import laws
from bigopt.games.preferences.comparisons import Comparisons
from bigopt.games.preferences.laws import Law, bounded

LARGEST = 20_000_000  # numbers of the drawn responses: 20,000,000 of them need about 1 GiB while they are drawn
OUTSIDE = 1e-9  # of the action set's size: a target that is farther outside is refused
COLUMNS = ("player", "y", "y_prime", "label")


@dataclass(frozen=True, eq=False, repr=False)
class Preferences(BaseGame):
    r"""The labelling game of Wu et al., Section 6.

    Player i has a true ideal point :math:`t_i` and labels :math:`N_i` pairs (y, y') as from a point :math:`x_i` of the
    action set X, by the Bradley-Terry-Luce law (eq. (26)). The receiver's ideal point is the maximum-likelihood
    estimate from all labels (eq. (27)), and player i loses :math:`\|\hat x - t_i\|^2`.

    Parameters
    ----------
    targets : array_like, shape (n, d)
        True ideal points, in the action set.
    action_set : ActionSet
        X, of dimension d.
    samples : array_like of int, shape (n,)
        N_i, how many pairs each player labels.
    responses : Law or mapping
        P_Y, as ``{"distribution": "uniform", "low": -10, "high": 10}``.
    seed : int
        Of the pairs and of the labels' noise.
    comparisons : mapping, optional
        Known pairs and labels instead of `samples` and `responses`: `player` [N], `y` [N][d], `y_prime` [N][d],
        `label` [N] (1: y is preferred).
    name : str

    Arguments of the methods
    ------------------------
    targets : ndarray (n, d)
    receiver : ndarray (d,)

    Raises
    ------
    InstanceError
        Names the first entry that does not fit; sizes are refused before anything is drawn.
    """

    targets: Floats
    action_set: ActionSet
    samples: Any = None
    responses: Law | None = None
    seed: int = 0
    comparisons: Mapping[str, Any] | None = None
    name: str = "preferences"
    kind: ClassVar[str] = "preferences"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            targets: npt.ArrayLike,
            action_set: ActionSet,
            samples: Any = None,
            responses: Law | Mapping[str, Any] | None = None,
            seed: int = 0,
            comparisons: Mapping[str, Any] | None = None,
            name: str = "preferences",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the data."""
        targets = bounded(numbers(self.targets, "targets", [None, None], ["player", "coordinate"]), "targets")
        n, d = targets.shape
        if not isinstance(self.action_set, ActionSet):
            kind = type(self.action_set).__name__
            raise InstanceError(f"action_set: a {kind}, expected a Box, Ball, Simplex, Polytope or Hull")
        if self.action_set.dimension != d:
            found = self.action_set.dimension
            raise InstanceError(f"action_set: {found} coordinates, expected {d} (those of targets)")
        bounded(np.array(self.action_set.bounds), "action_set")
        self._refuse_outside(targets)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "seed", int(whole(self.seed, "seed", [])))
        if self.comparisons is not None:
            self._read_comparisons(n, d)
        else:
            self._read_samples(n, d)

    def _refuse_outside(self, targets: Floats) -> None:
        outside = self.action_set.contains(targets)
        lower, upper = self.action_set.bounds
        size = float((upper - lower).max()) + float(np.abs(self.action_set.bounds).max())
        far = np.flatnonzero(outside > OUTSIDE * size)
        if len(far):
            shown = ", ".join(f"{value:g}" for value in targets[far[0]])
            raise InstanceError(f"targets[{far[0]}]: [{shown[:40]}], expected a point of the action set")

    def _read_samples(self, n: int, d: int) -> None:
        for key in ("samples", "responses"):
            if getattr(self, key) is None:
                raise InstanceError(f"{key}: missing, expected samples and responses (or comparisons)")
        samples = whole(self.samples, "samples", [n], ["player"], low=1)
        total = int(sum(samples.tolist()))
        if total * d > LARGEST:
            size = total * d * 8 / 2**30
            raise InstanceError(
                f"samples: {total} comparisons of {d} coordinate{'s' * (d > 1)} ({size:.3g} GiB), expected at most "
                f"{LARGEST // d}: take fewer"
            )
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "responses", laws.read(self.responses, "responses", d))

    def _read_comparisons(self, n: int, d: int) -> None:
        """Check known comparisons and bring each player's together."""
        given = self.comparisons
        if not isinstance(given, Mapping) or set(given) != set(COLUMNS):
            raise InstanceError(f"comparisons: expected an object with the keys {', '.join(COLUMNS)}")
        for key in ("samples", "responses"):
            if getattr(self, key) is not None:
                raise InstanceError(f"{key}: given beside comparisons, which tell it: leave it out")
        player = whole(given["player"], "comparisons.player", [None], ["comparison"])
        count = len(player)
        if player.max() >= n:
            raise InstanceError(f"comparisons.player: {player.max()}, expected a player, at most {n - 1}")
        if count * d > LARGEST:
            raise InstanceError(f"comparisons: {count} in {d} coordinates, expected at most {LARGEST // d}")
        counts = counted(player, least=n)
        if (counts == 0).any():
            raise InstanceError(f"comparisons: player {int(counts.argmin())} has none, expected one a player at least")
        names = ["comparison", "coordinate"]
        y, y_prime = (
            bounded(numbers(given[key], f"comparisons.{key}", [count, d], names), f"comparisons.{key}")
            for key in ("y", "y_prime")
        )
        label = numbers(given["label"], "comparisons.label", [count], ["comparison"])
        wrong = np.flatnonzero((label != 0) & (label != 1))
        if len(wrong):
            raise InstanceError(
                f"comparisons.label[{wrong[0]}]: {label[wrong[0]]:g}, expected 1 (y preferred) or 0 (y_prime preferred)"
            )
        order = np.argsort(player, kind="stable")
        tidy = {"player": player[order], "y": y[order], "y_prime": y_prime[order], "label": label[order]}
        object.__setattr__(self, "comparisons", tidy)
        object.__setattr__(self, "samples", counts)

    @property
    def players(self) -> int:
        """n, the number of players."""
        return len(self.targets)

    @property
    def dimension(self) -> int:
        """d, the number of coordinates of a response and of an ideal point."""
        return int(self.targets.shape[1])

    @cached_property
    def weights(self) -> Floats:
        """N_i / N, each player's share of the comparisons, shape (n,)."""
        return np.asarray(self.samples / self.samples.sum())

    @cached_property
    def drawn(self) -> Comparisons:
        """The pairs that are labelled, with the noise of their labels: drawn by the seed, or known ones."""
        if self.comparisons is None:
            assert self.responses is not None
            return pairs.draw(self.responses, self.samples, self.seed)
        y, y_prime, label = (self.comparisons[key] for key in COLUMNS[1:])
        return pairs.observed(y, y_prime, label == 1, self.samples, self.targets, self.seed)

    def with_targets(self, targets: Floats) -> Preferences:
        """Return the game with other true ideal points."""
        known = self.comparisons is not None
        return replace(self, targets=targets, samples=None if known else self.samples)

    @cached_property
    def loss_ranges(self) -> Floats:
        """The most that each player's loss can vary while the receiver is in the box around X, shape (n,).

        In several dimensions that of the coordinate in which it varies least, times their number: where X is long in
        one that labels hardly move the receiver along, that one is no measure of what they decide.
        """
        lower, upper = self.action_set.bounds
        far = np.maximum(np.abs(self.targets - lower), np.abs(self.targets - upper))[:, upper > lower]
        return np.asarray(far.shape[1] * (far**2).min(axis=1)) if far.shape[1] else np.zeros(self.players)

    @cached_property
    def stakes(self) -> Floats:
        """What a player's gains are measured by, shape (n,): its loss range, 1 where its loss cannot vary."""
        return np.where(self.loss_ranges > 0, self.loss_ranges, 1.0)

    def losses(self, receiver: Floats) -> Floats:
        """Return every player's loss at a receiver, shape (n,)."""
        return np.asarray(((self.targets - receiver) ** 2).sum(axis=1))

    def describe(self) -> str:
        """Return the game in one line."""
        one, d = self.players == 1, self.dimension
        what = "known" if self.responses is None else self.responses.name
        total = int(self.samples.sum())
        return (
            f"{self.players} labeller{'' if one else 's'} of {total} {what} comparison{'' if total == 1 else 's'} in "
            f"{d} dimension{'' if d == 1 else 's'} on a {self.action_set.type}"
        )

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Preferences:
        """Read the kind's keys of an instance file."""
        targets = numbers(data["targets"], "targets", [None, None], ["player", "coordinate"])
        return cls(
            targets=targets,
            action_set=action_sets.read(data["action_set"], "action_set", targets.shape[1]),
            samples=data.get("samples"),
            responses=data.get("responses"),
            seed=int(number(data.get("seed", 0), "seed", 0, 2**53)),
            comparisons=data.get("comparisons"),
            name=name,
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {"targets": self.targets.tolist(), "action_set": self.action_set.to_instance()}
        if self.comparisons is None:
            assert self.responses is not None
            data |= {"samples": self.samples.tolist(), "responses": self.responses.to_instance()}
        else:
            data["comparisons"] = {key: np.asarray(self.comparisons[key]).tolist() for key in COLUMNS}
        return data | {"seed": self.seed}
