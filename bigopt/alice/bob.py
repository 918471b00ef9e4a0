"""A Bob: his name and what he wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEYS = {"name", "utility"}


@dataclass(frozen=True, eq=False)
class Bob:
    """A Bob: his name, and his utility of every state and action, as Alice's table has them.

    Parameters
    ----------
    name : str
    utility : array_like, shape (S, A), or S arrays
        Of the shapes of Alice's, in a unit of his own.

    Examples
    --------
    >>> import bigopt
    >>> bigopt.Bob("prosecutor", [[0, 1], [0, 1]]).name
    'prosecutor'
    """

    name: str
    utility: Any


def as_list(bobs: Any) -> Any:
    """Return Bobs that were given as a mapping from names to utilities as a list; anything else as it is."""
    if isinstance(bobs, Mapping) and not set(bobs) <= KEYS:
        return [Bob(name, utility) for name, utility in bobs.items()]
    return bobs


def parts(bob: Any) -> tuple[Any, Any]:
    """Return the name and the utility of a Bob, or of a mapping with these keys; without a name it is None."""
    if isinstance(bob, Bob):
        return bob.name, bob.utility
    if isinstance(bob, Mapping) and set(bob) >= KEYS:
        return bob["name"], bob["utility"]
    return None, bob
