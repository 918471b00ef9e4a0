"""Train for social welfare with a Kullback-Leibler regularizer.  [Sun et al., Definition 4.1, Proposition 4.4].

Sets       X outcomes
Data       R[x]     summed reward, sum_i w_i rm_i[x]
           q[x]     the initial model's probabilities, > 0
           lambda   strength
Variables  p[x] >= 0                                            the trained policy
max        welfare:   sum_x R[x] p[x] - lambda sum_x p[x] log(p[x] / q[x])
s.t.       total:     sum_x p[x] == 1                           (a mixture class: bigopt.algebra.distributions)
"""

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism, without: int | None = None) -> pyo.ConcreteModel:
    """State the training problem; `without` leaves one group out, as its payment asks."""
    R = game.total if without is None else game.others(without)

    m = pyo.ConcreteModel("training_kl")
    add_policy(m, game.initial, game.policies.base)
    reward = dot(R.tolist(), m.p.values())
    m.welfare = pyo.Objective(sense=pyo.maximize, expr=reward - game.strength * divergence(m, game.initial, "kl"))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (m,)."""
    return {"policy": np.array(read_policy(m))}
