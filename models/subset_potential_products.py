"""Minimize the potential of a subset game by a linear program in binaries and their products.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eqs. (22) and (23), the square expanded
Sets       N players, M items, C copies (i, j, c) of item j for player i: one, or c = 0..size[i]-1 with repeats
Data       w[i], t[i], x[j]         weights, targets and items, the last two of shape (d,)
           c0 = w_0 x_0             the background, shape (d,)
           v[a] = w[i] x[j]         what copy a = (i, j, c) adds to the receiver
           size[i]                  how many items player i shows
Variables  shown[i, j]              how often i shows item j: in {0, 1}, or in {0..size[i]} with repeats
           y[a]                     copy a is shown, a in C, in {0, 1}
           both[a, b]               y[a] y[b], a < b
min        potential:    |c0|^2 + sum_a (|v_a|^2 + 2 c0.v_a) y[a] + 2 sum_{a<b} v_a.v_b both[a, b]
                         - 2 sum_{i,j} w[i] t[i].x[j] shown[i, j]                              eq. (23)
s.t.       count[i]:     sum_j shown[i, j] == size[i]                                          for i in N
           copied[i,j]:  shown[i, j] - sum_{copies a of (i, j)} y[a] == 0                      for i in N, j in M
           ordered[a]:   y[a] - y[a-1] <= 0                                                    later copies of one item
           first, second, least, rows                             (bigopt.algebra.products: both = y y)
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.products import add_copies, add_square, copies
from bigopt.algebra.selection import picked
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, both_sides: bool = False) -> pyo.ConcreteModel:
    """State the program; `both_sides` gives products all of their rows, for constraints to be added on them."""
    m = pyo.ConcreteModel("subset_potential_products")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.M = pyo.RangeSet(0, len(game.items) - 1)
    most = game.sizes.tolist() if game.repeats else [1] * game.players
    m.shown = pyo.Var(m.N, m.M, domain=pyo.NonNegativeIntegers, bounds=lambda m, i, j: (0, most[i]))
    agreement = (game.weights[:, None] * game.targets) @ game.items.T
    m.names = [(i, j, c) for i in m.N for j, c in copies(len(m.M), int(game.sizes[i]), game.repeats)]
    add_copies(m, [(i, j) for i, j, _ in m.names])

    vectors = np.array([game.weights[i] * game.items[j] for i, j, _ in m.names])
    groups = [([a for a, (p, _, _) in enumerate(m.names) if p == i], int(game.sizes[i])) for i in m.N]
    square = add_square(m, vectors, game.background, groups, both_sides)
    m.potential = pyo.Objective(expr=square + dot((-2 * agreement).ravel(), m.shown.values()))

    @m.Constraint(m.N)
    def count(m: Any, i: int) -> Any:
        return dot([1.0] * len(m.M), (m.shown[i, j] for j in m.M)) == int(game.sizes[i])

    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return every player's choice."""
    return {"choices": [picked(m.shown, [(i, j) for j in m.M]) for i in m.N]}
