"""The misalignment score of Section 7: epsilon measured only where the proof of Theorem 6 needs it (Remark 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.alice import alignment
from bigopt.arithmetic.arrays import numbers
from bigopt.concepts.concept import Answer, Formulation, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market

Outcomes = npt.NDArray[np.intp]


def possible(game: Market) -> Outcomes:
    """Return the flat outcomes of states with a positive prior."""
    weight = np.repeat(np.array([w > 0 for w in game.prior_weights]), game.sizes)
    return np.flatnonzero(weight)


def alice_optimal(game: Market) -> Outcomes:
    """Return the possible outcomes that are best for Alice in their state, ties included."""
    alice = game.units[0][0]
    best = np.repeat(np.maximum.reduceat(alice, game.first), game.sizes)
    return np.intersect1d(np.flatnonzero(alice == best), possible(game))


def attained(game: Market, schemes: npt.NDArray[np.int64]) -> Outcomes:
    """Return the possible outcomes (y, f(y)) of some schemes [count, S]."""
    return np.intersect1d(np.unique(game.first + schemes), possible(game))


def sides(game: Market) -> tuple[Outcomes, Outcomes]:
    """Return the outcomes of the upper and of the lower inequality, by enumeration of the stable schemes."""
    return attained(game, enumeration.stable(game).schemes), alice_optimal(game)


def score(game: Market, deadline: Deadline | None = None) -> alignment.Alignment:
    """Return the tight epsilon with its weights (w >= 0 without a sum constraint) and offset."""
    upper, lower = sides(game)
    return alignment.fit(*game.outcome_utilities(), convex=False, upper=upper, lower=lower, deadline=deadline)


def coarse(game: Market, deadline: Deadline | None = None) -> alignment.Alignment:
    """Return epsilon over all possible outcomes: no enumeration, and Theorem 6 holds with it all the more."""
    alice, bobs = game.outcome_utilities()
    inside = possible(game)
    return alignment.fit(alice[inside], bobs[:, inside], convex=False, deadline=deadline)


def refuses(game: Market) -> str | None:
    """Say why the stable set cannot be enumerated."""
    return None if enumeration.few(game) else f"needs all stable schemes, and {game.describe()}: use alignment"


def solve(game: Market, request: Request) -> Answer:
    """Answer the concept `misalignment` by the linear program with lazy rows."""
    found = score(game, request.deadline)
    point = {"epsilon": found.epsilon, "weights": found.weights, "offset": found.offset}
    holds = "optimal" if found.stopped == SOLVED else "feasible"
    return Answer(point, found.epsilon, found.bound, found.stopped, holds, "lazy rows")


def formulations(game: Market, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    if not enumeration.few(game):
        return ()
    upper, lower = sides(game)
    return (Formulation("misalignment", "LP", {"stable": upper.tolist(), "best": lower.tolist()}),)


def verify(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon from the weights and prove that no others do better."""
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {game.k} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", [game.k], ["Bob"])
    weights = np.maximum(given, 0.0)
    alice, bobs = game.outcome_utilities()
    upper, lower = sides(game)
    epsilon, offset = alignment.measure(alice, bobs, weights, upper, lower)
    bound = alignment.lower_bound(alice, bobs, weights, convex=False, upper=upper, lower=lower)
    scale = alignment.scale_of(alice, bobs)
    checks = (
        Check("weights", max(0.0, float(-given.min())), alignment.NEGATIVE, "weight", "w >= 0"),
        Check("gap", (epsilon - bound) / scale, alignment.GAP, "utility range", f"dual bound {bound:.12g}"),
    )
    return {"epsilon": epsilon, "weights": weights, "offset": offset}, Certificate(checks)
