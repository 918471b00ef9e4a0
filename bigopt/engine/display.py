"""Solutions for people: rich tables, as text and as HTML."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bigopt.concepts.concept import Table
from bigopt.concepts.solution import Certificate, Check, Solution, plain
from bigopt.errors import printable
from bigopt.games import kinds

WIDE = 160  # columns where there is no terminal, so that no line is folded
HTML = "<pre style='line-height:1.2'><code>{code}</code></pre>"
LONGEST = 100  # characters of a value that is shown whole


def told(solution: Solution, form: str) -> str:
    """Return a solution's report: the same tables as "text" for terminals and as "html" for notebooks."""
    stream = io.StringIO()
    out = Console(file=stream, width=WIDE, highlight=False, record=form == "html", color_system=None)
    show(solution, out)
    if form == "html":
        return out.export_html(inline_styles=True, code_format=HTML)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def show(solution: Solution, out: Console) -> None:
    """Print the game, the answer, its certificate and the seconds."""
    row = kinds.concept_of(solution.game, solution.concept)
    out.print(Text.assemble((printable(solution.instance), "bold"), f": {printable(solution.game.describe())}"))
    out.print(_line(_headline(solution)))
    if not solution.fields:
        out.print(_line(f"no answer: {solution.stopped} ({solution.holds})", style="red"))
    whole = bool(solution.certificate.checks)  # a point that nobody verified has not all fields
    tables = row.tables(solution.game, solution.fields) if row.tables and whole else None
    if tables is None:
        _print_fields(solution.fields, out)
    else:
        for table in tables:
            print_table(table, out)
    if solution.fields:
        _print_certificate(solution, out)
    seconds = "  ".join(f"{name} {value:.3g}" for name, value in solution.seconds.items())
    out.print(_line(f"seconds  {seconds}"))


def print_table(table: Table, out: Console) -> None:
    """Print one table."""
    rich = RichTable(
        title=_line(table.title) if table.title else None,
        box=box.SIMPLE,
        title_justify="left",
        pad_edge=False,
        show_header=any(table.columns),
    )
    for i, column in enumerate(table.columns):
        numeric = all(isinstance(r[i], (int, float, np.generic)) for r in table.rows if i < len(r))
        rich.add_column(
            _line(column), justify="right" if numeric and table.rows else "left", overflow="fold", no_wrap=i == 0
        )
    for cells in table.rows:
        rich.add_row(*(_line(short(cell)) for cell in cells))
    out.print(rich)


def _line(text: str, style: str = "") -> Text:
    """Return one line of plain text."""
    return Text(printable(text), style=style)


def short(value: Any) -> str:
    """Return a value in few characters: six significant digits, long lists cut."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, float):
        return f"{value:.6g}" if value else "0"
    if isinstance(value, (np.ndarray, np.generic)):
        return short(plain(value))
    if isinstance(value, (list, tuple)) and len(value) == 1 and isinstance(value[0], (int, float)):
        return short(value[0])  # one coordinate needs no brackets
    if isinstance(value, (list, tuple)):
        text = "(" + ", ".join(short(item) for item in value[:12]) + (", ..." if len(value) > 12 else "") + ")"
        return text if len(text) <= LONGEST else text[: LONGEST - 4] + "...)"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {short(item)}" for key, item in value.items())
    return str(value)


def _verdict(check: Check) -> str:
    """Say how a check was reached, or that it failed."""
    return check.grade if check.passed else "FAILED"


def _missing(certificate: Certificate) -> str:
    """Say what a certificate lacks."""
    failed = ", ".join(check.name for check in certificate.failed)
    unproved = ", ".join(check.name for check in certificate.unproved)
    return "; ".join(text for text in (failed, unproved and f"unproved: {unproved}") if text) or "nothing was checked"


def _headline(solution: Solution) -> str:
    """Say what was solved by whom."""
    options = {key: value for key, value in solution.solver.options.items() if value is not None}
    by = f"{solution.concept} by {solution.solver.name} {solution.solver.version}".rstrip()
    model = f", model {solution.model}" if solution.model else ""
    listed = f" ({', '.join(f'{key}={short(value)}' for key, value in options.items())})" if options else ""
    return f"{by}{model}{listed}: {solution.holds}"


def _print_fields(fields: Mapping[str, Any], out: Console) -> None:
    """Print fields as name and value, long ones cut."""
    print_table(Table("", ("field", "value"), [(key, short(value)) for key, value in fields.items()]), out)


def _print_certificate(solution: Solution, out: Console) -> None:
    """Print every check and whether all passed."""
    certificate = solution.certificate
    rows = [(c.name, c.value, c.limit, c.unit, _verdict(c), c.note) for c in certificate.checks]
    print_table(Table("certificate", ("check", "value", "limit", "unit", "", "note"), rows), out)
    if certificate.verified:
        regret = certificate.max_regret
        text = "verified" + (f": max regret {short(float(regret))}" if regret is not None else "")
        bound = f", bound {short(solution.bound)}" if solution.bound is not None else ""
        out.print(_line(text + bound, style="green" if solution.solved else "yellow"))
        if solution.exit_code == 1:
            text = f"the point is right, but {solution.solver.name} did not finish ({solution.stopped}): not a solution"
            out.print(_line(text, style="red"))
    else:
        out.print(_line(f"NOT VERIFIED: {_missing(certificate)}", style="red"))
    if solution.exit_code == 4:
        out.print(_line(f"stopped at a limit ({solution.stopped}): not a solution", style="red"))
