"""The fields of a concept's solution, as its class annotates them: typed attributes, and one line about each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MISSING = object()
AXIS = re.compile(r"\[([^\]]+)\]")
STANDS_FOR = {  # units of numbers that stand for names: the letter of the axis that has these
    "indices of actions": "A",
    "indices of items": "m",
    "indices of policies": "P",
    "index of a Bob": "k",
}
SECTION = re.compile(r"^Attributes\n-+\n", re.MULTILINE)


class Attribute:
    """An attribute that is a field of the solution: before anything else that has its name.

    A field that a class sets to None may be missing from an answer, and reads as None then.
    """

    def __init__(self, name: str, default: Any) -> None:
        """Keep the name and what stands for a missing field."""
        self.name, self.default = name, default

    def __get__(self, solution: Any, owner: type) -> Any:
        """Return the field, else what the solution itself has under this name, else the default."""
        if solution is None:
            return self
        own = solution.__dict__
        for place in (own.get("fields", {}), own):
            if self.name in place:
                return place[self.name]
        if self.default is MISSING:
            raise AttributeError(self.name)
        return self.default

    def __set__(self, solution: Any, value: Any) -> None:
        """Keep what the solution itself has under this name: its constructor sets it."""
        solution.__dict__[self.name] = value


def declare(cls: type) -> None:
    """Replace the annotations of a solution's class by attributes that look into the fields."""
    for name in inspect.get_annotations(cls):
        setattr(cls, name, Attribute(name, cls.__dict__.get(name, MISSING)))


@dataclass(frozen=True)
class Field:
    """One field: its name, its type as annotated, whether it is in every answer, its shape and unit, and what it is."""

    name: str
    annotation: str
    always: bool
    unit: str
    meaning: str


def fields_of(cls: type) -> list[Field]:
    """Return the fields that a solution's class annotates, those that it inherits first, with what is said of each.

    Raises
    ------
    ValueError
        A docstring leaves a field out, or describes one that is not annotated.
    """
    return [field for part in reversed(cls.__mro__) for field in _own(part)]


def _own(cls: type) -> list[Field]:
    """Return the fields that a class adds to those of its bases."""
    annotated = {k: v for k, v in inspect.get_annotations(cls).items() if isinstance(cls.__dict__.get(k), Attribute)}
    if not annotated:
        return []
    described = _described(cls.__doc__ or "")
    if list(described) != list(annotated):
        odd = sorted(set(described) ^ set(annotated)) or list(annotated)
        raise ValueError(f"{cls.__name__}: its docstring and its annotations differ in {', '.join(odd)}")
    return [
        Field(name, str(annotated[name]), cls.__dict__[name].default is MISSING, *described[name]) for name in annotated
    ]


def axes_of(cls: type, known: Mapping[str, Sequence[str]]) -> dict[str, list[Sequence[str] | None]]:
    """Return by field what its axes stand for, as ``[S][A]`` in its docstring, where the letter is known."""
    return {name: [known.get(letter) for letter in AXIS.findall(unit)] for name, unit in units_of(cls).items()}


def by_name(cls: type, fields: Mapping[str, Any], known: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return fields with names for the numbers that stand for them, as ``indices of actions`` in the class's docstring.

    `known` has the names by the letter of their axis, as `BaseGame.axes` returns them; names that differ from state to
    state are a sequence of them a state, the field's last axis.
    """
    units = units_of(cls)
    letters = {name: [at for text, at in STANDS_FOR.items() if unit.endswith(text)] for name, unit in units.items()}
    stand = {name: known[at[0]] for name, at in letters.items() if at and known.get(at[0])}
    return _by_name(fields, stand) if stand else dict(fields)


def _by_name(fields: Mapping[str, Any], stand: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    found = {}
    for name, value in fields.items():
        if name in stand:
            value = _called(value, stand[name])
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):  # the moves of a path
            value = [_by_name(step, stand) for step in value]
        found[name] = value
    return found


def _called(value: Any, names: Sequence[Any], last: int | None = None) -> Any:
    """Return whole numbers in nested data as names; `last` is the index of the last axis."""
    if isinstance(value, Mapping):
        return {key: _called(each, names) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_called(each, names, i) for i, each in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        return value
    own = names if last is None or isinstance(names[0], str) else names[last]
    return own[int(value)] if 0 <= value < len(own) else value


def units_of(cls: type) -> dict[str, str]:
    """Return the shape and unit of each field that a class's docstring describes."""
    return {field.name: field.unit for field in fields_of(cls)}


def _described(text: str) -> Mapping[str, tuple[str, str]]:
    """Read the section Attributes of a docstring: (shape and unit, meaning) by name."""
    _, *rest = SECTION.split(inspect.cleandoc(text))
    found: dict[str, tuple[str, str]] = {}
    name, unit, lines = "", "", []
    for line in [*(rest[0].splitlines() if rest else []), "end :"]:
        if line.startswith(" ") or not line:
            lines.append(line.strip())
            continue
        if name:
            found[name] = (unit, " ".join(filter(None, lines)))
        name, _, unit = (part.strip() for part in line.partition(" :"))
        lines = []
    return found
