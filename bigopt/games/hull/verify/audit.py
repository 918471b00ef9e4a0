r"""An audit's certificate: the worst error from the table, a dual bound, and what holds beyond the sample.

The dual witness is a signed measure :math:`\delta` on outcomes with :math:`\sum \delta = 0`,
:math:`\|\delta\|_1 = 1` and :math:`\delta \cdot U_j \le 0` for every Bob (:math:`\le t` with sum 1): then
:math:`\varepsilon \ge \delta \cdot u_A` (minus t). An entrant lowers the error at first by :math:`\delta \cdot U` a
unit of weight: it should be high where :math:`\delta > 0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.special import betaincinv

from bigopt.alice import alignment
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import LimitReached
from bigopt.games.hull.asked import alice_of
from bigopt.games.hull.game import UtilityTable
from bigopt.games.hull.verify import robust

GAP = 1e-8  # of Alice's range
SHOWN = 20  # outcomes of the witness that are named
DRAWS = 1_000  # of K Bobs


def verify(game: UtilityTable, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of an audit, and its certificate."""
    convex = request.options["weights"] == "one"
    alice, bobs = game.alices[:, alice_of(game, request)], game.bobs.T
    fields, certificate = alignment.certify(alice, bobs, point, convex=convex)
    request.deadline.check("verifying the audit")
    witness = dual_witness(alice, bobs, convex)
    pulls = bobs @ witness
    level = float(pulls.max()) if convex else 0.0
    bound = float(alice @ witness) - level
    span = float(np.ptp(alice))
    gap = max(0.0, fields["epsilon"] - bound) / span
    excess = 0.0 if convex else float(np.maximum(pulls, 0.0) @ fields["weights"]) / span
    confidence = float(request.options["confidence"])
    share = violating_share(game.rows, game.count + (1 if convex else 2), confidence)
    note = f"dual program: epsilon >= {bound:.12g}"
    checks = (*certificate.checks, Check("witness", max(gap, excess), GAP, "Alice's range", note))
    fields |= {
        "violation": share,
        "confidence": confidence,
        "entrant": _entrant(witness, level),
        "uniform": _uniform(alice, bobs, confidence, game.seed),
    } | dict.fromkeys(robust.FIELDS)
    if game.groups is not None:
        found, check = robust.audit(alice, bobs, game.groups, convex, point, request.deadline)
        fields |= found
        checks = (*checks, check)
    return fields, Certificate(checks)


def dual_witness(alice: Floats, bobs: Floats, convex: bool) -> Floats:
    """Return the signed measure on outcomes that proves how small the worst error can be, shape [N]."""
    n, k = len(alice), len(bobs)
    free = 1 if convex else 0
    cost = np.r_[-alice, alice, np.ones(free)]
    sizes = np.ptp(bobs, axis=1)[:, None]  # every Bob in his own unit, but no smaller than that of a common level
    sizes = np.maximum(sizes, np.ptp(alice)) if convex else np.where(sizes > 0, sizes, 1.0)
    rows = np.hstack([bobs / sizes, -bobs / sizes, -np.ones((k, free)) / sizes])
    sums = np.vstack([np.r_[np.ones(n), -np.ones(n), np.zeros(free)], np.r_[np.ones(2 * n), np.zeros(free)]])
    found = linprog(
        cost,
        A_ub=rows,
        b_ub=np.zeros(k),
        A_eq=sums,
        b_eq=np.array([0.0, 1.0]),
        bounds=[(0, None)] * (2 * n) + [(None, None)] * free,
        method="highs-ds",
    )
    if found.x is None:
        raise LimitReached(
            f"the dual program of the audit ended without an answer ({found.message:.60}): scale the table"
        )
    delta = found.x[:n] - found.x[n : 2 * n]
    delta = delta - np.where(delta != 0, delta.sum() / max(1, np.count_nonzero(delta)), 0.0)
    length = float(np.abs(delta).sum())
    return np.asarray(delta / length if length > 0 else delta)


def violating_share(rows: int, variables: int, confidence: float) -> float:
    r"""Return the share of outcomes of which at most so many violate the answer, at a confidence.

    Campi and Garatti's bound for convex programs with d variables and N sampled constraints:
    :math:`P(V > \eta) \le \sum_{i < d} \binom{N}{i} \eta^i (1 - \eta)^{N - i}`; the rows are taken for a sample.
    """
    if variables >= rows:
        return 1.0
    return float(betaincinv(variables, rows - variables + 1, confidence))


def _entrant(witness: Floats, level: float) -> dict[str, Any]:
    """Return the outcomes on which a new Bob would lower the worst error, the most telling first."""
    order = np.argsort(-np.abs(witness), kind="stable")[:SHOWN]
    order = order[witness[order] != 0]
    return {"rows": order.tolist(), "pull": witness[order], "level": level}


def _uniform(alice: Floats, bobs: Floats, confidence: float, seed: int) -> dict[str, float]:
    r"""Return the worst error of the plain average, and what Proposition 3 and its simulation say of it.

    With K independent Bobs who are right on average, all within one range, the average is off by more than
    :math:`\text{range} \sqrt{\ln(2 N/\delta) / (2 K)}` anywhere with probability at most :math:`\delta`. The
    simulation draws K Bobs from these, each shifted on every outcome so that together they are right on average.
    """
    span = float(max(alice.max(), bobs.max()) - min(alice.min(), bobs.min()))
    mean, k = bobs.mean(axis=0), len(bobs)
    bound = span * float(np.sqrt(np.log(2 * len(alice) / (1 - confidence)) / (2 * k)))
    away = bobs - mean
    drawn = np.random.default_rng([seed, 3]).multinomial(k, np.full(k, 1 / k), DRAWS) / k
    errors = [float(np.abs(part @ away).max()) for part in drawn]
    simulated = float(np.quantile(errors, confidence))
    return {"epsilon": float(np.abs(mean - alice).max()), "bound": bound, "simulated": simulated}
