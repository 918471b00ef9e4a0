"""Convex compact action sets: boxes, balls, simplices, polytopes and hulls of points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.action_sets.ball import Ball
from bigopt.action_sets.base import ActionSet
from bigopt.action_sets.box import Box
from bigopt.action_sets.hull import Hull
from bigopt.action_sets.polytope import Polytope
from bigopt.action_sets.simplex import Simplex
from bigopt.errors import InstanceError, close_to

__all__ = ["ActionSet", "Ball", "Box", "Hull", "Polytope", "Simplex", "read"]

SETS: dict[str, type[ActionSet]] = {kind.type: kind for kind in (Box, Ball, Simplex, Polytope, Hull)}


def read(data: Any, path: str, dimension: int) -> ActionSet:
    """Read the action set of an instance file.

    Parameters
    ----------
    data : object
        The entry, as ``{"type": "box", "lower": [0], "upper": [6]}``.
    path : str
        Where it stands, for messages.
    dimension : int
        d, as the targets have it.

    Raises
    ------
    InstanceError
        For an unknown type or key, a wrong shape, and an empty or unbounded set.
    """
    if not isinstance(data, Mapping):
        raise InstanceError(f"{path}: {str(data)[:40]!r}, expected an object with a type: {', '.join(SETS)}")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in SETS:
        raise InstanceError(f"{path}.type: {str(kind)[:40]!r}{close_to(str(kind), SETS)}")
    return SETS[kind].from_instance(data, path, dimension)
