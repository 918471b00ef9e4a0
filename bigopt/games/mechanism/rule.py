"""What training maximizes: an objective less a regularizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bigopt.arithmetic.arrays import number
from bigopt.errors import InstanceError

LEAST_STRENGTH = 1e-10  # of the summed sizes: below it exp(R / lambda) has no digits left
OBJECTIVES = ("social-welfare", "nash-welfare", "maximin")
REGULARIZERS = ("kl", "l2")


@dataclass(frozen=True)
class Rule:
    """What training maximizes: an objective, a regularizer and its strength lambda."""

    objective: str
    regularizer: str
    strength: float

    @property
    def problem_class(self) -> str:
        """The class of a program with the divergence in its objective."""
        return "NLP" if self.regularizer == "kl" else "QP"


def read_rule(given: Any, agents: int) -> Rule:
    """Read the rule; its strength must leave digits to exp(R / lambda), where R is at most `agents`."""
    if isinstance(given, Mapping):
        missing = [key for key in ("objective", "regularizer", "strength") if key not in given]
        if missing or len(given) != 3:
            raise InstanceError(
                f"rule: keys {', '.join(map(str, given))[:60]}, expected objective, regularizer, strength"
            )
        given = Rule(given["objective"], given["regularizer"], given["strength"])
    for key, known in (("objective", OBJECTIVES), ("regularizer", REGULARIZERS)):
        if getattr(given, key) not in known:
            raise InstanceError(f"rule.{key}: {str(getattr(given, key))[:40]!r}, expected one of {', '.join(known)}")
    strength = number(given.strength, "rule.strength")
    if not strength >= LEAST_STRENGTH * agents:
        wanted = (
            "a number above 0" if strength <= 0 else f"at least {LEAST_STRENGTH * agents:g}: exp(R/strength) overflows"
        )
        raise InstanceError(f"rule.strength: {strength:g}, expected {wanted}")
    return Rule(given.objective, given.regularizer, strength)
