"""The potential's minimizer, which is a pure Nash equilibrium (Prop. 6): good profiles first, then the proof."""

from __future__ import annotations

from functools import partial

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Answer, Concept, Deadline, Formulation, Option, Request, options
from bigopt.concepts.solution import Solution
from bigopt.errors import LimitReached, UsageError
from bigopt.games.subsets.exact.minimum import dual_bound, minimize, slack
from bigopt.games.subsets.exact.path import Play, play, random_profile
from bigopt.games.subsets.formulations import linearized
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify.nash import potential_minimizer

SEED = Option("seed", 0, parse=options.whole, help="seed of the random starts")


def solve(game: Subsets, request: Request) -> Answer:
    """Minimize the potential: dynamics from seeded starts, then the global minimum where it can be proved."""
    deadline = request.deadline
    rng = np.random.default_rng(int(request.options.get("seed", 0)))
    best: Play | None = None
    for start in range(int(request.options.get("starts", 5))):
        request.progress(f"best-response dynamics, start {start + 1}", None)
        run = play(game, random_profile(game, rng), deadline, told=partial(_keep, game, request, best))
        if best is None or game.exact.potential(run.choices) < game.exact.potential(best.choices):
            best = run
        _keep(game, request, best, best)
        if deadline.expired:
            break
    assert best is not None  # there is at least one start
    request.progress("proving the minimum", None)
    try:
        choices = minimize(game, best.choices, deadline)
    except (LimitReached, UsageError):
        return _bounded(game, best.choices, deadline)
    value = game.potential(choices)
    return Answer(_point(choices), value, value, method="dynamics, then others in order of g")


def _keep(game: Subsets, request: Request, best: Play | None, run: Play) -> None:
    """Keep the profile of least potential of the best run and one that may still go on."""

    def make() -> Answer:
        profiles = [run.choices] if best is None else [best.choices, run.choices]
        return _bounded(game, min(profiles, key=game.exact.potential), request.deadline)

    request.kept.put(make)


def _bounded(game: Subsets, choices: Profile, deadline: Deadline) -> Answer:
    """Return an equilibrium with the dual bound on the potential, which may well meet it."""
    method = "dynamics and dual bound"
    value = game.potential(choices)
    if slack(game, choices) == 0:
        return Answer(_point(choices), value, value, method=method)
    bound = min(value, dual_bound(game, deadline=deadline))
    stopped = "maxTimeLimit" if deadline.expired else "iterationLimit"
    return Answer(_point(choices), value, bound, stopped, "feasible", method)


def _point(choices: Profile) -> dict[str, object]:
    return {"choices": [list(choice) for choice in choices]}


def formulations(game: Subsets, request: Request) -> list[Formulation]:
    """MIQP, and its linearization for solvers of MILPs."""
    binaries = sum(len(game.items) * (int(k) if game.repeats else 1) for k in game.sizes)
    return [Formulation("subset_potential", "MIQP"), *linearized("subset_potential_products", binaries, request, {})]


class NashSolution(Solution):
    """The profile of least potential, a pure equilibrium.

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
    """

    choices: list[list[int]]
    receiver: Floats
    losses: Floats
    potential: float


CONCEPT = Concept(
    "nash",
    "the profile of least potential, a pure equilibrium (eq. 23)",
    potential_minimizer,
    solve,
    formulations,
    options=(Option("starts", 5, parse=options.count, help="random starts of the dynamics"), SEED),
    objective="potential",
    sense="min",
    prefers=("exact", "scip", "highs"),
    result=NashSolution,
)
