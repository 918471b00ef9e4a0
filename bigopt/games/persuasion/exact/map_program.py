"""A sender's supremum over all maps that Alice may answer by: one linear program in fractions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rational_lp import OPTIMAL, ZERO, maximize
from bigopt.arithmetic.rationals import matrix, rational
from bigopt.concepts.deadline import Deadline
from bigopt.games.persuasion.exact.regions import Region
from bigopt.games.persuasion.game import Persuasion

MOST_CELLS = 600_000  # rows times columns of the program in fractions
ONE = fmpq(1)


@dataclass(frozen=True)
class Supremum:
    """The exact value, and a scheme [S][R] with the maps [R][M] that reaches it with Alice's ties as needed."""

    value: fmpq
    scheme: Floats
    maps: Ints


def supremum(
    game: Persuasion, utility: Floats, kernel: Floats, regions: list[Region], deadline: Deadline | None = None
) -> Supremum | None:
    """Maximize a sender's value over splits of the prior among the regions; None where that is too large."""
    states = len(game.live)
    rows = sum(len(region.rows) for region in regions)
    columns = states * len(regions)
    if (states + rows) * (columns + rows) > MOST_CELLS:
        return None
    A = fmpq_mat(states + rows, columns + rows)
    cost = [ZERO] * (columns + rows)
    worth = [[rational(float(v)) for v in utility[s]] for s in game.live]
    odds = [[q / sum(row, ZERO) for q in row] for row in matrix(kernel[game.live]).tolist()]
    at = 0
    for k, region in enumerate(regions):
        for i in range(states):
            A[i, k * states + i] = ONE
            cost[k * states + i] = sum((odds[i][m] * worth[i][a] for m, a in enumerate(region.answers)), ZERO)
        for row in region.rows:
            for i in range(states):
                A[states + at, k * states + i] = row[i]
            A[states + at, columns + at] = -ONE
            at += 1
    prior = [game.exact_prior[s] for s in game.live.tolist()]
    found = maximize(A, [*prior, *([ZERO] * rows)], cost, (deadline or Deadline()).check)
    assert found.status == OPTIMAL  # in every state that is revealed Alice does something
    used = [k for k in range(len(regions)) if any(found.x[k * states + i] > 0 for i in range(states))]
    scheme = np.zeros((len(game.states), len(used)))
    scheme[:, 0] = 1.0  # states of probability zero send the first signal
    for i, s in enumerate(game.live.tolist()):
        shares = [found.x[k * states + i] / prior[i] for k in used]
        scheme[s] = [int(share.numerator) / int(share.denominator) for share in shares]
    return Supremum(found.value, scheme, np.array([regions[k].answers for k in used], dtype=np.int64))
