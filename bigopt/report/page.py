"""The report as one HTML file that opens offline: tables that sort, pictures inline, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import Any

from bigopt.compare.rows import UNSUPPORTED, contender_of
from bigopt.report import words
from bigopt.report.figures import Picture
from bigopt.report.measures import Measures, answer_seconds, regret_of
from bigopt.report.text import TIMES

BAD = {"wrong", "crashed", "failed", "infeasible", "unproved", "memory limit"}


class Cell:
    """A table's cell: what is shown, what it sorts by, its CSS class."""

    def __init__(self, shown: str, key: Any = None, style: str = "", markup: str | None = None) -> None:
        """Escape what is shown, unless it is `markup` made here."""
        self.markup = escape(shown) if markup is None else markup
        self.key, self.style = key, style

    def html(self) -> str:
        """Return the td element."""
        style = f' class="{self.style}"' if self.style else ""
        key = f' data-key="{escape(str(self.key))}"' if self.key is not None else ""
        return f"<td{style}{key}>{self.markup}</td>"


def page(measures: Measures, pictures: Sequence[Picture]) -> str:
    """Return the whole page."""
    folder = resources.files("bigopt.report")
    sections = [
        section("solved", "Solved, by certificate", CERTIFICATE, _outcomes(measures)),
        section("wrong", "Wrong answers", WRONG, _wrong(measures)),
        section("times", "Times", TIMES, "".join(_means(measures))),
        section("pictures", "Profiles, regret, scaling", "", _pictures(pictures)),
        section("rows", "Every run", "", FILTER + _rows(measures)),
        section("machine", "Machine and versions", "", _machine(measures)),
    ]
    return TEMPLATE.format(
        style=(folder / "page.css").read_text(encoding="utf-8"),
        script=(folder / "page.js").read_text(encoding="utf-8"),
        headline=escape(words.headline(measures)),
        sections="\n".join(sections),
    )


TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>bigopt: solver comparison</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>Solver comparison</h1>
<p class="lead">{headline}</p>
<nav aria-label="Sections"><a href="#solved">Solved</a> <a href="#wrong">Wrong</a> <a href="#times">Times</a>
<a href="#pictures">Pictures</a> <a href="#rows">Every run</a> <a href="#machine">Machine</a></nav>
</header>
<main>
{sections}
</main>
<script>
{script}</script>
</body>
</html>
"""
CERTIFICATE = (
    "An answer counts as solved when its certificate, computed from the game and the point alone, passes. What the "
    "solver says about itself does not count."
)
WRONG = "Answers that the solver calls optimal and that fail the certificate, or that others refute."
FILTER = (
    '<p><label>Filter <input id="filter" type="search" placeholder="instance, solver, outcome" '
    'aria-controls="all-rows"></label></p>'
)


def section(name: str, title: str, lead: str, body: str) -> str:
    """Return a section."""
    text = f"<p>{escape(lead)}</p>" if lead else ""
    return f'<section id="{name}"><h2>{escape(title)}</h2>{text}\n{body}</section>'


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "", caption: str = "") -> str:
    """Return a table that sorts by a click on a column's head; on narrow screens it scrolls in its own box."""
    rows = list(rows)
    styles = [cell.style for cell in rows[0]] if rows else [""] * len(columns)
    head = "".join(_head(column, style) for column, style in zip(columns, styles, strict=True))
    body = "\n".join("<tr>" + "".join(cell.html() for cell in row) + "</tr>" for row in rows)
    ident = f' id="{name}"' if name else ""
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="box" tabindex="0"><table{ident}>{title}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _head(column: str, style: str) -> str:
    side = ' class="number"' if style.startswith("number") else ""
    return f'<th scope="col"{side}><button type="button">{escape(column)}</button></th>'


def _outcomes(measures: Measures) -> str:
    columns = words.outcome_columns(measures)
    rows = []
    for contender in measures.contenders:
        counts = measures.outcomes(contender)
        ran = sum(n for o, n in counts.items() if o not in UNSUPPORTED)
        share = counts["solved"] / ran if ran else 0.0
        label = f"{counts['solved']} of {ran}" if ran else "–"
        meter = f'<span class="bar" style="--share:{share:.4f}" aria-hidden="true"></span>'
        row = [Cell(contender, style="name"), Cell("", share, "meter", markup=f"{meter}{label}")]
        rows.append(row + [_count(o, counts[o]) for o in columns if o != "solved"])
    return table(("contender", "solved", *(o for o in columns if o != "solved")), rows)


def _count(outcome: str, number: int) -> Cell:
    style = "number" if not number else "number bad" if outcome in BAD else "number"
    return Cell(str(number) if number else "·", number, style)


def _wrong(measures: Measures) -> str:
    rows = [
        (
            Cell(contender, style="name"),
            Cell(str(result.row["version"])),
            Cell(problem.instance),
            Cell(problem.concept),
            Cell(words.verdict(result), style="bad"),
            Cell("", markup=f"<code>{escape(words.command(result.row))}</code>"),
        )
        for problem, contender, result in measures.wrong()
    ]
    if not rows:
        return "<p>None.</p>"
    return table(("contender", "version", "instance", "concept", "what is wrong", "see it"), rows)


def _means(measures: Measures) -> Iterable[str]:
    yield '<div class="grid tables">'
    for name, problems in measures.groups.items():
        rows = [
            (
                Cell(c, style="name"),
                Cell(f"{solved}/{len(problems)}", solved, "number"),
                Cell(words.seconds(mean), mean, "number"),
                Cell(f"{ratio:.2f}", ratio, "number best" if ratio < 1.005 else "number"),
            )
            for c, (mean, ratio, solved) in measures.means(problems).items()
        ]
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        yield table(("contender", "solved", "seconds", "relative"), rows, caption=f"{name} · {count}")
    yield "</div>"


def _pictures(pictures: Sequence[Picture]) -> str:
    figures = (
        f"<figure><h3>{escape(p.title)}</h3>{p.svg}<figcaption>{escape(p.caption)}</figcaption></figure>"
        for p in pictures
    )
    return '<div class="grid pictures">' + "\n".join(figures) + "</div>"


def _rows(measures: Measures) -> str:
    rows = []
    for row in measures.rows:
        seconds = row.get("seconds") or {}
        answer, regret, peak = answer_seconds(row), regret_of(row), row.get("peak_mb")
        style = "bad" if row["outcome"] in BAD else "good" if row["outcome"] == "solved" else "dim"
        rows.append(
            (
                Cell(row["instance"], style="instance"),
                Cell(row["concept"]),
                Cell(contender_of(row), style="name"),
                Cell(row["outcome"], style=f"outcome {style}"),
                *(Cell(words.seconds(s), -1 if s is None else s, "number") for s in (answer, seconds.get("verify"))),
                Cell(words.figure(regret), -1 if regret is None else regret, "number"),
                Cell("–" if peak is None else f"{peak:.0f}", -1 if peak is None else peak, "number"),
                Cell(str(row.get("class") or ""), style="dim"),
                Cell(str(row["numbers"]), row["numbers"], "number"),
                Cell(str(row.get("note") or "")[:120], style="note"),
            )
        )
    columns = ("instance", "concept", "contender", "outcome", "seconds", "verify", "regret", "MB", "class", "numbers")
    return table((*columns, "note"), rows, "all-rows")


def _machine(measures: Measures) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in words.machines(measures))
    rows = [(Cell(name, style="name"), Cell(version)) for name, version in words.versions(measures).items()]
    return lines + table(("package", "version"), rows)
