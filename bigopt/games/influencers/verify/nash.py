"""The certificate of an equilibrium under squared loss, from the game and the point alone.

The lower bound on the potential is that of `dual`, -2 D(v), at the receiver v that the game's structure gives. At the
point's own receiver, the term of player i in the gap bounds its regret. The receiver itself is certified coordinate by
coordinate: on a box against the median formula, elsewhere against a receiver that is exact, or that strong convexity
puts within the root of its gap of the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.influencers.dual import linear_terms, potential_gap
from bigopt.games.influencers.exact import equilibria
from bigopt.games.influencers.exact.accurate import receiver_error
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import best_responses, gains
from bigopt.games.influencers.tolerances import (
    EPSILON,
    FEASIBLE,
    GAP,
    INSIDE_TARGET,
    INTERIOR,
    NOISE,
    PROVED,
    RECEIVER,
    REGRET,
    STAKE,
    WINNER,
)


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `nash` solution from its actions and prove it.

    Parameters
    ----------
    game : Influencers
        With squared loss.
    point : mapping
        `actions` [n][d]; `unique` and `dimension`, where claimed, are checked.

    Raises
    ------
    InstanceError
        The actions are missing or malformed.
    """
    given = read_actions(game, point)
    actions, outside = clip(game, given)
    receiver = game.receiver(actions)
    ranges = game.loss_ranges()
    request.deadline.check("verifying feasibility")
    terms, regrets = player_regrets(game, actions, receiver, ranges)
    request.deadline.check("verifying regrets")
    gap = float(terms.sum())
    proved = actions if gap <= PROVED * float(ranges.max()) else None
    known = equilibria.of(game, request.deadline, receiver, proved, gap)
    if gap > 1e-3 * GAP * float(ranges.max()):
        gap = min(gap, potential_gap(game, actions, receiver, known.receiver))
    inside = interior(game, actions, known.receiver)
    dimension, undecided = _dimension(known, request.deadline)
    fields = {
        "actions": actions,
        "receiver": receiver,
        "losses": game.losses(receiver),
        "potential": game.potential(actions),
        "unique": None if dimension is None else dimension == 0,
        "dimension": dimension,
        "interior": inside,
    }
    note = "potential minus -2 D(v), by weak duality"
    checks = (
        Check("feasibility", outside, FEASIBLE, "width of the action set"),
        Check("regret", scaled(regrets, ranges), REGRET, "payoff range", "by exact best responses"),
        Check("own stake", own_regret(game, regrets), STAKE, "what the player's action can change"),
        Check("lower bound", scaled(gap, ranges.max()), GAP, "payoff range", note, "proved"),
        receiver_check(game, receiver, known),
        *theorem_4(game, receiver, inside, float(ranges.max())),
        corollary_3(point, dimension, undecided),
    )
    return fields, Certificate(checks, max_regret=float(regrets.max()), tolerance=REGRET)


def receiver_check(game: Influencers, receiver: Floats, known: equilibria.Equilibria) -> Check:
    """Check every coordinate of the receiver, each in its own range over all receivers."""
    low, high = game.receiver_range
    reach = high - low
    noise = 16 * EPSILON * (np.maximum(np.abs(low), np.abs(high)) + reach)
    errors, how, grade = receiver_error(known, receiver, RECEIVER * reach + noise)
    worst = scaled(np.maximum(errors - noise, 0.0), reach)
    return Check("receiver", worst, RECEIVER, "range of the coordinate", how, grade)


def own_regret(game: Influencers, regrets: Floats) -> float:
    """Return the largest regret over the most that the player's own action can change, whatever the others do.

    A player of small weight has little at stake, and a payoff range that is mostly the others'.
    """
    some = np.flatnonzero(regrets > 0)
    if not len(some):
        return 0.0
    return scaled(np.maximum(regrets[some] - noises(game, some), 0.0), stakes(game, some))


def stakes(game: Influencers, players: Any) -> Floats:
    """Return the most that the own action can change of each player's loss, whatever the others do, shape (players,).

    With x at most a width away, 2 w (x̂ - t).(y - x) + w^2 |y - x|^2 is at most the stake.
    """
    width, weights, targets = widths(game), np.abs(game.weights[players]), game.targets[players]
    if game.loss == "inner-product":
        return np.asarray(weights * (np.abs(targets) @ width))
    low, high = game.receiver_range
    farthest = np.maximum(np.abs(targets - low), np.abs(targets - high))
    return np.asarray(2.0 * weights * (farthest @ width) + weights**2 * float(width @ width))


def units(game: Influencers, players: Any) -> Floats:
    """Return what single regrets are measured in: payoff ranges, or a thousand times the own stake where that is less.

    So a regret of REGRET is at most STAKE of what the own action can change.
    """
    return np.asarray(np.minimum(game.loss_ranges()[players], STAKE / REGRET * stakes(game, players)))


def noises(game: Influencers, players: Any) -> Floats:
    """Return what rounding of the receiver and of a player's own action may add to its loss, shape (players,)."""
    low, high = game.receiver_range
    places = np.maximum(np.abs(low), np.abs(high)) + np.abs(game.targets[players])
    reach = widths(game) + np.abs(game.action_set.bounds).max(axis=0)
    return np.asarray(64 * EPSILON * np.abs(game.weights[players]) * (places @ reach))


def _dimension(known: equilibria.Equilibria, deadline: Deadline) -> tuple[int | None, str]:
    """Return the dimension of the equilibrium set, or None and why it is not decided."""
    try:
        return known.dimension, ""
    except LimitReached as limit:
        deadline.check("deciding whether the equilibrium is unique")
        return None, str(limit)


def read_actions(game: Influencers, point: Mapping[str, Any]) -> Floats:
    """Return the point's actions, shape (n, d), or raise `InstanceError`."""
    if "actions" not in point:
        raise InstanceError("actions: missing, expected one row of coordinates a player")
    return numbers(point["actions"], "actions", [game.players, game.dimension], ["player", "coordinate"])


def clip(game: Influencers, actions: Floats) -> tuple[Floats, float]:
    """Return the actions moved to the nearest points of X, and the largest violation over X's largest width.

    A single point has no width: there the size of what it is compared with takes its place.
    """
    violation = game.action_set.contains(actions)
    outside = np.flatnonzero(violation > 0)
    if not len(outside):
        return actions, 0.0
    worst = float(violation.max())
    actions = actions.copy()
    actions[outside] = game.action_set.project(actions[outside])
    size = float(widths(game).max()) or float(max(np.abs(game.action_set.bounds).max(), np.abs(game.targets).max()))
    return actions, scaled(max(worst - game.action_set.noise, 0.0), size)


def widths(game: Influencers) -> Floats:
    """Return the action set's width in each coordinate, shape (d,)."""
    lower, upper = game.action_set.bounds
    return np.asarray(upper - lower)


def player_regrets(game: Influencers, actions: Floats, receiver: Floats, ranges: Floats) -> tuple[Floats, Floats]:
    """Return each player's term of the gap at v = receiver, and its regret, shape (n,) both.

    The regret |r|^2 - |r + w (y - x)|^2, r = receiver - t, of a deviation y is the term 2 p.(y - x) minus
    w^2 |y - x|^2: never above the player's term of the gap, which settles all players but those with a term that
    matters. Theirs is computed from an exact best response.
    """
    terms = linear_terms(game, actions, receiver)
    regrets = terms.copy()
    open_cases = np.flatnonzero(terms > 1e-2 * REGRET * ranges)
    if len(open_cases):
        players = open_cases.tolist()
        gained = gains(game, actions, best_responses(game, actions, players), players)
        regrets[open_cases] = np.maximum(gained, 0.0)
    return terms, regrets


def interior(game: Influencers, actions: Floats, receiver: Floats) -> Any:
    """Return the indices of the players whose actions are in the topological interior of X.

    A solver's point misses the boundary by a little. So an action that is nearer than INTERIOR counts only if it may
    be inside at all: the player has no weight, or its target is the receiver of every equilibrium (eq. (8)).
    """
    least = float(widths(game).min())
    inside = game.action_set.interior(actions, INTERIOR * least)
    lower, upper = game.receiver_range
    reach = INSIDE_TARGET * (float(np.abs(receiver).max()) + float((upper - lower).max()))
    free = np.flatnonzero((game.weights == 0) | (np.abs(game.targets - receiver).max(axis=1) <= reach))
    free = free[~inside[free]]
    if len(free):
        inside[free] = game.action_set.interior(actions[free], NOISE * least)
    return np.flatnonzero(inside)


def theorem_4(game: Influencers, receiver: Floats, inside: Any, payoff_range: float) -> tuple[Check, ...]:
    """Check Theorem 4: players inside X who move the receiver (w_i != 0) have it at their target.

    So at most one does, where targets are distinct; for equal targets the theorem counts them once.
    """
    names = "theorem 4: interior targets", "theorem 4: winner"
    if not game.action_set.has_interior:
        why = "the action set has no interior, and the theorem says nothing"
        return tuple(Check(name, 0.0, 0.0, "", why, "skipped", claimed=False) for name in names)
    movers = inside[game.weights[inside] != 0]
    distinct = len(np.unique(game.targets[movers], axis=0))
    distances = np.linalg.norm(game.targets[movers] - receiver, axis=1)
    note = f"{idle} players of weight 0 left out" if (idle := int((game.weights == 0).sum())) else ""
    return (
        Check(names[0], float(distinct), 1.0, "distinct targets of players inside the set", note),
        Check(names[1], scaled(distances.max(initial=0.0), payoff_range**0.5), WINNER, "root of the payoff range"),
    )


def corollary_3(point: Mapping[str, Any], dimension: int | None, undecided: str) -> Check:
    """Check a point's claims about the number of equilibria: one (dimension 0) or infinitely many."""
    unit = "dimension of the equilibrium set"
    if dimension is None:
        return Check("corollary 3", 0.0, 0.0, unit, undecided, "skipped", claimed=False)
    wrong = 0.0
    if point.get("dimension") is not None:
        wrong = abs(float(numbers([point["dimension"]], "dimension", [1])[0]) - dimension)
    if point.get("unique") is not None and bool(point["unique"]) != (dimension == 0):
        wrong = max(wrong, 1.0)
    note = "one equilibrium" if dimension == 0 else f"infinitely many equilibria, dimension {dimension}"
    return Check("corollary 3", wrong, 0.0, unit, note)


def scaled(values: Any, ranges: Any) -> float:
    """Return the largest value / range; 0 / 0 is 0, and anything else over 0 infinite."""
    ratios = np.where(np.asarray(values) > 0, np.inf, 0.0)
    np.divide(values, ranges, out=ratios, where=np.asarray(ranges) > 0)
    return float(ratios.max())
