"""Find the combination of the Bobs' utilities whose worst error from Alice's is least.

Source     Collina et al., Emergent Alignment via Competition, Definition 1 (sum of weights 1) and Remark 2 (any sum)
Sets       O outcomes, J Bobs
Data       alice[o]                 Alice's utility, shape (|O|,)
           bobs[o, j]               Bob j's utility, shape (|O|, |J|)
Variables  w[j] >= 0                weight of Bob j
           offset                   free
           epsilon >= 0             the worst error
min        error:     epsilon
s.t.       convex:    sum_j w[j] == 1                                             (absent in Remark 2)
           above[o]:  sum_j bobs[o, j] w[j] + offset - epsilon <= alice[o]        for o in O
           below[o]:  sum_j bobs[o, j] w[j] + offset + epsilon >= alice[o]        for o in O
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.hull.game import UtilityTable


def build(game: UtilityTable, human: int = 0, convex: bool = False) -> pyo.ConcreteModel:
    """State the program for one of the Alices, the column `human`."""
    alice, bobs = game.alices[:, human].tolist(), game.bobs

    m = pyo.ConcreteModel("hull_audit")
    m.O = pyo.RangeSet(0, game.rows - 1)
    m.J = pyo.RangeSet(0, game.count - 1)

    m.w = pyo.Var(m.J, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))
    terms = [*m.w.values(), m.offset, m.epsilon]

    m.error = pyo.Objective(expr=m.epsilon)

    if convex:
        m.convex = pyo.Constraint(expr=dot([1.0] * game.count, m.w.values()) == 1)

    @m.Constraint(m.O)
    def above(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, -1.0], terms) <= alice[o]

    @m.Constraint(m.O)
    def below(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, 1.0], terms) >= alice[o]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, shape (|J|,); the best offset and the error follow from them."""
    return {"weights": np.array([pyo.value(m.w[j]) for j in m.J])}
