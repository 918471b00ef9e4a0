"""The report as one HTML file that opens offline: tables that sort, pictures inline, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from bigopt.compare.rows import UNSUPPORTED, contender_of
from bigopt.display.page import document
from bigopt.report import words
from bigopt.report.against import Against
from bigopt.report.figures import Picture
from bigopt.report.instances import anchor, instances
from bigopt.report.markup import Cell, section, table
from bigopt.report.measures import Mean, Measures, Problem, answer_seconds, regret_of
from bigopt.report.text import INSTANCES, TIMES, VIRTUAL, turns
from bigopt.report.variation import Variation, turnable, variation

BAD = {"wrong", "crashed", "failed", "infeasible", "unproved", "memory limit"}


def page(measures: Measures, pictures: Sequence[Picture], older: Against | None = None) -> str:
    """Return the whole page; `older` is what the comparison shows against an older one."""
    varied = variation(measures)
    folder = resources.files("bigopt.report")
    sections = [
        section("solved", "Solved, by certificate", CERTIFICATE, _outcomes(measures)),
        *([section("against", "Against the older comparison", older.summary, _changes(older))] if older else []),
        section("wrong", "Wrong answers", WRONG, _wrong(measures)),
        section("times", "Times", f"{TIMES} {turns(varied)}", "".join(_means(measures, varied))),
        section("best", "Virtual best", VIRTUAL, _virtual(measures)),
        section("pictures", "Profiles, regret, scaling", "", _pictures(pictures)),
        section("instances", "Instances", f"{INSTANCES} A click opens every answer.", instances(measures)),
        section("rows", "Every run", "", FILTER + _rows(measures)),
        section("machine", "Machine and versions", "", _machine(measures)),
    ]
    body = BODY.format(
        script=(folder / "page.js").read_text(encoding="utf-8"),
        headline=escape(words.headline(measures)),
        facts=_facts(measures, varied),
        sections="\n".join(sections),
    )
    return document("bigopt: solver comparison", (folder / "page.css").read_text(encoding="utf-8"), body)


BODY = """<header>
<h1>Solver comparison</h1>
<p class="lead">{headline}</p>
{facts}
<nav aria-label="Sections"><a href="#solved">Solved</a> <a href="#wrong">Wrong</a> <a href="#times">Times</a>
<a href="#best">Virtual best</a> <a href="#pictures">Pictures</a> <a href="#instances">Instances</a>
<a href="#rows">Every run</a> <a href="#machine">Machine</a></nav>
</header>
<main>
{sections}
</main>
<script>
{script}</script>
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


def _facts(measures: Measures, varied: Variation) -> str:
    """Return what a reader must know before the numbers: when, by which command, where, with which versions."""
    facts = [*words.facts(measures), ("variation", str(varied))]
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts) + "</dl>"


def _changes(older: Against) -> str:
    rows = [
        (
            Cell(change.contender, style="name"),
            Cell(change.what, style="bad" if change in older.regressions else "good"),
            Cell(change.problem.instance),
            Cell(change.problem.concept),
            Cell(change.before),
            Cell(change.after),
        )
        for change in (*older.regressions, *older.improvements)
    ]
    return table(("contender", "what", "instance", "concept", "before", "now"), rows) if rows else ""


def _means(measures: Measures, varied: Variation) -> Iterable[str]:
    yield '<div class="grid tables">'
    for name, problems in measures.groups.items():
        found = measures.means(problems)
        close = turnable(found, varied.factor)
        best = measures.virtual_best(problems)
        rows = [_mean("virtual best", best, "dim", "")]
        rows += [_mean(c, mean, "name", "≈ " if c in close else "") for c, mean in found.items()]
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        yield table(("contender", "solved", "seconds", "relative"), rows, caption=f"{name} · {count}")
    yield "</div>"


def _mean(name: str, mean: Mean, style: str, mark: str) -> tuple[Cell, ...]:
    return (
        Cell(name, style=style),
        Cell(f"{mean.solved}/{mean.taken}", mean.solved, "number"),
        Cell(words.seconds(mean.seconds), mean.seconds, "number"),
        Cell(f"{mark}{mean.relative:.2f}", mean.relative, "number best" if mean.relative < 1.005 else "number"),
    )


def _virtual(measures: Measures) -> str:
    rows = [
        (Cell(name, style="name"), *(Cell(str(number) if number else "·", number, "number") for number in numbers))
        for name, numbers in measures.shares().items()
    ]
    return table(("contender", "fastest", "within twice the fastest", "alone"), rows)


def _pictures(pictures: Sequence[Picture]) -> str:
    figures = (
        f"<figure><h3>{escape(p.title)}</h3>{p.svg}<figcaption>{escape(p.caption)}</figcaption></figure>"
        for p in pictures
    )
    return '<div class="grid pictures">' + "\n".join(figures) + "</div>"


def _rows(measures: Measures) -> str:
    rows = []
    anchors = {problem: anchor(measures, problem) for problem in measures.problems}
    for row in measures.rows:
        link = anchors[Problem(row["instance"], row["concept"])]
        seconds = row.get("seconds") or {}
        answer, regret, peak = answer_seconds(row), regret_of(row), row.get("peak_mb")
        style = "bad" if row["outcome"] in BAD else "good" if row["outcome"] == "solved" else "dim"
        rows.append(
            (
                Cell("", None, "instance", f'<a href="#{link}">{escape(row["instance"])}</a>'),
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
