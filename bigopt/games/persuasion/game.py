"""The persuasion game: senders who know the state, and a receiver who acts on what they tell her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats, Ints, number, numbers, whole
from bigopt.errors import InstanceError, UsageError

ALIGNED = ("alice", "aligned")  # names of the perfectly aligned Bob (Definition 8)
SUM = 1e-9  # how far from 1 a distribution may sum
STRICT = 1e-9  # by how much of Alice's range an action must be strictly best somewhere, to be inducible


@dataclass(frozen=True, eq=False)
class Bob:
    """A sender: his name and his utility, shape [S][A]."""

    name: str
    utility: Floats


@dataclass(frozen=True, eq=False)
class Persuasion:
    """Bayesian persuasion (Kamenica and Gentzkow 2011) with one or several senders.

    Sections 2 and 5 of Collina et al., Emergent Alignment via Competition, restricted to one round: a state is drawn,
    every Bob sends a signal by a scheme that he committed to, and Alice takes the action that is best for her given
    the signals (Definition 4).

    Parameters
    ----------
    states, actions : sequence of str
        Names, S and A of them.
    alice : array_like, shape (S, A)
        Her utility.
    bobs : sequence of Bob, or of mappings with the keys name and utility
        Their utilities have the same shape.
    prior : array_like, shape (S,), optional
        Probabilities of the states; uniform by default.
    prior_weights : array_like of whole numbers, shape (S,), optional
        Instead of `prior`: in proportion.
    tie_break : {"sender", "first"} or {"margin": float}
        What Alice does among equally good actions (PAPER_NOTES); a margin is in units of her utility.
    alice_signal : array_like, shape (S, X), optional
        The probability of what Alice sees herself, given the state. No Bob sees it.
    name : str

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.
    """

    states: Sequence[str]
    actions: Sequence[str]
    alice: Floats
    bobs: Sequence[Bob]
    prior: Floats = None  # type: ignore[assignment]  # filled in below
    prior_weights: Ints | None = None
    tie_break: str | Mapping[str, float] = "sender"
    alice_signal: Floats | None = None
    name: str = "persuasion"
    kind: ClassVar[str] = "persuasion"

    def __post_init__(self) -> None:
        """Validate the data."""
        states, actions = _names(self.states, "states"), _names(self.actions, "actions")
        shape, per = [len(states), len(actions)], ["state", "action"]
        prior, weights = _prior(self.prior, self.prior_weights, len(states))
        values = {
            "states": states,
            "actions": actions,
            "alice": numbers(self.alice, "alice", shape, per),
            "bobs": _bobs(self.bobs, shape, per),
            "prior": prior,
            "prior_weights": weights,
            "alice_signal": _signal(self.alice_signal, len(states)),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)
        self._check_tie_break()

    def _check_tie_break(self) -> None:
        rule = self.tie_break
        if isinstance(rule, Mapping):
            if set(rule) != {"margin"}:
                raise InstanceError(
                    f"tie_break: keys {', '.join(map(str, rule))[:40]!r}, expected the key margin alone"
                )
            object.__setattr__(self, "tie_break", {"margin": number(rule["margin"], "tie_break.margin", 0.0)})
            if self.alice_signal is not None:
                raise InstanceError("tie_break.margin: stands beside alice_signal, expected sender or first there")
        elif rule not in ("sender", "first"):
            raise InstanceError(f"tie_break: {str(rule)[:40]!r}, expected sender, first or {{'margin': number}}")

    @property
    def margin(self) -> float:
        """By how much a recommended action must beat any other, 0 unless `tie_break` says so."""
        return float(self.tie_break["margin"]) if isinstance(self.tie_break, Mapping) else 0.0

    @cached_property
    def names(self) -> list[str]:
        """The Bobs' names."""
        return [bob.name for bob in self.bobs]

    @cached_property
    def utilities(self) -> Floats:
        """The Bobs' utilities, shape [k][S][A]."""
        return np.array([bob.utility for bob in self.bobs])

    @cached_property
    def alice_range(self) -> float:
        """Alice's largest minus smallest utility, 1 where they are equal: the unit of her losses."""
        return spread(self.alice)

    @cached_property
    def first_best(self) -> float:
        """OPT (Definition 2): Alice's expected utility if she knew the state."""
        return float(self.prior @ self.alice.max(axis=1))

    @cached_property
    def alone(self) -> float:
        """Alice's expected utility without any Bob, with what she sees herself."""
        seen = self.prior[:, None] * (np.ones((len(self.prior), 1)) if self.alice_signal is None else self.alice_signal)
        return float((seen.T @ self.alice).max(axis=1).sum())

    @cached_property
    def inducible(self) -> Any:
        """Flags [A]: the actions that some belief makes Alice take.

        Under the tie rule `first` an action counts only if some belief makes it strictly better than all earlier
        ones and no worse than the later ones; its closed region of beliefs is then the closure of that set, so that
        the supremum of a sender's value is the program over these actions. Under the other rules all actions count.
        """
        flags = np.ones(len(self.actions), dtype=bool)
        if self.tie_break == "first":
            for a in range(1, len(self.actions)):
                flags[a] = self._strictly_first(a)
        return flags

    def _strictly_first(self, a: int) -> bool:
        """Whether some belief on states of positive probability makes a strictly better than all earlier actions."""
        alice = self.alice[self.prior > 0] / self.alice_range
        difference = np.delete(alice, a, axis=1) - alice[:, [a]]  # <= -t for the earlier, <= 0 for the later ones
        slack = (np.arange(difference.shape[1]) < a).astype(float)
        found = linprog(
            np.append(np.zeros(len(alice)), -1.0),
            A_ub=np.column_stack([difference.T, slack]),
            b_ub=np.zeros(len(slack)),
            A_eq=np.append(np.ones(len(alice)), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0, None)] * len(alice) + [(None, 1.0)],
        )
        return bool(found.status == 0 and -found.fun > STRICT)

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all outcomes (state, action)."""
        return self.alice.ravel(), self.utilities.reshape(len(self.bobs), -1)

    def index(self, bob: str | None) -> int | None:
        """Return a Bob's index by name (default: the first), None for the perfectly aligned one."""
        if bob is None:
            return 0
        if bob in self.names:
            return self.names.index(bob)
        if bob in ALIGNED:
            return None
        raise UsageError(f"bob {bob[:40]!r}: expected one of {', '.join(self.names)} or aligned")

    def utility_of(self, bob: str | None) -> Floats:
        """Return a sender's utility by name, shape [S][A]; `alice` and `aligned` are Alice's own (Definition 8)."""
        index = self.index(bob)
        return self.alice if index is None else self.utilities[index]

    def label(self, bob: str | None) -> str:
        """Return a sender's name as it is shown."""
        index = self.index(bob)
        return "aligned" if index is None else self.names[index]

    def describe(self) -> str:
        """Return the game in one line."""
        sees = "" if self.alice_signal is None else f", Alice sees one of {self.alice_signal.shape[1]} signals"
        bobs = f"{len(self.bobs)} sender{'s' if len(self.bobs) > 1 else ''}"
        return f"persuasion, {len(self.states)} states, {len(self.actions)} actions, {bobs}{sees}"

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> Persuasion:
        """Make the game from the kind's keys of an instance file."""
        if "prior" in data and "prior_weights" in data:
            raise InstanceError("prior_weights: stands beside prior, expected one of the two")
        return cls(
            states=data["states"],
            actions=data["actions"],
            alice=data["alice"],
            bobs=data["bobs"],
            prior=data.get("prior"),  # type: ignore[arg-type]  # None: filled in
            prior_weights=data.get("prior_weights"),
            tie_break=data.get("tie_break", "sender"),
            alice_signal=data.get("alice_signal"),
            name=name,
        )

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {"states": list(self.states)}
        if self.prior_weights is not None:
            data["prior_weights"] = self.prior_weights.tolist()
        else:
            data["prior"] = self.prior.tolist()
        data |= {"actions": list(self.actions), "alice": self.alice.tolist()}
        if self.alice_signal is not None:
            data["alice_signal"] = self.alice_signal.tolist()
        data["bobs"] = [{"name": bob.name, "utility": bob.utility.tolist()} for bob in self.bobs]
        rule = self.tie_break
        return data | {"tie_break": dict(rule) if isinstance(rule, Mapping) else rule}


def spread(values: Floats) -> float:
    """Return the largest minus the smallest value, 1 where they are equal: a payoff range."""
    width = float(values.max() - values.min())
    return width if width > 0 else 1.0


def _names(given: Any, path: str) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise InstanceError(f"{path}: {str(given)[:40]!r}, expected a list of at least 1 name")
    for i, item in enumerate(given):
        if not isinstance(item, str):
            raise InstanceError(f"{path}[{i}]: {str(item)[:40]!r}, expected a name")
    for i, item in enumerate(given):
        if item in given[:i]:
            raise InstanceError(f"{path}[{i}]: {item[:40]!r} stands twice, expected distinct names")
    return tuple(given)


def _prior(prior: Any, weights: Any, states: int) -> tuple[Floats, Ints | None]:
    if weights is not None:
        counts = whole(weights, "prior_weights", [states], ["state"])
        if not counts.sum() > 0:
            raise InstanceError("prior_weights: sum 0, expected at least one positive weight")
        return _frozen(counts / counts.sum()), counts
    if prior is None:
        return _frozen(np.full(states, 1.0 / states)), np.ones(states, dtype=np.int64)
    return _frozen(_distribution(numbers(prior, "prior", [states], ["state"]), "prior")), None


def _signal(given: Any, states: int) -> Floats | None:
    if given is None:
        return None
    table = numbers(given, "alice_signal", [states, None], ["state", "signal"])
    return _frozen(np.array([_distribution(row, f"alice_signal[{s}]") for s, row in enumerate(table)]))


def _distribution(values: Floats, path: str) -> Floats:
    """Check that values are non-negative and sum to 1; return them with the rounding of the sum taken out."""
    if (values < 0).any():
        i = int(np.argmax(values < 0))
        raise InstanceError(f"{path}[{i}]: {values[i]:g}, expected a probability")
    if abs(values.sum() - 1.0) > SUM:
        raise InstanceError(f"{path}: sums to {values.sum():.12g}, expected 1")
    scaled: Floats = values / values.sum()
    return scaled


def _bobs(given: Any, shape: list[int], per: list[str]) -> tuple[Bob, ...]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence) or not given:
        raise InstanceError("bobs: expected a list of at least 1 object with the keys name and utility")
    found: list[Bob] = []
    for i, item in enumerate(given):
        if not isinstance(item, Bob) and not (isinstance(item, Mapping) and {"name", "utility"} <= set(item)):
            shown = " ".join(repr(item).split())[:40]
            raise InstanceError(f"bobs[{i}]: {shown}, expected an object with the keys name and utility")
        bob = item if isinstance(item, Bob) else Bob(item["name"], item["utility"])
        if not isinstance(bob.name, str) or not bob.name or bob.name in ALIGNED:
            raise InstanceError(f"bobs[{i}].name: {str(bob.name)[:40]!r}, expected a name other than alice and aligned")
        if bob.name in [other.name for other in found]:
            raise InstanceError(f"bobs[{i}].name: {bob.name[:40]!r} stands twice, expected distinct names")
        found.append(Bob(bob.name, numbers(bob.utility, f"bobs[{i}].utility", list(shape), per)))
    return tuple(found)


def _frozen(array: Floats) -> Floats:
    array.flags.writeable = False
    return array
