"""Solvers that are called from arrays, asked for when they are needed: a browser may not have them."""

from __future__ import annotations

import importlib
from typing import Any

from bigopt.errors import SolverNotFound


def highspy() -> Any:
    """Return the package.

    Raises
    ------
    SolverNotFound
        It is not installed.
    """
    try:
        return importlib.import_module("highspy")
    except ImportError:
        raise SolverNotFound("HiGHS is needed here and is not installed: pip install 'highspy[extras]'") from None


def daqp() -> Any | None:
    """Return the package, None where it is not installed."""
    try:
        return importlib.import_module("daqp")
    except ImportError:
        return None
