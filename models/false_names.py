"""The largest payments under which truth is best, nobody is worse off than absent, and splitting a group never pays.

Source     Sun et al., Section 4, with sizes that a group may split over several names (not in the paper)
Sets       N = {1, ..., W} sizes; pairs (a, b), a >= 1, b >= 0, a + b <= W: a name of size a, b agents under other names
           S[w, b] the ways to split w agents, beside b others, into two or more names: multisets of sizes a_1, ..., a_k
Data       value[t]        what the policy trained on t agents in all is worth to one of them
Variables  pay[a, b]
max        revenue:        sum_{(a, b)} pay[a, b]
s.t.       present[a, b]:      pay[a, b] <= a value[a + b]                                        nobody is worse off
           truth[a, c, b]:     pay[a, b] - pay[c, b] <= a (value[a + b] - value[c + b])           c agents are reported
           whole[w, b, s]:     pay[w, b] - sum_j pay[a_j, w + b - a_j] <= 0     for s = (a_1, ..., a_k) in S[w, b]
"""

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.mechanism.exact.splitting import names_of, splits_of, values_of
from bigopt.games.mechanism.game import Mechanism


def build(game: Mechanism, group: int = 0) -> pyo.ConcreteModel:
    """State the linear program of one group's sizes."""
    value = values_of(game, group).tolist()
    largest = len(value) - 1

    m = pyo.ConcreteModel("false_names")
    m.names = pyo.Set(initialize=names_of(largest), dimen=2)
    m.reports = pyo.Set(initialize=[(a, c, b) for a, b in m.names for c, d in m.names if b == d and a != c], dimen=3)
    m.pay = pyo.Var(m.names)
    m.revenue = pyo.Objective(sense=pyo.maximize, expr=dot([1.0] * len(m.names), m.pay.values()))

    @m.Constraint(m.names)
    def present(m: pyo.ConcreteModel, a: int, b: int) -> tuple[None, object, float]:
        return None, m.pay[a, b], a * value[a + b]

    @m.Constraint(m.reports)
    def truth(m: pyo.ConcreteModel, a: int, c: int, b: int) -> tuple[None, object, float]:
        return None, m.pay[a, b] - m.pay[c, b], a * (value[a + b] - value[c + b])

    splits = [(w, b, s) for w, b in names_of(largest) for s in splits_of(w)]

    @m.Constraint(range(len(splits)))
    def whole(m: pyo.ConcreteModel, k: int) -> tuple[None, object, float]:
        w, b, sizes = splits[k]
        parts = [m.pay[a, w + b - a] for a in sizes]
        return None, m.pay[w, b] - pyo.quicksum(parts), 0.0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the payments [a][b], 0 where a + b is too large."""
    largest = max(a for a, _ in m.names)
    table = np.zeros((largest + 1, largest + 1))
    for a, b in m.names:
        table[a, b] = pyo.value(m.pay[a, b])
    return {"table": table}
