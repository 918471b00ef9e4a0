r"""Exact best deviations of a Bob: what dynamics, searches and certificates need.

A Bob who deviates must please Alice, so what matters of his schemes is the set of undominated pairs
:math:`(u_A(g), U_j(g))`: with it :math:`\psi_j(v) = \max\{U_j(g) : u_A(g) > v\}` is a look-up. The pairs of the first
states combine with those of the next by a sum and a filter (a multiple-choice knapsack; Nemhauser and Ullmann 1969),
in integers, whatever the number of schemes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.market.game import Exact, Market

Profile = list[npt.NDArray[np.int64]]

LARGEST = 20_000_000  # pairs that one state may make; more are refused before memory is taken


@dataclass(frozen=True)
class Frontier:
    """The undominated pairs of one Bob over all of his schemes.

    Attributes
    ----------
    alice, bob : arrays, integers in the players' units
        Alice's utility ascending, the Bob's strictly descending.
    """

    alice: Exact
    bob: Exact

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Alice's utility -> the Bob's."""
        return dict(zip(self.alice.tolist(), self.bob.tolist(), strict=True))

    def above(self, v: npt.ArrayLike, strict: bool = True) -> Exact:
        """Return max{U(g) : u_A(g) > v} (>= v if not `strict`) for v below Alice's optimum."""
        return self.bob[np.searchsorted(self.alice, v, side="right" if strict else "left")]


def frontier(game: Market, bob: int, deadline: Deadline | None = None) -> Frontier:
    """Return the frontier of one Bob."""
    return suffixes(game, bob, deadline, keep=False)[0]


def suffixes(game: Market, bob: int, deadline: Deadline | None = None, keep: bool = True) -> list[Frontier]:
    """Return the frontiers over the states s, s + 1, ... for each s = 0..S (only the first if not `keep`)."""
    table = game.units[0][[0, bob + 1]]
    pairs = np.zeros((2, 1), dtype=table.dtype)
    found = [Frontier(pairs[0], pairs[1])]
    for s in range(game.S - 1, -1, -1):
        if deadline is not None:
            deadline.check("computing a Bob's best deviations")
        own = table[:, game.first[s] : game.first[s] + game.sizes[s]]
        if pairs.shape[1] * own.shape[1] > LARGEST:
            size = pairs.shape[1] * own.shape[1]
            raise LimitReached(f"{game.name}: {size:,} utility pairs in one state: use utilities with fewer decimals")
        pairs = undominated((own[:, :, None] + pairs[:, None, :]).reshape(2, -1))
        found = [Frontier(pairs[0], pairs[1]), *(found if keep else ())]
    return found


def undominated(pairs: Exact) -> Exact:
    """Keep the pairs [2, n] that no other weakly dominates: first row ascending, second strictly descending."""
    if pairs.dtype == object:
        order = np.array(sorted(range(pairs.shape[1]), key=lambda i: (-pairs[0, i], -pairs[1, i])))
    else:
        order = np.lexsort((-pairs[1], -pairs[0]))
    pairs = pairs[:, order]
    best = np.maximum.accumulate(pairs[1])
    keep = np.r_[True, pairs[1, 1:] > best[:-1]]
    return np.ascontiguousarray(pairs[:, keep][:, ::-1])


def monopoly(game: Market, bob: int) -> npt.NDArray[np.int64]:
    """Return the Bob's favourite scheme, the lowest policy index on ties."""
    row = game.units[0][bob + 1]
    return np.array([int(np.argmax(row[a : a + n])) for a, n in zip(game.first, game.sizes, strict=True)])


def deviation(game: Market, bob: int, v: int, tails: list[Frontier], strict: bool = True) -> npt.NDArray[np.int64]:
    """Return the Bob's best scheme that gives Alice more than v (at least v if not `strict`).

    The largest U_j, then the largest u_A, then the first in lexicographic order; v must be below Alice's optimum.
    """
    table = game.units[0][[0, bob + 1]]
    at = int(np.searchsorted(tails[0].alice, v, side="right" if strict else "left"))
    alice, mine = int(tails[0].alice[at]), int(tails[0].bob[at])
    hers, his = table.tolist()
    scheme = []
    for first, size, tail in zip(game.first.tolist(), game.sizes.tolist(), tails[1:], strict=True):
        pairs = tail.pairs
        for o in range(first, first + size):  # an undominated pair splits into undominated pairs
            if pairs.get(alice - hers[o]) == mine - his[o]:
                scheme.append(o - first)
                alice, mine = alice - hers[o], mine - his[o]
                break
    return np.array(scheme, dtype=np.int64)


def gains(game: Market, totals: tuple[int, ...], deadline: Deadline | None = None) -> list[int]:
    """Return what each Bob gains by his best deviation that Alice strictly prefers (0 if none), in his unit."""
    if totals[0] >= game.opt:
        return [0] * game.k
    found = [int(frontier(game, j, deadline).above(totals[0])) for j in range(game.k)]
    return [max(0, best - own) for best, own in zip(found, totals[1:], strict=True)]


def alices(game: Market) -> npt.NDArray[np.int64]:
    """Return Alice's favourite scheme, the lowest policy index on ties."""
    return np.array([int(np.argmax(row)) for row in np.split(game.units[0][0], game.first[1:])])


def profile_of(game: Market, request: Request) -> tuple[int, Profile]:
    """Read ``--player I --profile FILE``: one scheme [S] a Bob, as a list or under the key profile or schemes."""
    player, data = request.player, request.profile
    if player is None or not 0 <= player < game.k:
        raise InstanceError(f"player: {player}, expected an index from 0 to {game.k - 1}")
    if isinstance(data, Mapping):
        inner = data.get("solution", data)
        data = inner.get("profile", inner.get("schemes", inner.get("actions"))) if isinstance(inner, Mapping) else None
    if not isinstance(data, (list, tuple, np.ndarray)) or len(data) != game.k:
        raise InstanceError(f"profile: expected {game.k} schemes (one a Bob) of {game.S} policy indices")
    profile = [whole(row, f"profile[{j}]", [game.S], ["state"]) for j, row in enumerate(data)]
    for j, row in enumerate(profile):
        for s in np.flatnonzero(row >= game.sizes):
            raise InstanceError(f"profile[{j}][{s}]: {row[s]}, expected a policy index up to {game.sizes[s] - 1}")
    return player, profile


def outcome(game: Market, profile: Sequence[npt.NDArray[np.int64]]) -> tuple[int, tuple[int, ...]]:
    """Return whom Alice selects, and everybody's integer utilities."""
    totals = [game.totals(scheme) for scheme in profile]
    selected = max(range(len(totals)), key=lambda j: (totals[j][0], -j))
    return selected, totals[selected]


def threshold(game: Market, player: int, profile: Profile) -> tuple[int, int]:
    """Return (rival, least): whom Alice selects without the player, and what he must offer her to be selected.

    The rival is -1 where there is no other Bob, and the least then Alice's smallest utility.
    """
    rivals = [j for j in range(game.k) if j != player]
    if not rivals:
        return -1, int(np.minimum.reduceat(game.units[0][0], game.first).sum())
    rival = max(rivals, key=lambda j: (game.totals(profile[j])[0], -j))
    return rival, game.totals(profile[rival])[0] + (0 if player < rival else 1)


def value(game: Market, player: int, profile: Profile, deadline: Deadline | None = None) -> int:
    """Return the player's largest utility against the others' schemes, in his integer unit."""
    rival, least = threshold(game, player, profile)
    stay = [] if rival < 0 else [game.totals(profile[rival])[player + 1]]
    win = [] if least > game.opt else [int(frontier(game, player, deadline).above(least, strict=False))]
    return max(stay + win)
