"""Which solver, which model: decided before anything is built, and refused with the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bigopt import solvers
from bigopt.concepts.concept import Concept, Formulation, Game, Kind, Request
from bigopt.errors import BigoptError, SolverBroken, SolverNotFound, UnsupportedProblem, UsageError, close_to
from bigopt.games import kinds

OURS = "exact"  # our own algorithms, which take no model


def refusal(game: Game, concept: str | None, solver: str) -> str:
    """Return why a solver cannot take a concept of this game, "" where it can; nothing is built."""
    row = kinds.concept_of(game, concept)
    try:
        choose(row, game, row.request(solver))
    except UnsupportedProblem as error:
        return str(error)
    except BigoptError:  # it may take it elsewhere, or with arguments that were not given here
        return ""
    return ""


def split_option(name: str, parse: Callable[[str], Any], given: Mapping[str, Any]) -> tuple[Any | None, dict[str, Any]]:
    """Part an option that all concepts share from the others; None where it is not given."""
    rest = dict(given)
    if name not in rest:
        return None, rest
    value = rest.pop(name)
    try:
        return parse(str(value)), rest
    except (ValueError, ArithmeticError) as error:
        raise UsageError(f"option {name}={value!s:.40}: {error}") from None


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
            raise UsageError(f"option {name}={text:.40}{close_to(text, option.choices)}")
        try:
            own[name] = option.parse(text)
        except (ValueError, ArithmeticError) as error:
            raise UsageError(f"option {name}={value!s:.40}: {error}: see `bigopt list concepts`") from None
    return own, rest


@dataclass(frozen=True)
class Route:
    """How a point will be produced: by whom, and from which formulation (None: by a procedure of the concept's own)."""

    solver: str
    formulation: Formulation | None = None


def choose(row: Concept, game: Game, request: Request) -> Route:
    """Choose the solver and the formulation of a concept, before anything is built.

    Raises
    ------
    UsageError, UnsupportedProblem, SolverNotFound
        With the solvers that can take it.
    """
    formulations = tuple(row.formulations(game, request)) if row.formulations else ()
    if request.solver != "auto":
        return _named(row, game, request, formulations)
    if request.solver_options:  # auto may choose any solver: whose option would it be?
        raise _unknown_option(row, request)
    for name in row.prefers:
        route = route_of(name, row, game, formulations)
        if route is not None and _works(name, route.formulation.problem_class if route.formulation else ""):
            return route
    raise UnsupportedProblem(f"concept {row.name} of {game.name}: no installed solver takes it: see `bigopt doctor`")


def _works(name: str, problem_class: str) -> bool:
    """Whether a solver is installed, and nothing is known against it for this class."""
    row = solvers.SOLVERS[name]
    return row.version() is not None and not row.fault(problem_class)


def load_solvers(kind: Kind, concept: str | None, solver: str) -> None:
    """Import the packages that a solve will need, as far as names tell: no time limit should interrupt that."""
    for row in kind.concepts:
        if concept in (None, row.name):
            named = row.prefers if solver == "auto" else (solver,)
            known = (solvers.SOLVERS[name] for name in named if name in solvers.SOLVERS)
            next((found for found in known if found.version() is not None), None)  # asked its version, it is imported
            break


def passed_over(names: Sequence[str], chosen: str, problem_class: str) -> str:
    """Say which installed solvers `auto` would have preferred to the chosen one, and why it could not; "" if none."""
    before = names[: names.index(chosen)] if chosen in names else names
    rows = [solvers.SOLVERS[name] for name in before if name in solvers.SOLVERS]
    faults = [f"{row.name} {row.fault(problem_class)}" for row in rows if problem_class in row.takes]
    return "; ".join(fault for fault in faults if not fault.endswith(" "))


def route_of(name: str, row: Concept, game: Game, formulations: Sequence[Formulation]) -> Route | None:
    """Return how a solver takes a concept, installed or not; None where it cannot."""
    if name == OURS:
        return Route(name) if row.solve and row.refuses_exact(game) is None else None
    takes = solvers.SOLVERS[name].takes if name in solvers.SOLVERS else frozenset()
    for formulation in formulations:
        if formulation.problem_class in takes:
            return Route(name, formulation)
    return Route(name) if name in row.delegates or takes & set(row.delegates) else None


def able(row: Concept, game: Game, formulations: Sequence[Formulation]) -> list[str]:
    """Return the names of the solvers that take the concept."""
    return [name for name in solvers.SOLVERS if route_of(name, row, game, formulations) is not None]


def _named(row: Concept, game: Game, request: Request, formulations: tuple[Formulation, ...]) -> Route:
    """Take the solver that was named, or refuse it with the ones that can."""
    name = request.solver
    if name.endswith(".py"):
        name = solvers.adopt(Path(name))
    if name not in solvers.SOLVERS:
        raise UsageError(f"{name[:40]!r} is not a solver{close_to(name, ['auto', *solvers.SOLVERS])}")
    route = route_of(name, row, game, formulations)
    if route is None:
        raise UnsupportedProblem(_refusal(name, row, game, formulations))
    if name == OURS and request.solver_options:
        raise _unknown_option(row, request)
    if route.formulation is None:
        _installed(name)
    else:
        solvers.find(name, route.formulation.problem_class)
    return route


def _refusal(name: str, row: Concept, game: Game, formulations: tuple[Formulation, ...]) -> str:
    """Say why a solver cannot take a concept, and which ones can."""
    others = " or ".join(able(row, game, formulations)) or "auto"
    if name == OURS:
        reason = row.refuses_exact(game) if row.solve else "has no algorithm of our own"
        return f"solver {name}: concept {row.name} {reason}: use --solver {others}"
    classes = " or ".join(dict.fromkeys(f.problem_class for f in formulations)) or "a structure"
    return f"solver {name}: cannot take {row.name} of {game.name} ({classes}): use --solver {others}"


def _unknown_option(row: Concept, request: Request) -> UsageError:
    """Return the error for an option that is not the concept's own."""
    unknown = next(iter(request.solver_options))
    names = [option.name for option in row.options]
    meant = close_to(str(unknown), names)
    if "did you mean" in meant:
        return UsageError(f"option {unknown!s:.40}: not of {row.name}{meant}")
    known = ", ".join(names) or "none"
    return UsageError(f"option {unknown!s:.40}: not of {row.name} (its own: {known}); a solver's needs --solver NAME")


def _installed(name: str) -> None:
    """Refuse a solver that is not here."""
    row = solvers.SOLVERS[name]
    if row.version() is None:
        raise SolverNotFound(f"solver {name}: not installed: {row.repair}")
    if fault := row.fault():
        raise SolverBroken(f"solver {name}: {fault}")


def choose_solver(row: Concept, solver: str, found: str) -> str:
    """Choose a solver for a model of the problem class `found`: the named one, or the concept's preferred.

    Raises
    ------
    UnsupportedProblem, SolverNotFound
        None takes it, or the one that was named does not.
    """
    if solver == OURS:
        raise UnsupportedProblem(f"solver {OURS}: takes no model file: use --solver auto with --model")
    if solver.endswith(".py"):
        solver = solvers.adopt(Path(solver))
    if solver != "auto":
        return solvers.find(solver, found).name
    here = [s for s in solvers.capable(found) if _works(s.name, found)]
    preferred = sorted(here, key=lambda s: row.prefers.index(s.name) if s.name in row.prefers else len(row.prefers))
    if not preferred:
        raise UnsupportedProblem(f"the model: no installed solver takes a {found}: see `bigopt doctor`")
    return preferred[0].name
