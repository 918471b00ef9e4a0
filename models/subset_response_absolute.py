"""Find one player's best response in a subset game of one dimension, by the distance from the target.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22)
Sets       I the player, M items
Data       u[j] = w_i x_j       what item j adds to the receiver, shape (m,)
           r = z - t_i          what the others and the background add, minus the target
           size[i]              how many items the player shows
Variables  shown[i, j]          how often item j is shown: in {0, 1}, or in {0..size[i]} with repeats
           distance >= 0        |receiver - target|, the square root of the loss
min        away:      distance                                              eq. (22), its root
s.t.       count[i]:  sum_j shown[i, j] == size[i]                          for i in I
           above:     distance - sum_{i,j} u[j] shown[i, j] >= r
           below:     distance + sum_{i,j} u[j] shown[i, j] >= -r
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import add_choices, choices_of
from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    if game.dimension != 1:
        raise UsageError(f"subset_response_absolute: {game.dimension} coordinates, expected one: use subset_response")
    vectors, rest = game.pull(player, game.first_profile() if choices is None else choices)
    u, r, size = vectors[:, 0], float(rest[0]), game.sizes.tolist()

    m = pyo.ConcreteModel("subset_response_absolute")
    m.I = pyo.Set(initialize=[player])
    m.M = pyo.RangeSet(0, len(u) - 1)

    add_choices(m, m.I, size, game.repeats)
    m.distance = pyo.Var(bounds=(0, None))

    m.away = pyo.Objective(expr=m.distance)

    m.above = pyo.Constraint(expr=dot([1.0, *-u], [m.distance, *m.shown.values()]) >= r)
    m.below = pyo.Constraint(expr=dot([1.0, *u], [m.distance, *m.shown.values()]) >= -r)
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the player's choice."""
    return {"action": choices_of(m)[0]}
