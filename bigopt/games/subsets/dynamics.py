"""Best-response dynamics to a pure equilibrium, with its path."""

from __future__ import annotations

from typing import Any

from bigopt.concepts import PROFILE, Answer, Concept, Option, Request
from bigopt.errors import UsageError
from bigopt.games.subsets.exact.path import Play, play, snapshot, start_of
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.nash import SEED, NashSolution
from bigopt.games.subsets.verify.dynamics import GIVEN, path


def solve(game: Subsets, request: Request) -> Answer:
    """Play from `--profile`, from a random profile (option start=random), or from the first items."""
    if request.options["start"] == GIVEN and request.profile is None:
        raise UsageError(f"option start={GIVEN}: no profile was given: use --profile FILE, or start=random")
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


class DynamicsSolution(NashSolution):
    """The equilibrium at which best responses end, and the way there.

    Attributes
    ----------
    trajectory : [moves]
        The path: `iteration`, `mover` (None at the start), `choices`, `receiver` and `potential` after each move.
    updates : count
        How often a player changed its choice.
    """

    trajectory: list[dict[str, Any]]
    updates: int


CONCEPT = Concept(
    "dynamics",
    "best-response dynamics to a pure equilibrium, with its path",
    path,
    solve,
    arguments=(PROFILE,),
    options=(
        Option("start", "first", ("first", "random", GIVEN), help="the first items, random ones, or --profile's"),
        SEED,
    ),
    objective="potential",
    sense="min",
    result=DynamicsSolution,
)
