"""`bigopt compare`: solvers over instances, every run in its own process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bigopt.cli import display
from bigopt.cli.edge import say
from bigopt.cli.options import parse_options
from bigopt.compare.plan import Plan
from bigopt.compare.rows import NAME, UNSUPPORTED, contender_of
from bigopt.compare.run import compare as run
from bigopt.display.tables import Table
from bigopt.errors import UsageError, printable

if TYPE_CHECKING:
    from bigopt.compare.rows import Row
    from bigopt.compare.run import Report


family = typer.Typer(add_completion=False)
RERUN = ("failures",)


@family.command()
def compare(
    instances: Annotated[list[str], typer.Argument(help="Instance files, recipes, folders, or names of stored ones.")],
    solvers: Annotated[str, typer.Option(help="Names, as exact,highs,scip,ipopt.")],
    out: Annotated[Path, typer.Option(help="The folder of rows.jsonl; rows that stand there are not run again.")],
    concept: Annotated[str, typer.Option(help="Names, as nash,dynamics; default: each instance's natural one.")] = "",
    settings: Annotated[str, typer.Option(help="Names, as default,high-accuracy.")] = "default",
    time_limit: Annotated[float, typer.Option("--time-limit", help="Wall-clock seconds for each run.")] = 60.0,
    memory: Annotated[float, typer.Option(help="Megabytes for each run.")] = 8000.0,
    repeat: Annotated[int, typer.Option(help="How often each run is repeated.")] = 1,
    jobs: Annotated[int, typer.Option(help="Runs at a time, in processes of this machine.")] = 1,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to send the runs to.")] = None,
    rerun: Annotated[str | None, typer.Option(help="failures: run again what is not solved.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="K=V: an option of the concept or the solver.")] = None,
) -> None:
    """Run instances x concepts x solvers x settings, each in its own process; see `bigopt report`."""
    if rerun is not None and rerun not in RERUN:
        raise UsageError(f"--rerun {rerun[:40]}: expected failures")
    if jobs == 0 or jobs < -1:
        raise UsageError(f"--jobs {jobs}: expected at least 1, or -1 for all cores")
    plan = Plan(
        instances,
        _names(solvers),
        _names(settings) or ("default",),
        _names(concept),
        parse_options(option),
        repeat,
        time_limit,
        memory,
    )
    with _progress() as report:
        rows = run(plan, out, jobs=jobs, dask=dask, rerun_failures=rerun == "failures", report=report)
    display.print_table(summary(rows), display.console())
    say(printable(out / NAME))


def summary(rows: list[Row]) -> Table:
    """Return how many runs of each solver and settings ended how."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(contender_of(row), Counter())[row["outcome"]] += 1
    outcomes = [o for o in ("solved", "wrong") if any(c[o] for c in counts.values())]
    outcomes += sorted({o for c in counts.values() for o in c} - set(outcomes) - set(UNSUPPORTED))
    outcomes += [o for o in UNSUPPORTED if any(c[o] for c in counts.values())]
    return Table("", ("solver", *outcomes), [(name, *(c[o] for o in outcomes)) for name, c in counts.items()])


def _names(text: str) -> tuple[str, ...]:
    """Split a list of names at its commas."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


@contextmanager
def _progress() -> Iterator[Report]:
    """Show how many runs are done, solved and failed, on a terminal's stderr."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = display.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("comparing", total=None)
        counts: Counter[str] = Counter()

        def show(done: int, total: int, row: Row | None) -> None:
            if row is not None:
                counts[row["outcome"]] += 1
            ran = sum(counts.values()) - sum(counts[o] for o in UNSUPPORTED)
            rate = f"solved {counts['solved']} of {ran}" if ran else "comparing"
            failures = " · ".join(f"{o} {n}" for o, n in counts.items() if o != "solved" and n)
            bar.update(task, completed=done, total=total, description=rate + (f" · {failures}" if failures else ""))

        yield show
