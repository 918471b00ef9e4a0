"""`bigopt prove`: an answer with what proves it, in exact rationals."""

from __future__ import annotations

from typing import Annotated

import typer

from bigopt.cli import completion, inputs
from bigopt.cli.arguments import read as read_flags
from bigopt.cli.arguments import split
from bigopt.cli.edge import say
from bigopt.cli.options import Concept, Output, Pairs, TimeLimit, parse_options
from bigopt.cli.tables_out import check_json
from bigopt.cli.terminal import progress_bar
from bigopt.engine.prove import prove_text
from bigopt.engine.vipr import vipr
from bigopt.errors import UsageError
from bigopt.files import instance
from bigopt.files.writing import write_text
from bigopt.games import kinds

MAKERS = {"json": prove_text, "vipr": vipr}

family = typer.Typer(add_completion=False)


@family.command(context_settings={"ignore_unknown_options": True})
def prove(
    words: Annotated[
        list[str],
        typer.Argument(metavar="INSTANCE", help="An instance file, name, or -.", autocompletion=completion.instances),
    ],
    concept: Concept = None,
    option: Pairs = None,
    time_limit: TimeLimit = None,
    to: Annotated[str, typer.Option(help="json, or vipr: a VIPR 1.1 certificate of the linear program.")] = "json",
    output: Output = None,
) -> None:
    """Write a proof in exact rationals, which `checker/check_proof.py` checks without bigopt.

    Where regrets cannot be 0, `--option epsilon=1e-12` (or less) proves that none exceeds it.
    """
    if to not in MAKERS:
        raise UsageError(f"prove: --to {to[:40]!r}, expected {' or '.join(MAKERS)}")
    if to == "json":
        check_json(output)
    files, flags = split(words)
    if len(files) != 1:
        raise UsageError(f"prove: {len(files)} instances, expected one")
    path = inputs.path(files[0])
    own = read_flags(kinds.concept_of(instance.load(path), concept), flags) if flags else {}
    options = parse_options(option)
    with progress_bar() as progress:
        made = MAKERS[to](path, concept, time_limit=time_limit, options=options, progress=progress, **own)
    if output is None:
        say(made, end="")
    else:
        say(write_text(output, made))
