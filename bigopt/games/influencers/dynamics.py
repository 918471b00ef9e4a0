"""The concept `dynamics`: cyclic best response (Wu et al., Definition 3), each player knowing only its own target.

One player after the other moves to its best response; by eq. (13) this is coordinate descent on the potential. On boxes
with nonzero weights it ends after finitely many moves, on a ball it converges at a linear rate only. It has ended when
in one full sweep no player wants to move by more than the tolerance; players who want to move by less stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.action_sets import Ball, Box, Simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import PROFILE, options
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED
from bigopt.games.influencers import nash
from bigopt.games.influencers.centred import solving, verifying
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.response import best_responses, least_move, read_profile
from bigopt.games.influencers.verify import history
from bigopt.games.influencers.verify.dynamics import verify

SHOWN = 12  # moves in the table for people
BLOCK = 4096  # players who are asked at once, where that is cheaper than one by one
FEW = 16  # the same where a projection is an algorithm of its own: the clock is looked at between


def solve(game: Influencers, request: Request) -> Answer:
    """Let the players move in turn until a full sweep is quiet."""
    step = least_move(game, float(request.options["tolerance"]))
    limit = int(request.options["max_updates"])
    actions = np.array(_start(game, request))
    record = _Record(game, actions)
    stopped, updates = SOLVED, 0
    moved = True
    while moved and stopped == SOLVED:
        moved, receiver, i = False, game.receiver(actions), 0
        while i < game.players:
            i, best = _next_mover(game, actions, receiver, i, step, request.deadline)
            if best is None:
                break
            if updates >= limit:
                stopped = "iterationLimit"
                break
            receiver = receiver + game.weights[i] * (best - actions[i])
            actions[i] = best
            updates, moved = updates + 1, True
            record.add(i, actions)
            i += 1
        if i < game.players and stopped == SOLVED:
            stopped = "maxTimeLimit"
        request.progress(f"{updates} moves", None)
    point = {"actions": actions, "updates": updates, "trajectory": record.entries(updates, actions)}
    holds = "optimal" if stopped == SOLVED else "feasible"
    return Answer(point, game.potential(actions), None, stopped, holds, method="cyclic best response")


def _next_mover(
    game: Influencers, actions: Floats, receiver: Floats, first: int, step: float, deadline: Deadline
) -> tuple[int, Floats | None]:
    """Return the first player from `first` on who wants to move, and where to; n and None if nobody does.

    While nobody moves the receiver stays: ever more players are asked at once. A player and None: out of time.
    """
    most = BLOCK if isinstance(game.action_set, (Box, Ball, Simplex)) else FEW
    size = 1
    while first < game.players:
        if deadline.expired:
            return first, None
        asked = slice(first, min(first + size, game.players))
        best = best_responses(game, actions, asked, receiver)
        wanting = np.flatnonzero(np.abs(best - actions[asked]).max(axis=1) > step)
        if len(wanting):
            return first + int(wanting[0]), best[wanting[0]]
        first, size = first + len(best), min(2 * size, most)
    return first, None


class _Record:
    """The trajectory, as long as it fits."""

    def __init__(self, game: Influencers, start: Floats) -> None:
        self._game = game
        self._room = history.room(game)
        self._kept: list[dict[str, Any]] = [self._entry(0, None, start)]

    def add(self, mover: int, actions: Floats) -> None:
        """Keep the profile after a move, if there is room."""
        if len(self._kept) < self._room - 1:
            self._kept.append(self._entry(len(self._kept), mover, actions))

    def entries(self, updates: int, actions: Floats) -> list[dict[str, Any]]:
        """Return what was kept; the last entry is the last profile, without a mover if moves are left out."""
        if self._kept[-1]["update"] < updates:
            self._kept.append(self._entry(updates, None, actions))
        return self._kept

    def _entry(self, update: int, mover: int | None, actions: Floats) -> dict[str, Any]:
        copy = actions.copy()
        return {"update": update, "mover": mover, "actions": copy, "receiver": self._game.receiver(copy)}


def _start(game: Influencers, request: Request) -> Floats:
    """Return the first profile: the given one, the targets' projections, or everybody in the middle."""
    if request.profile is not None:
        return read_profile(game, request.profile)
    if request.options["start"] == "center":
        return np.tile(game.action_set.middle, (game.players, 1))
    start = np.empty_like(game.targets)
    for part in request.deadline.pieces(game.players, "projecting the targets"):
        start[part] = game.action_set.project(game.targets[part])
    return start


def tables(game: Influencers, fields: Mapping[str, Any]) -> list[Table]:
    """Show the equilibrium as `nash` does, and the first moves."""
    moves = [entry for entry in fields["trajectory"] if entry["mover"] is not None]
    rows = [[e["update"], e["mover"], e["actions"][e["mover"]], e["receiver"]] for e in moves[:SHOWN]]
    more = f", the first {SHOWN} of {fields['updates']}" if (fields["updates"] or 0) > SHOWN else ""
    shown = nash.tables(game, fields) if "interior" in fields else []
    return [*shown, Table(f"moves{more}", ("move", "player", "to", "receiver then"), rows)]


def refuses(game: Influencers) -> str | None:
    """Refuse inner-product loss, where the first move of everybody is already final."""
    return None if game.loss == "squared" else "needs squared loss: use --concept dominant"


TOLERANCE = 1e-10
OPTIONS = (
    Option("start", "truthful", ("truthful", "center"), help="the first profile: targets, or all in the middle"),
    Option("max_updates", 100_000, parse=options.count, help="moves before giving up"),
    Option("tolerance", TOLERANCE, parse=options.below_one, help="the share of the set's size that is no move"),
)


class DynamicsSolution(nash.NashSolution):
    """The equilibrium at which cyclic best responses end, and the way there.

    Attributes
    ----------
    updates : count
        How often a player changed its action; None where the path was not kept.
    trajectory : [moves], unit of the targets
        The path: `update`, `mover` (None at the start), `actions` [n][d] and `receiver` [d].
    """

    updates: int | None
    trajectory: list[dict[str, Any]]


CONCEPT = Concept(
    "dynamics", "cyclic best response to an equilibrium", verifying(verify), solving(solve), options=OPTIONS,
    arguments=(PROFILE,), prefers=("exact",), refuses=refuses, tables=tables, objective="potential", sense="min",
    result=DynamicsSolution,
)  # fmt: skip
