"""The Best-AI selection game without private information for Alice: states, policies, and a market of Bobs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, listed
from bigopt.arithmetic.counting import repeated
from bigopt.arithmetic.decimals import integers
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError, UsageError
from bigopt.games.market import reading

Exact = npt.NDArray[Any]  # int64 where every sum fits, else Python integers
SAFE = 2**40  # totals below this stay in int64 through every product of the algorithms


@dataclass(frozen=True, eq=False, repr=False)
class Market(BaseGame):
    r"""The Best-AI selection game of Section 7: each Bob commits to a scheme, Alice selects the best one for her.

    A scheme f picks one policy in each state. Player p expects :math:`u_p(f) = \sum_y P(y)\, u_p(f(y), y)`.

    Parameters
    ----------
    alice : sequence of S arrays
        Alice's utility of each policy of each state; states may differ in their number of policies.
    bobs : sequence of k Bobs, a mapping from their names to utilities, or a sequence of k utilities
        Each Bob's utilities are S arrays of the same shapes.
    prior : array [S], optional
        Probabilities, read as the decimals that they are written as; default uniform.
    prior_weights : array [S] of whole numbers, optional
        The prior times any constant, instead of `prior`.
    states, policies, bob_names : names, optional
    name : str

    Arguments of the methods
    ------------------------
    scheme : whole numbers [S]
        The policy of each state, by its number there.
    totals : whole numbers [1 + k]
        Utilities of Alice and the Bobs, each in the player's integer unit.
    members : whole numbers
        Indices of Bobs, from 0.

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.

    Examples
    --------
    >>> import bigopt
    >>> market = bigopt.Market(alice=[[1, 0.5], [0.2, 0.9]], bobs={"gpt": [[0.8, 0.9], [0.1, 0.9]]})
    >>> bigopt.solve(market, "worst").exact["alice"]
    Fraction(7, 10)
    """

    alice: Any  # given as nested sequences, kept as a tuple of S arrays
    bobs: Any  # and a tuple of k such tuples
    prior: Any = None
    prior_weights: Any = None
    states: tuple[str, ...] = ()
    policies: tuple[tuple[str, ...], ...] = ()
    bob_names: tuple[str, ...] = ()
    name: str = "market"
    kind: ClassVar[str] = "market"
    decimals: Any = field(init=False, repr=False)  # the rows of all players, fractions where a float would round them

    def __post_init__(self) -> None:
        """Validate the data."""
        given, tables = reading.named(self.bobs, self.bob_names)
        object.__setattr__(self, "bobs", tables)
        object.__setattr__(self, "bob_names", given)
        for path, of in (("alice", "rows"), ("bobs", "tables"), ("states", "names"), ("bob_names", "names")):
            listed(getattr(self, path), path, of)
        for s, row in enumerate(listed(self.policies, "policies", "lists of names")):
            listed(row, f"policies[{s}]", "names")
        table = reading.per_state(self.alice, "alice", [None] * (len(self.states) or len(self.alice)))
        sizes = [row.size for row in table]
        count = len(self.bobs)
        if count == 0:
            raise InstanceError("bobs: empty, expected at least one")
        bobs = tuple(reading.per_state(bob, f"bobs[{j}].utility", sizes) for j, bob in enumerate(self.bobs))
        weights, prior = reading.prior(self.prior, self.prior_weights, len(table))
        states = self.states or tuple(f"state {s}" for s in range(len(table)))
        policies = self.policies or tuple(tuple(f"policy {a}" for a in range(n)) for n in sizes)
        names = self.bob_names or tuple(f"Bob {j}" for j in range(count))
        if len(policies) != len(table):
            raise InstanceError(f"policies: {len(policies)} lists, expected {len(table)} (one a state)")
        for s, row in enumerate(policies):
            if len(row) != sizes[s]:
                raise InstanceError(f"policies[{s}]: {len(row)} names, expected {sizes[s]} (as alice[{s}])")
        values = {"alice": table, "bobs": bobs, "prior": prior, "prior_weights": weights}
        values |= {"states": tuple(states), "policies": tuple(tuple(p) for p in policies), "bob_names": tuple(names)}
        fine = [reading.fine(player) for player in (self.alice, *self.bobs)]
        exact = tuple(rows or kept for rows, kept in zip(fine, (table, *bobs), strict=True))
        for key, value in (values | {"decimals": exact}).items():
            object.__setattr__(self, key, value)

    @property
    def S(self) -> int:
        """Number of states."""
        return len(self.alice)

    @property
    def k(self) -> int:
        """Number of Bobs."""
        return len(self.bobs)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """How many policies each state has, [S]."""
        return np.array([row.size for row in self.alice], dtype=np.int64)

    @cached_property
    def first(self) -> npt.NDArray[np.intp]:
        """The outcome (state, policy 0) of each state in the flat order of outcomes, [S]."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.intp)

    @property
    def schemes(self) -> int:
        """How many deterministic schemes there are."""
        return math.prod(self.sizes.tolist())

    @cached_property
    def units(self) -> tuple[Exact, tuple[Fraction, ...]]:
        """The utilities as integers, prior included: ([1 + k, N], what one unit of each player is worth).

        Row 0 is Alice. A scheme's expected utility is the sum of its S integers times the player's unit, exactly.
        """
        weight = repeated(np.array(self.prior_weights, dtype=object), self.sizes)
        total = sum(self.prior_weights)
        rows, worth = [], []
        for player in self.decimals:
            whole_numbers, q = integers(np.concatenate(player))
            scaled = whole_numbers * weight
            common = math.gcd(*scaled.tolist()) or 1
            rows.append(scaled // common)
            worth.append(Fraction(common, q * total))
        table = np.array(rows, dtype=object)
        small = int(np.maximum.reduceat(abs(table), self.first, axis=1).sum(axis=1).max()) < SAFE
        return (table.astype(np.int64) if small else table), tuple(worth)

    @cached_property
    def lowest(self) -> tuple[int, ...]:
        """Each player's least utility over all schemes, in its integer unit, (1 + k)."""
        return tuple(int(v) for v in np.minimum.reduceat(self.units[0], self.first, axis=1).sum(axis=1))

    @cached_property
    def largest(self) -> tuple[int, ...]:
        """The largest of each player's integers, without its sign and at least 1, (1 + k)."""
        return tuple(max(1, *(abs(int(u)) for u in row)) for row in self.units[0])

    @cached_property
    def shares(self) -> Floats:
        """The integers over each player's largest, from -1 to 1, as the model files have them, (1 + k, N)."""
        return np.array([[int(u) / size for u in row] for row, size in zip(self.units[0], self.largest, strict=True)])

    def totals(self, scheme: npt.ArrayLike) -> tuple[int, ...]:
        """Return the integer utilities (Alice, Bob 0, ...) of a deterministic scheme [S]."""
        chosen = self.units[0][:, self.first + np.asarray(scheme, dtype=np.int64)]
        return tuple(int(value) for value in chosen.sum(axis=1))

    def values(self, totals: Sequence[Any]) -> list[Fraction]:
        """Return the utilities in the game's own unit."""
        return [Fraction(t) * unit for t, unit in zip(totals, self.units[1], strict=True)]

    @cached_property
    def opt(self) -> int:
        """Alice's largest utility, in her integer unit."""
        return int(np.maximum.reduceat(self.units[0][0], self.first).sum())

    @property
    def opt_value(self) -> float:
        """Alice's largest expected utility, OPT."""
        return float(self.opt * self.units[1][0])

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all outcomes (state, policy)."""
        return np.concatenate(self.alice), np.array([np.concatenate(bob) for bob in self.bobs])

    def outcome_decimals(self) -> tuple[Exact, Exact]:
        """Return the same without any rounding, as fractions where a float would round."""
        alice, *bobs = [np.concatenate(player) for player in self.decimals]
        return alice, np.array(bobs)

    def committee(self, members: Sequence[int]) -> Market:
        """Return the market of some of the Bobs, by the indices `members`, in the given order; refuse others."""
        if not members or any(not 0 <= j < self.k for j in members):
            raise UsageError(f"committee {list(members)}: expected indices of Bobs from 0 to {self.k - 1}")
        kept = [reading.written(player) for player in self.decimals]
        return Market(
            kept[0],
            tuple(kept[j + 1] for j in members),
            prior_weights=self.prior_weights,
            states=self.states,
            policies=self.policies,
            bob_names=tuple(self.bob_names[j] for j in members),
            name=f"{self.name}:" + "+".join(self.bob_names[j] for j in members),
        )

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        return {"S": self.states, "k": self.bob_names, "P": self.policies}

    def describe(self) -> str:
        """Return the game in one line."""
        low, high = int(self.sizes.min()), int(self.sizes.max())
        each = f"{low}" if low == high else f"{low} to {high}"
        count = f"{self.schemes:,}" if self.schemes < 10**12 else f"about 10^{int(math.log10(self.schemes))}"
        return f"{self.S} states with {each} policies, {self.k} Bobs, {count} deterministic schemes"

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Market:
        """Read the kind's keys of an instance file."""
        for key in ("prior", "prior_weights"):
            if key in data and data[key] is None:
                raise InstanceError(f"{key}: null, expected {len(data['states'])} numbers (one a state)")
        return cls(
            data["alice"],
            tuple(bob["utility"] for bob in data["bobs"]),
            prior=data.get("prior"),
            prior_weights=data.get("prior_weights"),
            states=tuple(data["states"]),
            policies=tuple(tuple(row) for row in data["policies"]),
            bob_names=tuple(bob["name"] for bob in data["bobs"]),
            name=name,
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        return {
            "states": list(self.states),
            "prior_weights": list(self.prior_weights),
            "policies": [list(row) for row in self.policies],
            "alice": reading.written(self.decimals[0]),
            "bobs": [
                {"name": who, "utility": reading.written(bob)}
                for who, bob in zip(self.bob_names, self.decimals[1:], strict=True)
            ],
        }
