"""What a solver is to bigopt: a row of the table, and what a run of it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

from bigopt.concepts.solution import SOLVED as SOLVED
from bigopt.errors import UnsupportedProblem, UsageError, first_line, parts_like

Options = Mapping[str, Any]
BROKEN = "broken"  # the version of a package that is installed and cannot be imported
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


def whole(problem_class: str) -> str:
    """Say that an installed solver lacks nothing."""
    return ""


def _guarded(version: Callable[[], str | None]) -> Callable[[], str | None]:
    """Return a `version` that says `BROKEN` of a package that is installed and fails when it is imported."""

    @wraps(version)
    def guarded() -> str | None:
        try:
            return version()
        except Exception:  # a damaged package may raise anything
            return BROKEN

    return guarded


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
        ``version()`` returns the installed version, None where it is not installed, `BROKEN` where it raises.
    run : callable or None
        The adapter (see `Adapter`); None for `exact`, which the wings implement.
    settings : mapping
        Named sets of options; "default" and "high-accuracy" always exist.
    limits : mapping
        The solver's own option names for "time", "gap", "tolerance" and "threads".
    lacks : callable
        ``lacks(problem_class)`` says in one line what an installed build lacks for a class, and what repairs it.
    remark : str
        Whole sentences for the guide to solvers: which of our problems are too large for it or go wrong, and why.
    """

    name: str
    title: str
    takes: frozenset[str]
    repair: str
    version: Callable[[], str | None]
    run: Adapter | None = None
    settings: Mapping[str, Options] = field(default_factory=lambda: {"default": {}, "high-accuracy": {}})
    limits: Mapping[str, str] = field(default_factory=dict)
    lacks: Callable[[str], str] = whole
    remark: str = ""

    def __post_init__(self) -> None:
        """Guard `version` against damaged packages."""
        object.__setattr__(self, "version", _guarded(self.version))

    def fault(self, problem_class: str = "") -> str:
        """Return why it fails on a class of problem although it is installed, "" where nothing is known against it."""
        found = self.version()
        if found != BROKEN:
            return self.lacks(problem_class) if problem_class and found is not None else ""
        try:
            self.version.__wrapped__()  # type: ignore[attr-defined]
        except Exception as error:
            return f"installed but broken ({type(error).__name__}: {first_line(error)[:100]}); run: {self.repair}"
        return ""


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


def bad_option(solver: str, name: str, value: Any = None, known: bool = False, names: Iterable[str] = ()) -> UsageError:
    """Return the error for an option that `solver` does not have, or whose value it refuses.

    `names` are the solver's own, as far as it tells them: the message says which was perhaps meant.
    """
    if known:
        return UsageError(f"option {name}={value}: {solver} refuses this value; see its documentation for the range")
    meant = parts_like(name, names) or "; check the spelling in its documentation"
    return UsageError(f"option {name}: {solver} has no such option{meant}")


def bad_keyword(solver: str, given: Options, error: Exception, names: Iterable[str] = ()) -> UsageError:
    """Return the error for the keyword that a solver's own call complained of."""
    return bad_option(solver, next((key for key in given if key in str(error)), next(iter(given))), names=names)


def public(settings: Any) -> list[str]:
    """Return the names of the options that a settings object holds."""
    return [name for name in dir(settings) if not name.startswith("_")]


def cannot_take(solver: str, problem_class: str, capable: str) -> UnsupportedProblem:
    """Return the error for a problem class that `solver` does not take."""
    return UnsupportedProblem(f"{solver} does not take {problem_class} problems; use --solver with one of: {capable}")
