"""From an answer to a solution: verified from the game alone, never a success where it is late."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bigopt import solvers
from bigopt.concepts.concept import Answer, Concept, Game, Request
from bigopt.concepts.exact import parted
from bigopt.concepts.solution import NOTHING, SOLVED, Certificate, Check, Solution, SolverRecord, limited
from bigopt.engine import exact
from bigopt.engine.blas import one_thread
from bigopt.engine.plot import plot_solution
from bigopt.errors import LimitReached
from bigopt.games import kinds

BOUND_TOLERANCE = 1e-6  # relative to the larger of 1, the objective and the bound


def finish(
    row: Concept, game: Game, request: Request, answer: Answer, model: str | None, seconds: dict[str, float]
) -> Solution:
    """Verify an answer and put the solution together.

    The objective is the field that `verify` recomputed, where the concept names one. A bound on the wrong side of it
    is a failed check.
    """
    fields, fractions, certificate = dict[str, Any](), dict[str, Any](), Certificate()
    stopped, holds = answer.stopped, answer.holds
    if answer.point is not None:
        start = time.perf_counter()
        try:
            fields, fractions, certificate = _verified(row, game, request, answer, answer.point)
        except LimitReached:
            stopped, holds = "maxTimeLimit" if request.deadline.expired else "iterationLimit", "unknown"
            fields = {key: value for key, value in answer.point.items() if not key.startswith("_")}
        seconds["verify"] = time.perf_counter() - start
    if request.deadline.expired and stopped == SOLVED:
        stopped, holds = "maxTimeLimit", "feasible"
    if answer.point is None and stopped == "maxTimeLimit":
        answer = _nothing_yet(answer)
    objective = fields.get(row.objective, answer.objective) if certificate.judged else answer.objective
    if answer.point is not None and not answer.checks:  # a procedure's own promise says it already
        certificate = replace(certificate, checks=(*certificate.checks, *limited(stopped, objective, answer.bound)))
    record = SolverRecord(request.solver, solvers.version_of(request.solver), _shown_options(request, answer))
    solution = row.result(
        instance=game.name,
        kind=kinds.kind_of(game).name,
        concept=row.name,
        solver=record,
        model=model,
        stopped=stopped,
        holds=holds,
        objective=objective,
        bound=answer.bound,
        fields=fields,
        certificate=certificate,
        seconds={key: seconds.get(key, 0.0) for key in ("build", "solve", "verify")},
        game=game,
        draw=plot_solution,
        tables=row.tables,
        fractions=fractions,
        exactly=exact.known,
        shows_exact=exact.shown(row, game, request.exact),
    )
    return _with_exact(solution, request) if request.exact and solution.certificate.verified else solution


def _verified(
    row: Concept, game: Game, request: Request, answer: Answer, point: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], Certificate]:
    """Return the fields, their fractions and the certificate of an answer's point."""
    request.progress("verifying", None)
    with one_thread(), request.deadline.interrupting("verifying", grace=request.deadline.grace):
        found, certificate = row.verify(game, point, request)
    fields, fractions = parted(found)
    said = (*answer.checks, *_contradiction(row, fields, answer.bound))
    return fields, fractions, replace(certificate, checks=(*certificate.checks, *said))


def _with_exact(solution: Solution, request: Request) -> Solution:
    """Find the exact values that were asked for, within the limit."""
    try:
        request.progress("computing exact values", None)
        with one_thread(), request.deadline.interrupting("computing exact values", grace=request.deadline.grace):
            solution.__dict__["exact"] = exact.demanded(solution)
    except LimitReached:
        own = {**solution.__dict__, "stopped": "maxTimeLimit", "holds": "feasible", "shows_exact": NOTHING}
        return type(solution)(**own)
    return solution


def _nothing_yet(answer: Answer) -> Answer:
    """Say of an answer without a point that there was none when the limit came."""
    said = answer.options.get("message", "time limit reached: raise --time-limit")
    return replace(answer, options={**answer.options, "message": f"{said}; there was no answer yet"})


def _contradiction(row: Concept, fields: Mapping[str, Any], bound: float | None) -> tuple[Check, ...]:
    """Return a failed check where a bound contradicts the objective that was recomputed."""
    objective = fields.get(row.objective)
    if not row.sense or objective is None or bound is None:
        return ()
    excess = bound - objective if row.sense == "min" else objective - bound
    if excess <= BOUND_TOLERANCE * max(1.0, abs(objective), abs(bound)):
        return ()
    side = "above" if row.sense == "min" else "below"
    note = f"the bound {bound:.9g} is {side} the {row.objective} {objective:.9g}"
    return (Check("bound", excess / max(1.0, abs(objective)), BOUND_TOLERANCE, note=note),)


def _shown_options(request: Request, answer: Answer) -> dict[str, Any]:
    """Return the options to report: what the concept was asked, and what the solver ran with."""
    asked = {key: value for key, value in request.options.items() if value is not None}
    method = {"method": answer.method} if answer.method else {}
    return asked | method | dict(answer.options)
