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
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import whole
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.market.game import Exact, Market

Profile = list[npt.NDArray[np.int64]]

LARGEST = 2_000_000  # pairs that one state may make, or all together keep; more are refused before memory is taken


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
        size = pairs.shape[1] * own.shape[1]
        if size > LARGEST or (keep and sum(f.alice.size for f in found) > LARGEST):
            raise LimitReached(
                f"{game.name}: {size:,} utility pairs in one state, at most {LARGEST:,} are kept: "
                "use utilities with fewer decimals, or fewer states"
            )
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


def favourite(game: Market) -> int:
    """Return the lone Bob's largest utility: his schemes of that value are the equilibria (Definition 17, k = 1)."""
    return int(np.maximum.reduceat(game.units[0][1], game.first).sum())


def favourites(game: Market) -> tuple[int, int]:
    """Return Alice's least and largest utility over a lone Bob's favourite schemes, in her integer unit."""
    alice, bob = game.units[0][:2]
    best = bob == repeated(np.maximum.reduceat(bob, game.first), game.sizes)
    low = np.minimum.reduceat(np.where(best, alice, alice.max()), game.first).sum()
    return int(low), int(np.maximum.reduceat(np.where(best, alice, alice.min()), game.first).sum())


def favoured(game: Market, first: Exact, then: Exact) -> npt.NDArray[np.int64]:
    """Return the scheme that maximizes one row of outcomes, then another, then has the lowest policy indices."""
    pairs = [list(zip(first[a : a + n].tolist(), then[a : a + n].tolist(), strict=True)) for a, n in _states(game)]
    return np.array([row.index(max(row)) for row in pairs], dtype=np.int64)


def _states(game: Market) -> list[tuple[int, int]]:
    return list(zip(game.first.tolist(), game.sizes.tolist(), strict=True))


def threats(game: Market, nash: bool = False, deadline: Deadline | None = None) -> list[Frontier]:
    r"""Return what each Bob can get where all play a scheme of value v to Alice: ``above(v)`` for v below its end.

    For two Bobs or more :math:`\psi_j(v) = \max\{U_j(g) : u_A(g) > v\}`; with `nash`, the Bob of the lowest index also
    wins with :math:`u_A(g) \ge v` (Definition 17), which in integers is the same frontier one unit further. A lone Bob
    gets whatever he wants.
    """
    if game.k == 1:
        return [lone(game)]
    found = [frontier(game, j, deadline) for j in range(game.k)]
    return [shifted(found[0]), *found[1:]] if nash else found


def lone(game: Market) -> Frontier:
    """Return a lone Bob's threat: his favourite, whatever Alice thinks of it."""
    dtype = game.units[0].dtype
    return Frontier(np.array([game.opt + 1], dtype=dtype), np.array([favourite(game)], dtype=dtype))


def shifted(front: Frontier) -> Frontier:
    """Return the frontier of a Bob who wins ties: max{U(g) : u_A(g) >= v}."""
    return Frontier(front.alice + 1, front.bob)


def gains(game: Market, totals: tuple[int, ...], found: list[Frontier]) -> list[int]:
    """Return what each Bob gains by his best deviation from a scheme of these utilities (0 if none), in his unit."""
    best = [
        int(f.above(totals[0])) if totals[0] < f.alice[-1] else own for f, own in zip(found, totals[1:], strict=True)
    ]
    return [max(0, b - own) for b, own in zip(best, totals[1:], strict=True)]


def profile_of(game: Market, request: Request, point: Mapping[str, Any] | None = None) -> tuple[int, Profile]:
    """Read ``--player I --profile FILE``: one scheme [S] a Bob, as a list or under the key profile or schemes.

    What was not asked for is what the point says that it answers.
    """
    said = point or {}
    player = request.player if request.player is not None else said.get("player")
    data = request.profile if request.profile is not None else said.get("profile")
    if not isinstance(player, int) or isinstance(player, bool) or not 0 <= player < game.k:
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
        return -1, game.lowest[0]
    rival = max(rivals, key=lambda j: (game.totals(profile[j])[0], -j))
    return rival, game.totals(profile[rival])[0] + (0 if player < rival else 1)


def value(game: Market, player: int, profile: Profile, deadline: Deadline | None = None) -> int:
    """Return the player's largest utility against the others' schemes, in his integer unit."""
    rival, least = threshold(game, player, profile)
    stay = [] if rival < 0 else [game.totals(profile[rival])[player + 1]]
    win = [] if least > game.opt else [int(frontier(game, player, deadline).above(least, strict=False))]
    return max(stay + win)
