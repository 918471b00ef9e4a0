r"""Beliefs at which a receiver takes an action: whether there are any, and their closure, decided in fractions.

A receiver who compares an action with a rival looks at their expected utilities, then, where these tie, at whose favour
decides, and at last at the list's order: the row of a rival is a list of levels, each a vector of advantages [S], and
the first level that is not 0 at a belief decides there. The beliefs at which an action wins against every rival form a
convex cone, and its closure is where a sender's supremum lives: a level that is positive somewhere on the cone only
has to be non-negative in the closure, and where a level is 0 on all of it the next one takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic import loaded
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rational_lp import OPTIMAL, OPTIONS, ZERO, maximize
from bigopt.arithmetic.rationals import floats
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverNotFound

Vector = Sequence[fmpq]
CLEAR = 1e-7  # of the rows' own sizes: advantages larger than this are looked at in floats first
ONE = fmpq(1)


@dataclass(frozen=True)
class Rival:
    """What an action is compared with: advantages over it [levels][S], and whether it wins where all of them are 0."""

    levels: tuple[Vector, ...]
    wins: bool = True

    def settled(self, depth: int) -> bool:
        """Whether a tie at this level is a win whatever the belief."""
        return self.wins and depth == len(self.levels) - 1


def closure(rivals: Sequence[Rival], states: int, deadline: Deadline | None = None) -> list[Vector] | None:
    """Return rows r, ``r'mu >= 0``, of the closure of the beliefs at which an action wins; None if there are none.

    Parameters
    ----------
    rivals : sequence of Rival
    states : int
        The length of the vectors.
    """
    depth = [0] * len(rivals)
    rows = [rival.levels[0] for rival in rivals]
    owner = list(range(len(rivals)))
    clear = _clear(rows, states)
    if clear is not None:
        return rows if clear else None
    while True:
        asked = [k for k, i in enumerate(owner) if not rivals[i].settled(depth[i])]
        tied = _tied(rows, asked, states, deadline)
        if tied is None:
            return None
        moved = sorted({owner[k] for k in asked} - {owner[k] for k in asked if k not in tied})
        for i in moved:
            depth[i] += 1
            if depth[i] == len(rivals[i].levels):
                return None
            rows.append(rivals[i].levels[depth[i]])
            owner.append(i)
        if not moved:
            return rows


def _clear(rows: Sequence[Vector], states: int) -> bool | None:
    """Return whether an action clearly wins somewhere (True) or nowhere (False); None where floats don't tell.

    A belief that is found in floats, and the mixture of rivals that beats the action everywhere, are both looked at in
    fractions before they count.
    """
    if not rows:
        return True
    exact = fmpq_mat(len(rows), states, [v for row in rows for v in row])
    table = floats(exact)
    size = np.abs(table).max(axis=1, keepdims=True)
    if not size.all():
        return None
    scaled = table / size
    best, belief, mixture = _clearest(scaled)
    if best > CLEAR:
        exact_belief = fmpq_mat(states, 1, _dyadic(belief))
        return True if all(v > 0 for v in (exact * exact_belief).entries()) else None
    if best < -CLEAR:
        weights = [w / unit for w, unit in zip(_dyadic(mixture), _dyadic(size.ravel()), strict=True)]
        exact_mixture = fmpq_mat(1, len(rows), weights)
        return False if all(v < 0 for v in (exact_mixture * exact).entries()) else None
    return None


def _clearest(rows: Floats) -> tuple[float, Floats, Floats]:
    """Maximize the smallest advantage over all beliefs; return it, the belief, and the mixture of rows that bounds it.

    A matrix game in floats: 0 and nothing where the solver fails or is not there.
    """
    count, states = rows.shape
    try:
        highspy = loaded.highspy()
    except SolverNotFound:
        return 0.0, np.zeros(states), np.zeros(count)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = states + 1, count + 1
    lp.col_cost_ = np.append(np.zeros(states), 1.0)
    lp.col_lower_, lp.col_upper_ = np.append(np.zeros(states), -np.inf), np.full(states + 1, np.inf)
    lp.row_lower_, lp.row_upper_ = np.append(np.zeros(count), 1.0), np.append(np.full(count, np.inf), 1.0)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.append(
        np.arange(0, (count + 1) * (states + 1), states + 1), (count + 1) * (states + 1) - 1
    )
    lp.a_matrix_.index_ = np.append(np.tile(np.arange(states + 1), count), np.arange(states)).astype(np.int32)
    lp.a_matrix_.value_ = np.append(np.column_stack([rows, -np.ones(count)]).ravel(), np.ones(states))
    highs = highspy.Highs()
    for name, value in OPTIONS.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return 0.0, np.zeros(states), np.zeros(count)
    found = highs.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    return float(x[-1]), np.maximum(x[:-1], 0.0), np.abs(dual[:-1])


def _dyadic(values: Floats) -> list[fmpq]:
    """Return floats as the fractions that they are in binary."""
    return [fmpq(*float(value).as_integer_ratio()) for value in values]


def _tied(rows: Sequence[Vector], asked: Sequence[int], states: int, deadline: Deadline | None) -> set[int] | None:
    """Return which of the rows asked for are 0 on all of the cone that the rows define; None if the cone is 0 alone.

    A row is 0 on the cone if, and only if, it has weight in some mixture of the rows that is nowhere positive (Farkas).
    Programs of one row a state find such mixtures, each for rows that had no weight before.
    """
    known = [*rows, [ONE] * states]  # the last is 0 on the cone where the cone is 0 alone
    count = len(known)
    entries = [v for s in range(states) for v in (*(row[s] for row in known), *_unit(s, states), ZERO)]
    A = fmpq_mat(states + 1, count + states + 1, [*entries, *([ONE] * count), *([ZERO] * states), ONE])
    left, tied = {*asked, count - 1}, set[int]()
    while left:
        cost = [ONE if k in left else ZERO for k in range(count)] + [ZERO] * (states + 1)
        found = maximize(A, [ZERO] * states + [ONE], cost, (deadline or Deadline()).check)
        assert found.status == OPTIMAL  # no mixture at all is a point, and its weights are at most 1
        if found.value == 0:
            break
        tied |= {k for k in left if found.x[k] > 0}
        if count - 1 in tied:
            return None
        left -= tied
    return tied


def _unit(s: int, states: int) -> list[fmpq]:
    return [ONE if i == s else ZERO for i in range(states)]
