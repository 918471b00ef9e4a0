"""Deterministic schemes as Pyomo variables, a policy in every state: one statement that the market models share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo


def add_schemes(m: pyo.ConcreteModel, sizes: Sequence[int]) -> None:
    """Add the states m.S, their policies m.A[s], the outcomes m.O and a binary ``m.x[s, a]`` for each.

    Parameters
    ----------
    m : ConcreteModel
    sizes : sequence of int
        How many policies each state has.
    """
    m.S = pyo.RangeSet(0, len(sizes) - 1)
    m.A = pyo.Set(m.S, initialize=lambda m, s: range(sizes[s]))
    m.O = pyo.Set(dimen=2, initialize=[(s, a) for s in m.S for a in m.A[s]])
    m.x = pyo.Var(m.O, domain=pyo.Binary)


def scheme_of(m: pyo.ConcreteModel) -> npt.NDArray[np.int64]:
    """Return the policy of the largest share in each state, shape (|S|,)."""
    return np.array([int(np.argmax([pyo.value(m.x[s, a]) for a in m.A[s]])) for s in m.S], dtype=np.int64)
