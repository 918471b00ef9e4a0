"""Models and games in the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bigopt.concepts.concept import Game
from bigopt.concepts.deadline import Deadline
from bigopt.engine.model_files import texts
from bigopt.engine.solve import build
from bigopt.errors import LimitReached, UsageError, close_to, first_line
from bigopt.files.writing import file_name, write_bytes, write_text
from bigopt.games import kinds

FORMATS = ("lp", "mps", "nl")


def export(
    game: Game,
    to: str,
    model: str | None = None,
    path: Path | None = None,
    short_names: bool = False,
    deadline: Deadline | None = None,
) -> Path:
    """Write a game's model (lp, mps, nl) or the game itself (nfg) to a file and return its path.

    Parameters
    ----------
    model : str, optional
        A model's name or file; default: the first formulation of the first concept that has one.
    path : Path, optional
        Default: the game's name with the format's ending, in the current folder. Beside an .nl file the names of its
        columns and rows are written (.col, .row), if it is a regular file.
    short_names : bool
        Numbered names instead of those of the model's variables and constraints, and none beside an .nl file.

    Raises
    ------
    UsageError
        An unknown format, a model that does not fit, a kind without that format.
    LimitReached
        Before anything was written.
    """
    deadline = deadline or Deadline()
    if to not in (*FORMATS, "nfg"):
        raise UsageError(f"format {to[:20]!r}{close_to(to, (*FORMATS, 'nfg'))}")
    target = path or file_name(game.name, f".{to}")
    if to == "nfg":
        if model is not None or short_names:
            raise UsageError("nfg: the game itself has no model and no rows: leave --model and --short-names")
        row = kinds.kind_of(game)
        if row.nfg is None:
            raise UsageError(f"nfg: {row.name} is not a finite game, expected one of kind subsets")
        with deadline.interrupting("writing the game"):
            text = row.nfg(game)
        return write_text(target, text)
    if not target.parent.is_dir():
        raise UsageError(f"{target}: no such folder: choose another file with -o")
    name, arguments = _model_of(game, model)
    with deadline.interrupting("building the model"):
        algebra = build(name, game, **arguments)
    try:
        with deadline.interrupting("writing the model"):
            found = texts(algebra, to, short_names)
    except LimitReached:
        raise
    except Exception as error:  # the writers raise many types, as for nonlinear terms in an lp file
        text = first_line(error)
        raise UsageError(f"model {name}: cannot be written as {to} ({text}): use --to nl") from None
    write_bytes(target, found.pop(f".{to}"))
    if target.is_file():
        for ending, content in found.items():
            write_bytes(target.with_suffix(ending), content)
    return target


def _model_of(game: Game, model: str | None) -> tuple[str, dict[str, Any]]:
    """Return the model's name and the arguments with which the game's concepts build it."""
    first = None
    for concept in kinds.kind_of(game).concepts:
        if concept.refuses(game) is not None or concept.formulations is None or concept.needs:
            continue
        for formulation in concept.formulations(game, concept.request()):
            first = first or formulation
            if formulation.model == model:
                return formulation.model, dict(formulation.arguments)
    if model is not None:
        return model, {}
    if first is None:
        raise UsageError(f"{game.name}: no concept of this game has a model file: see `bigopt list models`")
    return first.model, dict(first.arguments)
