"""Proofs of equilibria of finite games, which a checker goes through in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bigopt.concepts.proof import Proof


def nash(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim an equilibrium, and that its potential is the least of all profiles."""
    choices = [[int(k) for k in choice] for choice in solution.choices]
    receiver, losses, potential = _state(data, choices)
    claims = {"choices": choices, "receiver": receiver, "losses": losses, "potential": potential}
    return Proof(claims, {"choices": choices}, ("nobody can do better alone, and no profile has a lower potential",))


def all_nash(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the number of pure equilibria."""
    return Proof({"count": int(solution.count), "complete": True}, {}, ("there are so many pure equilibria",))


def _state(data: Mapping[str, Any], choices: list[list[int]]) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Return the receiver, the losses and the potential of a profile, exactly."""
    back = data.get("background") or {"weight": Fraction(0), "point": [Fraction(0)] * len(data["targets"][0])}
    d = range(len(data["targets"][0]))
    parts = [
        [w * sum((data["items"][k][c] for k in choice), Fraction(0)) for c in d]
        for w, choice in zip(data["weights"], choices, strict=True)
    ]
    receiver = [back["weight"] * back["point"][c] + sum((part[c] for part in parts), Fraction(0)) for c in d]
    losses = [sum(((receiver[c] - t[c]) ** 2 for c in d), Fraction(0)) for t in data["targets"]]
    linear = sum((part[c] * t[c] for part, t in zip(parts, data["targets"], strict=True) for c in d), Fraction(0))
    return receiver, losses, sum((v * v for v in receiver), Fraction(0)) - 2 * linear


PROVERS = {"nash": nash, "all-nash": all_nash}
