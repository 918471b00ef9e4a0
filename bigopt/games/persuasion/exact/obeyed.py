r"""A float scheme as fractions that Alice obeys exactly: rounded, and mixed with a little of a scheme that she wants.

Rounding breaks tight rows of obedience by some :math:`\delta_{ab}`. In the other scheme every recommendation has a
lead :math:`\lambda_{ab} > 0`: what is best for her in each state, and for actions that are best in none a mixture of
states after which they are. The share :math:`\varepsilon = \max \delta / (\delta + \lambda)` mends all rows at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from scipy.optimize import linprog

BITS = 64  # of a probability
LITTLE = 2.0**-BITS

Exact = list[Fraction]
Whole = list[list[int]]


def obeyed(p: Exact, u: Sequence[Exact], x: Any) -> list[Exact]:
    """Return a scheme [S][A] near a float one that is obeyed exactly.

    Parameters
    ----------
    p : S probabilities
    u : [S][A]
        Alice's utility.
    x : array [S][A]
    """
    gain = _whole([[q * g for g in row] for q, row in zip(p, u, strict=True)])
    favourite = [row.index(max(row)) for row in gain]
    mass = [_rounded(row, best) for row, best in zip(x.tolist(), favourite, strict=True)]
    wanted = _wanted(gain, favourite, {a for row in mass for a, m in enumerate(row) if m})
    share, broken = Fraction(0), set()
    for a in range(len(gain[0])):
        for b, lead in enumerate(_leads(mass, gain, a)):
            if lead < 0:
                other = _leads(wanted, gain, a)[b]
                if other <= 0:
                    broken.add(a)
                else:
                    share = max(share, Fraction(-lead, other - lead))
    if broken:  # no mixture of states makes Alice want these: she gets her favourites instead
        return obeyed(p, u, np.array([[0.0 if a in broken else v for a, v in enumerate(row)] for row in x.tolist()]))
    share = Fraction(-(-share.numerator * 2 ** (2 * BITS) // share.denominator), 2 ** (2 * BITS))
    one = 1 << BITS
    pairs = (zip(row, other, strict=True) for row, other in zip(mass, wanted, strict=True))
    return [[((1 - share) * m + share * w) / one if m or w else Fraction(0) for m, w in row] for row in pairs]


def _rounded(row: list[float], best: int) -> list[int]:
    """Return a state's probabilities in multiples of 2^-64; what is missing goes to Alice's favourite action."""
    one = 1 << BITS
    mass = [round(v * one) if v > LITTLE else 0 for v in row]
    excess = sum(mass) - one
    top = max(range(len(mass)), key=lambda a: mass[a])
    mass[top if excess > 0 else best] -= excess
    return mass


def _wanted(gain: Whole, favourite: list[int], used: set[int]) -> Whole:
    """Return a scheme in which Alice strictly wants what she is told, as far as there is one."""
    one, S = 1 << BITS, len(gain)
    rare = sorted(used - set(favourite))
    mass = [[0] * len(row) for row in gain]
    for a in rare:
        for s, d in enumerate(_mixture(gain, a)):
            mass[s][a] = round(d * one) // (2 * len(rare))
    for s in range(S):
        mass[s][favourite[s]] += one - sum(mass[s])
    return mass


def _mixture(gain: Whole, a: int) -> list[float]:
    """Return weights of states [S], at most 1, after which action a leads all others by the most."""
    table = np.array([[float(row[a] - v) for v in row] for row in gain])
    table = np.delete(table, a, axis=1)
    S, others = table.shape
    size = np.abs(table).max() or 1.0
    rows = np.hstack([-table.T / size, np.ones((others, 1))])
    found = linprog(np.r_[np.zeros(S), -1.0], A_ub=rows, b_ub=np.zeros(others), bounds=[(0, 1)] * S + [(None, None)])
    return [0.0] * S if found.x is None else found.x[:S].tolist()


def _leads(mass: Whole, gain: Whole, a: int) -> list[int]:
    """Return by how much action a leads each other after its own recommendation, in whole units."""
    told = [(row[a], cells) for row, cells in zip(mass, gain, strict=True) if row[a]]
    return [sum(m * (cells[a] - cells[b]) for m, cells in told) for b in range(len(gain[0]))]


def _whole(table: list[Exact]) -> Whole:
    q = lcm(*(v.denominator for row in table for v in row))
    return [[int(v * q) for v in row] for row in table]
