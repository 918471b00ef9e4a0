r"""Signed measures on outcomes, as proofs of how far every combination of the Bobs stays from Alice.

Let y be any signed measure with :math:`\sum_r y_r = 0`. For all weights and offsets, with the residuals
:math:`e_r = u_A(r) - w U_r - c`,

.. math::

   y \cdot u_A - \textstyle\sum_j w_j \, y \cdot U_j = \sum_r y_r e_r
   \le \Big( \max_q \tfrac{1}{m_q} \sum_{r \in q} |e_r| \Big) \sum_q m_q \max_{r \in q} |y_r| .

Hence the mean error in the worst question is at least :math:`y \cdot u_A / \sum_q m_q \max_q |y|` where
:math:`y \cdot U_j \le 0` for every Bob, and at least
:math:`(y \cdot u_A - S \max_j y \cdot U_j) / \sum_q m_q \max_q |y|` where weights sum to S, or to at most S where that
maximum is positive. All are evaluated in whole numbers.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from bigopt.alice.utilities import Integers, Utilities
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted

BITS = 60  # of the whole numbers that a measure is rounded to
MARGIN = 1e-12  # of a Bob's range: beyond what rounding moves


def bound(table: Utilities, measure: Floats, question: Ints) -> float | None:
    """Return the lower bound for any weights that a measure [N] proves; None where none near it is feasible.

    `question` [N] numbers the questions from 0.
    """
    centred = measure - measure.mean()
    found = evaluated(table, centred, question, None)
    if found is not None:
        return found
    safe = _lowered(table, centred / (np.abs(centred).max() or 1.0))
    return None if safe is None else evaluated(table, safe, question, None)


def _whole(measure: Floats) -> Integers:
    """Return a measure as whole numbers that sum to 0."""
    size = float(np.abs(measure).max()) or 1.0
    whole = np.array([round(v * 2**BITS) for v in (measure / size).tolist()], dtype=object)
    whole[int(np.abs(measure).argmax())] -= sum(whole.tolist())
    return whole


def evaluated(table: Utilities, measure: Floats, question: Ints, total: Fraction | None) -> float | None:
    """Return the bound of a measure for weights of a total, or of any (None): then None where it proves nothing."""
    whole = _whole(measure)
    pull = max(int(row @ whole) * unit for row, unit in zip(table.bobs, table.units, strict=True))
    if total is None and pull > 0:
        return None
    most = [0] * (int(question.max()) + 1)
    for q, value in zip(question.tolist(), whole.tolist(), strict=True):
        most[q] = max(most[q], abs(value))
    mass = sum(m * int(size) for m, size in zip(most, counted(question), strict=True))
    if mass == 0:
        return 0.0
    level = Fraction(0) if total is None else total * pull
    return max(0.0, float((int(table.alice @ whole) * table.unit - level) / mass))


def _lowered(table: Utilities, measure: Floats) -> Floats | None:
    """Return a measure near to this one with negative products, by one that all Bobs agree on; None if none is."""
    _, bobs = table.normalized
    bobs = bobs[bobs.max(axis=1) > 0]  # who is indifferent is pulled by no measure
    k, n = bobs.shape
    if not k:
        return measure
    found = linprog(  # all Bobs' products at least t, t as large as can be
        np.r_[np.zeros(n), -1.0],
        A_ub=np.column_stack([-bobs, np.ones(k)]),
        b_ub=np.zeros(k),
        A_eq=np.r_[np.ones(n), 0.0][None, :],
        b_eq=np.zeros(1),
        bounds=[(-1, 1)] * n + [(0, None)],
        method="highs",
    )
    if found.x is None:
        return None
    agreed = found.x[:n] - found.x[:n].mean()
    gains = bobs @ agreed
    if gains.min() <= MARGIN * n:
        return None
    return np.asarray(measure - (float((bobs @ measure / gains).max()) + MARGIN * n / float(gains.min())) * agreed)
