"""Influencers with loops: games of few players, what their certificates say written down a second time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bigopt import Box, Hull, Influencers, Polytope, Simplex
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate
from bigopt.games.influencers import KIND

ROWS = {concept.name: concept for concept in KIND.concepts}
SETS: dict[str, tuple[Callable[[], Any], list[list[float]]]] = {  # each with its vertices
    "box": (lambda: Box([0.0, -1.0], [6.0, 3.0]), [[0, -1], [0, 3], [6, -1], [6, 3]]),
    "polytope": (
        lambda: Polytope([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1]], [6, 0, 3, 1, 7]),
        [[0, -1], [0, 3], [6, -1], [6, 1], [4, 3]],
    ),
    "hull": (lambda: Hull([[0, 0], [6, 1], [2, 3], [2, 1]]), [[0, 0], [6, 1], [2, 3]]),
    "simplex": (lambda: Simplex(2.0, 2), [[2, 0], [0, 2]]),
}
WEIGHTS, TARGETS = [0.5, -0.25, 0.125, 0.0], [[2.0, 1.5], [1.0, -2.0], [5.0, 0.5], [3.0, 3.0]]


def drawn(kind: str = "box", loss: str = "squared") -> Influencers:
    """Return a game of four players, one of them idle, beside a background."""
    background: Any = {"background_weight": 0.5, "background_point": [1.0, -0.5]}
    return Influencers(WEIGHTS, TARGETS, SETS[kind][0](), loss=loss, **background)


def verified(
    game: Influencers, concept: str, point: Mapping[str, Any], options: Mapping[str, Any] | None = None, **more: Any
) -> tuple[dict[str, Any], Certificate]:
    """Return what a concept's verifier says of a point, under the options' defaults."""
    request: Request = ROWS[concept].request(options=dict(options or {}), arguments=more)
    fields, certificate = ROWS[concept].verify(game, point, request)
    return fields, certificate


def values(certificate: Certificate) -> dict[str, float]:
    """Return the checks' values by name."""
    return {check.name: check.value for check in certificate.checks}


def proved(certificate: Certificate) -> set[str]:
    """Return the names of the checks that are proved; all that are claimed must convince."""
    assert all(check.convincing for check in certificate.checks)
    return {check.name for check in certificate.checks if check.grade == "proved"}


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the inner product."""
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


def receiver(game: Influencers, actions: Any) -> list[float]:
    """Return the background's and the players' actions, each times its weight."""
    start = [game.background_weight * c for c in game.background_point]
    return [c + sum(w * x[k] for w, x in zip(game.weights, actions, strict=True)) for k, c in enumerate(start)]


def losses(game: Influencers, actions: Any) -> list[float]:
    """Return every player's loss."""
    place = receiver(game, actions)
    if game.loss == "inner-product":
        return [-dot(t, place) for t in game.targets]
    return [sum((a - b) ** 2 for a, b in zip(t, place, strict=True)) for t in game.targets]


def support(vertices: Sequence[Sequence[float]], direction: Sequence[float]) -> float:
    """Return the most that a direction gets among vertices."""
    return max(dot(direction, point) for point in vertices)


def box_around(game: Influencers, vertices: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return the least and largest receiver in each coordinate."""
    ends = []
    for k, start in enumerate(game.background_weight * c for c in game.background_point):
        sides = [[w * v[k] for v in vertices] for w in game.weights]
        ends.append((start + sum(map(min, sides)), start + sum(map(max, sides))))
    return ends


def spans(game: Influencers, vertices: Sequence[Sequence[float]]) -> list[float]:
    """Return each player's largest minus least loss over the box around all receivers."""
    found, around = [], box_around(game, vertices)
    for target in game.targets:
        total = 0.0
        for t, (low, high) in zip(target, around, strict=True):
            if game.loss == "inner-product":
                total += abs(t) * (high - low)
            else:
                total += max((t - low) ** 2, (t - high) ** 2) - (t - min(max(t, low), high)) ** 2
        found.append(total)
    return found


def stakes(game: Influencers, vertices: Sequence[Sequence[float]]) -> list[float]:
    """Return the most that each player's own action can change, whatever the others do."""
    widths = [max(v[k] for v in vertices) - min(v[k] for v in vertices) for k in range(game.dimension)]
    around = box_around(game, vertices)
    found = []
    for w, target in zip(np.abs(game.weights), game.targets, strict=True):
        far = [max(abs(t - low), abs(t - high)) for t, (low, high) in zip(target, around, strict=True)]
        linear, square = sum(f * b for f, b in zip(far, widths, strict=True)), sum(b * b for b in widths)
        found.append(2 * w * linear + w * w * square)
    return found


def reply_on_box(game: Influencers, actions: Any, player: int) -> list[float]:
    """Return a player's best action on a box, squared loss, coordinate by coordinate."""
    w, place = game.weights[player], receiver(game, actions)
    if w == 0:
        return list(actions[player])
    free = [x + (t - p) / w for x, t, p in zip(actions[player], game.targets[player], place, strict=True)]
    return [min(max(f, low), high) for f, low, high in zip(free, *game.action_set.bounds, strict=True)]


def changed(actions: Any, player: int, action: Any) -> list[Any]:
    """Return a profile with one action exchanged."""
    return [action if i == player else list(row) for i, row in enumerate(actions)]


def gain(game: Influencers, actions: Any, player: int, action: Any) -> float:
    """Return how much less a player loses by another action."""
    return losses(game, actions)[player] - losses(game, changed(actions, player, action))[player]


def dual(game: Influencers, vertices: Sequence[Sequence[float]], v: Sequence[float]) -> float:
    """Return D(v) of eq. (5)'s dual; -2 D(v) is below every potential."""
    start = [game.background_weight * c for c in game.background_point]
    pulls = [
        [w * (t - x) for t, x in zip(target, v, strict=True)]
        for w, target in zip(game.weights, game.targets, strict=True)
    ]
    linear = sum(c * x for c, x in zip(start, v, strict=True))
    return float(0.5 * dot(v, v) - linear + sum(support(vertices, pull) for pull in pulls))


def potential(game: Influencers, actions: Any) -> float:
    """Return eq. (5)."""
    inner = sum(w * dot(t, x) for w, t, x in zip(game.weights, game.targets, actions, strict=True))
    place = receiver(game, actions)
    return float(dot(place, place) - 2 * inner)


def median_receiver(game: Influencers) -> list[float]:
    """Return every equilibrium's receiver on a box, by bisection: what the players supply falls as it rises."""
    found = []
    lower, upper = game.action_set.bounds
    for k in range(game.dimension):
        start = game.background_weight * game.background_point[k]
        low, high = -100.0, 100.0
        for _ in range(200):
            v = 0.5 * (low + high)
            most = start + sum(
                max(w * lower[k], w * upper[k]) if t[k] > v else min(w * lower[k], w * upper[k])
                for w, t in zip(game.weights, game.targets, strict=True)
            )
            low, high = (v, high) if most > v else (low, v)
        found.append(0.5 * (low + high))
    return found
