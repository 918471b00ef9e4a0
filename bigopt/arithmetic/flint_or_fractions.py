"""Rational numbers and matrices of them: FLINT's, or the standard library's where `python-flint` is not there.

The one place that asks for `flint`. A browser may not have it: fractions are slower by orders of magnitude, and as
right. Of numbers only `numerator`, `denominator` and arithmetic may be used, of matrices what `FractionMatrix` has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat
else:
    try:
        from flint import fmpq, fmpq_mat
    except ImportError:
        from fractions import Fraction as fmpq  # noqa: N813

        from bigopt.arithmetic.fraction_matrix import FractionMatrix as fmpq_mat  # noqa: N813

__all__ = ["fmpq", "fmpq_mat"]
