"""Influencer games answered in exact fractions: the yardstick of `fuzz_influencers`.

Polyhedral sets are listed vertex by vertex, the potential of eq. (5) of Wu et al. is minimized over the shares of all
pairs (player, vertex), and the ranges of the equilibrium set are linear programs over the pairs that the receiver
exposes (`exact_programs`). Nothing of `bigopt` is used but the data of the game. On balls lengths are square roots:
there the gap of the potential is enclosed in intervals of 400 bits, which bounds how far the receiver is from the right
one (D is strongly convex).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq, fmpq_mat

from benchmarks.exact_programs import binary, exact, minimum
from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex

Point = tuple[fmpq, ...]


def vertices(action_set: Any) -> list[Point]:
    """Return points whose convex hull is the set, exactly; every vertex is among them."""
    d = action_set.dimension
    if isinstance(action_set, Box):
        return list(dict.fromkeys(product(*zip(_row(action_set.lower), _row(action_set.upper), strict=True))))
    if isinstance(action_set, Simplex):
        return [tuple(exact(action_set.scale) if j == k else fmpq(0) for j in range(d)) for k in range(d)]
    if isinstance(action_set, Hull):
        return list(dict.fromkeys(_row(p) for p in action_set.points))
    assert isinstance(action_set, Polytope)
    rows, sides = [_row(a) for a in action_set.A], list(_row(action_set.b))
    fixed = 0
    if action_set.A_eq is not None and action_set.b_eq is not None:
        fixed = len(action_set.A_eq)
        rows = [*(_row(a) for a in action_set.A_eq), *rows]
        sides = [*_row(action_set.b_eq), *sides]
    found: dict[Point, None] = {}
    for basis in combinations(range(len(rows)), d):
        matrix = fmpq_mat(d, d, [v for k in basis for v in rows[k]])
        if matrix.det() == 0:
            continue
        point = tuple(matrix.solve(fmpq_mat(d, 1, [sides[k] for k in basis])).entries())
        slack = [side - dot(row, point) for row, side in zip(rows, sides, strict=True)]
        if min(slack) >= 0 and all(s == 0 for s in slack[:fixed]):
            found[point] = None
    return list(found)


def dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    """Return the inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def _row(values: Any) -> Point:
    return tuple(exact(v) for v in np.asarray(values, dtype=float).tolist())


class Exact:
    """A game on a polyhedron in fractions."""

    def __init__(self, game: Influencers) -> None:
        """Read the decimals."""
        self.game = game
        self.weights = _row(game.weights)
        self.targets = [_row(t) for t in game.targets]
        w0 = exact(game.background_weight)
        self.background = tuple(w0 * x for x in _row(game.background_point))
        self.vertices = vertices(game.action_set)
        self.movers = [i for i, w in enumerate(self.weights) if w != 0]

    def _pull(self, i: int, k: int) -> Point:
        return tuple(self.weights[i] * x for x in self.vertices[k])

    @cached_property
    def receiver(self) -> Point:
        """The receiver of every equilibrium under squared loss."""
        if not self.movers:
            return self.background
        pairs = [(i, k) for i in self.movers for k in range(len(self.vertices))]
        pulls = [self._pull(i, k) for i, k in pairs]
        cost = [
            dot(pull, self.background) - dot(pull, self.targets[i]) for pull, (i, _) in zip(pulls, pairs, strict=True)
        ]
        rows = [[fmpq(int(i == own)) for own, _ in pairs] for i in self.movers]
        share = minimum([[dot(a, b) for b in pulls] for a in pulls], cost, rows, [fmpq(1)] * len(rows))
        assert share is not None
        sums = [sum((s * p[j] for s, p in zip(share, pulls, strict=True)), fmpq(0)) for j in range(self.game.dimension)]
        return tuple(c + s for c, s in zip(self.background, sums, strict=True))

    def exposed(self, i: int, direction: Point) -> list[int]:
        """Return the vertices that are best for a direction."""
        values = [dot(direction, p) for p in self.vertices]
        best = max(values)
        return [k for k, value in enumerate(values) if value == best]

    @cached_property
    def faces(self) -> dict[int, list[int]]:
        """The vertices that each mover may use at an equilibrium."""
        away = {i: tuple(t - v for t, v in zip(self.targets[i], self.receiver, strict=True)) for i in self.movers}
        return {i: self.exposed(i, tuple(self.weights[i] * a for a in away[i])) for i in self.movers}

    def range(self, player: int, coordinate: int) -> tuple[fmpq, fmpq]:
        """Return the smallest and the largest of one coordinate over the equilibrium set."""
        own = [p[coordinate] for p in self.vertices]
        if self.weights[player] == 0:
            return min(own), max(own)
        pairs = [(i, k) for i in self.movers for k in self.faces[i]]
        rows = [[fmpq(int(i == j)) for j, _ in pairs] for i in self.movers]
        rows += [[self._pull(i, k)[c] for i, k in pairs] for c in range(self.game.dimension)]
        sides = [fmpq(1)] * len(self.movers)
        sides += [v - c for v, c in zip(self.receiver, self.background, strict=True)]
        nothing = [[fmpq(0)] * len(pairs) for _ in pairs]
        ends = []
        for sign in (1, -1):
            cost = [sign * self.vertices[k][coordinate] if i == player else fmpq(0) for i, k in pairs]
            share = minimum(nothing, cost, rows, sides)
            assert share is not None
            ends.append(sign * dot(cost, share))
        return ends[0], ends[1]

    def response(self, player: int, actions: Any) -> tuple[fmpq, fmpq]:
        """Return the least loss of a player and its loss as it stands, squared loss, at actions as floats."""
        given = [tuple(binary(x) for x in row) for row in np.asarray(actions).tolist()]
        w, t = self.weights[player], self.targets[player]
        sums = list(self.background)
        for j, row in enumerate(given):
            sums = [s + self.weights[j] * x for s, x in zip(sums, row, strict=True)]
        rest = [s - w * x - target for s, x, target in zip(sums, given[player], t, strict=True)]
        now = sum(((s - target) ** 2 for s, target in zip(sums, t, strict=True)), fmpq(0))
        pulls = [self._pull(player, k) for k in range(len(self.vertices))]
        share = minimum(
            [[dot(a, b) for b in pulls] for a in pulls],
            [dot(p, rest) for p in pulls],
            [[fmpq(1)] * len(pulls)],
            [fmpq(1)],
        )
        assert share is not None
        best = [r + sum((s * p[c] for s, p in zip(share, pulls, strict=True)), fmpq(0)) for c, r in enumerate(rest)]
        return sum((b * b for b in best), fmpq(0)), now


def ball_error(game: Influencers, actions: Any, receiver: Any) -> float:
    """Return a bound on the distance of a receiver from the right one, on a ball, from the actions that go with it."""
    ball = game.action_set
    assert isinstance(ball, Ball)
    with ctx.workprec(400):
        center, radius = [arb(exact(c)) for c in ball.center], arb(exact(ball.radius))
        v = [arb(binary(x)) for x in np.asarray(receiver).tolist()]
        gap = arb(0)
        sums = [arb(exact(game.background_weight) * exact(x)) for x in game.background_point.tolist()]
        for w, t, row in zip(game.weights.tolist(), game.targets.tolist(), np.asarray(actions).tolist(), strict=True):
            weight = arb(exact(w))
            away = [arb(binary(x)) - c for x, c in zip(row, center, strict=True)]
            length = _root(sum((a * a for a in away), arb(0)))
            factor = (radius / length).min(arb(1)) if length > 0 else arb(1)
            inside = [a * factor for a in away]
            sums = [s + weight * (c + a) for s, c, a in zip(sums, center, inside, strict=True)]
            pull = [weight * (arb(exact(x)) - y) for x, y in zip(t, v, strict=True)]
            size = _root(sum((p * p for p in pull), arb(0)))
            gap += 2 * (radius * size - sum((p * a for p, a in zip(pull, inside, strict=True)), arb(0)))
        gap += sum(((s - x) ** 2 for s, x in zip(sums, v, strict=True)), arb(0))
        return math.sqrt(max(0.0, float(gap.abs_upper())))


def _root(square: Any) -> Any:
    """Return an interval that holds the root of a number that is not negative, whatever its own interval says."""
    if square > 0:
        return square.sqrt()
    return arb(0, float(square.abs_upper()) ** 0.5 * (1 + 1e-15))
