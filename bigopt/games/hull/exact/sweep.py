"""All fits of a table: every nested set, fold, Alice and method, side by side on many cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts import Deadline, silent
from bigopt.errors import UsageError
from bigopt.games.hull.exact.active_set import Fitted, Gram, empty, extended
from bigopt.games.hull.exact.keeping import Blocks, Keep, Task
from bigopt.games.hull.exact.nested import Nested
from bigopt.games.hull.exact.workers import workers
from bigopt.games.hull.game import UtilityTable

FITTED = ("nnls", "simplex")  # the methods whose weights are fitted
LARGEST = 100_000_000  # weights of one sweep: 0.8 GB
WORTHWHILE = 4_000  # fits for which other processes are started
BATCHES = 100  # the tasks are handed out in so many parts


@dataclass(frozen=True)
class How:
    """Where a sweep runs and what it keeps: processes (-1: one a core), a Dask scheduler, a folder to go on from."""

    jobs: int = -1
    dask: str = ""
    keep: str = ""


def sweep(
    game: UtilityTable,
    sets: Nested,
    how: How,
    deadline: Deadline,
    progress: Callable[..., None] = silent,
    told: Callable[[dict[str, Floats], int], None] | None = None,
) -> dict[str, Floats]:
    """Return the weights of every method, shape [folds][H][sets][K]; the same for any number of processes.

    Chain after chain in all folds and for all Alices; `told` is handed the weights and how many chains have ended.

    Raises
    ------
    UsageError
        More weights than fit in memory, with their number; a scheduler that does not answer.
    LimitReached
    """
    alices = game.alices.shape[1]
    shape = (game.folds, alices, len(sets.parent), game.count)
    count = len(FITTED) * int(np.prod(shape, dtype=object))
    if count > LARGEST:
        raise UsageError(
            f"{count} weights, more than the {LARGEST} that are kept: lower permutations, or --option most"
        )
    weights = {method: np.zeros(shape) for method in FITTED}
    tasks = [(f, h, c) for c in range(len(sets.chains)) for f in range(game.folds) for h in range(alices)]
    keep = Keep.below(how.keep, game, sets)
    left = np.full(len(sets.chains) + 1, game.folds * alices)  # of each chain; a last one that never ends
    done, missing = 0, []

    def put(task: Task, blocks: Blocks) -> None:
        nonlocal done
        deadline.check("fitting")
        first, last = sets.chains[task[2]]
        for method, block in zip(FITTED, blocks, strict=True):
            weights[method][task[0], task[1], first:last] = block
        done += 1
        left[task[2]] -= 1
        progress("fitting", done / len(tasks))
        ended = int((left > 0).argmax())
        if told is not None and ended:
            told(weights, ended)

    for task in tasks:
        kept = keep.read(task, FITTED)
        if kept is None:
            missing.append(task)
        else:
            put(task, kept)
    for task, blocks in zip(missing, _fitted(game, sets, missing, how, deadline), strict=True):
        keep.write(task, FITTED, blocks)
        put(task, blocks)
    return weights


def _fitted(game: UtilityTable, sets: Nested, tasks: list[Task], how: How, deadline: Deadline) -> Iterator[Blocks]:
    """Yield the weights of every task, in order."""
    calls = _calls(game, sets, tasks)
    if how.jobs == 1 or (len(FITTED) * len(tasks) * sets.longest < WORTHWHILE and not how.dask):
        yield from (_chain(*call) for call in calls)
        return
    import joblib  # where it is not asked for, games are solved without: a browser has no processes

    with workers(how.dask, deadline):
        run = joblib.Parallel(n_jobs=how.jobs, return_as="generator", batch_size=max(1, len(tasks) // BATCHES))
        yield from run(joblib.delayed(_chain)(*call) for call in calls)


def _calls(game: UtilityTable, sets: Nested, tasks: list[Task]) -> Iterator[tuple[tuple[Gram, ...], Ints, Ints]]:
    """Yield what `_chain` needs for every task: Gram matrices instead of tables, so that little is sent."""
    before: tuple[int, int] = (-1, -1)
    problems: tuple[Gram, ...] = ()
    for fold, h, chain in tasks:
        if (fold, h) != before:
            before, problems = (fold, h), _problems(game, fold, h)
        first, last = sets.chains[chain]
        yield problems, np.maximum(sets.parent[first:last] - first, -1), sets.added[first:last]


def _problems(game: UtilityTable, fold: int, h: int) -> tuple[Gram, ...]:
    """Return the problems of both methods in one fold for one Alice."""
    train, _ = game.split(fold)
    bobs, alice = game.scaled_bobs[train], game.scaled_alices[train, h]
    return Gram.non_negative(bobs, alice), Gram.simplex(bobs, alice)


def _chain(problems: tuple[Gram, ...], parent: Ints, added: Ints) -> Blocks:
    """Return the weights of one chain of sets: a block [sets][K] a method."""
    return tuple(_block(problem, parent.tolist(), added.tolist()) for problem in problems)


def _block(problem: Gram, parent: list[int], added: list[int]) -> Floats:
    """Fit one chain of sets, each from its parent (-1: the empty set)."""
    nothing = np.zeros(len(problem.linear), dtype=bool), empty(problem)
    fits: list[tuple[Any, Fitted]] = []
    for p, j in zip(parent, added, strict=True):
        inside, start = nothing if p < 0 else fits[p]
        inside = inside.copy()
        inside[j] = True
        fits.append((inside, extended(problem, inside, start, j)))
    return np.array([fit.weights for _, fit in fits])
