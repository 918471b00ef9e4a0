"""By which factor the machine's own times varied while a comparison ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bigopt.compare.rows import Row, contender_of
from bigopt.report.measures import Mean, Measures, answer_seconds

OUTSIDE = 0.05  # the share of the fastest and of the slowest that is left out: one hiccup is not the machine
LONG = 0.02  # seconds: repeats that are shorter say more about the clock


@dataclass(frozen=True)
class Variation:
    """A factor between times of equal work, 1 where nothing was measured; of how many runs, and which."""

    factor: float
    runs: int
    source: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        if not self.runs:
            return "The machine's variation was not measured: no reference run, no repeats."
        return f"Equal work took times within a factor of {self.factor:.2f} ({self.runs} {self.source})."


def variation(measures: Measures) -> Variation:
    """Return the variation of the reference runs; without them, of the repeats of runs."""
    reference = measures.record.reference
    if len(reference) > 1:
        return Variation(spread(reference), len(reference), "runs of the reference")
    groups: dict[tuple[str, str, str], list[float]] = {}
    for row in measures.rows:
        seconds = answer_seconds(row)
        if row["outcome"] == "solved" and seconds is not None and seconds >= LONG:
            groups.setdefault(_where(row), []).append(seconds)
    repeated = [times for times in groups.values() if len(times) > 1]
    factors = sorted(max(times) / min(times) for times in repeated)
    if not factors:
        return Variation(1.0, 0, "")
    return Variation(factors[int((1 - OUTSIDE) * (len(factors) - 1))], sum(map(len, repeated)), "repeated runs")


def spread(times: Sequence[float]) -> float:
    """Return the ratio of the slowest to the fastest, a twentieth at each end left out."""
    inner = sorted(times)[int(OUTSIDE * len(times)) : len(times) - int(OUTSIDE * len(times))]
    return max(inner) / min(inner) if min(inner) > 0 else 1.0


def turnable(means: Mapping[str, Mean], factor: float) -> set[str]:
    """Return whom the variation could put before the one above: as many solved, times within the factor."""
    names = list(means)
    return {
        lower
        for upper, lower in zip(names, names[1:], strict=False)
        if means[upper].solved == means[lower].solved and means[lower].relative <= factor * means[upper].relative
    }


def _where(row: Row) -> tuple[str, str, str]:
    return row["instance"], row["concept"], contender_of(row)
