"""Exact actions of a proof: an equilibrium, or the best of linear functions, as fractions inside the set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.action_sets import faces
from bigopt.action_sets.faces import Face, OfPoints
from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import flint, python
from bigopt.concepts.deadline import Deadline
from bigopt.errors import SolverNotFound
from bigopt.games.influencers.exact.face_sums import Part, equilibrium
from bigopt.games.influencers.prove_prices import floats

DIGITS = 40  # of actions on balls, behind the point


@dataclass(frozen=True)
class Data:
    """An instance, exactly: weights [n], targets [n][d], the action set's JSON and what the background supplies [d]."""

    weights: Exact
    targets: list[Exact]
    space: Mapping[str, Any]
    base: Exact

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Data:
        """Read an instance."""
        d = len(data["targets"][0])
        back = data.get("background") or {"weight": Fraction(0), "point": [Fraction(0)] * d}
        return cls(data["weights"], data["targets"], data["action_set"], [back["weight"] * v for v in back["point"]])

    def receiver(self, actions: list[Exact]) -> Exact:
        """Return the receiver of a profile."""
        columns = zip(*actions, strict=True)
        return [
            b + sum((w * v for w, v in zip(self.weights, c, strict=True)), Fraction(0))
            for b, c in zip(self.base, columns, strict=True)
        ]


def equilibrium_actions(game: Data, near: Any, digits: int | None = None) -> tuple[list[Exact], list[Any]]:
    """Return exact actions and, on hulls, their shares of the points.

    Parameters
    ----------
    game : Data
    near : array [n][d]
        Actions in floats.
    digits : int, optional
        Of the actions on balls; elsewhere they are exact.
    """
    if game.space["type"] == "box":
        columns = [_on_axis(game, c) for c in range(len(game.base))]
        return [list(row) for row in zip(*columns, strict=True)], [None] * len(game.weights)
    guess = game.receiver([[rounded(float(v)) for v in row] for row in near])
    whole = _whole(game.space, len(game.base))
    if whole is None:
        own = _on_balls().equilibrium(game.space, game.weights, game.targets, game.base, guess, digits or DIGITS)
        return own, [None] * len(own)
    parts = [Part(flint(w), _column(t), whole) for w, t in zip(game.weights, game.targets, strict=True)]
    _, points = equilibrium(parts, _column(game.base), Deadline(), _column(guess))
    return _shared(game, [[python(v) for v in point.entries()] for point in points])


def _on_axis(game: Data, c: int) -> Exact:
    """Return a coordinate of an equilibrium on a box: the receiver is the z that everybody's pull leaves in place."""
    lo, up = flint(game.space["lower"][c]), flint(game.space["upper"][c])
    weights, targets = [flint(w) for w in game.weights], [flint(t[c]) for t in game.targets]
    ends = [(w * lo, w * up) if w >= 0 else (w * up, w * lo) for w in weights]
    order = sorted(range(len(ends)), key=targets.__getitem__)
    base = flint(game.base[c])
    z = g = sum((b for _, b in ends), base)  # everybody pulls up, where the receiver is below all
    for i in order:
        if g <= targets[i]:
            break
        g += ends[i][0] - ends[i][1]  # the receiver is above his target: he pulls down
        z = max(g, targets[i])
    z = g if z < g else z
    supply = [b if t > z else a for t, (a, b) in zip(targets, ends, strict=True)]
    missing = z - sum(supply, base)
    for i in order:
        if targets[i] == z:
            part = min(missing, ends[i][1] - ends[i][0])
            supply[i] += part
            missing -= part
    return [python(s / w if w else lo) for s, w in zip(supply, weights, strict=True)]


def _whole(space: Mapping[str, Any], d: int) -> Face | None:
    """Return the whole set for exact walks, None for a ball."""
    if space["type"] == "hull":
        return OfPoints(_matrix(space["points"]))
    if space["type"] == "simplex":
        return OfPoints(_matrix([[space["scale"] * (k == c) for c in range(d)] for k in range(d)]))
    if space["type"] == "polytope":
        rows, sides, A_eq, b_eq = floats(space)
        return faces.of_rows(rows, sides, A_eq, b_eq, np.zeros(d))
    return None


def _shared(game: Data, actions: list[Exact]) -> tuple[list[Exact], list[Any]]:
    """Return actions with their shares of a hull's points; on other sets no shares are needed."""
    if game.space["type"] != "hull":
        return actions, [None] * len(actions)
    shares = [_mixture(game.space["points"], x) for x in actions]
    mixed = [
        [sum((w * game.space["points"][k][c] for k, w in own), Fraction(0)) for c in range(len(game.base))]
        for own in shares
    ]
    return mixed, shares


def _mixture(points: list[Exact], x: Exact) -> list[tuple[int, Fraction]]:
    """Return convex weights of points whose mixture is x, or nearly so where floats cannot tell."""
    from scipy.optimize import linprog

    if x in points:
        return [(points.index(x), Fraction(1))]
    table = np.array([[float(v) for v in p] for p in points])
    unit = float(np.abs(table).max()) or 1.0
    goal = np.array([float(v) for v in x])
    rows = np.vstack([table.T / unit, np.ones(len(points))])
    found = linprog(np.zeros(len(points)), A_eq=rows, b_eq=np.r_[goal / unit, 1.0], method="highs-ds")
    weights = found.x if found.x is not None else np.eye(len(points))[int(np.argmin(((table - goal) ** 2).sum(axis=1)))]
    used = [k for k, w in enumerate(weights) if w > 1e-12]
    system = [[points[k][c] for k in used] for c in range(len(x))] + [[Fraction(1)] * len(used)]
    exact = completed(system, [*x, Fraction(1)], [float(weights[k]) for k in used])
    if exact is None or min(exact) < 0:
        raw = [rounded(float(weights[k])) for k in used]
        exact = [w / sum(raw) for w in raw]
    return list(zip(used, exact, strict=True))


def best_actions(game: Data, down: list[Exact], near: Any, digits: int | None = None) -> tuple[list[Exact], list[Any]]:
    """Return a maximizer of every linear function: a vertex near the given one, or the rounded one."""
    space, d = game.space, len(game.base)
    if space["type"] == "box":
        ends = list(zip(space["lower"], space["upper"], strict=True))
        rounds = [[rounded(float(v)) for v in row] for row in near]
        return [
            [up if g > 0 else lo if g < 0 else min(max(v, lo), up) for g, v, (lo, up) in zip(row, x, ends, strict=True)]
            for row, x in zip(down, rounds, strict=True)
        ], [None] * len(down)
    whole = _whole(space, d)
    if whole is None:
        on_balls = _on_balls()
        return [on_balls.reply(space, g, digits or DIGITS) for g in down], [None] * len(down)
    return _shared(game, [[python(v) for v in whole.argmax(_column(row)).entries()] for row in down])


def _column(values: Exact) -> fmpq_mat:
    return fmpq_mat(len(values), 1, [flint(v) for v in values])


def _matrix(rows: list[Exact]) -> fmpq_mat:
    return fmpq_mat(len(rows), len(rows[0]), [flint(Fraction(v)) for row in rows for v in row])


def _on_balls() -> Any:
    """Return the module of proofs on balls, whose reals with error bounds no package has but python-flint."""
    try:
        from bigopt.games.influencers import prove_ball
    except ImportError:
        raise SolverNotFound("a proof on balls: python-flint is not installed: pip install python-flint") from None
    return prove_ball
