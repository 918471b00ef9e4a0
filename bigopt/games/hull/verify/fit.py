"""The rows of a sweep: every fit is optimal, the errors are the table's, and in sample they never rise with K."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import UsageError
from bigopt.games.hull.exact.nested import Nested, sets_of
from bigopt.games.hull.exact.sweep import How, sweep
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.fits import METHODS, Measured, measure

FEASIBLE = 1e-12  # a weight below 0, outside of its set, or a sum of weights off 1
STATIONARY = 1e-9  # of the norms of a Bob and of Alice
GAP = 1e-9  # of Alice's sum of squares about her mean
RISES = 1e-9  # of Alice's mean square
KKT = "Karush-Kuhn-Tucker of every NNLS fit, from the table"
WOLFE = "Frank-Wolfe gap of every simplex fit, from the table"
ABOVE = 1e-6  # of the error in sample of a combination with weights of sum 1
ANY = "no NNLS fit is worse in sample than weights of sum 1 on the same set"
NESTED = "theorem: a larger set's error in sample is no larger"


def most_of(game: UtilityTable, request: Request) -> int:
    """Return the largest number of Bobs that are combined."""
    most = request.options["most"] or game.count
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= game.count:
        raise UsageError(f"option most: {most}, expected at most {game.count}, the number of Bobs")
    return int(most)


def verify(game: UtilityTable, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the rows from the weights of a point (fitted anew where it has none), and their certificate."""
    most = most_of(game, request)
    sets = sets_of(game, most)
    weights = point.get("weights")
    if not isinstance(weights, dict) or not all(isinstance(w, np.ndarray) for w in weights.values()):
        weights = sweep(game, sets, How(), request.deadline, request.progress)
    found = measure(game, sets, weights, request.deadline)
    feasible, stationary, gap, rises, above = (
        found.worst[k] for k in ("feasible", "stationary", "gap", "rises", "above")
    )
    checks = (
        Check("feasible", feasible, FEASIBLE, "weight", "w >= 0, and sum w = 1 on the simplex", "proved"),
        Check("stationary", stationary, STATIONARY, "norms of Bob and Alice", KKT, "proved"),
        Check("gap", gap, GAP, "Alice's sum of squares", WOLFE, "proved"),
        Check("rises", rises, RISES, "Alice's mean square", NESTED, "proved"),
        Check("above", above, ABOVE, "the smaller error in sample", ANY, "proved"),
    )
    fields = {"sets": len(sets.parent), "rows": rows(game, sets, found)}
    return fields, Certificate(checks)


def rows(game: UtilityTable, sets: Nested, found: Measured) -> list[dict[str, Any]]:
    """Return the mean errors by number of Bobs and method, with deviations over sets and the error over Alices."""
    size, alices = sets.size, game.alices.shape[1]
    table = []
    for k in range(1, int(size.max()) + 1):
        here = size == k
        for method in METHODS:
            errors = found.held[method][:, here]
            over_sets = errors.mean(axis=0)
            over_alices = errors.mean(axis=1)
            used = found.nonzero[method][:, here].mean(axis=0)
            table.append(
                {
                    "bobs": k,
                    "method": method,
                    "mse": float(errors.mean()),
                    "sd": _deviation(over_sets),
                    "se": float(over_alices.std(ddof=1) / np.sqrt(alices)) if alices > 1 else None,
                    "nonzero": float(used.mean()),
                    "nonzero_sd": _deviation(used),
                }
            )
    return table


def _deviation(values: Floats) -> float:
    """Return the standard deviation over sets of one size; 0 of one set."""
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0
