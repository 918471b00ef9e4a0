"""The Battling Influencers Game: who pulls the receiver where, with what weight, and within which action set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt import action_sets
from bigopt.action_sets.base import ActionSet
from bigopt.arithmetic.arrays import LARGEST, Floats, number, numbers
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError

LOSSES = ("squared", "inner-product")
CHUNK = 1 << 16  # entries of an array that is only needed for a moment: it stays in the cache


@dataclass(frozen=True, eq=False, repr=False)
class Influencers(BaseGame):
    r"""The Battling Influencers Game of Wu et al., Definition 1.

    Player i chooses an action :math:`x_i` in the convex compact set X; the receiver ends up at (eq. (1))

    .. math:: \hat x = w_0 x_0 + \sum_i w_i x_i

    and player i loses :math:`\|\hat x - t_i\|^2` (eq. (2), `squared`) or :math:`-t_i^\top \hat x`
    (eq. (14), `inner-product`).

    Parameters
    ----------
    weights : array_like, shape (n,)
        The players' influence; any sign.
    targets : array_like, shape (n, d)
        Where each player wants the receiver; not necessarily in X.
    action_set : ActionSet
        X, of dimension d.
    loss : {"squared", "inner-product"}
    background_weight : float
        w_0.
    background_point : array_like, shape (d,), optional
        x_0; zero by default.
    name : str

    Arguments of the methods
    ------------------------
    actions : ndarray (n, d)
    receiver : ndarray (d,)

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.

    Examples
    --------
    >>> import bigopt
    >>> bigopt.Influencers(weights=[0.5, 0.5], targets=[[2.0], [4.0]], action_set=bigopt.Box([0.0], [6.0]))
    <Influencers 'influencers': 2 influencers in 1 dimension on a box, squared loss>
    """

    weights: Floats
    targets: Floats
    action_set: ActionSet
    loss: str = "squared"
    background_weight: float = 0.0
    background_point: Floats = None  # type: ignore[assignment]  # filled in below
    name: str = "influencers"
    kind: ClassVar[str] = "influencers"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            weights: npt.ArrayLike,
            targets: npt.ArrayLike,
            action_set: ActionSet,
            loss: str = "squared",
            background_weight: float = 0.0,
            background_point: npt.ArrayLike | None = None,
            name: str = "influencers",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the data."""
        targets = numbers(self.targets, "targets", [None, None], ["player", "coordinate"])
        n, d = targets.shape
        if not isinstance(self.action_set, ActionSet):
            kind = type(self.action_set).__name__
            raise InstanceError(f"action_set: a {kind}, expected a Box, Ball, Simplex, Polytope or Hull")
        if self.action_set.dimension != d:
            found = self.action_set.dimension
            raise InstanceError(f"action_set: {found} coordinates, expected {d} (those of targets)")
        if self.loss not in LOSSES:
            raise InstanceError(f"loss: {str(self.loss)[:40]!r}, expected one of {', '.join(LOSSES)}")
        point = np.zeros(d) if self.background_point is None else self.background_point
        values = {
            "targets": targets,
            "weights": numbers(self.weights, "weights", [n], ["player"]),
            "background_weight": number(self.background_weight, "background.weight"),
            "background_point": numbers(point, "background.point", [d], ["coordinate"]),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    @property
    def players(self) -> int:
        """n, the number of players."""
        return len(self.weights)

    @property
    def dimension(self) -> int:
        """d, the number of coordinates of an action."""
        return int(self.targets.shape[1])

    @cached_property
    def background(self) -> Floats:
        """c0 = w_0 x_0, what the receiver takes from the background, shape (d,)."""
        return self.background_weight * self.background_point

    @cached_property
    def receiver_range(self) -> tuple[Floats, Floats]:
        """The smallest box around every receiver that a profile can make: lower and upper, shape (d,) each.

        Those receivers are the set c0 + W X + V (-X), W and V the sums of the positive and negative weights' sizes
        (X is convex), so that its support function is known.
        """
        positive = float(self.weights[self.weights > 0].sum())
        negative = float(-self.weights[self.weights < 0].sum())
        lower, upper = self.action_set.bounds
        return (
            self.background + positive * lower - negative * upper,
            self.background + positive * upper - negative * lower,
        )

    def without_idle(self) -> Influencers:
        """Return the game without the players of weight 0, who change nothing; itself where there are none."""
        movers = self.weights != 0
        return self if movers.all() else replace(self, weights=self.weights[movers], targets=self.targets[movers])

    def receiver(self, actions: Floats) -> Floats:
        """Return the receiver, eq. (1), shape (d,), of a profile of shape (n, d)."""
        _of_shape(actions, (self.players, self.dimension), "actions")
        return self.background + self.weights @ actions

    def losses(self, receiver: Floats) -> Floats:
        """Return every player's loss at a receiver of shape (d,), eq. (2) or (14), shape (n,)."""
        _of_shape(receiver, (self.dimension,), "receiver")
        if self.loss == "inner-product":
            return np.asarray(0.0 - self.targets @ receiver)  # 0, not -0
        difference = self.targets - receiver
        return np.asarray(np.einsum("nd,nd->n", difference, difference))

    def potential(self, actions: Floats) -> float:
        """Return the potential of eq. (5): its sum under the norm starts with the background, its second sum not."""
        receiver = self.receiver(actions)
        return float(receiver @ receiver - 2.0 * np.einsum("n,nd,nd->", self.weights, self.targets, actions))

    def loss_ranges(self) -> Floats:
        """Return a bound on every player's largest minus smallest loss over all profiles, shape (n,).

        Over the box around all receivers: exact where X is a box, else somewhat too wide.
        """
        return self._loss_ranges

    @cached_property
    def _loss_ranges(self) -> Floats:
        ranges = np.empty(self.players)
        step = max(1, CHUNK // self.dimension)
        with np.errstate(over="ignore", invalid="ignore"):
            for at in range(0, self.players, step):
                ranges[at : at + step] = self._ranges_of(self.targets[at : at + step])
        if not (ranges <= LARGEST**2).all():  # beside infinity any regret would be nothing
            raise InstanceError("weights: a loss has a range beyond 1e300: lower weights, targets or actions")
        ranges.flags.writeable = False
        return ranges

    def _ranges_of(self, targets: Floats) -> Floats:
        lower, upper = self.receiver_range
        if self.loss == "inner-product":
            return np.asarray(np.abs(targets) @ (upper - lower))
        middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
        away = np.abs(targets - middle)
        # (away + half)^2 - max(away - half, 0)^2 in each coordinate
        return np.asarray(np.where(away >= half, 4.0 * away * half, (away + half) ** 2).sum(axis=1))

    def pulls(self, receiver: Floats) -> Floats:
        """Return w_i (t_i - v) at v = `receiver`: minus half the gradient of the potential, shape (n, d)."""
        _of_shape(receiver, (self.dimension,), "receiver")
        pulls = self.targets - receiver
        pulls *= self.weights[:, None]
        return pulls

    def describe(self) -> str:
        """Return the game in one line."""
        one = self.players == 1
        return (
            f"{self.players} influencer{'' if one else 's'} in {self.dimension} dimension"
            f"{'' if self.dimension == 1 else 's'} on a {self.action_set.type}, {self.loss} loss"
        )

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Influencers:
        """Read the kind's keys of an instance file."""
        targets = numbers(data["targets"], "targets", [None, None], ["player", "coordinate"])
        background = data.get("background", {})
        return cls(
            weights=data["weights"],
            targets=targets,
            action_set=action_sets.read(data["action_set"], "action_set", targets.shape[1]),
            loss=data["loss"],
            background_weight=background.get("weight", 0.0),
            background_point=background.get("point"),
            name=name,
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {
            "loss": self.loss,
            "weights": self.weights.tolist(),
            "targets": self.targets.tolist(),
            "action_set": self.action_set.to_instance(),
        }
        if self.background_weight or self.background_point.any():
            data["background"] = {"weight": self.background_weight, "point": self.background_point.tolist()}
        return data


def _of_shape(values: Any, shape: tuple[int, ...], name: str) -> None:
    """Refuse arrays that numpy would broadcast to an answer of no meaning."""
    if np.shape(values) != shape:
        raise InstanceError(f"{name}: shape {list(np.shape(values))}, expected {list(shape)}")
