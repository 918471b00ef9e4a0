"""The best scheme of one sender: which algorithm finds it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts import BOB, options
from bigopt.concepts.concept import Answer, Concept, Formulation, Option, Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import UsageError
from bigopt.games.persuasion.exact.concavification import concave_closure
from bigopt.games.persuasion.exact.regions import favour
from bigopt.games.persuasion.exact.reply import best_reply
from bigopt.games.persuasion.exact.scheme import EXACT_IF_NEEDED, METHODS, Scheme, best_scheme
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.signals import alone, cleaned, told_nothing
from bigopt.games.persuasion.tables import signaling_tables
from bigopt.games.persuasion.units import value_of
from bigopt.games.persuasion.verify import one_sender as verify
from bigopt.games.persuasion.verify import proof

SIGNALING_METHODS = (*METHODS, "concavification")
TIGHT = 1e-7  # of the sender's stakes: what floats may leave between his value and its bound
MOST_MAPS = 5000  # recommendation maps that the model file of a privately informed Alice writes down


def solve(game: Persuasion, request: Request) -> Answer:
    """Find the scheme that is best for the named Bob (default the first), or for a perfectly aligned one."""
    utility = game.utility_of(request.bob)
    method = str(request.options.get("method", "auto"))
    if game.alice_signal is not None:
        if method != "auto":
            raise UsageError(f"option method={method}: not with alice_signal, expected auto")
        return _private(game, utility, request)
    if method == "concavification":
        return _concavified(game, utility)
    request.kept.put(lambda: _silent(game, utility))
    found = _tight(game, utility, best_scheme(game, utility, game.margin, request.deadline, method), request)
    if found.stopped != SOLVED and not found.scheme.any():
        limited = found.stopped in ("maxTimeLimit", "iterationLimit")
        return Answer(None, stopped=found.stopped, holds="noSolution" if limited else "infeasible", method=found.method)
    value = float((game.prior[:, None] * found.scheme * utility).sum())
    holds = "optimal" if found.stopped == SOLVED else "unknown"
    point: dict[str, Any] = {"scheme": found.scheme, "prices": found.prices}
    options = {"rounds": found.rounds, "obedience_rows": found.rows}
    bound = proof.number(proof.bound(game, utility, found.prices))
    return Answer(point, value, bound, found.stopped, holds, method=found.method, options=options)


def _silent(game: Persuasion, utility: Floats) -> Answer | None:
    """Return what a sender gets who says nothing, below what he would get if he could decide himself."""
    told = told_nothing(game, utility)
    if told is None:
        return None
    scheme = np.zeros(utility.shape)
    scheme[:, told] = 1.0
    most = float(game.prior @ utility.max(axis=1))
    return Answer({"scheme": scheme}, float(game.prior @ utility[:, told]), most, "maxTimeLimit", "feasible", "silence")


def _tight(game: Persuasion, utility: Floats, found: Scheme, request: Request) -> Scheme:
    """Return a scheme as it is, or found again in fractions where floats left too wide a gap."""
    if found.stopped != SOLVED or not found.scheme.any():
        return found
    scheme = cleaned(found.scheme)
    mean = proof.value(game, scheme, utility)
    gap = abs(proof.number(proof.bound(game, utility, found.prices) - mean))
    if gap <= TIGHT * proof.stake(game, scheme, utility, mean):
        return found
    return best_scheme(game, utility, game.margin, request.deadline, exact=EXACT_IF_NEEDED)


def _private(game: Persuasion, utility: Floats, request: Request) -> Answer:
    """Generate recommendation maps from Alice's signals to actions."""
    kernel = alone(game)
    reply = best_reply(game, utility, kernel, favour(game, several=False), request.deadline)
    point = {"scheme": reply.scheme, "recommendations": reply.maps}
    holds = "optimal" if reply.stopped == SOLVED else "feasible"
    options = {"rounds": reply.rounds}
    return Answer(point, reply.value, reply.bound, reply.stopped, holds, method=reply.method, options=options)


def _concavified(game: Persuasion, utility: Floats) -> Answer:
    """Split the prior on the concave closure of the sender's value: two or three states."""
    if len(game.states) not in (2, 3) or game.margin:
        raise UsageError("option method=concavification: takes 2 or 3 states and no margin: use method=auto")
    closure = concave_closure(game, utility)
    scheme = np.zeros((len(game.states), len(game.actions)))
    for weight, mu, action in zip(closure.weights, closure.posteriors, closure.actions, strict=True):
        scheme[:, action] += weight * mu
    total = game.prior[:, None]
    scheme = np.where(total > 0, scheme / np.where(total > 0, total, 1.0), np.eye(1, scheme.shape[1]))
    return Answer({"scheme": scheme}, closure.value, None, method="concavification")


def formulations(game: Persuasion, request: Request) -> Sequence[Formulation]:
    """Return the linear program over recommendations, or over maps from Alice's own signals to them."""
    value = partial(value_of, game, game.utility_of(request.bob))
    if game.alice_signal is None:
        return [Formulation("signaling", "LP", {"bob": request.bob}, value=value)]
    if len(game.actions) ** game.alice_signal.shape[1] > MOST_MAPS:
        return []
    return [Formulation("private_signaling", "LP", {"bob": request.bob}, value=value)]


class SignalingSolution(Solution):
    """The best scheme of one sender.

    Attributes
    ----------
    bob : name
        Whose scheme it is.
    scheme : [S][signals], probabilities
        The probability of each signal in each state; a signal is the action that it recommends.
    recommendations : [signals][observations], indices of actions
        What a signal recommends for each of Alice's own observations, where she has any.
    value : unit of the sender's utility
        His expected utility.
    alice : unit of Alice's utility
        Hers.
    first_best : unit of Alice's utility
        What she would get if she knew the state.
    bound : unit of the sender's utility
        What no scheme exceeds, by the prices.
    values : unit of the sender's utility
        What he gets by the rule of ties: `sender` (his favourite), `first` (the first action), `margin` (worst case).
    margin : unit of Alice's utility
        The margin of the robust value.
    robust_value : unit of the sender's utility
        The best value with that margin; None where it was not computed.
    robust_cost : unit of the sender's utility
        What the margin costs.
    binding : [rows][2], indices of actions
        Recommended action and alternative of the obedience rows that bind.
    prices : [rows][3]
        Recommended action, alternative and price of the obedience rows with a price.
    price_of_margin : sender's utility a unit of Alice's
        What a little more margin costs by these prices; where others prove the bound too, it may be more.
    messages : [signals used]
        Of each its `signal`, `probability` and `posterior` [S].
    """

    bob: str
    scheme: Floats
    recommendations: Ints | None = None
    value: float
    alice: float
    first_best: float
    bound: float
    values: dict[str, float]
    margin: float | None = None
    robust_value: float | None = None
    robust_cost: float | None = None
    binding: Ints | None = None
    prices: list[list[Any]] | None = None
    price_of_margin: float | None = None
    messages: list[dict[str, Any]]


CONCEPT = Concept(
    "signaling",
    "the best scheme of one sender (--bob NAME, or aligned)",
    verify.signaling,
    solve,
    formulations,
    arguments=(BOB,),
    options=(
        Option("method", "auto", SIGNALING_METHODS, help="how the obedience rows are handled"),
        Option("margin", None, parse=options.non_negative, help="of the robust value, in Alice's utility"),
    ),
    tables=signaling_tables,
    objective="value",
    sense="max",
    result=SignalingSolution,
)
