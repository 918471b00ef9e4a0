"""Minimize the potential of a subset game by a linear program in binaries and their products.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eqs. (22) and (23), the square expanded
Sets       N players, M items
           C copies of items, P pairs of copies               (bigopt.algebra.products)
Data       w[i], t[i], x[j]         weights, targets and items, shapes (n,), (n, d) and (m, d)
           c0 = w_0 x_0             the background, shape (d,)
           size[i]                  how many items player i shows, shape (n,)
           v[a] = w[i] x[j]         what copy a = (i, j, c) adds to the receiver, shape (|C|, d)
Variables  shown[i, j]              how often i shows item j: in {0, 1}, or in {0..size[i]} with repeats
           y[a]                     copy a is shown, in {0, 1}
           both[a, b]               y[a] y[b]
min        potential:   |c0|^2 + sum_a (|v_a|^2 + 2 c0.v_a) y[a] + 2 sum_{a<b} v_a.v_b both[a, b]
                        - 2 sum_{i,j} w[i] t[i].x[j] shown[i, j]                               eq. (23)
s.t.       count[i]:    sum_j shown[i, j] == size[i]                                           for i in N
           both = y y, and y shows what shown does            (rows: bigopt.algebra.products)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.products import add_copies, add_square
from bigopt.algebra.selection import add_choices, choices_of
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, both_sides: bool = False) -> pyo.ConcreteModel:
    """State the program; `both_sides` gives products all of their rows, for constraints to be added on them."""
    w, t, x, c0 = game.weights, game.targets, game.items, game.background
    size = game.sizes.tolist()
    gain = (-2 * w[:, None] * (t @ x.T)).ravel().tolist()

    m = pyo.ConcreteModel("subset_potential_products")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.M = pyo.RangeSet(0, len(x) - 1)

    add_choices(m, m.N, size, game.repeats)
    names = add_copies(m, size, game.repeats)
    v = np.array([w[i] * x[j] for i, j, _ in names])

    m.potential = pyo.Objective(expr=add_square(m, v, c0, size, both_sides) + dot(gain, m.shown.values()))
    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return every player's choice."""
    return {"choices": choices_of(m)}
