"""The group of all commands: imports the one that is called, keeps errors to one line, exits with their codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from typer import Abort
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bigopt.cli import edge
from bigopt.cli.terminal import complain
from bigopt.errors import BigoptError, LimitReached, UsageError


@dataclass(frozen=True)
class Place:
    """Where a command stands, and how its help begins.

    Attributes
    ----------
    module : str
        A module of `bigopt.cli` whose ``family`` is the Typer application of one or several commands.
    summary : str
        What the list of commands says of it: nothing is imported for that.
    """

    module: str
    summary: str

    def load(self, name: str) -> Any:
        """Import the command."""
        found: Any = get_command(import_module(f"bigopt.cli.{self.module}").family)
        command = getattr(found, "commands", {name: found})[name]
        command.callback = _kept(command.callback)
        return command


class _Loaded(MutableMapping[str, Any]):
    """The commands by name, each imported when it is looked up."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._places[name].load(name)
        return self._found[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


TYPED = "bigopt.typed"  # among a context's shared data
COMPLETION = ("--install-completion", "--show-completion")


class Commands(TyperGroup):
    """Errors are one line of plain text on stderr; the exit code is the error's own (2 for usage)."""

    places: ClassVar[Mapping[str, Place]] = {}

    def __init__(self, **given: Any) -> None:
        """Know the commands by name."""
        super().__init__(**given)
        self.commands: MutableMapping[str, Any] = _Loaded(self.places)

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Keep the words as they were typed, for commands that write down how they were called."""
        typed = list(args)
        if args and args[0] in COMPLETION and args[1:]:
            raise UsageError(f"{args[0]} {args[1][:40]}: takes no word: call it in the shell that it is for")
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[TYPED] = typed
        return context

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, without the commands."""
        return list(self.places)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return what the list of commands shows of one: its name and summary."""
        place = self.places.get(cmd_name)
        return None if place is None else TyperCommand(cmd_name, help=place.summary)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called, and import it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else self.commands[name], rest

    def invoke(self, ctx: Any) -> Any:
        """Call a command; keep Ctrl-C from the command-line library, which would end without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise edge.Interrupted from None

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and exit, as the shell and `CliRunner` both expect."""
        with edge.ended_by_signal() as came:
            code = self._run(*args, **(extra | {"standalone_mode": False}))
        if came:  # whatever another library made of it
            code = edge.TERMINATED
        sys.exit(code if isinstance(code, int) else 0)

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
        except (Abort, KeyboardInterrupt, edge.Interrupted):
            complain("interrupted: nothing is kept to go on from: the same command starts again from the beginning")
            code = edge.INTERRUPTED
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


def _kept(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's function with standard output kept for bigopt's own text."""

    def run(*args: Any, **given: Any) -> Any:
        with edge.own_output(), edge.unheard():
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
