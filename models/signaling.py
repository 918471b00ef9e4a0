"""Bayesian persuasion: the best signaling scheme of one sender (Kamenica and Gentzkow 2011; Definition 19).

Sets       S states, A actions
Data       p[s]               prior, sums to 1, shape (|S|,)
           u[s, a]            Alice's utility, shape (|S|, |A|)
           U[s, a]            the sender's utility, shape (|S|, |A|), from a place and in a unit of its own where it is
                              not of ordinary size (`bigopt.games.persuasion.units`)
           g[a, b]            the largest |p[s] (u[s,a] - u[s,b] - delta)|, or 1: every row is in its own unit
           delta              by how much a recommended action must beat any other, in Alice's utility (0: ties obey)
Variables  pi[s, a] >= 0      probability that a is recommended in state s
max        value:             sum_{s,a} p[s] U[s,a] pi[s,a]
s.t.       simplex[s]:        sum_a pi[s,a] == 1                                        for s in S
           obedience[a, b]:   sum_s p[s] (u[s,a] - u[s,b] - delta) / g[a,b] pi[s,a] >= 0    for a in A, b in A, a != b

Actions that Alice's tie rule bars (`game.inducible`) are fixed at 0. By the revelation principle signals may be taken
to be recommendations.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.units import above


def build(game: Persuasion, bob: str | None = None) -> pyo.ConcreteModel:
    """Build the program for a sender by name: default the first, `aligned` a perfectly aligned one (Definition 8)."""
    p, u, U, delta = game.prior, game.decimals, above(game, game.utility_of(bob)), game.margin

    m = pyo.ConcreteModel("signaling")
    m.S = pyo.RangeSet(0, len(game.states) - 1)
    m.A = pyo.RangeSet(0, len(game.actions) - 1)

    m.pi = pyo.Var(m.S, m.A, bounds=(0, None))
    told = [[m.pi[s, a] for s in m.S] for a in m.A]
    for a in np.flatnonzero(~game.inducible).tolist():
        for barred in told[a]:
            barred.fix(0.0)

    m.value = pyo.Objective(expr=dot((p[:, None] * U).ravel().tolist(), m.pi.values()), sense=pyo.maximize)

    @m.Constraint(m.S)
    def simplex(m: Any, s: int) -> Any:
        return dot([1.0] * len(m.A), [m.pi[s, a] for a in m.A]) == 1

    @m.Constraint(m.A, m.A)
    def obedience(m: Any, a: int, b: int) -> Any:
        if a == b:
            return pyo.Constraint.Skip
        row = p * (u.lead(a, slice(b, b + 1))[:, 0] - delta)
        g = float(np.abs(row).max()) or 1.0
        return dot((row / g).tolist(), told[a]) >= 0

    return m


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the scheme, shape (|S|, |A|)."""
    values = [variable.value or 0.0 for variable in m.pi.values()]
    return {"scheme": np.array(values).reshape(len(m.S), len(m.A))}
