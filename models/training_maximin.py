"""Train for the group that is worst off, in epigraph form.  [Sun et al., Section 3].

Sets       N groups, X outcomes
Data       rm[i, x]  rewards
           q[x]      the initial model's probabilities, > 0
           lambda    strength; D Kullback-Leibler divergence (NLP) or the sum of squares (QP)
Variables  p[x] >= 0                                            the trained policy
           least                                                the least value
max        welfare:   least - lambda D(p || q)
s.t.       worth[i]:  sum_x rm[i, x] p[x] - least >= 0    for i in N
           total:     sum_x p[x] == 1                           (a mixture class: bigopt.algebra.distributions)
"""

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism) -> pyo.ConcreteModel:
    """State the training problem."""
    rm = game.rewards.tolist()

    m = pyo.ConcreteModel("training_maximin")
    m.N = pyo.RangeSet(0, game.n - 1)
    add_policy(m, game.initial, game.policies.base)
    m.least = pyo.Var(initialize=float((game.rewards @ game.initial).min()))
    penalty = game.strength * divergence(m, game.initial, game.rule.regularizer)
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=m.least - penalty)

    @m.Constraint(m.N)
    def worth(m: pyo.ConcreteModel, i: int) -> tuple[float, object, None]:
        return 0.0, dot([*rm[i], -1.0], [*m.p.values(), m.least]), None

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (m,)."""
    return {"policy": np.array(read_policy(m))}
