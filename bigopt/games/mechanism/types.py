"""A finite type set of one group: the policies that its types lead to, and the graph's lengths (Definition 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.groups import Group
from bigopt.games.mechanism.response import Seat, is_social


@lru_cache(maxsize=16)
def policies_of(game: Mechanism, group: int) -> Floats:
    """Return the policy of each type of the set [T][m], the others' reports fixed."""
    assert game.types is not None
    seat = Seat(game, group)
    if is_social(game):
        return seat.policies(products_of(game.types))
    return np.array([seat.train(kind.reward, kind.size) for kind in game.types])


def products_of(types: Sequence[Group]) -> Floats:
    """Return z = w rm of each type [T][m]."""
    return np.array([kind.size * kind.reward for kind in types])


@lru_cache(maxsize=16)
def lengths_of(game: Mechanism, group: int) -> Floats:
    """Return l(s -> t) = V_t(a_t) - V_t(a_s) for types s, t [T][T]: what t's truth is worth to it over the report s.

    Payments p are incentive compatible iff p_t - p_s <= l(s -> t) for all s, t.
    """
    assert game.types is not None
    return lengths(products_of(game.types), policies_of(game, group))


def lengths(products: Floats, policies: Floats) -> Floats:
    """Return the lengths of types with z = w rm [T][m] that lead to policies [T][m]; 0 on the diagonal."""
    values = products @ policies.T  # [t, s]: V_t(a_s)
    result = (np.diagonal(values)[:, None] - values).T
    np.fill_diagonal(result, 0.0)
    return np.ascontiguousarray(result)
