"""`bigopt check`: solutions made elsewhere, proofs, and the instances' own expected answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

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

family = typer.Typer(add_completion=False)


@family.command()
def check(
    instance_file: Annotated[
        str | None,
        typer.Argument(metavar="INSTANCE", help="An instance file, name, or -.", autocompletion=completion.instances),
    ] = None,
    solution_file: Annotated[Path | None, typer.Argument(metavar="[SOLUTION]", help="A solution file.")] = None,
    all_stored: Annotated[bool, typer.Option("--all", help="Every stored instance, and its proofs.")] = False,
    jobs: Annotated[int, typer.Option(help="With --all: instances at a time, in processes; -1: all cores.")] = -1,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> None:
    """Verify a solution made elsewhere, or the instance's own expected answers."""
    if jobs == 0 or jobs < -1:
        raise UsageError(f"--jobs {jobs}: expected at least 1, or -1 for all cores")
    if all_stored == (instance_file is not None):
        raise UsageError("check: give one INSTANCE (and perhaps a SOLUTION), or --all")
    if instance_file is None:
        names = stored.instances()
        raise typer.Exit(max(_all_expected(names, time_limit, json, jobs), _proofs(names, json, jobs)))
    if solution_file is None:
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


@dataclass(frozen=True)
class _Judged:
    """What became of one expected answer: the code to exit with, the worst field, why it failed."""

    concept: str
    code: int
    compared: dict[str, Any]
    stopped: str
    why: str


def _judge(text: str, time_limit: float | None) -> list[_Judged]:
    """Solve what an instance expects, and compare."""
    read, deadline = inputs.within(text, time_limit, instance.read)
    found = []
    for concept, solution, compared in check_expected(read, deadline.remaining):
        good = compared.passed and solution.solved
        failed = ", ".join(c.name for c in solution.certificate.failed)
        why = compared.note if not compared.passed else failed or solution.stopped
        code = 0 if good else solution.exit_code or 1
        found.append(_Judged(concept, code, compared.to_dict(), solution.stopped, why))
    return found


def _expected(name: str, time_limit: float | None, json: bool) -> int:
    """Check the expected answers of an instance, a line each; return the worst code."""
    with progress_bar() as progress:
        progress(name)
        judged = _judge(name, time_limit)
    if not judged:
        raise UsageError(f"{name}: has no expected answers: give a SOLUTION file, or use `bigopt solve`")
    _print_expected(name, judged, json)
    if not json:
        say(f"{len(judged)} expected answers checked")
    return max(each.code for each in judged)


def _all_expected(names: list[str], time_limit: float | None, json: bool, jobs: int) -> int:
    """Check the expected answers of all stored instances, in their order; return the worst code."""
    from joblib import Parallel, delayed  # not needed for one instance

    worst, checked = 0, 0
    todo = (delayed(_judge)(str(stored.instance(name)), time_limit) for name in names)
    with progress_bar() as progress:
        for i, judged in enumerate(Parallel(n_jobs=jobs, return_as="generator")(todo)):
            progress(names[i], i / len(names))
            _print_expected(names[i], judged, json)
            worst, checked = max([worst, *(each.code for each in judged)]), checked + len(judged)
    if not json:
        say(f"{checked} expected answers checked")
    return worst


def _proofs(names: list[str], json: bool, jobs: int) -> int:
    """Prove every small stored instance, run the checker on it, list what has no rule; return the worst code."""
    counts = dict.fromkeys((PROVED, FAILED, NO_PROOF, NO_RULE, TOO_LARGE), 0)
    for verdict in prove_all(names, jobs):
        counts[verdict.outcome] += 1
        if json:
            say(compact(verdict.__dict__))
            continue
        told = f": {verdict.said}" if verdict.outcome in (FAILED, NO_PROOF, TOO_LARGE) else ""
        say(printable(f"{verdict.outcome:9} {verdict.instance} {verdict.concept}{told}"))
    if not json:
        say("proofs: " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
    return int(counts[FAILED] > 0)


def _print_expected(name: str, judged: list[_Judged], json: bool) -> None:
    """Print the verdicts on an instance's expected answers."""
    for each in judged:
        if json:
            row = {"instance": name, "concept": each.concept, "passed": not each.code}
            say(compact(row | {"expected": each.compared, "stopped": each.stopped}))
        else:
            sign, why = ("FAILED", f": {each.why}") if each.code else ("ok    ", "")
            say(printable(f"{sign} {name} {each.concept}{why}"))
