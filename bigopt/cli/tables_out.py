"""Solutions in the format that was asked for: JSON, CSV, LaTeX, Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bigopt.errors import UsageError, close_to, printable

if TYPE_CHECKING:
    from bigopt.concepts.solution import Solution

ENDINGS = {".json": "json", ".jsonl": "json", "": "json", ".csv": "csv", ".tex": "latex", ".md": "md"}
FORMATS = ("csv", "latex", "md", "json")


def format_of(to: str | None, output: Path | None, json: bool) -> str:
    """Return the format of what is written: as asked, else by the file's ending; "" for the screen.

    Raises
    ------
    UsageError
        An unknown format or ending, or --json beside another format.
    """
    if to is not None and to not in FORMATS:
        raise UsageError(f"--to {to[:40]!r}{close_to(to, FORMATS)}")
    if json and to not in (None, "json"):
        raise UsageError(f"--json beside --to {to}: expected one of the two")
    if to is not None or output is None:
        return to or ""
    ending = output.suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(filter(None, ENDINGS))
        raise UsageError(
            f"-o {printable(output)[:80]}: ends in {ending}, expected {known}, or say the format with --to"
        )
    return ENDINGS[ending]


def check_json(output: Path | None) -> None:
    """Refuse a file that is to hold JSON and whose ending says something else."""
    if output is not None and output.suffix.lower() not in ("", ".json"):
        raise UsageError(
            f"-o {printable(output)[:80]}: ends in {output.suffix}, expected .json: this command writes JSON"
        )


def text_of(solutions: Sequence[Solution], form: str, single: bool) -> str:
    """Return the solutions as text; `single` is one solution of one instance, whose JSON is indented."""
    from bigopt.concepts.report import answer, headline, report
    from bigopt.display import formats
    from bigopt.display.tables import Line, Part

    if form == "json":
        return "".join(s.to_json(indent=1 if single else None) + "\n" for s in solutions)
    if form == "csv":
        return formats.as_csv(_columns(solutions))
    if form == "md":
        return "\n".join(formats.as_markdown(report(s)) for s in solutions)
    verified = ("not verified", "verified")
    parts: list[list[Part]] = [
        [Line(f"{s.instance}: {headline(s)}, {verified[s.certificate.verified]}"), *answer(s)] for s in solutions
    ]
    return "\n".join(formats.as_latex(each) for each in parts)


def _columns(solutions: Sequence[Solution]) -> dict[str, list[object]]:
    """Return all fields of all solutions, a row an entry, each with its instance."""
    from bigopt.display.frames import INDICES

    tables = [s.columns() for s in solutions]
    found = {key for table in tables for key in table}
    keys = ["field", *(key for key in INDICES if key in found), "value", *(["name"] if "name" in found else [])]
    columns: dict[str, list[object]] = {key: [] for key in ("instance", "concept", "verified", *keys)}
    for solution, table in zip(solutions, tables, strict=True):
        count = len(table["field"])
        own = {"instance": solution.instance, "concept": solution.concept, "verified": solution.certificate.verified}
        for key, column in columns.items():
            column += [own[key]] * count if key in own else table.get(key, [None] * count)
    return columns
