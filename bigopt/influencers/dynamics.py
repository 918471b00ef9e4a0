"""The concept `dynamics`: cyclic best response (Wu et al., Definition 3), each player knowing only its own target.

One player after the other moves to its best response; by eq. (13) this is coordinate descent on the potential. On boxes
with nonzero weights it ends after finitely many moves, on a ball it converges at a linear rate only. It has ended when
in one full sweep no player wants to move by more than the tolerance; players who want to move by less stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.concepts import Answer, Concept, Option, Request, Table
from bigopt.errors import InstanceError
from bigopt.influencers import nash
from bigopt.influencers import verify as equilibrium
from bigopt.influencers.game import Influencers
from bigopt.influencers.response import best_responses, read_profile, set_size
from bigopt.numbers import Floats, number, numbers, whole
from bigopt.solution import SOLVED, Certificate, Check

REGRET = 1e-7  # of a payoff range: what a mover may still gain right after its move
ROUNDING = 1e-12  # of the action set's size
SHOWN = 12  # moves in the table for people
RECORDED = 500_000  # numbers in the trajectory that is kept: the first moves and the last


def solve(game: Influencers, request: Request) -> Answer:
    """Let the players move in turn until a full sweep is quiet."""
    size = set_size(game)
    step = float(request.options["tolerance"]) * size
    limit = int(request.options["max_updates"])
    actions = np.array(_start(game, request))
    record = _Record(game, actions)
    stopped, updates = SOLVED, 0
    moved = True
    while moved and stopped == SOLVED:
        moved, receiver = False, game.receiver(actions)
        for i in range(game.players):
            best = best_responses(game, actions, [i], receiver)[0]
            if float(np.abs(best - actions[i]).max()) <= step:
                continue
            if updates >= limit:
                stopped = "iterationLimit"
                break
            receiver = receiver + game.weights[i] * (best - actions[i])
            actions[i] = best
            updates, moved = updates + 1, True
            record.add(i, actions)
            if updates % 256 == 0 and request.deadline.expired:
                stopped = "maxTimeLimit"
                break
        if request.deadline.expired and moved:
            stopped = "maxTimeLimit"
        request.progress(f"{updates} moves", None)
    point = {"actions": actions, "updates": updates, "trajectory": record.entries(updates, actions)}
    holds = "optimal" if stopped == SOLVED else "feasible"
    return Answer(point, game.potential(actions), None, stopped, holds, method="cyclic best response")


class _Record:
    """The trajectory, as long as it fits."""

    def __init__(self, game: Influencers, start: Floats) -> None:
        self._game = game
        self._room = max(2, RECORDED // start.size)
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
    return game.action_set.project(game.targets)


def verify(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Prove the equilibrium as `nash` does, that it is quiet, and that the history is one of best responses."""
    fields, certificate = equilibrium.verify(game, point, request)
    actions = np.asarray(fields["actions"])
    wanted = float(np.abs(best_responses(game, actions) - actions).max()) / (set_size(game) or 1.0)
    tolerance = float(request.options.get("tolerance", TOLERANCE))
    updates = int(whole(point.get("updates", 0), "updates", []))
    trajectory, history = _history(game, point.get("trajectory"), actions)
    checks = (
        *certificate.checks,
        Check("quiet", wanted, tolerance + ROUNDING, "size of the action set", "the longest move that a player wants"),
        history,
    )
    fields = fields | {"updates": updates, "trajectory": trajectory}
    return fields, Certificate(checks, certificate.max_regret, certificate.tolerance)


def _history(game: Influencers, given: Any, actions: Floats) -> tuple[list[dict[str, Any]], Check]:
    """Recompute the recorded moves: only the mover moves, to a best response, and the last profile is the answer."""
    note = "the most that a mover could still gain right after its move"
    if given is None:
        return [], Check("history", 0.0, REGRET, "payoff range", "skipped: no trajectory was given")
    updates, movers, profiles = _read_history(game, given)
    receivers = game.background + np.einsum("n,tnd->td", game.weights, profiles)
    listed = [
        {"update": int(u), "mover": None if m < 0 else int(m), "actions": a, "receiver": r}
        for u, m, a, r in zip(updates, movers, profiles, receivers, strict=True)
    ]
    size = set_size(game) or 1.0
    others = np.abs(np.diff(profiles, axis=0)).max(axis=2) / size
    steps = np.flatnonzero(movers[1:] >= 0)
    others[steps, movers[1:][steps]] = 0.0
    skips = np.flatnonzero(movers[1:] < 0)
    strayed = float(np.delete(others, skips, axis=0).max(initial=0.0))
    strayed = max(strayed, float(np.abs(profiles[-1] - actions).max()) / size)
    strayed = max(strayed, float(game.action_set.contains(profiles.reshape(-1, game.dimension)).max()) / size)
    if strayed > REGRET or (len(skips) and skips[-1] != len(others) - 1) or len(skips) > 1:
        return listed, Check("history", max(strayed, 1.0), REGRET, "size of the action set", "not one mover at a time")
    gain = _largest_gain(game, movers[1:][steps], profiles[1:][steps], receivers[1:][steps])
    return listed, Check("history", gain, REGRET, "payoff range", note)


def _largest_gain(game: Influencers, movers: Any, profiles: Floats, receivers: Floats) -> float:
    """Return the largest scaled regret of the movers, bounded by convexity and support functions."""
    if len(movers) == 0:
        return 0.0
    slopes = 2.0 * game.weights[movers, None] * (receivers - game.targets[movers])
    own = profiles[np.arange(len(movers)), movers]
    gaps = game.action_set.support(-slopes) + np.einsum("td,td->t", slopes, own)
    spans = game.loss_ranges()[movers]
    return max(0.0, float((gaps / np.where(spans > 0, spans, 1.0)).max()))


def _read_history(game: Influencers, given: Any) -> tuple[Any, Any, Floats]:
    """Return updates [T], movers [T] (-1 for none) and profiles [T][n][d] of a trajectory."""
    if not isinstance(given, (list, tuple)) or not given or not all(isinstance(entry, Mapping) for entry in given):
        raise InstanceError("trajectory: expected a list of objects with update, mover, actions and receiver")
    movers, updates, profiles = [], [], []
    for k, entry in enumerate(given):
        path = f"trajectory[{k}]"
        mover = entry.get("mover")
        movers.append(-1 if mover is None else int(number(mover, f"{path}.mover", 0, game.players - 1)))
        updates.append(number(entry.get("update", k), f"{path}.update", 0))
        shape = [game.players, game.dimension]
        profiles.append(numbers(entry.get("actions"), f"{path}.actions", shape, ["a player", "a coordinate"]))
    return np.array(updates), np.array(movers, dtype=np.int64), np.stack(profiles)


def tables(game: Influencers, fields: Mapping[str, Any]) -> list[Table]:
    """Show the equilibrium as `nash` does, and the first moves."""
    moves = [entry for entry in fields["trajectory"] if entry["mover"] is not None]
    rows = [[e["update"], e["mover"], e["actions"][e["mover"]], e["receiver"]] for e in moves[:SHOWN]]
    more = f", the first {SHOWN} of {fields['updates']}" if fields["updates"] > SHOWN else ""
    shown = nash.tables(game, fields) if "interior" in fields else []
    return [*shown, Table(f"moves{more}", ("move", "player", "to", "receiver then"), rows)]


def _positive(text: str) -> float:
    """Parse a positive number."""
    value = float(text)
    if not 0 < value < 1:
        raise ValueError("expected a number between 0 and 1")
    return value


def _count(text: str) -> int:
    """Parse a count of at least 1."""
    value = int(text)
    if value < 1:
        raise ValueError("expected a whole number of at least 1")
    return value


def refuses(game: Influencers) -> str | None:
    """Refuse inner-product loss, where the first move of everybody is already final."""
    return None if game.loss == "squared" else "needs squared loss: use --concept dominant"


TOLERANCE = 1e-10
OPTIONS = (
    Option("start", "truthful", ("truthful", "center"), help="the first profile: targets, or all in the middle"),
    Option("max_updates", 100_000, parse=_count, help="moves before giving up"),
    Option("tolerance", TOLERANCE, parse=_positive, help="the move, as a share of the set's size, that is none"),
)
CONCEPT = Concept(
    "dynamics", "cyclic best response to an equilibrium", verify, solve, options=OPTIONS, prefers=("exact",),
    refuses=refuses, tables=tables,
)  # fmt: skip
