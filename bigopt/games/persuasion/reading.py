"""The entries of a persuasion game, read and checked one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bigopt.alice.bob import Bob, as_list, parts
from bigopt.arithmetic.arrays import Floats, Ints, numbers, whole
from bigopt.arithmetic.rationals import total
from bigopt.errors import InstanceError

ALIGNED = ("alice", "aligned")  # names of the perfectly aligned Bob (Definition 8)
SUM = 1e-9  # how far from 1 a distribution may sum


def distribution_of_states(prior: Any, weights: Any, states: int) -> tuple[Floats, Ints | None]:
    """Read the prior [S] from probabilities or whole weights, uniform by default; return the weights too, if known."""
    if weights is not None:
        counts = whole(weights, "prior_weights", [states], ["state"])
        if not counts.sum() > 0:
            raise InstanceError("prior_weights: sum 0, expected at least one positive weight")
        return frozen(counts / counts.sum()), counts
    if prior is None:
        return frozen(np.full(states, 1.0 / states)), np.ones(states, dtype=np.int64)
    return frozen(_distribution(numbers(prior, "prior", [states], ["state"]), "prior")), None


def signal(given: Any, states: int) -> Floats | None:
    """Read what Alice sees herself: a distribution over her signals a state, or nothing."""
    if given is None:
        return None
    table = numbers(given, "alice_signal", [states, None], ["state", "signal"])
    return frozen(np.array([_distribution(row, f"alice_signal[{s}]") for s, row in enumerate(table)]))


def _distribution(values: Floats, path: str) -> Floats:
    """Check that values are non-negative and sum to 1; return them with the rounding of the sum taken out."""
    if (values < 0).any():
        i = int(np.argmax(values < 0))
        raise InstanceError(f"{path}[{i}]: {values[i]:g}, expected a probability")
    if abs(values.sum() - 1.0) > SUM:
        raise InstanceError(f"{path}: sums to {values.sum():.12g}, expected 1")
    if total(values) == 1:  # as decimals: rounding would only spoil them
        return values
    scaled: Floats = values / values.sum()
    return scaled


def bobs(given: Any, shape: list[int], per: list[str]) -> tuple[Bob, ...]:
    """Read the senders, at least one, with distinct names."""
    given = as_list(given)
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence) or not given:
        raise InstanceError("bobs: expected a list of at least 1 object with the keys name and utility")
    found: list[Bob] = []
    for i, item in enumerate(given):
        if not isinstance(item, Bob) and not (isinstance(item, Mapping) and {"name", "utility"} <= set(item)):
            shown = " ".join(repr(item).split())[:40]
            raise InstanceError(f"bobs[{i}]: {shown}, expected an object with the keys name and utility")
        bob = Bob(*parts(item))
        if not isinstance(bob.name, str) or not bob.name or bob.name in ALIGNED:
            raise InstanceError(f"bobs[{i}].name: {str(bob.name)[:40]!r}, expected a name other than alice and aligned")
        if bob.name in [other.name for other in found]:
            raise InstanceError(f"bobs[{i}].name: {bob.name[:40]!r} stands twice, expected distinct names")
        found.append(Bob(bob.name, numbers(bob.utility, f"bobs[{i}].utility", list(shape), per)))
    return tuple(found)


def frozen(array: Floats) -> Floats:
    """Return the array, made read-only."""
    array.flags.writeable = False
    return array
