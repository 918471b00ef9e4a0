"""Train for Nash welfare.                                                                      [Sun et al., Section 3].

Sets       N groups, O outcomes
Data       w[i]        sizes, shape (n,)
           rm[i, o]    rewards, shape (n, |O|)
           q[o]        the initial model's probabilities, > 0, shape (|O|,)
           strength    lambda; D Kullback-Leibler divergence or the sum of squares
Variables  p[o] >= 0                                            the trained policy
           v[i] >= 0                                            group i's value
max        welfare:    sum_i w[i] log(v[i]) - strength D(p || q)
s.t.       worth[i]:   v[i] - sum_o rm[i, o] p[o] == 0                                          for i in N
           p a distribution, or one of a mixture class          (rows: bigopt.algebra.distributions)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism) -> pyo.ConcreteModel:
    """State the training problem."""
    w, rm, q, strength = game.sizes.tolist(), game.rewards, game.initial, game.strength

    m = pyo.ConcreteModel("training_nash")
    m.N = pyo.RangeSet(0, game.n - 1)
    add_policy(m, q, game.policies.base)

    m.v = pyo.Var(m.N, bounds=(0, None), initialize=dict(enumerate((rm @ q).tolist())))

    fair = pyo.quicksum(w[i] * pyo.log(m.v[i]) for i in m.N)
    penalty = strength * divergence(m, q, game.rule.regularizer)
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=fair - penalty)

    @m.Constraint(m.N)
    def worth(m: Any, i: int) -> Any:
        return dot([1.0, *(-rm[i])], [m.v[i], *m.p.values()]) == 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (|O|,)."""
    return {"policy": read_policy(m)}
