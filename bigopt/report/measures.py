"""What the rows of a comparison say: outcomes by certificate, times, performance profiles."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bigopt.compare.rows import UNSUPPORTED, Row, contender_of

SHIFT = 10.0  # seconds, of the shifted geometric mean
FASTEST = 1e-3  # seconds: what is faster counts as this in ratios, where clocks and caches decide
WORST_FIRST = ("wrong", "crashed", "memory limit", "time limit", "other limit", "infeasible", "unproved", "failed")


@dataclass(frozen=True, order=True)
class Problem:
    """One question: a concept of an instance."""

    instance: str
    concept: str


@dataclass(frozen=True)
class Result:
    """What a contender made of a problem, over all repeats.

    Attributes
    ----------
    outcome : str
        The worst of the repeats'.
    seconds : float
        Median of building and solving; the time limit where it was not solved.
    row : dict
        The first row with that outcome.
    """

    outcome: str
    seconds: float
    row: Row

    @property
    def solved(self) -> bool:
        """Whether every repeat was solved and its certificate passed."""
        return self.outcome == "solved"

    @property
    def ran(self) -> bool:
        """Whether anything was run."""
        return self.outcome not in UNSUPPORTED


class Measures:
    """The rows of a comparison, by problem and contender (a solver under one set of settings)."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Group the rows."""
        self.rows = list(rows)
        grouped: dict[tuple[Problem, str], list[Row]] = {}
        for row in rows:
            problem = Problem(row["instance"], row["concept"])
            grouped.setdefault((problem, contender_of(row)), []).append(row)
        self.results = {where: _merge(repeats) for where, repeats in grouped.items()}
        names = dict.fromkeys(contender for _, contender in grouped)
        self.contenders = sorted(names, key=lambda name: (-self.outcomes(name)["solved"], name))
        self.problems = sorted({problem for problem, _ in grouped})

    @cached_property
    def groups(self) -> dict[str, list[Problem]]:
        """Problems by kind and concept."""
        kinds = {Problem(row["instance"], row["concept"]): row["kind"] for row in self.rows}
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(f"{kinds[problem]} {problem.concept}", []).append(problem)
        return dict(sorted(found.items()))

    def outcomes(self, contender: str) -> Counter[str]:
        """Return how many problems ended how."""
        return Counter(r.outcome for (_, name), r in self.results.items() if name == contender)

    def takes(self, contender: str, problems: Iterable[Problem]) -> bool:
        """Whether the contender has a row for each of the problems and could be run on any of them."""
        rows = [self.results.get((p, contender)) for p in problems]
        return all(r is not None for r in rows) and any(r is not None and r.ran for r in rows)

    def solvable(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems that somebody solved."""
        return [p for p in problems if any(r.solved for r in self._of(p))]

    def seconds(self, problem: Problem, contender: str) -> float | None:
        """Return the seconds to a certified answer, None where there was none."""
        result = self.results.get((problem, contender))
        return result.seconds if result is not None and result.solved else None

    def means(self, problems: Sequence[Problem]) -> dict[str, tuple[float, float, int]]:
        """Return (shifted geometric mean, the same relative to the best, number solved) by contender, best first.

        A failure counts at the time limit, and so does a problem of the group that a contender cannot take, unless it
        takes none of them: then it is left out, and so is one that was not tried on all of them.
        """
        limit = max((float(r.row["time_limit"]) for p in problems for r in self._of(p)), default=0.0)
        found = {}
        for contender in self.contenders:
            if not self.takes(contender, problems):
                continue
            times = [self.seconds(p, contender) for p in problems]
            mean = shifted_geometric_mean([limit if t is None else t for t in times])
            found[contender] = (mean, sum(t is not None for t in times))
        best = min((mean for mean, _ in found.values()), default=1.0)
        order = sorted(found, key=lambda c: found[c][0])
        return {c: (found[c][0], found[c][0] / best if best > 0 else 1.0, found[c][1]) for c in order}

    def profiles(self, problems: Sequence[Problem]) -> dict[str, tuple[list[float], list[float]]]:
        """Return Dolan and More's performance profiles: by contender, ratios to the best and the share solved within.

        Over the problems that somebody solved. Times below a millisecond count as one.
        """
        problems = self.solvable(problems)
        found = {}
        for contender in self.contenders:
            if not self.takes(contender, problems):
                continue
            ratios = sorted(r for r in (self._ratio(p, contender) for p in problems) if r is not None)
            shares = [(i + 1) / len(problems) for i in range(len(ratios))]
            found[contender] = (ratios, shares)
        return found

    def wrong(self) -> list[tuple[Problem, str, Result]]:
        """Return the answers that a solver called right and the certificate did not, or that others refute."""
        found = []
        for (problem, contender), result in self.results.items():
            refuted = result.outcome == "infeasible" and self.solvable([problem])
            if result.outcome == "wrong" or refuted:
                found.append((problem, contender, result))
        return sorted(found, key=lambda item: (item[1], item[0]))

    def failures(self) -> list[tuple[Problem, str, Result]]:
        """Return everything that was run and not solved."""
        found = [(p, c, r) for (p, c), r in self.results.items() if r.ran and not r.solved]
        return sorted(found, key=lambda item: (item[1], item[0]))

    def _of(self, problem: Problem) -> list[Result]:
        return [self.results[problem, c] for c in self.contenders if (problem, c) in self.results]

    def _ratio(self, problem: Problem, contender: str) -> float | None:
        mine = self.seconds(problem, contender)
        best = min(r.seconds for r in self._of(problem) if r.solved)
        return None if mine is None else max(mine, FASTEST) / max(best, FASTEST)


def checks_of(row: Row) -> list[dict[str, Any]]:
    """Return the checks of a row's certificate; none where there was no answer."""
    return list((row.get("certificate") or {}).get("checks", []))


def regret_of(row: Row) -> float | None:
    """Return the scaled regret that the certificate found (its check `regret`), else the largest regret."""
    for check in checks_of(row):
        if "regret" in check["name"]:
            value = check["value"]
            return None if value is None else max(0.0, float(value))
    regret: Any = (row.get("certificate") or {}).get("max_regret")
    return None if regret is None else max(0.0, float(regret))


def shifted_geometric_mean(times: Sequence[float], shift: float = SHIFT) -> float:
    """Return exp(mean(log(t + shift))) - shift: long runs count, and hundredths of seconds do not decide."""
    return math.exp(statistics.fmean(math.log(t + shift) for t in times)) - shift if times else math.nan


def answer_seconds(row: Row) -> float | None:
    """Return the seconds of building and solving; the certificate's own time is nobody's merit or fault."""
    seconds = row.get("seconds")
    return None if not seconds else float(seconds.get("build", 0.0)) + float(seconds.get("solve", 0.0))


def _merge(repeats: Sequence[Row]) -> Result:
    outcomes = {row["outcome"] for row in repeats}
    worst = next((o for o in WORST_FIRST if o in outcomes), None)
    worst = worst or next((o for o in sorted(outcomes) if o != "solved"), "solved")
    row = next(row for row in repeats if row["outcome"] == worst)
    times = [answer_seconds(row) for row in repeats]
    known = [t for t in times if t is not None]
    seconds = statistics.median(known) if worst == "solved" and known else float(row["time_limit"])
    return Result(worst, seconds, row)
