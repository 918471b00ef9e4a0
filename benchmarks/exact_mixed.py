"""Extreme mixed equilibria of two players in fractions, from the definition: vertices, and who is content with whom.

A mixture is a vertex where no two others in its support's stead make the same actions of the other player best: the
linear system of a support and as many best answers has one solution. An equilibrium is extreme where both mixtures are
vertices (Mangasarian 1964). Every support and every set of answers is tried: for a handful of actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

Row = list[Fraction]
Mixture = tuple[Fraction, ...]


def extreme(first: Sequence[Row], second: Sequence[Row]) -> set[tuple[Mixture, Mixture]]:
    """Return the extreme equilibria of two tables of losses [actions of the first][actions of the second]."""
    turned = [list(column) for column in zip(*first, strict=True)]
    own, other = vertices(second), vertices(turned)
    return {
        (x, y)
        for x, answers in own.items()
        for y, best in other.items()
        if support(x) <= best and support(y) <= answers
    }


def support(mixture: Mixture) -> set[int]:
    """Return the actions that are played."""
    return {a for a, p in enumerate(mixture) if p}


def vertices(losses: Sequence[Row]) -> dict[Mixture, set[int]]:
    """Return the vertices among the mixtures of rows, each with the columns that are best against it."""
    rows, columns = range(len(losses)), range(len(losses[0]))
    found: dict[Mixture, set[int]] = {}
    for size in range(1, min(len(rows), len(columns)) + 1):
        for played in combinations(rows, size):
            for tied in combinations(columns, size):
                for shares in _mixed(losses, played, tied):
                    x = [Fraction(0)] * len(rows)
                    for a, p in zip(played, shares, strict=True):
                        x[a] = p
                    values = [sum((p * row[c] for p, row in zip(x, losses, strict=True)), Fraction(0)) for c in columns]
                    best = {c for c in columns if values[c] == min(values)}
                    if set(tied) <= best:
                        found[tuple(x)] = best
    return found


def _mixed(losses: Sequence[Row], played: Sequence[int], tied: Sequence[int]) -> Iterator[Row]:
    """Yield the mixture with all of this support that makes these columns equal, where there is exactly one."""
    table = [[losses[a][c] - losses[a][tied[0]] for a in played] + [Fraction(0)] for c in tied[1:]]
    shares = solved([*table, [Fraction(1)] * (len(played) + 1)])
    if shares is not None and min(shares) > 0:
        yield shares


def solved(table: list[Row]) -> Row | None:
    """Return the one solution of n equations in n unknowns [n][n + 1], None where there is not exactly one."""
    rows, n = [list(row) for row in table], len(table)
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [v / rows[k][k] for v in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]
