"""What one Bob can make of a quantal Alice: named rules, and the best last word, a partition of X_B for each history.

A Bob who has kept silent until his last turn has heard a history h of Alice's announcements. What he then says splits
X_B, and his utility is a sum over the parts, one history at a time: the best partition is a dynamic program over
subsets. In a game of one round that is his best deterministic rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.counting import counted
from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.exact.beliefs import Labels, compress, message
from bigopt.games.conversation.exact.quantal import amounts, choices, last_word
from bigopt.games.conversation.exact.talk import State, talk
from bigopt.games.conversation.exact.variances import members
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.rules import Rule

SUBSETS = 2**12  # more sets of x_B are not enumerated
NAMED = ("silent", "revealing", "straightforward")


@dataclass(frozen=True, eq=False)
class Reply:
    """What everybody gets beyond an informed Alice [1 + k], what that one gives, and Alice's final groups."""

    amounts: Floats
    informed: Floats
    groups: Labels

    @classmethod
    def ending(cls, game: Conversation, groups: Labels, strength: float) -> Reply:
        """Return what a rule that ends in some groups gives."""
        beyond = amounts(game, groups, choices(game, groups, strength))
        return cls(beyond, game.informed(), groups)

    @property
    def utilities(self) -> Floats:
        """Everybody's expected utilities."""
        return self.amounts + self.informed


def played(game: Conversation, profile: Sequence[Rule], strength: float, grid: Fraction | None) -> Reply:
    """Return what a profile of rules ends in."""
    *_, last = talk(game, profile, grid)
    return Reply.ending(game, last.alice, strength)


def replies(
    game: Conversation,
    profile: Sequence[Rule],
    bob: int,
    strength: float,
    grid: Fraction | None = None,
    deadline: Deadline | None = None,
) -> list[Reply]:
    """Return a Bob's deviations: the named rules, and the best last word where X_B is small enough."""
    found = [
        played(game, [*profile[:bob], Rule(name), *profile[bob + 1 :]], strength, grid)
        for name in NAMED
        if profile[bob].name != name
    ]
    if 1 << game.sizes[1] <= SUBSETS:
        found.append(best_last_word(game, profile, bob, strength, grid, deadline))
    return found


def best_last_word(
    game: Conversation,
    profile: Sequence[Rule],
    bob: int,
    strength: float,
    grid: Fraction | None = None,
    deadline: Deadline | None = None,
) -> Reply:
    """Return the best rule among those that say something only in the last round."""
    states = list(talk(game, [*profile[:bob], Rule("silent"), *profile[bob + 1 :]], grid))
    before = states[-1]
    spoken = states[: game.rounds] if len(states) > game.rounds else states
    heard = compress(*(message(game, state.alice, grid) for state in spoken))
    words = np.zeros((int(heard.max()) + 1, game.sizes[1]), dtype=np.int64)
    for h in range(len(words)):
        if deadline is not None:
            deadline.check("looking for a Bob's best last word")
        for part, mask in enumerate(best_partition(_values(game, before, heard == h, bob, strength))):
            words[h, members(mask)] = part
    groups = last_word(game, before, heard, words)
    return Reply.ending(game, groups, strength)


def _values(game: Conversation, before: State, inside: Labels, bob: int, strength: float) -> Floats:
    """Return the Bob's amount of utility from telling that x_B is in a set, for every set [2^X_B]."""
    values = np.zeros(1 << game.sizes[1])
    for mask in range(1, len(values)):
        columns = members(mask)
        part = inside[:, columns]
        if not (part & game.possible[:, columns]).any():
            continue
        groups = compress(before.alice[:, columns], part.astype(np.int64))
        values[mask] = _worth(game, groups, part, columns, bob, strength)
    return values


def _worth(game: Conversation, groups: Labels, part: Labels, columns: list[int], bob: int, strength: float) -> float:
    """Return the Bob's expected amount over some columns, counted where `part` holds."""
    count = int(groups.max()) + 1
    mass = counted(groups.ravel(), game.mass[:, columns].ravel().astype(float), count)

    def total(player: int) -> Floats:
        rows = game.decided[player][:, :, columns].reshape(game.sizes[2], -1).astype(float)
        return np.array([counted(groups.ravel(), row, count) for row in rows])

    mu = total(0) / np.maximum(mass, 1) * float(game.units[1][0])
    power = np.exp(strength * (mu - mu.max(axis=0)))
    meant = np.zeros(count)
    meant[groups[part.astype(bool)]] = 1.0
    return float((power / power.sum(axis=0) * total(bob + 1) * meant).sum())


def best_partition(values: Floats) -> list[int]:
    """Return the partition of the largest set into parts whose values add up to the most."""
    best, chosen = np.zeros(len(values)), np.zeros(len(values), dtype=np.int64)
    for mask in range(1, len(values)):
        rest = mask & (mask - 1)
        sub, found = rest, (values[mask], mask)
        while sub:
            found = max(found, (values[mask ^ sub] + best[sub], mask ^ sub))
            sub = (sub - 1) & rest
        best[mask], chosen[mask] = found
    parts, left = [], len(values) - 1
    while left:
        parts.append(int(chosen[left]))
        left ^= parts[-1]
    return parts
