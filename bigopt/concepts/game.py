"""What a game is, and what the games of every kind share: they compare by content and show themselves in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np

from bigopt.display.tables import Line, Table, as_html, short
from bigopt.errors import UsageError, printable


class Game(Protocol):
    """What every wing's game is: a frozen dataclass, validated once.

    `from_instance` takes the instance file's own keys (numeric arrays as nested lists or ndarrays, sidecars already
    read) and raises `InstanceError` with the JSON path of the first wrong entry; `to_instance` is its inverse.
    """

    kind: ClassVar[str]

    @property
    def name(self) -> str:
        """The instance's name."""
        ...

    def describe(self) -> str:
        """Return the game in one line."""
        ...

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        ...


class BaseGame:
    """A game that is equal to another of its kind with the same data, whatever their names.

    Arguments of the methods
    ------------------------
    data : mapping
        The kind's keys of an instance file: numeric arrays as nested lists or ndarrays, sidecars read.
    name : str
        The game's name.
    ax : matplotlib Axes, Figure or SubFigure, optional
        Where to draw; default a new figure.
    figsize : (float, float), optional
        Inches; default the picture's own.
    width : {"column", "text"}, optional
        For a paper: 3.4 or 6.9 inches wide.
    """

    kind: ClassVar[str]
    name: str
    _draw: ClassVar[Callable[..., Any] | None] = None  # the kind's picture, told by its row

    def plot(self, ax: Any = None, figsize: tuple[float, float] | None = None, width: str | None = None) -> Any:
        """Return a matplotlib Figure of the game; `bigopt.plot(game, path)` writes one.

        Raises
        ------
        UsageError
            The kind has no picture, or `width` is unknown.
        """
        draw = type(self)._draw
        if draw is None:
            raise UsageError(f"plot: kind {self.kind} has no picture yet")
        return draw(self, None, ax, figsize, width)

    def describe(self) -> str:
        """Return the game in one line."""
        raise NotImplementedError

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        raise NotImplementedError

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes, as S for the states.

        Names that differ from state to state, as P for a market's policies, are a sequence of them a state.
        """
        return {}

    def __eq__(self, other: object) -> bool:
        """Compare the data, not the names of the games."""
        if type(self) is not type(other) or not isinstance(other, BaseGame):
            return NotImplemented
        return self is other or same(self.to_instance(), other.to_instance())

    def __hash__(self) -> int:
        """Hash what is cheap: the kind and how many entries each part of the data has."""
        sizes = tuple((key, len(v) if hasattr(v, "__len__") else 0) for key, v in sorted(self.to_instance().items()))
        return hash((self.kind, sizes))

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the data alone: what was derived of it is found again, and some of it cannot be written."""
        derived = {name for part in type(self).__mro__ for name, value in vars(part).items() if _found_once(value)}
        return {name: value for name, value in self.__dict__.items() if name not in derived}

    def __repr__(self) -> str:
        """Return one line, however large the game is."""
        return printable(f"<{type(self).__name__} {self.name!r}: {self.describe()}>")

    def _repr_html_(self) -> str:
        """Show the game in a notebook: its line, and the shape or the value of each part of its data."""
        rows = [(key, _size(value), short(value)) for key, value in self.to_instance().items()]
        return as_html([Line(f": {self.describe()}", strong=self.name), Table("", ("data", "shape", "value"), rows)])


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of instance data hold the same, lists and arrays alike."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _found_once(value: object) -> bool:
    return isinstance(value, cached_property)


def _size(value: Any) -> str:
    """Return the shape of an array or of nested lists of equal lengths, as 3 x 2."""
    shape = []
    while isinstance(value, (list, tuple, np.ndarray)):
        shape.append(len(value))
        if not len(value) or len({len(v) if isinstance(v, (list, tuple, np.ndarray)) else -1 for v in value}) > 1:
            break
        value = value[0]
    return " x ".join(map(str, shape))
