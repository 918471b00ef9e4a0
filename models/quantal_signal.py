"""Choose what one Bob tells a quantal Alice in one round.     [Collina et al., Definitions 11 and 12].

Sets       R signals, B the Bobs' features, X Alice's features that announce the same, A actions
Data       weight[x, b], alice[a, x, b], own[a, x, b]    probabilities and expected utilities, prior included
           strength                                      lambda
           top                                           the largest utility
Variables  tell[r, b] in [least, 1]      probability of signal r at b
           total[r, x] > 0               probability of x and r
           belief[r, x, a]               Alice's expected utility of a given x and r
           power[r, x, a] > 0            exp(strength (belief - top))
max        value:             sum_{r,x} (sum_a power[r,x,a] sum_b own[a,x,b] tell[r,b]) / sum_a power[r,x,a]
s.t.       lottery[b]:       sum_r tell[r,b] == 1                                              for b in B
           heard[r, x]:      total[r,x] - sum_b weight[x,b] tell[r,b] == 0                     for r in R, x in X
           bayes[r, x, a]:   belief[r,x,a] total[r,x] - sum_b alice[a,x,b] tell[r,b] == 0     for r in R, x in X, a in A
           softmax[r, x, a]: power[r,x,a] - exp(strength (belief[r,x,a] - top)) == 0          for r in R, x in X, a in A

At most |B| signals are needed (the concave closure of a function on |B| - 1 dimensions). The program is not concave: a
local solver's answer is a rule of the Bob, and proves nothing about better ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo

from bigopt.algebra.expressions import dot
from bigopt.games.conversation.game import Conversation

LEAST = 1e-4  # no signal is ruled out by any feature: beliefs stay defined


def build(
    game: Conversation, bob: int = 0, rows: Sequence[int] | None = None, strength: float = 10.0
) -> pyo.ConcreteModel:
    """Return the NLP of a Bob who has heard that x_A is in `rows` (default: all of positive probability)."""
    heard_from = np.flatnonzero(game.possible.any(axis=1)).tolist() if rows is None else list(rows)
    share, top = game.prior[heard_from], float(game.alice.max())
    weight = share.sum(axis=2)
    alice, own = (np.einsum("ay,xby->axb", u, share) for u in (game.alice, game.bobs[bob]))
    actions, _, features = alice.shape

    m = pyo.ConcreteModel("quantal_signal")
    m.R = pyo.RangeSet(0, features - 1)
    m.B = pyo.RangeSet(0, features - 1)
    m.X = pyo.RangeSet(0, len(heard_from) - 1)
    m.A = pyo.RangeSet(0, actions - 1)

    _add_variables(m, weight, alice, strength, top)
    told = [[m.tell[r, b] for b in m.B] for r in m.R]

    @m.Objective(sense=pyo.maximize)
    def value(m: Any) -> Any:
        def worth(r: int, x: int) -> Any:
            gets = pyo.quicksum(m.power[r, x, a] * dot(own[a, x], told[r]) for a in m.A)
            return gets / pyo.quicksum(m.power[r, x, a] for a in m.A)

        return pyo.quicksum(worth(r, x) for r in m.R for x in m.X)

    @m.Constraint(m.B)
    def lottery(m: Any, b: int) -> Any:
        return dot([1.0] * features, [m.tell[r, b] for r in m.R]) == 1

    @m.Constraint(m.R, m.X)
    def heard(m: Any, r: int, x: int) -> Any:
        return dot([1.0, *-weight[x]], [m.total[r, x], *told[r]]) == 0

    @m.Constraint(m.R, m.X, m.A)
    def bayes(m: Any, r: int, x: int, a: int) -> Any:
        return m.belief[r, x, a] * m.total[r, x] - dot(alice[a, x], told[r]) == 0

    @m.Constraint(m.R, m.X, m.A)
    def softmax(m: Any, r: int, x: int, a: int) -> Any:
        return m.power[r, x, a] - pyo.exp(strength * (m.belief[r, x, a] - top)) == 0

    return m


def _add_variables(m: pyo.ConcreteModel, weight: np.ndarray, alice: np.ndarray, strength: float, top: float) -> None:
    """Add the variables, which start where signal r is mostly told at b = r."""
    features = len(m.B)
    tell = np.full((features, features), 0.2 / max(1, features - 1)) + np.eye(features) * 0.8
    tell = tell / tell.sum(axis=0)
    total = tell @ weight.T
    belief = np.einsum("axb,rb->rxa", alice, tell) / total[:, :, None]
    power = np.minimum(np.exp(strength * (belief - top)), 1.0)
    least = LEAST * float(weight.sum(axis=1).min())

    m.tell = pyo.Var(m.R, m.B, bounds=(LEAST, 1), initialize=dict(np.ndenumerate(tell)))
    m.total = pyo.Var(m.R, m.X, bounds=(least, 1), initialize=dict(np.ndenumerate(total)))
    m.belief = pyo.Var(m.R, m.X, m.A, initialize=dict(np.ndenumerate(belief)))
    m.power = pyo.Var(m.R, m.X, m.A, bounds=(0, 1), initialize=dict(np.ndenumerate(power)))


def read(m: pyo.ConcreteModel) -> dict[str, np.ndarray]:
    """Return the signals: the probability of each at each feature of the Bobs, shape (|R|, |B|)."""
    values = [variable.value or 0.0 for variable in m.tell.values()]
    return {"signals": np.array(values).reshape(len(m.R), len(m.B))}
