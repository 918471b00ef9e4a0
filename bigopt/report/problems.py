"""What is known of each problem of a comparison: its best value and bound, by whom, and how hard it was."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bigopt.report.measures import Measures, Problem, Result, regret_of

SAME = 1e-6  # relative: values that differ by less agree


@dataclass(frozen=True)
class Known:
    """What a comparison knows of a problem.

    Attributes
    ----------
    value, bound : float or None
        The objective of the certified answer with the smallest regret, and the tightest bound of all answers; the
        best point of an answer without a certificate is no value.
    value_by, bound_by : str
        Whose they are.
    fastest : str
        Who had a certified answer first, "" where nobody had.
    solved, taken : int
        By how many contenders it was solved, of how many that take it.
    """

    value: float | None
    value_by: str
    bound: float | None
    bound_by: str
    fastest: str
    solved: int
    taken: int

    @property
    def difficulty(self) -> str:
        """Easy: all who take it solve it; medium: at least half of them; hard: fewer; open: nobody."""
        if not self.solved:
            return "open" if self.taken else "not run"
        return "easy" if self.solved == self.taken else "medium" if 2 * self.solved >= self.taken else "hard"

    @property
    def gap(self) -> float | None:
        """The distance of value and bound, relative to the value (or 1)."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.value - self.bound) / max(1.0, abs(self.value))


def known(measures: Measures, problem: Problem) -> Known:
    """Return what is known of a problem."""
    results = measures.of(problem)
    ran = {c: r for c, r in results.items() if r.ran}
    solved = {c: r for c, r in ran.items() if r.solved}
    valued = [c for c, r in solved.items() if _number(r, "objective") is not None]
    value_by = min(valued, key=lambda c: (_regret(solved[c]), solved[c].seconds), default="")
    value = _number(solved[value_by], "objective") if value_by else None
    bound_by = _tightest(ran, value)
    bound = _number(ran[bound_by], "bound") if bound_by else None
    fastest = min(solved, key=lambda c: solved[c].seconds, default="")
    return Known(value, value_by, bound, bound_by, fastest, len(solved), len(ran))


def _tightest(ran: dict[str, Result], value: float | None) -> str:
    """Return whose bound is nearest to the value; where there is none, the first of those who only have a bound.

    Bounds of runs that are refuted by their certificates don't count.
    """
    bounds = {c: b for c, r in ran.items() if r.outcome != "wrong" and (b := _number(r, "bound")) is not None}
    if value is not None:
        return min(bounds, key=lambda c: (abs(bounds[c] - value), ran[c].seconds), default="")
    points = {c: o for c in bounds if (o := _number(ran[c], "objective")) is not None}
    above = any(bounds[c] > points[c] for c in points)
    return (min if above else max)(bounds, key=lambda c: bounds[c], default="")


def _number(result: Result, name: str) -> float | None:
    value = result.row.get(name)
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _regret(result: Result) -> float:
    regret = regret_of(result.row)
    return math.inf if regret is None else regret
