"""A solution's fields as tables where its concept has none of its own: what belongs to one axis stands side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bigopt.concepts.fields import AXIS, by_name, units_of
from bigopt.display.tables import Table

SHOWN = 20  # rows of a table
ROWS = {  # the letters of axes that are rows, and what a row is
    "n": "player",
    "k": "Bob",
    "K": "Bob",
    "S": "state",
    "X_A": "Alice sees",
    "m": "outcome",
    "T": "type",
    "profiles": "profile",
}


def plain_tables(cls: type, fields: Mapping[str, Any], axes: Mapping[str, Sequence[str]]) -> list[Table]:
    """Return a table an axis, its rows by name where the game has names, and one of all other fields.

    Parameters
    ----------
    cls : type
        The class of the solution, whose docstring has the axes of each field.
    fields : mapping
    axes : mapping
        Names by the letter of an axis, as `BaseGame.axes` returns them.
    """
    units, fields = units_of(cls), by_name(cls, fields, axes)
    groups: dict[tuple[str, int], list[str]] = {}
    alone: list[list[Any]] = []
    listed: list[Table] = []
    for name, value in fields.items():
        letters = AXIS.findall(units.get(name, ""))
        if letters and letters[0] in ROWS and isinstance(value, (list, tuple, np.ndarray)) and len(value) > 0:
            groups.setdefault((letters[0], len(value)), []).append(name)
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            listed.append(_steps(name, value))
        else:
            alone.append([name, value])
    tables = [_rows(letter, count, names, fields, axes) for (letter, count), names in groups.items()]
    return [*tables, *([Table("", ("field", "value"), alone)] if alone else []), *listed]


def _steps(name: str, steps: Sequence[Mapping[str, Any]]) -> Table:
    """Return objects of one kind, as the moves of a path, a row an object."""
    keys = list(dict.fromkeys(key for step in steps for key in step))
    rows = [[step.get(key) for key in keys] for step in steps[:SHOWN]]
    return Table(f"{name}, the first {SHOWN} of {len(steps)}" if len(steps) > SHOWN else name, tuple(keys), rows)


def _rows(
    letter: str,
    count: int,
    names: Sequence[str],
    fields: Mapping[str, Any],
    axes: Mapping[str, Sequence[str]],
) -> Table:
    """Return the fields of one axis, a row an entry."""
    known = axes.get(letter, ())
    labels = known if len(known) == count else range(count)
    rows = [[labels[i], *(fields[name][i] for name in names)] for i in range(min(count, SHOWN))]
    title = f"the first {SHOWN} of {count}" if count > SHOWN else ""
    return Table(title, (ROWS[letter], *names), rows)
