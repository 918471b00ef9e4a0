"""Cells, tables and sections of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


class Cell:
    """A table's cell: what is shown, what it sorts by, its CSS class."""

    def __init__(self, shown: str, key: Any = None, style: str = "", markup: str | None = None) -> None:
        """Escape what is shown, unless it is `markup` made here."""
        self.markup = escape(shown) if markup is None else markup
        self.key, self.style = key, style

    def html(self) -> str:
        """Return the td element."""
        style = f' class="{self.style}"' if self.style else ""
        key = f' data-key="{escape(str(self.key))}"' if self.key is not None else ""
        return f"<td{style}{key}>{self.markup}</td>"


def section(name: str, title: str, lead: str, body: str) -> str:
    """Return a section."""
    text = f"<p>{escape(lead)}</p>" if lead else ""
    return f'<section id="{name}"><h2>{escape(title)}</h2>{text}\n{body}</section>'


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "", caption: str = "") -> str:
    """Return a table that sorts by a click on a column's head; on narrow screens it scrolls in its own box."""
    rows = list(rows)
    styles = [cell.style for cell in rows[0]] if rows else [""] * len(columns)
    head = "".join(_head(column, style) for column, style in zip(columns, styles, strict=True))
    body = "\n".join("<tr>" + "".join(cell.html() for cell in row) + "</tr>" for row in rows)
    ident = f' id="{name}"' if name else ""
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="box" tabindex="0"><table{ident}>{title}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _head(column: str, style: str) -> str:
    side = ' class="number"' if style.startswith("number") else ""
    return f'<th scope="col"{side}><button type="button">{escape(column)}</button></th>'
