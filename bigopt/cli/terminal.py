"""What stands between the commands and a terminal: one-line errors, exit codes, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from bigopt.cli.display import console
from bigopt.concepts.concept import silent
from bigopt.errors import BigoptError, LimitReached, printable


class OneLineErrors(TyperGroup):
    """Errors are one line of plain text on stderr; the exit code is the error's own (2 for usage)."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and exit, as the shell and `CliRunner` both expect."""
        try:
            code = super().main(*args, **(extra | {"standalone_mode": False}))
        except BigoptError as error:
            complain(error)
            code = error.exit_code
        except BrokenPipeError:
            code = 0
        except MemoryError:
            complain("out of memory: use a smaller instance, or --solver exact where there is one")
            code = LimitReached.exit_code
        except Exception as error:
            code = self.explain(error)
        sys.exit(code if isinstance(code, int) else 0)

    def explain(self, error: Exception) -> int:
        """Print a usage error of the command-line library, or admit a bug; return the exit code."""
        message = getattr(error, "format_message", None)
        if message is not None:
            if text := message().rstrip("."):  # empty where the help was shown instead
                complain(f"{text}: see `bigopt --help`")
            return 2
        if os.environ.get("BIGOPT_DEBUG"):
            raise error
        complain(f"unexpected {type(error).__name__}: {error}: a bug, please report it with BIGOPT_DEBUG=1 set")
        return 1


def complain(error: object) -> None:
    """Print an error as one plain line on stderr."""
    print(f"bigopt: {printable(' '.join(str(error).split()))}", file=sys.stderr)


@contextmanager
def progress_bar() -> Iterator[Callable[..., None]]:
    """Show progress on stderr where that is a terminal; yield ``progress(message, done)``."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield silent
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("", total=None)

        def progress(message: str, done: float | None = None) -> None:
            bar.update(
                task, description=printable(message), total=1.0 if done is not None else None, completed=done or 0.0
            )

        yield progress
