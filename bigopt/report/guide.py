"""The guide of which solver fails where, from a full run: what was learned stays."""

from __future__ import annotations

from collections.abc import Iterator

from bigopt.compare.rows import UNSUPPORTED, contender_of
from bigopt.report import words
from bigopt.report.measures import Measures, Problem, Result
from bigopt.report.text import (
    INSTANCES,
    TIMES,
    VIRTUAL,
    facts,
    means,
    outcomes,
    problems_table,
    shares,
    table,
    turns,
)
from bigopt.report.variation import variation
from bigopt.solvers import SOLVERS

TITLE = """# Which solver to trust, where

Written by `bigopt report DIR --solvers-guide docs/SOLVERS.md` from the rows of one comparison, with the remarks that
stand beside the solvers' adapters. A run counts as solved when the certificate, computed from the game and the point
alone, passes. Every failure stands with the one line that shows it."""
LONGEST = 8  # failures of one sort that are listed for a contender


def guide(measures: Measures) -> str:
    """Return the guide as Markdown; who was not tried on every problem is named and left out."""
    measures, partly = complete(measures)
    left = [f"Not tried on every problem, and left out: {', '.join(partly)}."] if partly else []
    parts = [TITLE, words.headline(measures), *left, outcomes(measures), "## Best by kind of problem", best(measures)]
    for contender in measures.contenders:
        parts += contender_part(measures, contender)
    varied = variation(measures)
    parts += ["## Times", f"{TIMES} {turns(varied)}"]
    for name, problems in measures.groups.items():
        if len(measures.means(problems)) > 1:
            parts += [f"### {name} ({len(problems)} problems)", means(measures, problems, varied)]
    parts += ["## Virtual best", VIRTUAL, shares(measures), "## Instances", INSTANCES, problems_table(measures)]
    parts += ["## Date, machine and versions", facts(measures, varied)]
    return "\n\n".join(parts) + "\n"


def complete(measures: Measures) -> tuple[Measures, list[str]]:
    """Return the measures of those who were tried on every problem, and who was not."""
    partly = [c for c in measures.contenders if any((p, c) not in measures.results for p in measures.problems)]
    rows = [row for row in measures.rows if contender_of(row) not in partly]
    return (Measures(rows, measures.record), partly) if rows else (measures, [])


def best(measures: Measures) -> str:
    """Return for each kind and concept who solves the most, and the fastest of those."""
    rows = []
    for name, problems in measures.groups.items():
        found = measures.means(problems)
        most = max((mean.solved for mean in found.values()), default=0)
        leaders = [c for c, mean in found.items() if mean.solved == most and most]
        others = ", ".join(f"{c} ({m.solved}/{m.taken})" for c, m in found.items() if c not in leaders)
        rows.append((name, len(problems), most, ", ".join(leaders) or "nobody", others or "–"))
    return table(
        ("problem", "instances", "solved by the best", "the best, fastest first", "others (solved/taken)"), rows
    )


def contender_part(measures: Measures, contender: str) -> Iterator[str]:
    """Yield the part of one contender."""
    counts = measures.outcomes(contender)
    ran = sum(n for o, n in counts.items() if o not in UNSUPPORTED)
    version = next((r["version"] for r in measures.rows if contender_of(r) == contender and r["version"]), "")
    yield f"## {contender}" + (f" ({version})" if version else "")
    if not ran:
        yield "Was not run: " + next(r.row["note"] for (_, c), r in measures.results.items() if c == contender)
        return
    yield f"{counts['solved']} of {ran} solved."
    if remark := _remark(measures, contender):
        yield remark
    failed: dict[str, list[tuple[Problem, Result]]] = {}
    for problem, name, result in measures.failures():
        if name == contender:
            failed.setdefault(result.outcome, []).append((problem, result))
    for outcome, pairs in failed.items():
        rows = [
            (problem.instance, result.row.get("class") or "", result.row["numbers"], words.verdict(result))
            + (f"`{words.command(result.row)}`",)
            for problem, result in sorted(pairs, key=lambda pair: pair[1].row["numbers"])[:LONGEST]
        ]
        more = f" (the {LONGEST} smallest of {len(pairs)})" if len(pairs) > LONGEST else f" ({len(pairs)})"
        yield f"**{outcome}**{more}"
        yield table(("instance", "class", "numbers", "what happened", "see it"), rows)


def _remark(measures: Measures, contender: str) -> str:
    """Return what the row of a contender's solver says about it, "" where the solver is unknown here."""
    names = {row["solver"] for row in measures.rows if contender_of(row) == contender}
    return " ".join(SOLVERS[name].remark for name in names if name in SOLVERS)
