"""Best-response dynamics: the potential falls with every move, so play ends at a pure Nash equilibrium (Prop. 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import respond


@dataclass
class Play:
    """A run of the dynamics: where it ended, its moves, and whether every last best response was proved."""

    choices: Profile
    trajectory: list[dict[str, object]] = field(default_factory=list)
    settled: bool = False
    proved: bool = True


def first_profile(game: Subsets) -> Profile:
    """Return the profile in which everybody shows the first items."""
    return tuple((0,) * k if game.repeats else tuple(range(k)) for k in game.sizes.tolist())


def random_profile(game: Subsets, rng: np.random.Generator) -> Profile:
    """Return a random profile."""
    m = len(game.items)
    draws = (rng.choice(m, k, replace=game.repeats).tolist() for k in game.sizes.tolist())
    return tuple(tuple(sorted(draw)) for draw in draws)


def play(game: Subsets, start: Sequence[tuple[int, ...]], deadline: Deadline, gap: float | None = None) -> Play:
    """Let the players move in turn to an exact best response, until nobody gains (compared in integers)."""
    run = Play(tuple(start))
    quiet, player, moves = 0, 0, 0
    answered: dict[int, bool] = {}
    while quiet < game.players:
        if deadline.expired:
            return run
        choice = run.choices[player]
        found = respond(game, player, run.choices, deadline=deadline, incumbent=choice, gap=gap)
        answered[player] = found.proved
        trial = (*run.choices[:player], found.choice, *run.choices[player + 1 :])
        if game.exact.losses(trial)[player] < game.exact.losses(run.choices)[player]:
            run.choices, quiet = trial, 0
            moves += 1
            run.trajectory.append(snapshot(game, moves, player, trial))
        quiet += 1
        player = (player + 1) % game.players
    run.settled, run.proved = True, all(answered.values())
    return run


def snapshot(game: Subsets, iteration: int, mover: int | None, choices: Profile) -> dict[str, object]:
    """Return one line of the trajectory."""
    return {
        "iteration": iteration,
        "mover": mover,
        "choices": [list(choice) for choice in choices],
        "receiver": game.receiver(choices).tolist(),
        "potential": game.potential(choices),
    }


def solve(game: Subsets, request: Request) -> Answer:
    """Play from `--profile`, from a random profile (option start=random), or from the first items."""
    if request.profile is not None:
        start = game.profile(request.profile, "profile")
    elif request.options.get("start") == "random":
        start = random_profile(game, np.random.default_rng(request.options.get("seed", 0)))
    else:
        start = first_profile(game)
    run = play(game, start, request.deadline)
    point = {
        "choices": [list(choice) for choice in run.choices],
        "trajectory": [snapshot(game, 0, None, start), *run.trajectory],
        "updates": len(run.trajectory),
    }
    value = game.potential(run.choices)
    if not run.settled:
        return Answer(point, value, stopped="maxTimeLimit", holds="feasible", method="best-response dynamics")
    if not run.proved:
        return Answer(point, value, stopped="iterationLimit", holds="feasible", method="best-response dynamics")
    return Answer(point, value, method="best-response dynamics")
