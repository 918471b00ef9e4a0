"""The one sum that model files are written with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyomo.core.expr import LinearExpression, MonomialTermExpression


def dot(coefficients: Iterable[float], variables: Iterable[Any]) -> Any:
    """Return the linear expression sum of coefficient times variable; zero coefficients are left out.

    Parameters
    ----------
    coefficients : iterable of float
        Plain numbers or numpy's; as many as variables.
    variables : iterable of Pyomo variables
    """
    pairs = zip(coefficients, variables, strict=True)
    return LinearExpression([MonomialTermExpression((float(c), v)) for c, v in pairs if c != 0])
