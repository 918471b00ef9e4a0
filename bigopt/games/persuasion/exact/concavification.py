"""Concavification: a sender's optimum drawn on the posterior simplex, for two and three states.

The sender's value at a posterior is piecewise linear: on each action's region, a convex polygon, it is linear. Its
concave closure at the prior is the optimum (Kamenica and Gentzkow 2011, Corollary 2), and it is spanned by the
regions' vertices, so that the upper hull of finitely many points is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.errors import UsageError
from bigopt.games.persuasion.game import Persuasion

SIDE = 1e-12  # of the two actions' largest difference: on which side of their line a posterior is
UPWARD = 1e-9  # a facet belongs to the upper hull if its normal points up by more than this


@dataclass(frozen=True)
class Closure:
    """The concave closure at the prior, and the points that span it.

    Attributes
    ----------
    value : float
    posteriors : ndarray [q][S]
    actions : ndarray [q]
        What Alice does at each posterior.
    weights : ndarray [q]
        The prior is their average.
    points, heights : ndarray [N][S], [N]
        Every vertex of every region, with the sender's value there.
    """

    value: float
    posteriors: Floats
    actions: Ints
    weights: Floats
    points: Floats
    heights: Floats


def region(alice: Floats, action: int) -> Floats:
    """Return the vertices of the posteriors at which an action is best for Alice, shape [v][S]; S is 2 or 3."""
    polygon = list(np.eye(alice.shape[0]))
    for other in range(alice.shape[1]):
        lead = alice[:, action] - alice[:, other]
        polygon = _clip(polygon, lead / (np.abs(lead).max() or 1.0))
    return np.array(polygon).reshape(len(polygon), alice.shape[0])


def concave_closure(game: Persuasion, utility: Floats) -> Closure:
    """Compute a sender's optimum as the concave closure of his value at the prior.

    Raises
    ------
    UsageError
        Other than two or three states.
    """
    states = len(game.states)
    if states not in (2, 3):
        raise UsageError(f"concavification: {states} states, expected 2 or 3")
    corners = [(mu, a) for a in np.flatnonzero(game.inducible) for mu in region(game.alice, int(a))]
    points = np.array([mu for mu, _ in corners])
    actions = np.array([a for _, a in corners], dtype=np.int64)
    heights = np.einsum("ns,sn->n", points, utility[:, actions])
    facet = _facet_above(points, heights, game.prior)
    weights = np.linalg.lstsq(points[facet].T, game.prior, rcond=None)[0]
    weights = np.maximum(weights, 0.0) / np.maximum(weights, 0.0).sum()
    return Closure(float(weights @ heights[facet]), points[facet], actions[facet], weights, points, heights)


def _facet_above(points: Floats, heights: Floats, prior: Floats) -> Ints:
    """Return the indices of the upper hull's facet over the prior."""
    states = points.shape[1]
    unit = float(np.ptp(heights)) or 1.0
    floor = np.full(states, heights.min() - unit)  # makes the hull full-dimensional, and lies below every upper facet
    above_floor = (np.concatenate([heights, floor]) - heights.min()) / unit
    cloud = np.column_stack([np.vstack([points, np.eye(states)])[:, :-1], above_floor])
    hull = ConvexHull(cloud)
    normals, offsets = hull.equations[:, :-1], hull.equations[:, -1]
    upward = normals[:, -1] > UPWARD
    above = -(offsets[upward] + normals[upward, :-1] @ prior[:-1]) / normals[upward, -1]
    height = above.min()
    candidates = hull.simplices[upward][above <= height + 1e-9]
    inside = [_barycentric(points, simplex, prior) for simplex in candidates if simplex.max() < len(points)]
    simplices = [simplex for simplex in candidates if simplex.max() < len(points)]
    return np.asarray(simplices[int(np.argmax(inside))], dtype=np.int64)


def _barycentric(points: Floats, simplex: Ints, prior: Floats) -> float:
    """Return the smallest barycentric coordinate of the prior in a facet: non-negative where it lies inside."""
    weights, *_ = np.linalg.lstsq(points[simplex].T, prior, rcond=None)
    miss = float(np.abs(points[simplex].T @ weights - prior).max())
    return float(weights.min()) - 1e3 * miss


def _clip(polygon: list[Floats], normal: Floats) -> list[Floats]:
    """Cut a convex polygon (Sutherland-Hodgman) to the side where ``normal . mu >= 0``."""
    kept: list[Floats] = []
    for here, after in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        side, far = float(normal @ here), float(normal @ after)
        if side >= -SIDE:
            kept.append(here)
        if (side > SIDE and far < -SIDE) or (side < -SIDE and far > SIDE):
            kept.append((side * after - far * here) / (side - far))
    return kept
