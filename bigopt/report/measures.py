"""What the rows of a comparison say: outcomes by certificate, times, performance profiles."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bigopt.compare.record import Record
from bigopt.compare.rows import UNSUPPORTED, Row, contender_of

SHIFT = 10.0  # seconds, of the shifted geometric mean
NO_RECORD = Record()
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


@dataclass(frozen=True)
class Mean:
    """A contender's shifted geometric mean [s], the same over the virtual best's, solved and taken problems."""

    seconds: float
    relative: float
    solved: int
    taken: int


@dataclass(frozen=True)
class Profile:
    """A performance profile: ratios to the best, the share solved within each, of how many problems."""

    ratios: list[float]
    shares: list[float]
    taken: int


class Measures:
    """The rows of a comparison, by problem and contender (a solver under one set of settings)."""

    def __init__(self, rows: Sequence[Row], record: Record = NO_RECORD) -> None:
        """Group the rows; `record` is what else was written beside them."""
        self.rows, self.record = list(rows), record
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

    def taken(self, contender: str, problems: Iterable[Problem]) -> list[Problem]:
        """Return those of the problems that the contender could be run on: nobody is charged for the others."""
        rows = ((p, self.results.get((p, contender))) for p in problems)
        return [p for p, result in rows if result is not None and result.ran]

    def means(self, problems: Sequence[Problem]) -> dict[str, Mean]:
        """Return the mean times of the contenders: who solves the most first, then who is nearest to the virtual best.

        A failure counts at the time limit; a problem that a contender cannot take does not count, neither in its mean
        nor in the virtual best's that it is compared with. Who takes none, or was not tried on all, is left out.
        """
        found = {}
        for contender in self.contenders:
            if self.takes(contender, problems):
                own = self.taken(contender, problems)
                times = [self.charged(p, self.seconds(p, contender)) for p in own]
                best = shifted_geometric_mean([self.charged(p, self.best_seconds(p)) for p in own])
                mean = shifted_geometric_mean(times)
                solved = sum(self.seconds(p, contender) is not None for p in own)
                found[contender] = Mean(mean, mean / best if best > 0 else 1.0, solved, len(own))
        order = sorted(found, key=lambda c: (-found[c].solved, found[c].relative))
        return {c: found[c] for c in order}

    def best_seconds(self, problem: Problem) -> float | None:
        """Return the virtual best's seconds: the fastest certified answer's; None where there was none."""
        return min((r.seconds for r in self._of(problem) if r.solved), default=None)

    def virtual_best(self, problems: Sequence[Problem]) -> Mean:
        """Return the mean of who always takes the fastest contender."""
        times = [self.best_seconds(p) for p in problems]
        mean = shifted_geometric_mean([self.charged(p, t) for p, t in zip(problems, times, strict=True)])
        return Mean(mean, 1.0, sum(t is not None for t in times), len(problems))

    def shares(self) -> dict[str, tuple[int, int, int]]:
        """Return on how many problems each is the fastest, within twice the fastest, and the only one that solves."""
        found = {}
        for contender in self.contenders:
            ratios = [r for p in self.problems if (r := self._ratio(p, contender)) is not None]
            alone = sum(self.seconds(p, contender) is not None and self._solvers(p) == 1 for p in self.problems)
            found[contender] = (sum(r <= 1.0 for r in ratios), sum(r <= 2.0 for r in ratios), alone)
        return dict(sorted(found.items(), key=lambda item: (-item[1][0], item[0])))

    def _solvers(self, problem: Problem) -> int:
        return sum(r.solved for r in self._of(problem))

    def charged(self, problem: Problem, seconds: float | None) -> float:
        """Return the seconds, the problem's time limit where there are none."""
        if seconds is not None:
            return seconds
        return max((float(r.row["time_limit"]) for r in self._of(problem)), default=0.0)

    def profiles(self, problems: Sequence[Problem]) -> dict[str, Profile]:
        """Return Dolan and More's performance profiles, each over the problems that somebody solved and it takes.

        Times below a millisecond count as one.
        """
        problems = self.solvable(problems)
        found = {}
        for contender in self.contenders:
            if self.takes(contender, problems):
                own = self.taken(contender, problems)
                ratios = sorted(r for r in (self._ratio(p, contender) for p in own) if r is not None)
                found[contender] = Profile(ratios, [(i + 1) / len(own) for i in range(len(ratios))], len(own))
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

    def of(self, problem: Problem) -> dict[str, Result]:
        """Return what each contender made of a problem."""
        return {c: self.results[problem, c] for c in self.contenders if (problem, c) in self.results}

    def _of(self, problem: Problem) -> list[Result]:
        return list(self.of(problem).values())

    def _ratio(self, problem: Problem, contender: str) -> float | None:
        mine, best = self.seconds(problem, contender), self.best_seconds(problem)
        return None if mine is None or best is None else max(mine, FASTEST) / max(best, FASTEST)


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
