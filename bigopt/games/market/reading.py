"""Reading a market's data: Bobs with their names, a list of numbers a state, and the prior as coprime integers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.alice.bob import Bob, as_list, parts
from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.arithmetic.decimals import Written, integers
from bigopt.errors import InstanceError

Exact = npt.NDArray[Any]  # int64 where every sum fits, else Python integers


def named(bobs: Any, names: Any) -> tuple[Any, Any]:
    """Return the names and the utilities of Bobs that may bring their names along."""
    bobs = as_list(bobs)
    if not isinstance(bobs, (list, tuple)) or not any(isinstance(bob, (Bob, Mapping)) for bob in bobs):
        return names, bobs
    pairs = [parts(bob) for bob in bobs]
    for j, (name, _) in enumerate(pairs):
        if not isinstance(name, str) or not name:
            raise InstanceError(f"bobs[{j}]: expected a Bob with a name and a utility, as the others")
    if len(names):
        raise InstanceError("bob_names: stands beside Bobs that have names, expected one of the two")
    return tuple(name for name, _ in pairs), tuple(utility for _, utility in pairs)


def per_state(value: Any, path: str, sizes: Sequence[int | None]) -> tuple[Floats, ...]:
    """Read one list of numbers a state."""
    if not isinstance(value, (list, tuple, np.ndarray)) or len(value) == 0:
        raise InstanceError(f"{path}: expected a list of numbers for each state")
    if len(value) != len(sizes):
        raise InstanceError(f"{path}: {len(value)} rows, expected {len(sizes)} (one a state)")
    return tuple(numbers(row, f"{path}[{s}]", [sizes[s]], ["policy"]) for s, row in enumerate(value))


def fine(player: Any) -> tuple[Exact, ...] | None:
    """Return the rows with each number as it was written, None where floats keep them all."""
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in player]
    if not any(isinstance(v, Written) or (isinstance(v, int) and abs(v) > 2**53) for row in rows for v in row):
        return None
    exact = []
    for row in rows:
        exact.append(np.empty(len(row), dtype=object))
        exact[-1][:] = list(row)
    return tuple(exact)


def written(player: Sequence[Exact]) -> list[list[Any]]:
    """Return the rows as lists, for a file."""
    return [row.tolist() for row in player]


def prior(prior: Any, weights: Any, states: int) -> tuple[tuple[int, ...], Floats]:
    """Return the prior as coprime integers and as floats."""
    if weights is not None and prior is not None:
        raise InstanceError("prior: given beside prior_weights, expected only one of them")
    if weights is not None:
        given = [int(w) for w in whole(weights, "prior_weights", [states], ["state"]).tolist()]
        if sum(given) == 0:
            raise InstanceError("prior_weights: all zero, expected at least one positive weight")
    elif prior is not None:
        shares = numbers(prior, "prior", [states], ["state"])
        if shares.min() < 0:
            s = int(shares.argmin())
            raise InstanceError(f"prior[{s}]: {shares[s]:g}, expected a probability")
        if abs(float(shares.sum()) - 1) > 1e-9:
            raise InstanceError(f"prior: sums to {float(shares.sum()):.12g}, expected 1 (or use prior_weights)")
        given = [int(w) for w in integers(shares)[0].tolist()]
    else:
        given = [1] * states
    common = math.gcd(*given)
    coprime = tuple(w // common for w in given)
    return coprime, np.array(coprime, dtype=float) / sum(coprime)
