"""Which solver, which model: decided before anything is built, and refused with the way out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pyomo.environ as pyo

from bigopt import solvers
from bigopt.algebra import library
from bigopt.concepts.concept import Concept, Formulation, Request
from bigopt.engine.classify import problem_class
from bigopt.errors import BigoptError, LimitReached, SolverNotFound, UnsupportedProblem, UsageError, first_line
from bigopt.games import kinds


def refusal(game: Any, concept: str | None, solver: str) -> str:
    """Return why a solver cannot take a concept of this game, "" where it can; nothing is built."""
    row = kinds.concept_of(game, concept)
    own, _ = split_options(row, {})
    try:
        choose(row, game, Request(row.name, solver, own), None)
    except UnsupportedProblem as error:
        return str(error)
    except BigoptError:  # it may take it elsewhere, or with arguments that were not given here
        return ""
    return ""


def split_options(row: Concept, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
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


def need(row: Concept, request: Request) -> None:
    """Refuse a request that lacks what the concept needs."""
    flags = {"player": "--player I", "profile": "--profile FILE", "bob": "--bob NAME"}
    for name in row.needs:
        if getattr(request, name) is None:
            raise UsageError(f"concept {row.name}: {name} is missing, give {flags[name]}")


def choose(
    row: Concept, game: Any, request: Request, model: str | None
) -> tuple[str, Formulation | None, ModuleType | None]:
    """Choose the solver and the formulation (None: our own algorithm), before anything is built."""
    if model is not None:
        return _choose_for_model(row, game, request, model)
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    if request.solver != "auto":
        return _named(row, game, request, formulations)
    if request.solver_options:  # auto may choose any solver: whose option would it be?
        raise _unknown_option(row, request)
    for name in row.prefers:
        if name == "exact":
            if row.solve and row.refuses_exact(game) is None:
                return name, None, None
            continue
        chosen = _match(name, row, formulations)
        if chosen is not _NOTHING and solvers.SOLVERS[name].version() is not None:
            return (name, *_with_module(chosen))
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
            raise _unknown_option(row, request)
        return name, None, None
    chosen = _match(name, row, formulations)
    if chosen is _NOTHING:
        classes = " or ".join(dict.fromkeys(f.problem_class for f in formulations)) or "a structure"
        ours = ["exact"] if row.solve and row.refuses_exact(game) is None else []
        able = ours + _able(row, formulations) or ["auto"]
        raise UnsupportedProblem(
            f"solver {name}: cannot take {row.name} of {game.name} ({classes}): use --solver {' or '.join(able)}"
        )
    if chosen is None:
        _installed(name)
    else:
        solvers.find(name, chosen.problem_class)
    return (name, *_with_module(chosen))


def _unknown_option(row: Concept, request: Request) -> UsageError:
    """Return the error for an option that is not the concept's own."""
    unknown = next(iter(request.solver_options))
    known = ", ".join(option.name for option in row.options) or "none"
    return UsageError(f"option {unknown!s:.40}: not of {row.name} (its own: {known}); a solver's needs --solver NAME")


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
    return formulation, library.model(formulation.model) if formulation else None


def _choose_for_model(row: Concept, game: Any, request: Request, model: str) -> tuple[str, Formulation, ModuleType]:
    """Choose a solver for a model file that was named; a user's own is classified after it is built."""
    if request.solver == "exact":
        raise UnsupportedProblem("solver exact: takes no model file: use --solver auto with --model")
    module = library.model(model)
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    known = {f.model: f for f in formulations}
    arguments = (known.get(model) or next(iter(formulations), Formulation(model, ""))).arguments
    accepted = inspect.signature(module.build).parameters
    arguments = {key: value for key, value in arguments.items() if key in accepted}
    found = known[model].problem_class if model in known else problem_class(build_model(module, model, game, arguments))
    formulation = Formulation(model, found, arguments)
    if request.solver != "auto":
        solvers.find(request.solver, found)
        return request.solver, formulation, module
    able = [s for s in solvers.capable(found) if s.version() is not None]
    preferred = sorted(able, key=lambda s: row.prefers.index(s.name) if s.name in row.prefers else len(row.prefers))
    if not preferred:
        raise UnsupportedProblem(f"{model}: no installed solver takes a {found}: see `bigopt doctor`")
    return preferred[0].name, formulation, module


def build_model(module: ModuleType, name: str, game: Any, arguments: Mapping[str, Any]) -> pyo.ConcreteModel:
    """Build a model file; `name` names it in errors."""
    return guard(lambda: module.build(game, **arguments), name)


def guard(call: Callable[[], Any], name: str) -> Any:
    """Run code of a model file; a user's own may raise anything."""
    try:
        return call()
    except BigoptError:
        raise
    except MemoryError:
        raise LimitReached(f"model {name}: out of memory: use --solver exact or a smaller instance") from None
    except Exception as error:
        text = f"{type(error).__name__}: {first_line(error)}"
        raise UsageError(f"model {name}: {text}: mend the model file, or give one that fits the game") from error
