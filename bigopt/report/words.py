"""Words and numbers that the page and the text share."""

from __future__ import annotations

from typing import Any

from bigopt.compare.rows import UNSUPPORTED, Row
from bigopt.report.measures import Measures, Result, checks_of

LEADING = ("solved", "wrong")


def seconds(value: float | None) -> str:
    """Return seconds in three significant figures, without an exponent."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 0.001 else "<0.001"


def figure(value: Any) -> str:
    """Return a small number for people."""
    return "–" if value is None else f"{float(value):.2g}"


def command(row: Row) -> str:
    """Return the one line that shows a row again."""
    words = ["bigopt solve", row.get("file") or row["instance"], f"--concept {row['concept']}"]
    words.append(f"--solver {row['solver']}")
    if row["settings"] != "default":
        words.append(f"--settings {row['settings']}")
    words += [f"--option {name}={value}" for name, value in row.get("options", {}).items()]
    return " ".join([*words, f"--time-limit {row['time_limit']:g}"])


def verdict(result: Result) -> str:
    """Return in a few words what was wrong with an answer."""
    row = result.row
    failed = [c for c in checks_of(row) if not c["passed"]]
    if failed:
        said = f"says {row['holds']}" if result.outcome == "wrong" else f"stopped: {row['stopped']}"
        return f"{said}; " + ", ".join(f"{c['name']} {figure(c['value'])} > {figure(c['limit'])}" for c in failed)
    return str(row.get("note") or row.get("stopped") or result.outcome)


def outcome_columns(measures: Measures) -> list[str]:
    """Return the outcomes that occur: the good, the lies, the rest, what was not run."""
    seen = {result.outcome for result in measures.results.values()}
    middle = sorted(seen - set(LEADING) - set(UNSUPPORTED))
    return [o for o in LEADING if o in seen or o == "solved"] + middle + [o for o in UNSUPPORTED if o in seen]


def machines(measures: Measures) -> list[str]:
    """Return each machine of the comparison in a line."""
    lines = []
    for row in measures.rows:
        m = row.get("machine") or {}
        if m:
            lines.append(
                f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB, {m['system']}, Python {m['python']}"
            )
    return list(dict.fromkeys(lines))


def versions(measures: Measures) -> dict[str, str]:
    """Return the versions of the packages and the solvers; several where the rows differ."""
    found: dict[str, dict[str, None]] = {}
    for row in measures.rows:
        own = {row["solver"]: row["version"]} if row.get("version") and row["solver"] != "exact" else {}
        for name, version in ((row.get("versions") or {}) | own).items():
            found.setdefault(name, {})[str(version)] = None
    return {name: " and ".join(seen) for name, seen in found.items()}


def headline(measures: Measures) -> str:
    """Return the comparison in a sentence."""
    runs = [r for r in measures.results.values() if r.ran]
    solved, wrong = sum(r.solved for r in runs), len(measures.wrong())
    lies = "no answer" if not wrong else "one answer" if wrong == 1 else f"{wrong} answers"
    return (
        f"{len(measures.problems)} problems, {len(measures.contenders)} contenders: {solved} of {len(runs)} runs end "
        f"in a certified answer; {lies} called right by a solver fails the certificate."
    ).replace("answers called right by a solver fails", "answers called right by a solver fail")
