"""Conversations on a finite common prior: what Alice sees, what the Bobs see, and what everybody wants (Section 2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.arithmetic.decimals import integers
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError
from bigopt.games.conversation import rules
from bigopt.games.conversation.prior import refuse_long, shares, weights_of

Exact = npt.NDArray[Any]  # int64 where every sum fits, else Python integers
SAFE = 2**40  # totals below this stay in int64 through every sum and gcd of the algorithms
LARGEST = 20_000_000  # entries of the prior times actions and players


@dataclass(frozen=True, eq=False, repr=False)
class Conversation(BaseGame):
    r"""The multi-leader conversation game of Section 2.

    Alice sees :math:`x_A`, every Bob sees :math:`x_B`, nobody the state y; Alice acts after R rounds of private
    conversations. Everything that can be compared is an integer: the prior is whole weights over one total, each
    player's utility whole multiples of a unit.

    Parameters
    ----------
    alice : array [A, Y]
        Alice's utility of each action in each state.
    bobs : array [k, A, Y]
        The Bobs' utilities.
    rounds : int
        R >= 1.
    prior : array [X_A, X_B, Y], optional
        Joint probabilities, read as the decimals that they are written as; they sum to 1.
    prior_weights : array [X_A, X_B, Y] of whole numbers, optional
        The prior times any constant, instead of `prior`.
    alice_features, bob_features, states, actions, bob_names : names, optional
    profile : list of k conversation rules, optional
        As in an instance file; see `rules.read`.
    name : str

    Arguments of the methods
    ------------------------
    player : int
        0 is Alice, j + 1 is Bob j.
    amount : int
        In the player's unit times the prior's total, as in `gains`.
    x_A, x_B : str, optional
        Names of features; without one, nothing is known of it.
    rows : list of int, optional
        Indices of Alice's features; all of them by default.

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.
    """

    alice: Any  # given as nested sequences, kept as an array
    bobs: Any
    rounds: int
    prior: Any = None
    prior_weights: Any = None
    alice_features: tuple[str, ...] = ()
    bob_features: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    bob_names: tuple[str, ...] = ()
    profile: Any = None
    name: str = "conversation"
    kind: ClassVar[str] = "conversation"

    def __post_init__(self) -> None:
        """Validate the data."""
        shape = [len(names) or None for names in (self.alice_features, self.bob_features, self.states)]
        weights = weights_of(self.prior, self.prior_weights, shape)
        sizes = dict(zip(("alice_features", "bob_features", "states"), weights.shape, strict=True))
        alice = numbers(self.alice, "alice", [len(self.actions) or None, sizes["states"]], ["action", "state"])
        sizes["actions"] = len(alice)
        if len(self.bobs) == 0:
            raise InstanceError("bobs: empty, expected at least one")
        table = [
            numbers(bob, f"bobs[{j}].utility", alice.shape, ["action", "state"]) for j, bob in enumerate(self.bobs)
        ]
        if weights.size * len(alice) * (1 + len(table)) > LARGEST:
            entries = weights.size * len(alice) * (1 + len(table))
            raise InstanceError(f"prior: {entries:,} numbers with actions and players, expected at most {LARGEST:,}")
        rounds = int(whole(self.rounds, "rounds", [], low=1))
        words = {"alice_features": "x_A", "bob_features": "x_B", "states": "state", "actions": "action"}
        for key, word in words.items():
            object.__setattr__(self, key, _names(getattr(self, key), key, word, sizes[key]))
        object.__setattr__(self, "bob_names", _names(self.bob_names, "bob_names", "Bob", len(table)))
        values = {"alice": alice, "bobs": np.array(table), "rounds": rounds, "prior_weights": weights}
        for key, value in values.items():
            object.__setattr__(self, key, value)
        object.__setattr__(self, "prior", shares(weights))
        refuse_long(weights, "prior")
        for player, own in enumerate(self.units[0]):
            refuse_long(own, f"bobs[{player - 1}].utility" if player else "alice")
        if self.profile is not None:
            rules.read(self.profile, self.k, len(self.bob_features), rounds)

    @property
    def k(self) -> int:
        """Number of Bobs."""
        return len(self.bobs)

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """The numbers of Alice's features, the Bobs' features, actions and states."""
        return len(self.alice_features), len(self.bob_features), len(self.actions), len(self.states)

    @cached_property
    def mass(self) -> Exact:
        """The weight of each pair of features, [X_A, X_B]; all of them add up to `total`."""
        return _compact(self.prior_weights.sum(axis=2))

    @cached_property
    def total(self) -> int:
        """The sum of all weights."""
        return int(sum(self.mass.ravel().tolist()))

    @cached_property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Which pairs of features have positive probability, [X_A, X_B]."""
        return np.asarray(self.mass != 0, dtype=bool)

    @cached_property
    def units(self) -> tuple[npt.NDArray[np.object_], tuple[Fraction, ...]]:
        """Everybody's utilities as integers [1 + k, A, Y], Alice first, and what one unit of each player is worth."""
        rows, worth = [], []
        for utility in (self.alice, *self.bobs):
            table, q = integers(utility)
            common = math.gcd(*table.ravel().tolist()) or 1
            rows.append(table // common)
            worth.append(Fraction(common, q))
        return np.array(rows, dtype=object), tuple(worth)

    @cached_property
    def gains(self) -> tuple[Exact, ...]:
        """Of each player, Alice first: weight times utility summed over states, [A, X_A, X_B] each.

        A sum over cells of features times the player's unit over their weight is a conditional expectation, exactly.
        """
        return tuple(_compact(np.tensordot(table, self.prior_weights, axes=(1, 2))) for table in self.units[0])

    @cached_property
    def least(self) -> tuple[Fraction, ...]:
        """Everybody's least utility, Alice first."""
        return tuple(int(own.min()) * unit for own, unit in zip(*self.units, strict=True))

    @cached_property
    def above(self) -> Floats:
        """Everybody's utilities counted from their least [1 + k, A, Y]: far from 0 floats lose what is at stake."""
        tables, units = self.units
        rows = [
            [[float(int(v) * unit) for v in row] for row in own - own.min()]
            for own, unit in zip(tables, units, strict=True)
        ]
        return np.array(rows)

    @cached_property
    def gains_above(self) -> tuple[Exact, ...]:
        """`gains` of utilities counted from each player's least."""
        tables = self.units[0]
        return tuple(_compact(np.tensordot(own - own.min(), self.prior_weights, axes=(1, 2))) for own in tables)

    @cached_property
    def decided(self) -> tuple[Exact, ...]:
        """`gains` counted, in each pair of features, from what Alice's best action there gives.

        What a state gives a player whatever Alice does is in none of them: however much it is, nobody decides it.
        """
        best = self.gains[0].argmax(axis=0)[None]
        return tuple(_compact(own - np.take_along_axis(own, best, axis=0)) for own in self.gains)

    def informed(self, rows: Any = slice(None)) -> Floats:
        """Return everybody's expected utility [1 + k] over some x_A where Alice knows both features, prior included."""
        sums = [int((own - less)[0, rows].sum()) for own, less in zip(self.gains, self.decided, strict=True)]
        return np.array([float(self.worth(player, amount)) for player, amount in enumerate(sums)])

    def worth(self, player: int, amount: Any) -> Fraction:
        """Return a player's expected utility (0 is Alice) of an integer amount of `gains`, over the whole prior."""
        return Fraction(int(amount)) * self.units[1][player] / self.total

    def belief(self, x_A: str | None = None, x_B: str | None = None) -> list[Fraction]:
        """Return Alice's expected utility of each action given some features, exactly.

        Raises
        ------
        InstanceError
            Names a feature that is unknown, or whose probability is zero.
        """
        rows = [_index(self.alice_features, x_A, "alice_features")] if x_A is not None else slice(None)
        columns = [_index(self.bob_features, x_B, "bob_features")] if x_B is not None else slice(None)
        weight = int(self.mass[rows][:, columns].sum())
        if weight == 0:
            given = " and ".join(repr(name) for name in (x_A, x_B) if name is not None)
            raise InstanceError(f"{given}: has probability 0, expected features that can be conditioned on")
        table = self.gains[0][:, rows][:, :, columns].sum(axis=(1, 2))
        return [Fraction(int(g)) * self.units[1][0] / weight for g in table]

    def mirrored(self) -> Conversation:
        """Return the same game with everybody's features in reverse order: no answer may depend on it."""
        weights = self.prior_weights[::-1, ::-1]
        return Conversation(self.alice, list(self.bobs), self.rounds, prior_weights=weights, name=self.name)

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all outcomes (action, state)."""
        return self.alice.ravel(), self.bobs.reshape(self.k, -1)

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        features: dict[str, Sequence[str]] = {"X_A": self.alice_features, "X_B": self.bob_features}
        return features | {"A": self.actions, "Y": self.states, "k": self.bob_names}

    def describe(self) -> str:
        """Return the game in one line."""
        a, b, actions, states = self.sizes
        return f"{a} x {b} features, {states} states, {actions} actions, {self.k} Bobs, {self.rounds} rounds"

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Conversation:
        """Read the kind's keys of an instance file."""
        for key in ("prior", "prior_weights", "profile"):
            if key in data and data[key] is None:
                raise InstanceError(f"{key}: null, expected a list")
        return cls(
            data["alice"],
            tuple(bob["utility"] for bob in data["bobs"]),
            data["rounds"],
            prior=data.get("prior"),
            prior_weights=data.get("prior_weights"),
            alice_features=tuple(data["alice_features"]),
            bob_features=tuple(data["bob_features"]),
            states=tuple(data["states"]),
            actions=tuple(data["actions"]),
            bob_names=tuple(bob["name"] for bob in data["bobs"]),
            profile=data.get("profile"),
            name=name,
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        names = ("alice_features", "bob_features", "states")
        small = max(self.prior_weights.ravel().tolist()) <= 2**53
        prior = {"prior_weights": self.prior_weights.tolist()} if small else {"prior": self.prior.tolist()}
        bobs = zip(self.bob_names, self.bobs, strict=True)
        own: dict[str, Any] = {key: list(getattr(self, key)) for key in names} | prior
        own |= {"actions": list(self.actions), "alice": self.alice.tolist()}
        own |= {"bobs": [{"name": who, "utility": bob.tolist()} for who, bob in bobs], "rounds": self.rounds}
        return own | ({"profile": self.profile} if self.profile is not None else {})


def _names(given: Iterable[str], key: str, word: str, size: int) -> tuple[str, ...]:
    """Return the names, or invent them."""
    names = tuple(given) or tuple(f"{word} {i}" for i in range(size))
    if len(names) != size:
        raise InstanceError(f"{key}: {len(names)} names, expected {size}")
    if len(set(names)) < size:
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise InstanceError(f"{key}: {twice[:40]!r} stands twice, expected different names")
    return names


def _index(names: tuple[str, ...], name: str, key: str) -> int:
    if name not in names:
        raise InstanceError(f"{name[:40]!r}: not one of {key}, expected one of {', '.join(names)[:200]}")
    return names.index(name)


def _compact(table: npt.NDArray[Any]) -> Exact:
    """Return an object array of integers as int64 where every sum of its entries fits."""
    exact = np.asarray(table, dtype=object)
    return exact.astype(np.int64) if sum(map(abs, exact.ravel().tolist())) < SAFE else exact
