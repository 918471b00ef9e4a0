"""One run in its own process: a task as JSON on standard input, a row as JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bigopt.compare import process
from bigopt.solvers.limited import die_with_parent

INFEASIBLE = ("provenInfeasible", "locallyInfeasible", "infeasibleOrUnbounded", "unbounded")


def main() -> None:
    """Read the task, solve it, print what came of it; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    task = json.load(sys.stdin)
    die_with_parent()
    process.limit_memory(task["memory_mb"])
    print(file=answers, flush=True)  # the first byte starts the hard clock
    print(json.dumps(perform(task), default=str), file=answers, flush=True)
    answers.close()
    os._exit(0)  # a solver that crashes while it is torn down has already answered


def perform(task: Mapping[str, Any]) -> dict[str, Any]:
    """Solve a task and return the fields of its row."""
    from bigopt import errors
    from bigopt.engine.solve import solve

    start = time.perf_counter()
    try:
        game = game_of(task["instance"])
        loaded = time.perf_counter()
        solution = solve(
            game,
            task["concept"],
            task["solver"],
            time_limit=task["time_limit"],
            options=task["options"],
            settings=task["settings"],
        )
    except errors.UnsupportedProblem as error:
        return {"outcome": "unsupported", "note": str(error)}
    except errors.SolverBroken as error:
        return {"outcome": "does not work", "note": str(error)}
    except errors.SolverNotFound as error:
        return {"outcome": "not installed", "note": str(error)}
    except (errors.LimitReached, MemoryError) as error:
        kind = "memory limit" if isinstance(error, MemoryError) or "memory" in str(error) else "time limit"
        return {"outcome": kind, "note": str(error), "peak_mb": process.resident_peak()}
    except errors.BigoptError as error:
        return {"outcome": "refused", "note": str(error)}
    except Exception as error:  # a solver's binding may raise anything; the row names it
        return {"outcome": "failed", "note": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
    return _row(solution, {"load": loaded - start, **solution.seconds, "total": time.perf_counter() - loaded})


def _row(solution: Any, took: Mapping[str, float]) -> dict[str, Any]:
    """Return the fields of the row of a solution."""
    from bigopt.concepts.solution import plain

    certificate = solution.certificate
    row: dict[str, Any] = plain(
        {
            "outcome": outcome_of(solution),
            "model": solution.model,
            "used": solution.solver.name,
            "solver_options": solution.solver.options,
            **asdict(solution.outcome),
            "verified": certificate.verified,
            "certificate": certificate.to_dict(),
            "seconds": took,
            "peak_mb": process.resident_peak(),
            "note": str(solution.solver.options.get("message", "")),
        }
    )
    return row


def outcome_of(solution: Any) -> str:
    """Return what a solution is worth: only what the certificate confirms is "solved"."""
    if solution.solved:
        return "solved"
    if solution.outcome.stopped in INFEASIBLE:
        return "infeasible"
    if solution.exit_code == 4:
        return "time limit" if solution.outcome.stopped == "maxTimeLimit" else "other limit"
    if solution.certificate.failed:
        return "wrong" if solution.outcome.holds == "optimal" else "unproved"
    return "failed"


def game_of(source: Mapping[str, Any]) -> Any:
    """Return the game of a task: from a file here, or from the data that travelled with it."""
    from bigopt.files import instance

    if "path" in source:
        return instance.read(source["path"]).game
    return instance.parse(source["data"], Path(source["name"])).game


if __name__ == "__main__":
    main()
