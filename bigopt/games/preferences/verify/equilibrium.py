"""The certificate of the equilibrium in one dimension, from the game and the actions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.preferences.exact import median, score
from bigopt.games.preferences.exact.drawn import DrawnLabels
from bigopt.games.preferences.exact.score import LawScore, Score
from bigopt.games.preferences.game import Preferences
from bigopt.games.preferences.verify.receiver import mle_check

FEASIBILITY = 1e-6  # of the action set's width
REGRET = 1e-7  # of a player's payoff range
MEDIAN = 1e-9  # of the action set's width: a receiver found by bisection is as near as that
QUADRATURE = 1e-11  # of the law's spread, about H's range over all points: the rule has resolved H to rounding
SURE = 1e-8  # of H's range over the action set, a small part of the other where the set is: then rounding shows
BISECTIONS = 60
SAMPLE = "receiver of the drawn labels"
OPEN = 1e-13  # of H's range: who contributes that little less than the most can gain nothing that counts


def verify(game: Preferences, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute an equilibrium from its actions and prove it.

    Parameters
    ----------
    game : Preferences
        In one dimension.
    point : mapping
        `actions` [n][1]; `receiver`, where given, is compared by the caller.
    """
    actions, outside = read_actions(game, point)
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    coordinate = score.of(game)
    shares = coordinate.shares(actions[:, 0])
    receiver = coordinate.invert(float(shares.sum()), low, high)
    regrets = population_regrets(game, coordinate, shares, receiver)
    request.deadline.check("verifying regrets")
    affine = median.equilibrium(game.targets[:, 0], median.Affine(game.weights), low, high)
    expected = median.equilibrium(game.targets[:, 0], coordinate, low, high)
    fields: dict[str, Any] = {
        "actions": actions,
        "receiver": np.array([receiver]),
        "losses": game.losses(np.array([receiver])),
        "unique": expected.unique,
        "tied": expected.tied,
        "affine_receiver": np.array([affine.receiver]),
    }
    drawn, sample = drawn_regrets(game, actions, request)
    fields |= drawn
    scaled = float((regrets / game.stakes).max())
    checks = (
        Check("feasibility", outside, FEASIBILITY, "width of the action set", grade="proved"),
        Check("regret", scaled, REGRET, "payoff range", "by best responses in the coordinate H"),
        median_check(game, coordinate, receiver),
        *quadrature(game, coordinate, receiver),
        *sample,
    )
    return fields, Certificate(checks, float(regrets.max()), REGRET)


def read_actions(game: Preferences, point: Mapping[str, Any]) -> tuple[Floats, float]:
    """Return the point's actions, brought to X, and by how much they were outside, of X's width."""
    if "actions" not in point:
        raise InstanceError("actions: missing, expected one row of coordinates a player")
    actions = numbers(point["actions"], "actions", [game.players, game.dimension], ["player", "coordinate"])
    lower, upper = game.action_set.bounds
    outside = float(game.action_set.contains(actions).max())
    width = float((upper - lower).max())
    rounding = 1e-14 * float(np.abs(game.action_set.bounds).max())
    if outside <= rounding:
        return actions, 0.0
    return game.action_set.project(actions), outside / width if width > 0 else np.inf


def population_regrets(game: Preferences, coordinate: Score, shares: Floats, receiver: float) -> Floats:
    """Return what each player could gain by another fake point, with infinitely many labels, shape (n,).

    Whoever contributes the most that it can towards its target gains nothing: the receiver rises with its fake point.
    """
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    least, most = (coordinate.shares(np.full(game.players, end)) for end in (low, high))
    total, span = float(shares.sum()), float((most - least).sum())
    targets = game.targets[:, 0]
    up = targets > receiver
    free = np.flatnonzero((np.where(up, most - shares, shares - least) > OPEN * span) & (targets != receiver))
    ends = total + np.where(up, most, least)[free] - shares[free]
    reached, wanted = coordinate.inverses(ends, low, high), targets[free]
    after = np.where(up[free], np.minimum(reached, wanted), np.maximum(reached, wanted))  # it can stop at its target
    regrets = np.zeros(game.players)
    regrets[free] = np.maximum(0.0, (receiver - wanted) ** 2 - (after - wanted) ** 2)
    return regrets


def median_check(game: Preferences, coordinate: Score, receiver: float) -> Check:
    """Check the receiver against a bisection: where what the players supply crosses what the receiver asks for.

    The supply at z, the upper ends of those with targets above z and the lower ends of the others, falls; H rises.
    """
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    order = np.argsort(game.targets[:, 0])
    targets = game.targets[order, 0]
    least, most = (coordinate.shares(np.full(game.players, end))[order] for end in (low, high))
    below = np.concatenate([[0.0], np.cumsum(least)])
    above = float(most.sum()) - np.concatenate([[0.0], np.cumsum(most)])
    bottom, top = low, high
    for _ in range(BISECTIONS):
        z = 0.5 * (bottom + top)
        k = int(np.searchsorted(targets, z, side="right"))
        if below[k] + above[k] > float(coordinate.value(np.array([z]))[0]):
            bottom = z
        else:
            top = z
    gap = 0.0 if game.action_set.is_point else abs(0.5 * (bottom + top) - receiver) / (high - low)
    note = "the crossing of supply and H, by bisection: every equilibrium has this receiver"
    return Check("median", gap, MEDIAN, "width of the action set", note)


def quadrature(game: Preferences, coordinate: Score, receiver: float) -> tuple[Check, ...]:
    """Check H against a rule with twice the nodes; known pairs need none."""
    if not isinstance(coordinate, LawScore):
        return ()
    (low,), (high,) = (end.tolist() for end in game.action_set.bounds)
    places = np.array([low, receiver, high])
    finer = LawScore(coordinate.law, coordinate.weights, 2 * coordinate.nodes)
    values = coordinate.value(places)
    gap = float(np.abs(values - finer.value(places)).max())
    span = float(values[-1] - values[0])
    unsure = 0.0 if game.action_set.is_point else gap / span if span > 0 else np.inf
    note = "H by a rule with twice the nodes: the receiver is as sure as its resolution, of the action set's width"
    return (
        Check("quadrature", gap / float(coordinate.law.spread[0]), QUADRATURE, "spread of the responses", note),
        Check("resolution", unsure, SURE, "range of H over the action set", note),
    )


def drawn_regrets(game: Preferences, actions: Floats, request: Request) -> tuple[dict[str, Any], tuple[Check, ...]]:
    """Return the receiver of the drawn labels and every player's regret there, with the estimate's proof.

    All are None where the drawn labels separate: then there is no estimate.
    """
    labels = DrawnLabels(game, request.deadline)
    receiver = labels.receiver(actions)
    if not np.isfinite(receiver).all():
        return {"sample_receiver": None, "regret": None, "regrets": None}, ()
    regrets = labels.regrets(actions, receiver)
    proof = labels.likelihood.prove(np.array([labels.statistics(actions).sum()]), receiver)
    fields = {"sample_receiver": receiver, "regret": float(regrets.max()), "regrets": regrets}
    return fields, (mle_check(proof, SAMPLE),)
