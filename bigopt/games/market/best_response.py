"""One Bob's best response to the others' schemes (Definition 16, ties to the lowest index)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Answer, Formulation, Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError
from bigopt.games.market import response
from bigopt.games.market.game import Market

Profile = list[npt.NDArray[np.int64]]


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
    win = [] if least > game.opt else [int(response.frontier(game, player, deadline).above(least, strict=False))]
    return max(stay + win)


def solve(game: Market, request: Request) -> Answer:
    """Answer the concept `best-response`: the better of being selected and of copying the rival."""
    player, profile = profile_of(game, request)
    rival, least = threshold(game, player, profile)
    if least <= game.opt:
        tails = response.suffixes(game, player, request.deadline)
        action = response.deviation(game, player, least, tails, strict=False)
        if rival >= 0 and game.totals(action)[player + 1] <= game.totals(profile[rival])[player + 1]:
            action = profile[rival]
    else:
        action = profile[rival]
    loss = -float(game.values(outcome(game, [*profile[:player], action, *profile[player + 1 :]])[1])[player + 1])
    return Answer({"action": action}, loss, loss, method="multiple-choice knapsack")


def formulations(game: Market, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    player, profile = profile_of(game, request)
    rival, least = threshold(game, player, profile)
    stay = profile[rival].tolist() if rival >= 0 else None
    return (Formulation("deviation", "MILP", {"bob": player, "least": least, "stay": stay}),)
