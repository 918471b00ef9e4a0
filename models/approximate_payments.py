"""The smallest error with which any payments make truth a best report.  [Rochet 1987; Sun et al., Theorem 3.5].

Sets       T types of one group
           E pairs of them, (s, t) with s != t
Data       length[s, t]    V_t(a_t) - V_t(a_s): what type t gains in value by telling the truth instead of s
Variables  payment[t]      payment[0] == 0, the reference
           epsilon >= 0
min        error:          epsilon                          (minus the least mean of a cycle, if negative)
s.t.       truth[s, t]:    payment[t] - payment[s] - epsilon <= length[s, t]    for (s, t) in E
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.types import lengths_of


def build(game: Mechanism, group: int = 0) -> pyo.ConcreteModel:
    """State the linear program on the type graph of one group."""
    length = lengths_of(game, group).tolist()

    m = pyo.ConcreteModel("approximate_payments")
    m.T = pyo.RangeSet(0, len(length) - 1)
    m.E = pyo.Set(initialize=[(s, t) for s in m.T for t in m.T if s != t], dimen=2)

    m.payment = pyo.Var(m.T, initialize=0.0)
    m.payment[0].fix(0.0)
    m.epsilon = pyo.Var(bounds=(0, None), initialize=0.0)

    m.error = pyo.Objective(expr=m.epsilon)

    @m.Constraint(m.E)
    def truth(m: Any, s: int, t: int) -> Any:
        return m.payment[t] - m.payment[s] - m.epsilon <= length[s][t]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the payments, shape (|T|,)."""
    return {"payments": np.array([pyo.value(m.payment[t]) for t in m.T])}
