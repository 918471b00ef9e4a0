"""Choose what one Bob tells a quantal Alice in one round.     [Collina et al., Definitions 11 and 12].

Sets       S signals, B the Bobs' features, X Alice's features that announce the same, A actions
Data       weight[x, b], alice[a, x, b], own[a, x, b]    probabilities and expected utilities, prior included
           strength                                      lambda
Variables  tell[s, b] in [least, 1]      probability of signal s at b
           total[s, x] > 0               probability of x and s
           belief[s, x, a]               Alice's expected utility of a given x and s
           power[s, x, a] > 0            exp(strength (belief - the largest utility))
max        value:            sum_{s,x} (sum_a power[s,x,a] sum_b own[a,x,b] tell[s,b]) / sum_a power[s,x,a]
s.t.       lottery[b]:       sum_s tell[s,b] == 1                                              for b in B
           heard[s, x]:      total[s,x] == sum_b weight[x,b] tell[s,b]                         for s in S, x in X
           bayes[s, x, a]:   belief[s,x,a] total[s,x] == sum_b alice[a,x,b] tell[s,b]          for s, x, a
           softmax[s, x, a]: power[s,x,a] == exp(strength (belief[s,x,a] - top))               for s, x, a

At most |B| signals are needed (the concave closure of a function on |B| - 1 dimensions). The program is not concave: a
local solver's answer is a rule of the Bob, and proves nothing about better ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.conversation.game import Conversation

LEAST = 1e-4  # no signal is ruled out by any feature: beliefs stay defined


def build(
    game: Conversation, bob: int = 0, rows: Sequence[int] | None = None, strength: float = 10.0
) -> pyo.ConcreteModel:
    """Return the NLP of a Bob who has heard that x_A is in `rows` (default: all of positive probability)."""
    own_rows = np.flatnonzero(game.possible.any(axis=1)).tolist() if rows is None else list(rows)
    share, top = game.prior[own_rows], float(game.alice.max())
    weight = share.sum(axis=2)
    alice, own = (np.einsum("ay,xby->axb", u, share) for u in (game.alice, game.bobs[bob]))
    m = pyo.ConcreteModel("quantal signal")
    actions, _, features = alice.shape
    m.B, m.X, m.A = (pyo.RangeSet(0, n - 1) for n in (features, len(own_rows), actions))
    m.S = pyo.RangeSet(0, features - 1)

    start = np.full((features, features), 0.2 / max(1, features - 1)) + np.eye(features) * 0.8
    start = start / start.sum(axis=0)
    m.tell = pyo.Var(m.S, m.B, bounds=(LEAST, 1), initialize=lambda m, s, b: float(start[s, b]))
    told = start @ weight.T
    m.total = pyo.Var(
        m.S, m.X, bounds=(LEAST * float(weight.sum(axis=1).min()), 1), initialize=lambda m, s, x: float(told[s, x])
    )
    guess = np.einsum("axb,sb->sxa", alice, start) / told[:, :, None]
    m.belief = pyo.Var(m.S, m.X, m.A, initialize=lambda m, s, x, a: float(guess[s, x, a]))
    first = np.exp(strength * (guess - top))
    m.power = pyo.Var(m.S, m.X, m.A, bounds=(0, 1), initialize=lambda m, s, x, a: float(first[s, x, a]))

    m.value = pyo.Objective(expr=pyo.quicksum(_worth(m, own, s, x) for s in m.S for x in m.X), sense=pyo.maximize)

    @m.Constraint(m.B)
    def lottery(m: pyo.ConcreteModel, b: int) -> object:
        return pyo.quicksum(m.tell[s, b] for s in m.S) == 1.0

    @m.Constraint(m.S, m.X)
    def heard(m: pyo.ConcreteModel, s: int, x: int) -> object:
        return m.total[s, x] - dot(weight[x], [m.tell[s, b] for b in m.B]) == 0.0

    @m.Constraint(m.S, m.X, m.A)
    def bayes(m: pyo.ConcreteModel, s: int, x: int, a: int) -> object:
        return m.belief[s, x, a] * m.total[s, x] - dot(alice[a, x], [m.tell[s, b] for b in m.B]) == 0.0

    @m.Constraint(m.S, m.X, m.A)
    def softmax(m: pyo.ConcreteModel, s: int, x: int, a: int) -> object:
        return m.power[s, x, a] - pyo.exp(strength * (m.belief[s, x, a] - top)) == 0.0

    return m


def _worth(m: pyo.ConcreteModel, own: np.ndarray, s: int, x: int) -> object:
    """Return what signal s at x is worth to the Bob."""
    told = [m.tell[s, b] for b in m.B]
    return pyo.quicksum(m.power[s, x, a] * dot(own[a, x], told) for a in m.A) / pyo.quicksum(
        m.power[s, x, a] for a in m.A
    )


def read(model: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the signals: the probability of each at each feature of the Bobs, [S][X_B]."""
    values = [variable.value or 0.0 for variable in model.tell.values()]
    return {"signals": np.array(values).reshape(len(model.S), len(model.B))}
