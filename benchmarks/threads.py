"""Threads of matrix products: as bigopt limits them, and by numpy's default, idle and beside a busy neighbour.

With a thread a core a product waits for all of its threads, and beside another process for the one that does not run
(`bigopt.engine.blas`). ``python -m benchmarks threads`` uses what the machine has: unset OMP_NUM_THREADS does nothing
here, each run sets its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.timing import Outcome, Row, limited, row

PLAYERS, DIMENSION = 100_000, 16
LIMIT = 120.0  # seconds
SETUP = """
import os
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.pop(name, None)  # before numpy is imported: the machine's default
import contextlib
import bigopt
from bigopt.engine import solve as engine
from bigopt.files.generate import generate
game = generate("influencers", players={players}, dimension={dimension}, action_set="{action_set}")
"""
FREE = "engine.one_thread = contextlib.nullcontext\n"
WORK = "value = bool(bigopt.solve(game).solved)"
CONTENDERS = {"one thread, as bigopt runs": "", "numpy's default": FREE}
SPIN = "while True: pass"


@contextmanager
def neighbour(busy: bool) -> Iterator[None]:
    """Keep one core busy."""
    if not busy:
        yield
        return
    spinning = subprocess.Popen([sys.executable, "-c", SPIN])
    try:
        yield
    finally:
        spinning.kill()
        spinning.wait()


def run(smoke: bool) -> list[Row]:
    """Return a row a set, neighbour and number of threads."""
    players = 200 if smoke else PLAYERS
    rows = []
    for action_set in ("hull",) if smoke else ("hull", "simplex"):
        for busy in (False, True):
            case = f"{action_set}, n = {players:,}, d = {DIMENSION}, {'a busy neighbour' if busy else 'idle'}"
            first: Outcome | None = None
            for name, change in CONTENDERS.items():
                setup = SETUP.format(players=players, dimension=DIMENSION, action_set=action_set) + change
                with neighbour(busy):
                    outcome = limited(WORK, setup=setup, seconds=LIMIT)
                first = first or outcome
                rows.append(row(case, name, outcome, first))
    return rows
