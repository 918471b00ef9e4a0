"""A table of utilities: Alice's (or several Alices'), and those of many Bobs, over the same outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats, Ints, numbers, whole
from bigopt.concepts.game import BaseGame
from bigopt.errors import InstanceError

LARGEST = 50_000_000  # cells of one table: 0.4 GB
LARGEST_VALUE = 1e60  # squares of squares of larger utilities overflow
LEAST_SPREAD = 1e-60  # and squares of smaller ones vanish
SUBSETS = 10  # Bobs up to which all subsets are fitted


@dataclass(frozen=True, eq=False, repr=False)
class UtilityTable(BaseGame):
    r"""Utilities of Alice and of many Bobs, for asking whether a combination of the Bobs comes near her (Section 6).

    The combinations are :math:`\sum_j w_j U_j` with :math:`w \ge 0` (NNLS), and with :math:`\sum_j w_j = 1` besides
    (simplex), without an offset.

    Parameters
    ----------
    alice : array [N] or [N][H]
        Alice's utility of every outcome, or that of H Alices.
    bobs : array [N][K]
    groups : whole numbers [N], optional
        Rows of one group (the answers of one question) stay in one fold, and are scaled by one over the root of their
        number.
    names : sequence of str [K], optional
    folds, permutations, seed : int
        The cross-validation; one fold measures in sample.
    name : str

    Arguments of the methods
    ------------------------
    fold : int
        From 0 to folds - 1.

    Raises
    ------
    InstanceError
        Names the first entry that is not as expected.
    """

    alice: Floats
    bobs: Floats
    groups: Ints | None = None
    names: Sequence[str] = ()
    folds: int = 5
    permutations: int = 100
    seed: int = 0
    name: str = "hull"
    kind: ClassVar[str] = "hull"

    if TYPE_CHECKING:  # anything array-like is taken, and kept as checked arrays

        def __init__(
            self,
            alice: npt.ArrayLike,
            bobs: npt.ArrayLike,
            groups: npt.ArrayLike | None = None,
            names: Sequence[str] = (),
            folds: int = 5,
            permutations: int = 100,
            seed: int = 0,
            name: str = "hull",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check and freeze the data."""
        bobs = _table(self.bobs, "bobs", ("row", "Bob"))
        n, k = bobs.shape
        given = np.asarray(self.alice, dtype=object) if not isinstance(self.alice, np.ndarray) else self.alice
        if given.ndim == 2:
            alice = numbers(self.alice, "alice", (n, None), ("row of the Bobs", "Alice"))
        else:
            alice = numbers(self.alice, "alice", (n,), ("row of the Bobs",))
        for field, low, high in (("folds", 1, n), ("permutations", 1, 10**6), ("seed", 0, 2**63 - 1)):
            _check_whole(getattr(self, field), field, low, high, n)
        groups = None if self.groups is None else whole(self.groups, "groups", (n,), ("row",))
        names = _names(self.names, k)
        fields = {"alice": alice, "bobs": bobs, "groups": groups, "names": names}
        for key, value in fields.items():
            object.__setattr__(self, key, value)
        for path, table in (("alice", self.alices), ("bobs", bobs)):
            _check_sizes(table, path)
        flat = np.flatnonzero(np.ptp(self.alices, axis=0) < LEAST_SPREAD)
        if len(flat):
            where = f"alice[...][{flat[0]}]" if alice.ndim == 2 else "alice"
            raise InstanceError(f"{where}: {self.alices[0, flat[0]]:g} in every row, expected utilities that differ")
        if groups is not None and len(np.unique(groups)) < self.folds:
            raise InstanceError(
                f"groups: {len(np.unique(groups))} different ones, expected at least {self.folds} (one a fold): a group"
                " is not split, lower folds"
            )

    @property
    def alices(self) -> Floats:
        """Alice's utilities with one column an Alice, shape [N][H]."""
        return self.alice if self.alice.ndim == 2 else self.alice[:, None]

    def outcome_utilities(self) -> tuple[Floats, Floats]:
        """Return the first Alice's utilities [N] and the Bobs' [K, N], for concepts about outcomes."""
        return self.alices[:, 0], self.bobs.T

    @property
    def rows(self) -> int:
        """N."""
        return len(self.bobs)

    @property
    def count(self) -> int:
        """K, the number of Bobs."""
        return int(self.bobs.shape[1])

    @cached_property
    def scale(self) -> Floats:
        """What every row is multiplied by: one over the root of the size of its group, else 1; shape [N]."""
        if self.groups is None:
            return np.ones(self.rows)
        _, place, sizes = np.unique(self.groups, return_inverse=True, return_counts=True)
        return np.asarray(1.0 / np.sqrt(sizes[place.ravel()]))

    @cached_property
    def scaled_bobs(self) -> Floats:
        """The Bobs' utilities as they are fitted, shape [N][K]."""
        return self.bobs * self.scale[:, None]

    @cached_property
    def scaled_alices(self) -> Floats:
        """The Alices' utilities as they are fitted, shape [N][H]."""
        return self.alices * self.scale[:, None]

    @cached_property
    def fold_of(self) -> Ints:
        """The fold of every row, by the seed; rows of one group share it."""
        units = np.arange(self.rows) if self.groups is None else np.unique(self.groups, return_inverse=True)[1].ravel()
        count = int(units.max()) + 1
        order = np.random.default_rng([self.seed, 1]).permutation(count)
        fold = np.empty(count, dtype=np.int64)
        fold[order] = np.arange(count) * self.folds // count
        return fold[units]

    def split(self, fold: int) -> tuple[Ints, Ints]:
        """Return the rows that are fitted and those that are held out; the same rows where there is one fold."""
        held = self.fold_of == fold
        return np.flatnonzero(~held if self.folds > 1 else held), np.flatnonzero(held)

    def axes(self) -> dict[str, Sequence[Any]]:
        """Return the names along the axes of data and fields, by the letter of their shapes."""
        return {"K": self.names} if self.names else {}

    def describe(self) -> str:
        """Return the table in one line, with what is odd about it."""
        alices = f"{self.alices.shape[1]} Alices" if self.alice.ndim == 2 else "Alice"
        grouped = "" if self.groups is None else f" in {len(np.unique(self.groups))} groups"
        odd = [text for text in (_copies(self.bobs), _constant(self.bobs)) if text]
        return f"{alices} and {self.count} Bobs over {self.rows} outcomes{grouped}" + "".join(f"; {o}" for o in odd)

    @classmethod
    def from_instance(cls, data: Mapping[str, Any], name: str) -> UtilityTable:
        """Return the table that an instance file's keys describe."""
        return cls(name=name, **data)

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys of an instance file."""
        data: dict[str, Any] = {"alice": self.alice.tolist(), "bobs": self.bobs.tolist()}
        if self.groups is not None:
            data["groups"] = self.groups.tolist()
        if self.names:
            data["names"] = list(self.names)
        return data | {"folds": self.folds, "permutations": self.permutations, "seed": self.seed}


def _table(value: Any, path: str, per: tuple[str, str]) -> Floats:
    """Return a table, refused with its size where it has more cells than fit."""
    shape = getattr(value, "shape", None)
    cells = int(np.prod(shape, dtype=object)) if shape else len(value) * len(value[0]) if _nested(value) else 0
    if cells > LARGEST:
        raise InstanceError(f"{path}: {cells} cells, expected at most {LARGEST}: take fewer rows or Bobs")
    return numbers(value, path, (None, None), per)


def _check_sizes(table: Floats, path: str) -> None:
    """Refuse utilities whose squares no float holds."""
    large = np.argwhere(np.abs(table) > LARGEST_VALUE)
    if len(large):
        row, column = large[0]
        raise InstanceError(f"{path}[{row}]: {table[row, column]:g}, expected a size of at most {LARGEST_VALUE:g}")


def _nested(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > 0 and isinstance(value[0], (list, tuple))


def _check_whole(value: Any, path: str, low: int, high: int, rows: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        most = f"{high} (one row a fold)" if path == "folds" and high == rows else str(high)
        raise InstanceError(f"{path}: {str(value)[:40]}, expected a whole number from {low} to {most}")


def _names(value: Any, count: int) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or (value and len(value) != count):
        found = f"{len(value)} names" if isinstance(value, (list, tuple)) else repr(str(value)[:40])
        raise InstanceError(f"names: {found}, expected {count} (one a Bob)")
    for j, each in enumerate(value):
        if not isinstance(each, str):
            raise InstanceError(f"names[{j}]: {str(each)[:40]!r}, expected a text")
    return tuple(value)


def _copies(bobs: Floats) -> str:
    """Say how many Bobs are copies of an earlier one."""
    copies = bobs.shape[1] - len(np.unique(bobs, axis=1).T)
    return f"{copies} of the Bobs are copies of others" if copies else ""


def _constant(bobs: Floats) -> str:
    """Say how many Bobs give every outcome the same utility."""
    flat = int((np.ptp(bobs, axis=0) == 0).sum())
    return f"{flat} of the Bobs are constant" if flat else ""
