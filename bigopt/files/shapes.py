"""The shapes that a kind's schema declares, as ``[n][d]`` at the start of a description, against an instance's own.

Lengths are bound by their letters: whatever is ``[n]`` must be as long as everything else that is. A sidecar's header
is compared with them before its array is unpacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bigopt.errors import InstanceError

SHAPE = re.compile(r"(?:\[\w+\])+")


@dataclass(frozen=True)
class Place:
    """A value of an instance for which the schema declares a shape."""

    path: str
    value: Any
    letters: tuple[str, ...]


def places(data: Any, schema: Mapping[str, Any], path: str = "") -> Iterator[Place]:
    """Yield every value below `data` that has a declared shape, those of object lists one by one."""
    found = SHAPE.match(str(schema.get("description", "")))
    if found is not None:
        yield Place(path, data, tuple(re.findall(r"\w+", found.group())))
    elif isinstance(data, dict):
        for key, inner in schema.get("properties", {}).items():
            if key in data:
                yield from places(data[key], inner, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and isinstance(schema.get("items"), dict):
        for i, item in enumerate(data):
            yield from places(item, schema["items"], f"{path}[{i}]")


def lengths(value: Any, count: int) -> tuple[int, ...]:
    """Return the lengths of a nested list along its first `count` axes, by its first entries."""
    found: list[int] = []
    while isinstance(value, list) and len(found) < count:
        found.append(len(value))
        value = value[0] if value else None
    return tuple(found)


def check(shapes: Mapping[str, tuple[int, ...]], data: Any, schema: Mapping[str, Any]) -> None:
    """Refuse sidecars (path to shape, from their headers) that do not fit the schema and the rest of the instance.

    Raises
    ------
    InstanceError
        Names the sidecar's place, its shape and what was expected.
    """
    declared = list(places(data, schema))
    bound: dict[str, int] = {}
    for place in declared:
        if place.path not in shapes:
            for letter, length in zip(place.letters, lengths(place.value, len(place.letters)), strict=False):
                bound.setdefault(letter, length)
    for place in declared:
        if place.path not in shapes:
            continue
        shape = shapes[place.path]
        wanted = "".join(f"[{bound.get(letter, letter)}]" for letter in place.letters)
        fits = len(shape) == len(place.letters)
        if not fits or any(bound.setdefault(k, size) != size for k, size in zip(place.letters, shape, strict=True)):
            raise InstanceError(f"{place.path}: a sidecar of shape {list(shape)}, expected {wanted}")
