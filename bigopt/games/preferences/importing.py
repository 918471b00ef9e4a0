"""A table of labelled pairs to a game: a line a comparison, by whom, of what, and which was preferred."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bigopt.action_sets import Box
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.columns import Columns, column, numeric
from bigopt.arithmetic.counting import counted
from bigopt.errors import InstanceError, SolverFailed
from bigopt.games.preferences.comparisons import affine
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.game import Preferences

FIRST = re.compile(r"y_(\d+)")
SECOND = re.compile(r"(?:y'|y_prime)_(\d+)")
TIE = 0.5
NAMED = 8  # players whose names are said


def table(
    columns: Columns,
    name: str,
    *,
    player: str = "player",
    label: str = "label",
    lower: float = float("nan"),
    upper: float = float("nan"),
    missing: str = "refuse",
    ties: str = "refuse",
    seed: int = 0,
) -> tuple[Preferences, list[str]]:
    """Return the game of a table, and what was done about odd rows.

    Columns: `player` (any names), y_1 .. y_d, y'_1 .. y'_d (or y_prime_1 ..), and `label`: 1 where y is preferred, 0
    where y' is, 0.5 for a tie. A player's target is the ideal point that fits its own labels best within the action
    set: the box from `lower` to `upper` in each coordinate, by default the smallest around all responses. `missing` and
    `ties` are refuse, or drop: leave those rows out.

    Raises
    ------
    InstanceError
        A column that is not there, a cell that is no number, a label that is none, values that are missing.
    """
    for flag, value in (("missing", missing), ("ties", ties)):
        if value not in ("refuse", "drop"):
            raise InstanceError(f"--{flag} {value[:20]!r}, expected refuse or drop")
    y, y_prime = _responses(columns, FIRST, "y_1"), _responses(columns, SECOND, "y'_1")
    if y.shape != y_prime.shape:
        raise InstanceError(f"{y.shape[1]} columns y_k and {y_prime.shape[1]} columns y'_k, expected equally many")
    labels, (players, names) = numeric(columns, label), _numbered(column(columns, player))
    notes: list[str] = []
    gaps = np.isnan(y).any(axis=1) | np.isnan(y_prime).any(axis=1) | np.isnan(labels) | (players < 0)
    keep = _kept(~gaps, "have missing values", "missing", missing, notes)
    keep &= _kept(~(keep & (labels == TIE)), "are ties (0.5)", "ties", ties, notes)
    wrong = np.flatnonzero(keep & (labels != 0) & (labels != 1))
    if len(wrong):
        row = int(wrong[0])
        raise InstanceError(
            f"column {label!r}, row {row}: {labels[row]:g}, expected 1 (y preferred) or 0 (y' preferred)"
        )
    if not keep.any():
        raise InstanceError("no row is left, expected at least one comparison")
    present, players = np.unique(players[keep], return_inverse=True)
    y, y_prime, labels = y[keep], y_prime[keep], labels[keep]
    notes += _noise(y, y_prime, labels, players)
    notes += _who([names[i] for i in present.tolist()])
    box = _box(np.vstack([y, y_prime]), lower, upper)
    targets = _targets(y, y_prime, labels, players, box, notes)
    known = {"player": players, "y": y, "y_prime": y_prime, "label": labels}
    return Preferences(targets, box, seed=seed, comparisons=known, name=name), notes


def _responses(columns: Columns, pattern: re.Pattern[str], first: str) -> Floats:
    """Return the columns of a response in the order of their numbers, shape (N, d)."""
    found = {int(match[1]): name for name in columns if (match := pattern.fullmatch(name.strip()))}
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise InstanceError(f"columns {first}, ...: {len(found)} in the table, expected them numbered 1, 2, ...")
    return np.column_stack([numeric(columns, found[k]) for k in sorted(found)])


def _numbered(cells: Any) -> tuple[Ints, list[str]]:
    """Return the players as whole numbers in the order in which they come, -1 where none is named, and their names."""
    known: dict[str, int] = {}
    texts = ["" if cell is None or cell != cell else _text(cell) for cell in cells.tolist()]
    found = [known.setdefault(text, len(known)) if text else -1 for text in texts]
    return np.array(found, dtype=np.int64), list(known)


def _text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def _kept(good: Any, what: str, flag: str, choice: str, notes: list[str]) -> Any:
    """Refuse odd rows with the first one, or say how many are left out; return the good ones."""
    odd = np.flatnonzero(~good)
    if len(odd) and choice == "refuse":
        raise InstanceError(
            f"row {odd[0]}: {len(odd)} of {len(good)} rows {what}: mend them, or leave them out with --{flag} drop"
        )
    if len(odd):
        notes.append(f"{len(odd)} of {len(good)} rows are left out: they {what}")
    return good


def _noise(y: Floats, y_prime: Floats, labels: Floats, players: Any) -> list[str]:
    """Say how many comparisons tell nothing, and how many repeated ones contradict each other."""
    notes = []
    alike = int((y == y_prime).all(axis=1).sum())
    if alike:
        what = "comparison is" if alike == 1 else "comparisons are"
        notes.append(f"{alike} {what} of a response with itself: nothing is told, and nothing is left out")
    rows = np.column_stack([players, y, y_prime])
    _, where, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    ones = counted(where.ravel(), labels)
    twice = counts > 1
    if twice.any():
        torn = int((twice & (ones > 0) & (ones < counts)).sum())
        notes.append(f"{int(twice.sum())} pairs are labelled several times by one player, {torn} of them both ways")
    return notes


def _who(names: list[str]) -> list[str]:
    """Say which number each player has, where its name is another."""
    if names == [str(i) for i in range(len(names))]:
        return []
    more = ", ..." if len(names) > NAMED else ""
    return ["players: " + ", ".join(f"{i} is {name[:40]}" for i, name in enumerate(names[:NAMED])) + more]


def _box(responses: Floats, lower: float, upper: float) -> Box:
    """Return the action set: the given ends, or the smallest box around all responses."""
    low = responses.min(axis=0) if np.isnan(lower) else np.full(responses.shape[1], lower)
    high = responses.max(axis=0) if np.isnan(upper) else np.full(responses.shape[1], upper)
    return Box(low, high)


def _targets(y: Floats, y_prime: Floats, labels: Floats, players: Any, box: Box, notes: list[str]) -> Floats:
    """Return each player's own maximum-likelihood ideal point within the box, and say where that binds."""
    offsets, slopes = affine(y, y_prime)
    order = np.argsort(players, kind="stable")
    ends = np.concatenate([[0], np.cumsum(counted(players))])
    targets, bound = np.empty((len(ends) - 1, y.shape[1])), 0
    for i in range(len(targets)):
        own = order[ends[i] : ends[i + 1]]
        likelihood = Likelihood(offsets[own], slopes[own])
        targets[i], inside = _own_target(likelihood, likelihood.statistic(labels[own]), box)
        bound += not inside
    if bound:
        notes.append(
            f"{bound} of {len(targets)} players' own labels fit best outside the action set (or are separable): their "
            "targets are the best points inside"
        )
    return targets


def _own_target(likelihood: Likelihood, statistic: Floats, box: Box) -> tuple[Floats, bool]:
    """Return the maximizer within the box, and whether it is the maximizer at all."""
    size = float((box.upper - box.lower).max()) or 1.0
    try:
        found = likelihood.solve(statistic, box.middle, 10.0 * size)
        if float(box.contains(found[None])[0]) == 0.0:
            return found, True
    except SolverFailed:
        pass

    def loss(x: Floats) -> tuple[float, Floats]:
        here = likelihood.at(x)
        return here.value - float(statistic @ x), here.gradient - statistic

    bounds = list(zip(box.lower.tolist(), box.upper.tolist(), strict=True))
    done = minimize(loss, box.middle, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15})
    return np.clip(np.asarray(done.x, dtype=float), box.lower, box.upper), False
