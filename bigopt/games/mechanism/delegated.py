"""Policies by the solver that was named, from the model files of training problems."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.algebra.delegated import point_of
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.games.mechanism.game import Mechanism

DELEGATES = ("QP", "NLP")  # every solver of these classes


def policy_by_solver(game: Mechanism, request: Request, model: str, **arguments: Any) -> Floats:
    """Return the policy [m] of a model file, a distribution to the last digit.

    Raises
    ------
    SolverFailed
        The solver ended without a point.
    """
    point = point_of(request, model, game.rule.problem_class, game, **arguments)
    policy = np.maximum(point["policy"], 0.0)
    return np.asarray(policy / policy.sum())
