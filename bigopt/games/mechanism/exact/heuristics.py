"""The two cheaper payments of Section 6: psi_-i is replaced by what a training that stops early has in hand.

Training is taken to be mirror ascent with a rate in (0, 1]: under KL it moves along q exp(t R / lambda), under L2 along
projections of q + t R / (2 lambda), t = 1 - (1 - rate)^k after k steps (the natural gradient's own path).
"""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism.response import Seat

STEPS = 5  # of the training whose checkpoints are kept
RATE = 0.5


def progress(steps: int, rate: float = RATE) -> Floats:
    """Return t after 0, ..., steps steps."""
    return np.asarray(1.0 - (1.0 - rate) ** np.arange(steps + 1))


def checkpoints(seat: Seat, products: Floats, policies: Floats, steps: int) -> Floats:
    """Return payments [k] with psi_-i the best for the others among the checkpoints of the training on the reports z.

    The checkpoints depend on the group's own report, which is what breaks DSIC.
    """
    others = seat.affine(policies)  # max ASW_-i minus ASW_-i at the policy that is kept
    least = others.copy()
    for t in progress(steps):
        saved = seat.trainer.best(t * (seat.others + products))
        least = np.minimum(least, seat.affine(saved))
    return np.asarray(others - least)


def early_stop(seat: Seat, policies: Floats, steps: int) -> Floats:
    """Return payments [k] with psi_-i taken after `steps` steps of its own training.

    What it loses does not depend on the group's report, so DSIC stays; but a payment may be negative.
    """
    stopped = seat.trainer.best(progress(steps)[-1] * seat.others[None])
    return np.asarray(seat.affine(policies) - seat.affine(stopped)[0])
