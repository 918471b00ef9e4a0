"""Train for the group that is worst off, in epigraph form.                                     [Sun et al., Section 3].

Sets       N groups, O outcomes
Data       rm[i, o]    rewards, shape (n, |O|)
           q[o]        the initial model's probabilities, > 0, shape (|O|,)
           strength    lambda; D Kullback-Leibler divergence (NLP) or the sum of squares (QP)
Variables  p[o] >= 0                                            the trained policy
           least                                                the least value
max        welfare:    least - strength D(p || q)
s.t.       worth[i]:   sum_o rm[i, o] p[o] - least >= 0                                         for i in N
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
    rm, q, strength = game.rewards.tolist(), game.initial, game.strength

    m = pyo.ConcreteModel("training_maximin")
    m.N = pyo.RangeSet(0, game.n - 1)
    add_policy(m, q, game.policies.base)

    m.least = pyo.Var(initialize=float((game.rewards @ q).min()))

    penalty = strength * divergence(m, q, game.rule.regularizer)
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=m.least - penalty)

    @m.Constraint(m.N)
    def worth(m: Any, i: int) -> Any:
        return dot([*rm[i], -1.0], [*m.p.values(), m.least]) >= 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (|O|,)."""
    return {"policy": read_policy(m)}
