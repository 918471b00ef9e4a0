"""`bigopt sweep`: a game's numbers over a grid, each point certified, and a field drawn against a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli import inputs
from bigopt.cli.edge import say
from bigopt.cli.options import Concept, OneInstance, Pairs, Solver, parse_options
from bigopt.cli.terminal import complain, progress_bar, resumable
from bigopt.compare.grid import parse_change
from bigopt.compare.rows import NAME
from bigopt.compare.sweep import Report
from bigopt.compare.sweep import sweep as run
from bigopt.drawing.paper import WIDTHS
from bigopt.errors import UsageError, close_to, printable

family = typer.Typer(add_completion=False)


@family.command()
def sweep(
    instance_file: OneInstance,
    changes: Annotated[list[str], typer.Option("--set", help="PATH=FROM:TO:COUNT or PATH=A,B,C; several: a grid.")],
    out: Annotated[Path, typer.Option(help="The folder of rows.jsonl; points that stand there are not solved again.")],
    concept: Concept = None,
    solver: Solver = "auto",
    field: Annotated[str, typer.Option(help="What to draw against the first parameter, as receiver[0].")] = "",
    width: Annotated[str | None, typer.Option(metavar="column|text", help="Of the picture, for a paper.")] = None,
    jobs: Annotated[int, typer.Option(help="Points at a time, in processes; -1: all cores.")] = 1,
    time_limit: Annotated[float | None, typer.Option("--time-limit", help="Wall-clock seconds for each point.")] = None,
    option: Pairs = None,
    dask: Annotated[str | None, typer.Option(help="A Dask scheduler's address, whose workers solve.")] = None,
    breakpoints: Annotated[
        bool, typer.Option("--breakpoints", help="Also where the answer bends, exactly: one --set, on a box.")
    ] = False,
) -> None:
    """Solve a game over a grid of its numbers: `bigopt sweep GAME --set 'weights[0]=0.1:0.9:9' --out DIR`."""
    asked: dict[str, list[float]] = {}
    for text in changes:
        path, values = parse_change(text)
        if path in asked:
            raise UsageError(f"--set {path[:40]}: given twice, expected once")
        asked[path] = values
    if width is not None and not field:
        raise UsageError(f"--width {width[:40]}: of a picture: say with --field what to draw")
    if width not in (None, *WIDTHS):
        raise UsageError(f"--width {str(width)[:40]!r}{close_to(str(width), WIDTHS)}")
    game = inputs.game(instance_file)
    with _counted(printable(out / NAME)) as report:
        rows = run(
            game,
            asked,
            concept,
            jobs=jobs,
            dask=dask,
            breakpoints=breakpoints,
            out=out,
            solver=solver,
            options=parse_options(option),
            time_limit=time_limit,
            report=report,
        )
    unsolved = [row for row in rows if not row["solved"]]
    say(f"{len(rows) - len(unsolved)} of {len(rows)} points solved and verified")
    if unsolved:
        first = next(iter(asked))
        complain(f"{first}={unsolved[0][first]:g}: {unsolved[0]['note'] or unsolved[0]['stopped']}")
    for row in rows:
        if row.get("breakpoint"):
            say(f"bends at {next(iter(asked))} = {row['breakpoint']}")
    say(printable(out / NAME))
    if field:
        from bigopt.report.sweep import draw  # loads matplotlib

        for picture in draw(rows, list(asked), field, out, width):
            say(printable(picture))
    raise typer.Exit(1 if unsolved else 0)


@contextmanager
def _counted(place: str) -> Iterator[Report]:
    """Show how many points are solved; where it is interrupted, say how many are safe in the file `place`."""
    counts: list[int] = []

    def kept() -> str:
        return f"{counts[0]} of {counts[1]} points are safe in {place}" if counts else "no point had begun"

    with resumable(kept), progress_bar() as progress:

        def report(done: int, total: int) -> None:
            counts[:] = done, total
            progress(f"{done} of {total}", done / total)

        yield report
