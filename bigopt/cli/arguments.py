"""A concept's own arguments on the command line: a new one is a row of its concept, nothing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bigopt.concepts.concept import Argument, Concept
from bigopt.errors import UsageError, close_to
from bigopt.files.text import read_json


def split(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Part what stands on the command line into instances and the flags that the command itself does not know.

    Raises
    ------
    UsageError
        A flag without a value, a flag twice, no instance.
    """
    instances: list[str] = []
    flags: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            instances.append(word)
            continue
        flag, equals, value = word.partition("=")
        text = value if equals else next(rest, None)
        if text is None:
            raise UsageError(f"{flag[:40]}: its value is missing: see `bigopt list concepts`")
        if flag in flags:
            raise UsageError(f"{flag[:40]} is given twice, expected once")
        flags[flag] = text
    if not instances:
        raise UsageError("solve: no instance, give a file or the name of a stored one: see `bigopt list instances`")
    return instances, flags


def read(row: Concept, flags: Mapping[str, str], commands: Sequence[str] = ()) -> dict[str, Any]:
    """Return the values of the flags that a concept takes; `commands` are those that the command itself has.

    Raises
    ------
    UsageError
        The concept has no such flag, or the text is not what it expects.
    """
    known = {argument.flag: argument for argument in row.arguments}
    for flag in flags:
        if flag not in known:
            words = [each.removeprefix("--") for each in (*known, *commands) if each.startswith("--")]
            meant = f", did you mean --{close[0]}?" if (close := get_close_matches(flag[2:], words, 1)) else ""
            meant = meant or close_to("", known)
            raise UsageError(f"{flag[:40]}: neither of solve nor of the concept {row.name}{meant}")
    return {known[flag].name: _value(known[flag], text) for flag, text in flags.items()}


def _value(row: Argument, text: str) -> Any:
    """Read the text of one argument."""
    if row.file:
        return read_json(Path(text))
    try:
        return row.parse(text)
    except ValueError:
        raise UsageError(f"{row.flag} {text[:40]!r}, expected {row.expected}") from None
