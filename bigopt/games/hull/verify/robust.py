r"""The combination that is best in the worst mixture of a user's questions (groups), and what proves that it is.

.. math:: \min_{w \ge 0,\, c} \; \max_{\mu} \sum_q \mu_q \, \frac{1}{m_q} \sum_{r \in q} | w U_r + c - u_A(r) |

The maximum over mixtures is attained at one question, so that this is a linear program; `measures` has its dual.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt.alice import alignment
from bigopt.alice.utilities import Utilities, utilities
from bigopt.arithmetic.arrays import Floats, Ints, numbers
from bigopt.concepts import Check, Deadline
from bigopt.games.hull.verify import measures

FIELDS = ("robust", "robust_weights", "robust_offset")
GAP = 1e-7  # of the stake
LIKELY = 100  # times the weights that were found: larger ones are not looked at where Bobs cancel one another


def audit(
    alice: Floats, bobs: Floats, groups: Ints, convex: bool, claim: Mapping[str, Any], deadline: Deadline
) -> tuple[dict[str, Any], Check]:
    """Return the least mean error in the worst mixture with its weights and offset, and a check against a bound.

    `alice` [N], `bobs` [K][N], `groups` [N]; the weights and the offset of a `claim` are judged instead, where it has
    them.
    """
    n, k = len(alice), len(bobs)
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    shares = sparse.csr_array((1.0 / sizes[place], (place, np.arange(n))), shape=(len(sizes), n))
    table = np.column_stack([bobs.T, np.ones(n)])
    size = sparse.eye_array(n)
    empty, worst = np.zeros((n, 1)), -np.ones((len(sizes), 1))
    rows = sparse.vstack(
        [
            sparse.hstack([table, -size, empty]),
            sparse.hstack([-table, -size, empty]),
            sparse.hstack([sparse.csr_array((len(sizes), k + 1)), shares, worst]),
        ]
    )
    limit = {} if deadline.remaining is None else {"time_limit": deadline.remaining}
    found = linprog(
        np.r_[np.zeros(k + 1 + n), 1.0],
        A_ub=rows.tocsr(),
        b_ub=np.r_[alice, -alice, np.zeros(len(sizes))],
        A_eq=np.r_[np.ones(k), np.zeros(n + 2)][None, :] if convex else None,
        b_eq=np.ones(1) if convex else None,
        bounds=[(0, None)] * k + [(None, None)] + [(0, None)] * (n + 1),
        method="highs",
        options=limit,
    )
    deadline.check("auditing the groups")
    if found.x is None:
        note = f"no answer: {found.message:.60}"
        return dict.fromkeys(FIELDS), Check("robust", 0.0, 0.0, note=note, grade="skipped", claimed=False)
    weights, offset = _claimed(claim, k) or (found.x[:k], float(found.x[k]))
    weights = np.maximum(weights, 0.0)
    weights = weights / weights.sum() if convex and weights.any() else weights
    error = float((shares @ np.abs(weights @ bobs + offset - alice)).max())
    measure = found.ineqlin.marginals[:n] - found.ineqlin.marginals[n : 2 * n]
    check = _check(utilities(alice, bobs), measure, place.ravel(), weights, error, convex)
    return dict(zip(FIELDS, (error, weights, offset), strict=True)), check


def _claimed(claim: Mapping[str, Any], bobs: int) -> tuple[Floats, float] | None:
    """Return the weights and the offset of a claim, None where it has not both."""
    if any(claim.get(field) is None for field in FIELDS[1:]):
        return None
    weights = numbers(claim["robust_weights"], "robust_weights", (bobs,), ("Bob",))
    return weights, float(numbers([claim["robust_offset"]], "robust_offset", (1,))[0])


def _check(table: Utilities, measure: Floats, question: Ints, weights: Floats, error: float, convex: bool) -> Check:
    """Return the check of an error against the bound of the dual program's measure.

    Where Bobs cancel one another no measure is safely feasible: the bound is then one for weights up to a total.
    """
    note, claimed = "a signed measure on the rows, in whole numbers: no combination is below {:.12g}", True
    bound = (
        measures.evaluated(table, measure, question, Fraction(1))
        if convex
        else measures.bound(table, measure, question)
    )
    if bound is None:
        total = Fraction(LIKELY) * max(Fraction(1), Fraction(float(weights.sum())))
        bound = measures.evaluated(table, measure, question, total) or 0.0
        note, claimed = f"{note}, of weights up to {float(total):.3g} in all (some Bobs cancel one another)", False
    exact = [Fraction(weight) for weight in weights.tolist()]
    return Check(
        "robust",
        (error - bound) / alignment.stake(table, bound, exact),
        GAP,
        "stake",
        note.format(bound),
        "proved",
        claimed,
    )
