"""Columns of a table: numbers, or texts that should be numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import InstanceError

Columns = Mapping[str, npt.NDArray[Any]]  # float64 with NaN where a value is missing, or objects: texts and None


def column(table: Columns, name: str) -> npt.NDArray[Any]:
    """Return a column, or raise `InstanceError` with the names there are."""
    if name not in table:
        known = ", ".join(list(table)[:8]) + (", ..." if len(table) > 8 else "")
        raise InstanceError(f"column {name[:40]!r}: not in the table, expected one of {known}")
    return table[name]


def numeric(table: Columns, name: str) -> Floats:
    """Return a column as numbers, NaN where a value is missing, or raise `InstanceError` at the first other cell."""
    cells = column(table, name)
    if cells.dtype != object:
        return np.asarray(cells, dtype=float)
    found = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells.tolist()):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            found[row] = float(cell)
        except (TypeError, ValueError):
            raise InstanceError(f"column {name[:40]!r}, row {row}: {str(cell)[:40]!r}, expected a number") from None
    return found
