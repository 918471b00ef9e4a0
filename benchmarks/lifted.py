"""The lifted potential as arrays, for peers that are called directly: min z'Pz/2 + q'z.

Variables z are the receiver (d) and then the actions (n d), or for a hull the shares (n q). The receiver's rows read
receiver - sum_i w_i x_i = c0; a hull's action is its points times its shares and is never written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from bigopt.action_sets import Ball, Box, Hull, Simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.games.influencers.game import Influencers


@dataclass(frozen=True)
class Lifted:
    """The arrays: equations A z = b and bounds; `ball` is the radius where every action lies in a centred ball."""

    hessian: sparse.csc_matrix
    cost: Floats
    equations: sparse.csc_matrix
    sides: Floats
    lower: Floats
    upper: Floats
    players: int
    dimension: int
    ball: float | None = None

    def receiver(self, point: Any) -> Floats:
        """Return the receiver of a point."""
        return np.asarray(point)[: self.dimension]


def lifted(game: Influencers) -> Lifted:
    """Return the lifted program of a game on a box, a simplex, a hull or a ball around the origin."""
    n, d = game.players, game.dimension
    action_set = game.action_set
    pulls = game.weights[:, None] * game.targets
    corners = action_set.points if isinstance(action_set, Hull) else np.eye(d)
    q = len(corners)
    links = sparse.hstack([sparse.eye_array(d), -sparse.kron(game.weights[None, :], corners.T)])
    rows, sides = [links], [game.background]
    if isinstance(action_set, (Hull, Simplex)):
        ones = sparse.kron(sparse.eye_array(n), np.ones((1, q)))
        rows.append(sparse.hstack([sparse.csr_array((n, d)), ones]))
        sides.append(np.full(n, action_set.scale if isinstance(action_set, Simplex) else 1.0))
    low, up = _interval(action_set, q)
    free = np.full(d, np.inf)
    return Lifted(
        sparse.csc_matrix(sparse.diags_array(np.r_[np.full(d, 2.0), np.zeros(n * q)])),
        np.r_[np.zeros(d), -2.0 * (pulls @ corners.T).ravel()],
        sparse.csc_matrix(sparse.vstack(rows)),
        np.concatenate(sides),
        np.r_[-free, np.tile(low, n)],
        np.r_[free, np.tile(up, n)],
        n,
        d,
        action_set.radius if isinstance(action_set, Ball) else None,
    )


def _interval(action_set: Any, q: int) -> tuple[Floats, Floats]:
    """Return the bounds of one player's variables."""
    if isinstance(action_set, Box):
        return action_set.lower, action_set.upper
    if isinstance(action_set, Ball):
        return np.full(q, -np.inf), np.full(q, np.inf)
    return np.zeros(q), np.full(q, np.inf)


def piqp(game: Influencers, tolerance: float = 1e-9) -> Floats:
    """Solve with PIQP and return the receiver; it takes no balls."""
    import piqp as package

    program = lifted(game)
    if program.ball is not None:
        raise ValueError("PIQP takes no second-order cones")
    solver = package.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = tolerance
    arrays = (program.hessian, program.cost, program.equations, program.sides, None, None, None)
    solver.setup(*arrays, program.lower, program.upper)
    status = solver.solve()
    if "SOLVED" not in str(status):
        raise RuntimeError(f"PIQP: {status}")
    return program.receiver(solver.result.x)


def clarabel(game: Influencers, tolerance: float = 1e-9) -> Floats:
    """Solve with Clarabel and return the receiver."""
    import clarabel as package

    program = lifted(game)
    settings = package.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    rows, sides, cones = [program.equations], [program.sides], [package.ZeroConeT(len(program.sides))]
    one = sparse.eye_array(len(program.cost), format="csr")
    for sign, bound in ((1.0, program.upper), (-1.0, -program.lower)):
        kept = np.flatnonzero(np.isfinite(bound))
        if len(kept):
            rows.append(sign * one[kept])
            sides.append(bound[kept])
            cones.append(package.NonnegativeConeT(len(kept)))
    if program.ball is not None:  # s = (radius, -x_i) in the cone for every player, with s = side - row z
        n, d = program.players, program.dimension
        blank = sparse.csr_array((n, len(program.cost)))
        stacked = sparse.vstack([blank, -one[d:]], format="csr")
        order = np.concatenate([np.r_[i, n + d * i : n + d * (i + 1)] for i in range(n)])
        rows.append(stacked[order])
        sides.append(np.tile(np.r_[program.ball, np.zeros(d)], n))
        cones += [package.SecondOrderConeT(d + 1)] * n
    matrix = sparse.csc_matrix(sparse.vstack(rows))
    found = package.DefaultSolver(program.hessian, program.cost, matrix, np.concatenate(sides), cones, settings).solve()
    if "Solved" not in str(found.status):
        raise RuntimeError(f"Clarabel: {found.status}")
    return program.receiver(found.x)
