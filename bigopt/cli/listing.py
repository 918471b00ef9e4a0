"""What `bigopt list` shows: columns and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bigopt.errors import BigoptError, UsageError, close_to

if TYPE_CHECKING:
    from bigopt.concepts.concept import Option

LARGEST_COUNTED = 100_000  # numbers of an instance whose model is built only to be counted
Listing = tuple[Sequence[str], Sequence[Sequence[Any]]]


def instances() -> Listing:
    """Every stored instance: name, kind, status, class of its natural concept, concepts with expected answers, game."""
    from bigopt.engine.classify import concept_class
    from bigopt.files import instance
    from bigopt.files import library as stored

    rows: list[Sequence[Any]] = []
    for name in stored.instances():
        try:
            read = instance.read(stored.instance(name))
        except BigoptError as error:
            rows.append((name, "", "broken", "", "", str(error)))
            continue
        found = concept_class(read.game)
        rows.append((name, read.game.kind, read.status, found, " ".join(read.expected), read.game.describe()))
    return ("instance", "kind", "status", "class", "expected", "game"), rows


def models() -> Listing:
    """Every model of the library with the first line of its docstring."""
    from bigopt.algebra import library

    rows = [(name, (library.model(name).__doc__ or "").strip().split("\n")[0]) for name in library.models()]
    return ("model", "what it states"), rows


def solver_rows() -> Listing:
    """Every solver: version here, the classes it takes, its settings, and what installs it."""
    from bigopt import solvers

    rows = []
    for name, row in solvers.SOLVERS.items():
        version = "built in" if name == "exact" else row.version() or "not installed"
        rows.append((name, version, " ".join(sorted(row.takes)), " ".join(row.settings), row.repair))
    return ("solver", "version", "takes", "settings", "comes by"), rows


def concepts() -> Listing:
    """Every concept of every kind, the default first, with its options."""
    from bigopt.games import kinds

    rows = []
    for kind in kinds.KINDS.values():
        for concept in kind.concepts:
            options = "; ".join(_option(option) for option in concept.options)
            rows.append((kind.name, concept.name, concept.title, options, " ".join(f"--{n}" for n in concept.needs)))
    return ("kind", "concept", "what it finds", "options", "needs"), rows


def _option(option: Option) -> str:
    """Return an option with its default or its choices, and what it is for."""
    told = f" ({option.help})" if option.help else ""
    return f"{option.name}={'|'.join(option.choices) or option.default}{told}"


def families() -> Listing:
    """Every seeded family with its flags."""
    from bigopt.files.generate import families as all_families
    from bigopt.files.generate import usage

    rows = [(name, (make.__doc__ or "").strip().split("\n")[0], usage(name)) for name, make in all_families().items()]
    return ("family", "what it makes", "flags"), rows


def figures() -> Listing:
    """Every figure of the papers that can be redrawn."""
    from bigopt.reproduce import FIGURES

    return ("figure", "drawn by"), [(name, place) for name, place in FIGURES.items()]


def select(columns: Sequence[str], rows: Sequence[Sequence[Any]], wanted: Mapping[str, str | None]) -> list[Any]:
    """Return the rows whose columns have the wanted values; None asks for nothing.

    Raises
    ------
    UsageError
        There is no such column here, or no row has that value.
    """
    found = list(rows)
    for name, value in wanted.items():
        if value is None:
            continue
        if name not in columns:
            raise UsageError(f"--{name}: this list has no such column{close_to(name, columns)}")
        here = columns.index(name)
        known = sorted({str(row[here]) for row in rows})
        if value not in known:
            raise UsageError(f"--{name} {value[:40]}: none has it{close_to(value, filter(None, known))}")
        found = [row for row in found if row[here] == value]
    return found


def with_sizes(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Listing:
    """Add the variables and constraints of each instance's own model, which is built; huge ones are not counted."""
    from bigopt.engine.classify import concept_size
    from bigopt.engine.exact import count
    from bigopt.files import instance
    from bigopt.files import library as stored

    if columns[0] != "instance":
        raise UsageError("--sizes: expected `bigopt list instances --sizes`")
    found: list[Sequence[Any]] = []
    for row in rows:
        size = None
        if row[2] != "broken":
            game = instance.load(stored.instance(row[0]))
            size = concept_size(game) if count(game.to_instance()) <= LARGEST_COUNTED else None
        found.append((*row, *(("-", "-") if size is None else size)))
    return (*columns, "variables", "constraints"), found


LISTINGS = {
    "instances": instances,
    "models": models,
    "solvers": solver_rows,
    "concepts": concepts,
    "families": families,
    "figures": figures,
}
