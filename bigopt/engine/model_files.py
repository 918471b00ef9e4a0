"""Pyomo models in the file formats of other programs, with the names of variables and rows or with short ones."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyomo.environ as pyo


def texts(model: pyo.ConcreteModel, to: str, short_names: bool = False) -> dict[str, bytes]:
    """Return the contents of a model's files by their endings: ".lp", ".mps", or ".nl" with its names beside it.

    An .nl file holds no names: as AMPL does, ".col" lists the variables' and ".row" the constraints' and the
    objective's, one a line in the file's order.
    """
    with tempfile.TemporaryDirectory() as folder:  # pyomo writes piece by piece
        draft = Path(folder) / f"model.{to}"
        if to == "nl":
            return _nl(model, draft, short_names)
        model.write(str(draft), io_options={"symbolic_solver_labels": not short_names})
        text = draft.read_text(encoding="utf-8")
    if to == "lp":
        text = re.sub(r" \^ ?2(?=\s)", "^2", text)  # SCIP reads no blanks there; HiGHS, Gurobi and CPLEX read both
    return {f".{to}": text.encode()}


def _nl(model: pyo.ConcreteModel, draft: Path, short_names: bool) -> dict[str, bytes]:
    """Write an .nl file without comments, which not every reader skips."""
    from pyomo.repn.plugins.nl_writer import NLWriter

    with draft.open("w") as stream:
        written = NLWriter().write(model, stream, symbolic_solver_labels=False, linear_presolve=False)
    found = {".nl": draft.read_bytes()}
    if not short_names:
        found[".col"] = _lines(written.variables)
        found[".row"] = _lines([*written.constraints, *written.objectives])
    return found


def _lines(components: list[pyo.Var | pyo.Constraint]) -> bytes:
    return "".join(f"{component.name}\n" for component in components).encode()
