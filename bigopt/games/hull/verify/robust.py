r"""The combination that is best in the worst mixture of a user's questions (groups).

.. math:: \min_{w \ge 0,\, c} \; \max_{\mu} \sum_q \mu_q \, \frac{1}{m_q} \sum_{r \in q} | w U_r + c - u_A(r) |

The maximum over mixtures is attained at one question, so that this is a linear program.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts import Check

GAP = 1e-7  # of Alice's range


def audit(alice: Floats, bobs: Floats, groups: Ints, convex: bool) -> tuple[float | None, Check]:
    """Return the least mean error in the worst mixture, and a check of its weights' own error against the program's.

    `alice` [N], `bobs` [K][N], `groups` [N].
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
    found = linprog(
        np.r_[np.zeros(k + 1 + n), 1.0],
        A_ub=rows.tocsr(),
        b_ub=np.r_[alice, -alice, np.zeros(len(sizes))],
        A_eq=np.r_[np.ones(k), np.zeros(n + 2)][None, :] if convex else None,
        b_eq=np.ones(1) if convex else None,
        bounds=[(0, None)] * k + [(None, None)] + [(0, None)] * (n + 1),
        method="highs",
    )
    if found.x is None:
        return None, Check("robust", 0.0, 0.0, note=f"no answer: {found.message:.60}", grade="skipped", claimed=False)
    residual = np.abs(table @ found.x[: k + 1] - alice)
    error = float((shares @ residual).max())
    gap = (error - float(found.fun)) / float(np.ptp(alice))
    note = "its weights' own error against the linear program's value"
    return error, Check("robust", gap, GAP, "Alice's range", note, grade="compared", claimed=False)
