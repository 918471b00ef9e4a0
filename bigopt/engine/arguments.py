"""Arguments from Python are checked before anything else is done with them: wrong ones are one-line errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bigopt.concepts.arguments import is_text
from bigopt.concepts.concept import Concept
from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError, close_to


def _is_limit(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool) and bool(value > 0)


def _are_options(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(is_text, value))


def _is_concept(value: Any) -> bool:
    return is_text(value) or (isinstance(value, type) and issubclass(value, Solution))


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "concept": (_is_concept, "a concept's name, or the class of its solutions"),
    "solver": (is_text, "a text"),
    "settings": (is_text, "a name, as 'high-accuracy'; a solver's own options go into options="),
    "time_limit": (_is_limit, "seconds, more than 0"),
    "options": (_are_options, "a mapping from names to values"),
    "progress": (callable, "a function of a message and the share that is done"),
}
OPTIONAL = ("concept", "time_limit", "options", "model")


def check(**given: Any) -> None:
    """Refuse arguments of `solve` of the wrong type; None stands for those that may be left out.

    Raises
    ------
    UsageError
        Names the argument, its value, and what was expected.
    """
    for name, value in given.items():
        accepts, expected = CHECKS[name]
        if not (value is None and name in OPTIONAL) and not accepts(value):
            raise _wrong(name.replace("_", " "), value, expected)


def own(row: Concept, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a concept's own arguments, None where not given.

    Raises
    ------
    UsageError
        An argument that the concept does not take, of the wrong type, or that it needs and that is missing.
    """
    known = {argument.name: argument for argument in row.arguments}
    for name, value in given.items():
        if value is None:
            continue
        if name not in known:
            raise UsageError(f"{name}: not an argument of {row.name}{close_to(name, known)}")
        if not known[name].accepts(value):
            raise _wrong(name, value, known[name].expected)
    for name in row.needs:
        if given.get(name) is None:
            raise UsageError(f"concept {row.name}: {name} is missing, give {known[name].flag} {known[name].metavar}")
    return {name: given.get(name) for name in known}


def _wrong(name: str, value: Any, expected: str) -> UsageError:
    return UsageError(f"{name}: {' '.join(repr(value).split())[:40]}, expected {expected}")
