"""Run a plan: every task in a process of its own, every result a row on the disk before the next is waited for."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from multiprocessing.pool import ThreadPool
from pathlib import Path

from joblib import Parallel, delayed, effective_n_jobs

from bigopt import places
from bigopt.compare import process
from bigopt.compare.cluster import cluster
from bigopt.compare.forking import Forks, available
from bigopt.compare.machine import machine, versions
from bigopt.compare.plan import Plan, Task, tasks
from bigopt.compare.record import Reference, note_start
from bigopt.compare.rows import UNSUPPORTED, Journal, Row, journal
from bigopt.engine.choose import OURS

START_LIMIT = 120.0  # seconds for the interpreter and the imports, before a run's own clock starts
GRACE = 1.0  # seconds beyond 1.1 x the time limit: the solver's own limit, honoured, must come first
NO_FORKS: Mapping[str, Forks] = {}
WORKER = (sys.executable, "-m", "bigopt.compare.worker")
NOT_IN_ROW = ("source", "content", "options", "refusal")

Report = Callable[[int, int, Row | None], None]


def compare(
    plan: Plan,
    out: str | Path,
    *,
    jobs: int = 1,
    dask: str | None = None,
    rerun_failures: bool = False,
    command: str = "",
    reference: float = 0.0,
    report: Report = lambda done, total, row: None,
) -> list[Row]:
    """Run what of a plan has no row yet, and return the plan's rows.

    Parameters
    ----------
    plan : Plan
    out : path
        The folder of ``rows.jsonl``; what stands there is not run again.
    jobs : int
        How many runs at a time; -1: as many as there are cores.
    dask : str, optional
        The address of a Dask scheduler to send the runs to instead.
    rerun_failures : bool
        Whether to run again what has a row that is not solved (unsupported pairs excepted).
    command : str
        What was typed, for the record.
    reference : float
        Seconds from one run of the reference to the next, on this machine; 0: none.
    report : callable
        ``report(done, total, row)`` at the start (row None) and after every row.

    Raises
    ------
    InstanceError, UsageError
        Bad input, before anything is run; a disk that fails, with every earlier row kept.
    """
    planned = tasks(plan, travel=dask is not None)
    with journal(out) as book:
        todo = [task for task in planned if _wanted(book, task, rerun_failures)]
        done = len(planned) - len(todo)
        report(done, len(planned), None)
        here = {"machine": machine(), "versions": versions()}
        if todo:
            note_start(Path(out), command, jobs, here)
        beside = Reference(Path(out), reference if dask is None and todo else 0.0)
        with closing(_far(todo, dask) if dask is not None else _here(todo, jobs, beside)) as results:
            for row in results:
                book.append(row if dask is not None else row | here)
                done += 1
                report(done, len(planned), row)
        return [book.rows[task["key"]] for task in planned]


def run_task(text: str, forks: Mapping[str, Forks] = NO_FORKS) -> str:
    """Run one task, JSON to JSON, in a process of its own; whatever becomes of it is a row.

    The process is forked from the solver's server, if it has one that works, else it is an interpreter of its own.
    """
    task = json.loads(text)
    row = {name: value for name, value in task.items() if name not in NOT_IN_ROW} | {"options": task["options"]}
    if task["refusal"]:
        row |= {"outcome": "unsupported", "note": task["refusal"], "verified": False}
        return json.dumps(_placed(row, task), default=str)
    given = {name: task[name] for name in ("concept", "solver", "settings", "options", "time_limit", "memory_mb")}
    given["instance"] = task["source"]
    start = time.time()
    limits = {"seconds": 1.1 * task["time_limit"] + GRACE, "memory_mb": task["memory_mb"], "start_limit": START_LIMIT}
    server = forks.get(task["solver"])
    if server is not None and server.usable():
        ended = process.supervise(server.start, json.dumps(given), **limits)
    else:
        ended = process.run(WORKER, json.dumps(given), environment=places.environment(), **limits)
    row["started"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start))
    row |= {"wall": ended.seconds, "peak_mb": ended.peak_mb}
    if ended.outcome == "done":
        answer = json.loads(ended.output.splitlines()[-1])
        row |= {name: value for name, value in answer.items() if value is not None or name != "peak_mb"}
    else:
        row |= {"outcome": ended.outcome, "note": ended.note, "verified": False}
    return json.dumps(_placed(row, task), default=str)


def _placed(row: Row, task: Task) -> Row:
    """Add the machine to the row of a task that travelled; the others share their sender's."""
    return row | {"machine": machine(), "versions": versions()} if "data" in task["source"] else row


def _wanted(book: Journal, task: Task, rerun_failures: bool) -> bool:
    row = book.rows.get(task["key"])
    return row is None or (rerun_failures and row["outcome"] not in ("solved", *UNSUPPORTED))


def _here(todo: Sequence[Task], jobs: int, beside: Reference) -> Generator[Row, None, None]:
    """Yield rows as they come from processes of this machine; a thread waits for each, the reference between them."""
    if not todo:
        return
    several = min(effective_n_jobs(jobs), len(todo))
    with process.ending_all(), _servers([*todo, *beside.tasks]) as forks, ThreadPool(several) as pool:
        run = partial(run_task, forks=forks)

        def next_one(text: str) -> str:
            beside.due(run)
            return run(text)

        for text in pool.imap_unordered(next_one, [json.dumps(task) for task in todo]):
            yield json.loads(text)
        beside.last(run)


@contextmanager
def _servers(todo: Sequence[Task]) -> Iterator[dict[str, Forks]]:
    """Yield the servers that runs are forked from, by solver; none where the system has none.

    Our own algorithms have one to themselves: in the other's children Pyomo would count as their memory.
    """
    found: dict[str, Forks] = {}
    run = [task for task in todo if not task["refusal"]] if available() else []
    with ExitStack() as stack:
        for ours in (True, False):
            tasks = [task for task in run if (task["solver"] == OURS) == ours]
            if tasks:
                server = Forks((task["kind"] for task in tasks), (task["solver"] for task in tasks))
                found |= dict.fromkeys((task["solver"] for task in tasks), stack.enter_context(server))
        yield found


def _far(todo: Sequence[Task], dask: str) -> Generator[Row, None, None]:
    """Yield rows as they come from a Dask cluster, whose workers start an interpreter for each."""
    with cluster(dask):
        parallel = Parallel(n_jobs=-1, return_as="generator_unordered", batch_size=1)
        for text in parallel(delayed(run_task)(json.dumps(task)) for task in todo):
            yield json.loads(text)
