"""`bigopt list` and `bigopt doctor`: what there is, and whether it works here."""

from __future__ import annotations

from typing import Annotated

import typer

from bigopt.cli import completion, display
from bigopt.cli.edge import say
from bigopt.cli.listing import LISTINGS, select, with_sizes
from bigopt.cli.options import Json
from bigopt.cli.terminal import progress_bar
from bigopt.concepts.solution import compact
from bigopt.display.tables import Table
from bigopt.errors import UsageError, close_to
from bigopt.solvers.doctor import Finding, examine

family = typer.Typer(add_completion=False)
WORDS = {True: "works", False: "FAILS", None: "not installed"}


@family.command("list")
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join(LISTINGS), autocompletion=completion.listings)],
    kind: Annotated[
        str | None, typer.Option(help="Only rows of this kind of game.", autocompletion=completion.kinds)
    ] = None,
    problem_class: Annotated[str | None, typer.Option("--class", help="Only this class of problem, as QP.")] = None,
    status: Annotated[str | None, typer.Option(help="Only easy, medium, hard or open instances.")] = None,
    sizes: Annotated[bool, typer.Option("--sizes", help="Also the variables and constraints of each model.")] = False,
    json: Json = False,
) -> None:
    """List what there is."""
    if what not in LISTINGS:
        raise UsageError(f"list: {what[:40]!r}{close_to(what, LISTINGS)}")
    columns, rows = LISTINGS[what]()
    rows = select(columns, rows, {"kind": kind, "class": problem_class, "status": status})
    if sizes:
        columns, rows = with_sizes(columns, rows)
    if json:
        for row in rows:
            say(compact(dict(zip(columns, row, strict=True))))
    else:
        display.print_table(Table("", columns, rows), display.console())


@family.command()
def doctor(json: Json = False) -> None:
    """Solve a tiny problem of each class with each solver; say what works and what repairs the rest."""
    with progress_bar() as progress:
        progress("examining solvers", None)
        findings = examine()
    if json:
        for finding in findings:
            say(compact(finding.__dict__))
    else:
        rows = [(f.solver, f.version or "-", f.problem_class, _word(f), f.seconds, f.advice) for f in findings]
        columns = ("solver", "version", "class", "", "seconds", "what to do")
        display.print_table(Table("", columns, rows), display.console())
    raise typer.Exit(int(any(f.works is False for f in findings)))  # of what is installed


def _word(finding: Finding) -> str:
    """Return in a word how a solver did."""
    return "slow" if finding.slow else WORDS[finding.works]
