"""Words and numbers that the page and the text share."""

from __future__ import annotations

import shlex
from typing import Any

from bigopt.compare.rows import UNSUPPORTED, Row
from bigopt.report.measures import Measures, Result, checks_of

LEADING = ("solved", "wrong")


def seconds(value: float | None) -> str:
    """Return seconds in three significant figures, without an exponent."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 0.001 else "<0.001"


def value(number: Any) -> str:
    """Return an objective or a bound with the digits that tell answers apart."""
    return "–" if not isinstance(number, (int, float)) else f"{number:.9g}"


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
    if result.outcome == "failed" and checks_of(row):
        open_checks = [f"{c['name']}: {c['note']}" for c in checks_of(row) if c["grade"] == "skipped" and c.get("note")]
        if row.get("verified"):
            return f"the point is right, but the solver did not finish: {row['stopped']}"
        return "; ".join(["not proved", *open_checks])
    return str(row.get("note") or row.get("stopped") or result.outcome)


def outcome_columns(measures: Measures) -> list[str]:
    """Return the outcomes that occur: the good, the lies, the rest, what was not run."""
    seen = {result.outcome for result in measures.results.values()}
    middle = sorted(seen - set(LEADING) - set(UNSUPPORTED))
    return [o for o in LEADING if o in seen or o == "solved"] + middle + [o for o in UNSUPPORTED if o in seen]


def facts(measures: Measures) -> list[tuple[str, str]]:
    """Return when the comparison ran, by which commands, where, and with which versions: from its own record.

    A comparison without a record is described by its rows, as far as they go.
    """
    starts = measures.record.starts
    times = sorted(str(row["started"]) for row in measures.rows if row.get("started"))
    found = [("date", " to ".join(dict.fromkeys((times[0], times[-1]))))] if times else []
    commands = list(dict.fromkeys(told(str(start["command"])) for start in starts if start["command"]))
    found += [("command", command) for command in commands or [from_rows(measures)]]
    busy = [f"{start['load']:g}" for start in starts if isinstance(start.get("load"), (int, float))]
    found += [("machine", line) for line in machines(measures)]
    if busy:
        found.append(("load at the start", ", ".join(busy)))
    found.append(("versions", ", ".join(f"{name} {version}" for name, version in versions(measures).items())))
    return found


def told(command: str) -> str:
    """Return a command as it is told: the folder of the rows is where the reader is."""
    words = shlex.split(command)
    folders = ["DIR" if before == "--out" else word for before, word in zip(["", *words], words, strict=False)]
    return shlex.join("--out=DIR" if word.startswith("--out=") else word for word in folders)


def from_rows(measures: Measures) -> str:
    """Return the commands that the rows tell of, where nobody wrote them down."""
    solvers = ",".join(dict.fromkeys(row["solver"] for row in measures.rows))
    settings = ",".join(dict.fromkeys(row["settings"] for row in measures.rows))
    limits = " or ".join(dict.fromkeys(f"{row['time_limit']:g}" for row in measures.rows))
    return f"not recorded; {len(measures.rows)} rows of solvers {solvers}, settings {settings}, time limit {limits} s"


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
