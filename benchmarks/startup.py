"""What a command costs before it does anything: CPU seconds, user and system, of a process and its children.

Wall clock would measure the neighbours. Bytecode is cached, as it is from a user's second command on; the reference is
an interpreter that imports numpy, so that the ratios hold on other machines too.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.timing import Outcome, Row, paired
from bigopt.places import PACKAGE

EXAMPLE = "big/example-1-opposed"
INTERPRETERS = {
    "import numpy": ("-c", "import numpy"),
    "an empty interpreter": ("-c", "pass"),
    "import bigopt": ("-c", "import bigopt"),
    "bigopt --version": ("-m", "bigopt", "--version"),
    "bigopt --help": ("-m", "bigopt", "--help"),
    "bigopt solve": ("-m", "bigopt", "solve", EXAMPLE),
    "bigopt solve --json": ("-m", "bigopt", "solve", EXAMPLE, "--json"),
}
RUNS = 40  # of a comparison
SMOKE = ("an empty interpreter", "bigopt --version")
TINY = ("big/example-1-same-side", EXAMPLE)


def run(smoke: bool) -> list[Row]:
    """Return the rows; `smoke` starts two processes and a comparison once, with the bytecode that is there."""
    if smoke:
        single = {name: partial(cpu_seconds, "", *INTERPRETERS[name]) for name in SMOKE}
        comparison = {"exact": partial(_comparison, "", 2, "exact", "--reference", "0")}
        return paired("one process", single, repeats=1) + paired("compare, a process a run", comparison, repeats=1)
    with tempfile.TemporaryDirectory() as folder:
        single = {name: partial(cpu_seconds, folder, *words) for name, words in INTERPRETERS.items()}
        rows = paired("one process", single, repeats=9, warm=True)
        _comparison(folder, len(TINY), "highs")  # writes the bytecode
        cases = ((2, "exact"), (RUNS, "exact"), (RUNS, "highs"))
        several = {f"{n} runs, {solver}": partial(_comparison, folder, n, solver) for n, solver in cases}
        return rows + paired("compare, a process a run", several, repeats=1, warm=False)


def cpu_seconds(folder: str, *words: str) -> Outcome:
    """Run an interpreter of this environment; return the CPU seconds of it and of all that it waited for.

    Bytecode is cached in `folder`, "" for where Python has it.
    """
    if not hasattr(os, "wait4"):  # pragma: no cover
        return Outcome("failed", None, note="this system does not count the CPU time of children")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(PACKAGE.parent)
    if folder:
        environment["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, number) for number in (0, 1, 2)]
    pid = os.posix_spawn(sys.executable, [sys.executable, *words], environment, file_actions=streams)
    os.close(nowhere)
    _, status, used = os.wait4(pid, 0)  # children that were waited for count, orphans do not
    code = os.waitstatus_to_exitcode(status)
    seconds = used.ru_utime + used.ru_stime
    return Outcome("done", seconds) if code == 0 else Outcome("failed", seconds, note=f"exit code {code}")


def _comparison(folder: str, runs: int, solver: str, *more: str) -> Outcome:
    """Compare tiny games with a solver whose work is milliseconds: all else is what a run costs."""
    with tempfile.TemporaryDirectory(dir=folder or None) as out:
        repeats = str(runs // len(TINY))
        words = ("compare", *TINY, "--solvers", solver, "--repeat", repeats, "--out", str(Path(out) / "rows"), *more)
        return cpu_seconds(folder, "-m", "bigopt", *words)
