"""Find one player's best response in a subset game by a linear program in binaries and their products.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eq. (22), its square expanded
Sets       I the player, M items
           C copies of items, P pairs of copies               (bigopt.algebra.products)
Data       u[j] = w_i x_j       what item j adds to the receiver, shape (m, d)
           r = z - t_i          what the others and the background add, minus the target, shape (d,)
           size[i]              how many items the player shows
           v[a] = u[j]          what copy a = (i, j, c) adds, shape (|C|, d)
Variables  shown[i, j]          how often item j is shown: in {0, 1}, or in {0..size[i]} with repeats
           y[a]                 copy a is shown, in {0, 1}
           both[a, b]           y[a] y[b]
min        loss:        |r|^2 + sum_a (|v_a|^2 + 2 r.v_a) y[a] + 2 sum_{a<b} v_a.v_b both[a, b]
s.t.       count[i]:    sum_j shown[i, j] == size[i]                                           for i in I
           both = y y, and y shows what shown does            (rows: bigopt.algebra.products)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.products import add_copies, add_square
from bigopt.algebra.selection import add_choices, choices_of
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None) -> pyo.ConcreteModel:
    """State the program of `player`; without `choices` the others show the first items."""
    u, r = game.pull(player, game.first_profile() if choices is None else choices)
    size = game.sizes.tolist()

    m = pyo.ConcreteModel("subset_response_products")
    m.I = pyo.Set(initialize=[player])
    m.M = pyo.RangeSet(0, len(u) - 1)

    add_choices(m, m.I, size, game.repeats)
    names = add_copies(m, size, game.repeats)
    v = u[[j for _, j, _ in names]]

    m.loss = pyo.Objective(expr=add_square(m, v, r, size, both_sides=False))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return the player's choice."""
    return {"action": choices_of(m)[0]}
