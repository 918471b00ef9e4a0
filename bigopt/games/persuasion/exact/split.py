"""What Alice can gain where an oblivious sender splits his recommendations into more signals."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.deadline import Deadline
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.game import Persuasion

MOST_MAPS = 512  # answers to the other Bobs' messages that a split is searched over
MOST_CELLS = 200_000  # maps x actions x states, the coefficients of the split's program


def split_value(game: Persuasion, schemes: list[Floats], j: int, deadline: Deadline | None = None) -> float | None:
    """Return the most that Alice can get if Bob j splits his recommendations into more signals.

    Each recommendation is split into signals after which Alice, if she saw nothing else, would still do what was
    recommended: to the oblivious Bob all such splits are worth the same. A linear program over the parts, one for
    every map from the others' messages to actions; None where there are too many maps or Alice has signals of her own.
    """
    others = signals.combine([np.ones((len(game.states), 1))] + [s for i, s in enumerate(schemes) if i != j])
    taken = np.flatnonzero(game.ever)
    count = len(taken) ** min(others.shape[1], 64)
    if game.alice_signal is not None or count > MOST_MAPS or count * len(taken) * len(game.states) > MOST_CELLS:
        return None
    maps = taken[np.array(list(product(range(len(taken)), repeat=others.shape[1])))]
    worth = np.einsum("sm,smr->sr", others, game.alice[:, maps.T])  # [s, r]: Alice's utility by map r in state s
    joint = game.prior[:, None] * schemes[j]
    total = 0.0
    for a in np.flatnonzero(joint.sum(axis=0) > signals.UNUSED).tolist():
        (deadline or Deadline()).check("splitting recommendations")
        value = _split(game, joint[:, a], worth, a, taken[taken != a])
        if value is None:
            return None
        total += value
    return total


def _split(game: Persuasion, part: Floats, worth: Floats, told: int, others: Ints) -> float | None:
    """Return Alice's best value from splitting one recommendation's joint probabilities [S]; None if none obeys.

    The shares y[r, s] of a state's part that go to map r; every row of obedience is divided by its largest term.
    """
    used = np.flatnonzero(part)
    count = worth.shape[1]
    terms = (part[:, None] * game.decimals.lead(told, others))[used].T  # [b, s]
    terms = terms / np.maximum(np.abs(terms).max(axis=1, keepdims=True), np.finfo(float).tiny)
    eye = sparse.eye_array(count)
    shares = sparse.kron(np.ones((1, count)), sparse.eye_array(used.size))
    cost = -(part[used, None] * worth[used]).T.ravel()
    unit = float(np.abs(cost).max()) or 1.0
    limits = {"A_ub": sparse.kron(eye, -terms), "b_ub": np.zeros(count * len(terms))} if len(terms) else {}
    found = linprog(cost / unit, **limits, A_eq=shares, b_eq=np.ones(used.size))
    return -unit * float(found.fun) if found.status == 0 else None
