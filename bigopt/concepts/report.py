"""What a solution says to people, in order: the game, the answer, its certificate, the seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bigopt.concepts.exact import shown
from bigopt.concepts.plain_tables import plain_tables
from bigopt.display.tables import ROUNDING, Line, Part, Table, quiet, short, size_of

NOTHING = 1e-6  # of a check's limit


def report(solution: Any) -> Iterator[Part]:
    """Yield the lines and tables of a `Solution`."""
    if solution.game is not None:
        yield Line(f": {solution.game.describe()}", strong=solution.instance)
    yield Line(headline(solution))
    if not solution.fields:
        yield Line(f"no answer: {solution.outcome.stopped} ({solution.outcome.holds})", "red")
    yield from answer(solution)
    yield _exactly(solution)
    if solution.fields:
        yield from _certificate(solution)
    yield Line("seconds  " + "  ".join(f"{name} {value:.3g}" for name, value in solution.seconds.items()))


def answer(solution: Any) -> list[Table]:
    """Return the concept's own tables, or every field as it is where nobody verified the point."""
    return [quiet(table) for table in _tables(solution) if table.rows]


def _tables(solution: Any) -> list[Table]:
    if solution.tables is not None and solution.certificate.judged:  # else not all fields are there
        return list(solution.tables(solution.game, solution.fields))
    axes: Mapping[str, Sequence[str]] = getattr(solution.game, "axes", dict)()
    return plain_tables(type(solution), solution.fields, axes)


def _exactly(solution: Any) -> Table:
    """Return the fields that are short fractions, beside their decimals."""
    exact = solution.shown_exact
    told = {key: text for key, value in exact.items() if "/" in (text := shown(value))}  # whole numbers say it all
    rows = [(key, short(solution.fields[key]), text) for key, text in told.items()]
    return Table("", ("field", "decimal", "exactly"), rows)


def headline(solution: Any) -> str:
    """Say what was solved by whom."""
    options = {key: value for key, value in solution.solver.options.items() if value not in (None, "")}
    by = f"{solution.concept} by {solution.solver.name} {solution.solver.version}".rstrip()
    model = f", model {solution.model}" if solution.model else ""
    listed = f" ({', '.join(f'{key}={short(value)}' for key, value in options.items())})" if options else ""
    return f"{by}{model}{listed}: {solution.outcome.holds}"


def _certificate(solution: Any) -> Iterator[Part]:
    """Yield every check and whether all passed."""
    certificate = solution.certificate
    rows = [
        (c.name, _beside(c.value, c.limit), c.limit, c.unit, c.grade if c.passed else "FAILED", c.note)
        for c in certificate.checks
    ]
    yield Table("certificate", ("check", "value", "limit", "unit", "", "note"), rows)
    if certificate.verified:
        regret = certificate.max_regret
        text = "verified" + (f": max regret {short(_settled(solution, regret))}" if regret is not None else "")
        bound = solution.outcome.bound
        proved = f", bound on the objective {short(_settled(solution, bound))}" if bound is not None else ""
        yield Line(text + proved, "green" if solution.solved else "yellow")
        if solution.exit_code == 1:
            why = f"the point is right, but {solution.solver.name} did not finish ({solution.outcome.stopped})"
            yield Line(f"{why}: not a solution", "red")
    else:
        yield Line(f"NOT VERIFIED: {_missing(certificate)}", "red")
    if solution.exit_code == 4:
        yield Line(f"stopped at a limit ({solution.outcome.stopped}): not a solution", "red")


def _beside(value: float, limit: float) -> float:
    """Return a check's value, 0 where it is nothing beside its limit."""
    return 0.0 if 0 < value < NOTHING * limit else value


def _settled(solution: Any, value: float) -> float:
    """Return a number of the game's own unit, 0 where it is nothing beside the answer's numbers."""
    return 0.0 if 0 < abs(value) < ROUNDING * size_of(solution.fields) else float(value)


def _missing(certificate: Any) -> str:
    """Say what a certificate lacks."""
    failed = ", ".join(check.name for check in certificate.failed)
    unproved = ", ".join(check.name for check in certificate.unproved)
    return "; ".join(text for text in (failed, unproved and f"unproved: {unproved}") if text) or "nothing was checked"
