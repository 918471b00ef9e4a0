"""`bigopt report`: the page of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli.edge import say
from bigopt.errors import printable
from bigopt.report import write_report

family = typer.Typer(add_completion=False)


@family.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The --out folder of `bigopt compare`.")],
    solvers_guide: Annotated[Path | None, typer.Option(help="Also write which solver fails where, here.")] = None,
) -> None:
    """Write report.html, report.md and figures/ from the rows of a comparison."""
    for path in write_report(folder, solvers_guide):
        say(printable(path))
