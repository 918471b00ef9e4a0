"""Preference labelling on a line with 200 bits, written anew for comparison: sums over pairs, and bisection.

H(x) = E[b / (1 + exp(-a - b x))] over the pairs of a finite law, or over known pairs; the receiver of fake points x_i
solves H(x) = sum w_i H(x_i), and the estimate of labels z solves sum b / (1 + exp(-a - b x)) = sum z b. Both rise in x.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, ctx

BITS, HALVINGS = 160, 90
Pairs = Sequence[tuple[Any, Any, Any]]  # weight, a and b


def number(value: float) -> Any:
    """Return a float, exactly."""
    ctx.prec = BITS
    return arb(float(value))


def pair(y: float, y_prime: float, weight: Any = 1) -> tuple[Any, Any, Any]:
    """Return a pair of responses, as the difference of their rewards has it: a + b x."""
    one, two = number(y), number(y_prime)
    return weight, two * two - one * one, 2 * (one - two)


def law(points: Sequence[float], chances: Sequence[float]) -> list[tuple[Any, Any, Any]]:
    """Return all pairs of independent responses with their probabilities."""
    whole = sum(number(p) for p in chances)
    return [
        pair(y, z, number(p) * number(q) / whole / whole)
        for y, p in zip(points, chances, strict=True)
        for z, q in zip(points, chances, strict=True)
        if y != z
    ]


def score(pairs: Pairs, x: Any) -> Any:
    """Return the sum of weight b / (1 + exp(-a - b x))."""
    return sum((w * b / (1 + (-a - b * x).exp()) for w, a, b in pairs), arb(0))


def root(rising: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """Return where a rising function is 0, or the end that is nearer."""
    for _ in range(HALVINGS):
        middle = ((low + high) / 2).mid()
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


def receiver(pairs: Pairs, wanted: Any, low: float, high: float) -> Any:
    """Return x with H(x) = wanted between two ends."""
    return root(lambda x: score(pairs, x) - wanted, number(low), number(high))


def estimate(pairs: Pairs, labels: Sequence[bool], reach: float) -> Any:
    """Return the estimate of labels within a reach, or None where one direction fits them all."""
    told = sum((b for (_, _, b), z in zip(pairs, labels, strict=True) if z), arb(0))
    low = sum((b for _, _, b in pairs if b < 0), arb(0))
    high = sum((b for _, _, b in pairs if b > 0), arb(0))
    if not (told - low > 0 and high - told > 0):
        return None
    return root(lambda x: score(pairs, x) - told, number(-reach), number(reach))


def equilibrium(pairs: Pairs, weights: Sequence[Any], targets: Sequence[float], low: float, high: float) -> Any:
    """Return the receiver: whoever wants more plays the upper end, whoever wants less the lower one."""
    top, bottom = score(pairs, number(high)), score(pairs, number(low))
    exact = [number(t) for t in targets]

    def excess(z: Any) -> Any:
        supply = sum((w * (top if z < t else bottom) for w, t in zip(weights, exact, strict=True)), arb(0))
        return score(pairs, z) - supply

    return root(excess, number(low), number(high))
