"""Alice's worst equilibrium by a solver of MILPs: what a Bob would leave is cut off, until nobody leaves the answer.

The program starts without stability (models/worst_scheme.py). Each answer is tested by exact knapsacks; a Bob who has a
better scheme g that Alice accepts adds "u_A(f) >= u_A(g) or U_j(f) >= U_j(g)", with one binary. The last answer's
objective is a lower bound at any time, since fewer cuts only allow more.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from bigopt.algebra import delegated, library
from bigopt.concepts.concept import Answer, Request
from bigopt.concepts.solution import SOLVED
from bigopt.games.market.game import Market
from bigopt.games.market.options import nash
from bigopt.games.market.response import favoured, threats

DELEGATES = ("MILP",)
METHOD = "MILP with lazy cuts"


def worst(game: Market, request: Request) -> Answer:
    """Solve and cut until no Bob gains."""
    module = library.model("worst_scheme")
    fronts = threats(game, nash(request), request.deadline)
    model = module.build(game)
    held, bound = _known(game), game.lowest[0]
    seen: set[tuple[int, int, int]] = set()
    while not request.deadline.expired:
        run = delegated.run(request, model, "MILP")
        if run.objective is None or run.stopped != SOLVED:
            return _stopped(game, held, bound, "maxTimeLimit" if request.deadline.expired else run.stopped)
        scheme = module.read(model)["scheme"]
        totals = game.totals(scheme)
        fresh = {c for j in range(game.k) if (c := _better(j, totals, fronts[j])) is not None} - seen
        gains = any(_better(j, totals, fronts[j]) is not None for j in range(game.k))
        if not gains:
            value = float(totals[0] * game.units[1][0])
            return Answer({"scheme": scheme}, value, value, method=METHOD)
        if not fresh:  # the solver's tolerance lets a cut pass
            return _stopped(game, held, bound, "error")
        bound = max(bound, _rounded(run.bound, game) if run.bound is not None else bound)
        for row in sorted(fresh):
            module.cut(model, game, *row)
        seen |= fresh
        request.progress(f"{len(seen)} cuts", None)
    return _stopped(game, held, bound, "maxTimeLimit")


def _better(bob: int, totals: tuple[int, ...], front: Any) -> tuple[int, int, int] | None:
    """Return the cut (Bob, Alice's utility, his) of the Bob's best deviation, None where he has none."""
    if totals[0] >= front.alice[-1]:
        return None
    at = int(np.searchsorted(front.alice, totals[0], side="right"))
    best = int(front.bob[at])
    return (bob, int(front.alice[at]), best) if best > totals[bob + 1] else None


def _known(game: Market) -> Any:
    """Return an equilibrium: Alice's optimum that Bob 0 likes best, or a lone Bob's favourite."""
    alice, bob = game.units[0][:2]
    return favoured(game, alice, bob) if game.k > 1 else favoured(game, bob, alice)


def _rounded(bound: float, game: Market) -> int:
    """Return a solver's bound in Alice's integer unit, less its tolerance."""
    size = game.largest[0]
    return ceil(bound * size - 1e-6 * size - 1)


def _stopped(game: Market, held: Any, bound: int, stopped: str) -> Answer:
    """Return the best equilibrium known, and what was proved."""
    worth = game.units[1][0]
    value = float(game.totals(held)[0] * worth)
    return Answer({"scheme": held, "alice": value}, value, float(bound * worth), stopped, "feasible", METHOD)
