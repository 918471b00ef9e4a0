"""The report of a comparison: ``report.html``, ``report.md`` and ``figures/``, from its rows alone."""

from __future__ import annotations

from pathlib import Path

from bigopt.compare import rows
from bigopt.errors import InstanceError, UsageError
from bigopt.files.writing import write_text
from bigopt.report.figures import draw
from bigopt.report.guide import guide
from bigopt.report.measures import Measures
from bigopt.report.page import page
from bigopt.report.text import markdown


def write_report(folder: str | Path, solvers_guide: str | Path | None = None) -> list[Path]:
    """Write the report of the comparison in `folder` beside its rows.

    Parameters
    ----------
    folder : path
        The --out folder of `bigopt compare`.
    solvers_guide : path, optional
        Also write the guide of which solver fails where to this file.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InstanceError, UsageError
        No rows; a folder that cannot be written.
    """
    folder = Path(folder)
    found = rows.read(folder)
    if not found:
        raise InstanceError(f"{folder / rows.NAME}: has no rows: run `bigopt compare ... --out {folder}` first")
    measures = Measures(found)
    try:
        (folder / "figures").mkdir(exist_ok=True)
        pictures = draw(measures, folder / "figures")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}: copy the folder to where files can be written") from None
    written = [
        write_text(folder / "report.html", page(measures, pictures)),
        write_text(folder / "report.md", markdown(measures, pictures)),
    ]
    if solvers_guide is not None:
        written.append(write_text(solvers_guide, guide(measures)))
    return written + [file for picture in pictures for file in picture.files]
