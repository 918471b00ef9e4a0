"""Finished fits in a folder, to go on from after an end; written by the process that asks, wherever they were made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.hull.exact.nested import Nested
from bigopt.games.hull.game import UtilityTable

Task = tuple[int, int, int]  # fold, Alice, chain of sets
Blocks = tuple[Floats, ...]  # weights [sets][K] a method


@dataclass(frozen=True)
class Keep:
    """The folder of one sweep; None keeps nothing."""

    folder: Path | None

    @classmethod
    def below(cls, place: str, game: UtilityTable, sets: Nested) -> Keep:
        """Return the folder of this very sweep below `place` ("" for none); another table has another."""
        if not place:
            return cls(None)
        mark = hashlib.sha256()
        for array in (game.scaled_bobs, game.scaled_alices, game.fold_of, sets.parent, sets.added):
            mark.update(np.ascontiguousarray(array).tobytes())
        folder = Path(place) / mark.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"option keep: {place}: {error.strerror}: expected a folder to write to") from None
        return cls(folder)

    def read(self, task: Task, methods: tuple[str, ...]) -> Blocks | None:
        """Return a task's weights, None where they are not there or torn by an end in the midst of writing."""
        if self.folder is None:
            return None
        try:
            with np.load(self._path(task), allow_pickle=False) as data:
                return tuple(data[method] for method in methods)
        except (OSError, ValueError, KeyError, EOFError):
            return None

    def write(self, task: Task, methods: tuple[str, ...], blocks: Blocks) -> None:
        """Keep a task's weights: whole, or not at all."""
        if self.folder is None:
            return
        path = self._path(task)
        torn = path.with_suffix(".part.npz")
        try:
            np.savez(torn, allow_pickle=False, **dict(zip(methods, blocks, strict=True)))
            torn.replace(path)
        except OSError as error:
            raise UsageError(f"option keep: {path}: {error.strerror}: choose another folder") from None

    def _path(self, task: Task) -> Path:
        assert self.folder is not None
        return self.folder / ("-".join(map(str, task)) + ".npz")
