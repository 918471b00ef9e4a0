"""Bring the Bobs below Alice where equilibria lie, and above her optimum.     [Collina et al., Section 7 and Remark 5].

Sets       F outcomes (y, f(y)) of the stable schemes f
           O outcomes (y, a) that are best for Alice in their state, ties included
           K Bobs
Data       alice[o], bobs[j, o]      utilities of all outcomes above each player's least, from 0 to 1 (0 if constant)
Variables  share[j] >= 0             how far Bob j's part of the combination ranges, in ranges of Alice's utility;
                                     no sum constraint
           offset                    free
           epsilon >= 0              the misalignment score, in ranges of Alice's utility
min        score:     epsilon
s.t.       above[o]:  sum_j bobs[j, o] share[j] + offset - epsilon <= alice[o]     for o in F
           below[o]:  sum_j bobs[j, o] share[j] + offset + epsilon >= alice[o]     for o in O
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.alice.alignment import scale, table_of
from bigopt.games.market.game import Market


def build(game: Market, stable: Sequence[int], best: Sequence[int]) -> pyo.ConcreteModel:
    """Return the LP; `stable` and `best` are indices into the flat outcomes, F and O."""
    table = table_of(game)
    alice, bobs = table.normalized
    target, columns = alice.tolist(), bobs.T.tolist()
    unit, ranges = scale(table, convex=False)
    m = pyo.ConcreteModel("misalignment")
    m.F = pyo.Set(initialize=list(stable))
    m.O = pyo.Set(initialize=list(best))
    m.K = pyo.RangeSet(0, game.k - 1)
    m.weight = pyo.Param(m.K, initialize={j: unit / float(r) for j, r in enumerate(ranges)})  # of a share of one

    m.share = pyo.Var(m.K, bounds=(0, None))
    m.offset = pyo.Var()
    m.epsilon = pyo.Var(bounds=(0, None))
    terms = [*m.share.values(), m.offset, m.epsilon]

    m.score = pyo.Objective(expr=m.epsilon)

    @m.Constraint(m.F)
    def above(m: Any, o: int) -> Any:
        return dot([*columns[o], 1.0, -1.0], terms) <= target[o]

    @m.Constraint(m.O)
    def below(m: Any, o: int) -> Any:
        return dot([*columns[o], 1.0, 1.0], terms) >= target[o]

    return m


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the weights; the certificate measures the offset and the score."""
    return {"weights": np.array([max(0.0, pyo.value(model.share[j])) * model.weight[j] for j in model.K])}
