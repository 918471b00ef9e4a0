"""Bring the Bobs below Alice where equilibria lie, and above her optimum.     [Collina et al., Section 7 and Remark 5].

Sets       F outcomes (y, f(y)) of the stable schemes f
           G outcomes (y, a) that are best for Alice in their state, ties included
           J Bobs
Data       alice[o], bobs[o, j]      utilities of all outcomes above each player's least, from 0 to 1 (0 if constant)
           weight[j]                 of a share of one
Variables  share[j] >= 0             how far Bob j's part of the combination ranges, in ranges of Alice's utility;
                                     no sum constraint
           offset                    free
           epsilon >= 0              the misalignment score, in ranges of Alice's utility
min        score:     epsilon
s.t.       above[o]:  sum_j bobs[o, j] share[j] + offset - epsilon <= alice[o]     for o in F
           below[o]:  sum_j bobs[o, j] share[j] + offset + epsilon >= alice[o]     for o in G
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.alice.alignment import table_of
from bigopt.games.market.game import Market


def build(game: Market, stable: Sequence[int], best: Sequence[int]) -> pyo.ConcreteModel:
    """Return the LP; `stable` and `best` are indices into the flat outcomes, F and G."""
    table = table_of(game)
    unit, ranges = table.scale(convex=False)
    normal, columns = table.normalized
    alice, bobs = normal.tolist(), columns.T.tolist()
    weight = (unit / ranges).tolist()

    m = pyo.ConcreteModel("misalignment")
    m.F = pyo.Set(initialize=list(stable))
    m.G = pyo.Set(initialize=list(best))
    m.J = pyo.RangeSet(0, game.k - 1)
    m.weight = pyo.Param(m.J, initialize=dict(enumerate(weight)))

    m.share = pyo.Var(m.J, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))
    terms = [*m.share.values(), m.offset, m.epsilon]

    m.score = pyo.Objective(expr=m.epsilon)

    @m.Constraint(m.F)
    def above(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, -1.0], terms) <= alice[o]

    @m.Constraint(m.G)
    def below(m: Any, o: int) -> Any:
        return dot([*bobs[o], 1.0, 1.0], terms) >= alice[o]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights, shape (|J|,); the certificate measures the offset and the score."""
    return {"weights": np.array([max(0.0, pyo.value(m.share[j])) * m.weight[j] for j in m.J])}
