"""Policy classes: which distributions over outcomes training may reach."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.errors import InstanceError

SUM = 1e-9  # by how much a base policy's sum may miss 1
MOST_SEQUENCES = 1_000_000
KEYS = {"simplex": (), "mixture": ("policies",), "tokens": ("alphabet", "length", "end")}


class PolicyClass(ABC):
    """A convex set of distributions over the m outcomes.

    Attributes
    ----------
    type : str
        As in an instance file.
    base : ndarray [k][m] or None
        Its vertices where it is the hull of some; None where it is all of the simplex, so that closed forms apply.
    """

    type: ClassVar[str]
    base: Floats | None = None

    def names(self, given: Sequence[str] | None, outcomes: int) -> tuple[str, ...]:
        """Return the outcomes' names, checked."""
        if given is None:
            raise InstanceError("outcomes: missing, expected the outcomes' names")
        return _names(given, outcomes)

    @abstractmethod
    def to_instance(self) -> dict[str, Any] | None:
        """Return the entry of an instance file, None for the default."""

    def describe(self) -> str:
        """Return what to add to the game's one line."""
        return ""


@dataclass(frozen=True, eq=False)
class Simplex(PolicyClass):
    """All distributions."""

    type: ClassVar[str] = "simplex"

    def to_instance(self) -> None:
        """Return nothing: it is the default."""
        return


@dataclass(frozen=True, eq=False)
class Mixture(PolicyClass):
    """The mixtures of k base policies [k][m], as of adapters that are switched at random."""

    type: ClassVar[str] = "mixture"
    base: Floats

    def to_instance(self) -> dict[str, Any]:
        """Return the entry of an instance file."""
        return {"type": "mixture", "policies": self.base.tolist()}

    def describe(self) -> str:
        """Return what to add to the game's one line."""
        return f", mixtures of {len(self.base)} policies"


@dataclass(frozen=True, eq=False)
class Tokens(PolicyClass):
    """A tabular autoregressive model: a row of next-token probabilities for every prefix.

    A sequence ends with the end token, or when it has `length` tokens. By the chain rule every distribution over
    the sequences is one of the model's (Section 2.1 forgets the end token, and its probabilities add up to
    length + 1), so the closed forms over all distributions apply.
    """

    type: ClassVar[str] = "tokens"
    alphabet: tuple[str, ...]
    length: int
    end: str

    @property
    def sequences(self) -> list[tuple[str, ...]]:
        """All sequences, short ones first: 2 tokens and length 3 make 15."""
        return [s for k in range(self.length + 1) for s in itertools.product(self.alphabet, repeat=k)]

    def names(self, given: Sequence[str] | None, outcomes: int) -> tuple[str, ...]:
        """Return the sequences' names; where names are given they must be these, in this order."""
        own = tuple(" ".join(s) or self.end for s in self.sequences)
        if len(own) != outcomes:
            raise InstanceError(f"initial: {outcomes} numbers, expected {len(own)}, one a sequence of the token policy")
        if given is not None:
            for x, (name, mine) in enumerate(zip(_names(given, outcomes), own, strict=True)):
                if name != mine:
                    raise InstanceError(f"outcomes[{x}]: {name[:40]!r}, expected {mine[:40]!r}, a sequence in order")
        return own

    def conditionals(self, policy: Floats) -> dict[str, list[float]]:
        """Return P(next token | prefix) of a distribution over sequences, by prefix; the end token stands last.

        A prefix of probability 0 has the uniform row (any row does).
        """
        reach = {s: float(p) for s, p in zip(self.sequences, policy, strict=True)}
        for s in reversed(self.sequences):
            if s:
                reach[s[:-1]] += reach[s]
        table = {}
        for s, p in zip(self.sequences, policy, strict=True):
            if len(s) == self.length:
                break
            row = [reach[(*s, token)] for token in self.alphabet] + [float(p)]
            total = reach[s]
            table[" ".join(s)] = [part / total for part in row] if total > 0 else [1 / len(row)] * len(row)
        return table

    def product(self, table: Mapping[str, Sequence[float]]) -> Floats:
        """Return the distribution over sequences of a table of conditionals: their product along each sequence."""
        place = {token: i for i, token in enumerate(self.alphabet)}
        reach: dict[tuple[str, ...], float] = {(): 1.0}
        result = []
        for s in self.sequences:
            if s:
                reach[s] = reach[s[:-1]] * table[" ".join(s[:-1])][place[s[-1]]]
            ends = table[" ".join(s)][-1] if len(s) < self.length else 1.0
            result.append(reach[s] * ends)
        return np.array(result)

    def to_instance(self) -> dict[str, Any]:
        """Return the entry of an instance file."""
        return {"type": "tokens", "alphabet": list(self.alphabet), "length": self.length, "end": self.end}

    def describe(self) -> str:
        """Return what to add to the game's one line."""
        return f", token sequences of length up to {self.length}"


def read_policy(given: Any, outcomes: int) -> PolicyClass:
    """Read the entry `policy` of an instance file."""
    if given is None:
        return Simplex()
    if isinstance(given, PolicyClass):
        return given
    if not isinstance(given, Mapping) or given.get("type") not in KEYS:
        raise InstanceError("policy.type: expected one of simplex, mixture, tokens")
    known = KEYS[given["type"]]
    for key in given:
        if key not in (*known, "type"):
            raise InstanceError(f"policy.{key}: unknown key, a {given['type']} takes {', '.join(known) or 'none'}")
    missing = [key for key in known if key not in given and key != "end"]
    if missing:
        raise InstanceError(f"policy.{missing[0]}: missing, a {given['type']} needs it")
    if given["type"] == "mixture":
        return Mixture(_base(given["policies"], outcomes))
    return _tokens(given) if given["type"] == "tokens" else Simplex()


def _base(given: Any, outcomes: int) -> Floats:
    base = numbers(given, "policy.policies", [None, outcomes], ["policy", "outcome"])
    for k, row in enumerate(base):
        if (row < 0).any():
            raise InstanceError(
                f"policy.policies[{k}][{int(np.argmax(row < 0))}]: {row.min():g}, expected a probability"
            )
        if abs(row.sum() - 1.0) > SUM:
            raise InstanceError(f"policy.policies[{k}]: sums to {row.sum():.12g}, expected 1")
    return np.asarray(base / base.sum(axis=1, keepdims=True))


def _tokens(given: Mapping[str, Any]) -> Tokens:
    alphabet = given["alphabet"]
    if isinstance(alphabet, str) or not isinstance(alphabet, Sequence) or not alphabet:
        raise InstanceError("policy.alphabet: expected a list of at least 1 token")
    end = given.get("end", "<end>")
    if not all(isinstance(token, str) for token in [*alphabet, end]) or len({*alphabet, end}) != len(alphabet) + 1:
        raise InstanceError("policy.alphabet: expected distinct tokens, none of them the end token")
    length = int(whole([given["length"]], "policy.length", [1], low=1)[0])
    count = 0
    for k in range(length + 1):  # stops early: the count grows fast
        count += len(alphabet) ** k
        if count > MOST_SEQUENCES:
            raise InstanceError(f"policy.length: {length} makes more than {MOST_SEQUENCES} sequences, expected less")
    return Tokens(tuple(alphabet), length, end)


def _names(given: Any, outcomes: int) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InstanceError(f"outcomes: {str(given)[:40]!r}, expected a list of names")
    if len(given) != outcomes:
        raise InstanceError(f"outcomes: {len(given)} names, expected {outcomes}, one an entry of initial")
    seen: set[str] = set()
    for x, name in enumerate(given):
        if not isinstance(name, str) or name in seen:
            raise InstanceError(f"outcomes[{x}]: {str(name)[:40]!r}, expected distinct names")
        seen.add(name)
    return tuple(given)
