"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bigopt.report import words
from bigopt.report.against import Against
from bigopt.report.figures import Picture
from bigopt.report.measures import Measures
from bigopt.report.problems import known
from bigopt.report.variation import Variation, turnable, variation


def markdown(measures: Measures, pictures: Sequence[Picture], older: Against | None = None) -> str:
    """Return the report: facts, outcomes, wrong answers, failures, times, virtual best, pictures, problems, machine."""
    varied = variation(measures)
    parts = ["# Solver comparison", words.headline(measures), facts(measures, varied)]
    if older is not None:
        parts += ["## Against the older comparison", older.summary, changes(older)]
    parts += ["## Solved, by certificate", outcomes(measures)]
    wrong = measures.wrong()
    parts += ["## Wrong answers", wrong_answers(measures) if wrong else "None."]
    parts += ["## Times", f"{TIMES} {turns(varied)}"]
    for name, problems in measures.groups.items():
        parts += [f"### {name} ({len(problems)} problems)", means(measures, problems, varied)]
    parts += ["## Virtual best", VIRTUAL, shares(measures)]
    for picture in pictures:
        parts += [f"## {picture.title}", f"![{picture.title}](figures/{picture.name}.png)", picture.caption]
    parts += ["## Instances", INSTANCES, problems_table(measures), "## Not solved", failures(measures)]
    return "\n\n".join(part for part in parts if part) + "\n"


TIMES = (
    "Shifted geometric means (shift 10 s) of the seconds to build and solve, over the problems that a contender takes; "
    "what it takes and does not solve counts at the time limit, what it cannot take does not count. Relative: to the "
    "virtual best on the same problems. Who solves the most stands first."
)
INSTANCES = (
    "What is known of each problem after this comparison. Value: the objective of the certified answer with the "
    "smallest regret. Bound: the tightest that anybody gave. Easy: all who take it solve it; medium: at least half of "
    "them; hard: fewer; open: nobody."
)
VIRTUAL = (
    "Who always took the fastest certified answer would be the virtual best. Of how many problems each contender is "
    "the fastest, within twice the fastest, and the only one that solves it."
)


def turns(varied: Variation) -> str:
    """Say how much the machine varied, and which rankings that could turn."""
    if not varied.runs:
        return str(varied)
    return f"{varied} ≈: nearer than that to the line above; another run could turn the two."


def facts(measures: Measures, varied: Variation) -> str:
    """Return when, by which command, where, with which versions: a list."""
    items = [*words.facts(measures), ("variation", str(varied))]
    return "\n".join(f"- {name}: " + (f"`{text}`" if name == "command" else text) for name, text in items)


def changes(older: Against) -> str:
    """Return the table of regressions and improvements."""
    rows = [
        (c.contender, c.what, c.problem.instance, c.problem.concept, c.before, c.after)
        for c in (*older.regressions, *older.improvements)
    ]
    return table(("contender", "what", "instance", "concept", "before", "now"), rows) if rows else ""


def shares(measures: Measures) -> str:
    """Return the table of who supplies the virtual best."""
    rows = [(name, *(number or "" for number in numbers)) for name, numbers in measures.shares().items()]
    return table(("contender", "fastest", "within twice the fastest", "alone"), rows)


def problems_table(measures: Measures) -> str:
    """Return the table of what is known of each problem."""
    rows = []
    for problem in measures.problems:
        fact = known(measures, problem)
        solved = f"{fact.solved} of {fact.taken}"
        value, bound = (
            words.value(number) + (f" ({by})" if by else "")
            for number, by in ((fact.value, fact.value_by), (fact.bound, fact.bound_by))
        )
        fastest = f"{words.seconds(measures.best_seconds(problem))} s ({fact.fastest})" if fact.fastest else "–"
        rows.append((problem.instance, problem.concept, fact.difficulty, solved, fastest, value, bound))
    columns = ("instance", "concept", "difficulty", "solved", "fastest", "best known value", "best known bound")
    return table(columns, rows)


def outcomes(measures: Measures) -> str:
    """Return the table of how each contender's problems ended."""
    columns = words.outcome_columns(measures)
    rows = []
    for contender in measures.contenders:
        counts = measures.outcomes(contender)
        rows.append((contender, *(counts[o] or "" for o in columns)))
    return table(("contender", *columns), rows)


def means(measures: Measures, problems: Any, varied: Variation) -> str:
    """Return the table of mean times of one group."""
    found = measures.means(problems)
    close = turnable(found, varied.factor)
    best = measures.virtual_best(problems)
    rows = [
        (c, f"{m.solved} of {m.taken}", words.seconds(m.seconds), ("≈ " if c in close else "") + f"{m.relative:.2f}")
        for c, m in {"virtual best": best, **found}.items()
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
