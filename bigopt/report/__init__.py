"""The report of a comparison: ``report.html``, ``report.md`` and ``figures/``, from its rows alone."""

from __future__ import annotations

from pathlib import Path

from bigopt.compare import record, rows
from bigopt.errors import InstanceError, UsageError
from bigopt.files.writing import write_text
from bigopt.report.against import Against, against
from bigopt.report.figures import draw
from bigopt.report.guide import guide
from bigopt.report.measures import Measures
from bigopt.report.page import page
from bigopt.report.text import markdown


def read_measures(folder: str | Path) -> Measures:
    """Return what the rows and the record of the comparison in `folder` say.

    Raises
    ------
    InstanceError
        There are no rows, or none of a comparison.
    """
    folder = Path(folder)
    found = rows.read(folder)
    if not found:
        raise InstanceError(f"{folder / rows.NAME}: has no rows: run `bigopt compare ... --out {folder}` first")
    return Measures(found, record.read(folder))


def write_report(
    folder: str | Path, solvers_guide: str | Path | None = None, older: str | Path | None = None
) -> tuple[list[Path], Against | None]:
    """Write the report of the comparison in `folder` beside its rows.

    Parameters
    ----------
    folder : path
        The --out folder of `bigopt compare`.
    solvers_guide : path, optional
        Also write the guide of which solver fails where to this file.
    older : path, optional
        The folder of an older comparison, whose problems and contenders are compared with these.

    Returns
    -------
    list of Path, Against or None
        What was written; what the comparison shows against the older one.

    Raises
    ------
    InstanceError, UsageError
        No rows; a folder that cannot be written; two comparisons that have nothing in common.
    """
    folder = Path(folder)
    measures = read_measures(folder)
    difference = None if older is None else against(measures, read_measures(older))
    if difference is not None and not difference.pairs:
        raise UsageError(f"--against {older}: has no problem and contender in common with {folder}: give another")
    try:
        (folder / "figures").mkdir(exist_ok=True)
        pictures = draw(measures, folder / "figures")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}: copy the folder to where files can be written") from None
    written = [
        write_text(folder / "report.html", page(measures, pictures, difference)),
        write_text(folder / "report.md", markdown(measures, pictures, difference)),
    ]
    if solvers_guide is not None:
        written.append(write_text(solvers_guide, guide(measures)))
    return written + [file for picture in pictures for file in picture.files], difference
