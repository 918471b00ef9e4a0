"""The largest payments under which truth is best, nobody is worse off than absent, and splitting a group never pays.

Source     Sun et al., Section 4, with sizes that a group may split over several names (not in the paper)
Sets       N names (a, b), a >= 1, b >= 0, a + b at most the largest size: a name of size a, b agents under other names
           R reports (a, c, b), a != c: c agents are named where there are a
           D splits (w, b, s) of w agents, beside b others, into names of two or more sizes: s counts the multisets
Data       value[t]            what the policy trained on t agents in all is worth to one of them
           sizes[w, b, s]      the sizes (a_1, ..., a_k) of a split
Variables  pay[a, b]           what a name of size a pays where b agents have other names
max        revenue:            sum_{(a, b)} pay[a, b]
s.t.       present[a, b]:      pay[a, b] <= a value[a + b]                                            for (a, b) in N
           truth[a, c, b]:     pay[a, b] - pay[c, b] <= a (value[a + b] - value[c + b])               for (a, c, b) in R
           whole[w, b, s]:     pay[w, b] - sum_{a in sizes[w, b, s]} pay[a, w + b - a] <= 0           for (w, b, s) in D
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.exact.splitting import names_of, splits_of, values_of
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism, group: int = 0) -> pyo.ConcreteModel:
    """State the linear program of one group's sizes."""
    value = values_of(game, group).tolist()
    names = names_of(len(value) - 1)
    sizes = {(w, b, s): split for w, b in names for s, split in enumerate(splits_of(w))}

    m = pyo.ConcreteModel("false_names")
    m.N = pyo.Set(initialize=names, dimen=2)
    m.R = pyo.Set(initialize=[(a, c, b) for a, b in m.N for c, d in m.N if b == d and a != c], dimen=3)
    m.D = pyo.Set(initialize=list(sizes), dimen=3)

    m.pay = pyo.Var(m.N)

    m.revenue = pyo.Objective(sense=pyo.maximize, expr=dot([1.0] * len(m.N), m.pay.values()))

    @m.Constraint(m.N)
    def present(m: Any, a: int, b: int) -> Any:
        return m.pay[a, b] <= a * value[a + b]

    @m.Constraint(m.R)
    def truth(m: Any, a: int, c: int, b: int) -> Any:
        return m.pay[a, b] - m.pay[c, b] <= a * (value[a + b] - value[c + b])

    @m.Constraint(m.D)
    def whole(m: Any, w: int, b: int, s: int) -> Any:
        return m.pay[w, b] - pyo.quicksum(m.pay[a, w + b - a] for a in sizes[w, b, s]) <= 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the payments [a][b], 0 where a + b is too large."""
    largest = max(a for a, _ in m.N)
    table = np.zeros((largest + 1, largest + 1))
    for a, b in m.N:
        table[a, b] = pyo.value(m.pay[a, b])
    return {"table": table}
