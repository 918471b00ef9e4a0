"""Bayesian persuasion of an Alice who sees something herself: maps from her signals to actions are recommended.

Sets       S states, A actions
           X Alice's own signals
           R recommended maps r: X -> A
Data       p[s]            prior, sums to 1, shape (|S|,)
           q[s, x]         probability of Alice's signal, given the state; the sender does not see it (in a best
                           response: of what she hears from the other senders too), shape (|S|, |X|)
           u[s, a]         Alice's utility, shape (|S|, |A|)
           U[s, a]         the sender's utility, shape (|S|, |A|), from a place and in a unit of its own where it is
                           not of ordinary size (`bigopt.games.persuasion.units`)
           g[r, x, b]      the largest term of a row, or 1: every row is in its own unit
           answer[r, x]    the action r(x), shape (|R|, |X|)
Variables  pi[s, r] >= 0   probability that the map r is recommended in state s
max        value:               sum_{s,r,x} p[s] q[s,x] U[s,r(x)] pi[s,r]
s.t.       simplex[s]:          sum_r pi[s,r] == 1                                                  for s in S
           obedience[r, x, b]:  sum_s p[s] q[s,x] (u[s,r(x)] - u[s,b]) / g[r,x,b] pi[s,r] >= 0
                                                                                    for r in R, x in X, b in A

All |A|^|X| maps are written down (Section 2 with one round; the algorithm `exact` generates them instead). There is no
row for b = r(x).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.signals import alone
from bigopt.games.persuasion.units import above


def build(
    game: Persuasion,
    bob: str | None = None,
    kernel: np.ndarray | None = None,
    maps: Sequence[tuple[int, ...]] | None = None,
) -> pyo.ConcreteModel:
    """Build the program for a sender by name: default the first, `aligned` a perfectly aligned one (Definition 8).

    `kernel` [S][X] is what Alice learns besides (default: her own signals); `maps` are her answers (default: all).
    """
    p, u, U = game.prior, game.decimals, above(game, game.utility_of(bob))
    q = alone(game) if kernel is None else kernel
    answer = np.array(list(product(range(len(game.actions)), repeat=q.shape[1])) if maps is None else list(maps))
    worth = p[:, None] * np.einsum("sx,srx->sr", q, U[:, answer])

    m = pyo.ConcreteModel("private_signaling")
    m.S = pyo.RangeSet(0, len(game.states) - 1)
    m.A = pyo.RangeSet(0, len(game.actions) - 1)
    m.X = pyo.RangeSet(0, q.shape[1] - 1)
    m.R = pyo.RangeSet(0, len(answer) - 1)
    m.answer = pyo.Param(m.R, m.X, initialize=dict(np.ndenumerate(answer)))

    m.pi = pyo.Var(m.S, m.R, bounds=(0, None))
    told = [[m.pi[s, r] for s in m.S] for r in m.R]

    m.value = pyo.Objective(expr=dot(worth.ravel().tolist(), m.pi.values()), sense=pyo.maximize)

    @m.Constraint(m.S)
    def simplex(m: Any, s: int) -> Any:
        return dot([1.0] * len(m.R), [m.pi[s, r] for r in m.R]) == 1

    @m.Constraint(m.R, m.X, m.A)
    def obedience(m: Any, r: int, x: int, b: int) -> Any:
        a = answer[r, x]
        if a == b:
            return pyo.Constraint.Skip
        row = p * q[:, x] * u.lead(int(a), slice(b, b + 1))[:, 0]
        g = float(np.abs(row).max()) or 1.0
        return dot((row / g).tolist(), told[r]) >= 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme over the maps that are used, shape (|S|, |R'|), and these maps, shape (|R'|, |X|)."""
    values = np.array([v.value or 0.0 for v in m.pi.values()]).reshape(len(m.S), len(m.R))
    used = np.flatnonzero(values.max(axis=0) > 0).tolist()
    return {"scheme": values[:, used], "recommendations": np.array([[m.answer[r, x] for x in m.X] for r in used])}
