r"""Actions on a ball in fractions, of as many digits as are asked for.

The receiver minimizes the strictly convex dual of `exact/ball.py`, :math:`D(v) = \tfrac12 \|v\|^2 - c^\top v +
\sum_i s_i \|t_i - v\|` with :math:`s_i = r |w_i|`. It is a target where the pulls of the others are within the reach of
those who share that target; elsewhere D is smooth, and Newton's method doubles the digits of a float receiver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from bigopt.arithmetic.completion import Exact
from bigopt.arithmetic.rationals import flint, python
from bigopt.concepts.proof import checker
from bigopt.errors import SolverFailed

GUARD = 40  # digits that are calculated with beyond those that are asked for
STEPS = 300  # of Newton's method
NEAR = 1e-6  # relative: nearer targets than that may be the receiver itself
ZERO = Fraction(0)


def reply(space: Mapping[str, Any], g: Sequence[Fraction], digits: int) -> Exact:
    """Return a point of the ball whose product with g is nearly the largest: cut towards the center, so it is inside.

    Parameters
    ----------
    space : JSON of a ball
    g : d fractions
    digits : int
        Of the coordinates, behind the point.
    """
    size = checker().root_up(sum((v * v for v in g), ZERO), digits)
    center, r = space["center"], space["radius"]
    return [c + (_cut(v * r / size, digits) if size else ZERO) for c, v in zip(center, g, strict=True)]


def equilibrium(
    space: Mapping[str, Any],
    weights: Exact,
    targets: Sequence[Exact],
    base: Exact,
    near: Exact,
    digits: int,
) -> list[Exact]:
    """Return everybody's actions [n][d] at the equilibrium: exact up to about so many digits, and inside the ball.

    Parameters
    ----------
    space : JSON of a ball
    weights, targets, base : fractions [n], [n][d], [d]
        `base` is the background's part of the receiver.
    near : d fractions
        A receiver in floats.
    digits : int

    Raises
    ------
    SolverFailed
        Newton's method does not settle.
    """
    center, r = space["center"], space["radius"]
    away = [b + sum(weights) * c for b, c in zip(base, center, strict=True)]  # the receiver where all play the center
    pulls = [(t, r * abs(w)) for w, t in zip(weights, targets, strict=True) if w]
    with ctx.workprec(4 * (digits + GUARD)):
        at_target = _tied(pulls, away, near)
        v = at_target or [_cut(python(x.fmpq()), digits + GUARD) for x in _smooth(pulls, away, near, digits)]
    down = [[w * (a - b) for a, b in zip(t, v, strict=True)] for w, t in zip(weights, targets, strict=True)]
    actions = [reply(space, g, digits) for g in down]
    tied = [i for i, t in enumerate(targets) if t == at_target and weights[i]]
    if tied:  # they share what the others leave
        reach = sum((abs(weights[i]) for i in tied), ZERO)
        columns = zip(v, base, *actions, strict=True)
        missing = [x - b - sum((w * a for w, a in zip(weights, own, strict=True)), ZERO) for x, b, *own in columns]
        share = _inside([m / reach for m in missing], r, digits)
        for i in tied:
            sign = 1 if weights[i] > 0 else -1
            actions[i] = [c + sign * m for c, m in zip(center, share, strict=True)]
    return actions


def _inside(x: Exact, r: Fraction, digits: int) -> Exact:
    """Return a vector, shortened to length r where it is longer."""
    squared = sum((v * v for v in x), ZERO)
    if squared <= r * r:
        return x
    size = checker().root_up(squared, digits)
    return [_cut(v * r / size, digits) for v in x]


def _tied(pulls: list[tuple[Exact, Fraction]], away: Exact, near: Exact) -> Exact | None:
    """Return the target that is the receiver: the others' pulls there leave what those who share it can make up."""
    goal = np.array([float(v) for v in near])
    spread = NEAR * (1.0 + float(np.abs(goal).max()))
    for target in {tuple(t) for t, _ in pulls if np.abs(np.array([float(v) for v in t]) - goal).max() <= spread}:
        others = [(t, s) for t, s in pulls if tuple(t) != target]
        reach = sum((s for t, s in pulls if tuple(t) == target), ZERO)
        gradient, _ = _derivatives(others, away, [_real(v) for v in target])
        if not sum((g * g for g in gradient), arb(0)).sqrt() > _real(reach):
            return list(target)
    return None


def _smooth(pulls: list[tuple[Exact, Fraction]], away: Exact, near: Exact, digits: int) -> list[arb]:
    """Return the receiver by Newton's method, its steps halved while they do not make the gradient shorter."""
    v, last = [_real(x) for x in near], Fraction(1, 10 ** (digits + GUARD // 2))
    gradient, hessian = _derivatives(pulls, away, v)
    if any(t == near for t, _ in pulls):  # off the kink, where the others pull to
        size = _square(gradient).sqrt() / _real(Fraction(NEAR))
        v = [(x - g / size).mid() for x, g in zip(v, gradient, strict=True)]
        gradient, hessian = _derivatives(pulls, away, v)
    for _ in range(STEPS):
        step = [x.mid() for x in hessian.solve(arb_mat([[g] for g in gradient])).entries()]
        length = arb(1)
        while True:
            tried = [(x - length * s).mid() for x, s in zip(v, step, strict=True)]
            after, second = _derivatives(pulls, away, tried)
            if _square(after) < _square(gradient) or length < _real(last):
                break
            length /= 2
        v, gradient, hessian = tried, after, second
        if max(abs(s) for s in step) < _real(last):
            return v
    raise SolverFailed("prove: Newton's method does not settle: use `bigopt solve`", "error")


def _derivatives(pulls: list[tuple[Exact, Fraction]], away: Exact, v: list[arb]) -> tuple[list[arb], arb_mat]:
    """Return the gradient of D at v and its Hessian; those whose target is v itself are left out."""
    d = len(v)
    gradient = [x - _real(c) for x, c in zip(v, away, strict=True)]
    hessian = [[arb(int(a == b)) for b in range(d)] for a in range(d)]
    for t, s in pulls:
        u = [_real(a) - x for a, x in zip(t, v, strict=True)]
        length = _square(u).sqrt()
        if not length > 0:
            continue
        pull, u = _real(s) / length, [x / length for x in u]
        for a in range(d):
            gradient[a] -= pull * length * u[a]
            for b in range(d):
                hessian[a][b] += pull * (int(a == b) - u[a] * u[b])
    return [g.mid() for g in gradient], arb_mat([[h.mid() for h in row] for row in hessian])


def _square(x: Sequence[arb]) -> arb:
    return sum((v * v for v in x), arb(0)).mid()


def _real(value: Fraction) -> arb:
    return arb(flint(value)).mid()


def _cut(value: Fraction, digits: int) -> Fraction:
    """Return a number to so many digits, cut towards 0."""
    unit = 10**digits
    return Fraction(floor(value * unit) if value > 0 else ceil(value * unit), unit)
