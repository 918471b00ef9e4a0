"""Find the scheme that is worst for Alice and that no Bob leaves, as far as it is cut.     [Collina et al., Section 7].

Sets       S states, A[s] policies of state s
           C cuts (j, v, u): Bob j can have u by a scheme that gives Alice v (added lazily: there are too many)
Data       alice[s, a], bobs[j, s, a]    expected utilities, prior included, as integers in the players' units, each
                                         player's divided by its largest
           least[p]                      a player's least utility over all schemes
Variables  x[s, a] in {0, 1}             everybody plays a in state s
           bob[c] in {0, 1}              the scheme gives the cut's Bob u (or else Alice v)
min        worst:      sum_{s,a} alice[s, a] x[s, a]
s.t.       choice[s]:  sum_a x[s, a] == 1                                                               for s in S
           offers[c]:  sum_{s,a} alice[s, a] x[s, a] >= v - (v - least[alice]) bob[c]                   for c in C
           keeps[c]:   sum_{s,a} bobs[j, s, a] x[s, a] >= u - (u - least[j]) (1 - bob[c])               for c in C

With bob[c] = 1 the row `offers` asks for least[alice], with 0 `keeps` asks for least[j], which every scheme has.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.market.game import Market

ROOM = 0.25  # utilities are whole numbers: a quarter less on the right is safe


def build(game: Market) -> pyo.ConcreteModel:
    """Return the program without cuts; `cut` adds them."""
    m = pyo.ConcreteModel("worst_scheme")
    m.S = pyo.RangeSet(0, game.S - 1)
    m.outcomes = pyo.Set(dimen=2, initialize=[(s, a) for s in m.S for a in range(int(game.sizes[s]))])
    m.x = pyo.Var(m.outcomes, domain=pyo.Binary)
    m.bob = pyo.Var(pyo.Any, domain=pyo.Binary, dense=False)

    m.worst = pyo.Objective(expr=_utility(game, m, 0))

    @m.Constraint(m.S)
    def choice(m: Any, s: int) -> Any:
        policies = range(int(game.sizes[s]))
        return dot([1.0] * len(policies), [m.x[s, a] for a in policies]) == 1

    m.offers = pyo.ConstraintList()
    m.keeps = pyo.ConstraintList()
    return m


def cut(model: pyo.ConcreteModel, game: Market, bob: int, v: int, u: int) -> None:
    """Add a cut: the scheme gives Alice v or Bob `bob` u, in the players' integer units."""
    c = len(model.offers) + 1
    table = game.units[0]
    for row, player, least, share in ((model.offers, 0, v, model.bob[c]), (model.keeps, bob + 1, u, 1 - model.bob[c])):
        low, size = int(np.minimum.reduceat(table[player], game.first).sum()), _size(game, player)
        right = (least - ROOM) / size - max(0.0, (least - ROOM - low) / size) * share
        row.add(_utility(game, model, player) - right >= 0)


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme [S]."""
    shares = {o: pyo.value(model.x[o]) for o in model.outcomes}
    picked = [max((a for t, a in model.outcomes if t == s), key=lambda a: shares[s, a]) for s in model.S]
    return {"scheme": np.array(picked)}


def _utility(game: Market, m: pyo.ConcreteModel, player: int) -> Any:
    size = _size(game, player)
    return dot([int(u) / size for u in game.units[0][player]], [m.x[o] for o in m.outcomes])


def _size(game: Market, player: int) -> float:
    return float(max(1, *(abs(int(u)) for u in game.units[0][player])))
