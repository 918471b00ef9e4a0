"""Seeded families of games, found in the kinds' rows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

from bigopt.arithmetic.arrays import LARGEST
from bigopt.errors import UsageError, close_to
from bigopt.games import kinds

TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def families() -> dict[str, Callable[..., Any]]:
    """Return every family by name (underscores become hyphens)."""
    return {_name(f): f for kind in kinds.KINDS.values() for f in kind.families}


def known(family: str) -> Callable[..., Any] | None:
    """Return the function of a family, or None; no wing is imported that is not needed to find it."""
    return next((f for kind in kinds.KINDS.nearest_first() for f in kind.families if _name(f) == family), None)


def _name(make: Callable[..., Any]) -> str:
    return make.__name__.replace("_", "-")


def parse_flags(family: str, words: Sequence[str]) -> dict[str, Any]:
    """Turn ``--players 10 --action-set ball`` into keyword arguments of a family's function.

    Raises
    ------
    UsageError
        Unknown family or flag, a flag without a value, or a value of the wrong type.
    """
    return flags(find(family), words, f"generate {family}")


def flags(make: Callable[..., Any], words: Sequence[str], where: str) -> dict[str, Any]:
    """Turn flags into the keyword arguments of a function by its annotations; `where` begins the errors."""
    hints = get_type_hints(make)
    arguments: dict[str, Any] = {}
    rest = list(words)
    while rest:
        flag, _, value = rest.pop(0).partition("=")
        name = flag.removeprefix("--").replace("-", "_")
        if not flag.startswith("--") or name not in _keywords(make):
            raise UsageError(f"{where}: {flag[:40]!r}, expected {usage_of(make)}")
        if name in arguments:
            raise UsageError(f"{where}: {flag} is given twice, expected once")
        if not value:
            if not rest:
                raise UsageError(f"{where}: {flag} has no value, expected {usage_of(make)}")
            value = rest.pop(0)
        arguments[name] = _convert(value, hints[name], f"{where}: {flag}")
    return arguments


def generate(family: str, **arguments: Any) -> Any:
    """Return a game of a family; errors as in `parse_flags`, and the game's own for sizes that make no sense."""
    make = find(family)
    unknown = set(arguments) - set(inspect.signature(make).parameters)
    if unknown:
        raise UsageError(f"generate {family}: {min(unknown)!r} is not a parameter, expected {usage(family)}")
    for name, given in arguments.items():
        if isinstance(given, float) and not abs(given) <= LARGEST:
            what = f"{given:g}, expected a finite number of size at most {LARGEST:g}"
            raise UsageError(f"generate {family}: {name}: {what}")
    try:
        return make(**arguments)
    except MemoryError:
        raise UsageError(f"generate {family}: out of memory: choose smaller sizes") from None
    except (ValueError, OverflowError, TypeError, ZeroDivisionError) as error:
        raise UsageError(f"generate {family}: {error}: expected {usage(family)}") from None


def usage(family: str) -> str:
    """Return a family's flags with their defaults in one line."""
    return usage_of(find(family))


def usage_of(make: Callable[..., Any]) -> str:
    """Return a function's flags with their defaults in one line."""
    return " ".join(f"{flag} {default}" for flag, default in flags_of(make).items())


def flags_of(make: Callable[..., Any]) -> dict[str, Any]:
    """Return the default of each flag of a function."""
    return {f"--{name.replace('_', '-')}": p.default for name, p in _keywords(make).items()}


def _keywords(make: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the keyword-only parameters of a function."""
    found = inspect.signature(make).parameters
    return {name: p for name, p in found.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def find(family: str) -> Callable[..., Any]:
    """Return the function of a family, or raise `UsageError` with the families there are."""
    found = known(family)
    if found is None:
        raise UsageError(f"generate: {family[:40]!r} is not a family{close_to(family, families())}")
    return found


def _convert(text: str, hint: Any, where: str) -> Any:
    """Parse one value by its annotation."""
    try:
        return TRUTH[text.lower()] if hint is bool else hint(text)
    except (ValueError, KeyError):
        raise UsageError(f"{where}: {text[:40]!r}, expected {hint.__name__}") from None
