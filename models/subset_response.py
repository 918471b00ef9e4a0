"""Find one player's best response in a subset game: the items whose sum brings the receiver nearest to the target.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22)
Sets       I the player, M items, K coordinates
Data       u[j, k] = w_i x_j[k]     what item j adds to the receiver, shape (m, d)
           r[k] = z[k] - t_i[k]     what the others and the background add, minus the target, shape (d,)
           size[i]                  how many items the player shows
Variables  shown[i, j]              how often item j is shown: in {0, 1}, or in {0..size[i]} with repeats
           gap[k]                   receiver minus target
min        loss:      sum_k gap[k]^2                                        eq. (22)
s.t.       count[i]:  sum_j shown[i, j] == size[i]                          for i in I
           reach[k]:  gap[k] - sum_{i,j} u[j, k] shown[i, j] == r[k]        for k in K
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import add_choices, choices_of
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    u, r = game.pull(player, game.first_profile() if choices is None else choices)
    size = game.sizes.tolist()
    pulls = (-u.T).tolist()

    m = pyo.ConcreteModel("subset_response")
    m.I = pyo.Set(initialize=[player])
    m.M = pyo.RangeSet(0, len(u) - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)

    add_choices(m, m.I, size, game.repeats)
    m.gap = pyo.Var(m.K)

    m.loss = pyo.Objective(expr=pyo.quicksum(m.gap[k] ** 2 for k in m.K))

    @m.Constraint(m.K)
    def reach(m: Any, k: int) -> Any:
        return dot([1.0, *pulls[k]], [m.gap[k], *m.shown.values()]) == float(r[k])

    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the player's choice."""
    return {"action": choices_of(m)[0]}
