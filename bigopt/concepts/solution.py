"""What was found, how, and what proves it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bigopt.concepts.certificate import CONVINCING, EXIT_OF, GRADES, LIMIT, SOLVED, Certificate, Check, limited
from bigopt.concepts.exact import texts
from bigopt.concepts.fields import axes_of, by_name, declare
from bigopt.concepts.game import Game
from bigopt.concepts.report import report
from bigopt.display.frames import frame, tidy
from bigopt.display.tables import as_html, as_text, short
from bigopt.errors import UsageError, printable

NOTHING, VERIFIER, EVERYTHING = "nothing", "verifier", "everything"  # of the exact values, to be shown

__all__ = [
    "CONVINCING",
    "EVERYTHING",
    "EXIT_OF",
    "GRADES",
    "LIMIT",
    "NOTHING",
    "SOLVED",
    "VERIFIER",
    "Certificate",
    "Check",
    "Outcome",
    "Solution",
    "SolverRecord",
    "compact",
    "limited",
    "plain",
]


@dataclass(frozen=True)
class SolverRecord:
    """Which code produced the point."""

    name: str
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a run said: Pyomo's TerminationCondition and SolutionStatus names, the objective, and a bound on it."""

    stopped: str
    holds: str
    objective: float | None
    bound: float | None


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """The answer to one concept on one instance; its `fields` are attributes too (``solution.receiver``).

    Each concept has a class of its own, which annotates its fields (see `bigopt.concepts.fields`). Where a field is
    called like something of the run, as `holds`, the attribute is the field, and the run's is in `outcome`.

    Attributes
    ----------
    instance, kind, concept : str
        The game's name and kind, and what was asked of it.
    solver : SolverRecord
        Name, version and options.
    model : str or None
        The model file; None for a procedure of ours.
    stopped, holds : str
        Why it stopped, and what holds of the point, in Pyomo's words.
    objective, bound : float or None
        Recomputed from the point, and a bound on it, in the concept's unit; None where there is none.
    fields : mapping
        The concept's own, from its verifier.
    certificate : Certificate
        All checks.
    seconds : mapping
        Wall clock of `build`, `solve` and `verify`.
    game : Game or None
        What was solved.
    draw, tables : callable or None
        Serve pictures and reports.
    fractions : mapping
        The fields that the verifier computed as fractions.
    exactly : callable or None
        Finds all that `exact` holds.
    shows_exact : str
        Which of these are shown and written.
    """

    instance: str
    kind: str
    concept: str
    solver: SolverRecord
    model: str | None
    stopped: str
    holds: str
    objective: float | None
    bound: float | None
    fields: Mapping[str, Any]
    certificate: Certificate
    seconds: Mapping[str, float]
    game: Game | None = None
    draw: Callable[..., Any] | None = None
    tables: Callable[[Any, Mapping[str, Any]], Sequence[Any]] | None = None
    fractions: Mapping[str, Any] = field(default_factory=dict)
    exactly: Callable[[Solution], dict[str, Any]] | None = None
    shows_exact: str = NOTHING

    def __init_subclass__(cls) -> None:
        """Make every annotation of a concept's class an attribute that looks into the fields."""
        declare(cls)

    def __getattr__(self, name: str) -> Any:
        """Look `name` up among the solution's fields."""
        fields = self.__dict__.get("fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(f"{name!r}: this solution has {', '.join(fields) or 'no fields'}")

    def __dir__(self) -> list[str]:
        """List the fields too, for completion."""
        return sorted({*super().__dir__(), *self.fields})

    def __repr__(self) -> str:
        """Return one line: what was asked of which game, and how it ended."""
        state = "verified" if self.certificate.verified else "not verified"
        said = self.outcome
        value = f", objective {short(float(said.objective))}" if said.objective is not None else ""
        asked = f"{self.concept} of {self.instance} by {self.solver.name}"
        return printable(f"<{type(self).__name__} {asked}: {said.holds}, {state}{value}>")

    def __str__(self) -> str:
        """Return what the command line shows."""
        return as_text(report(self))

    def _repr_html_(self) -> str:
        """Show the same tables in a notebook."""
        return as_html(report(self))

    def __eq__(self, other: object) -> bool:
        """Compare everything but the seconds that it took."""
        if not isinstance(other, Solution):
            return NotImplemented
        one, two = ({**solution.to_dict(), "seconds": None} for solution in (self, other))
        return one == two and bool(self.game == other.game)

    def __hash__(self) -> int:
        """Hash what is always hashable."""
        return hash((self.instance, self.kind, self.concept, self.solver.name, *astuple(self.outcome)[:2]))

    @property
    def outcome(self) -> Outcome:
        """What the run said, whatever the concept's fields are called."""
        own = self.__dict__
        return Outcome(own["stopped"], own["holds"], own["objective"], own["bound"])

    @cached_property
    def exact(self) -> dict[str, Any]:
        """The fields that are known as fractions, by name: `Fraction`s, and lists of them; found when first asked for.

        Of small games a matter of moments; of large ones it may take longer than the solve.
        """
        return self.exactly(self) if self.exactly is not None else dict(self.fractions)

    @property
    def shown_exact(self) -> dict[str, Any]:
        """What of `exact` belongs to what is shown and written."""
        if self.shows_exact == EVERYTHING:
            return self.exact
        return dict(self.fractions) if self.shows_exact == VERIFIER and self.certificate.verified else {}

    @property
    def solved(self) -> bool:
        """Whether the solver finished and the certificate passed. A time limit is never success."""
        return self.outcome.stopped == SOLVED and self.certificate.verified

    @property
    def exit_code(self) -> int:
        """0 solved and verified, 1 a check failed, 3 infeasible or unbounded, 4 a limit was hit."""
        return EXIT_OF.get(self.outcome.stopped, 0 if self.solved else 1)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data, in the order in which it is shown."""
        return {
            "instance": self.instance,
            "kind": self.kind,
            "concept": self.concept,
            "solver": {"name": self.solver.name, "version": self.solver.version, "options": plain(self.solver.options)},
            "model": self.model,
            **plain(asdict(self.outcome)),
            "solution": plain(self.fields),
            **({"exact": texts(shown)} if (shown := self.shown_exact) else {}),
            "certificate": plain(self.certificate.to_dict()),
            "seconds": plain(self.seconds),
        }

    def to_json(self, indent: int | None = None) -> str:
        """Return JSON text; infinities and NaN become null.

        Parameters
        ----------
        indent : int, optional
            Spaces a level; default: one line.
        """
        separators = (",", ":") if indent is None else None
        return json.dumps(self.to_dict(), indent=indent, separators=separators, allow_nan=False)

    def columns(self) -> dict[str, list[Any]]:
        """Return the fields as a tidy table: ``field``, an index an axis (a name where the game has one), ``value``.

        Where values are numbers of policies, actions, items or Bobs that have names, a last column ``name`` has these.
        """
        axes: Mapping[str, Sequence[Any]] = getattr(self.game, "axes", dict)()
        return tidy(self.fields, axes_of(type(self), axes), by_name(type(self), self.fields, axes))

    def to_frame(self) -> Any:
        """Return the fields as a tidy frame, a row an entry: of pandas, else of polars or pyarrow.

        Raises
        ------
        UsageError
            None of them is installed.
        """
        return frame(self.columns())

    def plot(
        self,
        path: str | Path | None = None,
        figsize: tuple[float, float] | None = None,
        ax: Any = None,
        width: str | None = None,
    ) -> Any:
        """Return a matplotlib Figure of the game with this solution; write it only where a `path` is given.

        Parameters
        ----------
        path : str or Path, optional
            Where to write too (.png, .svg or .pdf).
        figsize : (float, float), optional
            Inches, width and height; default the picture's own.
        ax : matplotlib Axes, Figure or SubFigure, optional
            Where to draw; default a new figure.
        width : {"column", "text"}, optional
            For a paper: 3.4 or 6.9 inches wide.

        Raises
        ------
        UsageError
            This solution was not made by `bigopt.solve`, holds no answer, or the file cannot be written.
        """
        if self.draw is None:
            raise UsageError("plot: this solution was not made by bigopt.solve: use bigopt.plot(game, path, solution)")
        return self.draw(self, path, figsize=figsize, ax=ax, width=width)


def plain(value: Any) -> Any:
    """Return `value` as JSON data: arrays to lists, fractions to floats, infinities and NaN to None."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def compact(value: Any) -> str:
    """Return `value` as JSON text in one line."""
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False, default=str)
