"""`bigopt compare`: solvers over instances, every run in its own process."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bigopt.cli import completion, display, inputs, standard_input
from bigopt.cli.edge import say
from bigopt.cli.group import TYPED
from bigopt.cli.options import parse_options
from bigopt.cli.terminal import resumable, watched
from bigopt.compare.plan import Plan
from bigopt.compare.rows import NAME, UNSUPPORTED, contender_of
from bigopt.compare.run import compare as run
from bigopt.display.tables import Table
from bigopt.errors import UsageError, printable

if TYPE_CHECKING:
    from bigopt.compare.rows import Row


family = typer.Typer(add_completion=False)
RERUN = ("failures",)
EVERY = 60.0  # seconds from one run of the reference to the next


@family.command()
def compare(
    context: typer.Context,
    instances: Annotated[
        list[str],
        typer.Argument(
            help="Instance files, recipes, folders, names of stored ones, or - for standard input.",
            autocompletion=completion.instances,
        ),
    ],
    solvers: Annotated[
        str,
        typer.Option(help="Names, as exact,highs,scip,ipopt.", autocompletion=completion.several(completion.solvers)),
    ],
    out: Annotated[Path, typer.Option(help="The folder of rows.jsonl; rows that stand there are not run again.")],
    concept: Annotated[
        str,
        typer.Option(
            help="Names, as nash,dynamics; default: each instance's natural one.",
            autocompletion=completion.several(completion.concepts),
        ),
    ] = "",
    settings: Annotated[str, typer.Option(help="Names, as default,high-accuracy.")] = "default",
    time_limit: Annotated[float, typer.Option("--time-limit", help="Wall-clock seconds for each run.")] = 60.0,
    memory: Annotated[float, typer.Option(help="Megabytes for each run.")] = 8000.0,
    repeat: Annotated[int, typer.Option(help="How often each run is repeated.")] = 1,
    jobs: Annotated[int | None, typer.Option(help="Runs at a time, default 1, in processes here.")] = None,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to send the runs to.")] = None,
    rerun: Annotated[str | None, typer.Option(help="failures: run again what is not solved.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="K=V: an option of the concept or the solver.")] = None,
    reference: Annotated[
        float | None,
        typer.Option(
            help=f"Seconds between runs of a small reference, which show how the machine varies, default {EVERY:g}; "
            "0: none. Not with --dask."
        ),
    ] = None,
) -> None:
    """Run instances x concepts x solvers x settings, each in its own process; see `bigopt report`."""
    if rerun is not None and rerun not in RERUN:
        raise UsageError(f"--rerun {rerun[:40]}: expected failures")
    if jobs is not None and (jobs == 0 or jobs < -1):
        raise UsageError(f"--jobs {jobs}: expected at least 1, or -1 for all cores")
    if jobs is not None and dask is not None:
        raise UsageError(f"--jobs {jobs} beside --dask: the scheduler decides: leave --jobs out")
    if reference is not None and not 0.0 <= reference < float("inf"):
        raise UsageError(f"--reference {reference}: expected seconds, at least 0")
    if reference and dask is not None:
        raise UsageError(f"--reference {reference:g} beside --dask: it runs here, the runs elsewhere: leave it out")
    given = [str(inputs.path(text)) if text == standard_input.SIGN else text for text in instances]
    plan = Plan(
        given,
        _names(solvers),
        _names(settings) or ("default",),
        _names(concept),
        parse_options(option),
        repeat,
        time_limit,
        memory,
    )
    progress = _Progress(out)
    command = shlex.join(["bigopt", *context.meta[TYPED]])
    with progress.shown():
        rows = run(
            plan,
            out,
            jobs=jobs or 1,
            dask=dask,
            rerun_failures=rerun == "failures",
            command=command,
            reference=0.0 if dask is not None else EVERY if reference is None else reference,
            report=progress,
        )
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


class _Progress:
    """Shows a bar on a terminal's standard error; where that is none, says a line a row."""

    def __init__(self, out: Path) -> None:
        """Nothing is done yet."""
        self.path = out / NAME
        self.done, self.total = 0, 0
        self.counts: Counter[str] = Counter()
        self.bar: Callable[[str], None] | None = None

    def __call__(self, done: int, total: int, row: Row | None) -> None:
        """Show one row more, or what there is at the start."""
        self.done, self.total = done, total
        if row is None:
            if done:
                say(printable(f"{done} of {total} rows are in {self.path} already"))
        else:
            self.counts[row["outcome"]] += 1
            if self.bar is None:
                say(printable(self.line(row)))
        if self.bar is not None:
            self.bar(self.summary())

    def line(self, row: Row) -> str:
        """Return what is said of one row."""
        took = f" in {row['wall']:.2f} s" if row.get("wall") is not None else ""
        repeat = f" #{row['repeat']}" if row.get("repeat") else ""
        what = f"{row['instance']} {row['concept']} {contender_of(row)}{repeat}"
        return f"{self.done}/{self.total} {what}: {row['outcome']}{took}"

    def summary(self) -> str:
        """Return how many runs are solved and failed."""
        ran = sum(self.counts.values()) - sum(self.counts[o] for o in UNSUPPORTED)
        rate = f"solved {self.counts['solved']} of {ran}" if ran else "comparing"
        failures = " · ".join(f"{o} {n}" for o, n in self.counts.items() if o != "solved" and n)
        return rate + (f" · {failures}" if failures else "")

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show progress while the block runs; where it is interrupted, say that the rows are safe and how to go on."""
        with resumable(self.kept), self._bar() if watched() else nullcontext():
            yield

    def kept(self) -> str:
        """Return how many rows are safe where."""
        return f"{self.done} of {self.total} rows are safe in {self.path}" if self.total else "no run had begun"

    @contextmanager
    def _bar(self) -> Iterator[None]:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=display.console(stderr=True)) as bar:
            task = bar.add_task("comparing", total=None)
            self.bar = lambda text: bar.update(task, completed=self.done, total=self.total, description=text)
            yield
