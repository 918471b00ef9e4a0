"""What the conic adapters share: their settings objects, and prices of rows and variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.solvers.arrays import Outcome
from bigopt.solvers.program import Program
from bigopt.solvers.row import Options, bad_option, public


def set_fields(name: str, settings: Any, options: Options) -> None:
    """Set the attributes of a settings object, or raise `UsageError`."""
    for key, value in options.items():
        if key.startswith("_") or not hasattr(settings, key):
            raise bad_option(name, key, names=public(settings))
        try:
            setattr(settings, key, value)
        except (TypeError, ValueError, OverflowError):
            raise bad_option(name, key, value, known=True) from None


def priced(p: Program, stopped: str, holds: str, point: Floats, price: Floats, chosen: Options, said: str) -> Outcome:
    """Return the outcome; prices stand for rows, then variables."""
    if holds == "noSolution" or not np.isfinite(point).all():
        return Outcome(stopped, "noSolution", options=chosen, message=said if stopped == "error" else "")
    m = len(p.row_lower)
    return Outcome(stopped, holds, point, price[:m], price[m:], None, chosen)
