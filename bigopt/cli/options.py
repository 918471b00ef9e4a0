"""Options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bigopt.cli import completion
from bigopt.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="One compact JSON object a line on stdout.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")]
TimeLimit = Annotated[float | None, typer.Option("--time-limit", help="Wall-clock seconds for each instance.")]
Instances = Annotated[
    list[str],
    typer.Argument(
        help="Instance files, names of stored ones, or - for standard input.", autocompletion=completion.instances
    ),
]
OneInstance = Annotated[
    str,
    typer.Argument(
        metavar="INSTANCE",
        help="An instance file, a stored one's name, or - for standard input.",
        autocompletion=completion.instances,
    ),
]
Concept = Annotated[
    str | None, typer.Option(help="Default: the kind's natural one.", autocompletion=completion.concepts)
]
Solver = Annotated[
    str, typer.Option(help="The code that must produce the point; auto chooses.", autocompletion=completion.solvers)
]
Model = Annotated[str | None, typer.Option(help="A model's name or file (.py).", autocompletion=completion.models)]
Pairs = Annotated[list[str] | None, typer.Option(help="K=V: the concept's or the solver's option.")]


def parse_options(pairs: list[str] | None) -> dict[str, str]:
    """Parse K=V."""
    options: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"option {pair[:40]!r}, expected K=V as --option time_limit=10")
        if name in options:
            raise UsageError(f"option {name!r} is given twice, expected once")
        options[name] = value
    return options
