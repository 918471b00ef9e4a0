"""All fits of a table: every nested set, fold, Alice and method, side by side on many cores."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Deadline, silent
from bigopt.errors import UsageError
from bigopt.games.hull.exact.active_set import Fitted, Gram, empty, extended
from bigopt.games.hull.exact.nested import Nested
from bigopt.games.hull.game import UtilityTable

FITTED = ("nnls", "simplex")  # the methods whose weights are fitted
LARGEST = 100_000_000  # weights of one sweep: 0.8 GB
WORTHWHILE = 4_000  # fits for which other processes are started


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
        More weights than fit in memory, with their number.
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
    fits = len(FITTED) * len(sets.parent) * game.folds * alices
    for done, ((f, h, c), found) in enumerate(_all(game, sets, tasks, how, fits, deadline)):
        deadline.check("fitting")
        first, last = sets.chains[c]
        for method, block in zip(FITTED, found, strict=True):
            weights[method][f, h, first:last] = block
        progress("fitting", (done + 1) / len(tasks))
        if told is not None and (done + 1) % (game.folds * alices) == 0:
            told(weights, c + 1)
    return weights


def _all(
    game: UtilityTable, sets: Nested, tasks: list[tuple[int, int, int]], how: How, fits: int, deadline: Deadline
) -> Iterator[tuple[tuple[int, int, int], Any]]:
    """Yield every task with its weights, in order; those that the folder holds are read."""
    folder = _folder(game, sets, how)
    members = sets.members
    if how.jobs == 1 or (fits < WORTHWHILE and not how.dask):
        for task in tasks:
            yield task, _kept(folder, task, lambda task=task: _chain(game, sets, members, task))  # type: ignore[misc]
        return
    with _backend(how):
        run = joblib.Parallel(n_jobs=how.jobs, return_as="generator", batch_size=max(1, len(tasks) // 100))
        calls = (joblib.delayed(_remembered)(folder, game, sets, members, task) for task in tasks)
        yield from zip(tasks, run(calls), strict=True)


def _backend(how: How) -> AbstractContextManager[Any]:
    """Return joblib's backend: its own processes, or the workers of a Dask scheduler."""
    if not how.dask:
        return nullcontext()
    try:
        import distributed
    except ImportError:
        raise UsageError("option dask: distributed is not installed: pip install 'bigopt[dask]'") from None
    distributed.Client(how.dask)
    backend: AbstractContextManager[Any] = joblib.parallel_config(backend="dask")
    return backend


def _remembered(folder: Path | None, game: UtilityTable, sets: Nested, members: Any, task: tuple[int, int, int]) -> Any:
    return _kept(folder, task, lambda: _chain(game, sets, members, task))


def _kept(folder: Path | None, task: tuple[int, int, int], make: Callable[[], tuple[Floats, ...]]) -> Any:
    """Return a task's weights from the folder, or make and keep them."""
    if folder is None:
        return make()
    path = folder / ("-".join(map(str, task)) + ".npz")
    if path.is_file():
        try:
            with np.load(path) as data:
                return tuple(data[method] for method in FITTED)
        except (OSError, ValueError, KeyError, EOFError):  # torn by an end in its midst: made anew
            pass
    found = make()
    torn = path.with_suffix(".part.npz")
    np.savez(torn, allow_pickle=False, **dict(zip(FITTED, found, strict=True)))
    torn.replace(path)
    return found


def _folder(game: UtilityTable, sets: Nested, how: How) -> Path | None:
    """Return the folder of this very sweep below the one that was named; another table has another."""
    if not how.keep:
        return None
    mark = hashlib.sha256()
    for array in (game.scaled_bobs, game.scaled_alices, game.fold_of, sets.parent, sets.added):
        mark.update(np.ascontiguousarray(array).tobytes())
    folder = Path(how.keep) / mark.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"option keep: {how.keep}: {error.strerror}: expected a folder to write to") from None
    return folder


def _chain(game: UtilityTable, sets: Nested, members: Any, task: tuple[int, int, int]) -> tuple[Floats, ...]:
    """Return the weights of one chain of sets in one fold for one Alice: a block [sets][K] a method."""
    fold, h, chain = task
    train, _ = game.split(fold)
    bobs, alice = game.scaled_bobs[train], game.scaled_alices[train, h]
    return tuple(
        _blocks(problem, sets, members, *sets.chains[chain])
        for problem in (Gram.non_negative(bobs, alice), Gram.simplex(bobs, alice))
    )


def _blocks(problem: Gram, sets: Nested, members: Any, first: int, last: int) -> Floats:
    """Fit one chain of sets, each from its parent."""
    fits: list[Fitted] = []
    for s in range(first, last):
        p = int(sets.parent[s])
        start = empty(problem) if p < 0 else fits[p - first]
        fits.append(extended(problem, members[s], start, int(sets.added[s])))
    return np.array([fit.weights for fit in fits])
