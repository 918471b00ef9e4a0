"""Find the combination of the Bobs' utilities whose worst error from Alice's is least.

Source     Collina et al., Emergent Alignment via Competition, Definition 1 (sum of weights 1) and Remark 2 (any sum)
Sets       N outcomes, B Bobs
Data       alice[n]                 Alice's utility, shape (N,)
           bobs[n, j]               Bob j's utility, shape (N, K)
Variables  w[j] >= 0                weight of Bob j
           offset                   free
           epsilon >= 0             the worst error
min        error:     epsilon
s.t.       above[n]:  epsilon - offset - sum_j bobs[n, j] w[j] >= -alice[n]       for n in N
           below[n]:  epsilon + offset + sum_j bobs[n, j] w[j] >= alice[n]        for n in N
           convex:    sum_j w[j] == 1                                             (Definition 1 only)
"""

from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.hull.game import UtilityTable


def build(game: UtilityTable, alice: int = 0, convex: bool = False) -> pyo.ConcreteModel:
    """State the program for one of the Alices."""
    target, bobs = game.alices[:, alice], game.bobs

    m = pyo.ConcreteModel("hull_audit")
    m.N = pyo.RangeSet(0, game.rows - 1)
    m.B = pyo.RangeSet(0, game.count - 1)
    m.w = pyo.Var(m.B, domain=pyo.NonNegativeReals)
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(domain=pyo.NonNegativeReals)
    m.error = pyo.Objective(expr=1.0 * m.epsilon)

    @m.Constraint(m.N)
    def above(m: Any, n: int) -> Any:
        return dot([1.0, -1.0, *-bobs[n]], [m.epsilon, m.offset, *m.w.values()]) >= -float(target[n])

    @m.Constraint(m.N)
    def below(m: Any, n: int) -> Any:
        return dot([1.0, 1.0, *bobs[n]], [m.epsilon, m.offset, *m.w.values()]) >= float(target[n])

    if convex:
        m.convex = pyo.Constraint(expr=dot([1.0] * game.count, m.w.values()) == 1)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the weights, shape (K,); the best offset and the error follow from them."""
    return {"weights": [pyo.value(m.w[j]) for j in m.B]}
