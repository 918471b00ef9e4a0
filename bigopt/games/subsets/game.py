"""Influencers who show the receiver a fixed number of items each from one finite set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, Ints, number, numbers, whole
from bigopt.arithmetic.names import names
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError, close_to
from bigopt.games.subsets import checks
from bigopt.games.subsets.integers import Exact

Profile = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Subsets(BaseGame):
    r"""The Battling Influencers Game on a finite set (BIG paper, Definition 5 and Proposition 6).

    Player i chooses `sizes[i]` of the `items`; the receiver adds up what it is shown,

    .. math:: \hat x = w_0 x_0 + \sum_i w_i \sum_{j=1}^{k_i} x_i^{(j)}, \qquad
              \ell_i = \lVert \hat x - t_i \rVert^2 .                                  (22)

    An exact potential is :math:`\phi = \lVert \hat x \rVert^2 - 2 \sum_i w_i t_i^\top \sum_j x_i^{(j)}`  (23).

    Parameters
    ----------
    weights : array [n]
    targets : array [n][d]
    items : array [m][d]
        Pairwise different, since they are a set.
    sizes : whole numbers [n]
        How many items each player shows; at least 1, and at most m without repeats.
    repeats : bool
        Whether a player may show the same item more than once.
    background_weight : float
    background_point : array [d], optional
        w_0 and x_0; zero where they are not given.
    name : str
    item_names : names [m], optional
        Distinct; where they are given, profiles may be given by name, and answers and pictures show them.

    Arguments of the methods
    ------------------------
    choices : profile, n sequences of item numbers
    player, j : int
        Numbers of a player and of an item.
    value : profile, or one player's choice, of item numbers or names
    path : str
        Begins the errors, as "profile" or "profile[0]".

    Raises
    ------
    InstanceError
        Names the first entry that is not as expected.

    Examples
    --------
    >>> import bigopt
    >>> game = bigopt.Subsets(
    ...     weights=[0.5, 0.5], targets=[[-1], [3]], items=[[0], [3], [-1]], sizes=[1, 1], item_names=["a", "b", "c"]
    ... )
    >>> [[game.item(j) for j in choice] for choice in bigopt.solve(game).choices]
    [['c'], ['b']]
    """

    weights: Floats
    targets: Floats
    items: Floats
    sizes: Ints
    repeats: bool = False
    background_weight: float = 0.0
    background_point: Floats | None = None
    name: str = "subsets"
    item_names: tuple[str, ...] = ()
    kind: ClassVar[str] = "subsets"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            weights: npt.ArrayLike,
            targets: npt.ArrayLike,
            items: npt.ArrayLike,
            sizes: npt.ArrayLike,
            repeats: bool = False,
            background_weight: float = 0.0,
            background_point: npt.ArrayLike | None = None,
            name: str = "subsets",
            item_names: Sequence[str] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check and freeze the data."""
        items = numbers(self.items, "items", (None, None), ("item", "dimension"))
        m, d = items.shape
        weights = numbers(self.weights, "weights", (None,), ("player",))
        n = len(weights)
        targets = numbers(self.targets, "targets", (n, d), ("player", "dimension of the items"))
        sizes = whole(self.sizes, "sizes", (n,), ("player",), low=1)
        if not isinstance(self.repeats, (bool, np.bool_)):
            raise InstanceError(f"repeats: {str(self.repeats)[:40]!r}, expected true or false")
        checks.sizes(sizes, m, bool(self.repeats))
        checks.distinct(items)
        point = np.zeros(d) if self.background_point is None else self.background_point
        point = numbers(point, "background.point", (d,), ("dimension of the items",))
        fields: dict[str, Any] = {
            "weights": weights,
            "targets": targets,
            "items": items,
            "sizes": sizes,
            "background_point": point,
        }
        for field, path in (
            ("weights", "weights"),
            ("targets", "targets"),
            ("items", "items"),
            ("background_point", "background.point"),
        ):
            checks.small(fields[field], path)
        fields["repeats"] = bool(self.repeats)
        fields["item_names"] = names(self.item_names, "item_names", m, "item") if len(self.item_names) else ()
        fields["background_weight"] = number(self.background_weight, "background.weight")
        checks.reach(weights, sizes, items, abs(fields["background_weight"]) * float(np.abs(point).max()))
        for field, value in fields.items():
            object.__setattr__(self, field, value)

    @property
    def players(self) -> int:
        """N."""
        return len(self.weights)

    @property
    def dimension(self) -> int:
        """D."""
        return int(self.items.shape[1])

    @property
    def background(self) -> Floats:
        """c0 = w0 x0, shape [d]."""
        assert self.background_point is not None  # set by __post_init__
        return self.background_weight * self.background_point

    def actions(self, player: int) -> int:
        """Return how many actions `player` has: C(m, k), or C(m + k - 1, k) with repeats."""
        m, k = len(self.items), int(self.sizes[player])
        return comb(m + k - 1, k) if self.repeats else comb(m, k)

    @property
    def profiles(self) -> int:
        """How many pure profiles there are."""
        product = 1
        for i in range(self.players):
            product *= self.actions(i)
        return product

    def sums(self, choices: Sequence[Sequence[int]]) -> Floats:
        """Return the sum of the items that each player shows, shape [n][d]."""
        return np.array([self.items[list(choice)].sum(axis=0) for choice in choices])

    def receiver(self, choices: Sequence[Sequence[int]]) -> Floats:
        """Return where the receiver ends, eq. (22), shape [d]."""
        return np.asarray(self.background + self.weights @ self.sums(choices))

    def first_profile(self) -> Profile:
        """Return the profile in which everybody shows the first items."""
        return tuple((0,) * k if self.repeats else tuple(range(k)) for k in self.sizes.tolist())

    def pull(self, player: int, choices: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """Return what each item adds to the receiver by `player`, [m][d], and others plus background minus target."""
        rest = self.background - self.targets[player]
        for j, choice in enumerate(choices):
            if j != player:
                rest = rest + self.weights[j] * self.items[list(choice)].sum(axis=0)
        return self.weights[player] * self.items, rest

    def losses(self, choices: Sequence[Sequence[int]]) -> Floats:
        """Return every player's squared loss, shape [n], rounded once from its exact value."""
        unit = self.exact.denominator**2
        return np.array([value / unit for value in self.exact.losses(choices)])

    def potential(self, choices: Sequence[Sequence[int]]) -> float:
        """Return the potential, eq. (23), rounded once from its exact value."""
        return float(self.exact.potential(choices) / self.exact.denominator**2)

    @cached_property
    def exact(self) -> Exact:
        """The game's decimals as integers over one denominator."""
        return Exact.of(self.weights, self.items, self.targets, self.background_weight, self.background_point)

    @cached_property
    def centred(self) -> Exact:
        """The same integers about the game's own place: losses are the same, potentials differ by a constant."""
        return self.exact.centred(self.sizes)

    def profile(self, value: Any, path: str = "choices") -> Profile:
        """Return a profile as sorted tuples of item indices, or raise `InstanceError` at the first wrong entry."""
        if isinstance(value, Mapping) and "choices" in value:
            value = value["choices"]
        if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != self.players:
            found = f"{len(value)} choices" if isinstance(value, (list, tuple, np.ndarray)) else repr(str(value)[:40])
            raise InstanceError(f"{path}: {found}, expected {self.players} (one a player)")
        return tuple(self.action(i, choice, f"{path}[{i}]") for i, choice in enumerate(value))

    def action(self, player: int, value: Any, path: str) -> tuple[int, ...]:
        """Return one player's choice as a sorted tuple of item indices, or raise `InstanceError`."""
        chosen = whole(self._numbered(value, path), path, (int(self.sizes[player]),), ("item that the player shows",))
        if chosen.max() >= len(self.items):
            where = int(np.argmax(chosen >= len(self.items)))
            raise InstanceError(f"{path}[{where}]: item {chosen[where]}, expected at most {len(self.items) - 1}")
        if not self.repeats and len(set(chosen.tolist())) < len(chosen):
            raise InstanceError(f"{path}: {chosen.tolist()} repeats an item, which this game does not allow (repeats)")
        return tuple(sorted(chosen.tolist()))

    def _numbered(self, value: Any, path: str) -> Any:
        """Return a choice with the numbers of the items that stand there by name."""
        if not isinstance(value, (list, tuple)) or not any(isinstance(each, str) for each in value):
            return value
        for j, each in enumerate(value):
            if isinstance(each, str) and each not in self.item_names:
                known = (
                    close_to(each, self.item_names) if self.item_names else ", expected numbers: items have no names"
                )
                raise InstanceError(f"{path}[{j}]: {each[:40]!r} is not an item{known}")
        return [self.item_names.index(each) if isinstance(each, str) else each for each in value]

    def item(self, j: int) -> str:
        """Return how an item is called: its name, or its number."""
        return self.item_names[j] if self.item_names else str(j)

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        return {"m": self.item_names} if self.item_names else {}

    def describe(self) -> str:
        """Return the game in one line."""
        sizes = sorted(set(self.sizes.tolist()))
        show = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
        extra = ", repeats allowed" if self.repeats else ""
        return f"{self.players} players show {show} of {len(self.items)} items in R^{self.dimension} each{extra}"

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Subsets:
        """Return the game that an instance file's keys describe."""
        background = data.get("background", {})
        return cls(
            weights=data["weights"],
            targets=data["targets"],
            items=data["items"],
            sizes=data["sizes"],
            repeats=data.get("repeats", False),
            background_weight=background.get("weight", 0.0),
            background_point=background.get("point"),
            name=name,
            item_names=data.get("item_names", ()),
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {"weights": self.weights.tolist(), "targets": self.targets.tolist()}
        if self.background_weight and self.background.any():
            assert self.background_point is not None
            data["background"] = {"weight": self.background_weight, "point": self.background_point.tolist()}
        called = {"item_names": list(self.item_names)} if self.item_names else {}
        data |= {"items": self.items.tolist()} | called
        return data | {"sizes": self.sizes.tolist(), "repeats": self.repeats}
