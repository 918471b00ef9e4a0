"""The page's part on each problem: best known value and bound, by whom, how hard; what every contender made of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bigopt.report import words
from bigopt.report.markup import Cell, table
from bigopt.report.measures import Measures, Problem, Result, regret_of
from bigopt.report.problems import Known, known

STYLES = {"easy": "good", "open": "bad", "hard": "bad"}


def anchor(measures: Measures, problem: Problem) -> str:
    """Return the id of a problem's part."""
    return f"i{measures.problems.index(problem)}"


def instances(measures: Measures) -> str:
    """Return a table of all problems, and a part for each that opens."""
    facts = {problem: known(measures, problem) for problem in measures.problems}
    rows = [_row(measures, problem, fact) for problem, fact in facts.items()]
    columns = ("instance", "concept", "class", "numbers", "difficulty", "solved", "fastest", "by", "value", "bound")
    return table(columns, rows) + "\n".join(_part(measures, problem, fact) for problem, fact in facts.items())


def _row(measures: Measures, problem: Problem, fact: Known) -> tuple[Cell, ...]:
    first = next(iter(measures.of(problem).values())).row
    link = f'<a href="#{anchor(measures, problem)}">{escape(problem.instance)}</a>'
    seconds = measures.best_seconds(problem)
    return (
        Cell("", None, "instance", link),
        Cell(problem.concept),
        Cell(str(first.get("class") or ""), style="dim"),
        Cell(str(first["numbers"]), first["numbers"], "number"),
        Cell(fact.difficulty, style=STYLES.get(fact.difficulty, "")),
        Cell(f"{fact.solved}/{fact.taken}", fact.solved, "number"),
        Cell(words.seconds(seconds), -1 if seconds is None else seconds, "number"),
        Cell(fact.fastest),
        Cell(words.value(fact.value), "" if fact.value is None else fact.value, "number"),
        Cell(words.value(fact.bound), "" if fact.bound is None else fact.bound, "number"),
    )


def _part(measures: Measures, problem: Problem, fact: Known) -> str:
    results = measures.of(problem)
    first = next(iter(results.values())).row
    title = (
        f"<summary><strong>{escape(problem.instance)}</strong> {escape(problem.concept)} · {fact.difficulty}</summary>"
    )
    lines = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in _facts(first, fact))
    rows = [_answer(name, result) for name, result in sorted(results.items(), key=_order) if result.ran]
    columns = ("contender", "outcome", "seconds", "objective", "bound", "regret")
    body = table(columns, rows) if rows else "<p>Nobody takes it.</p>"
    return f'<details id="{anchor(measures, problem)}">{title}<dl>{lines}</dl>{body}</details>'


def _facts(row: dict[str, object], fact: Known) -> Iterator[tuple[str, str]]:
    yield "kind", f"{row['kind']}, {row.get('class') or 'no class'}, {row['numbers']} numbers, from {row.get('family')}"
    by = f" by {fact.value_by}" if fact.value_by else ""
    yield "best known value", words.value(fact.value) + by
    gap = "" if fact.gap is None else f", {fact.gap:.1g} from the value"
    yield "best known bound", words.value(fact.bound) + (f" by {fact.bound_by}{gap}" if fact.bound_by else "")
    yield "difficulty", f"{fact.difficulty}: solved by {fact.solved} of the {fact.taken} who take it"


def _order(item: tuple[str, Result]) -> tuple[bool, float, str]:
    return not item[1].solved, item[1].seconds, item[0]


def _answer(name: str, result: Result) -> tuple[Cell, ...]:
    row, regret = result.row, regret_of(result.row)
    style = "good" if result.solved else "bad" if result.outcome == "wrong" else "dim"
    return (
        Cell(name, style="name"),
        Cell(result.outcome, style=f"outcome {style}"),
        Cell(words.seconds(result.seconds) if result.solved else "–", result.seconds, "number"),
        *(Cell(words.value(row.get(key)), row.get(key) or 0, "number") for key in ("objective", "bound")),
        Cell(words.figure(regret), -1 if regret is None else regret, "number"),
    )
