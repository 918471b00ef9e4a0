"""Two comparisons of the same problems: what failed since, what became slower, which values changed."""

from __future__ import annotations

from dataclasses import dataclass

from bigopt.report import words
from bigopt.report.measures import Measures, Problem, Result
from bigopt.report.problems import SAME
from bigopt.report.variation import Variation, spread, variation

UNMEASURED = 2.0  # the factor where neither comparison says how the machine varied
OPPOSITE = {"failed": "solved", "slower": "faster", "wrong": "no longer wrong"}
SHORTEST = 0.05  # seconds: a smaller difference is no regression


@dataclass(frozen=True)
class Change:
    """One difference: of which problem and contender, what (failed, slower, value, bound), before and after."""

    what: str
    problem: Problem
    contender: str
    before: str
    after: str


@dataclass(frozen=True)
class Against:
    """A comparison against an older one: how many pairs both have, the factor that times were allowed, the changes."""

    pairs: int
    factor: float
    measured: bool
    regressions: list[Change]
    improvements: list[Change]

    @property
    def summary(self) -> str:
        """Say it in a sentence."""
        how = "" if self.measured else ", which neither comparison measured"
        return (
            f"{_count(self.pairs, 'pair')} of problem and contender in both: "
            f"{_count(len(self.regressions), 'regression')}, {_count(len(self.improvements), 'improvement')}. "
            f"Slower means by more than a factor of {self.factor:.2f}{how}."
        )


def against(new: Measures, old: Measures) -> Against:
    """Compare the pairs that both comparisons ran."""
    factor, measured = _factor(new, old)
    both = [where for where, result in new.results.items() if result.ran and _ran(old, where)]
    worse, better = [], []
    for where in sorted(both, key=lambda pair: (pair[1], pair[0])):
        change = _change(*where, old.results[where], new.results[where], factor)
        if change is not None:
            worse.append(change)
        back = _change(*where, new.results[where], old.results[where], factor)
        if back is not None and back.what != "value":
            better.append(Change(OPPOSITE[back.what], *where, back.after, back.before))
    return Against(len(both), factor, measured, worse, better)


def _change(problem: Problem, contender: str, before: Result, after: Result, factor: float) -> Change | None:
    """Return how the second result is worse than the first, if it is."""
    if before.solved and not after.solved:
        return Change("failed", problem, contender, words.seconds(before.seconds) + " s", _ended(after))
    if after.outcome == "wrong" and before.outcome != "wrong":
        return Change("wrong", problem, contender, before.outcome, _ended(after))
    if not (before.solved and after.solved):
        return None
    one, other = before.row.get("objective"), after.row.get("objective")
    if one is not None and other is not None and abs(one - other) > SAME * max(1.0, abs(one)):
        return Change("value", problem, contender, f"{one:.10g}", f"{other:.10g}")
    if after.seconds > factor * before.seconds and after.seconds - before.seconds > SHORTEST:
        times = (f"{words.seconds(result.seconds)} s" for result in (before, after))
        return Change("slower", problem, contender, *times)
    return None


def _factor(new: Measures, old: Measures) -> tuple[float, bool]:
    """Return the factor within which times say nothing: of both comparisons' reference runs together."""
    runs = (*new.record.reference, *old.record.reference)
    if len(new.record.reference) > 1 and len(old.record.reference) > 1:
        return spread(runs), True
    found: list[Variation] = [v for v in (variation(new), variation(old)) if v.runs]
    return (max(v.factor for v in found), True) if found else (UNMEASURED, False)


def _ran(measures: Measures, where: tuple[Problem, str]) -> bool:
    result = measures.results.get(where)
    return result is not None and result.ran


def _count(number: int, name: str) -> str:
    return f"{number or 'no'} {name}{'' if number == 1 else 's'}"


def _ended(result: Result) -> str:
    """Return how a result ended, and what was wrong with it."""
    verdict = words.verdict(result)
    return result.outcome if verdict == result.outcome else f"{result.outcome} ({verdict})"
