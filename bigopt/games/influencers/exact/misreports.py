"""Misreports to a receiver that plays the equilibrium of the reported targets: all of them on a box, else a search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.action_sets import Box
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Request
from bigopt.errors import LimitReached
from bigopt.games.influencers.exact import equilibria
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import set_size

STARTS = 2  # random points from which the search goes on, beside the truth


def proved(game: Influencers) -> bool:
    """Whether truthfulness is a theorem for this game; in one dimension every set is a box."""
    return game.loss == "inner-product" or isinstance(game.action_set, Box) or game.dimension == 1


def reachable(game: Influencers) -> tuple[Floats, Floats]:
    """Return where each player can put the receiver of a game on a box by its report: L and U, shape (n, d) both."""
    low, high = np.empty(game.targets.shape), np.empty(game.targets.shape)
    for k in range(game.dimension):
        low[:, k], high[:, k] = _reachable(game, k)
    return low, high


def _reachable(game: Influencers, k: int) -> tuple[Floats, Floats]:
    """Solve coordinate k with each player in turn at its least and at its most, by bisection over the sorted targets.

    With targets ascending and S_j the spreads b - a summed up to j, the others' supply just above t_j is
    top - S_j; the solution lies at the first j with t_j >= top - S_j, or just before it.
    """
    lower, upper = game.action_set.bounds
    order = np.argsort(game.targets[:, k], kind="stable")
    t, w = game.targets[order, k], game.weights[order]
    most = np.maximum(w * lower[k], w * upper[k])
    spread = np.abs(w) * (upper[k] - lower[k])
    level = game.background[k] + most.sum() - np.concatenate([[0.0], np.cumsum(spread)])
    rank, n = np.arange(len(t)), len(t)
    ends = []
    for kept in (spread, 0.0 * spread):  # what the player holds back: all of b - a, or nothing

        def left(j: Any, kept: Floats = kept) -> Any:
            """Return the level after the first j targets, without the player's own jump."""
            return level[j] - kept + np.where(rank < j, spread, 0.0)

        first, last = np.zeros(n, dtype=np.int64), np.full(n, n)
        while (first < last).any():
            middle = (first + last) // 2
            reached = t[np.minimum(middle, n - 1)] >= left(middle + (middle < n))
            last = np.where((first < last) & reached, middle, last)
            first = np.where((first < last) & ~reached, middle + 1, first)
        value = np.where(first < n, np.minimum(t[np.minimum(first, n - 1)], left(first)), left(first))
        ends.append(value)
    low, high = np.empty(n), np.empty(n)
    low[order], high[order] = ends[0], ends[1]
    return low, high


def wanted_players(game: Influencers, request: Request) -> int:
    """Return for how many players, the first ones, misreports are searched."""
    return min(game.players, int(request.options["players"]))


def search(game: Influencers, request: Request) -> tuple[Floats, int]:
    """Search each player's best misreport: random ones, and a simplex search from the truth and from the best of them.

    Returns the reports [n][d] (the truth where none is better or none was tried), and how many players it came to.
    """
    rng = np.random.default_rng(int(request.options["seed"]))
    known = equilibria.of(game, request.deadline)
    best = game.targets.copy()
    wanted = wanted_players(game, request)
    for i in range(wanted):
        request.progress(f"misreports of player {i}", i / wanted)
        try:
            best[i] = _best_report(game, i, known, request, rng)
        except LimitReached:
            return best, i
    return best, wanted


def _best_report(
    game: Influencers, i: int, known: equilibria.Equilibria, request: Request, rng: np.random.Generator
) -> Floats:
    """Return the best report of player i that is found, or its target.

    Which report it makes does not matter, but which action it is given: any x of X, as the projection of any point z,
    for then z - x exposes x. The others' equilibrium answers x with a receiver v, and v + sign(w_i) (z - x) is a report
    that gets both.
    """
    from scipy.optimize import minimize

    assert known.actions is not None  # not on a box, where truth is best
    sign, tries, unit = float(np.sign(game.weights[i])), int(request.options["reports"]), set_size(game) or 1.0
    if sign == 0 or tries == 0:
        return np.asarray(game.targets[i])

    def loss(z: Floats) -> float:
        return float(((_answer(game, i, _project(game, z), request) - game.targets[i]) ** 2).sum())

    truth = known.actions[i] + sign * (game.targets[i] - known.receiver)
    far = game.action_set.middle + unit * rng.normal(size=(tries // 2, game.dimension))
    losses = [loss(z) for z in far]
    starts = [truth, *far[np.argsort(losses)[:STARTS]]]
    options = {"maxfev": max(2, tries // (2 * (STARTS + 1))), "initial_simplex": None}
    found = []
    for start in starts:
        corners = start + 0.25 * unit * np.vstack([np.zeros(game.dimension), np.eye(game.dimension)])
        found.append(minimize(loss, start, method="Nelder-Mead", options=options | {"initial_simplex": corners}))
    z = np.asarray(min(found, key=lambda run: float(run.fun)).x)
    x = _project(game, z)
    report = _answer(game, i, x, request) + sign * (z - x)
    gain = losses_at(game, known.receiver[None], [i])[0] - _loss_of_report(game, i, report, known.receiver, request)
    return report if gain > 0 else np.asarray(game.targets[i])


def _project(game: Influencers, z: Floats) -> Floats:
    return np.asarray(game.action_set.project(z[None])[0])


def _answer(game: Influencers, i: int, x: Floats, request: Request) -> Floats:
    """Return the receiver where player i is given the action x and the others play their equilibrium."""
    point = game.background + game.weights[i] * x
    if game.players == 1:
        return np.asarray(point)
    others = replace(
        game,
        weights=np.delete(game.weights, i),
        targets=np.delete(game.targets, i, axis=0),
        background_weight=1.0,
        background_point=point,
    )
    return equilibria.of(others, request.deadline).receiver


def gains_of(game: Influencers, receiver: Floats, reports: Floats, request: Request) -> Floats:
    """Return what each player gains by its report, the others truthful, shape (n,)."""
    gains = np.zeros(game.players)
    truth = game.losses(receiver)
    for i in np.flatnonzero(np.any(reports != game.targets, axis=1)).tolist():
        gains[i] = truth[i] - _loss_of_report(game, i, reports[i], receiver, request)
    return gains


def _loss_of_report(game: Influencers, i: int, report: Floats, guess: Floats, request: Request) -> float:
    """Return player i's true loss where it reports `report`."""
    targets = game.targets.copy()
    targets[i] = report
    receiver = equilibria.of(replace(game, targets=targets), request.deadline, guess).receiver
    return float(losses_at(game, receiver[None], [i])[0])


def losses_at(game: Influencers, receivers: Floats, players: Any = slice(None)) -> Floats:
    """Return the squared loss of each player at its own row of `receivers`, shape (n,)."""
    return np.asarray(((receivers - game.targets[players]) ** 2).sum(axis=1))
