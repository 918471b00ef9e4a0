r"""The equilibrium set of a game on a polyhedron: who may move, and how far.

Every equilibrium has the same receiver v, so player i plays in the face of X that w_i (t_i - v) exposes, and the set is

.. math:: \{x : x_i \in F_i,\ \sum_i w_i x_i = v - c_0\}.

Most faces are vertices. For the other players the set is a polyhedron in columns u: the shares of the vertices that tie
(simplex, hull), or the actions themselves with the binding rows as equations (polytope; by complementary slackness
the rows with positive multipliers cut out the face).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog, nnls

from bigopt.action_sets import Polytope
from bigopt.errors import VerificationError
from bigopt.influencers.game import Influencers
from bigopt.influencers.smoothing import Scores
from bigopt.influencers.vertices import doubtful, first_points
from bigopt.numbers import Floats, Ints

TIE = 1e-9  # of the longest way to a target or across all receivers, times the set's size: nearer scores tie
SLACK = 1e-7  # of the right-hand sides: an inequality with less slack everywhere is an equation
ROOM = 1e-12  # of the limits' size: rounding errors that an inequality forgives
RANK = 1e-9  # of the largest singular value


@dataclass(frozen=True)
class OptimalFace:
    """The equilibria as a polyhedron in the columns u of the players who may move.

    Attributes
    ----------
    game : Influencers
    actions : ndarray, shape (n, d)
        One equilibrium.
    tied : ndarray of int
        The players of weight whose face is more than a point.
    weights : ndarray, shape (|tied|,)
        Theirs.
    supply : ndarray, shape (d,)
        What their w_i x_i sum to.
    maps : sequence of ndarray, shape (d, columns of the block)
        From a player's columns to its action.
    rows, sides : sequences of ndarray
        Each player's equations rows u = sides.
    above, limits : sequences of ndarray
        Each player's inequalities above u <= limits.
    """

    game: Influencers
    actions: Floats
    tied: Ints
    weights: Floats
    supply: Floats
    maps: tuple[Floats, ...]
    rows: tuple[Floats, ...]
    sides: tuple[Floats, ...]
    above: tuple[Floats, ...]
    limits: tuple[Floats, ...]

    @cached_property
    def link(self) -> Floats:
        """The matrix of sum_i w_i x_i in the columns, shape (d, columns)."""
        return np.hstack([w * m for w, m in zip(self.weights, self.maps, strict=True)])

    @cached_property
    def equations(self) -> tuple[sparse.csr_array, Floats]:
        """All equations: the players' own, then the link."""
        own = sparse.block_diag(self.rows, format="csr")
        unit = float(np.abs(self.link).max()) or 1.0
        matrix = sparse.vstack([own, sparse.csr_array(self.link / unit)], format="csr")
        return matrix, np.concatenate([*self.sides, self.supply / unit])

    @cached_property
    def inequalities(self) -> tuple[sparse.csr_array, Floats]:
        """All inequalities."""
        size = max(float(np.abs(limit).max()) for limit in self.limits) + 1.0
        return sparse.block_diag(self.above, format="csr"), np.concatenate(self.limits) + ROOM * size

    @cached_property
    def loose(self) -> list[np.ndarray]:
        """For each tied player, which of its inequalities some equilibrium leaves slack.

        One linear program: the most inequalities with slack 1, over the cone above the polyhedron (t >= 1 its scale).
        """
        equations, sides = self.equations
        inequalities, limits = self.inequalities
        m, k = equations.shape[1], len(limits)
        cost = np.concatenate([np.zeros(m + 1), -np.ones(k)])
        a_eq = sparse.hstack([equations, sparse.csr_array(-sides[:, None]), sparse.csr_array((len(sides), k))])
        a_ub = sparse.hstack([inequalities, sparse.csr_array(-limits[:, None]), sparse.eye_array(k)])
        bounds = [(None, None)] * m + [(1.0, 1.0 / SLACK)] + [(0.0, 1.0)] * k
        result = minimized(cost, a_ub, np.zeros(k), a_eq, np.zeros(len(sides)), bounds)
        flags = result[m + 1 :] > 0.5
        return np.split(flags, np.cumsum([len(x) for x in self.limits])[:-1])

    @cached_property
    def dimension(self) -> int:
        """The affine dimension of the equilibrium set in R^(n d), players of weight 0 included."""
        idle = int((self.game.weights == 0).sum())
        free = idle * rank(self._hull_of_set()) if idle else 0
        if not len(self.tied):
            return free
        merged, counts = self.merged()
        spans = []
        for k in range(len(counts)):
            fixed = np.vstack([merged.rows[k], merged.above[k][~merged.loose[k]]])
            spans.append(merged.maps[k] @ null_space(fixed))
        sizes = [count * rank(span) for count, span in zip(counts, spans, strict=True)]
        return free + sum(sizes) - rank(np.hstack(spans))

    def merged(self) -> tuple[OptimalFace, list[int]]:
        """Return the set with players of one face and one sign of weight made one, and how many each stands for.

        Together they supply what one player of their total weight could, and every slack that one of them can have
        all of them can have at once.
        """
        groups: dict[tuple[bytes, ...], list[int]] = {}
        for k, weight in enumerate(self.weights):
            data = (self.maps[k], self.rows[k], self.sides[k], self.above[k], self.limits[k])
            groups.setdefault((b"+" if weight > 0 else b"-", *(x.tobytes() for x in data)), []).append(k)
        first = [members[0] for members in groups.values()]

        def some(values: tuple[Floats, ...]) -> tuple[Floats, ...]:
            return tuple(values[k] for k in first)

        totals = np.array([self.weights[members].sum() for members in groups.values()])
        one = replace(
            self,
            tied=self.tied[first],
            weights=totals,
            maps=some(self.maps),
            rows=some(self.rows),
            sides=some(self.sides),
            above=some(self.above),
            limits=some(self.limits),
        )
        return one, [len(members) for members in groups.values()]

    def _hull_of_set(self) -> Floats:
        """Return directions that span the action set, as columns."""
        x = self.game.action_set
        axes = np.random.default_rng(0).normal(size=(2 * x.dimension + 2, x.dimension))
        return (x.argmax(axes) - x.argmax(-axes)).T


def minimized(
    cost: Floats, a_ub: sparse.csr_array, b_ub: Floats, a_eq: sparse.csr_array, b_eq: Floats, bounds: Any
) -> Floats:
    """Return a minimizer of a linear program; a run that only rounding errors stop is tried in other ways."""
    message = ""
    for method, presolve, tolerance in ATTEMPTS:
        options = {"presolve": presolve, "primal_feasibility_tolerance": tolerance}
        result = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds, method=method, options=options)
        if result.status == 0:
            return np.asarray(result.x)
        message = str(result.message)
    raise VerificationError(f"the linear program over the optimal face ends with: {message[:80]}: rescale the game")


ATTEMPTS = (("highs", False, 1e-9), ("highs", True, 1e-9), ("highs-ipm", False, 1e-8), ("highs", False, 1e-7))


def optimal_face(game: Influencers, actions: Floats, receiver: Floats) -> OptimalFace:
    """Return the equilibrium set around one equilibrium; `receiver` must be accurate."""
    lower, upper = game.receiver_range
    pulls = max(float(np.abs(game.targets - receiver).max()), float((upper - lower).max()))
    if isinstance(game.action_set, Polytope):
        return _of_polytope(game, game.action_set, actions, receiver, pulls)
    points = first_points(game)
    scores = Scores(game, points)
    pairs = doubtful(scores, receiver, TIE * pulls * max(float(np.abs(points).max()), 1e-300) * game.dimension)
    players, vertices = pairs.players, pairs.vertices
    several = (np.bincount(players, minlength=game.players) > 1)[players] & (game.weights[players] != 0)
    players, vertices = players[several], vertices[several]
    tied, start = np.unique(players, return_index=True)
    blocks = [points[part] for part in np.split(vertices, start[1:])] if len(tied) else []
    return OptimalFace(
        game,
        actions,
        tied,
        game.weights[tied],
        game.weights[tied] @ actions[tied],
        tuple(block.T for block in blocks),
        tuple(np.ones((1, len(block))) for block in blocks),
        tuple(np.ones(1) for _ in blocks),
        tuple(-np.eye(len(block)) for block in blocks),
        tuple(np.zeros(len(block)) for block in blocks),
    )


def _of_polytope(game: Influencers, polytope: Polytope, actions: Floats, receiver: Floats, pulls: float) -> OptimalFace:
    """Find the players whose face is more than a vertex, and the rows that bind on each."""
    d = game.dimension
    lengths = np.linalg.norm(polytope.A, axis=1)
    keep = lengths > 0
    a, b = polytope.A[keep] / lengths[keep, None], polytope.b[keep] / lengths[keep]
    flat = np.zeros((0, d)) if polytope.A_eq is None else polytope.A_eq
    level = np.zeros(0) if polytope.b_eq is None else polytope.b_eq
    directions = np.sign(game.weights)[:, None] * (game.targets - receiver)
    nudge = np.random.default_rng(1).normal(size=d) * 10 * TIE * pulls
    ends = polytope.argmax(directions + nudge), polytope.argmax(directions - nudge)
    size = float(np.abs(polytope.bounds).max()) or 1.0
    moving = (np.abs(ends[0] - ends[1]).max(axis=1) > 1e-10 * size) & (game.weights != 0)
    tied, binding = [], []
    for i in np.flatnonzero(moving).tolist():
        rows = _binding(a, b, flat, directions[i], actions[i], pulls, size)
        if rank(np.vstack([a[rows], flat]).T) < d:
            tied.append(i)
            binding.append(rows)
    named = np.array(tied, dtype=np.int64)
    others = [~np.isin(np.arange(len(a)), rows) for rows in binding]
    return OptimalFace(
        game,
        actions,
        named,
        game.weights[named],
        game.weights[named] @ actions[named],
        tuple(size * np.eye(d) for _ in tied),  # columns in units of the set's size
        tuple(np.vstack([a[rows], flat]) for rows in binding),
        tuple(np.concatenate([b[rows], level]) / size for rows in binding),
        tuple(a[other] for other in others),
        tuple(b[other] / size for other in others),
    )


def _binding(a: Floats, b: Floats, flat: Floats, direction: Floats, action: Floats, pulls: float, size: float) -> Ints:
    """Return rows of positive multipliers that write `direction` as a sum of rows that are active at `action`."""
    if float(np.abs(direction).max()) <= TIE * pulls:
        return np.zeros(0, dtype=np.int64)
    active: Ints = np.flatnonzero(b - a @ action <= 1e-8 * size)
    if not len(active):
        return active
    multipliers = nnls(np.vstack([a[active], flat, -flat]).T, direction)[0][: len(active)]
    binding: Ints = active[multipliers > TIE * pulls]
    return binding


def null_space(matrix: Floats) -> Floats:
    """Return an orthonormal basis of the null space, as columns."""
    if not len(matrix):
        return np.eye(matrix.shape[1])
    _, values, vectors = np.linalg.svd(matrix)
    return np.asarray(vectors[int((values > RANK * values.max(initial=1e-300)).sum()) :].T)


def rank(matrix: Floats) -> int:
    """Return the number of singular values that count."""
    if not matrix.size:
        return 0
    values = np.linalg.svd(matrix, compute_uv=False)
    return int((values > RANK * max(values.max(), 1e-12)).sum())
