"""What stands between the commands and a terminal: one-line errors, exit codes, progress."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from typer import Abort
from typer.core import TyperGroup

from bigopt.cli import edge
from bigopt.errors import BigoptError, LimitReached, printable

INTERRUPTED = 128 + signal.SIGINT


class OneLineErrors(TyperGroup):
    """Errors are one line of plain text on stderr; the exit code is the error's own (2 for usage)."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and exit, as the shell and `CliRunner` both expect."""
        with edge.ended_by_signal() as came:
            code = self._run(*args, **(extra | {"standalone_mode": False}))
        if came:  # whatever another library made of it
            code = edge.TERMINATED
        sys.exit(code if isinstance(code, int) else 0)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command that runs with standard output kept for bigopt's own text."""
        command: Any = super().get_command(ctx, cmd_name)
        if command is not None and command.callback is not None:
            command = copy(command)
            command.callback = _kept(command.callback)
        return command

    def _run(self, *args: Any, **extra: Any) -> Any:
        """Run a command; return its exit code, or None."""
        try:
            code = super().main(*args, **extra)
            _flush()
        except BigoptError as error:
            complain(error)
            code = error.exit_code
        except BrokenPipeError:
            code = _broken_pipe()
        except SystemExit as stopped:  # rich's own end at a closed pipe, as of the help
            code = _broken_pipe() if isinstance(stopped.__context__, BrokenPipeError) else stopped.code
        except OSError as error:  # every file's own errors are named where it is read or written
            edge.forget_output()
            complain(f"standard output: {error.strerror or error}: give it room, or write to a file with -o")
            code = 2
        except edge.Terminated:
            code = edge.TERMINATED
        except Abort:
            complain("interrupted")
            code = INTERRUPTED
        except MemoryError:
            complain("out of memory: use a smaller instance, or --solver exact where there is one")
            code = LimitReached.exit_code
        except Exception as error:
            code = self.explain(error)
        return code

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
    """Print an error as one plain line on stderr, if there is one that takes it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(f"bigopt: {printable(' '.join(str(error).split()))}", file=sys.stderr, flush=True)


def _kept(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's function with standard output kept for bigopt's own text."""

    def run(*args: Any, **given: Any) -> Any:
        with edge.own_output():
            return callback(*args, **given)

    return run


def _broken_pipe() -> int:
    """Forget standard output, whose reader is gone; return what a shell reports of that."""
    edge.forget_output()
    return edge.BROKEN_PIPE


def _flush() -> None:
    """Write what the command-line library printed, as help, while errors are still caught."""
    if sys.stdout is not None:
        sys.stdout.flush()


@contextmanager
def progress_bar() -> Iterator[Callable[..., None]]:
    """Show progress on stderr where that is a terminal; yield ``progress(message, done)``."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from bigopt.cli.display import console
    from bigopt.concepts.concept import silent

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
