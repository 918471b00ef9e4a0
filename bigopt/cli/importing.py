"""`bigopt import KIND TABLE`: a game of a table in the user's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli.edge import say
from bigopt.cli.terminal import complain
from bigopt.errors import InstanceError, UsageError, printable


def import_table(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="A kind that takes tables, as hull.")],
    table: Annotated[Path, typer.Argument(help="CSV, TSV or Parquet, with one line of names.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Default: TABLE's name with .json.")] = None,
) -> None:
    """Make an instance of a table: `bigopt import hull scores.csv --alice human --group question -o hull.json`."""
    from bigopt.files import tables
    from bigopt.files.generate import flags
    from bigopt.games import kinds

    row = kinds.find(kind)
    if row.importer is None:
        able = ", ".join(each.name for each in kinds.KINDS.values() if each.importer is not None)
        raise UsageError(f"kind {kind}: takes no tables, expected one of {able}")
    asked = flags(row.importer, context.args, f"import {kind}")
    try:
        game, notes = row.importer(tables.read(table), table.stem, **asked)
    except InstanceError as error:
        raise InstanceError(f"{error}" if str(error).startswith(str(table)) else f"{table}: {error}") from None
    for note in (*notes, game.describe()):
        complain(note)
    for path in tables.write_beside(game, output or Path(table.stem + ".json")):
        say(printable(path))
