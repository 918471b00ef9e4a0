"""The least utility of a group that reports truthfully and pays the affine maximizer payment.  [Sun et al., Cor. 4.6].

The infimum over rewards and sizes of u = max_p {ASW_-i(p) + w rm.p} - max_p ASW_-i(p). It is at the smallest size w,
and by the minimax theorem the minimum over rewards moves inside: one concave program for any regularizer.

Sets       O outcomes
           G outcomes that the group may want: all for rewards of sum 1; one for rewards whose largest entry is 1 (the
             least over all single outcomes is the answer then)
Data       R[o]      the others' summed reward, shape (|O|,)
           q[o]      the initial model's probabilities, > 0, shape (|O|,)
           strength  lambda; D Kullback-Leibler divergence (NLP) or the sum of squares (QP)
           w         the smallest size, 1
Variables  p[o] >= 0                                            the policy
           least                                                what the group gets of it
max        welfare:   sum_o R[o] p[o] + w least - strength D(p || q)
s.t.       worth[o]:  p[o] - least >= 0                                                                    for o in G
           p a distribution, or one of a mixture class          (rows: bigopt.algebra.distributions)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.distributions import add_policy, divergence, read_policy
from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.exact.least_utility import SMALLEST
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism, group: int = 0, outcome: int | None = None) -> pyo.ConcreteModel:
    """State the program of one group; `outcome` is the only one that it wants, where its largest reward is 1."""
    R, q, strength, w = game.others(group).tolist(), game.initial, game.strength, SMALLEST

    m = pyo.ConcreteModel("least_utility")
    add_policy(m, q, game.policies.base)
    m.G = pyo.Set(initialize=list(m.O) if outcome is None else [outcome])

    m.least = pyo.Var(bounds=(0, 1), initialize=float(q.min()))

    @m.Objective(sense=pyo.maximize)
    def welfare(m: Any) -> Any:
        return dot([*R, w], [*m.p.values(), m.least]) - strength * divergence(m, q, game.rule.regularizer)

    @m.Constraint(m.G)
    def worth(m: Any, o: int) -> Any:
        return m.p[o] - m.least >= 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the policy, shape (|O|,)."""
    return {"policy": read_policy(m)}
