"""Bring a weighted sum of the Bobs' utilities as near to Alice's as it can be.     [Collina et al., Definition 1].

Sets       O outcomes (a, y), J Bobs
Data       alice[o], bobs[o, j]      utilities above each player's least, shapes (|O|,) and (|O|, |J|): Alice's in the
                                     unit of epsilon, each Bob's from 0 to 1
           size[j]                   a Bob's range in the unit of epsilon; least is the smallest
           given[j]                  the Bobs' weights, where they are given (Proposition 3)
           table                     all utilities, where a game has several Alices and another than the first is asked
Variables  share[j] >= 0             how far Bob j's part of the combination ranges, in the unit of epsilon: his weight
                                     is share[j] / size[j]
           offset                    free
           epsilon >= 0              the alignment error
min        error:     epsilon
s.t.       convex:    sum_j (least / size[j]) share[j] == least        (absent in Remark 2: weights of any sum)
           fixed[j]:  share[j] == given[j] size[j]                     (only where given)                for j in J
           above[o]:  sum_j bobs[o, j] share[j] + offset - epsilon <= alice[o]                           for o in O
           below[o]:  sum_j bobs[o, j] share[j] + offset + epsilon >= alice[o]                           for o in O
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.alice.alignment import table_of
from bigopt.alice.utilities import Aligned, Utilities


def build(
    game: Aligned, convex: bool = True, given: Sequence[float] | None = None, table: Utilities | None = None
) -> pyo.ConcreteModel:
    """Return the LP of Definition 1 for any game with an Alice and Bobs."""
    table = table_of(game) if table is None else table
    unit, ranges = table.scale(convex)
    normal, columns = table.normalized
    alice, bobs = (normal * (float(table.spans[0]) / unit)).tolist(), columns.T.tolist()
    size = (ranges / unit).tolist()
    least = min(size)

    m = pyo.ConcreteModel("alignment")
    m.O = pyo.RangeSet(0, len(alice) - 1)
    m.J = pyo.RangeSet(0, len(size) - 1)
    m.size = pyo.Param(m.J, initialize=dict(enumerate(size)))

    m.share = pyo.Var(m.J, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))
    shares = list(m.share.values())

    m.error = pyo.Objective(expr=m.epsilon)

    if convex:
        m.convex = pyo.Constraint(expr=dot([least / s for s in size], shares) == least)

    if given is not None:

        @m.Constraint(m.J)
        def fixed(m: Any, j: int) -> Any:
            return m.share[j] == given[j] * size[j]

    @m.Constraint(m.O)
    def above(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, -1.0], [*shares, m.offset, m.epsilon]) <= alice[o]

    @m.Constraint(m.O)
    def below(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, 1.0], [*shares, m.offset, m.epsilon]) >= alice[o]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, shape (|J|,); the certificate measures the offset and the error."""
    return {"weights": np.array([max(0.0, pyo.value(m.share[j])) / m.size[j] for j in m.J])}
