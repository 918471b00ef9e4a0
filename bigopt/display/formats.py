"""Lines and tables for papers and pages: LaTeX and Markdown; and rows as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bigopt.display.tables import Line, Part, Table, numeric, short

LATEX = {c: rf"\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\^{}"}
SPECIAL = re.compile("|".join(re.escape(c) for c in LATEX))


def as_csv(columns: Mapping[str, Sequence[Any]]) -> str:
    """Return columns as CSV, numbers with all their digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def as_markdown(parts: Iterable[Part]) -> str:
    """Return parts as Markdown."""
    return "\n\n".join(filter(None, (_markdown(part) for part in parts))) + "\n"


def _markdown(part: Part) -> str:
    if isinstance(part, Line):
        return f"**{_piped(part.strong)}**{_piped(part.text)}" if part.strong else _piped(part.text)
    if not part.rows:
        return ""
    sides = ["---:" if numeric(part, i) else "---" for i in range(len(part.columns))]
    rows = [[_piped(str(head)) for head in part.columns], sides, *_texts(part, _piped)]
    title = f"{_piped(part.title)}\n\n" if part.title else ""
    return title + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _piped(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


def as_latex(parts: Iterable[Part]) -> str:
    """Return the tables as LaTeX for the package booktabs; lines of text become comments."""
    return "\n".join(filter(None, (_latex(part) for part in parts))) + "\n"


def _latex(part: Part) -> str:
    if isinstance(part, Line):
        return f"% {' '.join((part.strong + part.text).split())}"
    if not part.rows:
        return ""
    sides = "".join("r" if numeric(part, i) else "l" for i in range(len(part.columns)))
    lines = [f"% {part.title}"] if part.title else []
    lines += [rf"\begin{{tabular}}{{{sides}}}", r"\toprule"]
    if any(part.columns):
        lines += [" & ".join(_escaped(str(head)) for head in part.columns) + r" \\", r"\midrule"]
    lines += [" & ".join(row) + r" \\" for row in _texts(part, _escaped)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


def _escaped(text: str) -> str:
    """Return a text with LaTeX's special characters escaped."""
    return SPECIAL.sub(lambda found: LATEX[found[0]], " ".join(text.split()))


def _texts(table: Table, escape: Any) -> list[list[str]]:
    return [[escape(short(cell)) for cell in row] for row in table.rows]
