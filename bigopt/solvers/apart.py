"""Run a function in a fresh interpreter: for libraries that cannot share a process with HiGHS or others."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bigopt.places import environment

CODE = "from bigopt.solvers.apart import serve; serve()"
GRACE = 1.0  # seconds past a solver's own limit


def apart(function: Callable[..., Any], *arguments: Any, seconds: float | None) -> Any:
    """Return ``function(*arguments)`` from a fresh interpreter; None where it took much longer than `seconds`.

    What it prints goes to stderr. Function, arguments and result must pickle; a `BigoptError` is raised again.

    Raises
    ------
    RuntimeError
        The process ended without a result; the message is the last line that it wrote.
    """
    limit = None if seconds is None else seconds + GRACE
    try:
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            input=pickle.dumps((function, arguments)),
            capture_output=True,
            env=environment(),
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return None
    said = done.stderr.decode(errors="replace")
    if done.returncode or not done.stdout:
        raise RuntimeError((said.strip().splitlines() or [f"exit {done.returncode}"])[-1])
    sys.stderr.write(said)
    result = pickle.loads(done.stdout)
    if isinstance(result, Exception):
        raise result
    return result


def serve() -> None:
    """Read a call from stdin, write its result to what stdout was; stdout itself is stderr from here on."""
    from bigopt.errors import BigoptError

    result_to = os.dup(1)
    os.dup2(2, 1)
    function, arguments = pickle.load(sys.stdin.buffer)
    try:
        result = function(*arguments)
    except BigoptError as error:
        result = error
    with os.fdopen(result_to, "wb") as stream:
        pickle.dump(result, stream)
