"""Proofs of equilibria and dominant actions: rational actions, and what shows that nobody can do better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from bigopt.action_sets import faces
from bigopt.action_sets.faces import Face, OfPoints
from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.proof import Proof, proved
from bigopt.errors import UnsupportedProblem
from bigopt.games.influencers import prove_set
from bigopt.games.influencers.exact.face_sums import Part, equilibrium

SMALL = 40  # players: the equilibrium of more is not solved for exactly off boxes, but rounded, with an interval
MOVES = 100  # coordinates of all players: with more, the system of all equilibria is too large for fractions
SCALE = 10**20  # of square roots
NASH = ("actions", "regrets", "receiver", "potential", "losses", "dimension", "unique")
SET = ("receiver", "ranges", "dimension", "unique")


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


def nash(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim an equilibrium with its receiver, potential and losses; where the point is exact all regrets are 0."""
    words = ("no player can lower his loss by more than his regret", "the receiver is that of every equilibrium")
    return proved("influencers", "nash", data, _with_set(data, _equilibrium_witness(data, solution)), words, NASH)


def values(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim an equilibrium alone, without the dimension and the ranges, which take linear programs."""
    witness = _equilibrium_witness(data, solution)
    return proved("influencers", "nash", data, witness, (), ("actions", "receiver", "potential", "losses"))


def ne_set(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the dimension of the set of equilibria, and the range of every coordinate.

    Raises
    ------
    UnsupportedProblem
        The set is too large for linear programs in fractions.
    """
    witness = _with_set(data, _equilibrium_witness(data, solution), ranges=True)
    if "members" not in witness:
        raise UnsupportedProblem("prove: ne-set: the linear programs in fractions are too large: use `bigopt solve`")
    words = ("all equilibria: the dimension of their set, and the least and the largest value of every coordinate",)
    return proved("influencers", "ne-set", data, witness, words, SET)


def _with_set(data: Mapping[str, Any], witness: dict[str, Any], ranges: bool = False) -> dict[str, Any]:
    """Add what proves claims of the whole set, where the equilibrium is exact and the set is small."""
    if data["action_set"]["type"] == "ball" or len(data["weights"]) * len(data["targets"][0]) > MOVES:
        return witness
    facts = proved("influencers", "nash", data, witness, ()).claims
    return witness if any(facts["regrets"]) else witness | prove_set.witness(data, witness, facts["receiver"], ranges)


def truthful(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim that on a box nobody gains by asking for another target where all get the equilibrium."""
    words = ("the receiver is that of every equilibrium", "no misreport of a target gains anything")
    fields = ("receiver", "losses", "gains", "actions")
    return proved("influencers", "truthful", data, _equilibrium_witness(data, solution), words, fields)


def dominant(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim that actions are weakly dominant: each maximizes a linear function over the set."""
    game = Data.of(data)
    down = [[w * t for t in row] for w, row in zip(game.weights, game.targets, strict=True)]
    actions, shares = _best(game, down, np.asarray(solution.actions, dtype=float))
    witness = {"points": _points(actions, shares), "prices": [_price(game.space, g) for g in down]}
    words = ("no action of a player does better by more than his regret, whatever the others do",)
    return proved("influencers", "dominant", data, witness, words)


def _equilibrium_witness(data: Mapping[str, Any], solution: Any) -> dict[str, Any]:
    """Return actions, and for every player what shows that his is best against the others'."""
    game = Data.of(data)
    near = solution.fields["canonical" if "canonical" in solution.fields else "actions"]
    actions, shares = _equilibrium(game, np.asarray(near, dtype=float))
    hat = game.receiver(actions)
    down = [
        [2 * w * (t - v) for t, v in zip(row, hat, strict=True)]
        for w, row in zip(game.weights, game.targets, strict=True)
    ]
    return {"points": _points(actions, shares), "prices": [_price(game.space, g) for g in down]}


def _points(actions: list[Exact], shares: list[Any]) -> list[list[list[Any]]]:
    """Return everybody's variables [index, value]: the shares of a hull's points, else the coordinates."""
    plain = ([[c, v] for c, v in enumerate(x) if v] for x in actions)
    return [x if own is None else [list(pair) for pair in own if pair[1]] for x, own in zip(plain, shares, strict=True)]


def root_up(q: Fraction) -> Fraction:
    """Return a rational that is at least the square root of q >= 0, and 0 for 0."""
    return Fraction(isqrt(q.numerator * q.denominator * SCALE**2) + 1, q.denominator * SCALE) if q else Fraction(0)


def _dot(a: Exact, b: Exact) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def _equilibrium(game: Data, near: Any) -> tuple[list[Exact], list[Any]]:
    """Return exact actions and, on hulls, their shares of the points."""
    if game.space["type"] == "box":
        columns = [_on_axis(game, c) for c in range(len(game.base))]
        return [list(row) for row in zip(*columns, strict=True)], [None] * len(game.weights)
    whole = _whole(game.space, len(game.base))
    if whole is None or len(game.weights) > SMALL:
        return _rounded(game, near)
    parts = [Part(_flint(w), _column(t), whole) for w, t in zip(game.weights, game.targets, strict=True)]
    guess = _column(game.receiver([[rounded(float(v)) for v in row] for row in near]))
    _, points = equilibrium(parts, _column(game.base), Deadline(), guess)
    return _shared(game, [[_python(v) for v in point.entries()] for point in points])


def _on_axis(game: Data, c: int) -> Exact:
    """Return a coordinate of an equilibrium on a box: the receiver is the z that everybody's pull leaves in place."""
    lo, up = game.space["lower"][c], game.space["upper"][c]
    ends = [sorted((w * lo, w * up)) for w in game.weights]
    order = sorted(range(len(ends)), key=lambda i: game.targets[i][c])
    z = g = game.base[c] + sum((b for _, b in ends), Fraction(0))  # everybody pulls up, where the receiver is below all
    for i in order:
        if g <= game.targets[i][c]:
            break
        g += ends[i][0] - ends[i][1]  # the receiver is above his target: he pulls down
        z = max(g, game.targets[i][c])
    z = g if z < g else z
    supply = [b if game.targets[i][c] > z else a for i, (a, b) in enumerate(ends)]
    missing = z - game.base[c] - sum(supply, Fraction(0))
    for i in order:
        if game.targets[i][c] == z:
            part = min(missing, ends[i][1] - ends[i][0])
            supply[i] += part
            missing -= part
    return [s / w if w else lo for s, w in zip(supply, game.weights, strict=True)]


def _whole(space: Mapping[str, Any], d: int) -> Face | None:
    """Return the whole set for exact walks, None for a ball."""
    if space["type"] == "hull":
        return OfPoints(_matrix(space["points"]))
    if space["type"] == "simplex":
        return OfPoints(_matrix([[space["scale"] * (k == c) for c in range(d)] for k in range(d)]))
    if space["type"] == "polytope":
        rows, sides, A_eq, b_eq = _floats(space)
        return faces.of_rows(rows, sides, A_eq, b_eq, np.zeros(d))
    return None


def _floats(space: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a polytope's arrays as floats."""
    equations = space.get("A_eq")
    pair = (np.array(equations, dtype=float), np.array(space["b_eq"], dtype=float)) if equations else (None, None)
    return (np.array(space["A"], dtype=float), np.array(space["b"], dtype=float), *pair)


def _rounded(game: Data, near: Any) -> tuple[list[Exact], list[Any]]:
    """Return float actions as fractions that lie in the set exactly."""
    raw = [[rounded(float(v)) for v in row] for row in near]
    space = game.space
    if space["type"] == "ball":
        return [_into_ball(space, x) for x in raw], [None] * len(raw)
    if space["type"] == "simplex":
        positive = [[max(v, Fraction(0)) for v in x] for x in raw]
        return [[space["scale"] * v / sum(x) for v in x] for x in positive], [None] * len(raw)
    return _shared(game, raw)


def _into_ball(space: Mapping[str, Any], x: Exact) -> Exact:
    """Draw a point towards the center until it is inside, exactly."""
    away = [v - c for v, c in zip(x, space["center"], strict=True)]
    size = root_up(_dot(away, away))
    if size <= space["radius"]:
        return x
    return [c + v * space["radius"] / size for c, v in zip(space["center"], away, strict=True)]


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


def _best(game: Data, down: list[Exact], near: Any) -> tuple[list[Exact], list[Any]]:
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
        return _rounded(game, near)
    return _shared(game, [[_python(v) for v in whole.argmax(_column(row)).entries()] for row in down])


def _price(space: Mapping[str, Any], g: Exact) -> list[Any]:
    """Return what proves the most of g.x over the set: prices [row, price] of its rows; none on a ball.

    Rows of a box are its lower ends, then its upper ends; of a simplex x >= 0, then its sum from below and from above;
    of a hull the same for the shares of its points; of a polytope its inequalities, then its equations from both sides.
    """
    if space["type"] == "ball":
        return []
    if space["type"] == "hull":
        g = [_dot(g, point) for point in space["points"]]
    d = len(g)
    if space["type"] == "box":
        return [[c + d * (v > 0), abs(v)] for c, v in enumerate(g) if v]
    if space["type"] in ("simplex", "hull"):
        top = max(g)
        return [[c, top - v] for c, v in enumerate(g) if v < top] + [[d + (top > 0), abs(top)]] * (top != 0)
    m, equations = len(space["A"]), len(space.get("A_eq", []))
    price = _multipliers(space, g)
    both = [[m + k + equations * (v > 0), abs(v)] for k, v in enumerate(price[m:]) if v]
    return [[k, v] for k, v in enumerate(price[:m]) if v] + both


def _multipliers(space: Mapping[str, Any], g: Exact) -> Exact:
    """Return multipliers of a polytope's rows that add up to g: those of a best vertex's basis."""
    from scipy.optimize import linprog

    d = len(g)
    rows, sides, A_eq, b_eq = _floats(space)
    both = [*space["A"], *space.get("A_eq", [])]
    m, e = len(rows), 0 if A_eq is None else len(A_eq)
    if not any(g):
        return [Fraction(0)] * (m + e)
    goal = np.array([float(v) for v in g])
    table = np.array([[float(v) for v in row] for row in both]).T
    ends = np.r_[sides, b_eq if e else np.zeros(0)]
    size = float(np.abs(goal).max())
    found = linprog(ends, A_eq=table, b_eq=goal / size, bounds=[(0, None)] * m + [(None, None)] * e, method="highs-ds")
    used = [k for k in range(m + e) if found.x is not None and (k >= m or found.x[k] > 1e-12)]
    exact = completed([[both[k][c] for k in used] for c in range(d)], g, [float(found.x[k]) * size for k in used])
    price = [Fraction(0)] * (m + e)
    for k, value in zip(used, exact or [], strict=False):
        price[k] = value
    return price


def _flint(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _python(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _column(values: Exact) -> fmpq_mat:
    return fmpq_mat(len(values), 1, [_flint(v) for v in values])


def _matrix(rows: list[Exact]) -> fmpq_mat:
    return fmpq_mat(len(rows), len(rows[0]), [_flint(Fraction(v)) for row in rows for v in row])


PROVERS = {"nash": nash, "ne-set": ne_set, "dominant": dominant, "truthful": truthful}


def _off_boxes(data: Mapping[str, Any]) -> str | None:
    """Say why truthful reports have no rule."""
    known = data["action_set"]["type"] == "box" and data.get("loss", "squared") == "squared"
    return None if known else "has a rule on boxes under squared loss only"


def _on_balls(data: Mapping[str, Any]) -> str | None:
    """Say why a set of equilibria has no rule."""
    return "has no rule on balls, whose ends are roots" if data["action_set"]["type"] == "ball" else None


VALUES = {"nash": values, "ne-set": values}
WITHOUT_RULE = {"truthful": _off_boxes, "ne-set": _on_balls}
