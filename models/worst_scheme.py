"""Find the scheme that is worst for Alice and that no Bob leaves, as far as it is cut.     [Collina et al., Section 7].

Sets       S states
           A[s] policies of state s
           O outcomes (s, a), a in A[s]
           L cuts (j, v, u): Bob j can have u by a scheme that gives Alice v (added lazily: there are too many)
Data       alice[s, a], own[j, s, a]     expected utilities, prior included: whole numbers over the player's largest
           v, u                          of a cut, over the player's largest, less a quarter of a whole number
           least[p]                      a player's least utility over all schemes, over its largest
Variables  x[s, a] in {0, 1}             everybody plays a in state s
           bob[j, v, u] in {0, 1}        the scheme gives the cut's Bob u (or else Alice v)
min        worst:            sum_{s,a} alice[s, a] x[s, a]
s.t.       choice[s]:        sum_a x[s, a] == 1                                                      for s in S
           offers[j, v, u]:  sum_{s,a} alice[s, a] x[s, a] + (v - least[0]) bob[j, v, u] >= v        for (j, v, u) in L
           keeps[j, v, u]:   sum_{s,a} own[j, s, a] x[s, a] - (u - least[j]) bob[j, v, u] >= least[j] for (j, v, u) in L

With bob = 1 the row `offers` asks for least[0], Alice's, with 0 `keeps` asks for least[j], which every scheme has;
where a cut asks for no more than the least, no binary is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.algebra.schemes import add_schemes, scheme_of
from bigopt.games.market.game import Market

ROOM = 0.25  # utilities are whole numbers: a quarter less on the right is safe


def build(game: Market) -> pyo.ConcreteModel:
    """Return the program without cuts; `cut` adds them."""
    alice = game.shares[0].tolist()

    m = pyo.ConcreteModel("worst_scheme")
    add_schemes(m, game.sizes.tolist())
    m.L = pyo.Set(dimen=3)

    m.bob = pyo.Var(m.L, domain=pyo.Binary, dense=False)

    m.worst = pyo.Objective(expr=dot(alice, m.x.values()))

    @m.Constraint(m.S)
    def choice(m: Any, s: int) -> Any:
        return dot([1.0 for a in m.A[s]], [m.x[s, a] for a in m.A[s]]) == 1

    m.offers = pyo.Constraint(m.L)
    m.keeps = pyo.Constraint(m.L)
    return m


def cut(m: pyo.ConcreteModel, game: Market, j: int, v: float, u: float) -> None:
    """Add a cut: the scheme gives Alice v or Bob j u, in the players' integer units."""
    m.L.add((j, v, u))
    scheme = [*m.x.values(), m.bob.add((j, v, u))]
    alice, own = (game.shares[p].tolist() for p in (0, j + 1))
    (high, low), (his, least) = _ends(game, 0, v), _ends(game, j + 1, u)
    m.offers.add((j, v, u), dot([*alice, high - low], scheme) >= high)
    m.keeps.add((j, v, u), dot([*own, least - his], scheme) >= least)


def _ends(game: Market, player: int, value: float) -> tuple[float, float]:
    """Return what a row asks of a scheme without and with its binary, over the player's largest utility."""
    asked, size = value - ROOM, game.largest[player]
    return asked / size, min(asked, game.lowest[player]) / size


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme, shape (|S|,)."""
    return {"scheme": scheme_of(m)}
