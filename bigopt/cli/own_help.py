"""The help of what is named after a command: `bigopt generate FAMILY --help` shows the family's own flags."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from typer.core import TyperCommand

from bigopt.cli import display
from bigopt.cli.edge import say
from bigopt.display.tables import Table
from bigopt.files import generate as families
from bigopt.files import importing

HELP = ("--help", "-h")


class OwnHelp(TyperCommand):
    """A command whose help, asked for after its first word, is that of what the word names."""

    made_by: Callable[[Sequence[str]], Callable[..., Any]]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the help of what is named, if that is what is asked for; else parse."""
        words = [word for word in args if not word.startswith("-")]
        if words and any(word in HELP for word in args):
            show(f"{ctx.command_path} {words[0]}", self.made_by(args))
            ctx.exit(0)
        found: list[str] = super().parse_args(ctx, args)
        return found


class FamilyHelp(OwnHelp):
    """Of `bigopt generate FAMILY`."""

    @staticmethod
    def made_by(args: Sequence[str]) -> Callable[..., Any]:
        """Return the family's function."""
        return families.find(next(word for word in args if not word.startswith("-")))


class ImporterHelp(OwnHelp):
    """Of `bigopt import KIND`, or of a construction as `bigopt import market --movielens`."""

    @staticmethod
    def made_by(args: Sequence[str]) -> Callable[..., Any]:
        """Return the importer's function."""
        kind = next(word for word in args if not word.startswith("-"))
        given = [word.removeprefix("--") for word in args if word.startswith("--")]
        named = [word for word in given if word in importing.constructions_of(kind)]
        return importing.maker(kind, named[0] if named else "")


def show(called: str, make: Callable[..., Any]) -> None:
    """Print what a function makes, and its flags with their defaults."""
    say(f"Usage: {called} [FLAGS]\n\n{inspect.getdoc(make) or ''}\n")
    rows = [(flag, "" if default == "" else str(default)) for flag, default in families.flags_of(make).items()]
    display.print_table(Table("", ("flag", "default"), rows), display.console())
