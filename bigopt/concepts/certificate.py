"""Checks and certificates: what was evaluated of an answer, and how."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bigopt.display.tables import short

SOLVED = "convergenceCriteriaSatisfied"
EXIT_OF = {  # Pyomo's TerminationCondition -> exit code, for answers that are not solved
    "provenInfeasible": 3,
    "locallyInfeasible": 3,
    "infeasibleOrUnbounded": 3,
    "unbounded": 3,
    "maxTimeLimit": 4,
    "iterationLimit": 4,
    "objectiveLimit": 4,
    "interrupted": 4,
}
GRADES = ("proved", "recomputed", "compared", "searched", "skipped")
CONVINCING = ("proved", "recomputed")
LIMIT = "limit"  # the check of an answer that a limit ended


def weakest(grades: Iterable[str]) -> str:
    """Return the grade of what rests on several checks: the least convincing of theirs."""
    return max(grades, key=GRADES.index)


@dataclass(frozen=True)
class Check:
    """One inequality ``value <= limit`` that was evaluated from the game and the point alone.

    Attributes
    ----------
    name : str
        What was checked, as "feasibility" or "regret".
    value, limit : float
        In the unit that `unit` names; passed means value <= limit.
    unit : str
        As "payoff range" or "probability"; empty for pure numbers.
    note : str
        What a reader should know: the theorem or the algorithm, why the check was skipped, which hypothesis failed.
    grade : str
        How it was reached: "proved" (an inequality evaluated here, with its theorem), "recomputed" (by a second
        algorithm), "compared" (with another answer), "searched" (nothing found within a budget), "skipped".
    claimed : bool
        Whether the concept's name claims it ("worst" claims that nothing is worse): a claim needs one of the first two
        grades.
    """

    name: str
    value: float
    limit: float
    unit: str = ""
    note: str = ""
    grade: str = "recomputed"
    claimed: bool = True

    @property
    def convincing(self) -> bool:
        """Whether the grade is enough for what is claimed."""
        return not self.claimed or self.grade in CONVINCING

    @property
    def passed(self) -> bool:
        """Whether value <= limit (a NaN never passes)."""
        return bool(self.value <= self.limit)

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON data, without empty texts."""
        data = {"name": self.name, "value": self.value, "limit": self.limit, "passed": self.passed, "grade": self.grade}
        if not self.claimed:
            data["claimed"] = False
        return data | {k: v for k, v in (("unit", self.unit), ("note", self.note)) if v}


@dataclass(frozen=True)
class Certificate:
    """The checks of one answer.

    Attributes
    ----------
    checks : tuple of Check
    max_regret : float or None
        The largest regret of any player, in the game's own loss or utility; None where the concept has no regret.
    tolerance : float or None
        The limit on the scaled regret.
    """

    checks: tuple[Check, ...] = ()
    max_regret: float | None = None
    tolerance: float | None = None

    @property
    def verified(self) -> bool:
        """Whether there are checks, all passed, and whatever the concept claims was proved or recomputed."""
        return bool(self.checks) and all(check.passed and check.convincing for check in self.checks)

    @property
    def judged(self) -> bool:
        """Whether a point was verified, and not only a limit said."""
        return any(check.name != LIMIT for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """Return the checks that failed."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def unproved(self) -> tuple[Check, ...]:
        """Return the claims that passed, and yet were only compared, searched or skipped."""
        return tuple(check for check in self.checks if check.passed and not check.convincing)

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate as JSON data."""
        return {
            "verified": self.verified,
            "max_regret": self.max_regret,
            "tolerance": self.tolerance,
            "checks": [check.to_dict() for check in self.checks],
        } | ({"unproved": [check.name for check in self.unproved]} if self.unproved else {})


def limited(stopped: str, objective: float | None, bound: float | None) -> tuple[Check, ...]:
    """Return the check that no answer passes which a limit ended: how far it may be from what was asked for."""
    if EXIT_OF.get(stopped) != EXIT_OF["maxTimeLimit"]:
        return ()
    if objective is None or bound is None:
        return (Check(LIMIT, math.inf, 0.0, note=f"{stopped}: the answer so far, without a bound", grade="skipped"),)
    gap = abs(float(objective) - float(bound))
    note = (
        f"{stopped}: the answer so far is worth {short(float(objective))}, and nothing is beyond {short(float(bound))}"
    )
    return (Check(LIMIT, gap, 0.0, note=note, grade="skipped"),)
