"""`bigopt export` and `bigopt schema`: games in the formats of other programs, and the format of ours."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bigopt.cli import completion, inputs
from bigopt.cli.edge import say
from bigopt.cli.options import Model, OneInstance, Output, TimeLimit
from bigopt.engine.export import export as write
from bigopt.errors import printable
from bigopt.files import instance

family = typer.Typer(add_completion=False)


@family.command()
def export(
    instance_file: OneInstance,
    to: Annotated[str, typer.Option(help="lp, mps, nl or nfg.")],
    model: Model = None,
    short_names: Annotated[bool, typer.Option("--short-names", help="Numbered names of variables and rows.")] = False,
    time_limit: TimeLimit = None,
    output: Output = None,
) -> None:
    """Write a model (lp, mps, nl) or a finite game (nfg) for other programs."""
    game, deadline = inputs.within(instance_file, time_limit, instance.load)
    say(printable(write(game, to, model, output, short_names, deadline)))


@family.command()
def schema(
    kind: Annotated[str, typer.Argument(help="A kind, as influencers.", autocompletion=completion.kinds)],
) -> None:
    """Print the JSON Schema of a kind's instance file."""
    say(json.dumps(instance.schema(kind), indent=1))
