"""Distributions over outcomes as Pyomo variables, and their distance from an initial one, for the model files."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.arithmetic.arrays import Floats


def add_policy(m: pyo.ConcreteModel, initial: Floats, base: Floats | None) -> None:
    """Add the outcomes m.X and the policy m.p[x] >= 0, which starts at `initial`.

    all distributions   total:       sum_x p[x] == 1
    mixtures of base    shares:      sum_k share[k] == 1, share[k] >= 0
                        mixture[x]:  p[x] - sum_k base[k, x] share[k] == 0    (p[x] is fixed to 0 where all bases are)
    """
    m.X = pyo.RangeSet(0, len(initial) - 1)
    m.p = pyo.Var(m.X, bounds=(0, 1), initialize=dict(enumerate(initial.tolist())))
    if base is None:
        m.total = pyo.Constraint(expr=(dot([1.0] * len(m.X), m.p.values()), 1.0))
        return
    start = initial @ base.T + 1e-3
    m.K = pyo.RangeSet(0, len(base) - 1)
    m.share = pyo.Var(m.K, bounds=(0, 1), initialize=dict(enumerate((start / start.sum()).tolist())))
    m.shares = pyo.Constraint(expr=(dot([1.0] * len(m.K), m.share.values()), 1.0))
    columns = base.T.tolist()
    seen = [x for x in m.X if any(columns[x])]

    @m.Constraint(seen)
    def mixture(m: pyo.ConcreteModel, x: int) -> tuple[Any, float]:
        return dot([1.0, *(-b for b in columns[x])], [m.p[x], *m.share.values()]), 0.0

    for x in set(m.X) - set(seen):
        m.p[x].fix(0.0)


def divergence(m: pyo.ConcreteModel, initial: Floats, name: str) -> Any:
    """Return D(p || initial): `kl`, sum_x p log(p / q), or `l2`, sum_x (p - q)^2."""
    q = initial.tolist()
    free = [x for x in m.X if not m.p[x].fixed]
    if name == "kl":
        return pyo.quicksum(m.p[x] * pyo.log(m.p[x] / q[x]) for x in free)
    gone = sum(q[x] ** 2 for x in m.X if m.p[x].fixed)
    return pyo.quicksum((m.p[x] - q[x]) ** 2 for x in free) + gone


def problem_class(regularizer: str, linear: str = "QP") -> str:
    """Return the class of a program with that divergence in its objective."""
    return "NLP" if regularizer == "kl" else linear


def read_policy(m: pyo.ConcreteModel) -> Any:
    """Return the policy as a list of floats."""
    return [max(0.0, pyo.value(m.p[x])) for x in m.X]
