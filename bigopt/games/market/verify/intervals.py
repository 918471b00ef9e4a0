"""Proofs that cover Alice's utility by intervals: read, completed where there are none, and evaluated by the census."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.errors import InstanceError
from bigopt.games.market.exact import enumeration
from bigopt.games.market.exact.intervals import Intervals, Span
from bigopt.games.market.game import Exact, Market
from bigopt.games.market.verify.census import Census, covers


def proof_of(game: Market, value: Any) -> list[Span] | None:
    """Read a proof: a list of {"alice": [low, high], "rows": [[P, Q_1, ..., Q_k], ...]}, integers in Alice's unit."""
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        raise InstanceError(f"proof: {str(value)[:40]!r}, expected a list of intervals with the rows that refute them")
    spans = []
    for i, item in enumerate(value):
        if isinstance(item, Span):
            spans.append(item)
            continue
        data: Any = item if isinstance(item, dict) else {}
        ends, rows = data.get("alice"), data.get("rows")
        if not (_whole(ends, 2) and isinstance(rows, list) and all(_whole(row, game.k + 1) for row in rows)):
            raise InstanceError(f'proof[{i}]: expected "alice": [low, high] and "rows" of {game.k + 1} whole numbers')
        spans.append(Span(ends[0], ends[1], tuple(tuple(row) for row in rows)))
    return spans


def shown(spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Return a proof as JSON data."""
    return [{"alice": [span.low, span.high], "rows": [list(row) for row in span.rows]} for span in spans]


def spans_below(census: Census, given: list[Span] | None, high: int, every: bool) -> list[Span]:
    """Return intervals to look through up to `high`: everything at once where there is little, else a proof's.

    Where no proof was given the search is asked for one, and nothing else of it is believed.
    """
    if given is not None:
        return given
    if enumeration.few(census.game):
        return [Span(census.least, high, ())]
    search = Intervals(census.game, census.deadline, nash=census.nash)
    for _ in search.search(census.least, high):
        if not every:  # the last interval has it, as the census will find
            return [*search.proof, Span(search.proved, high, ())]
    return search.proof


def found_in(
    census: Census, spans: Sequence[Span], high: int, every: bool
) -> Iterator[tuple[npt.NDArray[np.int64], Exact]]:
    """Yield (schemes, totals) of the stable schemes of each interval, up to `high`."""
    for span in sorted(spans, key=lambda s: (s.low, s.high)):
        if span.low <= high:
            found = census.between(span.low, min(span.high, high), span.rows, every)
            if len(found[0]):
                yield found


def complete(census: Census, spans: Sequence[Span], high: int) -> bool:
    """Whether the intervals leave no value of Alice's up to `high` out."""
    return covers([(span.low, span.high) for span in spans], census.least, high)


def _whole(value: Any, length: int) -> bool:
    wanted = isinstance(value, (list, tuple)) and len(value) == length
    return wanted and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
