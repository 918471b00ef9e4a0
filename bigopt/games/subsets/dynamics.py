"""Best-response dynamics to a pure equilibrium, with its path."""

from __future__ import annotations

from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import PROFILE, Answer, Concept, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.games.subsets.exact.path import Play, play, snapshot, start_of
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.dynamics import GIVEN, path

SEED = Option("seed", 0, parse=options.whole, help="seed of the random starts")


def solve(game: Subsets, request: Request) -> Answer:
    """Play from `--profile`, from a random profile (option start=random), or from the first items."""
    start = start_of(game, request)
    used = {"start": GIVEN} if request.profile is not None else {}
    run = play(
        game, start, request.deadline, told=lambda run: request.kept.put(lambda: _answer(game, start, run, used))
    )
    return _answer(game, start, run, used)


def _answer(game: Subsets, start: Profile, run: Play, used: dict[str, str]) -> Answer:
    """Return where a run is, and its path."""
    point = {
        "choices": [list(choice) for choice in run.choices],
        "trajectory": [snapshot(game, 0, None, start), *run.trajectory],
        "updates": len(run.trajectory),
    }
    value, method = game.potential(run.choices), "best-response dynamics"
    if not run.settled:
        return Answer(point, value, stopped="maxTimeLimit", holds="feasible", method=method, options=used)
    if not run.proved:
        return Answer(point, value, stopped="iterationLimit", holds="feasible", method=method, options=used)
    return Answer(point, value, method=method, options=used)


class DynamicsSolution(Solution):
    """The equilibrium at which best responses end, and the way there.

    Attributes
    ----------
    choices : [n][sizes], indices of items
        The items that each player shows, sorted.
    receiver : [d], unit of the items
        Where the receiver ends.
    losses : [n], unit of the items squared
        Each player's loss.
    potential : unit of the items squared
        The potential of the choices.
    trajectory : [moves]
        The path: `iteration`, `mover` (None at the start), `choices`, `receiver` and `potential` after each move.
    updates : count
        How often a player changed its choice.
    """

    choices: list[list[int]]
    receiver: Floats
    losses: Floats
    potential: float
    trajectory: list[dict[str, Any]]
    updates: int


CONCEPT = Concept(
    "dynamics",
    "best-response dynamics to a pure equilibrium, with its path",
    path,
    solve,
    arguments=(PROFILE,),
    options=(Option("start", "first", ("first", "random"), help="the first items, or a random profile"), SEED),
    objective="potential",
    sense="min",
    result=DynamicsSolution,
)
