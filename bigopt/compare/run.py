"""Run a plan: every task in a process of its own, every result a row on the disk before the next is waited for."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from bigopt.compare import process
from bigopt.compare.machine import machine, versions
from bigopt.compare.plan import Plan, Task, tasks
from bigopt.compare.rows import UNSUPPORTED, Journal, Row, journal
from bigopt.errors import SolverNotFound, UsageError
from bigopt.places import PACKAGE

START_LIMIT = 120.0  # seconds for the interpreter and the imports, before a run's own clock starts
GRACE = 1.0  # seconds beyond 1.1 x the time limit: the solver's own limit, honoured, must come first
NOT_IN_ROW = ("source", "content", "options", "refusal")

Report = Callable[[int, int, Row | None], None]


def compare(
    plan: Plan,
    out: str | Path,
    *,
    jobs: int = 1,
    dask: str | None = None,
    rerun_failures: bool = False,
    report: Report = lambda done, total, row: None,
) -> list[Row]:
    """Run what of a plan has no row yet, and return the plan's rows.

    Parameters
    ----------
    plan : Plan
    out : path
        The folder of ``rows.jsonl``; what stands there is not run again.
    jobs : int
        How many runs at a time, in joblib's processes.
    dask : str, optional
        The address of a Dask scheduler to send the runs to instead.
    rerun_failures : bool
        Whether to run again what has a row that is not solved (unsupported pairs excepted).
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
        with _backend(dask, jobs), closing(_results(todo, jobs, dask)) as results:
            for row in results:
                book.append(row if dask is not None else row | here)
                done += 1
                report(done, len(planned), row)
        return [book.rows[task["key"]] for task in planned]


def run_task(text: str) -> str:
    """Run one task, JSON to JSON, in a process of its own; whatever becomes of it is a row."""
    task = json.loads(text)
    row = {name: value for name, value in task.items() if name not in NOT_IN_ROW} | {"options": task["options"]}
    if task["refusal"]:
        row |= {"outcome": "unsupported", "note": task["refusal"], "verified": False}
        return json.dumps(_placed(row, task), default=str)
    given = {name: task[name] for name in ("concept", "solver", "settings", "options", "time_limit", "memory_mb")}
    given["instance"] = task["source"]
    start = time.time()
    ended = process.run(
        [sys.executable, "-m", "bigopt.compare.worker"],
        json.dumps(given),
        seconds=1.1 * task["time_limit"] + GRACE,
        memory_mb=task["memory_mb"],
        start_limit=START_LIMIT,
        environment=os.environ | {"PYTHONPATH": _python_path()},
    )
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


def _results(todo: Sequence[Task], jobs: int, dask: str | None) -> Generator[Row, None, None]:
    """Yield rows as they come."""
    if not todo:
        return
    texts = [json.dumps(task) for task in todo]
    parallel = Parallel(n_jobs=-1 if dask else jobs, return_as="generator_unordered", batch_size=1)
    try:
        for text in parallel(delayed(run_task)(text) for text in texts):
            yield json.loads(text)
    except BaseException:  # a signal, or a disk that is full: nobody will read what is still running
        if dask is None and jobs != 1:
            get_reusable_executor().shutdown(wait=False, kill_workers=True)
        raise


@contextmanager
def _backend(dask: str | None, jobs: int) -> Iterator[None]:
    """Choose joblib's backend: the user's Dask scheduler, or processes of this machine."""
    if dask is None:
        with parallel_config(backend="loky", n_jobs=jobs):
            yield
        return
    try:
        from dask.distributed import Client
    except ImportError:
        raise SolverNotFound("--dask: Dask is not installed: pip install 'bigopt[dask]'") from None
    try:
        client = Client(dask, timeout=5, set_as_default=True)
    except (OSError, ValueError, TimeoutError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"--dask {dask}: {first[:120]}: give the address of a running scheduler") from None
    with client, parallel_config(backend="dask"):
        yield


def _python_path() -> str:
    """Return the module path on which a worker finds this very package."""
    return os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
