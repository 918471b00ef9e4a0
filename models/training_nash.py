"""Train for Nash welfare.  [Sun et al., Section 3].

Sets       N groups, X outcomes
Data       w[i]      sizes; rm[i, x] rewards
           q[x]      the initial model's probabilities, > 0
           lambda    strength; D Kullback-Leibler divergence or the sum of squares
Variables  p[x] >= 0                                            the trained policy
           v[i] >= 0                                            group i's value
max        welfare:   sum_i w[i] log(v[i]) - lambda D(p || q)
s.t.       worth[i]:  v[i] - sum_x rm[i, x] p[x] == 0    for i in N
           total:     sum_x p[x] == 1                           (a mixture class: bigopt.algebra.distributions)
"""

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism) -> pyo.ConcreteModel:
    """State the training problem."""
    w, rm = game.sizes.tolist(), game.rewards.tolist()
    start = game.rewards @ game.initial

    m = pyo.ConcreteModel("training_nash")
    m.N = pyo.RangeSet(0, game.n - 1)
    add_policy(m, game.initial, game.policies.base)
    m.v = pyo.Var(m.N, bounds=(0, None), initialize=dict(enumerate(start.tolist())))
    fair = pyo.quicksum(w[i] * pyo.log(m.v[i]) for i in m.N)
    penalty = game.strength * divergence(m, game.initial, game.rule.regularizer)
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=fair - penalty)

    @m.Constraint(m.N)
    def worth(m: pyo.ConcreteModel, i: int) -> tuple[object, float]:
        return m.v[i] - dot(rm[i], m.p.values()), 0.0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (m,)."""
    return {"policy": np.array(read_policy(m))}
