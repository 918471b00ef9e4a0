"""`bigopt generate` and `bigopt import`: games of seeded families, and of tables in the user's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli.edge import say
from bigopt.cli.options import Output
from bigopt.cli.terminal import complain
from bigopt.errors import InstanceError, UsageError, printable
from bigopt.files import generate as families
from bigopt.files import instance, tables
from bigopt.files.writing import write_text
from bigopt.games import kinds

family = typer.Typer(add_completion=False)
OWN_FLAGS = {"allow_extra_args": True, "ignore_unknown_options": True}


@family.command(context_settings=OWN_FLAGS)
def generate(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FAMILY", help="A family; see `bigopt list families` for its flags.")],
    output: Output = None,
) -> None:
    """Make a game of a seeded family: `bigopt generate influencers --players 5 --seed 1 -o game.json`."""
    game = families.generate(name, **families.parse_flags(name, context.args))
    text = instance.dumps(game)
    if output is None:
        say(text, end="")
    else:
        say(printable(write_text(output, text)))


@family.command("import", context_settings=OWN_FLAGS)
def import_table(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind that takes tables, as hull.")],
    table: Annotated[Path, typer.Argument(help="CSV, TSV or Parquet, with one line of names.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Default: TABLE's name with .json.")] = None,
) -> None:
    """Make an instance of a table: `bigopt import hull scores.csv --alice human --group question -o hull.json`."""
    row = kinds.find(kind)
    if row.importer is None:
        able = ", ".join(each.name for each in kinds.KINDS.values() if each.importer is not None)
        raise UsageError(f"kind {kind}: takes no tables, expected one of {able}")
    asked = families.flags(row.importer, context.args, f"import {kind}")
    try:
        game, notes = row.importer(tables.read(table), table.stem, **asked)
    except InstanceError as error:
        raise InstanceError(f"{error}" if str(error).startswith(str(table)) else f"{table}: {error}") from None
    for note in (*notes, game.describe()):
        complain(note)
    for path in tables.write_beside(game, output or Path(table.stem + ".json")):
        say(printable(path))
