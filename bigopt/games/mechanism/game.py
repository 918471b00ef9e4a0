"""The RLHF game: groups report rewards and sizes, a provider trains a policy and charges for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, Ints, number, numbers, whole
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError, UsageError
from bigopt.games.mechanism.groups import SUM, Group, check_reward, distinct, plain
from bigopt.games.mechanism.policies import PolicyClass, read_policy
from bigopt.games.mechanism.rule import Rule, read_rule

DROWNING = 100.0  # times everybody else's size: a group that large is not subtracted
MOST_TYPES = 5000  # the type graph has that many edges squared
NORMALIZATIONS = ("sum", "max")


@dataclass(frozen=True, eq=False, repr=False)
class Mechanism(BaseGame):
    """The RLHF game of Sun et al., Mechanism Design for LLM Fine-tuning with Multiple Reward Models (2024 print).

    Parameters
    ----------
    outcomes : sequence of str, or None for the sequences of a token policy
        Names, m of them.
    initial : array_like, shape (m,)
        The initial model, positive, of sum 1.
    groups : sequence of Group, or of mappings with the keys name, size and reward
        Rewards are non-negative, [m].
    normalization : {"sum", "max"}
        What of a reward is 1.
    rule : Rule or mapping
        Objective, regularizer and strength.
    max_size : int, optional
        The largest size that a group may report; by default the largest present.
    types : sequence of Group or mapping, optional
        The finite type set of the concepts that need one.
    policy : mapping, optional
        The policy class; all distributions by default.
    draws : array_like of whole numbers, shape (N,), optional
        Outcomes drawn from the trained policy, by index.
    name : str

    Arguments of the methods
    ------------------------
    group : int
        Its index.
    name : str or None
        Of a group; None for the first.

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.
    """

    initial: Floats
    groups: Sequence[Group]
    normalization: str
    rule: Rule
    outcomes: Sequence[str] | None = None
    max_size: int = None  # type: ignore[assignment]  # filled in
    types: Sequence[Group] | None = None
    policy: Any = None
    draws: Ints | None = None
    name: str = "mechanism"
    kind: ClassVar[str] = "mechanism"
    policies: PolicyClass = field(init=False)

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            initial: npt.ArrayLike,
            groups: Sequence[Group | Mapping[str, Any]],
            normalization: str,
            rule: Rule | Mapping[str, Any],
            outcomes: Sequence[str] | None = None,
            max_size: int | None = None,
            types: Sequence[Group | Mapping[str, Any]] | None = None,
            policy: Any = None,
            draws: npt.ArrayLike | None = None,
            name: str = "mechanism",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the data."""
        if self.normalization not in NORMALIZATIONS:
            raise InstanceError(f"normalization: {str(self.normalization)[:40]!r}, expected sum or max")
        initial = _distribution(numbers(self.initial, "initial", [None]))
        policies = read_policy(self.policy, len(initial))
        groups = tuple(self._group(group, f"groups[{i}]", f"group {i}") for i, group in enumerate(self.groups))
        if not groups:
            raise InstanceError("groups: empty, expected at least 1 group")
        distinct([group.name for group in groups], "groups")
        types = self._types()
        present = [(f"groups[{i}]", g.size) for i, g in enumerate(groups)]
        present += [(f"types[{t}]", kind.size) for t, kind in enumerate(types or ())]
        asked: int | None = self.max_size
        largest = max(size for _, size in present) if asked is None else _size(asked, "max_size")
        for path, size in present:
            if size > largest:
                raise InstanceError(f"{path}.size: {size}, expected at most max_size, {largest}")
        values = {
            "initial": initial,
            "groups": groups,
            "rule": read_rule(self.rule, sum(group.size for group in groups) + largest),
            "outcomes": policies.names(self.outcomes, len(initial)),
            "max_size": largest,
            "types": types,
            "policies": policies,
            "draws": _draws(self.draws, len(initial)),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def _types(self) -> tuple[Group, ...] | None:
        if self.types is None:
            return None
        if len(self.types) > MOST_TYPES:
            raise InstanceError(f"types: {len(self.types)} types, expected at most {MOST_TYPES}")
        types = tuple(self._group(kind, f"types[{t}]", f"type {t}", 1) for t, kind in enumerate(self.types))
        distinct([kind.name for kind in types], "types")
        return types

    def _group(self, given: Any, path: str, name: str, size: int | None = None) -> Group:
        """Read a group or a type."""
        if isinstance(given, Mapping):
            if "reward" not in given or ("size" not in given and size is None):
                raise InstanceError(f"{path}: expected the keys size and reward")
            given = Group(given.get("name", name), given.get("size", size), given["reward"])
        if not isinstance(given.name, str):
            raise InstanceError(f"{path}.name: {str(given.name)[:40]!r}, expected a name")
        reward = numbers(given.reward, f"{path}.reward", [len(self.initial)], ["outcome"])
        check_reward(reward, self.normalization, f"{path}.reward")
        return Group(given.name, _size(given.size, f"{path}.size"), reward)

    @property
    def n(self) -> int:
        """How many groups there are."""
        return len(self.groups)

    @property
    def m(self) -> int:
        """How many outcomes there are."""
        return len(self.initial)

    @property
    def strength(self) -> float:
        """The regularizer's strength, lambda."""
        return self.rule.strength

    @cached_property
    def names(self) -> list[str]:
        """The groups' names."""
        return [group.name for group in self.groups]

    @cached_property
    def sizes(self) -> Floats:
        """The groups' sizes w [n]."""
        return np.array([group.size for group in self.groups], dtype=float)

    @cached_property
    def rewards(self) -> Floats:
        """The groups' rewards [n][m]."""
        return np.array([group.reward for group in self.groups])

    @cached_property
    def total(self) -> Floats:
        """The summed reward R = sum_i w_i rm_i [m]."""
        return np.asarray(self.sizes @ self.rewards)

    @cached_property
    def stakes(self) -> Floats:
        """What is at stake for each group, w (max rm - min rm), or w max rm where the reward is flat [n]."""
        spread = np.ptp(self.rewards, axis=1)
        return np.asarray(self.sizes * np.where(spread > 0, spread, self.rewards.max(axis=1)))

    def others(self, group: int) -> Floats:
        """Return the summed reward of everybody else [m], added up anew where the group's own would drown it."""
        own = self.sizes[group]
        if own < DROWNING * float(self.sizes.sum() - own):
            return np.asarray(np.maximum(self.total - own * self.rewards[group], 0.0))
        rest = np.arange(self.n) != group
        return np.asarray(self.sizes[rest] @ self.rewards[rest])

    def index(self, name: str | None) -> int:
        """Return a group's index by `name` (default: the first).

        Raises
        ------
        UsageError
            No group has this name.
        """
        if name is None:
            return 0
        if name not in self.names:
            raise UsageError(f"group {name[:40]!r}: expected one of {', '.join(self.names)[:200]}")
        return self.names.index(name)

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        return {"m": self.outcomes or (), "n": [group.name for group in self.groups]}

    def describe(self) -> str:
        """Return the game in one line."""
        groups = f"{self.n} group{'s' if self.n > 1 else ''}"
        rule = f"{self.rule.objective} with {self.rule.regularizer}, strength {self.strength:g}"
        return f"RLHF game, {self.m} outcomes, {groups}, {rule}{self.policies.describe()}"

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Mechanism:
        """Make the game from the kind's keys of an instance file."""
        return cls(**data, name=name)

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {"outcomes": list(self.outcomes or ()), "initial": self.initial.tolist()}
        data["groups"] = [plain(group) for group in self.groups]
        data |= {"normalization": self.normalization, "rule": dict(self.rule.__dict__), "max_size": self.max_size}
        if self.types is not None:
            data["types"] = [plain(kind) for kind in self.types]
        if self.draws is not None:
            data["draws"] = self.draws.tolist()
        policy = self.policies.to_instance()
        return data | ({"policy": policy} if policy else {})


def _size(value: Any, path: str) -> int:
    return int(whole([value], path, [1], low=1)[0]) if not isinstance(value, bool) else int(number(value, path))


def _distribution(values: Floats) -> Floats:
    """Check the initial model; return it with the rounding of its sum taken out."""
    if (values <= 0).any():
        x = int(np.argmax(values <= 0))
        raise InstanceError(f"initial[{x}]: {values[x]:g}, expected a probability above 0")
    if abs(values.sum() - 1.0) > SUM:
        raise InstanceError(f"initial: sums to {values.sum():.12g}, expected 1")
    result = values / values.sum()
    result.flags.writeable = False
    return np.asarray(result)


def _draws(given: Any, outcomes: int) -> Ints | None:
    if given is None:
        return None
    draws = whole(given, "draws", [None])
    if (draws >= outcomes).any():
        k = int(np.argmax(draws >= outcomes))
        raise InstanceError(f"draws[{k}]: {draws[k]}, expected the index of an outcome, below {outcomes}")
    return draws
