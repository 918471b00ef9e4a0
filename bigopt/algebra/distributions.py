"""Distributions over outcomes as Pyomo variables, and their distance from an initial one, for the model files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.arithmetic.arrays import Floats


def add_policy(m: pyo.ConcreteModel, initial: Floats, base: Floats | None) -> None:
    """Add the outcomes m.O and the policy m.p[o] in [0, 1], which starts at `initial`.

    all distributions   total:       sum_o p[o] == 1
    mixtures of base    share[v]     in [0, 1], of base v                       V the bases
                        shares:      sum_v share[v] == 1
                        mixture[o]:  p[o] - sum_v base[v,o] share[v] == 0       (p[o] is fixed to 0 where all bases are)
    """
    m.O = pyo.RangeSet(0, len(initial) - 1)
    m.p = pyo.Var(m.O, bounds=(0, 1), initialize=dict(enumerate(initial.tolist())))
    if base is None:
        m.total = pyo.Constraint(expr=dot([1.0] * len(m.O), m.p.values()) == 1)
        return
    start = initial @ base.T + 1e-3
    m.V = pyo.RangeSet(0, len(base) - 1)
    m.share = pyo.Var(m.V, bounds=(0, 1), initialize=dict(enumerate((start / start.sum()).tolist())))
    m.shares = pyo.Constraint(expr=dot([1.0] * len(m.V), m.share.values()) == 1)
    columns = base.T.tolist()
    seen = [o for o in m.O if any(columns[o])]

    @m.Constraint(seen)
    def mixture(m: Any, o: int) -> Any:
        return dot([1.0, *(-b for b in columns[o])], [m.p[o], *m.share.values()]) == 0

    for o in set(m.O) - set(seen):
        m.p[o].fix(0.0)


def divergence(m: pyo.ConcreteModel, initial: Floats, name: str) -> Any:
    """Return D(p || initial): `kl`, sum_o p log(p / q), or `l2`, sum_o (p - q)^2."""
    q = initial.tolist()
    free = [o for o in m.O if not m.p[o].fixed]
    if name == "kl":
        return pyo.quicksum(m.p[o] * pyo.log(m.p[o] / q[o]) for o in free)
    gone = sum(q[o] ** 2 for o in m.O if m.p[o].fixed)
    return pyo.quicksum((m.p[o] - q[o]) ** 2 for o in free) + gone


def read_policy(m: pyo.ConcreteModel) -> Floats:
    """Return the policy, shape (|O|,)."""
    return np.array([max(0.0, pyo.value(p)) for p in m.p.values()])
