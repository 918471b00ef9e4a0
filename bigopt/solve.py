"""The one entry: choose, build, run, read, verify."""

from __future__ import annotations

import importlib.metadata
import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pyomo.environ as pyo

from bigopt import catalog, kinds, solvers
from bigopt.classify import problem_class
from bigopt.concepts import Answer, Concept, Formulation, Request, silent
from bigopt.deadline import Deadline
from bigopt.errors import BigoptError, LimitReached, SolverNotFound, UnsupportedProblem, UsageError
from bigopt.solution import Certificate, Solution, SolverRecord

LIMITED = Answer(point=None, stopped="maxTimeLimit", holds="noSolution")


def solve(
    game: Any,
    concept: str | None = None,
    solver: str = "auto",
    *,
    time_limit: float | None = None,
    options: Mapping[str, Any] | None = None,
    settings: str = "default",
    model: str | Path | None = None,
    player: int | None = None,
    profile: Any = None,
    bob: str | None = None,
    tee: bool = False,
    progress: Callable[..., None] = silent,
) -> Solution:
    """Solve one concept of a game and verify the answer from the game alone.

    Parameters
    ----------
    game : a game of any kind
    concept : str, optional
        Default: the kind's first that applies.
    solver : str
        The code that must produce the point; "auto" chooses, and ``solution.solver.name`` says what.
    time_limit : float, optional
        Wall-clock seconds for building, solving and verifying together.
    options : mapping, optional
        The concept's own options by name; all others go to the solver.
    settings : str
        A named set of the solver's options, as "default" or "high-accuracy".
    model : str or Path, optional
        A model file (a path ending in .py, or a name from the library) instead of the concept's own.
    player, profile, bob
        For concepts that hold the others fixed.
    tee : bool
        Show the solver's log on stderr.
    progress : callable
        ``progress(message, done)``.

    Returns
    -------
    Solution
        Also where nothing was found: `stopped` and `holds` say why, and the certificate is empty.

    Raises
    ------
    UsageError, UnsupportedProblem, SolverNotFound
        Before anything is built.
    """
    if time_limit is not None and not time_limit > 0:
        raise UsageError(f"time limit of {time_limit:g} s, expected more than 0")
    row = kinds.concept_of(game, concept)
    own, rest = _split_options(row, options or {})
    request = Request(
        row.name, solver, own, rest, Deadline(time_limit), player, profile, bob, tee=tee, progress=progress
    )
    _need(row, request)
    name, formulation, module = _choose(row, game, request, str(model) if model is not None else None)
    request = replace(request, solver=name)
    seconds: dict[str, float] = {}
    try:
        if formulation is None:
            answer = _run_exact(row, game, request, seconds)
        else:
            answer = _run_model(game, request, formulation, module, settings, seconds)
    except LimitReached:
        answer = LIMITED
    used = _model_name(model, formulation)
    return finish(row, game, request, answer, used, seconds)


def refusal(game: Any, concept: str | None, solver: str) -> str:
    """Return why a solver cannot take a concept of this game, "" where it can; nothing is built."""
    row = kinds.concept_of(game, concept)
    own, _ = _split_options(row, {})
    try:
        _choose(row, game, Request(row.name, solver, own), None)
    except UnsupportedProblem as error:
        return str(error)
    except BigoptError:  # it may take it elsewhere, or with arguments that were not given here
        return ""
    return ""


def build(model: str | Path, game: Any, **arguments: Any) -> pyo.ConcreteModel:
    """Build a model file for a game: a plain Pyomo model to extend, write or solve yourself.

    Parameters
    ----------
    model : str or Path
        A name from the model library, or the path of a model file.
    game : the game it is for
    **arguments
        The keyword arguments of the model's own ``build``.
    """
    return _build(catalog.model(str(model)), str(model), game, arguments)


def finish(
    row: Concept, game: Any, request: Request, answer: Answer, model: str | None, seconds: dict[str, float]
) -> Solution:
    """Verify an answer and put the solution together."""
    fields: dict[str, Any] = {}
    certificate = Certificate()
    stopped, holds = answer.stopped, answer.holds
    if answer.point is not None:
        start = time.perf_counter()
        try:
            request.progress("verifying", None)
            fields, certificate = row.verify(game, answer.point, request)
        except LimitReached:
            stopped, holds = "maxTimeLimit", "unknown"
            fields = {key: value for key, value in answer.point.items() if not key.startswith("_")}
        seconds["verify"] = time.perf_counter() - start
    if request.deadline.expired and stopped == "convergenceCriteriaSatisfied":
        stopped, holds = "maxTimeLimit", "feasible"
    record = SolverRecord(request.solver, version_of(request.solver), _shown_options(request, answer))
    return Solution(
        instance=game.name,
        kind=kinds.kind_of(game).name,
        concept=row.name,
        solver=record,
        model=model,
        stopped=stopped,
        holds=holds,
        objective=answer.objective,
        bound=answer.bound,
        fields=fields,
        certificate=certificate,
        seconds={key: seconds.get(key, 0.0) for key in ("build", "solve", "verify")},
        game=game,
    )


def version_of(solver: str) -> str:
    """Return the version of a solver, bigopt's own for `exact`, "" where unknown."""
    if solver == "exact":
        try:
            return importlib.metadata.version("bigopt")
        except importlib.metadata.PackageNotFoundError:  # a checkout that was never installed
            return "checkout"
    row = solvers.SOLVERS.get(solver)
    return (row.version() or "") if row is not None else ""


def _split_options(row: Concept, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parse the concept's own options, fill in defaults, and keep the rest for the solver."""
    own = {option.name: option.default for option in row.options}
    rest = {}
    known = {option.name: option for option in row.options}
    for name, value in given.items():
        if name not in known:
            rest[name] = value
            continue
        option = known[name]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if option.choices and text not in option.choices:
            raise UsageError(f"option {name}={text:.40}: expected one of {', '.join(option.choices)}")
        try:
            own[name] = option.parse(text)
        except (ValueError, ArithmeticError) as error:
            raise UsageError(f"option {name}={value!s:.40}: {error}: see `bigopt list concepts`") from None
    return own, rest


def _need(row: Concept, request: Request) -> None:
    """Refuse a request that lacks what the concept needs."""
    flags = {"player": "--player I", "profile": "--profile FILE", "bob": "--bob NAME"}
    for name in row.needs:
        if getattr(request, name) is None:
            raise UsageError(f"concept {row.name}: {name} is missing, give {flags[name]}")


def _choose(
    row: Concept, game: Any, request: Request, model: str | None
) -> tuple[str, Formulation | None, ModuleType | None]:
    """Choose the solver and the formulation (None: our own algorithm), before anything is built."""
    if model is not None:
        return _choose_for_model(row, game, request, model)
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    if request.solver != "auto":
        return _named(row, game, request, formulations)
    for name in row.prefers:
        if name == "exact":
            if row.solve and row.refuses_exact(game) is None and not request.solver_options:
                return name, None, None
            continue
        chosen = _match(name, row, formulations)
        if chosen is not _NOTHING and solvers.SOLVERS[name].version() is not None:
            return (name, *_with_module(chosen))
    if row.solve and row.refuses_exact(game) is None:
        unknown = next(iter(request.solver_options))
        known = ", ".join(option.name for option in row.options) or "none"
        raise UsageError(f"option {unknown!s:.40}: not an option of {row.name} (its own: {known})")
    raise UnsupportedProblem(f"concept {row.name} of {game.name}: no installed solver takes it: see `bigopt doctor`")


_NOTHING: Any = object()


def _named(
    row: Concept, game: Any, request: Request, formulations: tuple[Formulation, ...]
) -> tuple[str, Formulation | None, ModuleType | None]:
    """Take the solver that was named, or refuse it with the ones that can."""
    name = request.solver
    if name not in solvers.SOLVERS:
        raise UsageError(f"{name[:40]!r} is not a solver, expected one of auto, {', '.join(solvers.SOLVERS)}")
    if name == "exact":
        reason = row.refuses_exact(game) if row.solve else "has no algorithm of our own"
        if reason is not None:
            able = _able(row, formulations)
            raise UnsupportedProblem(f"solver exact: concept {row.name} {reason}: use --solver {' or '.join(able)}")
        if request.solver_options:
            unknown = next(iter(request.solver_options))
            known = ", ".join(option.name for option in row.options) or "none"
            raise UsageError(f"option {unknown!s:.40}: not an option of {row.name} (its own: {known})")
        return name, None, None
    chosen = _match(name, row, formulations)
    if chosen is _NOTHING:
        classes = " or ".join(dict.fromkeys(f.problem_class for f in formulations)) or "a structure"
        able = _able(row, formulations) or ["auto"]
        raise UnsupportedProblem(
            f"solver {name}: cannot take {row.name} of {game.name} ({classes}): use --solver {' or '.join(able)}"
        )
    if chosen is None:
        _installed(name)
    else:
        solvers.find(name, chosen.problem_class)
    return (name, *_with_module(chosen))


def _installed(name: str) -> None:
    """Refuse a solver that is not here."""
    row = solvers.SOLVERS[name]
    if row.version() is None:
        raise SolverNotFound(f"solver {name}: not installed: {row.repair}")


def _match(name: str, row: Concept, formulations: tuple[Formulation, ...]) -> Any:
    """Return the first formulation that the solver takes, None where a procedure delegates to it, else _NOTHING."""
    takes = solvers.SOLVERS[name].takes if name in solvers.SOLVERS else frozenset()
    for formulation in formulations:
        if formulation.problem_class in takes:
            return formulation
    return None if name in row.delegates else _NOTHING


def _able(row: Concept, formulations: tuple[Formulation, ...]) -> list[str]:
    """Return the solvers that take the concept."""
    return [name for name in solvers.SOLVERS if name != "exact" and _match(name, row, formulations) is not _NOTHING]


def _with_module(formulation: Formulation | None) -> tuple[Formulation | None, ModuleType | None]:
    return formulation, catalog.model(formulation.model) if formulation else None


def _choose_for_model(row: Concept, game: Any, request: Request, model: str) -> tuple[str, Formulation, ModuleType]:
    """Choose a solver for a model file that was named; a user's own is classified after it is built."""
    if request.solver == "exact":
        raise UnsupportedProblem("solver exact: takes no model file: use --solver auto with --model")
    module = catalog.model(model)
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    known = {f.model: f for f in formulations}
    arguments = (known.get(model) or next(iter(formulations), Formulation(model, ""))).arguments
    accepted = inspect.signature(module.build).parameters
    arguments = {key: value for key, value in arguments.items() if key in accepted}
    found = known[model].problem_class if model in known else problem_class(_build(module, model, game, arguments))
    formulation = Formulation(model, found, arguments)
    if request.solver != "auto":
        solvers.find(request.solver, found)
        return request.solver, formulation, module
    able = [s for s in solvers.capable(found) if s.version() is not None]
    preferred = sorted(able, key=lambda s: row.prefers.index(s.name) if s.name in row.prefers else len(row.prefers))
    if not preferred:
        raise UnsupportedProblem(f"{model}: no installed solver takes a {found}: see `bigopt doctor`")
    return preferred[0].name, formulation, module


def _run_exact(row: Concept, game: Any, request: Request, seconds: dict[str, float]) -> Answer:
    """Run our own algorithm."""
    assert row.solve is not None  # _choose saw to it
    start = time.perf_counter()
    request.progress("solving", None)
    answer = row.solve(game, request)
    seconds["solve"] = time.perf_counter() - start
    seconds.update(answer.seconds)
    return answer


def _run_model(
    game: Any,
    request: Request,
    formulation: Formulation,
    module: ModuleType | None,
    settings: str,
    seconds: dict[str, float],
) -> Answer:
    """Build the model, run the solver, read the point."""
    assert module is not None
    start = time.perf_counter()
    request.progress("building", None)
    model = _build(module, formulation.model, game, formulation.arguments)
    seconds["build"] = time.perf_counter() - start
    request.deadline.check("building the model")
    request.progress("solving", None)
    start = time.perf_counter()
    run = solvers.run(
        request.solver,
        model,
        formulation.problem_class,
        time_limit=request.deadline.remaining,
        options=request.solver_options,
        settings=settings,
        tee=request.tee,
    )
    seconds["solve"] = time.perf_counter() - start
    point = None
    if run.holds in ("optimal", "feasible", "unknown") and run.objective is not None:
        point = _guard(lambda: module.read(model), formulation.model)
    holds = run.holds if point is not None or run.holds == "infeasible" else "noSolution"
    said = {"message": run.message} if run.message else {}
    return Answer(point, run.objective, run.bound, run.stopped, holds, options=dict(run.options) | said)


def _build(module: ModuleType, name: str, game: Any, arguments: Mapping[str, Any]) -> pyo.ConcreteModel:
    return _guard(lambda: module.build(game, **arguments), name)


def _guard(call: Callable[[], Any], name: str) -> Any:
    """Run code of a model file; a user's own may raise anything."""
    try:
        return call()
    except BigoptError:
        raise
    except MemoryError:
        raise LimitReached(f"model {name}: out of memory: use --solver exact or a smaller instance") from None
    except Exception as error:
        text = f"{type(error).__name__}: {catalog.first_line(error)}"
        raise UsageError(f"model {name}: {text}: mend the model file, or give one that fits the game") from error


def _shown_options(request: Request, answer: Answer) -> dict[str, Any]:
    """Return the options to report: what the concept was asked, and what the solver ran with."""
    asked = {key: value for key, value in request.options.items() if value is not None}
    method = {"method": answer.method} if answer.method else {}
    return asked | method | dict(answer.options)


def _model_name(model: str | Path | None, formulation: Formulation | None) -> str | None:
    if formulation is None:
        return None
    return Path(model).name if model is not None else formulation.model
