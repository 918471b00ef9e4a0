"""Bring a weighted sum of the Bobs' utilities as near to Alice's as it can be.     [Collina et al., Definition 1].

Sets       N outcomes (a, y), K Bobs
Data       alice[o], bobs[j, o]      utilities above each player's least, shapes (|N|) and (|K|, |N|): Alice's in the
                                     unit of epsilon, each Bob's from 0 to 1
           size[j]                   a Bob's range in the unit of epsilon
           given[j]                  the Bobs' shares, where they are given (Proposition 3)
Variables  share[j] >= 0             how far Bob j's part of the combination ranges, in the unit of epsilon
           offset                    free
           epsilon >= 0              the alignment error
min        error:     epsilon
s.t.       convex:    sum_j share[j] / size[j] == 1         (absent in Remark 2: weights of any sum)
           fixed[j]:  share[j] == given[j] size[j]          (only where given)                   for j in K
           above[o]:  sum_j bobs[j, o] share[j] + offset - epsilon <= alice[o]                   for o in N
           below[o]:  sum_j bobs[j, o] share[j] + offset + epsilon >= alice[o]                   for o in N
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.alice.alignment import scale, table_of
from bigopt.alice.utilities import Aligned


def build(game: Aligned, convex: bool = True, given: Sequence[float] | None = None) -> pyo.ConcreteModel:
    """Return the LP of Definition 1 for any game with an Alice and Bobs."""
    table = table_of(game)
    unit, size = scale(table, convex)
    alice, bobs = table.normalized
    target = (alice * (float(table.spans[0]) / unit)).tolist()
    columns, size = bobs.T.tolist(), (size / unit).tolist()
    m = pyo.ConcreteModel("alignment")
    m.K = pyo.RangeSet(0, table.k - 1)
    m.N = pyo.RangeSet(0, len(target) - 1)
    m.size = pyo.Param(m.K, initialize=dict(enumerate(size)))

    m.share = pyo.Var(m.K, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))
    shares = list(m.share.values())

    m.error = pyo.Objective(expr=m.epsilon)

    if convex:
        least = min(size)  # the row's coefficients are at most 1
        m.convex = pyo.Constraint(expr=dot([least / s for s in size], shares) == least)
    if given is not None:
        weights = list(given)

        @m.Constraint(m.K)
        def fixed(m: Any, j: int) -> Any:
            return m.share[j] == weights[j] * size[j]

    @m.Constraint(m.N)
    def above(m: Any, o: int) -> Any:
        return dot([*columns[o], 1.0, -1.0], [*shares, m.offset, m.epsilon]) <= target[o]

    @m.Constraint(m.N)
    def below(m: Any, o: int) -> Any:
        return dot([*columns[o], 1.0, 1.0], [*shares, m.offset, m.epsilon]) >= target[o]

    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights; the certificate measures the offset and the error."""
    return {"weights": np.array([max(0.0, pyo.value(model.share[j])) / model.size[j] for j in model.K])}
