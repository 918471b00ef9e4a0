"""Find the convex combination of the Bobs' utilities nearest to Alice's, in the mean of squares over outcomes.

Source     Collina et al., Emergent Alignment via Competition, Section 6 (simplex)
Sets       N outcomes, B Bobs
Data       alice[n]                 Alice's utility, shape (N,)
           bobs[n, j]               Bob j's utility, shape (N, K)
           (both times 1 / sqrt(rows of the group), where there are groups)
Variables  w[j] >= 0                weight of Bob j
           residual[n]              Alice minus the combination
min        error:   1/N sum_n residual[n]^2
s.t.       misfit[n]:  residual[n] + sum_j bobs[n, j] w[j] == alice[n]      for n in N
           convex:     sum_j w[j] == 1
"""

from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.hull.game import UtilityTable


def build(game: UtilityTable, alice: int = 0) -> pyo.ConcreteModel:
    """State the program for one of the Alices, over all rows and Bobs."""
    target, bobs = game.scaled_alices[:, alice], game.scaled_bobs

    m = pyo.ConcreteModel("hull_fit")
    m.N = pyo.RangeSet(0, game.rows - 1)
    m.B = pyo.RangeSet(0, game.count - 1)
    m.w = pyo.Var(m.B, domain=pyo.NonNegativeReals)
    m.residual = pyo.Var(m.N)
    m.error = pyo.Objective(expr=pyo.quicksum(1 / game.rows * m.residual[n] ** 2 for n in m.N))

    @m.Constraint(m.N)
    def misfit(m: Any, n: int) -> Any:
        return dot([1.0, *bobs[n]], [m.residual[n], *m.w.values()]) == float(target[n])

    m.convex = pyo.Constraint(expr=dot([1.0] * game.count, m.w.values()) == 1)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the weights, shape (K,)."""
    return {"weights": [pyo.value(m.w[j]) for j in m.B]}
