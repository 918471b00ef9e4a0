"""Find the combination of the Bobs' utilities nearest to Alice's, in the mean of squares over outcomes.

Source     Collina et al., Emergent Alignment via Competition, Section 6: simplex, and NNLS (weights of any sum)
Sets       O outcomes, J Bobs
Data       alice[o]                 Alice's utility, shape (|O|,)
           bobs[o, j]               Bob j's utility, shape (|O|, |J|)
                                    (both times 1 / sqrt(rows of the group), where there are groups)
Variables  w[j] >= 0                weight of Bob j
           residual[o]              Alice minus the combination
min        error:      1/|O| sum_o residual[o]^2
s.t.       convex:     sum_j w[j] == 1                                            (absent in NNLS)
           misfit[o]:  residual[o] + sum_j bobs[o, j] w[j] == alice[o]            for o in O
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.hull.game import UtilityTable


def build(game: UtilityTable, human: int = 0, convex: bool = True) -> pyo.ConcreteModel:
    """State the program for one of the Alices, the column `human`, over all rows and Bobs."""
    alice, bobs = game.scaled_alices[:, human].tolist(), game.scaled_bobs

    m = pyo.ConcreteModel("hull_fit")
    m.O = pyo.RangeSet(0, game.rows - 1)
    m.J = pyo.RangeSet(0, game.count - 1)

    m.w = pyo.Var(m.J, bounds=(0, None))
    m.residual = pyo.Var(m.O)

    m.error = pyo.Objective(expr=pyo.quicksum(1 / game.rows * m.residual[o] ** 2 for o in m.O))

    if convex:
        m.convex = pyo.Constraint(expr=dot([1.0] * game.count, m.w.values()) == 1)

    @m.Constraint(m.O)
    def misfit(m: Any, o: int) -> Any:
        return dot([1.0, *bobs[o]], [m.residual[o], *m.w.values()]) == alice[o]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, shape (|J|,)."""
    return {"weights": np.array([pyo.value(m.w[j]) for j in m.J])}
