r"""Minimize the potential of a subset game over all players' choices; a minimizer is a pure Nash equilibrium.

Wu et al., *The Battling Influencers Game*, Section 5.2, eqs. (22) and (23), Proposition 6.

Sets       N players, M items, D coordinates
Data       w[i], t[i, c], x[j, c]        weights, targets and items, shapes (n,), (n, d) and (m, d)
           c0[c] = w_0 x_0[c]            the background
           k[i]                          how many items player i shows
Variables  shown[i, j]                   how often i shows item j: in {0, 1}, or in {0..k[i]} with repeats
           receiver[c]                   where the receiver ends (form quadratic)
           y[a], both[a, b]              copies of items as binaries, and products of two (form products)
min        potential:  sum_c receiver[c]^2 - 2 sum_{i,j} w[i] t[i].x[j] shown[i,j]           quadratic: MIQP   (23)
           potential:  the same, the square expanded in products of binaries                 products:  MILP
s.t.       size[i]:    sum_j shown[i,j] == k[i]                                              for i in N
           reach[c]:   receiver[c] - sum_{i,j} w[i] x[j,c] shown[i,j] == c0[c]               quadratic, for c in D (22)
           copied[i,j]: shown[i,j] - sum_{copies a of (i,j)} y[a] == 0                       products
           ordered[a]: y[a] <= y[a-1]                                                        products with repeats
           first, second, least, rows                                                        see bigopt.subsets.products
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.algebra.products import add_square, copies
from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets


def build(game: Subsets, form: str = "quadratic", both_sides: bool = False) -> pyo.ConcreteModel:
    """Return the program above; `form` is quadratic (MIQP) or products (MILP).

    `both_sides` gives products all of their rows, for constraints to be added on them.
    """
    if form not in FORMS:
        raise UsageError(f"subset_potential: form {form!s:.20}, expected quadratic or products")
    m = pyo.ConcreteModel("subset_potential")
    m.N = pyo.RangeSet(0, game.players - 1)
    m.M = pyo.RangeSet(0, len(game.items) - 1)
    m.D = pyo.RangeSet(0, game.dimension - 1)

    def most(m: pyo.ConcreteModel, i: int, j: int) -> tuple[int, int]:
        return 0, int(game.sizes[i]) if game.repeats else 1

    def size(m: pyo.ConcreteModel, i: int) -> tuple[object, int]:
        return LinearExpression(None, 0.0, [1.0] * len(game.items), [m.shown[i, j] for j in m.M]), int(game.sizes[i])

    m.shown = pyo.Var(m.N, m.M, domain=pyo.NonNegativeIntegers, bounds=most)
    m.size = pyo.Constraint(m.N, rule=size)
    gain = (-2 * (game.weights[:, None] * game.targets) @ game.items.T).ravel().tolist()
    linear = LinearExpression(None, 0.0, gain, list(m.shown.values()))
    m.potential = pyo.Objective(expr=FORMS[form](m, game, both_sides) + linear)
    return m


def read(model: pyo.ConcreteModel) -> dict[str, object]:
    """Return every player's choice; `shown` is rounded to whole numbers."""
    counts = {key: round(pyo.value(variable)) for key, variable in model.shown.items()}
    return {"choices": [np.array([j for j in model.M for _ in range(counts[i, j])], dtype=np.int64) for i in model.N]}


def _quadratic(m: pyo.ConcreteModel, game: Subsets, both_sides: bool) -> object:
    m.receiver = pyo.Var(m.D)
    shown = list(m.shown.values())

    def reach(m: pyo.ConcreteModel, c: int) -> tuple[object, float]:
        pull = (-game.weights[:, None] * game.items[None, :, c]).ravel().tolist()
        return LinearExpression(None, 0.0, [1.0, *pull], [m.receiver[c], *shown]), float(game.background[c])

    m.reach = pyo.Constraint(m.D, rule=reach)
    return pyo.quicksum(m.receiver[c] * m.receiver[c] for c in m.D)


def _products(m: pyo.ConcreteModel, game: Subsets, both_sides: bool) -> object:
    names = [(i, j, c) for i, k in enumerate(game.sizes.tolist()) for j, c in copies(len(game.items), k, game.repeats)]
    m.names = names
    m.y = pyo.Var(range(len(names)), domain=pyo.Binary)
    of: dict[tuple[int, int], list[int]] = {}
    for a, (i, j, _) in enumerate(names):
        of.setdefault((i, j), []).append(a)
    m.copied = pyo.Constraint(
        m.N, m.M, rule=lambda m, i, j: m.shown[i, j] - pyo.quicksum(m.y[a] for a in of[i, j]) == 0
    )
    later = [a for a, (_, _, c) in enumerate(names) if c > 0]
    m.ordered = pyo.Constraint(later, rule=lambda m, a: m.y[a] - m.y[a - 1] <= 0)
    vectors = np.array([game.weights[i] * game.items[j] for i, j, _ in names])
    groups = [([a for a, (p, _, _) in enumerate(names) if p == i], int(game.sizes[i])) for i in m.N]
    return add_square(m, vectors, game.background, groups, both_sides)


FORMS = {"quadratic": _quadratic, "products": _products}
