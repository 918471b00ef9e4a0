"""All equilibria of one round with a quantal Alice: a finite game for each announcement, listed whole.

In one round a Bob hears Alice's announcement and then tells x_B by a partition. What he says after one announcement has
no bearing on another: the game falls apart, utilities add up, and numbers of equilibria multiply.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation.exact.beliefs import message
from bigopt.games.conversation.exact.closure import Worth, stake
from bigopt.games.conversation.exact.talk import start
from bigopt.games.conversation.exact.trees import partitions
from bigopt.games.conversation.game import Conversation

PROFILES = 200_000  # of one announcement; more are refused
FEATURES = 7  # features of the Bobs: 877 partitions
KEYS = {"count", "worst", "best"}  # of a game that is given
TIE = 1e-12  # a gain below this, in what the Bob decides, is rounding of the exponentials


@dataclass(frozen=True, eq=False)
class Finite:
    """The finite game after one announcement: everybody's amounts [1 + k, n, ..., n], silence the first of n.

    Amounts are counted from those with an informed Alice, whose own utility is `floor`.
    """

    amounts: Floats
    ties: Floats
    floor: float

    @property
    def nash(self) -> npt.NDArray[np.bool_]:
        """Which profiles no Bob can leave for more than rounding."""
        stable = np.ones(self.amounts.shape[1:], dtype=bool)
        for bob in range(len(self.amounts) - 1):
            own = self.amounts[bob + 1]
            stable &= own >= own.max(axis=bob, keepdims=True) - self.ties[bob]
        return stable

    def dynamics(self) -> tuple[int, ...] | None:
        """Return where best responses in turn end, from silence; None where they cycle."""
        at, quiet, bobs = [0] * (len(self.amounts) - 1), 0, len(self.amounts) - 1
        for turn in range(200 * bobs):
            bob = turn % bobs
            others: tuple[Any, ...] = (bob + 1, *at[:bob], slice(None), *at[bob + 1 :])
            row = self.amounts[others]
            if row.max() > row[at[bob]] + self.ties[bob]:
                at[bob], quiet = int(row.argmax()), 0
            else:
                quiet += 1
            if quiet == bobs:
                return tuple(at)
        return None


def games(game: Conversation, strength: float, deadline: Deadline | None = None) -> list[Finite]:
    """Return the finite game of each announcement."""
    if game.sizes[1] > FEATURES:
        raise UsageError(f"{game.name}: {game.sizes[1]} features of the Bobs, at most {FEATURES}: use quantal")
    every = _partitions(tuple(range(game.sizes[1])))
    if len(every) ** game.k > PROFILES:
        text = f"{len(every)} partitions a Bob, {len(every) ** game.k:,} profiles"
        raise UsageError(f"{game.name}: {text}, at most {PROFILES:,}: use fewer Bobs or features")
    possible = np.flatnonzero(game.possible.any(axis=1))
    said = message(game, start(game).alice, None)[possible, 0]
    groups = [possible[said == word].tolist() for word in np.unique(said)]
    heard = [tuple(np.flatnonzero(game.possible[rows].any(axis=0)).tolist()) for rows in groups]
    return [
        _finite(game, rows, _partitions(features), strength, deadline)
        for rows, features in zip(groups, heard, strict=True)
    ]


def _partitions(features: tuple[int, ...]) -> list[tuple[tuple[int, ...], ...]]:
    """Return the partitions of the features that can be, silence first: what is told of others matters to nobody."""
    return sorted(partitions(features, len(features)), key=lambda parts: (len(parts), parts))


def _finite(
    game: Conversation,
    rows: list[int],
    every: list[tuple[tuple[int, ...], ...]],
    strength: float,
    deadline: Deadline | None,
) -> Finite:
    """Let Alice choose after every profile; a profile matters by the common refinement alone."""
    subsets = np.array(list(product((0.0, 1.0), repeat=game.sizes[1])))[:, ::-1]  # row m holds the bits of m
    values = np.array([Worth.of(game, rows, player - 1, strength)(subsets) for player in range(1 + game.k)])
    amounts = np.zeros((1 + game.k, len(every) ** game.k))
    masks = [[sum(1 << b for b in part) for part in parts] for parts in every]
    for count, profile in enumerate(product(range(len(every)), repeat=game.k)):
        if deadline is not None:
            deadline.check("listing profiles of partitions")
        cells = [-1]  # every feature
        for i in profile:
            cells = [cell & mask for cell in cells for mask in masks[i] if cell & mask]
        amounts[:, count] = values[:, cells].sum(axis=1)
    ties = TIE * np.array([stake(game, rows, bob, strength) for bob in range(game.k)])
    shape = (1 + game.k, *[len(every)] * game.k)
    return Finite(amounts.reshape(shape), ties, float(game.informed(rows)[0]))


def solved(one: Finite) -> dict[str, Any]:
    """Return what is reported of one announcement: the number of equilibria, and Alice's amounts.

    There is an equilibrium: where two tell everything nobody moves anything, and a single Bob has a best rule.
    """
    stable, alice = one.nash, one.amounts[0] + one.floor
    end = one.dynamics()
    return {
        "count": int(stable.sum()),
        "worst": float(alice[stable].min()),
        "best": float(alice[stable].max()),
        "dynamics": float(alice[end]) if end is not None else None,
    }


def compared(
    game: Conversation, strength: float, given: Any, again: list[dict[str, Any]], found: list[dict[str, Any]], how: str
) -> tuple[dict[str, Any], tuple[Check, ...]]:
    """Put the games after announcements together, and compare the given ones with those of the mirrored game."""
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, Mapping) and set(one) >= KEYS for one in given):
        raise InstanceError("games: expected a list of {count, worst, best, dynamics}, one an announcement")
    fields = {
        "count": math.prod(one["count"] for one in found),
        "worst": _sum(found, "worst"),
        "best": _sum(found, "best"),
        "dynamics": None if any(one["dynamics"] is None for one in again) else _sum(again, "dynamics"),
        "opt": float(game.worth(0, game.gains[0].max(axis=0).sum())),
        "games": again,
    }
    counts = sorted(one["count"] for one in given) != sorted(one["count"] for one in found)
    off = [abs(_sum(given, key) - _sum(found, key)) for key in ("worst", "best")]
    scale = stake(game, list(range(game.sizes[0])), -1, strength) or 1.0
    limit = 1e-9 + len(found) * float(np.finfo(float).eps) * float(abs(game.alice).max()) / scale
    checks = (
        Check("all equilibria", float(counts), 0.0, "games", f"{how}; a gain below {TIE:g} of a Bob's stake is none"),
        Check("worst", off[0] / scale, limit, "Alice's stake", "the same there"),
        Check("best", off[1] / scale, limit, "Alice's stake", "the same there"),
    )
    return fields, checks


def _sum(games: Sequence[Mapping[str, Any]], key: str) -> float:
    """Return the games' numbers together: utilities after different announcements add up."""
    return float(sum(one[key] for one in games))
