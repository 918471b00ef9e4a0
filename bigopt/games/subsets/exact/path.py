"""Best-response dynamics: the potential falls with every move, so play ends at a pure Nash equilibrium (Prop. 6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bigopt.concepts import Deadline, Request
from bigopt.games.subsets.asked import unwrapped
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import respond


@dataclass
class Play:
    """A run of the dynamics: where it ended, its moves, and whether every last best response was proved."""

    choices: Profile
    trajectory: list[dict[str, object]] = field(default_factory=list)
    settled: bool = False
    proved: bool = True


def random_profile(game: Subsets, rng: np.random.Generator) -> Profile:
    """Return a random profile."""
    m = len(game.items)
    draws = (rng.choice(m, k, replace=game.repeats).tolist() for k in game.sizes.tolist())
    return tuple(tuple(sorted(draw)) for draw in draws)


def play(
    game: Subsets,
    start: Sequence[tuple[int, ...]],
    deadline: Deadline,
    gap: float | None = None,
    told: Callable[[Play], None] | None = None,
) -> Play:
    """Let the players move in turn to an exact best response, until nobody gains (compared in integers).

    `told` is handed the run at its start, which then goes on.
    """
    run = Play(tuple(start))
    if told is not None:
        told(run)
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


def start_of(game: Subsets, request: Request) -> Profile:
    """Return where play starts: the profile that was given, a random one (option start=random), or the first items."""
    if request.profile is not None:
        return game.profile(unwrapped(request.profile), "profile")
    if request.options.get("start") == "random":
        return random_profile(game, np.random.default_rng(request.options.get("seed", 0)))
    return game.first_profile()
