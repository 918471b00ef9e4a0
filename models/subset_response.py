r"""One player's best response in a subset game: the items whose sum brings the receiver nearest to the target.

Wu et al., *The Battling Influencers Game*, Section 5.2, eq. (22), the others' choices held fixed.

Sets       M items, D coordinates
Data       u[j, c] = w_i x_j[c]      what item j adds to the receiver, shape (m, d)
           r[c]    = z[c] - t_i[c]   what the others and the background add, minus the target; k = k_i
Variables  shown[j]                  how often item j is shown: in {0, 1}, or in {0..k} with repeats
           gap[c]                    receiver minus target (form quadratic)
           y[j, c], both[a, b]       copies of items as binaries, and products of two (form products)
           distance >= 0             |receiver - target| (form absolute, d = 1)
min        loss:        sum_c gap[c]^2                                               quadratic: MIQP   (22)
           loss:        the same, expanded in products of binaries                   products:  MILP
           loss:        distance                                                     absolute: MILP, loss^(1/2)
s.t.       size:        sum_j shown[j] == k
           reach[c]:    gap[c] - sum_j u[j,c] shown[j] == r[c]                       quadratic, for c in D
           above:       distance - sum_j u[j] shown[j] >= r                          absolute
           below:       distance + sum_j u[j] shown[j] >= -r                         absolute
           copied[j]:   shown[j] - sum_c y[j,c] == 0                                 products, for j in M
           ordered[a]:  y[j,c] <= y[j,c-1]                                           products with repeats
           first, second, least, rows                                                see bigopt.subsets.products
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.algebra.products import add_square, copies
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets


def build(
    game: Subsets, player: int = 0, choices: Sequence[Sequence[int]] | None = None, form: str = "quadratic"
) -> pyo.ConcreteModel:
    """Return the program above; `form` is quadratic, products, or (for d = 1) absolute.

    Without `choices` the others show the first items.
    """
    if choices is None:
        choices = [[0] * k if game.repeats else list(range(k)) for k in game.sizes.tolist()]
    if form not in FORMS or (form == "absolute" and game.dimension > 1):
        raise UsageError(
            f"subset_response: form {form!s:.20}, expected quadratic, products, or (one dimension) absolute"
        )
    items, k = len(game.items), int(game.sizes[player])
    m = pyo.ConcreteModel("subset_response")
    m.M = pyo.RangeSet(0, items - 1)
    m.D = pyo.RangeSet(0, game.dimension - 1)
    m.shown = pyo.Var(m.M, domain=pyo.NonNegativeIntegers, bounds=(0, k if game.repeats else 1))
    m.size = pyo.Constraint(expr=(LinearExpression(None, 0.0, [1.0] * items, list(m.shown.values())), k))
    u = game.weights[player] * game.items
    r = game.background - game.targets[player]
    for j, choice in enumerate(choices):
        if j != player:
            r = r + game.weights[j] * game.items[list(choice)].sum(axis=0)
    m.loss = pyo.Objective(expr=FORMS[form](m, u, r, k, game.repeats))
    m.player, m.choices = player, [list(choice) for choice in choices]
    return m


def read(model: pyo.ConcreteModel) -> dict[str, object]:
    """Return the action, and the profile with it; `shown` is rounded to whole numbers."""
    action = [j for j in model.M for _ in range(round(pyo.value(model.shown[j])))]
    choices = [action if j == model.player else choice for j, choice in enumerate(model.choices)]
    return {"action": np.array(action, dtype=np.int64), "player": model.player, "choices": choices}


def _quadratic(m: pyo.ConcreteModel, u: Floats, r: Floats, k: int, repeats: bool) -> object:
    m.gap = pyo.Var(m.D)
    shown = list(m.shown.values())

    def reach(m: pyo.ConcreteModel, c: int) -> tuple[object, float]:
        return LinearExpression(None, 0.0, [1.0, *(-u[:, c]).tolist()], [m.gap[c], *shown]), float(r[c])

    m.reach = pyo.Constraint(m.D, rule=reach)
    return pyo.quicksum(m.gap[c] * m.gap[c] for c in m.D)


def _products(m: pyo.ConcreteModel, u: Floats, r: Floats, k: int, repeats: bool) -> object:
    pairs = copies(len(u), k, repeats)
    m.y = pyo.Var(range(len(pairs)), domain=pyo.Binary)
    of: dict[int, list[int]] = {}
    for a, (j, _) in enumerate(pairs):
        of.setdefault(j, []).append(a)
    m.copied = pyo.Constraint(m.M, rule=lambda m, j: m.shown[j] - pyo.quicksum(m.y[a] for a in of[j]) == 0)
    later = [a for a, (_, c) in enumerate(pairs) if c > 0]
    m.ordered = pyo.Constraint(later, rule=lambda m, a: m.y[a] - m.y[a - 1] <= 0)
    return add_square(m, u[[j for j, _ in pairs]], r, [(range(len(pairs)), k)])


def _absolute(m: pyo.ConcreteModel, u: Floats, r: Floats, k: int, repeats: bool) -> object:
    m.distance = pyo.Var(bounds=(0, None))
    shown, column = list(m.shown.values()), u[:, 0]
    m.above = pyo.Constraint(
        expr=(float(r[0]), LinearExpression(None, 0.0, [1.0, *(-column).tolist()], [m.distance, *shown]), None)
    )
    m.below = pyo.Constraint(
        expr=(float(-r[0]), LinearExpression(None, 0.0, [1.0, *column.tolist()], [m.distance, *shown]), None)
    )
    return m.distance + 0.0


FORMS = {"quadratic": _quadratic, "products": _products, "absolute": _absolute}
