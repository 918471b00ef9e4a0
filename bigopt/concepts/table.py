"""Tables whose rows are imported when they are asked for; other packages add rows by entry points."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Table(MutableMapping[str, Row], Generic[Row]):
    """Rows by name: those that were imported, and places ("package.module:ATTRIBUTE") of those that were not yet.

    Parameters
    ----------
    group : str
        The entry-point group in which other packages register rows; looked up for names that are not here.
    **places : str
        Where the rows stand, in the order in which they are shown.
    """

    def __init__(self, group: str, **places: str) -> None:
        """Import nothing yet."""
        self.group = group
        self._rows: dict[str, Row | str] = dict(places)
        self._looked = False

    def __getitem__(self, name: str) -> Row:
        """Return a row, imported now if it was not."""
        if name not in self._rows:
            self._look()
        row = self._rows[name]
        if isinstance(row, str):
            module, _, attribute = row.partition(":")
            row = self._rows[name] = getattr(import_module(module), attribute)
        return row

    def __setitem__(self, name: str, row: Row) -> None:
        """Put a row here."""
        self._rows[name] = row

    def __delitem__(self, name: str) -> None:
        """Take a row out."""
        del self._rows[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names, also of other packages."""
        self._look()
        return iter(tuple(self._rows))

    def nearest_first(self) -> Iterator[Row]:
        """Go through the rows: those that are imported already, then the others, each imported at its turn."""
        for name in sorted(self, key=lambda name: isinstance(self._rows[name], str)):
            yield self[name]

    def __len__(self) -> int:
        """Count the rows."""
        self._look()
        return len(self._rows)

    def _look(self) -> None:
        """Find the rows of other packages, once."""
        if self._looked:
            return
        self._looked = True
        from importlib.metadata import entry_points

        for point in entry_points(group=self.group):
            self._rows.setdefault(point.name, point.value)
