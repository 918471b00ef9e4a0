"""Minimize the potential of a subset game over all players' choices; a minimizer is a pure Nash equilibrium.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eqs. (22) and (23), Proposition 6
Sets       N players, M items, K coordinates
Data       w[i], t[i, k], x[j, k]   weights, targets and items, shapes (n,), (n, d) and (m, d)
           c0[k] = w_0 x_0[k]       the background, shape (d,)
           size[i]                  how many items player i shows, shape (n,)
Variables  shown[i, j]              how often i shows item j: in {0, 1}, or in {0..size[i]} with repeats
           receiver[k]              where the receiver ends
min        potential:  sum_k receiver[k]^2 - 2 sum_{i,j} w[i] t[i].x[j] shown[i, j]             eq. (23)
s.t.       count[i]:   sum_j shown[i, j] == size[i]                                             for i in N
           reach[k]:   receiver[k] - sum_{i,j} w[i] x[j, k] shown[i, j] == c0[k]                for k in K, eq. (22)
"""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import add_choices, choices_of
from bigopt.games.subsets.game import Subsets


def build(game: Subsets) -> pyo.ConcreteModel:
    """State the program."""
    w, t, x, c0 = game.weights, game.targets, game.items, game.background.tolist()
    size = game.sizes.tolist()
    gain = (-2 * w[:, None] * (t @ x.T)).ravel().tolist()
    pulls = (-w[:, None] * x.T[:, None, :]).reshape(game.dimension, -1).tolist()

    m = pyo.ConcreteModel("subset_potential")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.M = pyo.RangeSet(0, len(x) - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)

    add_choices(m, m.N, size, game.repeats)
    m.receiver = pyo.Var(m.K)

    @m.Objective()
    def potential(m: Any) -> Any:
        return pyo.quicksum(m.receiver[k] ** 2 for k in m.K) + dot(gain, m.shown.values())

    @m.Constraint(m.K)
    def reach(m: Any, k: int) -> Any:
        return dot([1.0, *pulls[k]], [m.receiver[k], *m.shown.values()]) == c0[k]

    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return every player's choice."""
    return {"choices": choices_of(m)}
