r"""The pairs that the players label, and their labels (eqs. (25), (26)).

With the reward :math:`r_\theta(y) = -\|y - \theta\|^2` the difference of rewards is affine in the ideal point,

.. math:: r_\theta(y) - r_\theta(y') = a + b^\top \theta, \qquad a = \|y'\|^2 - \|y\|^2, \quad b = 2 (y - y'),

so that a label is drawn by comparing it with standard logistic noise: y is preferred where noise < a + b.theta. The
noise of a comparison stays while its player changes its mind (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.arithmetic.counting import repeated
from bigopt.games.preferences.laws import Law

Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Comparisons:
    """All comparisons of all players, those of a player together.

    Attributes
    ----------
    offsets : ndarray, shape (N,)
        a of each comparison.
    slopes : ndarray, shape (N, d)
        b of each comparison.
    noise : ndarray, shape (N,)
        Standard logistic.
    starts : ndarray of int, shape (n + 1,)
        Player i has the comparisons ``starts[i]:starts[i + 1]``.
    """

    offsets: Floats
    slopes: Floats
    noise: Floats
    starts: Ints

    @property
    def count(self) -> int:
        """N, the number of comparisons."""
        return len(self.offsets)

    @property
    def players(self) -> int:
        """N."""
        return len(self.starts) - 1

    @cached_property
    def player(self) -> Ints:
        """Whose each comparison is, shape (N,)."""
        return repeated(np.arange(self.players), np.diff(self.starts))

    def of(self, player: int) -> slice:
        """Return where a player's comparisons stand."""
        return slice(int(self.starts[player]), int(self.starts[player + 1]))

    def margins(self, actions: Floats) -> Floats:
        """Return a + b.x_i of every comparison, its player labelling as from x_i; `actions` has shape (n, d)."""
        margins = np.array(self.offsets)
        sizes = np.diff(self.starts)
        for k in range(self.slopes.shape[1]):
            margins += self.slopes[:, k] * repeated(actions[:, k], sizes)
        return margins

    def labels(self, actions: Floats) -> Labels:
        """Return whether y is preferred in each comparison, shape (N,), the players labelling as from `actions`."""
        return self.noise < self.margins(actions)

    def chances(self, actions: Floats) -> Floats:
        """Return the probability of each label (eq. (26)), shape (N,)."""
        return np.asarray(expit(self.margins(actions)))

    def own(self, player: int) -> Comparisons:
        """Return the comparisons of one player."""
        part = self.of(player)
        starts = np.array([0, part.stop - part.start])
        return Comparisons(self.offsets[part], self.slopes[part], self.noise[part], starts)

    def some(self, players: Ints) -> Comparisons:
        """Return the comparisons of some players."""
        keep = np.concatenate([np.arange(self.starts[i], self.starts[i + 1]) for i in players.tolist()])
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[players])])
        return Comparisons(self.offsets[keep], self.slopes[keep], self.noise[keep], starts)

    def thinned(self, most: int) -> Comparisons:
        """Return the first comparisons of each player, in proportion, about `most` in all."""
        if self.count <= most:
            return self
        sizes = np.maximum(1, np.diff(self.starts) * most // self.count)
        keep = np.arange(self.count) - repeated(self.starts[:-1], np.diff(self.starts)) < repeated(
            sizes, np.diff(self.starts)
        )
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return Comparisons(self.offsets[keep], self.slopes[keep], self.noise[keep], starts)


def draw(law: Law, samples: Ints, seed: int) -> Comparisons:
    """Draw every player's pairs and noise."""
    rng = np.random.default_rng(seed)
    count = int(samples.sum())
    first, second = law.draw(rng, count), law.draw(rng, count)
    offsets, slopes = affine(first, second)
    return Comparisons(offsets, slopes, rng.logistic(size=count), _starts(samples))


def affine(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return a and b of the pairs (y, y'), shapes (N,) and (N, d).

    a = |y'|^2 - |y|^2 is taken as -(y - y').(y + y'): no digits are lost where y and y' are close.
    """
    slopes = first - second
    offsets = -np.einsum("nd,nd->n", slopes, first + second)
    slopes *= 2.0
    return offsets, slopes


def observed(first: Floats, second: Floats, labels: Labels, samples: Ints, targets: Floats, seed: int) -> Comparisons:
    """Return comparisons whose labels are known: the noise is drawn given that truthful labels are the known ones."""
    offsets, slopes = affine(first, second)
    whole = Comparisons(offsets, slopes, np.zeros(len(offsets)), _starts(samples))
    margins = whole.margins(targets)
    uniform = np.random.default_rng(seed).uniform(1e-12, 1.0, size=len(offsets))
    noise = np.where(labels, _below(margins, uniform), -_below(-margins, uniform))
    return Comparisons(offsets, slopes, noise, whole.starts)


def _below(margins: Floats, uniform: Floats) -> Floats:
    """Return standard logistic noise given that it is below the margins, from its conditional quantiles."""
    logarithms = np.log(uniform) - np.logaddexp(0.0, -margins)  # of the probability below
    noise = logarithms - np.log1p(-np.exp(logarithms))
    return np.asarray(np.minimum(noise, np.nextafter(margins, -np.inf)))


def _starts(samples: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(samples)])
