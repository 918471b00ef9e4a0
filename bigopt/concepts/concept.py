"""The rows that a wing hands to the engine: a kind of game, its solution concepts, and what passes between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from bigopt.concepts.answer import Answer as Answer
from bigopt.concepts.answer import Kept
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.game import BaseGame
from bigopt.concepts.game import Game as Game
from bigopt.concepts.proof import Proof
from bigopt.concepts.solution import Certificate, Solution
from bigopt.display.tables import Table as Table
from bigopt.errors import UnsupportedProblem


def always_true(value: Any) -> bool:
    """Accept every value."""
    return True


def silent(message: str, done: float | None = None) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Request:
    """What was asked of a game, beyond its data.

    Attributes
    ----------
    concept, solver : str
        The concept's name; the solver that must produce the point ("exact" or an adapter's name).
    options : mapping
        The concept's own options, parsed, with defaults filled in.
    solver_options : mapping
        Everything else that was passed by ``--option``: the solver's own.
    deadline : Deadline
    arguments : mapping
        The concept's own arguments by name, None where not given; attributes too (``request.player``).
    progress : callable
        ``progress(message, done)`` with done in [0, 1] or None.
    kept : Kept
        Where a procedure leaves the best answer so far, for the case that a time limit ends it.
    exact : bool or None
        Whether exact values were asked for; None shows those of small games.
    """

    concept: str
    solver: str = "exact"
    options: Mapping[str, Any] = field(default_factory=dict)
    solver_options: Mapping[str, Any] = field(default_factory=dict)
    deadline: Deadline = field(default_factory=Deadline)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    tee: bool = False
    progress: Callable[..., None] = silent
    kept: Kept = field(default_factory=Kept)
    exact: bool | None = None

    def __getattr__(self, name: str) -> Any:
        """Return one of the concept's own arguments, None where it was not given."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.arguments.get(name)


@dataclass(frozen=True)
class Formulation:
    """One way to state a concept as a model file: its name, its problem class, and build's keyword arguments.

    Problem classes: LP, QP, QCP (convex quadratic constraints), MILP, MIQP, NLP. `value`, an increasing function, turns
    the model's objective (and a bound on it) into the concept's, where the model has it in another unit; None where it
    cannot. `suits` has, by solver, options that suit the model better than the solver's settings; a user's own options
    go first.
    """

    model: str
    problem_class: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    value: Callable[[float], float | None] = float
    suits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """An option of a concept, given as ``--option name=value``.

    `choices` are the allowed texts (empty: any); `parse` turns the text into the value and raises ValueError; `default`
    is the value where none is given. `help` says what it is for, in `bigopt list concepts`.
    """

    name: str
    default: Any = None
    choices: tuple[str, ...] = ()
    parse: Callable[[str], Any] = str
    help: str = ""


@dataclass(frozen=True)
class Argument:
    """An argument of a concept beyond its options, as the player in question.

    Attributes
    ----------
    name : str
        As the keyword of `bigopt.solve`; also the attribute of the request.
    flag, metavar : str
        As on the command line, ``--player I``.
    help : str
    accepts : callable
        ``accepts(value)`` says whether a value from Python or an instance file is of the right type.
    expected : str
        What it should have been, for the error.
    parse : callable
        Turns the text on the command line into the value; raises ValueError.
    file : bool
        On the command line it is a JSON file's name, in Python the data.
    """

    name: str
    flag: str
    metavar: str
    help: str
    accepts: Callable[[Any], bool] = always_true
    expected: str = "a value"
    parse: Callable[[str], Any] = str
    file: bool = False


Verify = Callable[[Any, Mapping[str, Any], Request], tuple[dict[str, Any], Certificate]]


def always(game: Game) -> str | None:
    """Say that a concept applies to every game of its kind."""
    return None


@dataclass(frozen=True)
class Concept:
    """One solution concept of a kind.

    Attributes
    ----------
    name, title : str
        As on the command line; one line for people.
    verify : callable
        ``verify(game, point, request) -> (fields, certificate)``: recomputes every field from the game and the
        point alone, in the order in which they are shown, and proves what it can.
    solve : callable or None
        ``solve(game, request) -> Answer``: our own algorithm, the solver `exact`. Where `delegates` names solvers, or
        a class of problems ("LP": all that take it), it also runs with ``request.solver`` set to
        one of them (a procedure that calls a solver in its loop).
    formulations : callable or None
        ``formulations(game, request)``: model files for the other solvers, the preferred first.
    refuses_exact, refuses : callable
        ``refuses(game)`` returns None, or why the concept (or `exact`) does not apply to this game.
    arguments : tuple of Argument
        What may be given beside the options, as `bigopt.concepts.PLAYER`.
    needs : tuple of str
        Names of the arguments that must be given.
    prefers : tuple of str
        Solvers in the order in which `auto` tries them.
    tables : callable or None
        ``tables(game, fields) -> list[Table]`` for people; without it the fields are shown as they are.
    objective : str
        The field that is the objective of the concept's algorithms and model files; "" where none is.
    sense : {"min", "max", ""}
        A bound is never above an objective that is minimized, nor below one that is maximized; "" has no bounds.
    result : type
        The class of its solutions, which annotates their fields.
    exact : bool
        Whether its verifier computes some of the fields as fractions (of others a proof may know some).
    """

    name: str
    title: str
    verify: Verify
    solve: Callable[[Any, Request], Answer] | None = None
    formulations: Callable[[Any, Request], Sequence[Formulation]] | None = None
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()
    needs: tuple[str, ...] = ()
    delegates: tuple[str, ...] = ()
    prefers: tuple[str, ...] = ("exact", "highs", "scip", "ipopt")
    refuses: Callable[[Any], str | None] = always
    refuses_exact: Callable[[Any], str | None] = always
    tables: Callable[[Any, Mapping[str, Any]], list[Table]] | None = None
    objective: str = ""
    sense: str = ""
    result: type[Solution] = Solution
    exact: bool = False

    def request(self, solver: str = "auto", **given: Any) -> Request:
        """Return a request with the concept's defaults, `given` (fields of `Request`) in their place."""
        options = {option.name: option.default for option in self.options} | dict(given.pop("options", {}))
        arguments = {argument.name: None for argument in self.arguments} | dict(given.pop("arguments", {}))
        return Request(self.name, solver, options, arguments=arguments, **given)

    def run(self, game: Game, request: Request) -> Answer:
        """Run the concept's own procedure."""
        if self.solve is None:
            raise UnsupportedProblem(f"concept {self.name}: has no algorithm of our own: use --solver auto")
        return self.solve(game, request)


@dataclass(frozen=True)
class Kind:
    """A kind of game: its row in `bigopt.kinds`.

    Attributes
    ----------
    name : str
    game : type
        The frozen dataclass; has ``from_instance(data, name)``.
    folder : str
        The wing's package, whose ``schema.json`` describes the instance file.
    concepts : tuple of Concept
        The default first; the default of a game is the first that does not refuse it.
    plot : callable or None
        ``plot(game, solution or None, canvas, figsize, width)`` draws on the canvas (axes, a figure, or None: on a
        figure of its own), at a size that was asked for, and returns the matplotlib Figure.
    families : tuple of callable
        Seeded generators for `bigopt generate`: functions named like the family, with keyword-only int, float, str or
        bool parameters that all have defaults (``seed`` among them), returning a game.
    nfg : callable or None
        ``nfg(game)`` returns the game in Gambit's strategic-form text, for finite games.
    provers : mapping
        By concept, ``prover(data, solution)``: the proof of a solution from the instance file's exact numbers.
    sharp : mapping
        By concept, ``prover(data, solution, epsilon)``: a proof that no regret exceeds a fraction epsilon.
    values : mapping
        By concept, a quicker prover of the numbers that people are shown; default: the concept's prover.
    without_rule : mapping
        By concept, ``why(data)``: why an instance has no rule, or None; asked before anything is solved.
    programs : mapping
        By concept, ``program(data, proof or None, solution)``: its linear program in fractions, and the evidence that
        the proof holds (None: to be found).
    slow_proofs : bool
        Whether provers go through all choices: what only they know exactly is shown when it is asked for.
    importer : callable or None
        ``importer(columns, name, **flags) -> (game, notes)`` makes a game of a table's columns
        (`bigopt.arithmetic.columns`), and says in lines what it did with odd cells. Flags are keyword-only int, float,
        str or bool parameters that all have defaults.
    constructions : mapping
        By flag, what makes a game of several tables: the columns of each, then as `importer`.
    breakpoints : callable or None
        ``breakpoints(game, path, low, high)``: the fractions at which the default concept's answer bends as the number
        at a path moves.
    """

    name: str
    game: type[Any]
    folder: str
    concepts: tuple[Concept, ...]
    plot: Callable[..., Any] | None = None
    families: tuple[Callable[..., Any], ...] = ()
    nfg: Callable[[Any], str] | None = None
    provers: Mapping[str, Callable[[Mapping[str, Any], Solution], Proof]] = field(default_factory=dict)
    sharp: Mapping[str, Callable[[Mapping[str, Any], Solution, Fraction], Proof]] = field(default_factory=dict)
    values: Mapping[str, Callable[[Mapping[str, Any], Solution], Proof]] = field(default_factory=dict)
    without_rule: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = field(default_factory=dict)
    programs: Mapping[str, Callable[..., tuple[Any, Any]]] = field(default_factory=dict)
    slow_proofs: bool = False
    importer: Callable[..., tuple[Any, list[str]]] | None = None
    constructions: Mapping[str, Callable[..., tuple[Any, list[str]]]] = field(default_factory=dict)
    breakpoints: Callable[[Any, Sequence[str | int], float, float], Sequence[Any]] | None = None

    def __post_init__(self) -> None:
        """Tell the game's class how it is drawn: a wing's game does not know its pictures."""
        if self.plot is not None and isinstance(self.game, type) and issubclass(self.game, BaseGame):
            self.game._draw = staticmethod(self.plot)
