"""The persuasion game: senders who know the state, and a receiver who acts on what they tell her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.alice.bob import Bob
from bigopt.arithmetic.arrays import Floats, Ints, number, numbers
from bigopt.arithmetic.decimals import Decimals
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.names import names
from bigopt.arithmetic.rationals import matrix, rational
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError, UsageError
from bigopt.games.persuasion import reading
from bigopt.games.persuasion.reading import ALIGNED
from bigopt.games.persuasion.winning import Choices

__all__ = ["Bob", "Persuasion", "spread"]


@dataclass(frozen=True, eq=False, repr=False)
class Persuasion(BaseGame):
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
    bobs : sequence of Bob, or a mapping from names to utilities
        Their utilities have the same shape.
    prior : array_like, shape (S,), optional
        Probabilities of the states; uniform by default.
    prior_weights : array_like of whole numbers, shape (S,), optional
        Instead of `prior`: in proportion.
    tie_break : {"sender", "first"} or {"margin": float}
        What Alice does among equally good actions; a margin is in units of her utility.
    alice_signal : array_like, shape (S, X), optional
        The probability of what Alice sees herself, given the state. No Bob sees it.
    name : str

    Arguments of the methods
    ------------------------
    bob : str or None
        A sender's name, `alice` or `aligned` for the perfectly aligned one; None for the first.

    Raises
    ------
    InstanceError
        Names the first entry that does not fit.

    Examples
    --------
    >>> import bigopt
    >>> game = bigopt.Persuasion(
    ...     states=["innocent", "guilty"], prior=[0.7, 0.3], actions=["acquit", "convict"],
    ...     alice=[[1, 0], [0, 1]], bobs={"prosecutor": [[0, 1], [0, 1]]},
    ... )
    >>> bigopt.solve(game).exact["value"]
    Fraction(3, 5)
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

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            states: Sequence[str],
            actions: Sequence[str],
            alice: npt.ArrayLike,
            bobs: Sequence[Bob],
            prior: npt.ArrayLike | None = None,
            prior_weights: npt.ArrayLike | None = None,
            tie_break: str | Mapping[str, float] = "sender",
            alice_signal: npt.ArrayLike | None = None,
            name: str = "persuasion",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Validate the data."""
        states, actions = names(self.states, "states"), names(self.actions, "actions")
        shape, per = [len(states), len(actions)], ["state", "action"]
        prior, weights = reading.distribution_of_states(self.prior, self.prior_weights, len(states))
        values = {
            "states": states,
            "actions": actions,
            "alice": numbers(self.alice, "alice", shape, per),
            "bobs": reading.bobs(self.bobs, shape, per),
            "prior": prior,
            "prior_weights": weights,
            "alice_signal": reading.signal(self.alice_signal, len(states)),
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
    def live(self) -> Ints:
        """Indices of the states of positive probability."""
        return np.flatnonzero(self.prior > 0)

    @cached_property
    def decimals(self) -> Decimals:
        """Alice's utility as it was written."""
        return Decimals.of(self.alice)

    @cached_property
    def exact_prior(self) -> list[fmpq]:
        """The prior in fractions, summing to 1."""
        values = self.prior if self.prior_weights is None else self.prior_weights
        parts = [rational(float(value)) for value in values]
        whole = sum(parts, fmpq(0))
        return [part / whole for part in parts]

    @cached_property
    def exact_alice(self) -> fmpq_mat:
        """Alice's utility in fractions, shape [S][A]."""
        return matrix(self.alice)

    @cached_property
    def exact_margin(self) -> fmpq:
        """The margin in fractions."""
        return rational(self.margin)

    @cached_property
    def inducible(self) -> Any:
        """Flags [A]: the actions that some belief on states of positive probability makes Alice take.

        Under the rule `first` it has to be strictly better than all earlier ones there, and with a margin it has to
        win by it; the closure of these beliefs is then all those at which it is no worse (by the margin), so that the
        supremum of a sender's value is the program over these actions. Decided in fractions.
        """
        return self._choices.taken(self.tie_break == "first", self.exact_margin)

    @cached_property
    def ever(self) -> Any:
        """Flags [A]: the actions that are among Alice's best at some belief, whatever she does among equals."""
        return self._choices.taken(False, fmpq(0)) if self.margin or self.tie_break == "first" else self.inducible

    @property
    def _choices(self) -> Choices:
        return Choices(self.decimals, self.live, self.exact_rows)

    @cached_property
    def exact_rows(self) -> list[list[fmpq]]:
        """Alice's utility in fractions, the states of positive probability alone."""
        rows = self.exact_alice.tolist()
        return [rows[s] for s in self.live.tolist()]

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return Alice's utilities [N] and the Bobs' [k, N] over all outcomes (state, action)."""
        return self.alice.ravel(), self.utilities.reshape(len(self.bobs), -1)

    def index(self, bob: str | None) -> int | None:
        """Return the index of the `bob` of this name (default: the first), None for the perfectly aligned one.

        Raises
        ------
        UsageError
            No Bob has this name.
        """
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

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        return {"S": self.states, "A": self.actions, "k": self.names}

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
            prior=data.get("prior"),
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
