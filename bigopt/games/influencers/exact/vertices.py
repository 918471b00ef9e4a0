"""Equilibria on the convex hull of vertices: a simplex, a hull of points, or a polytope whose vertices come as needed.

A player's action is a mix of vertices. At the receiver almost everybody has one best vertex, so a small program over
the pairs (player, vertex) that are in doubt decides the rest; pairs that turn out better are added until none is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.action_sets import Hull, Simplex
from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import counted
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.dual import Found, Keep, best_at, keep_nothing, linear_terms
from bigopt.games.influencers.exact.restricted_qp import Pairs, shares
from bigopt.games.influencers.exact.smoothing import Scores
from bigopt.games.influencers.game import Influencers

PAIRS = 3_000  # in the first restricted program; with fewer in all, everything is in doubt
DOUBT = 12.0  # smoothing widths below a player's best score: e^-12 of its mass
SHARPEST = 1e-12  # of the first spread of scores: pairs that are in doubt even then may all be equally good
ROUNDS = 200
GOAL = 1e-13  # of the largest payoff range: the gap at which no more pairs are looked for


@dataclass
class Candidates:
    """The pairs in play, as sorted keys player * q + vertex."""

    keys: Ints
    q: int

    @property
    def players(self) -> Ints:
        """Each pair's player."""
        return self.keys // self.q

    @property
    def vertices(self) -> Ints:
        """Each pair's vertex."""
        return self.keys % self.q

    def renumbered(self, q: int) -> Candidates:
        """Return the same pairs where there are q vertices."""
        return Candidates(self.players * q + self.vertices, q)

    def joined(self, players: Ints, vertices: Ints) -> Candidates:
        """Return these pairs and more."""
        return Candidates(np.union1d(self.keys, players * self.q + vertices), self.q)


def solve(game: Influencers, deadline: Deadline, keep: Keep = keep_nothing) -> Found:
    """Return an equilibrium, with the gap that is left."""
    movers = np.flatnonzero(game.weights != 0)
    idle = game.action_set.project(np.zeros((1, game.dimension)))[0]
    if len(movers) == 0:
        actions = np.tile(idle, (game.players, 1))
        return Found(game.background.copy(), actions, 0.0, "no player has weight")
    part = game.without_idle()

    def whole(found: Found) -> Found:
        if part is game:
            return found
        actions = np.tile(idle, (game.players, 1))
        actions[movers] = found.actions
        return Found(found.receiver, actions, found.gap, found.method)

    return whole(_solve_movers(part, deadline, lambda make: keep(lambda: whole(make()))))


def _solve_movers(game: Influencers, deadline: Deadline, keep: Keep) -> Found:
    """Solve a game all of whose weights are non-zero."""
    points = first_points(game)
    largest = float(game.loss_ranges().max())
    middle = v = game.receiver(np.tile(game.action_set.middle, (game.players, 1)))
    keep(lambda: best_at(game, middle))
    v, candidates = screen(game, points, v, deadline)
    screened = v
    keep(lambda: best_at(game, screened))
    best: Found | None = None
    for _ in range(ROUNDS):
        actions = mixed(game, points, candidates, v, deadline)
        v = game.receiver(actions)
        terms = linear_terms(game, actions, v)
        gap = float(terms.sum())
        if best is None or gap < best.gap:
            best = found = Found(v, actions, gap, "restricted programs over vertices")
            keep(lambda found=found: found)  # type: ignore[misc]
        open_cases = np.flatnonzero(terms > 0.1 * GOAL * largest / game.players)
        if gap <= GOAL * largest or len(open_cases) == 0:
            break
        before = len(candidates.keys)
        points, candidates = extended(game, points, candidates, open_cases, v)
        if len(candidates.keys) == before:
            break
    assert best is not None
    return best


def first_points(game: Influencers) -> Floats:
    """Return all vertices of a simplex or hull; of a polytope those that are extreme along the axes."""
    action_set = game.action_set
    if isinstance(action_set, Simplex):
        return action_set.scale * np.eye(action_set.dimension)
    if isinstance(action_set, Hull):
        return action_set.points
    axes = np.eye(game.dimension)
    return np.unique(action_set.argmax(np.vstack([axes, -axes])), axis=0)


def screen(game: Influencers, points: Floats, v: Floats, deadline: Deadline) -> tuple[Floats, Candidates]:
    """Return a point near the receiver and the pairs in doubt there."""
    n, q = game.players, len(points)
    if n * q <= PAIRS:
        return v, Candidates(np.arange(n * q), q)
    if n * q > 100 * PAIRS:  # a sample's receiver is near everybody's
        step = max(2, n * q // (30 * PAIRS))
        sample = Scores(game, points, step)
        m = _spread(sample, v)
        for fraction in (0.3, 0.1, 0.03):
            v = sample.minimize(v, fraction * m, deadline)
    scores = Scores(game, points)
    spread = _spread(scores, v)
    if spread <= SHARPEST * scores.size(v):  # nobody minds
        return v, Candidates(np.arange(n * q), q)
    m = 0.1 * spread
    while True:
        v = scores.minimize(v, m, deadline)
        if in_doubt(scores, v, DOUBT * m) <= n + PAIRS or m < SHARPEST * spread:
            return v, doubtful(scores, v, DOUBT * m)
        m *= 0.1


def _spread(scores: Scores, v: Floats) -> float:
    """Return the mean difference between a player's best and worst score."""
    total = count = 0.0
    for _, _, block in scores.chunks(v):
        total += float((block.max(axis=0) - block.min(axis=0)).sum())
        count += block.shape[1]
    return max(total / count, np.finfo(float).tiny)


def in_doubt(scores: Scores, v: Floats, width: float) -> int:
    """Count the pairs whose score is within `width` of the player's best."""
    blocks = scores.chunks(v)
    return sum(int((values >= values.max(axis=0) - width).sum()) for _, _, values in blocks)


def doubtful(scores: Scores, v: Floats, width: float) -> Candidates:
    """Return the pairs whose score is within `width` of the player's best."""
    q = len(scores.points)
    keys = []
    for block, _, values in scores.chunks(v):
        vertices, players = np.nonzero(values >= values.max(axis=0) - width)
        keys.append((players + block.start) * q + vertices)
    return Candidates(np.sort(np.concatenate(keys)), q)


def mixed(game: Influencers, points: Floats, candidates: Candidates, v: Floats, deadline: Deadline) -> Floats:
    """Return actions that minimize the potential over the candidate pairs, shape (n, d)."""
    players, vertices = candidates.players, candidates.vertices
    single = counted(players, least=game.players) == 1
    alone = single[players]
    actions = np.empty((game.players, game.dimension))
    actions[players[alone]] = points[vertices[alone]]
    players, vertices = players[~alone], vertices[~alone]
    if len(players) == 0:
        return actions
    origin = points.mean(axis=0)  # far from 0, differences would drown
    rest = game.background - v + game.weights[single] @ actions[single] + game.weights[~single].sum() * origin
    pull = game.weights[players, None] * (points[vertices] - origin)
    gain = np.einsum("md,md->m", pull, game.targets[players] - v)
    start = np.flatnonzero(np.diff(players, prepend=-1))
    share = shares(Pairs(pull, gain, start, rest), deadline)
    actions[players[start]] = np.add.reduceat(share[:, None] * points[vertices], start, axis=0)
    return actions


def extended(
    game: Influencers, points: Floats, candidates: Candidates, players: Ints, v: Floats
) -> tuple[Floats, Candidates]:
    """Add each of `players`' best vertex at v to the candidates (and to the points of a polytope)."""
    directions = game.weights[players, None] * (game.targets[players] - v)
    if isinstance(game.action_set, (Simplex, Hull)):
        return points, candidates.joined(players, (directions @ points.T).argmax(axis=1))
    best, where = np.unique(game.action_set.argmax(directions), axis=0, return_inverse=True)
    size = float(np.abs(points).max()) + float(np.abs(best).max())
    apart = np.abs(best[:, None, :] - points[None, :, :]).max(axis=2)
    nearest = apart.argmin(axis=1)
    new = apart.min(axis=1) > 1e-10 * size
    numbers = np.where(new, len(points) + np.cumsum(new) - 1, nearest)
    points = np.vstack([points, best[new]])
    return points, candidates.renumbered(len(points)).joined(players, numbers[where.ravel()])
