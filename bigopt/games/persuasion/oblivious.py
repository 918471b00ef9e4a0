"""Oblivious senders (Appendix B, Definitions 18 and 19): each plays his single-sender optimum, Alice combines all."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.reply import best_reply, ties
from bigopt.games.persuasion.exact.scheme import best_scheme
from bigopt.games.persuasion.game import Persuasion

MOST_MAPS = 512  # answers to the other Bobs' messages that a split is searched over
MOST_CELLS = 20_000  # maps x states of the split's program


def optimum(game: Persuasion, utility: Floats, deadline: Deadline | None = None) -> tuple[Floats, str]:
    """Return a sender's single-sender optimum with direct recommendations [S][R], and the solver's status."""
    if game.alice_signal is not None:
        kernel = signals.alone(game)
        reply = best_reply(game, utility, kernel, ties(game, kernel), deadline)
        return reply.scheme, reply.stopped
    found = best_scheme(game, utility, game.margin, deadline)
    return signals.cleaned(found.scheme), found.stopped


def solve(game: Persuasion, request: Request) -> Answer:
    """Find every Bob's scheme."""
    schemes = []
    for bob in game.bobs:
        request.deadline.check(f"finding the scheme of {bob.name}")
        scheme, stopped = optimum(game, bob.utility, request.deadline)
        if stopped != SOLVED:
            holds = "noSolution" if stopped == "maxTimeLimit" else "infeasible"
            return Answer(None, stopped=stopped, holds=holds)
        schemes.append(scheme)
    return Answer({"schemes": schemes}, method="single-sender optima")


def split_value(game: Persuasion, schemes: list[Floats], j: int) -> float | None:
    """Return the most that Alice can get if Bob j splits his recommendations into more signals.

    Each recommendation is split into signals after which Alice, if she saw nothing else, would still do what was
    recommended: to the oblivious Bob all such splits are worth the same. A linear program over the parts, one for
    every map from the others' messages to actions; None where there are too many maps or Alice has signals of her own.
    """
    others = signals.combine([np.ones((len(game.states), 1))] + [s for i, s in enumerate(schemes) if i != j])
    count = len(game.actions) ** others.shape[1]
    if game.alice_signal is not None or count > MOST_MAPS or count * len(game.states) > MOST_CELLS:
        return None
    maps = np.array(list(product(range(len(game.actions)), repeat=others.shape[1])))
    worth = np.einsum("sm,smr->sr", others, game.alice[:, maps.T])  # [s, r]: Alice's utility by map r in state s
    joint = game.prior[:, None] * schemes[j]
    used = np.flatnonzero(joint.sum(axis=0) > signals.UNUSED)
    values = [_split(game, joint[:, a], worth, int(a)) for a in used]
    return None if None in values else float(sum(value for value in values if value is not None))


def _split(game: Persuasion, part: Floats, worth: Floats, told: int) -> float | None:
    """Return Alice's best value from splitting one recommendation's joint probabilities [S]; None if none obeys."""
    states, count = worth.shape
    wanted = np.delete(game.alice[:, [told]] - game.alice, told, axis=1)  # [s, b]: obeyed where the sum is >= 0
    obeyed = np.kron(np.eye(count), -wanted.T)
    parts = np.kron(np.ones((1, count)), np.eye(states))
    slack = np.full(len(obeyed), signals.TIE * game.alice_range)
    found = linprog(-worth.T.ravel(), A_ub=obeyed, b_ub=slack, A_eq=parts, b_eq=part)
    return -float(found.fun) if found.status == 0 else None
