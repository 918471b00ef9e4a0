"""``python -m benchmarks [--smoke] [TOPIC...] [--out DIR]``: run topics, write JSON and a Markdown table."""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from bigopt.compare.machine import machine, versions

TOPICS = {
    "influencers": "benchmarks.influencers",
    "subsets": "benchmarks.subsets",
    "persuasion": "benchmarks.persuasion",
    "market": "benchmarks.market",
    "conversation": "benchmarks.conversation",
    "preferences": "benchmarks.preferences",
    "mechanism": "benchmarks.mechanism",
    "hull": "benchmarks.hull",
    "proofs": "benchmarks.proofs",
    "solvers": "benchmarks.solvers",
    "threads": "benchmarks.threads",
    "startup": "benchmarks.startup",
    "limits": "benchmarks.limits",
}
COLUMNS = ("case", "contender", "seconds", "ratio", "peak MB", "note")


def main(arguments: list[str] | None = None) -> int:
    """Run the topics that were named (default: all) and return 0 if every one of them ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"among {', '.join(TOPICS)}; default: all")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, seconds in all: does every topic run?")
    parser.add_argument("--out", type=Path, default=None, help="folder for TOPIC.json and benchmarks.md")
    given = parser.parse_args(arguments)
    unknown = [topic for topic in given.topics if topic not in TOPICS]
    if unknown:
        parser.error(f"unknown topic {unknown[0]!r}: choose among {', '.join(TOPICS)}")
    tables, failed = [], []
    for topic in given.topics or list(TOPICS):
        rows = _run(topic, given.smoke)
        if rows is None:
            failed.append(topic)
            continue
        tables.append(f"## {topic}\n\n{markdown(rows)}\n")
        print(tables[-1], flush=True)
        if given.out is not None:
            _write(given.out, f"{topic}.json", _document(topic, rows, given.smoke))
    if given.out is not None:
        _write(given.out, "benchmarks.md", f"{_heading()}\n\n" + "\n".join(tables))
    for topic in failed:
        print(f"{topic}: failed", file=sys.stderr)
    return 1 if failed else 0


def _run(topic: str, smoke: bool) -> list[dict[str, Any]] | None:
    """Return a topic's rows, or None (with the reason on standard error)."""
    start = time.perf_counter()
    try:
        rows: list[dict[str, Any]] = import_module(TOPICS[topic]).run(smoke)
    except Exception as error:
        print(f"{topic}: {type(error).__name__}: {error}", file=sys.stderr)
        return None
    print(f"{topic}: {len(rows)} rows in {time.perf_counter() - start:.1f} s", file=sys.stderr)
    return rows


def _document(topic: str, rows: list[dict[str, Any]], smoke: bool) -> str:
    data = {"topic": topic, "smoke": smoke, "machine": machine(), "versions": versions(), "rows": rows}
    return json.dumps(data, indent=1, default=str) + "\n"


def _heading() -> str:
    here = machine()
    used = ", ".join(f"{name} {version}" for name, version in versions().items())
    return f"{here['processor']}, {here['cores']} cores, {here['memory_gb']} GB, Python {here['python']}; {used}."


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def markdown(rows: list[dict[str, Any]]) -> str:
    """Return rows as a Markdown table; the ratio is the contender's time over the first contender's."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---:|---:|---:|---|"]
    for row in rows:
        cells = (
            row["case"],
            row["contender"],
            _figures(row.get("seconds")),
            _figures(row.get("ratio")),
            "" if row.get("peak_mb") is None else f"{row['peak_mb']:.0f}",
            row.get("note") or "",
        )
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _figures(value: float | None) -> str:
    """Return three significant figures without an exponent."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
