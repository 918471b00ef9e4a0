r"""How the groups' values are added up: objectives h(v, w) that are concave and increasing, with their conjugates.

For prices y > 0 put :math:`c(y) = \max_v h(v) - y \cdot v`. Then

.. math:: \max_p h(v(p)) - \lambda D(p) \le c(y) + G(\sum_i y_i rm_i)

with equality at the best policy's own prices: a training problem is as hard as a dual in n variables.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from bigopt.arithmetic.arrays import Floats


class Welfare(ABC):
    """An objective over values v [n] with sizes w [n]."""

    name: ClassVar[str]

    @abstractmethod
    def priced(self, values: Floats) -> bool:
        """Say whether the values have one vector of prices: h is finite and smooth there."""

    @abstractmethod
    def value(self, values: Floats, sizes: Floats) -> float:
        """Return h(v, w)."""

    @abstractmethod
    def prices(self, values: Floats, sizes: Floats) -> Floats:
        """Return the gradient of h (a supergradient where it has a kink)."""

    @abstractmethod
    def slack(self, prices: Floats, values: Floats, sizes: Floats) -> float:
        """Return c(y) + y.v - h(v) >= 0 without cancellation: 0 where y are the prices of v."""


class Social(Welfare):
    """Social welfare: sum w v (Definition 4.1)."""

    name: ClassVar[str] = "social-welfare"

    def priced(self, values: Floats) -> bool:
        """Say so always: a linear function."""
        return True

    def value(self, values: Floats, sizes: Floats) -> float:
        """Return sum w v."""
        return float(sizes @ values)

    def prices(self, values: Floats, sizes: Floats) -> Floats:
        """Return the sizes."""
        return sizes

    def slack(self, prices: Floats, values: Floats, sizes: Floats) -> float:
        """Return 0: the prices are always the sizes."""
        return 0.0 if np.array_equal(prices, sizes) else np.inf


class AlphaFair(Welfare):
    """Alpha-fairness: sum w v^(1 - alpha) / (1 - alpha), at alpha = 1 Nash welfare, sum w log v."""

    name: ClassVar[str] = "alpha-fair"

    def __init__(self, alpha: float = 1.0) -> None:
        """Keep alpha > 0."""
        self.alpha = alpha

    def priced(self, values: Floats) -> bool:
        """Say so where nobody has 0."""
        return bool((values > 0).all())

    def value(self, values: Floats, sizes: Floats) -> float:
        """Return h, minus infinity where it is not defined."""
        if (values <= 0).any():
            return -np.inf
        if self.alpha == 1.0:
            return float(sizes @ np.log(values))
        return float(sizes @ values ** (1.0 - self.alpha) / (1.0 - self.alpha))

    def prices(self, values: Floats, sizes: Floats) -> Floats:
        """Return w / v^alpha."""
        return np.asarray(sizes / values**self.alpha)

    def at_prices(self, prices: Floats, sizes: Floats) -> Floats:
        """Return the values whose prices these are."""
        return np.asarray((sizes / prices) ** (1.0 / self.alpha))

    def curvature(self, prices: Floats, sizes: Floats) -> Floats:
        """Return the second derivatives of c, (n,)."""
        return np.asarray(self.at_prices(prices, sizes) / (self.alpha * prices))

    def conjugate(self, prices: Floats, sizes: Floats) -> float:
        """Return c(y)."""
        values = self.at_prices(prices, sizes)
        return self.value(values, sizes) - float(prices @ values)

    def slack(self, prices: Floats, values: Floats, sizes: Floats) -> float:
        """Return sum w (t - 1 - log t), t = y v / w, for Nash welfare; the difference itself for another alpha."""
        if (values <= 0).any():
            return np.inf
        if self.alpha != 1.0:
            return max(0.0, self.conjugate(prices, sizes) + float(prices @ values) - self.value(values, sizes))
        excess = (prices * values - sizes) / sizes
        ratio = np.maximum(prices * values / sizes, np.finfo(float).tiny)
        logs = np.where(np.abs(excess) < 0.5, np.log1p(np.maximum(excess, -0.5)), np.log(ratio))
        return float(sizes @ (excess - logs))


class Maximin(Welfare):
    """The least value of any group, whatever the sizes; y are weights that sum to 1, and c = 0 there."""

    name: ClassVar[str] = "maximin"

    def priced(self, values: Floats) -> bool:
        """Deny it: several may be the worst off."""
        return False

    def value(self, values: Floats, sizes: Floats) -> float:
        """Return min v."""
        return float(values.min())

    def prices(self, values: Floats, sizes: Floats) -> Floats:
        """Return the weight 1 on one of the worst off."""
        return np.asarray(np.eye(len(values))[int(values.argmin())])

    def slack(self, prices: Floats, values: Floats, sizes: Floats) -> float:
        """Return y.v - min v."""
        return float(prices @ (values - values.min()))


WELFARES: dict[str, Welfare] = {"social-welfare": Social(), "nash-welfare": AlphaFair(), "maximin": Maximin()}
