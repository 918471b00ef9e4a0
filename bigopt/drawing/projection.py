"""Points of any dimension on paper: the line and the plane as they are, more coordinates by a stated projection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats


@dataclass(frozen=True)
class View:
    """How points [N][d] are seen: ``(points - center) @ basis.T`` [N][2], and what the axes are called."""

    center: Floats
    basis: Floats
    labels: tuple[str, str]

    def __call__(self, points: Floats) -> Floats:
        """Return where points [N][d] (or one point [d]) are drawn, [N][2]."""
        seen: Floats = (np.atleast_2d(np.asarray(points, dtype=float)) - self.center) @ self.basis.T
        return seen

    def outline(self, argmax: Callable[[Floats], Floats], count: int = 720) -> Floats:
        """Return the outline [count][2] of a convex set, from the points that are farthest in each direction [.][d]."""
        return self(argmax(directions(count) @ self.basis))


def directions(count: int) -> Floats:
    """Return unit vectors all around the plane, shape (count, 2)."""
    angles = 2.0 * np.pi * (np.arange(count) + 0.37) / count
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def view_of(points: Floats) -> View:
    """Return the view of a cloud of points [N][d]: its own coordinates up to d = 2, else its principal plane.

    The principal plane is spanned by the two directions in which the points are spread most; the labels tell how much
    of their variance each shows.
    """
    dimension = points.shape[1]
    if dimension <= 2:
        basis = np.eye(2, dimension)
        return View(np.zeros(dimension), basis, ("coordinate 0", "coordinate 1" if dimension == 2 else ""))
    center = points.mean(axis=0)
    _, sizes, ways = np.linalg.svd(points - center, full_matrices=False)
    basis = np.zeros((2, dimension))
    basis[: min(2, len(ways))] = ways[:2]
    signs = np.sign(np.take_along_axis(basis, np.abs(basis).argmax(axis=1)[:, None], axis=1))
    shares = np.append(sizes**2, [0.0, 0.0])[:2] / max(float((sizes**2).sum()), 1e-300)
    first, second = (f"principal direction {k} ({100 * share:.0f} % of the spread)" for k, share in enumerate(shares))
    return View(center, basis * np.where(signs == 0, 1.0, signs), (first, second))
