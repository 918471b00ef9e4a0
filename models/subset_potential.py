"""Minimize the potential of a subset game over all players' choices; a minimizer is a pure Nash equilibrium.

Source     Wu et al., The Battling Influencers Game, Section 5.2, eqs. (22) and (23), Proposition 6
Sets       N players, M items, K coordinates
Data       w[i], t[i, k], x[j, k]   weights, targets and items, shapes (n,), (n, d) and (m, d)
           c0[k] = w_0 x_0[k]       the background
           size[i]                  how many items player i shows
Variables  shown[i, j]              how often i shows item j: in {0, 1}, or in {0..size[i]} with repeats
           receiver[k]              where the receiver ends
min        potential:  sum_k receiver[k]^2 - 2 sum_{i,j} w[i] t[i].x[j] shown[i, j]             eq. (23)
s.t.       count[i]:   sum_j shown[i, j] == size[i]                                             for i in N
           reach[k]:   receiver[k] - sum_{i,j} w[i] x[j, k] shown[i, j] == c0[k]                for k in K, eq. (22)
"""

from typing import Any

import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.selection import picked
from bigopt.games.subsets.game import Subsets


def build(game: Subsets) -> pyo.ConcreteModel:
    """State the program."""
    m = pyo.ConcreteModel("subset_potential")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.M = pyo.RangeSet(0, len(game.items) - 1)
    m.K = pyo.RangeSet(0, game.dimension - 1)
    most = game.sizes.tolist() if game.repeats else [1] * game.players
    m.shown = pyo.Var(m.N, m.M, domain=pyo.NonNegativeIntegers, bounds=lambda m, i, j: (0, most[i]))
    m.receiver = pyo.Var(m.K)
    agreement = (game.weights[:, None] * game.targets) @ game.items.T

    square = pyo.quicksum(m.receiver[k] ** 2 for k in m.K)
    m.potential = pyo.Objective(expr=square + dot((-2 * agreement).ravel(), m.shown.values()))

    @m.Constraint(m.N)
    def count(m: Any, i: int) -> Any:
        return dot([1.0] * len(m.M), (m.shown[i, j] for j in m.M)) == int(game.sizes[i])

    @m.Constraint(m.K)
    def reach(m: Any, k: int) -> Any:
        pull = (-game.weights[:, None] * game.items[None, :, k]).ravel()
        return dot([1.0, *pull], [m.receiver[k], *m.shown.values()]) == float(game.background[k])

    return m


def read(m: pyo.ConcreteModel) -> dict[str, Any]:
    """Return every player's choice."""
    return {"choices": [picked(m.shown, [(i, j) for j in m.M]) for i in m.N]}
