"""What people see beside the answer: complaints in one line, and progress."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from bigopt.cli import edge
from bigopt.errors import printable


def complain(error: object) -> None:
    """Print an error as one plain line on stderr, if there is one that takes it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            text = " ".join(str(error).split())
            if "bigopt.cli.standard_input" in sys.modules:
                text = sys.modules["bigopt.cli.standard_input"].named(text)
            print(f"bigopt: {printable(text)}", file=sys.stderr, flush=True)


def watched() -> bool:
    """Say whether somebody looks at standard error, so that progress is worth showing."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def resumable(kept: Callable[[], str], then: str = "run the same command again to go on") -> Iterator[None]:
    """Run what keeps what it has; where it is interrupted, say what ``kept()`` returns and how to go on."""
    try:
        yield
    except (KeyboardInterrupt, edge.Terminated) as error:
        complain(f"interrupted: {kept()}: {then}")
        if isinstance(error, KeyboardInterrupt):
            raise typer.Exit(edge.INTERRUPTED) from None
        raise


@contextmanager
def progress_bar() -> Iterator[Callable[..., None]]:
    """Show progress on stderr where that is a terminal; yield ``progress(message, done)``."""
    if not watched():
        from bigopt.concepts.concept import silent

        yield silent
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # slow, and mostly nobody watches

    from bigopt.cli.display import console

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(message: str, done: float | None = None) -> None:
            bar.update(
                task, description=printable(message), total=1.0 if done is not None else None, completed=done or 0.0
            )

        yield progress
