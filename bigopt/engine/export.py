"""Models and games in the formats of other programs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bigopt.engine.solve import build
from bigopt.errors import UsageError, first_line
from bigopt.files.text import write_text
from bigopt.games import kinds

FORMATS = ("lp", "mps", "nl")


def export(game: Any, to: str, model: str | None = None, path: Path | None = None) -> Path:
    """Write a game's model (lp, mps, nl) or the game itself (nfg) to a file and return its path.

    Parameters
    ----------
    model : str, optional
        A model's name or file; default: the first formulation of the first concept that has one.
    path : Path, optional
        Default: the game's name with the format's ending, in the current folder.

    Raises
    ------
    UsageError
        An unknown format, a model that does not fit, a kind without that format.
    """
    if to not in (*FORMATS, "nfg"):
        raise UsageError(f"format {to[:20]!r}, expected one of {', '.join((*FORMATS, 'nfg'))}")
    target = path or Path(f"{Path(game.name).name}.{to}")
    if to == "nfg":
        row = kinds.kind_of(game)
        if row.nfg is None:
            raise UsageError(f"nfg: {row.name} is not a finite game, expected one of kind subsets")
        return write_text(target, row.nfg(game))
    if not target.parent.is_dir():
        raise UsageError(f"{target}: no such folder: choose another file with -o")
    name, arguments = _model_of(game, model)
    algebra = build(name, game, **arguments)
    with tempfile.TemporaryDirectory() as folder:  # pyomo writes piece by piece
        draft = Path(folder) / f"model.{to}"
        try:
            algebra.write(str(draft))  # the ending says the format
        except Exception as error:  # the writers raise many types, as for nonlinear terms in an lp file
            text = first_line(error)
            raise UsageError(f"model {name}: cannot be written as {to} ({text}): use --to nl") from None
        return write_text(target, draft.read_text(encoding="utf-8"))


def _model_of(game: Any, model: str | None) -> tuple[str, dict[str, Any]]:
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
