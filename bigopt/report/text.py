"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bigopt.report import words
from bigopt.report.figures import Picture
from bigopt.report.measures import Measures


def markdown(measures: Measures, pictures: Sequence[Picture]) -> str:
    """Return the report: outcomes, wrong answers, failures, times, pictures, machine."""
    parts = ["# Solver comparison", words.headline(measures), "## Solved, by certificate", outcomes(measures)]
    wrong = measures.wrong()
    parts += ["## Wrong answers", wrong_answers(measures) if wrong else "None."]
    parts += ["## Times", TIMES]
    for name, problems in measures.groups.items():
        parts += [f"### {name} ({len(problems)} problems)", means(measures, problems)]
    for picture in pictures:
        parts += [f"## {picture.title}", f"![{picture.title}](figures/{picture.name}.png)", picture.caption]
    parts += ["## Not solved", failures(measures), "## Machine and versions", *words.machines(measures)]
    parts.append(", ".join(f"{name} {version}" for name, version in words.versions(measures).items()))
    return "\n\n".join(part for part in parts if part) + "\n"


TIMES = (
    "Shifted geometric means (shift 10 s) of the seconds to build and solve; whatever has no certified answer counts "
    "at the time limit. Best = 1."
)


def outcomes(measures: Measures) -> str:
    """Return the table of how each contender's problems ended."""
    columns = words.outcome_columns(measures)
    rows = []
    for contender in measures.contenders:
        counts = measures.outcomes(contender)
        rows.append((contender, *(counts[o] or "" for o in columns)))
    return table(("contender", *columns), rows)


def means(measures: Measures, problems: Any) -> str:
    """Return the table of mean times of one group."""
    found = measures.means(problems)
    rows = [
        (c, f"{solved} of {len(problems)}", words.seconds(mean), f"{ratio:.2f}")
        for c, (mean, ratio, solved) in found.items()
    ]
    return table(("contender", "solved", "mean seconds", "relative"), rows)


def wrong_answers(measures: Measures) -> str:
    """Return the table of wrong answers with the command that shows each."""
    rows = [
        (contender, result.row["version"], problem.instance, problem.concept, words.verdict(result))
        + (f"`{words.command(result.row)}`",)
        for problem, contender, result in measures.wrong()
    ]
    return table(("contender", "version", "instance", "concept", "what is wrong", "see it"), rows)


def failures(measures: Measures) -> str:
    """Return the table of what was run and not solved."""
    rows = [
        (contender, problem.instance, problem.concept, result.outcome, words.verdict(result))
        for problem, contender, result in measures.failures()
    ]
    return table(("contender", "instance", "concept", "outcome", "why"), rows) if rows else "Nothing."


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a Markdown table."""

    def line(cells: Sequence[Any]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(columns), "|" + "---|" * len(columns), *map(line, rows)])
