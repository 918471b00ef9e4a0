"""A table of scores to a game: a column a model (wide), or a line a score (long)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.columns import Columns, column, numeric
from bigopt.errors import InstanceError
from bigopt.games.hull.game import LARGEST, UtilityTable


def table(
    columns: Columns,
    name: str,
    *,
    alice: str = "alice",
    group: str = "",
    bobs: str = "",
    row: str = "",
    model: str = "",
    value: str = "",
    missing: str = "refuse",
    folds: int = 5,
    permutations: int = 100,
    seed: int = 0,
) -> tuple[UtilityTable, list[str]]:
    """Return the game of a table, and what was done about odd cells.

    Wide: `alice` names her column (several, separated by commas, for several Alices), `group` that of the question,
    `bobs` those of the models (default: all others). Long: `row`, `model` and `value` name the columns of a line's
    outcome, model and score, and `alice` is one of the models. `missing` is refuse, or drop: leave those rows out.

    Raises
    ------
    InstanceError
        A column that is not there, a cell that is no number, values that are missing.
    """
    if missing not in ("refuse", "drop"):
        raise InstanceError(f"--missing {missing[:20]!r}, expected refuse or drop")
    long = [flag for flag in (row, model, value) if flag]
    if long and len(long) < 3:
        raise InstanceError("--row, --model and --value belong together: give all three for a long table")
    if long:
        columns = _widened(columns, row, model, value, group)
        group = group and GROUP
    humans = [each.strip() for each in alice.split(",")]
    others = [each.strip() for each in bobs.split(",")] if bobs else [c for c in columns if c not in (*humans, group)]
    if not others:
        raise InstanceError("no column is left for the Bobs, expected at least one beside Alice's")
    alices = np.column_stack([numeric(columns, each) for each in humans])
    scores = np.column_stack([numeric(columns, each) for each in others])
    groups = _numbered(column(columns, group)) if group else None
    gaps = np.asarray(np.isnan(alices).any(axis=1) | np.isnan(scores).any(axis=1))
    notes = []
    if gaps.any():
        notes = [_judged(gaps, alices, scores, humans + others, missing)]
        alices, scores = alices[~gaps], scores[~gaps]
        groups = None if groups is None else groups[~gaps]
    one = alices[:, 0] if len(humans) == 1 else alices
    game = UtilityTable(one, scores, groups, tuple(others), folds, permutations, seed, name)
    return game, notes


GROUP = "(group)"


def _judged(gaps: np.typing.NDArray[np.bool_], alices: Floats, scores: Floats, names: list[str], missing: str) -> str:
    """Refuse missing values with the first one, or say how many rows are left out for them."""
    first = int(np.flatnonzero(gaps)[0])
    where = names[int(np.flatnonzero(np.isnan(np.r_[alices[first], scores[first]]))[0])]
    if missing == "refuse":
        raise InstanceError(
            f"column {where[:40]!r}, row {first}: missing, as in {int(gaps.sum())} of {len(gaps)} rows:"
            " fill them, or leave those rows out with --missing drop"
        )
    if gaps.all():
        raise InstanceError("every row has a missing value: choose columns with --bobs")
    return f"{int(gaps.sum())} of {len(gaps)} rows are left out: they have missing values"


def _numbered(labels: np.typing.NDArray[Any]) -> Ints:
    """Return the groups' labels as whole numbers, in the order in which they come."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(str(label), len(known)) for label in labels.tolist()], dtype=np.int64)


def _widened(columns: Columns, row: str, model: str, value: str, group: str) -> Columns:
    """Return a long table with a column a model; what no line gives is missing, what two lines give is refused."""
    outcomes, models = _numbered(column(columns, row)), _numbered(column(columns, model))
    names = list(dict.fromkeys(str(each) for each in column(columns, model).tolist()))
    cells = (int(outcomes.max()) + 1) * len(names)
    if cells > LARGEST:
        raise InstanceError(f"{cells} cells, expected at most {LARGEST}: take fewer rows or models")
    wide = np.full((int(outcomes.max()) + 1, len(names)), np.nan)
    twice = np.unique(outcomes * len(names) + models, return_counts=True)[1].max()
    if twice > 1:
        raise InstanceError(f"columns {row!r} and {model!r}: one pair stands on {twice} lines, expected one")
    wide[outcomes, models] = numeric(columns, value)
    found: dict[str, Any] = {name: wide[:, j] for j, name in enumerate(names)}
    if group:
        labels = np.empty(len(wide), dtype=object)
        labels[outcomes] = column(columns, group)
        found[GROUP] = labels
    return found
