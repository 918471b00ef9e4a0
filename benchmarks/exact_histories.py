"""Rules of several rounds in fractions, written anew for comparison: a quantal Alice who announces all she believes.

A rule says, after each history of Alice's announcements that may come about given what the Bob has said before and
whatever the other Bobs say, which of his features that are still possible there he tells apart. Two rules that agree on
that are one. Histories are made by letting the other Bobs leave Alice with any subset of what she thinks possible.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, product

from benchmarks.exact_conversation import Exact, Vector, parted, softmax
from benchmarks.fuzzing import NoYardstickError

Cell = tuple[int, tuple[int, ...]]  # Alice's feature, and those of the Bobs that she thinks possible
Heard = tuple[Vector, ...]
Rule = Mapping[Heard, Mapping[int, int]]  # a history -> a word for each feature of the Bobs


def beginnings(exact: Exact) -> dict[Vector, list[Cell]]:
    """Return what Alice may announce at first, and where she does."""
    cells = [(x, tuple(b for b in range(exact.b) if exact.mass[x, b])) for x in range(exact.a)]
    return _announced(exact, [cell for cell in cells if cell[1]])


def _announced(exact: Exact, cells: Sequence[Cell]) -> dict[Vector, list[Cell]]:
    found: dict[Vector, list[Cell]] = {}
    for x, features in dict.fromkeys(cells):
        found.setdefault(exact.expected(0, [(x, b) for b in features]), []).append((x, features))
    return found


def every_rule(
    exact: Exact, heard: Heard, cells: Sequence[Cell], rounds: int, alone: bool, told: Sequence[tuple[int, ...]] = ()
) -> Iterator[Rule]:
    """Yield the rules after a history that left these cells, of a Bob who has told some sets of his features apart."""
    possible = sorted({b for _, features in cells for b in features})
    before = [[b for b in part if b in possible] for part in told or [tuple(possible)]]
    for chosen in product(*(list(parted(part, len(part))) for part in before if part)):
        parts = [part for parts in chosen for part in parts]
        words = {b: i for i, part in enumerate(parts) for b in part}
        if len(heard) == rounds:
            yield {heard: words}
            continue
        after = [(x, kept) for x, features in cells for part in parts for kept in _left(features, part, alone)]
        following = [
            list(every_rule(exact, (*heard, said), left, rounds, alone, parts))
            for said, left in _announced(exact, after).items()
        ]
        for below in product(*following):
            yield {heard: words} | {k: v for rule in below for k, v in rule.items()}


def _left(features: Sequence[int], part: Sequence[int], alone: bool) -> list[tuple[int, ...]]:
    """Return what Alice may think possible when she is told a part, and others may tell her more."""
    kept = tuple(b for b in features if b in part)
    if alone:
        return [kept] if kept else []
    return list(chain.from_iterable(combinations(kept, r) for r in range(1, len(kept) + 1)))


def amounts(
    exact: Exact, heard: Heard, cells: Sequence[Cell], rules: Sequence[Rule], rounds: int, strength: float
) -> list[Fraction]:
    """Return what everybody gets after a history, as shares of the whole: the Bobs speak, Alice announces, and acts."""
    after: list[Cell] = []
    for x, features in cells:
        said: dict[tuple[int, ...], list[int]] = {}
        for b in features:
            said.setdefault(tuple(rule[heard][b] for rule in rules), []).append(b)
        after += [(x, tuple(group)) for group in said.values()]
    total = [Fraction(0)] * exact.players
    if len(heard) < rounds:
        for more, left in _announced(exact, after).items():
            ends = amounts(exact, (*heard, more), left, rules, rounds, strength)
            total = [a + b for a, b in zip(total, ends, strict=True)]
        return total
    for x, group in after:
        pairs = [(x, b) for b in group]
        chances = softmax(exact.expected(0, pairs), strength)
        for player in range(exact.players):
            gains = exact.gains[player]
            total[player] += sum(
                (c * g for pair in pairs for c, g in zip(chances, gains[pair], strict=True)), Fraction(0)
            )
    return total


def between(exact: Exact, rows: Sequence[int], player: int, strength: float) -> tuple[Fraction, Fraction]:
    """Return the least and the most that a player has at some x_A by lotteries that a quantal Alice may choose.

    She never gives an action more than what the belief gives that is best for it against each other action.
    """
    ends = [Fraction(0), Fraction(0)]
    for x in rows:
        seen = [b for b in range(exact.b) if exact.mass[x, b]]
        if not seen:
            continue
        known = [exact.expected(0, [(x, b)]) for b in seen]
        every = range(exact.actions)
        ahead = [min(max(mu[a] - mu[c] for mu in known) for c in every) for a in every]
        caps = [Fraction(math.exp(max(-300.0, strength * float(v)))) for v in ahead]
        for b in seen:
            pairs = sorted(zip(exact.gains[player][x, b], caps, strict=True))
            for end, order in enumerate((pairs, pairs[::-1])):
                left = Fraction(1)
                for value, cap in order:
                    ends[end] += min(left, cap) * value
                    left -= min(left, cap)
    return ends[0] / exact.total, ends[1] / exact.total


def stake(exact: Exact, rows: Sequence[int], player: int, strength: float) -> Fraction:
    """Return what is between the two."""
    least, most = between(exact, rows, player, strength)
    return most - least


def equilibria(
    exact: Exact, k: int, rounds: int, strength: float, most: int
) -> tuple[int, Fraction | None, Fraction | None]:
    """Return the number of equilibria, and Alice's least and largest utility in them.

    What follows one first announcement has no bearing on what follows another.
    """
    count, low, high = 1, Fraction(0), Fraction(0)
    for said, cells in beginnings(exact).items():
        stable = [values[0] for values in _stable(exact, said, cells, k, rounds, strength, most)]
        count *= len(stable)
        low, high = low + min(stable, default=Fraction(0)), high + max(stable, default=Fraction(0))
    return (count, low / exact.total, high / exact.total) if count else (0, None, None)


def _stable(
    exact: Exact, said: Vector, cells: Sequence[Cell], k: int, rounds: int, strength: float, most: int
) -> Iterator[list[Fraction]]:
    """Yield everybody's amounts in the equilibria after a first announcement."""
    rules: list[Rule] = []
    for rule in every_rule(exact, (said,), cells, rounds, k == 1):
        rules.append(rule)
        if len(rules) ** k > most:
            raise NoYardstickError("too many rules")
    values = {
        profile: amounts(exact, (said,), cells, [rules[i] for i in profile], rounds, strength)
        for profile in product(range(len(rules)), repeat=k)
    }
    best: dict[tuple[int, ...], Fraction] = {}
    for profile, value in values.items():
        for j in range(k):
            key = (j, *profile[:j], *profile[j + 1 :])
            best[key] = max(best.get(key, value[j + 1]), value[j + 1])
    rows = sorted({x for x, _ in cells})
    stakes = [stake(exact, rows, j + 1, strength) * exact.total for j in range(k)]
    for profile, value in values.items():
        gain = max((best[(j, *profile[:j], *profile[j + 1 :])] - value[j + 1]) / (stakes[j] or 1) for j in range(k))
        if 1e-14 < gain < 1e-10:
            raise NoYardstickError("a gain that floats cannot tell from a tie")
        if gain <= 1e-14:
            yield value
