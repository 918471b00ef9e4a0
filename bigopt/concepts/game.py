"""What all games have in common: they are equal by what they say, and describe themselves in one line."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from bigopt.concepts.solution import plain


class ByContent:
    """A game that is equal to another of its class with the same keys in an instance file."""

    def describe(self) -> str:
        """Return the game in one line."""
        raise NotImplementedError

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        raise NotImplementedError

    def _content(self) -> str:
        return json.dumps(plain(self.to_instance()), sort_keys=True, default=str)

    def __eq__(self, other: object) -> bool:
        """Whether two games have the same data; names do not count."""
        if type(other) is not type(self) or not isinstance(other, ByContent):
            return NotImplemented
        return self._content() == other._content()

    def __hash__(self) -> int:
        """Hash the data."""
        return hash(self._content())

    def __repr__(self) -> str:
        """Return the description in one line."""
        return f"<{type(self).__name__} {getattr(self, 'name', '')}: {self.describe()}>"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<code>{escape(repr(self))}</code>"
