"""Error and sparsity of four ways to combine K of the Bobs, by cross-validation (Section 6, Figures 1 to 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Answer, Concept, Deadline, Option, Request, Table, options
from bigopt.concepts.solution import Solution
from bigopt.games.hull.exact.nested import Nested, sets_of
from bigopt.games.hull.exact.sweep import FITTED, How, sweep
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify.fit import most_of, rows, verify
from bigopt.games.hull.verify.fits import METHODS, measure

SHOWN = 12  # numbers of Bobs in the table for people


def solve(game: UtilityTable, request: Request) -> Answer:
    """Fit every nested set in every fold for every Alice."""
    sets = sets_of(game, most_of(game, request))
    asked = request.options
    how = How(asked.get("jobs") or -1, asked.get("dask") or "", asked.get("keep") or "")

    def keep(weights: dict[str, Floats], chains: int) -> None:
        request.kept.put(lambda: _limited(game, sets, weights, chains))

    weights = sweep(game, sets, how, request.deadline, request.progress, keep)
    fits = len(FITTED) * len(sets.parent) * game.folds * game.alices.shape[1]
    return Answer({"weights": weights}, method=f"active sets on Gram matrices, {fits} fits")


def _limited(game: UtilityTable, sets: Nested, weights: Mapping[str, Floats], chains: int) -> Answer:
    """Return the rows of the orders that were fitted when a time limit came: those of fewer permutations."""
    part = sets.first(chains)
    count = len(part.parent)
    found = measure(game, part, {method: block[:, :, :count] for method, block in weights.items()}, Deadline())
    said = {"so far": f"{chains} of {len(sets.chains)} orders of the Bobs"}
    point = {"sets": count, "rows": rows(game, part, found)}
    return Answer(point, stopped="maxTimeLimit", holds="feasible", method="active sets on Gram matrices", options=said)


def tables(game: UtilityTable, fields: Mapping[str, Any]) -> list[Table]:
    """Show the errors of some numbers of Bobs, and how many weights are not zero."""
    by = {(row["bobs"], row["method"]): row for row in fields["rows"]}
    most = max(k for k, _ in by)
    shown = sorted({1, most, *(round(1 + (most - 1) * s / (SHOWN - 1)) for s in range(SHOWN))})
    errors = [[k, *(_text(by[k, method]) for method in METHODS)] for k in shown]
    sparse = [[k, *(_used(by[k, method]) for method in ("nnls", "simplex"))] for k in shown]
    return [
        Table("held-out mean squared error (deviation over sets of Bobs)", ("Bobs", *METHODS), errors),
        Table("weights above 1e-6 (deviation over sets of Bobs)", ("Bobs", "nnls", "simplex"), sparse),
    ]


def _text(row: Mapping[str, Any]) -> str:
    return f"{row['mse']:.5g} ({row['sd']:.2g})"


def _used(row: Mapping[str, Any]) -> str:
    return f"{row['nonzero']:.4g} ({row['nonzero_sd']:.2g})"


class FitSolution(Solution):
    """The error of four ways to combine Bobs.

    Attributes
    ----------
    sets : count
        Of sets of Bobs that were fitted.
    rows : [rows]
        Of each number of `bobs` and `method`: `mse` (unit of utility squared), its `sd` over sets of Bobs, its `se`
        over Alices (None for one), the mean number of `nonzero` weights and its deviation `nonzero_sd` over sets.
    """

    sets: int
    rows: list[dict[str, Any]]


CONCEPT = Concept(
    "fit",
    "error of the best Bob, the average, NNLS and simplex combinations for K = 1..k Bobs",
    verify,
    solve,
    options=(
        Option("most", None, parse=options.count, help="the largest number of Bobs combined (default: all)"),
        Option("jobs", None, parse=options.count, help="processes (default: one a core)"),
        Option("dask", "", help="address of a Dask scheduler whose workers fit"),
        Option("keep", "", help="a folder for finished fits, to go on from after an end"),
    ),
    tables=tables,
    result=FitSolution,
)
