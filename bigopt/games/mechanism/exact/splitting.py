"""Groups that split their agents over several names: what the names pay, and payments under which it never helps.

Under social welfare the policy depends on the summed reward only, so names of one reward change nothing but payments.
An affine payment of a name of size a, all else fixed, is convex in a and 0 at 0: one name an agent is the cheapest
split.

Payments that never reward splitting are a system p_i <= f_i(p) with increasing f_i, so there is a largest one, which
falls out of iterating from above; no objective decides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat

ROUNDS = 10_000
ROUNDING = 1e-15  # of the largest value: a fall that is none


def splits_of(size: int) -> list[tuple[int, ...]]:
    """Return the multisets of two or more sizes that add up to `size`, largest size first."""
    return [split for split in _partitions(size, size) if len(split) > 1]


def _partitions(size: int, largest: int) -> Iterator[tuple[int, ...]]:
    if size == 0:
        yield ()
    for first in range(min(size, largest), 0, -1):
        for rest in _partitions(size - first, first):
            yield (first, *rest)


def names_of(largest: int) -> list[tuple[int, int]]:
    """Return (a, b): a name of size a >= 1 beside b agents of the group under other names."""
    return [(a, b) for a in range(1, largest + 1) for b in range(largest + 1 - a)]


@lru_cache(maxsize=16)
def values_of(game: Mechanism, group: int) -> Floats:
    """Return what the policy trained on t = 0, ..., max_size agents of the group is worth to one of them."""
    seat, reward = Seat(game, group), game.rewards[group]
    totals = np.arange(game.max_size + 1)[:, None] * reward
    return np.asarray(seat.policies(totals) @ reward)


def paid_by(game: Mechanism, group: int, names: tuple[int, ...]) -> Floats:
    """Return the affine payment of each name [k] when a group reports as these names, all with its own reward."""
    seat, reward = Seat(game, group), game.rewards[group]
    total = float(sum(names))
    policy = seat.policies((total * reward)[None])
    worths, paid = {}, []
    for a in names:
        if a not in worths:
            rest = seat.others + (total - a) * reward
            if seat.trainer.base is None:
                worths[a] = float(seat.trainer.regularizer.shortfall(policy, rest)[0])
            else:
                penalty = game.strength * float(seat.trainer.regularizer.divergence(policy)[0])
                worths[a] = float(seat.trainer.worth(rest[None])[0]) - float(policy[0] @ rest) + penalty
        paid.append(worths[a])
    return np.array(paid)


def largest_payments(values: Floats, deadline: Deadline, splitting: bool = True) -> Floats:
    """Return the largest pay[a, b] that are DSIC, IR and, unless told otherwise, never reward splitting."""
    largest = len(values) - 1
    sizes = np.arange(largest + 1)
    table = np.full((largest + 1, largest + 1), np.inf)
    for a, b in names_of(largest):
        table[a, b] = a * values[a + b]
    splits = {w: splits_of(w) for w in sizes[1:].tolist()} if splitting else {}
    small = ROUNDING * float(values.max()) * largest
    for _ in range(ROUNDS):
        deadline.check("looking for the largest payments")
        before = table.copy()
        for a, b in names_of(largest):
            others = [table[c, b] + a * (values[a + b] - values[c + b]) for c in range(1, largest + 1 - b) if c != a]
            whole = [sum(table[c, a + b - c] for c in split) for split in splits.get(a, ())]
            table[a, b] = min(table[a, b], *others, *whole, np.inf)
        if float(np.max(before[np.isfinite(before)] - table[np.isfinite(before)], initial=0.0)) <= small:
            break
    return np.where(np.isfinite(table), table, 0.0)
