r"""What a combination on the simplex could still gain, where a Bob in large units cannot have much weight.

For any combination v, with g_j = (u_j - u_hat).r, the squared error falls by at most :math:`2 \sum_j v_j g_j`. One that
is no worse has :math:`\|Bv - a\| \le \|r\|`. Let :math:`\nu` be the unit normal of the affine hull of all Bobs but j,
h_j the distance of u_j from it and p a point of it: then :math:`v_j h_j = \nu \cdot (Bv - p)`, so that
:math:`v_j \le (|\nu \cdot (a - p)| + \|r\|)\, /\, h_j`. Without these caps the rounding of the pull of a Bob in units
of 1e9 would count as if he could have all weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats

FLAT = 1e-9  # of a Bob's distance from another: nearer to the others' affine hull than that is on it


@dataclass(frozen=True)
class Reach:
    """For every Bob [K] how far he stands from the others' affine hull, and Alice along that normal."""

    heights: Floats
    along: Floats

    @classmethod
    def of(cls, alice: Floats, bobs: Floats) -> Reach:
        """Measure a table, Bobs [N][K]; a Bob in the others' hull, or alone, gets height 0 and no cap."""
        count = bobs.shape[1]
        heights, along = np.zeros(count), np.zeros(count)
        for j in range(count if 1 < count <= len(bobs) else 0):
            others = np.delete(bobs, j, axis=1)
            own, away = bobs[:, j] - others[:, 0], alice - others[:, 0]
            plane = others[:, 1:] - others[:, :1]
            sizes = np.linalg.norm(plane, axis=0)
            basis = np.linalg.qr(plane / np.where(sizes > 0, sizes, 1.0))[0]
            normal = own - basis @ (basis.T @ own)
            normal -= basis @ (basis.T @ normal)  # once more: what is left may be small
            height = float(np.linalg.norm(normal))
            if height > FLAT * float(np.linalg.norm(own)):
                heights[j], along[j] = height, abs(float(normal @ away)) / height
        return cls(heights, along)

    def gains(self, pulls: Floats, lengths: Floats) -> Floats:
        """Return half of what the squared error could fall by, at most, a number a combination.

        Parameters
        ----------
        pulls : [S][K]
            g_j, minus infinity for Bobs that may not be used.
        lengths : [S]
            Norms of the residuals.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            caps = np.minimum(1.0, (self.along + lengths[:, None]) / self.heights)
        order = np.argsort(-pulls, axis=1)
        gains = np.maximum(np.take_along_axis(pulls, order, axis=1), 0.0)
        caps = np.take_along_axis(np.where(np.isnan(caps), 1.0, caps), order, axis=1)
        shares = np.clip(1.0 - (np.cumsum(caps, axis=1) - caps), 0.0, caps)
        return np.asarray((shares * gains).sum(axis=1))
