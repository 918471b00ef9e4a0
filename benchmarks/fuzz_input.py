"""``python -m benchmarks.fuzz_input [--first SEED] [--inputs N]``: files of strangers, mutated, through the commands.

An instance of any kind, a recipe, a solution, a table or a sidecar is changed in one to three places (types, sizes,
names, numbers that are none, nesting, bytes) and given to a command in this process. What is wrong: a traceback or the
word "unexpected", an exit code other than 0 to 5, more than one line of complaint, a file that is left where the
command failed, more than two seconds of processor time beyond the limit, more than 1 GB. Each input is made from its
number alone.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import json
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from typer.testing import CliRunner

from benchmarks.mutated import Rng, bytes_of, changed, sidecar, text_of
from bigopt import catalog, load, solve
from bigopt.cli.app import app
from bigopt.errors import BigoptError
from bigopt.games import kinds

INSTANCES = (
    "big/example-1-opposed", "big/example-4-square", "big/hull-example-2", "big/polytope-edge-unique",
    "big/example-1-background", "conversation/xor", "conversation/parity-code", "hull/table-2", "market/synthetic-2",
    "market/lone-bob", "mechanism/three-answers", "mechanism/size-pairs", "mechanism/tokens", "persuasion/courtroom",
    "persuasion/second-opinion", "preferences/section-6-2", "preferences/plane", "subsets/example-5-4",
)  # fmt: skip
RECIPES = (
    "mechanism/random-200-types.toml", "hull/rephrasings-200.toml", "hull/opinions-60.toml",
    "mechanism/random-nash-types.toml",
)  # fmt: skip
TABLES = {
    "market": ("state,policy,human,ai1,ai2\na,x,1,2,3\na,y,2,1,0\nb,x,0,1,1\nb,z,3,0,2\n", ("--alice", "human")),
    "hull": ("question,human,ai1,ai2\n1,.2,.3,.1\n1,.8,.7,.9\n2,.5,.5,.4\n2,.5,.5,.6\n", ("--alice", "human")),
    "persuasion": ("state,action,judge,bob\ns,a,1,0\ns,b,0,1\nt,a,0,0\nt,b,1,1\n", ("--alice", "judge")),
    "preferences": ("left,right,winner\na,b,a\nb,c,b\na,c,c\nc,a,a\n", ()),
}
LIMIT = "1"  # seconds
MOST_SECONDS = 3.5  # of processor time: the limit and two more
MOST_MEMORY = 1 << 20  # kB more than before
CODES = range(6)


@dataclass(frozen=True)
class Asked:
    """A command line, and the file that it is to write, if any."""

    words: tuple[str, ...]
    output: str | None = None


def asked(rng: Rng, folder: Path) -> Asked:
    """Write mutated files to a folder and return what is asked of them."""
    kind = str(rng.choice(["instance"] * 6 + ["bytes", "recipe", "table", "solution", "solution", "sweep", "family"]))
    return MAKERS[kind](rng, folder)


def _instance(rng: Rng, folder: Path) -> Asked:
    """Ask something of an instance with one to three changes."""
    name = str(rng.choice(INSTANCES))
    data = json.loads(catalog.instance(name).read_text(encoding="utf-8"))
    known = kinds.KINDS[data["kind"]]
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        data = changed(rng, data)
    if rng.random() < 0.15:
        data = sidecar(rng, data, folder)
    path = folder / "game.json"
    path.write_text(text_of(rng, data), encoding="utf-8", errors="surrogatepass")
    return _command(rng, path, [concept.name for concept in known.concepts])


def _command(rng: Rng, path: Path, concepts: list[str]) -> Asked:
    """Return a command for a file."""
    game, concept = str(path), str(rng.choice(concepts))
    limit = ("--time-limit", LIMIT)
    out = str(path.parent / "out")
    draw = rng.random()
    if draw < 0.5:
        more = ("--json",) if rng.random() < 0.5 else ()
        return Asked(("solve", game, "--concept", concept, *limit, *more))
    if draw < 0.6:
        return Asked(("check", game, *limit))
    if draw < 0.7:
        return Asked(("prove", game, "--concept", concept, *limit, "-o", out), out)
    if draw < 0.85:
        to = str(rng.choice(["lp", "mps", "nl", "nfg"]))
        return Asked(("export", game, "--to", to, *limit, "-o", out), out)
    if draw < 0.88:
        return Asked(("plot", game, *limit, "-o", out + ".png"), out + ".png")
    return Asked(("solve", game, *limit, "-o", out + ".json"), out + ".json")


def _bytes(rng: Rng, folder: Path) -> Asked:
    """Ask something of a file that is no text, or not to its end."""
    name = str(rng.choice(INSTANCES))
    path = folder / str(rng.choice(["game.json", "game.toml", "game", "game.JSON"]))
    path.write_bytes(bytes_of(rng, catalog.instance(name).read_bytes()))
    return _command(rng, path, ["nash", "worst", "signaling"])


def _recipe(rng: Rng, folder: Path) -> Asked:
    """Ask something of a recipe."""
    text = catalog.instance(str(rng.choice(RECIPES))).read_text(encoding="utf-8")
    lines = text.splitlines()
    row = int(rng.integers(len(lines)))
    key = lines[row].partition("=")[0]
    said = ["-1", "0", "1e9", "9" * 400, "true", '"x"', "[]", "{}", "nan", "1.5", "'\\u0000'", "99999999", "= =", ""]
    lines[row] = f"{key}= {rng.choice(said)}"
    path = folder / "game.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return _command(rng, path, ["fit", "train", "audit"])


def _table(rng: Rng, folder: Path) -> Asked:
    """Import a table with some cells changed."""
    kind = str(rng.choice(list(TABLES)))
    text, flags = TABLES[kind]
    cells = [line.split(",") for line in text.splitlines()]
    for _ in range(int(rng.integers(1, 4))):
        row = cells[int(rng.integers(len(cells)))]
        if row:
            row[int(rng.integers(len(row)))] = str(
                rng.choice(
                    ["", "x", "nan", "inf", "-1", "1e400", "9" * 400, '"', "\x00", "\x1b[2J", "a", "é\u202e", "1,2"]
                )
            )
        if rng.random() < 0.2:
            row.clear()
    path = folder / str(rng.choice(["table.csv", "table.tsv", "table.parquet", "table.txt"], p=[0.7, 0.1, 0.1, 0.1]))
    path.write_bytes("\n".join(map(",".join, cells)).encode())
    out = str(folder / "out.json")
    return Asked(("import", kind, str(path), *flags, "-o", out), out)


def _solution(rng: Rng, folder: Path) -> Asked:
    """Check a solution with changes."""
    name = str(rng.choice(INSTANCES))
    path = catalog.instance(name)
    game = load(path)
    concepts = [row.name for row in kinds.kind_of(game).concepts if not row.needs and row.refuses(game) is None]
    claim = _solved(name, str(rng.choice(concepts)))
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        claim = changed(rng, claim)
    (folder / "claim.json").write_text(text_of(rng, claim), encoding="utf-8", errors="surrogatepass")
    if rng.random() < 0.1:
        out = str(folder / "out.png")
        words = ("plot", str(folder / "claim.json"), "--instance", str(path), "--time-limit", LIMIT, "-o", out)
        return Asked(words, out)
    return Asked(("check", str(path), str(folder / "claim.json"), "--time-limit", LIMIT))


_KNOWN: dict[tuple[str, str], Any] = {}


def _solved(name: str, concept: str) -> Any:
    """Return a solution as data."""
    if (name, concept) not in _KNOWN:
        try:
            found = json.loads(solve(load(catalog.instance(name)), concept, time_limit=2).to_json())
        except BigoptError:
            found = {"concept": concept, "solution": {}}
        _KNOWN[name, concept] = found
    return json.loads(json.dumps(_KNOWN[name, concept]))


def _sweep(rng: Rng, folder: Path) -> Asked:
    """Sweep a path that may not be one."""
    name = str(rng.choice(INSTANCES))
    paths = ["weights[0]", "targets[0][0]", "weights", "kind", "[0]", "a" * 300, "alice[0][0]", "x[999999999999]", ""]
    grids = ["0.1:0.9:2", "1,2", "1:2:0", "nan,1", "1:2:99999999999", "x,y", "", "1e400,2", "0.5"]
    said = f"{rng.choice(paths)}={rng.choice(grids)}"
    words = ("sweep", str(catalog.instance(name)), "--set", said, "--out", str(folder / "rows"), "--time-limit", LIMIT)
    return Asked(words)


def _family(rng: Rng, folder: Path) -> Asked:
    """Generate a game with parameters out of reach."""
    families = [family for kind in kinds.KINDS.values() for family in kind.families]
    make = families[int(rng.integers(len(families)))]
    key = str(rng.choice([*inspect.signature(make).parameters, "seed", "nonsense"]))
    value = str(rng.choice(["-1", "0", "1e9", "99999999", "9" * 400, "x", "nan", "1.5", "", "true", "\u202e", "inf"]))
    out = str(folder / "out.json")
    return Asked(("generate", make.__name__.replace("_", "-"), f"--{key.replace('_', '-')}", value, "-o", out), out)


MAKERS: dict[str, Callable[[Rng, Path], Asked]] = {
    "instance": _instance, "bytes": _bytes, "recipe": _recipe, "table": _table, "solution": _solution,
    "sweep": _sweep, "family": _family,
}  # fmt: skip


def fault(number: int) -> tuple[str, str | None]:
    """Give a mutated input to a command; return its words and exit code, and what is wrong, if anything."""
    rng = np.random.default_rng([23, number])
    with tempfile.TemporaryDirectory(prefix="bigopt-fuzz-") as name:
        wanted = asked(rng, Path(name))
        before, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with contextlib.chdir(name):
            result = CliRunner().invoke(app, list(wanted.words))
        seconds = time.process_time() - before
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        words = f"{wanted.words[0]}: {result.exit_code}"
        return words, _wrong(result, wanted, seconds, more)


def _wrong(result: Any, wanted: Asked, seconds: float, more: int) -> str | None:
    said = (result.stderr or "").strip()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{type(result.exception).__name__}: {str(result.exception)[:200]}"
    if result.exit_code not in CODES:
        return f"exit {result.exit_code}: {said[:200]}"
    if "Traceback" in said + result.stdout or "unexpected" in said:
        return f"unexpected: {said[-300:]}"
    if result.exit_code in (2, 5) and (not said or len(said.splitlines()) > 1) and "Usage" not in said:
        return f"{len(said.splitlines())} lines: {said[:300]!r}"
    if any(ord(c) < 32 and c not in "\n\t\r" for c in said + result.stdout):
        return f"control characters: {said[:200]!r}"
    if wanted.output is not None and result.exit_code not in (0, 1, 3, 4) and os.path.exists(wanted.output):
        return f"exit {result.exit_code} and a file"
    if wanted.output is not None and (left := [p for p in os.listdir(Path(wanted.output).parent) if p[0] == "."]):
        return f"left over: {left}"
    if seconds > MOST_SECONDS:
        return f"{seconds:.1f} s of processor time"
    if more > MOST_MEMORY:
        return f"{more / 1e6:.1f} GB more"
    return None


def run(numbers: range, seconds: float = 1e9) -> tuple[Counter[str], list[str]]:
    """Try some inputs; return how many ended how, and the faults."""
    counts: Counter[str] = Counter()
    faults, end = [], time.monotonic() + seconds
    for number in numbers:
        if time.monotonic() > end:
            break
        words, wrong = fault(number)
        counts[words] += 1
        if wrong is not None:
            faults.append(f"{number} {words}: {wrong}")
            print(faults[-1], flush=True)
    return counts, faults


def main() -> int:
    """Run and print the table; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_input", description=__doc__.split(":")[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=1e9)
    given = parser.parse_args()
    counts, faults = run(range(given.first, given.first + given.inputs), given.seconds)
    for words, count in sorted(counts.items()):
        print(f"{words:20} {count}")
    print(f"{counts.total()} inputs, {len(faults)} faults")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
