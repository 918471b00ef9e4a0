"""Solutions for people: rich tables on standard output."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from rich.console import Console

from bigopt.cli.edge import output
from bigopt.concepts.report import report
from bigopt.concepts.solution import Solution
from bigopt.display.tables import WIDE, Table, write


def console(stderr: bool = False) -> Console:
    """Return a console; wide where the output is not a terminal, so that no line is folded."""
    stream = (sys.stderr or io.StringIO()) if stderr else output()
    return _Console(file=stream, width=_width(stream), highlight=False, soft_wrap=False)


class _Console(Console):
    """A console that leaves a closed pipe to the process's edge."""

    def on_broken_pipe(self) -> None:
        """Let the command end with the exit code of a closed pipe."""
        raise BrokenPipeError


def _width(stream: TextIO) -> int | None:
    """Return the columns of a terminal, None where it does not tell."""
    if not stream.isatty():
        return WIDE
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def show(solution: Solution, out: Console) -> None:
    """Print the game, the answer, its certificate and the seconds."""
    for part in report(solution):
        write(part, out)


def print_table(table: Table, out: Console) -> None:
    """Print one table."""
    write(table, out)
