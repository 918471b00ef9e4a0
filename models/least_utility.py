"""The least utility of a group that reports truthfully and pays the affine maximizer payment.  [Sun et al., Cor. 4.6].

The infimum over rewards and sizes of u = max_p {ASW_-i(p) + w rm.p} - max_p ASW_-i(p). It is at the smallest size w,
and by the minimax theorem the minimum over rewards moves inside: one concave program for any regularizer.

Sets       X outcomes
Data       R[x]      the others' summed reward
           q[x]      the initial model's probabilities, > 0
           lambda    strength; D Kullback-Leibler divergence (NLP) or the sum of squares (QP)
           w         the smallest size, 1
           outcome   the only one that the group wants: rewards whose largest entry is 1 (least over all x)
Variables  p[x] >= 0                                            the policy
           least                                                what the group gets of it
max        welfare:   sum_x R[x] p[x] + w least - lambda D(p || q)
s.t.       worth[x]:  p[x] - least >= 0    for x in X           rewards of sum 1; for x = outcome where it is given
           total:     sum_x p[x] == 1                           (a mixture class: bigopt.algebra.distributions)
"""

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism

SMALLEST = 1.0  # size


def build(game: Mechanism, group: int = 0, outcome: int | None = None) -> pyo.ConcreteModel:
    """State the program of one group."""
    R = game.others(group).tolist()

    m = pyo.ConcreteModel("least_utility")
    add_policy(m, game.initial, game.policies.base)
    m.least = pyo.Var(bounds=(0, 1), initialize=float(game.initial.min()))
    penalty = game.strength * divergence(m, game.initial, game.rule.regularizer)
    reward = dot([*R, SMALLEST], [*m.p.values(), m.least])
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=reward - penalty)

    @m.Constraint(m.X if outcome is None else [outcome])
    def worth(m: pyo.ConcreteModel, x: int) -> tuple[float, object, None]:
        return 0.0, m.p[x] - m.least, None

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (m,)."""
    return {"policy": np.array(read_policy(m))}
