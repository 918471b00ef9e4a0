"""Train for social welfare.                                    [Sun et al., Definition 4.1, Proposition 4.4].

Sets       O outcomes
Data       R[o]        summed reward, sum_i w_i rm_i[o], shape (|O|,)
           q[o]        the initial model's probabilities, > 0, shape (|O|,)
           strength    lambda; D Kullback-Leibler divergence (NLP) or the sum of squares (QP: a projection)
Variables  p[o] >= 0                                            the trained policy
max        welfare:    sum_o R[o] p[o] - strength D(p || q)
s.t.       p a distribution, or one of a mixture class          (rows: bigopt.algebra.distributions)
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism, without: int | None = None) -> pyo.ConcreteModel:
    """State the training problem; `without` leaves one group out, as its payment asks."""
    R = (game.total if without is None else game.others(without)).tolist()
    q, strength = game.initial, game.strength

    m = pyo.ConcreteModel("training_welfare")
    add_policy(m, q, game.policies.base)

    reward, penalty = dot(R, m.p.values()), strength * divergence(m, q, game.rule.regularizer)
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=reward - penalty)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (|O|,)."""
    return {"policy": read_policy(m)}
