"""One small table, or one line, for people: on a console, as plain text, and as HTML for notebooks."""

from __future__ import annotations

import html
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.errors import printable

LONGEST = 100  # characters of a value that is shown whole
ROUNDING = 1e-14  # of the largest number in a table
WIDE = 160  # columns of text that is not for a terminal


@dataclass(frozen=True)
class Table:
    """A small table for people: a title, column heads and rows of texts or numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Line:
    """One line of text; `style` is rich's name of a colour, `strong` the part at its start that stands out."""

    text: str
    style: str = ""
    strong: str = ""


Part = Table | Line


def short(value: Any) -> str:
    """Return a value in few characters: six significant digits, long lists cut, no brackets around one number."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, float):
        return f"{value:.6g}" if value else "0"
    if isinstance(value, (np.ndarray, np.generic)):
        return short(value.tolist())
    if isinstance(value, (list, tuple)):
        if len(value) == 1:
            return short(value[0])
        text = "(" + ", ".join(short(item) for item in value[:12]) + (", ..." if len(value) > 12 else "") + ")"
        return text if len(text) <= LONGEST else text[: LONGEST - 4] + "...)"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {short(item)}" for key, item in value.items())
    return str(value)


def size_of(value: Any) -> float:
    """Return the largest finite size of the numbers in nested data."""
    if isinstance(value, Mapping):
        return max(map(size_of, value.values()), default=0.0)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return float(np.abs(value[np.isfinite(value)]).max(initial=0.0))
    if isinstance(value, (list, tuple, np.ndarray)):
        return max(map(size_of, value), default=0.0)
    if isinstance(value, (float, np.floating)):
        return abs(float(value)) if math.isfinite(value) else 0.0
    return 0.0


def quiet(table: Table) -> Table:
    """Return a table in which what is only rounding beside its largest number is 0."""
    least = ROUNDING * size_of(table.rows)
    return Table(table.title, table.columns, [[_quiet(cell, least) for cell in row] for row in table.rows])


def _quiet(value: Any, least: float) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.where(np.abs(value) < least, 0.0, value)
    if isinstance(value, (list, tuple)):
        return type(value)(_quiet(item, least) for item in value)
    if isinstance(value, (float, np.floating)):
        return 0.0 if abs(float(value)) < least else value
    return value


def numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers alone."""
    cells = [row[column] for row in table.rows if column < len(row)]
    return bool(cells) and all(isinstance(cell, (int, float, np.generic)) for cell in cells)


def write(part: Part, out: Any) -> None:
    """Print a part on a rich console; a table without rows is left out, a row of empty heads too."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    if isinstance(part, Line):
        out.print(Text.assemble((printable(part.strong), "bold"), (printable(part.text), part.style)))
        return
    if not part.rows:
        return
    if part.title:
        out.print(Text(printable(part.title), style="italic"))
    rich = RichTable(
        box=box.SIMPLE,
        pad_edge=False,
        show_header=any(part.columns),
    )
    for i, column in enumerate(part.columns):
        justify: Any = "right" if numeric(part, i) else "left"
        rich.add_column(Text(printable(column)), justify=justify, overflow="fold", no_wrap=i == 0)
    for cells in part.rows:
        rich.add_row(*(Text(printable(short(cell))) for cell in cells))
    out.print(rich)


def as_text(parts: Iterable[Part]) -> str:
    """Return parts as plain text, as the command line shows them where its output is no terminal."""
    from rich.console import Console  # slow to import, and many users never print

    stream = io.StringIO()
    out = Console(file=stream, width=WIDE, highlight=False, soft_wrap=False, color_system=None, force_terminal=False)
    for part in parts:
        write(part, out)
    return stream.getvalue().rstrip("\n")


def as_html(parts: Iterable[Part]) -> str:
    """Return parts as HTML for a notebook; every text in it is escaped."""
    return "<div>" + "".join(_line(part) if isinstance(part, Line) else _table(part) for part in parts) + "</div>"


def _safe(text: str) -> str:
    return html.escape(printable(text))


def _line(line: Line) -> str:
    colour = f' style="color:{_safe(line.style)}"' if line.style else ""
    strong = f"<b>{_safe(line.strong)}</b>" if line.strong else ""
    return f"<p{colour}>{strong}{_safe(line.text)}</p>"


def _table(table: Table) -> str:
    if not table.rows:
        return ""
    sides = ["right" if numeric(table, i) else "left" for i in range(len(table.columns))]
    title = f"<caption>{_safe(table.title)}</caption>" if table.title else ""
    cells = [f'<th style="text-align:{side}">{_safe(c)}</th>' for c, side in zip(table.columns, sides, strict=True)]
    head = f"<thead><tr>{''.join(cells)}</tr></thead>" if any(table.columns) else ""
    rows = "".join(
        "<tr>"
        + "".join(f'<td style="text-align:{side}">{_safe(short(c))}</td>' for c, side in zip(row, sides, strict=False))
        + "</tr>"
        for row in table.rows
    )
    return f"<table>{title}{head}<tbody>{rows}</tbody></table>"
