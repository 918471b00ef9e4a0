"""What a solver is to bigopt: a row of the table, and what a run of it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bigopt.concepts.solution import SOLVED as SOLVED
from bigopt.errors import UnsupportedProblem, UsageError

Options = Mapping[str, Any]
NO_POINT = ("provenInfeasible", "locallyInfeasible", "unbounded", "infeasibleOrUnbounded", "error")  # nothing is loaded


@dataclass(frozen=True)
class Run:
    """What a solver said about a model; nobody has believed it yet.

    Attributes
    ----------
    stopped, holds : str
        Names of Pyomo's `TerminationCondition` and `SolutionStatus`. ``holds == "noSolution"`` means that nothing
        was loaded into the model.
    objective : float or None
        The model's objective at the loaded point, recomputed from the point.
    bound : float or None
        The solver's bound on the optimum: from below for a minimization, from above for a maximization.
    options : mapping
        Every option that was passed to the solver, defaults of bigopt included.
    seconds : float
        Wall clock of the run: translation, solution and loading.
    message : str
        What the solver said, where it failed; empty otherwise.
    """

    stopped: str
    holds: str = "noSolution"
    objective: float | None = None
    bound: float | None = None
    options: Options = field(default_factory=dict)
    seconds: float = 0.0
    message: str = ""


class Adapter(Protocol):
    """The function that brings a Pyomo model to a solver and its point back."""

    def __call__(self, model: Any, options: Options, time_limit: float | None, tee: bool) -> Run:
        """Solve `model` and load the point into it."""
        ...


@dataclass(frozen=True)
class Solver:
    """A row of the table of solvers.

    Attributes
    ----------
    name, title : str
        As on the command line; one line for people.
    takes : frozenset of str
        Problem classes: LP, QP, QCP, MILP, MIQP, NLP, or "structure" for our own algorithms.
    repair : str
        The exact command that installs it.
    version : callable
        ``version()`` returns the installed version, or None where it is not installed.
    run : callable or None
        The adapter (see `Adapter`); None for `exact`, which the wings implement.
    settings : mapping
        Named sets of options; "default" and "high-accuracy" always exist.
    limits : mapping
        The solver's own option names for "time", "gap", "tolerance" and "threads".
    """

    name: str
    title: str
    takes: frozenset[str]
    repair: str
    version: Callable[[], str | None]
    run: Adapter | None = None
    settings: Mapping[str, Options] = field(default_factory=lambda: {"default": {}, "high-accuracy": {}})
    limits: Mapping[str, str] = field(default_factory=dict)


def parse(value: Any) -> Any:
    """Read an option that came as text: a truth value, an integer, a float, or the text itself."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def bad_option(solver: str, name: str, value: Any = None, known: bool = False) -> UsageError:
    """Return the error for an option that `solver` does not have, or whose value it refuses."""
    if known:
        return UsageError(f"option {name}={value}: {solver} refuses this value; see its documentation for the range")
    return UsageError(f"option {name}: {solver} has no such option; check the spelling in its documentation")


def cannot_take(solver: str, problem_class: str, capable: str) -> UnsupportedProblem:
    """Return the error for a problem class that `solver` does not take."""
    return UnsupportedProblem(f"{solver} does not take {problem_class} problems; use --solver with one of: {capable}")
