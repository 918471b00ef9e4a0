"""A sender's nearly best scheme that does not hang on ties: what he can have whatever Alice does when indifferent."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import Decimals
from bigopt.games.persuasion.exact.reply import Reply
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.signals import used_only


def strict_scheme(game: Persuasion, utility: Floats, kernel: Floats, reply: Reply, margin: float) -> Floats:
    """Return a scheme near a best reply in which every recommendation wins by a margin.

    A linear program over the reply's recommendation maps, with what does not fit any of them revealed. A recommendation
    wins by a share of what is at stake between it and the other action where it is given: no unit, and no entry of
    another action, has a part in it.

    Parameters
    ----------
    utility : ndarray [S][A]
        The sender's.
    kernel : ndarray [S][M]
        Of what Alice learns otherwise.
    margin : float
        Share of Alice's stakes, below 1.

    Returns
    -------
    ndarray [S][R]
        At most one signal a map and one a state.
    """
    alive = np.flatnonzero(game.prior > 0)
    alice, prior = Decimals(game.decimals.nearest[alive], game.decimals.rest[alive]), game.prior[alive]
    worth, seen = utility[alive], kernel[alive]
    states, maps = len(alive), len(reply.maps)
    told = np.einsum("sm,smk->sk", seen, worth[:, reply.maps.T])  # [s, k]: his utility from map k in state s
    known = worth[np.arange(states), alice.nearest.argmax(axis=1)]
    gains = np.concatenate([told.T.ravel(), known])
    cost = (gains.min() - gains) / (np.ptp(gains) or 1.0)  # the masses add up to 1: an origin changes nothing
    conserved = np.hstack([np.tile(np.eye(states), maps), np.eye(states)])
    rows = [row for k in range(maps) for row in _margins(alice, seen, reply.maps[k], k, maps, margin)]
    limits = np.array(rows) if rows else None
    found = linprog(cost, A_ub=limits, b_ub=None if limits is None else np.zeros(len(rows)), A_eq=conserved, b_eq=prior)
    joint = np.zeros((states, maps + states))
    if found.status == 0:
        joint[:, :maps] = found.x[: maps * states].reshape(maps, states).T
        joint[:, maps:] = np.diag(found.x[maps * states :])
    else:
        joint[:, maps:] = np.diag(prior)
    scheme = np.zeros((len(game.states), maps + states))
    scheme[:, -1] = 1.0  # states of probability zero send what the last one sends
    scheme[alive] = np.maximum(joint, 0.0) / prior[:, None]
    return used_only(scheme, game.prior)


def _margins(alice: Decimals, seen: Floats, choice: Floats, k: int, maps: int, margin: float) -> list[Floats]:
    """Return the rows (<= 0) that make map k's actions win after each message."""
    states, actions = alice.nearest.shape
    rows = []
    for m, a in enumerate(choice):
        for b in range(actions):
            lead = seen[:, m] * alice.lead(np.array([a]), np.array([b])).ravel()
            if not lead.any():  # the same to her in every state left: no margin can part them
                continue
            row = np.zeros((maps + 1) * states)
            row[k * states : (k + 1) * states] = (margin * np.abs(lead) - lead) / np.abs(lead).max()
            rows.append(row)
    return rows
