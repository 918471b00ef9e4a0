"""Prices of obedience where Alice learns something else too, or a recommendation must win by a margin.

A recommendation is then a map from what she learns to actions. The program over all maps is solved in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from bigopt.alice import prove as shared
from bigopt.arithmetic.program import Program, Row, solved
from bigopt.concepts.proof import checker
from bigopt.errors import SolverFailed, UnsupportedProblem

LARGEST = 60_000  # rows times columns of the program in fractions
ONE, ZERO = Fraction(1), Fraction(0)
Table = Sequence[Sequence[Fraction]]


def own_signals(data: Mapping[str, Any]) -> Table:
    """Return the kernel [S][T] of what Alice learns without any Bob: her signals, or one empty message."""
    return data.get("alice_signal") or [[ONE] for _ in data["states"]]


def heard(data: Mapping[str, Any], schemes: Sequence[Table]) -> Table:
    """Return the kernel [S][T] of what Alice learns from her own signals and schemes, equal messages as one."""
    columns = checker().learned([own_signals(data), *schemes])
    return [list(row) for row in zip(*columns, strict=True)]


def small(data: Mapping[str, Any]) -> bool:
    """Whether a single sender's program in fractions is a matter of moments, where Alice learns nothing else."""
    S, A = len(data["alice"]), len(data["alice"][0])
    return _size(S, A, 1) <= LARGEST


def _size(S: int, A: int, T: int) -> int:
    """Return rows times columns of the program over all maps from T messages to A actions, in S states."""
    maps: int = A**T
    return (S + maps * T * (A - 1)) * S * maps


def best_scheme(data: Mapping[str, Any], v: Table, kernel: Table) -> dict[str, Any]:
    """Return a scheme, its maps as `recommendations`, and prices of obedience [map, signal, instead, price].

    Where Alice learns nothing else the maps are all her actions, in their order; else those that are used.

    Parameters
    ----------
    v : fractions [S][A]
        The sender's utility.
    kernel : fractions [S][T]
        What Alice learns otherwise.

    Raises
    ------
    UnsupportedProblem
        The program over all maps is too large for fractions.
    """
    prior, alice = shared.prior(data), data["alice"]
    S, A, T = range(len(prior)), range(len(alice[0])), range(len(kernel[0]))
    count = len(A) ** len(T)
    if _size(len(S), len(A), len(T)) > LARGEST:
        raise UnsupportedProblem(
            f"prove: {count:,} maps from what Alice learns to actions are too many for fractions: use `bigopt solve`"
        )
    maps = list(product(A, repeat=len(T)))
    tie = data.get("tie_break")
    margin = tie["margin"] if isinstance(tie, Mapping) else ZERO
    at = {(s, r): k for k, (s, r) in enumerate(product(S, range(count)))}
    worth = {
        k: -prior[s] * sum((kernel[s][t] * v[s][a] for t, a in enumerate(maps[r])), ZERO) for (s, r), k in at.items()
    }
    bounds = [Row("", {k: ONE}, "G", ZERO) for k in at.values()]
    sums = [Row("", {at[s, r]: ONE for r in range(count)}, "E", ONE) for s in S]
    names = [(r, t, b) for r in range(count) for t in T for b in A if b != maps[r][t]]
    lead = [
        {at[s, r]: prior[s] * kernel[s][t] * (alice[s][maps[r][t]] - alice[s][b] - margin) for s in S}
        for r, t, b in names
    ]
    rows = [*bounds, *sums, *(Row("", row, "G", ZERO) for row in lead)]
    program = Program([str(k) for k in at.values()], worth, False, rows, len(bounds))
    found = solved(program, program.rows)
    if found is None:
        raise SolverFailed("prove: no scheme is obeyed: use `bigopt solve`", "infeasible")
    first = len(bounds) + len(sums)
    prices = [[*names[i - first], price] for i, price in found.prices.items() if i >= first and price]
    used = sorted({r for (_, r), k in at.items() if found.point[k] or len(T) == 1})
    scheme = [[found.point[at[s, r]] for r in used] for s in S]
    return {"scheme": scheme, "recommendations": [list(maps[r]) for r in used], "obedience": prices}
