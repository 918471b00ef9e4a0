"""Games of tables: files or frames, by a kind's importer or by one of its constructions from several tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bigopt.arithmetic.columns import Columns
from bigopt.errors import InstanceError, UsageError, close_to
from bigopt.files import tables
from bigopt.games import kinds

Maker = Callable[..., tuple[Any, list[str]]]


def read_table(
    table: Any,
    kind: str,
    *,
    construction: str = "",
    name: str = "",
    report: Callable[[str], None] = lambda note: None,
    **flags: Any,
) -> Any:
    """Make a game of a table.

    Parameters
    ----------
    table : path or frame, or a sequence of them for a construction
        A CSV, TSV or Parquet file, or a pandas, polars or pyarrow frame.
    kind : str
        As "market".
    construction : str
        As "movielens", of a market from two tables: ratings and films.
    name : str
        The game's name; default the file's.
    **flags
        The kind's, as ``bigopt import KIND`` has them.
    report : callable
        Told what was done about odd cells, a line each.

    Returns
    -------
    Game
        Of that kind.

    Raises
    ------
    InstanceError
        One line: the file, the column, the row, what was expected.
    UsageError
        A kind that takes no tables, a flag or construction that there is not.

    Examples
    --------
    >>> import bigopt
    >>> import pandas
    >>> rows = [("rain", "umbrella", 1.0, 0.8), ("rain", "coat", 0.5, 0.9)]
    >>> frame = pandas.DataFrame(rows, columns=["state", "policy", "alice", "gpt"])
    >>> bigopt.read_table(frame, "market", name="weather").policies
    (('umbrella', 'coat'),)
    """
    make = maker(kind, construction)
    given = list(table) if isinstance(table, (list, tuple)) else [table]
    count = tables_of(make)
    if len(given) != count:
        raise UsageError(f"{construction or kind}: {len(given)} tables, expected {count}")
    known = inspect.signature(make).parameters
    unknown = [flag for flag in flags if flag not in known or known[flag].kind is not inspect.Parameter.KEYWORD_ONLY]
    if unknown:
        options = [p.name for p in known.values() if p.kind is inspect.Parameter.KEYWORD_ONLY]
        raise UsageError(f"{unknown[0][:40]!r} is not of {construction or kind}{close_to(unknown[0], options)}")
    stem = Path(given[0]).stem if isinstance(given[0], (str, Path)) else construction or kind
    game, notes = _made(make, given, name or stem, flags)
    for note in notes:
        report(note)
    return game


def constructions_of(kind: str) -> list[str]:
    """Return the names of a kind's constructions."""
    return list(kinds.find(kind).constructions)


def maker(kind: str, construction: str = "") -> Maker:
    """Return what makes a game of the kind from tables."""
    row = kinds.find(kind)
    if construction:
        if construction not in row.constructions:
            known = ", ".join(row.constructions) or "none"
            raise UsageError(f"{construction[:40]!r} is not a construction of {kind}, expected one of {known}")
        return row.constructions[construction]
    if row.importer is None:
        able = ", ".join(each.name for each in kinds.KINDS.values() if each.importer is not None)
        raise UsageError(f"kind {kind}: takes no tables, expected one of {able}")
    return row.importer


def tables_of(make: Maker) -> int:
    """Return how many tables a maker takes: its positional parameters but for the name."""
    found = inspect.signature(make).parameters.values()
    return sum(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in found) - 1


def _made(make: Maker, given: Sequence[Any], name: str, flags: dict[str, Any]) -> tuple[Any, list[str]]:
    """Read the tables and make the game; errors begin with the file."""
    where = ", ".join(str(each) for each in given if isinstance(each, (str, Path))) or "table"
    try:
        return make(*(_columns(each) for each in given), name, **flags)
    except InstanceError as error:
        if any(str(error).startswith(str(each)) for each in given if isinstance(each, (str, Path))):
            raise
        raise InstanceError(f"{where}: {error}") from None


def _columns(table: Any) -> Columns:
    return tables.read(table) if isinstance(table, (str, Path)) else tables.columns(table)
