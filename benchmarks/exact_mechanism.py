"""The RLHF game with 200 bits (KL) and in fractions (L2), written anew for comparison.

Policies, affine welfare and payments by their definitions: two trainings a group, no identity is used. Types are
compared along every cycle and every path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from flint import arb, ctx, fmpq

BITS = 200
Numbers = Sequence[Any]  # of fmpq, or of arb where exponentials come in


class Rule:
    """Training for social welfare: the maximum of R.p - strength D(p, q) over all distributions."""

    def __init__(self, initial: Sequence[float], regularizer: str, strength: float) -> None:
        ctx.prec = BITS
        self.kl = regularizer == "kl"
        shares = [binary(v) for v in initial]
        self.q = [v / sum(shares, fmpq(0)) for v in shares]
        self.strength = binary(strength)

    def policy(self, total: Numbers) -> list[Any]:
        """Return the trained policy of a summed reward."""
        if self.kl:
            top = max(total)
            powers = [
                arb(q) * ((arb(r) - arb(top)) / arb(self.strength)).exp() for q, r in zip(self.q, total, strict=True)
            ]
            whole = sum(powers, arb(0))
            return [p / whole for p in powers]
        return projected([q + r / (2 * self.strength) for q, r in zip(self.q, total, strict=True)])

    def divergence(self, policy: Numbers) -> Any:
        """Return D(p, q): Kullback and Leibler's, or the sum of squares."""
        if not self.kl:
            return sum(((p - q) ** 2 for p, q in zip(policy, self.q, strict=True)), fmpq(0))
        return sum(
            (arb(p) * (arb(p) / arb(q)).log() for p, q in zip(policy, self.q, strict=True) if arb(p) > 0), arb(0)
        )

    def welfare(self, policy: Numbers, total: Numbers) -> Any:
        """Return R.p - strength D(p)."""
        return dot(total, policy) - self.strength * self.divergence(policy)

    def best(self, total: Numbers) -> Any:
        """Return the largest welfare."""
        return self.welfare(self.policy(total), total)


def projected(point: Numbers) -> list[Any]:
    """Return the nearest distribution: what lies above the level at which the sum is 1."""
    level, rising = fmpq(0), sorted(point, reverse=True)
    for k in range(1, len(rising) + 1):
        cut = (sum(rising[:k], fmpq(0)) - 1) / k
        if rising[k - 1] > cut:
            level = cut
    return [max(v - level, fmpq(0)) for v in point]


def dot(a: Numbers, b: Numbers) -> Any:
    """Return the inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def binary(value: float) -> Any:
    """Return a float as a fraction."""
    return fmpq(*float(value).as_integer_ratio())


def number(value: Any) -> Fraction:
    """Return the middle of an interval, or a fraction, as Python has it."""
    if isinstance(value, arb):
        man, exp = value.mid().man_exp()
        return Fraction(int(man)) * Fraction(2) ** int(exp)
    return Fraction(int(fmpq(value).p), int(fmpq(value).q))


class Groups:
    """The groups of a game as fractions."""

    def __init__(self, game: Any) -> None:
        self.rule = Rule(game.initial.tolist(), game.rule.regularizer, game.rule.strength)
        self.sizes = [fmpq(int(g.size)) for g in game.groups]
        self.rewards = [[binary(v) for v in g.reward.tolist()] for g in game.groups]

    def total(self, without: int | None = None, instead: Numbers | None = None) -> list[Any]:
        """Return the summed reward, a group left out, or another z = w rm in its place."""
        columns = [fmpq(0)] * len(self.rewards[0])
        for i, (w, reward) in enumerate(zip(self.sizes, self.rewards, strict=True)):
            if i != without:
                columns = [c + w * r for c, r in zip(columns, reward, strict=True)]
        return columns if instead is None else [c + z for c, z in zip(columns, instead, strict=True)]

    def worth(self, group: int, reward: Numbers | None = None, size: int | None = None) -> tuple[Any, Any]:
        """Return the value to a group, and its affine payment, of a report; by default the truth."""
        w = self.sizes[group] if size is None else fmpq(size)
        report = [w * r for r in (self.rewards[group] if reward is None else reward)]
        policy, others = self.rule.policy(self.total(group, report)), self.total(group)
        paid = self.rule.best(others) - self.rule.welfare(policy, others)
        return self.sizes[group] * dot(self.rewards[group], policy), paid


def lengths(groups: Groups, group: int, types: Sequence[Any]) -> tuple[list[list[Any]], list[Any]]:
    """Return l(s -> t) = V_t(a_t) - V_t(a_s), and the values V_t(a_t)."""
    products = [[fmpq(int(t.size)) * binary(v) for v in t.reward.tolist()] for t in types]
    policies = [groups.rule.policy(groups.total(group, z)) for z in products]
    values = [[dot(z, p) for p in policies] for z in products]
    return [[values[t][t] - values[t][s] for t in range(len(types))] for s in range(len(types))], [
        v[t] for t, v in enumerate(values)
    ]


def cycles(count: int) -> Iterator[tuple[int, ...]]:
    """Yield all simple cycles of two or more, each from its smallest member."""
    for size in range(2, count + 1):
        for order in permutations(range(count), size):
            if order[0] == min(order):
                yield order


def paths(count: int, end: int) -> Iterator[tuple[int, ...]]:
    """Yield all simple paths to a type."""
    others = [t for t in range(count) if t != end]
    for size in range(count):
        for order in permutations(others, size):
            yield (*order, end)


def along(table: Sequence[Sequence[Any]], walk: Sequence[int]) -> Any:
    """Return the length of a walk."""
    return sum((table[s][t] for s, t in zip(walk[:-1], walk[1:], strict=True)), fmpq(0))
