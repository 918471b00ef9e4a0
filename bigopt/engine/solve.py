"""The one entry: choose, build, run, read, verify."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from bigopt.algebra import delegated, library
from bigopt.concepts.concept import Answer, Concept, Formulation, Game, Request, silent
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.options import flag
from bigopt.concepts.solution import Solution
from bigopt.engine import exact, models
from bigopt.engine.arguments import check as check_arguments
from bigopt.engine.arguments import own as own_arguments
from bigopt.engine.blas import one_thread
from bigopt.engine.choose import OURS, choose, choose_solver, load_solvers, passed_over, split_option, split_options
from bigopt.engine.classify import problem_class
from bigopt.engine.finish import finish
from bigopt.engine.models import formulation_for
from bigopt.errors import LimitReached, SolverFailed, UsageError
from bigopt.files.instance import game_of
from bigopt.games import kinds

if TYPE_CHECKING:
    import pyomo.environ as pyo
    from typing_extensions import TypeVar

    Result = TypeVar("Result", bound=Solution, default=Solution)


def solve(
    game: Game | str | Path,
    concept: str | type[Result] | None = None,
    solver: str = "auto",
    *,
    time_limit: float | None = None,
    options: Mapping[str, Any] | None = None,
    settings: str = "default",
    model: Any = None,
    tee: bool = False,
    progress: Callable[..., None] = silent,
    **arguments: Any,
) -> Result:
    """Solve one concept of a game and verify the answer from the game alone.

    Parameters
    ----------
    game : a game of any kind, or the path or the stored name of an instance
    concept : str or type, optional
        Its name, or the class of its solutions, so that type checkers know the fields. Default: the kind's first that
        applies.
    solver : str
        The code that must produce the point; "auto" chooses, and ``solution.solver.name`` says what.
    time_limit : float, optional
        Wall-clock seconds for building, solving and verifying together.
    options : mapping, optional
        The concept's own options by name, and `exact` (True: find all fields that are known as fractions, False: show
        none; default: of small games); all others go to the solver.
    settings : str
        A named set of the solver's options, as "default" or "high-accuracy".
    model : str, Path or pyo.ConcreteModel, optional
        A model file (a path ending in .py, or a name from the library) instead of the concept's own, or a model that
        was built with `bigopt.build` and perhaps extended.
    tee : bool
        Show the solver's log on stderr.
    progress : callable
        ``progress(message, done)``.
    **arguments
        The concept's own: ``player``, ``profile``, ``bob``, ... for concepts that hold the others fixed.

    Returns
    -------
    Solution
        Of the concept's own class. Also where nothing was found: its `outcome` says why, the certificate is empty.

    Raises
    ------
    UsageError, UnsupportedProblem, SolverNotFound
        Before anything is built.

    Examples
    --------
    >>> import bigopt
    >>> solution = bigopt.solve("big/example-1-opposed")
    >>> solution
    <NashSolution nash of example-1-opposed by exact: optimal, verified, objective -15>
    >>> solution.actions.tolist(), solution.exact["receiver"]
    ([[0.0], [6.0]], [Fraction(3, 1)])
    >>> bigopt.solve("courtroom", "signaling", bob="prosecutor").exact["value"]
    Fraction(5, 3)
    """
    check_arguments(
        concept=concept, solver=solver, settings=settings, time_limit=time_limit, options=options, progress=progress
    )
    game = game_of(game)
    row = kinds.concept_of(game, concept)
    given = own_arguments(row, arguments)
    asked, others = split_option("exact", flag, options or {})
    own, rest = split_options(row, others)
    deadline = Deadline(time_limit)
    load_solvers(kinds.kind_of(game), row.name, solver)  # not interrupted: half a library is none
    request = Request(row.name, solver, own, rest, deadline, given, tee, progress, exact=asked)
    if asked:
        exact.refuse(kinds.kind_of(game), row)
    seconds: dict[str, float] = {}
    with one_thread():
        if model is not None:
            return cast("Result", _solve_model(row, game, request, model, settings, seconds))
        return cast("Result", _solve_concept(row, game, request, settings, seconds))


def _solve_concept(row: Concept, game: Game, request: Request, settings: str, seconds: dict[str, float]) -> Solution:
    """Solve with the concept's own procedure or model."""
    try:
        with request.deadline.interrupting("choosing a solver"):  # models' data are read for it
            route = choose(row, game, request)
    except LimitReached as error:
        return finish(row, game, request, _so_far(request, error), None, seconds)
    asked, request = request.solver, replace(request, solver=route.solver)
    if route.formulation is None and settings != "default":
        raise UsageError(
            f"settings {settings[:40]!r}: of a solver that is given a model, while {route.solver} answers {row.name} "
            "by a procedure of ours: leave them out, or name another --solver"
        )
    try:
        if route.formulation is None:
            answer = _run_exact(row, game, request, seconds)
        else:
            answer = _run_formulation(game, request, route.formulation, settings, seconds)
    except LimitReached as error:
        answer = _so_far(request, error)
    if route.formulation is not None:
        answer = _instead(answer, row, asked, route.solver, route.formulation.problem_class)
    return finish(row, game, request, answer, route.formulation.model if route.formulation else None, seconds)


def _so_far(request: Request, error: LimitReached) -> Answer:
    """Return what a procedure had kept when its time was up, or that there is nothing."""
    try:
        with request.deadline.interrupting("finishing the answer", grace=request.deadline.grace):
            kept = request.kept.get()
    except LimitReached:
        kept = None
    stopped = "maxTimeLimit" if request.deadline.expired else "iterationLimit"  # a size that is too large
    return kept or Answer(None, stopped=stopped, holds="noSolution", options={"message": str(error)})


def _instead(answer: Answer, row: Concept, asked: str, chosen: str, found: str) -> Answer:
    """Say in the answer's options which solver `auto` passed over because it fails here."""
    why = passed_over(row.prefers, chosen, found) if asked == "auto" else ""
    return replace(answer, options={**answer.options, "instead_of": why}) if why else answer


def _solve_model(
    row: Concept, game: Game, request: Request, model: Any, settings: str, seconds: dict[str, float]
) -> Solution:
    """Solve with a model that the user names or hands over; it may optimize something else than the concept does."""
    if request.solver == OURS:
        choose_solver(row, OURS, "")
    name = Path(model).name if isinstance(model, (str, Path)) else None
    try:
        with request.deadline.interrupting("loading the model file"):
            formulation = formulation_for(row, game, request, model)
            name = name or formulation.model
            module = library.model(formulation.model)
            models.refuse_other_kind(module, name, game)
        built = model
        if isinstance(model, (str, Path)):
            built = _build(game, request, formulation, module, seconds, models.build_theirs)
        found = formulation.problem_class or problem_class(built)
        asked, request = request.solver, replace(request, solver=choose_solver(row, request.solver, found))
        answer = _run(request, built, replace(formulation, problem_class=found), module, settings, seconds)
        answer = _instead(answer, row, asked, request.solver, found)
    except LimitReached as error:
        answer = _so_far(request, error)
    try:
        return finish(replace(row, objective="", sense=""), game, request, answer, name, seconds)
    except KeyError as error:
        raise UsageError(f"model {name}: reads no {error}, which {row.name} is: give a model of this concept") from None


def build(model: str | Path, game: Game, **data: Any) -> pyo.ConcreteModel:
    """Build a model file for a game: a plain Pyomo model to extend, write or solve yourself.

    Parameters
    ----------
    model : str or Path
        A name from the model library, or the path of a model file.
    game : the game it is for
    **data
        The keyword arguments of the model's own ``build``.

    Returns
    -------
    pyo.ConcreteModel
        Named like the model; `solve(game, model=...)` takes it back.

    Raises
    ------
    UsageError
        No such model, one for another kind of game, or data that it does not take.

    Examples
    --------
    >>> import bigopt
    >>> model = bigopt.build("big_potential", bigopt.load("big/example-1-opposed"))
    >>> model.name, model.is_constructed()
    ('big_potential', True)
    """
    built = models.build(library.model(str(model)), str(model), game, data)
    if str(model) in library.models():
        built.name = str(model)  # so that the model itself says which file reads its point
    return built


def _run_exact(row: Concept, game: Game, request: Request, seconds: dict[str, float]) -> Answer:
    """Run the concept's own procedure, which may call the request's solver in its loop."""
    start = time.perf_counter()
    request.progress("solving", None)
    try:
        with request.deadline.interrupting("solving", grace=request.deadline.grace / 2):  # the rest is to verify
            answer = row.run(game, request)
    except SolverFailed as failed:  # a procedure's own solver: no answer, and yet a result to report
        stopped = failed.stopped if failed.exit_code == LimitReached.exit_code else "error"
        answer = Answer(None, stopped=stopped, holds="noSolution", options={"message": str(failed)})
    seconds["solve"] = time.perf_counter() - start
    seconds.update(answer.seconds)
    return answer


def _run_formulation(
    game: Game, request: Request, formulation: Formulation, settings: str, seconds: dict[str, float]
) -> Answer:
    """Build the concept's own model and run the solver on it."""
    module = library.model(formulation.model)
    model = _build(game, request, formulation, module, seconds)
    return _run(request, model, formulation, module, settings, seconds)


def _build(
    game: Game,
    request: Request,
    formulation: Formulation,
    module: ModuleType,
    seconds: dict[str, float],
    builder: Callable[..., pyo.ConcreteModel] = models.build,
) -> pyo.ConcreteModel:
    """Build a model within the limit."""
    start = time.perf_counter()
    request.progress("building", None)
    with request.deadline.interrupting("building the model"):
        model = builder(module, formulation.model, game, formulation.arguments)
    seconds["build"] = time.perf_counter() - start
    return model


def _run(
    request: Request,
    model: pyo.ConcreteModel,
    formulation: Formulation,
    module: ModuleType,
    settings: str,
    seconds: dict[str, float],
) -> Answer:
    """Run the solver and read the point."""
    request.progress("solving", None)
    start = time.perf_counter()
    asked = replace(request, solver_options={**formulation.suits.get(request.solver, {}), **request.solver_options})
    with request.deadline.interrupting("solving", grace=request.deadline.grace):  # also translating, before and after
        run = delegated.run(asked, model, formulation.problem_class, settings)
    seconds["solve"] = time.perf_counter() - start
    point = None
    if run.holds in ("optimal", "feasible", "unknown") and run.objective is not None:
        with request.deadline.interrupting("reading the point", grace=request.deadline.grace):
            point = models.guard(lambda: module.read(model), formulation.model)
        if not isinstance(point, Mapping):
            what = type(point).__name__
            raise UsageError(f"model {formulation.model}: read returned {what}, expected a dict: mend the model file")
    holds = run.holds if point is not None or run.holds == "infeasible" else "noSolution"
    said = {"message": run.message} if run.message else {}
    objective, bound = (None if v is None else formulation.value(v) for v in (run.objective, run.bound))
    return Answer(point, objective, bound, run.stopped, holds, options=dict(run.options) | said)
