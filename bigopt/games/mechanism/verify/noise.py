"""The certificate of noisy reports: the paper's bounds, and the sharper ones, on freshly drawn noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import number
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.mechanism.exact.perturbations import Noise, gain_bounds, loss_bounds, sample
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.verify.grades import DIGITS, proved, recomputed

ROUNDING = 1e-12  # of a bound's own unit
SHIFT = 1e-9  # probability
SAME = 1e-9  # relative: the loss that was claimed, drawn again


def summary(game: Mechanism, error: float, found: Noise) -> dict[str, Any]:
    """Return the fields of a `noise` solution."""
    loss, sharper = loss_bounds(game, error)
    gains, sharp = gain_bounds(game, error)
    return {
        "error": error,
        "loss": float(found.losses.max()),
        "mean_loss": float(found.losses.mean()),
        "loss_bound": loss,
        "sharper_loss_bound": sharper,
        "gains": found.gains,
        "gain_bounds": gains,
        "sharper_gain_bounds": sharp,
        "shift": float(found.shifts.max()),
        "shift_bound": float(found.shift_bounds.max()),
    }


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Draw the noise again and hold it to the bounds."""
    error = number(point.get("error", request.options["error"]), "error", 0.0, 1.0)
    draws, seed = int(request.options["draws"]), int(request.options["seed"])
    found = sample(game, error, draws, seed, request.deadline)
    fields = summary(game, error, found)
    stake = float(game.sizes.sum())
    off = abs(number(point.get("loss", fields["loss"]), "loss") - fields["loss"]) / stake
    rounding = DIGITS * game.strength
    over = float(found.losses.max()) - fields["sharper_loss_bound"] - rounding
    gained = float(((found.gains - fields["sharper_gain_bounds"] - rounding) / game.sizes).max())
    shift = float((found.shifts - found.shift_bounds).max())
    checks: list[Check] = [
        recomputed("loss", off, SAME, "summed sizes", "the same noise drawn again"),
        proved("lemma 4.8", max(0.0, over / stake), ROUNDING, "summed sizes", "min(2 delta, quadratic) on every draw"),
        proved("theorem 4.9", max(0.0, gained), ROUNDING, "size of a group", "min(2 w eps, quadratic), sizes too"),
        proved("proposition 4.4", max(0.0, shift), SHIFT, "probability", "what moves the rewards moves the policy"),
    ]
    return fields, Certificate(tuple(checks), max_regret=float(np.max(found.gains)))
