"""`bigopt plot` and `bigopt reproduce`: pictures of games and solutions, and the papers' figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bigopt.cli import inputs
from bigopt.cli.edge import say
from bigopt.cli.options import Output
from bigopt.cli.terminal import progress_bar
from bigopt.engine.check import check_solution
from bigopt.engine.plot import save_plot
from bigopt.engine.solve import solve as solve_game
from bigopt.errors import UsageError, printable
from bigopt.files import instance
from bigopt.files import library as stored
from bigopt.files.text import read_json
from bigopt.reproduce import FIGURES, draw

family = typer.Typer(add_completion=False)


@family.command()
def plot(
    file: Annotated[str, typer.Argument(metavar="INSTANCE|SOLUTION")],
    of: Annotated[str | None, typer.Option("--instance", help="The instance of a SOLUTION file.")] = None,
    output: Output = None,
) -> None:
    """Draw an instance (solved first) or a solution."""
    path = stored.instance_path(file)
    data = None if path.suffix == ".toml" else read_json(path)  # a recipe is an instance
    if isinstance(data, dict) and "solution" in data:
        read = instance.read(_instance_of(data, path, of))
        say(printable(save_plot(read.game, output, check_solution(read, path))))
        return
    game = instance.load(path)
    with progress_bar() as progress:
        solution = solve_game(game, progress=progress)
    say(printable(save_plot(game, output, solution if solution.fields else None)))


def _instance_of(data: dict[str, Any], path: Path, given: str | None) -> Path:
    """Find the instance that a solution file names: as given, beside it, or among the stored ones."""
    if given is not None:
        return stored.instance_path(given)
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
    figure: Annotated[str, typer.Argument(metavar="FIGURE|all", help="As big-figure-1.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder.")] = Path("."),
    data: Annotated[str | None, typer.Option(help="An instance of kind hull, for emergent-figure-1 to 4.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of what is drawn at random; default the figure's own.")
    ] = None,
) -> None:
    """Redraw a figure of the papers, with its data beside it."""
    names = list(FIGURES) if figure == "all" else [figure]
    if unknown := [name for name in names if name not in FIGURES]:
        raise UsageError(f"{unknown[0][:40]!r} is not a figure, expected all or one of {', '.join(FIGURES)}")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}: choose another folder with -o") from None
    table = None if data is None else inputs.game(data)
    if table is not None and table.kind != "hull":
        raise UsageError(f"--data {data}: of kind {table.kind}, expected hull")
    with progress_bar() as progress:
        written = [path for name in names for path in draw(name, output, progress, seed=seed, data=table)]
    for path in written:
        say(printable(path))
