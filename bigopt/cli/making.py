"""`bigopt generate` and `bigopt import`: games of seeded families, and of tables in the user's own format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli import completion
from bigopt.cli.edge import say
from bigopt.cli.options import Output
from bigopt.cli.own_help import FamilyHelp, ImporterHelp
from bigopt.cli.tables_out import check_json
from bigopt.cli.terminal import complain
from bigopt.errors import UsageError, printable
from bigopt.files import generate as families
from bigopt.files import importing, instance, tables
from bigopt.files.writing import write_text

family = typer.Typer(add_completion=False)
OWN_FLAGS = {"allow_extra_args": True, "ignore_unknown_options": True}


@family.command(cls=FamilyHelp, context_settings=OWN_FLAGS)
def generate(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="FAMILY",
            help="A family; `bigopt generate FAMILY --help` shows its flags.",
            autocompletion=completion.families,
        ),
    ],
    output: Output = None,
) -> None:
    """Make a game of a seeded family: `bigopt generate influencers --players 5 --seed 1 -o game.json`."""
    check_json(output)
    game = families.generate(name, **families.parse_flags(name, context.args))
    text = instance.dumps(game)
    if output is None:
        say(text, end="")
    else:
        say(printable(write_text(output, text)))


@family.command("import", cls=ImporterHelp, context_settings={"ignore_unknown_options": True})
def import_table(
    kind: Annotated[
        str,
        typer.Argument(
            help="A kind that takes tables, as hull or market; `bigopt import KIND --help` shows its flags.",
            autocompletion=completion.kinds,
        ),
    ],
    words: Annotated[list[str], typer.Argument(metavar="TABLE", help="CSV, TSV or Parquet, with one line of names.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Default: TABLE's name with .json.")] = None,
) -> None:
    """Make an instance of a table: `bigopt import market utilities.csv --alice human -o market.json`."""
    check_json(output)
    given, rest, construction = _parted(words, importing.constructions_of(kind))
    make = importing.maker(kind, construction)
    count = importing.tables_of(make)
    if len(given) != count:
        shown = " ".join(given)[:80] or "none"
        raise UsageError(f"import {kind}: tables {shown}, expected {count}, and flags {families.usage_of(make)}")
    asked = families.flags(make, rest, f"import {kind}")
    sources = [Path(text) for text in given]
    game = importing.read_table(sources, kind, construction=construction, report=complain, **asked)
    complain(game.describe())
    for path in tables.write_beside(game, output or Path(sources[0].stem + ".json")):
        say(printable(path))


def _parted(words: Sequence[str], constructions: Sequence[str]) -> tuple[list[str], list[str], str]:
    """Part what follows the kind into tables, flags with their values, and the construction that was named."""
    given: list[str] = []
    flags: list[str] = []
    construction = ""
    rest = iter(words)
    for word in rest:
        if word.removeprefix("--") in constructions and word.startswith("--"):
            construction = word.removeprefix("--")
        elif word.startswith("--"):
            flags.append(word)
            if "=" not in word:
                flags += [value for value in [next(rest, None)] if value is not None]
        else:
            given.append(word)
    return given, flags, construction
