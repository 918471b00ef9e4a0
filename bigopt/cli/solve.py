"""`bigopt solve`: instances solved and verified, a report or a line of JSON each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bigopt.cli import inputs
from bigopt.cli.arguments import read as read_flags
from bigopt.cli.arguments import split
from bigopt.cli.edge import say
from bigopt.cli.options import Concept, Instances, Json, Model, Output, Pairs, Solver, TimeLimit, parse_options
from bigopt.cli.tables_out import format_of, text_of
from bigopt.cli.terminal import complain, progress_bar
from bigopt.engine import arguments as engine_arguments
from bigopt.engine.solve import solve as solve_game
from bigopt.errors import BigoptError
from bigopt.files import instance
from bigopt.files.writing import write_text
from bigopt.games import kinds

if TYPE_CHECKING:
    from bigopt.concepts.solution import Solution

family = typer.Typer(add_completion=False)


@family.command(
    context_settings={"ignore_unknown_options": True},
    epilog="A concept's own arguments, as --player I, --profile FILE or --bob NAME: see `bigopt list concepts`.",
)
def solve(
    context: typer.Context,
    instances: Instances,
    concept: Concept = None,
    solver: Solver = "auto",
    model: Model = None,
    time_limit: TimeLimit = None,
    settings: Annotated[str, typer.Option(help="A named set of the solver's options.")] = "default",
    option: Pairs = None,
    tee: Annotated[bool, typer.Option("--tee", help="Show the solver's log on stderr.")] = False,
    json: Json = False,
    to: Annotated[str | None, typer.Option(help="csv, latex, md or json; default by the ending of -o.")] = None,
    output: Output = None,
) -> None:
    """Solve instances and verify the answers. Exit 0: solved and verified."""
    asked: dict[str, Any] = {"solver": solver, "model": model, "settings": settings, "tee": tee}
    asked["options"] = parse_options(option)
    engine_arguments.check(time_limit=time_limit)
    form = format_of(to, output, json)
    files, flags = split(instances)
    commands = [name for each in context.command.params for name in each.opts]
    solutions: list[Solution] = []
    worst = 0
    for text in files:
        try:
            solutions.append(_solve(text, concept, flags, time_limit, asked, commands))
        except BigoptError as error:
            complain(error)
            worst = max(worst, error.exit_code)
            continue
        worst = max(worst, solutions[-1].exit_code)
        if json:
            say(solutions[-1].to_json())
        elif not form:
            _show(solutions[-1])
    if form and solutions and not (json and output is None):
        text = text_of(solutions, form, len(files) == 1)
        if output is None:
            say(text, end="")
        else:
            write_text(output, text)
    raise typer.Exit(worst)


def _solve(
    text: str, concept: str | None, flags: dict[str, str], seconds: float | None, asked: Any, commands: list[str]
) -> Solution:
    """Read and solve one instance within its time limit."""
    with progress_bar() as progress:
        game, deadline = inputs.within(text, seconds, instance.load, concept, asked["solver"])
        own = read_flags(kinds.concept_of(game, concept), flags, commands) if flags else {}
        return solve_game(game, concept, time_limit=deadline.remaining, progress=progress, **asked, **own)


def _show(solution: Solution) -> None:
    """Print the report of a solution."""
    from bigopt.cli import display  # its tables are not needed for JSON

    display.show(solution, display.console())
