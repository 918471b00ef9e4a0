"""Names of states, actions and items: texts, all distinct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bigopt.errors import InstanceError


def names(given: Any, path: str, count: int | None = None, per: str = "") -> tuple[str, ...]:
    """Read at least one name, all distinct; exactly `count` where it is said, one a `per`.

    Raises
    ------
    InstanceError
        Names the first entry that is none.
    """
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise InstanceError(f"{path}: {str(given)[:40]!r}, expected a list of at least 1 name")
    if count is not None and len(given) != count:
        raise InstanceError(f"{path}: {len(given)} names, expected {count} (one a {per})")
    seen = set()
    for i, item in enumerate(given):
        if not isinstance(item, str):
            raise InstanceError(f"{path}[{i}]: {str(item)[:40]!r}, expected a name")
    for i, item in enumerate(given):
        if item in seen:
            raise InstanceError(f"{path}[{i}]: {item[:40]!r} stands twice, expected distinct names")
        seen.add(item)
    return tuple(given)
