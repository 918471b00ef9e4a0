"""Threads of matrix products: as bigopt limits them, and by numpy's default, idle and beside a busy neighbour.

With a thread a core a product waits for all of its threads, and beside another process for the one that does not run
(`bigopt.engine.blas`). ``python -m benchmarks threads`` uses what the machine has: unset OMP_NUM_THREADS does nothing
here, each interpreter sets its own. Both contenders solve the same game in one interpreter, after both have solved a
small one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.timing import Row, limited, row

PLAYERS, DIMENSION = 100_000, 16
LIMIT = 240.0  # seconds
SETUP = """
import os
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.pop(name, None)  # before numpy is imported: the machine's default
import contextlib, time
import bigopt
from bigopt.engine import blas, finish, solve
from bigopt.files.generate import generate
ways = {{"one thread, as bigopt runs": blas.one_thread, "numpy's default": contextlib.nullcontext}}
def taken(players):
    seconds = {{}}
    for name, way in ways.items():
        game = generate("influencers", players=players, dimension={dimension}, action_set="{action_set}")
        solve.one_thread = finish.one_thread = way
        start = time.perf_counter()
        assert bigopt.solve(game).solved
        seconds[name] = time.perf_counter() - start
    return seconds
taken(100)
"""
WORK = "value = taken({players})"
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
    """Return a row a set, neighbour and number of threads; the smoke has one small game beside a busy neighbour."""
    if smoke:
        return _rows("hull", True, 200)
    return [r for name in ("hull", "simplex") for busy in (False, True) for r in _rows(name, busy, PLAYERS)]


def _rows(action_set: str, busy: bool, players: int) -> list[Row]:
    case = f"{action_set}, n = {players:,}, d = {DIMENSION}, {'a busy neighbour' if busy else 'idle'}"
    setup = SETUP.format(dimension=DIMENSION, action_set=action_set)
    with neighbour(busy):
        outcome = limited(WORK.format(players=players), setup=setup, seconds=LIMIT)
    if not outcome.done:
        return [row(case, "both", outcome)]
    ways = {name: replace(outcome, seconds=seconds) for name, seconds in outcome.value.items()}
    first = next(iter(ways.values()))
    return [row(case, name, way, first) for name, way in ways.items()]
