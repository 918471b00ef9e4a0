"""The command line: thin commands over the package; `bigopt.terminal` turns errors into exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bigopt.cli.compare import compare, report
from bigopt.cli.edge import say
from bigopt.cli.importing import import_table
from bigopt.cli.listing import LISTINGS, select, with_sizes
from bigopt.cli.sweep import sweep
from bigopt.cli.terminal import OneLineErrors, complain, progress_bar
from bigopt.errors import BigoptError, UsageError, printable
from bigopt.version import version as installed

if TYPE_CHECKING:
    from bigopt.concepts.solution import Solution

app = typer.Typer(
    cls=OneLineErrors,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        say(f"bigopt {installed()}")
        raise typer.Exit()


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Equilibria of AI-alignment games: stated as Pyomo models, solved with open solvers, proved."""


Json = Annotated[bool, typer.Option("--json", help="One compact JSON object a line on stdout.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")]
TimeLimit = Annotated[float | None, typer.Option("--time-limit", help="Wall-clock seconds for each instance.")]


@app.command(
    context_settings={"ignore_unknown_options": True},
    epilog="A concept's own arguments, as --player I, --profile FILE or --bob NAME: see `bigopt list concepts`.",
)
def solve(
    instances: Annotated[list[str], typer.Argument(help="Instance files, or names of stored ones.")],
    concept: Annotated[str | None, typer.Option(help="Default: the kind's natural one.")] = None,
    solver: Annotated[str, typer.Option(help="The code that must produce the point; auto chooses.")] = "auto",
    model: Annotated[str | None, typer.Option(help="A model file (.py) instead of the concept's own.")] = None,
    time_limit: TimeLimit = None,
    settings: Annotated[str, typer.Option(help="A named set of the solver's options.")] = "default",
    option: Annotated[list[str] | None, typer.Option(help="K=V: the concept's or the solver's option.")] = None,
    tee: Annotated[bool, typer.Option("--tee", help="Show the solver's log on stderr.")] = False,
    json: Json = False,
    output: Output = None,
) -> None:
    """Solve instances and verify the answers. Exit 0: solved and verified."""
    from bigopt.cli import display
    from bigopt.cli.arguments import read as read_flags
    from bigopt.cli.arguments import split
    from bigopt.cli.options import parse_options
    from bigopt.concepts.deadline import Deadline
    from bigopt.engine import arguments as engine_arguments
    from bigopt.engine.solve import solve as solve_game
    from bigopt.files import instance
    from bigopt.files import library as stored
    from bigopt.files.writing import write_text
    from bigopt.games import kinds

    arguments: dict[str, Any] = {
        "concept": concept,
        "solver": solver,
        "model": model,
        "settings": settings,
        "options": parse_options(option or []),
        "tee": tee,
    }
    engine_arguments.check(time_limit=time_limit)
    out = display.console()
    solutions: list[Solution] = []
    worst = 0
    files, flags = split(instances)
    for text in files:
        try:
            path = stored.instance_path(text)
            instance.prepare(path)
            deadline = Deadline(time_limit)
            with progress_bar() as progress:
                with deadline.interrupting("reading the instance"):
                    game = instance.load(path)
                own = read_flags(kinds.concept_of(game, concept), flags) if flags else {}
                arguments["time_limit"] = deadline.remaining
                solution = solve_game(game, **arguments, **own, progress=progress)
        except BigoptError as error:
            complain(error)
            worst = max(worst, error.exit_code)
            continue
        solutions.append(solution)
        worst = max(worst, solution.exit_code)
        if json:
            say(solution.to_json())
        elif output is None:
            display.show(solution, out)
    if output is not None and solutions:
        single = len(files) == 1
        write_text(output, "".join(s.to_json(indent=1 if single else None) + "\n" for s in solutions))
    raise typer.Exit(worst)


@app.command()
def check(
    instance_file: Annotated[str | None, typer.Argument(metavar="INSTANCE", help="An instance file or name.")] = None,
    solution_file: Annotated[Path | None, typer.Argument(metavar="[SOLUTION]", help="A solution file.")] = None,
    all_stored: Annotated[bool, typer.Option("--all", help="Every stored instance with expected answers.")] = False,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> None:
    """Verify a solution made elsewhere, or the instance's own expected answers."""
    from bigopt.cli import display
    from bigopt.concepts.deadline import Deadline
    from bigopt.engine import arguments as engine_arguments
    from bigopt.engine.check import check_solution
    from bigopt.engine.prove import check_proof, is_proof
    from bigopt.files import instance
    from bigopt.files import library as stored

    if all_stored == (instance_file is not None):
        raise UsageError("check: give one INSTANCE (and perhaps a SOLUTION), or --all")
    if instance_file is not None and solution_file is not None and is_proof(solution_file):
        say(f"proved: {check_proof(stored.instance_path(instance_file), solution_file)}")
        raise typer.Exit(0)
    if instance_file is not None and solution_file is not None:
        engine_arguments.check(time_limit=time_limit)
        instance.prepare(path := stored.instance_path(instance_file))
        deadline = Deadline(time_limit)
        with deadline.interrupting("reading the instance"):
            read = instance.read(path)
        solution = check_solution(read, solution_file, deadline.remaining)
        if json:
            say(solution.to_json())
        else:
            display.show(solution, display.console())
        raise typer.Exit(solution.exit_code)
    names = stored.instances() if all_stored else [str(instance_file)]
    raise typer.Exit(_check_expected(names, all_stored, time_limit, json))


@app.command(context_settings={"ignore_unknown_options": True})
def prove(
    words: Annotated[list[str], typer.Argument(metavar="INSTANCE", help="An instance file or name.")],
    concept: Annotated[str | None, typer.Option(help="Default: the kind's natural one.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="K=V: the concept's option.")] = None,
    time_limit: TimeLimit = None,
    to: Annotated[str, typer.Option(help="json, or vipr: a VIPR 1.1 certificate of the linear program.")] = "json",
    output: Output = None,
) -> None:
    """Write a proof in exact rationals, which `checker/check_proof.py` checks without bigopt."""
    from bigopt.cli.arguments import read as read_flags
    from bigopt.cli.arguments import split
    from bigopt.cli.options import parse_options
    from bigopt.engine import prove as proofs
    from bigopt.files import instance
    from bigopt.files import library as stored
    from bigopt.files.writing import write_text
    from bigopt.games import kinds

    if to not in ("json", "vipr"):
        raise UsageError(f"prove: --to {to[:40]!r}, expected json or vipr")
    files, flags = split(words)
    if len(files) != 1:
        raise UsageError(f"prove: {len(files)} instances, expected one")
    path = stored.instance_path(files[0])
    own = read_flags(kinds.concept_of(instance.load(path), concept), flags) if flags else {}
    with progress_bar() as progress:
        made = {"json": proofs.prove_text, "vipr": proofs.vipr}[to](
            path, concept, time_limit=time_limit, options=parse_options(option or []), progress=progress, **own
        )
    if output is None:
        say(made, end="")
    else:
        say(write_text(output, made))


def _check_expected(names: list[str], all_stored: bool, time_limit: float | None, json: bool) -> int:
    """Check the expected answers of instances; print a line each; return the worst exit code."""
    from bigopt.engine.check import check_expected
    from bigopt.files import instance
    from bigopt.files import library as stored

    worst, checked = 0, 0
    with progress_bar() as progress:
        for i, name in enumerate(names):
            progress(name, i / len(names))
            read = instance.read(stored.instance(name) if all_stored else stored.instance_path(name))
            if not read.expected and not all_stored:
                raise UsageError(f"{name}: has no expected answers: give a SOLUTION file, or use `bigopt solve`")
            for concept, solution, compared in check_expected(read, time_limit):
                checked += 1
                good = compared.passed and solution.solved
                worst = max(worst, 0 if good else solution.exit_code or 1)
                _print_expected(name, concept, solution, compared.to_dict(), good, json)
    if not json:
        say(f"{checked} expected answers checked")
    return worst


def _print_expected(name: str, concept: str, solution: Solution, compared: Any, good: bool, json: bool) -> None:
    """Print one expected answer's verdict."""
    if json:
        row = {"instance": name, "concept": concept, "passed": good, "expected": compared, "stopped": solution.stopped}
        say(_compact(row))
        return
    failed = ", ".join(c.name for c in solution.certificate.failed)
    why = compared.get("note", "") if not compared["passed"] else failed or solution.stopped
    say(printable(f"{'ok    ' if good else 'FAILED'} {name} {concept}" + ("" if good else f": {why}")))


@app.command()
def export(
    instance_file: Annotated[str, typer.Argument(metavar="INSTANCE")],
    to: Annotated[str, typer.Option(help="lp, mps, nl or nfg.")],
    model: Annotated[str | None, typer.Option(help="A model's name or file.")] = None,
    short_names: Annotated[bool, typer.Option("--short-names", help="Numbered names of variables and rows.")] = False,
    output: Output = None,
) -> None:
    """Write a model (lp, mps, nl) or a finite game (nfg) for other programs."""
    from bigopt.engine.export import export as write
    from bigopt.files import instance
    from bigopt.files import library as stored

    game = instance.load(stored.instance_path(instance_file))
    say(printable(write(game, to, model, output, short_names)))


@app.command()
def plot(
    file: Annotated[str, typer.Argument(metavar="INSTANCE|SOLUTION")],
    of: Annotated[str | None, typer.Option("--instance", help="The instance of a SOLUTION file.")] = None,
    output: Output = None,
) -> None:
    """Draw an instance (solved first) or a solution."""
    from bigopt.engine.check import check_solution
    from bigopt.engine.plot import save_plot
    from bigopt.engine.solve import solve as solve_game
    from bigopt.files import instance
    from bigopt.files import library as stored
    from bigopt.files.text import read_json

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
    from bigopt.files import library as stored

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


@app.command()
def reproduce(
    figure: Annotated[str, typer.Argument(metavar="FIGURE|all", help="As big-figure-1.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder.")] = Path("."),
    data: Annotated[str | None, typer.Option(help="An instance of kind hull, for emergent-figure-1 to 4.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of what is drawn at random; default the figure's own.")
    ] = None,
) -> None:
    """Redraw a figure of the papers, with its data beside it."""
    from bigopt.files import instance
    from bigopt.files import library as stored
    from bigopt.reproduce import FIGURES, draw

    names = list(FIGURES) if figure == "all" else [figure]
    if unknown := [name for name in names if name not in FIGURES]:
        raise UsageError(f"{unknown[0][:40]!r} is not a figure, expected all or one of {', '.join(FIGURES)}")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}: choose another folder with -o") from None
    table = None if data is None else instance.load(stored.instance_path(data))
    if table is not None and table.kind != "hull":
        raise UsageError(f"--data {data}: of kind {table.kind}, expected hull")
    with progress_bar() as progress:
        written = [path for name in names for path in draw(name, output, progress, seed=seed, data=table)]
    for path in written:
        say(printable(path))


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join(LISTINGS))],
    kind: Annotated[str | None, typer.Option(help="Only rows of this kind of game.")] = None,
    problem_class: Annotated[str | None, typer.Option("--class", help="Only this class of problem, as QP.")] = None,
    status: Annotated[str | None, typer.Option(help="Only easy, medium, hard or open instances.")] = None,
    sizes: Annotated[bool, typer.Option("--sizes", help="Also the variables and constraints of each model.")] = False,
    json: Json = False,
) -> None:
    """List what there is."""
    from bigopt.cli import display
    from bigopt.concepts.concept import Table

    if what not in LISTINGS:
        raise UsageError(f"list: {what[:40]!r}, expected one of {', '.join(LISTINGS)}")
    columns, rows = LISTINGS[what]()
    rows = select(columns, rows, {"kind": kind, "class": problem_class, "status": status})
    if sizes:
        columns, rows = with_sizes(columns, rows)
    if json:
        for row in rows:
            say(_compact(dict(zip(columns, row, strict=True))))
    else:
        display.print_table(Table("", columns, rows), display.console())


@app.command()
def doctor(json: Json = False) -> None:
    """Solve a tiny problem of each class with each solver; say what works and what repairs the rest."""
    from bigopt.cli import display
    from bigopt.concepts.concept import Table
    from bigopt.solvers.doctor import examine

    with progress_bar() as progress:
        progress("examining solvers", None)
        findings = examine()
    failed = int(any(f.works is False for f in findings))  # of what is installed
    if json:
        for finding in findings:
            say(_compact(finding.__dict__))
        raise typer.Exit(failed)
    words = {True: "works", False: "FAILS", None: "not installed"}
    rows = [(f.solver, f.version or "-", f.problem_class, words[f.works], f.seconds, f.advice) for f in findings]
    columns = ("solver", "version", "class", "", "seconds", "what to do")
    display.print_table(Table("", columns, rows), display.console())
    raise typer.Exit(failed)


@app.command()
def schema(kind: Annotated[str, typer.Argument(help="A kind, as influencers.")]) -> None:
    """Print the JSON Schema of a kind's instance file."""
    import json

    from bigopt.files import instance

    say(json.dumps(instance.schema(kind), indent=1))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def generate(
    context: typer.Context,
    family: Annotated[str, typer.Argument(help="A family; see `bigopt list families` for its flags.")],
    output: Output = None,
) -> None:
    """Make a game of a seeded family: `bigopt generate influencers --players 5 --seed 1 -o game.json`."""
    from bigopt.files import instance
    from bigopt.files.generate import generate as make
    from bigopt.files.generate import parse_flags
    from bigopt.files.writing import write_text

    game = make(family, **parse_flags(family, context.args))
    text = instance.dumps(game)
    if output is None:
        say(text, end="")
    else:
        say(printable(write_text(output, text)))


def _compact(row: Any) -> str:
    import json

    from bigopt.concepts.solution import plain

    return json.dumps(plain(row), separators=(",", ":"), default=str)


app.command()(compare)
app.command()(report)
app.command()(sweep)
app.command("import", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(import_table)
