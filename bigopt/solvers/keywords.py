"""Options of solvers that do not say, or not well, what they refuse: looked at before a solver starts."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from bigopt.errors import UsageError
from bigopt.solvers.row import Options, bad_option

Types = Mapping[str, type]
SAID = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def looked_at(solver: str, given: Options, known: Types, signed: Collection[str] = ()) -> Options:
    """Return options as the types that a solver takes.

    Parameters
    ----------
    given : mapping
        Options by name.
    known : mapping
        The type of each option that there is: bool, int, float or str.
    signed : names
        Of numbers that may be negative; no other may.

    Raises
    ------
    UsageError
        There is no such option, or its value is of another type or negative.
    """
    for name in given:
        if name not in known:
            raise bad_option(solver, name, names=known)
    return {name: _read(solver, name, value, known[name], name in signed) for name, value in given.items()}


def _read(solver: str, name: str, value: Any, kind: type, signed: bool) -> Any:
    """Return one value as its type."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)
    if kind is bool and (isinstance(value, bool) or (number and value in (0, 1))):
        return bool(value)
    if kind is str and isinstance(value, str):
        return value
    if kind in (int, float) and number and (signed or value >= 0) and (kind is float or value == math.floor(value)):
        return kind(value)
    least = "" if signed or kind not in (int, float) else " that is not negative"
    raise UsageError(f"option {name}={value}: {solver} takes {SAID[kind]}{least} here")
