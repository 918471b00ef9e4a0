"""The recorded moves of the dynamics: read from anywhere, and checked against Definition 3 of Wu et al."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints, number, numbers, whole
from bigopt.arithmetic.counting import repeated
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import rounding, set_size
from bigopt.games.influencers.tolerances import ASTRAY, REGRET
from bigopt.games.influencers.verify.nash import noises, scaled, units

RECORDED = 500_000  # numbers in the trajectory that is kept: the first moves and the last profile


def room(game: Influencers) -> int:
    """Return how many profiles a trajectory keeps."""
    return max(2, RECORDED // game.targets.size)


@dataclass(frozen=True)
class History:
    """A trajectory: `updates` [T] and `movers` [T] (-1 for none) as given, profiles [T][n][d], receivers [T][d]."""

    updates: Ints
    movers: Ints
    profiles: Floats
    receivers: Floats

    @property
    def thinned(self) -> bool:
        """Whether the last profile stands for moves that were left out."""
        return len(self.movers) > 1 and bool(self.movers[-1] < 0)

    def entries(self) -> list[dict[str, Any]]:
        """Return the trajectory as the solution shows it."""
        rows = zip(self.updates.tolist(), self.movers.tolist(), self.profiles, self.receivers, strict=True)
        return [{"update": u, "mover": None if m < 0 else m, "actions": a, "receiver": r} for u, m, a, r in rows]


def read(game: Influencers, given: Any) -> History:
    """Read a trajectory, or raise `InstanceError`; the receivers are computed."""
    if not isinstance(given, (list, tuple)) or not given or not all(isinstance(entry, Mapping) for entry in given):
        raise InstanceError("trajectory: expected a list of objects with update, mover, actions and receiver")
    movers, updates, profiles = [], [], []
    for k, entry in enumerate(given):
        path = f"trajectory[{k}]"
        mover = entry.get("mover")
        movers.append(-1 if mover is None else _player(game, mover, f"{path}.mover"))
        updates.append(int(whole(entry.get("update", k), f"{path}.update", [])))
        shape = [game.players, game.dimension]
        profiles.append(numbers(entry.get("actions"), f"{path}.actions", shape, ["player", "coordinate"]))
    stacked = np.stack(profiles)
    receivers = game.background + np.einsum("n,tnd->td", game.weights, stacked)
    return History(np.array(updates), np.array(movers), stacked, receivers)


def _player(game: Influencers, value: Any, path: str) -> int:
    player = number(value, path, 0, game.players - 1)
    if player != int(player):
        raise InstanceError(f"{path}: {player:g}, expected a player's index")
    return int(player)


def check(game: Influencers, history: History, claimed: int, actions: Floats, deadline: Deadline) -> Check:
    """Check that a history is one of Definition 3 that ends, after `claimed` moves, at `actions`.

    The moves are numbered from 1; only the mover moves, to a best response; and the turn passes in cyclic order, from
    player 0 on, over nobody who would have gained by moving.
    """
    wrong = _miscounted(game, history, claimed)
    if wrong:
        return Check("history", 1.0, 0.0, "", wrong)
    limit = ASTRAY * set_size(game) + rounding(game)
    astray = _astray(game, history, actions, deadline)
    if not astray <= limit:
        return Check("history", astray, limit, "length", "not one mover at a time from a feasible profile")
    steps = len(history.movers) - (2 if history.thinned else 1)
    turns, players = _turns(game, history.movers[1 : 1 + steps])
    gain = _largest_gain(game, history, turns, players, deadline)
    note = "what a mover, or one who was passed over, could gain"
    if history.thinned:
        note += f", in the first {steps} of {claimed} moves"
    return Check("history", gain, REGRET, "payoff range", note)


def _miscounted(game: Influencers, history: History, claimed: int) -> str:
    """Return what is wrong with the numbers of the moves, "" if nothing."""
    counts, movers = history.updates, history.movers
    kept = len(counts) - 1 if history.thinned else len(counts)
    if movers[0] >= 0 or (movers[1:kept] < 0).any():
        return "expected no mover at the start, and one in each later entry"
    if (counts[:kept] != np.arange(kept)).any():
        return f"the moves are numbered {counts[:kept].tolist()[:8]}, expected 0, 1, 2, ..."
    if counts[-1] != claimed:
        return f"updates is {claimed}, and the history ends with move {counts[-1]}"
    if history.thinned and (len(counts) != room(game) or counts[-1] < kept):
        return f"moves are left out of a history that has room for {room(game)} profiles"
    return ""


def _astray(game: Influencers, history: History, actions: Floats, deadline: Deadline) -> float:
    """Return the longest way that anybody else than the mover went, stood outside or is from `actions` at the end.

    A mover who did not move is as far astray as can be.
    """
    profiles, kept = history.profiles, len(history.movers) - int(history.thinned)
    lengths = np.abs(np.diff(profiles[:kept], axis=0)).max(axis=2)
    turns = np.arange(kept - 1)
    if not (lengths[turns, history.movers[1:kept]] > 0.5 * rounding(game)).all():
        return np.inf
    lengths[turns, history.movers[1:kept]] = 0.0
    longest = max(float(lengths.max(initial=0.0)), float(np.abs(profiles[-1] - actions).max()))
    # Who did not move stands where it stood, and `actions` are feasible: the start and the moves cover all else.
    places = np.concatenate([profiles[0], profiles[turns + 1, history.movers[1:kept]]])
    for part in deadline.pieces(len(places), "verifying the history"):
        longest = max(longest, float(game.action_set.contains(places[part]).max()))
    return longest


def _turns(game: Influencers, movers: Ints) -> tuple[Ints, Ints]:
    """Return whom to ask, in which entry, whether it gains by moving: movers afterwards, others at their turn."""
    before = np.concatenate([[-1], movers[:-1]])
    passed = (movers - before - 1) % game.players  # 0 where the next player in the cycle moved
    entries = repeated(np.arange(len(movers)), passed)
    nth = np.arange(len(entries)) - repeated(np.cumsum(passed) - passed, passed)
    players = (before[entries] + 1 + nth) % game.players
    return np.concatenate([np.arange(len(movers)) + 1, entries]), np.concatenate([movers, players])


def _largest_gain(game: Influencers, history: History, entries: Ints, players: Ints, deadline: Deadline) -> float:
    """Return the largest scaled regret of the players in those profiles, bounded by convexity and support functions."""
    worst = 0.0
    for part in deadline.pieces(len(entries), "verifying the history"):
        t, i = entries[part], players[part]
        slopes = 2.0 * game.weights[i, None] * (history.receivers[t] - game.targets[i])
        gaps = game.action_set.support(-slopes) + np.einsum("td,td->t", slopes, history.profiles[t, i])
        worst = max(worst, scaled(np.maximum(gaps - noises(game, i), 0.0), units(game, i)))
    return worst
