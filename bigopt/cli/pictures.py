"""`bigopt plot` and `bigopt reproduce`: pictures of games and solutions, and the papers' figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bigopt.cli import completion, inputs
from bigopt.cli.edge import say
from bigopt.cli.options import Output, TimeLimit, parse_options
from bigopt.cli.terminal import progress_bar, resumable
from bigopt.concepts.deadline import Deadline
from bigopt.engine.check import check_solution
from bigopt.engine.plot import save_plot
from bigopt.engine.solve import solve as solve_game
from bigopt.errors import UsageError, close_to, printable
from bigopt.files import instance
from bigopt.files import library as stored
from bigopt.files.text import read_json, refuse_slow
from bigopt.reproduce import FIGURES, draw, draw_all, refuse_data

family = typer.Typer(add_completion=False)


@family.command()
def plot(
    file: Annotated[str, typer.Argument(metavar="INSTANCE|SOLUTION", autocompletion=completion.instances)],
    of: Annotated[str | None, typer.Option("--instance", help="The instance of a SOLUTION file.")] = None,
    time_limit: TimeLimit = None,
    output: Output = None,
    concept: Annotated[str | None, typer.Option("--concept", help="Of an INSTANCE; default its kind's first.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="K=V, of the concept of an INSTANCE.")] = None,
    width: Annotated[
        str | None, typer.Option(metavar="column|text", help="For a paper: 3.4 or 6.9 inches, letters of 8 points.")
    ] = None,
) -> None:
    """Draw an instance (solved first) or a solution."""
    if (named := _solved(file, of, time_limit)) is not None:
        if concept is not None or option:
            asked = "--concept" if concept is not None else "--option"
            raise UsageError(f"{file}: is a solution of its own concept: leave {asked} out")
        read, deadline = inputs.within(named, time_limit, instance.read)
        game, solution = read.game, check_solution(read, inputs.path(file), deadline.remaining)
    else:
        if of is not None:
            raise UsageError(f"{file}: is an instance, expected a SOLUTION beside --instance")
        game, deadline = inputs.within(file, time_limit, instance.load, concept, "auto")
        with progress_bar() as progress:
            given = parse_options(option)
            solution = solve_game(game, concept, options=given, time_limit=deadline.remaining, progress=progress)
    with deadline.interrupting("drawing", grace=deadline.grace):
        written = save_plot(game, output, solution if solution.certificate.judged else None, width)
    say(printable(written))


def _solved(file: str, of: str | None, seconds: float | None) -> str | None:
    """Return the path of the instance that a solution file is of, None where the file is an instance itself."""
    path = inputs.path(file)
    if path.suffix == ".toml":  # a recipe is an instance
        return None
    refuse_slow(path, seconds)
    with Deadline(seconds).interrupting("reading the file"):
        data = read_json(path)
    return str(_instance_of(data, path, of)) if isinstance(data, dict) and "solution" in data else None


def _instance_of(data: dict[str, Any], path: Path, given: str | None) -> Path:
    """Find the instance that a solution file names: as given, beside it, or among the stored ones."""
    if given is not None:
        return inputs.path(given)
    name = str(data.get("instance", ""))
    beside = path.parent / f"{name}.json"
    if name and beside.is_file() and beside != path:
        return beside
    alike = [known for known in stored.instances() if known.rsplit("/", 1)[-1] == name]
    if len(alike) != 1:
        raise UsageError(f"{path}: instance {name[:60]!r} is not beside it nor stored: give --instance FILE")
    return stored.instance(alike[0])


@family.command()
def reproduce(
    figure: Annotated[
        str, typer.Argument(metavar="FIGURE|all", help="As big-figure-1.", autocompletion=completion.figures)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder.")] = Path("."),
    data: Annotated[
        str | None,
        typer.Option(
            help="A table of utilities (`bigopt import hull` makes its instance), for emergent-figure-1 to 4."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of what is drawn at random; default the figure's own.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Of all figures, so many at a time, in processes; -1: all cores.")] = 1,
) -> None:
    """Redraw a figure of the papers, with its data beside it."""
    names = list(FIGURES) if figure == "all" else [figure]
    if unknown := [name for name in names if name not in FIGURES]:
        raise UsageError(f"{unknown[0][:40]!r} is not a figure{close_to(unknown[0], ['all', *FIGURES])}")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}: choose another folder with -o") from None
    table = None if data is None else inputs.game(data)
    if table is not None:
        refuse_data(names, table, f"--data {data}")
    if jobs == 0 or jobs < -1:
        raise UsageError(f"--jobs {jobs}, expected at least 1, or -1 for all cores")
    written: list[Path] = []
    then = f"`bigopt reproduce FIGURE -o {printable(output)}` draws one"
    with resumable(lambda: f"{len(written)} files were written", then), progress_bar() as progress:
        if figure == "all":
            written.extend(draw_all(names, output, progress, jobs, seed=seed, data=table))
        else:
            written += draw(figure, output, progress, seed=seed, data=table)
    for path in written:
        say(printable(path))
