"""`bigopt report`: the page of a comparison, its rows as a table, and what changed since another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli.edge import say
from bigopt.cli.options import Output
from bigopt.errors import UsageError, printable
from bigopt.report import read_measures, write_report
from bigopt.report.table import FORMATS, write

family = typer.Typer(add_completion=False)


@family.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The --out folder of `bigopt compare`.")],
    solvers_guide: Annotated[Path | None, typer.Option(help="Also write which solver fails where, here.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="OLD", help="An older comparison's folder; exit 1 where something got worse.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="csv or parquet: the rows as a table to -o, and no report.")] = None,
    output: Output = None,
) -> None:
    """Write report.html, report.md and figures/ from the rows of a comparison, or the rows as a table."""
    if to is not None or output is not None:
        if solvers_guide is not None or against is not None:
            raise UsageError("--to beside --solvers-guide or --against: expected one of the three")
        form, path = _table(to, output)
        say(printable(write(read_measures(folder).rows, form, path)))
        return
    written, difference = write_report(folder, solvers_guide, against)
    for path in written:
        say(printable(path))
    if difference is not None:
        for change in difference.regressions:
            where = f"{change.problem.instance} {change.problem.concept} {change.contender}"
            say(printable(f"{change.what}: {where}: {change.before} -> {change.after}"))
        say(difference.summary)
        raise typer.Exit(1 if difference.regressions else 0)


def _table(to: str | None, output: Path | None) -> tuple[str, Path]:
    """Return the format, as asked or by the file's ending, and the file."""
    if output is None:
        raise UsageError(f"--to {to}: give the file with -o FILE")
    form = to if to is not None else output.suffix.lower().lstrip(".")
    if form not in FORMATS and to is None:
        raise UsageError(f"-o {printable(output)[:80]}: expected .csv or .parquet, or say the format with --to")
    return form, output
