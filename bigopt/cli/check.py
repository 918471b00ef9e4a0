"""`bigopt check`: solutions made elsewhere, proofs, and the instances' own expected answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bigopt.cli import completion, display, inputs, standard_input
from bigopt.cli.edge import say
from bigopt.cli.options import Json, TimeLimit
from bigopt.cli.terminal import progress_bar
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import compact
from bigopt.engine.check import check_expected, check_solution
from bigopt.engine.prove import check_proof, is_proof
from bigopt.engine.prove_all import FAILED, NO_PROOF, NO_RULE, PROVED, TOO_LARGE, prove_all
from bigopt.errors import UsageError, printable
from bigopt.files import instance
from bigopt.files import library as stored
from bigopt.files.text import refuse_slow

if TYPE_CHECKING:
    from bigopt.concepts.solution import Solution

family = typer.Typer(add_completion=False)


@family.command()
def check(
    instance_file: Annotated[
        str | None,
        typer.Argument(metavar="INSTANCE", help="An instance file, name, or -.", autocompletion=completion.instances),
    ] = None,
    solution_file: Annotated[Path | None, typer.Argument(metavar="[SOLUTION]", help="A solution file.")] = None,
    all_stored: Annotated[bool, typer.Option("--all", help="Every stored instance, and its proofs.")] = False,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> None:
    """Verify a solution made elsewhere, or the instance's own expected answers."""
    if all_stored == (instance_file is not None):
        raise UsageError("check: give one INSTANCE (and perhaps a SOLUTION), or --all")
    if instance_file is None or solution_file is None:
        raise typer.Exit(_expected(instance_file, time_limit, json))
    if str(solution_file) == standard_input.SIGN:
        if instance_file == standard_input.SIGN:
            raise UsageError("check: - stands for both, expected an instance or a solution on standard input")
        solution_file = standard_input.path()
    refuse_slow(solution_file, time_limit)
    with Deadline(time_limit).interrupting("checking the proof"):
        if is_proof(solution_file):
            proved = check_proof(inputs.path(instance_file), solution_file)
            say(compact({"instance": instance_file, "proved": proved}) if json else f"proved: {proved}")
            raise typer.Exit(0)
    read, deadline = inputs.within(instance_file, time_limit, instance.read)
    solution = check_solution(read, solution_file, deadline.remaining)
    if json:
        say(solution.to_json())
    else:
        display.show(solution, display.console())
    raise typer.Exit(solution.exit_code)


def _expected(text: str | None, time_limit: float | None, json: bool) -> int:
    """Check the expected answers of an instance (None: of all stored ones), a line each; return the worst code."""
    names = stored.instances() if text is None else [text]
    worst, checked = 0, 0
    with progress_bar() as progress:
        for i, name in enumerate(names):
            progress(name, i / len(names))
            path = str(stored.instance(name)) if text is None else name
            read, deadline = inputs.within(path, time_limit, instance.read)
            if not read.expected and text is not None:
                raise UsageError(f"{name}: has no expected answers: give a SOLUTION file, or use `bigopt solve`")
            for concept, solution, compared in check_expected(read, deadline.remaining):
                checked += 1
                good = compared.passed and solution.solved
                worst = max(worst, 0 if good else solution.exit_code or 1)
                _print_expected(name, concept, solution, compared.to_dict(), good, json)
    if not json:
        say(f"{checked} expected answers checked")
    return worst if text is not None else max(worst, _proofs(names, json))


def _proofs(names: list[str], json: bool) -> int:
    """Prove every small stored instance, run the checker on it, list what has no rule; return the worst code."""
    counts = dict.fromkeys((PROVED, FAILED, NO_PROOF, NO_RULE, TOO_LARGE), 0)
    for verdict in prove_all(names):
        counts[verdict.outcome] += 1
        if json:
            say(compact(verdict.__dict__))
            continue
        told = f": {verdict.said}" if verdict.outcome in (FAILED, NO_PROOF, TOO_LARGE) else ""
        say(printable(f"{verdict.outcome:9} {verdict.instance} {verdict.concept}{told}"))
    if not json:
        say("proofs: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
    return int(counts[FAILED] > 0)


def _print_expected(name: str, concept: str, solution: Solution, compared: Any, good: bool, json: bool) -> None:
    """Print one expected answer's verdict."""
    if json:
        row = {"instance": name, "concept": concept, "passed": good, "expected": compared, "stopped": solution.stopped}
        say(compact(row))
        return
    failed = ", ".join(c.name for c in solution.certificate.failed)
    why = compared.get("note", "") if not compared["passed"] else failed or solution.stopped
    say(printable(f"{'ok    ' if good else 'FAILED'} {name} {concept}" + ("" if good else f": {why}")))
