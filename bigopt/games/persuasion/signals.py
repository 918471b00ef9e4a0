"""What Alice does after every combination of signals, and what that is worth to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints, numbers
from bigopt.arithmetic.decimals import Decimals
from bigopt.errors import InstanceError, UsageError
from bigopt.games.persuasion.choices import choose, tied_actions
from bigopt.games.persuasion.game import Persuasion

UNUSED = 1e-9  # signals of at most this probability are dropped
ALIKE = 1e-9  # likelihood ratios this near count as one message
MOST_MESSAGES = 20_000  # combinations of signals that are written down


@dataclass(frozen=True)
class Outcome:
    """What a scheme leads to beside what Alice learns otherwise.

    Attributes
    ----------
    choices : ndarray [R][M]
        Alice's action after the scheme's signal r and the other message m.
    alice : float
        Her expected utility.
    bobs : ndarray [k]
    """

    choices: Ints
    alice: float
    bobs: Floats


def alone(game: Persuasion) -> Floats:
    """Return the kernel [S][M] of what Alice learns without any Bob: her own signals, or one empty message."""
    return np.ones((len(game.states), 1)) if game.alice_signal is None else game.alice_signal


def combine(kernels: Sequence[Floats]) -> Floats:
    """Return the kernel [S][M] of several conditionally independent sources, messages of equal meaning as one.

    Two messages whose probabilities are proportional over the states leave the same posterior.
    """
    joined = kernels[0]
    for kernel in kernels[1:]:
        count = joined.shape[1] * kernel.shape[1]
        if count > MOST_MESSAGES:
            raise UsageError(f"profile: {count} combinations of signals, expected at most {MOST_MESSAGES}")
        joined = _distinct((joined[:, :, None] * kernel[:, None, :]).reshape(len(joined), -1))
    return _distinct(joined)


def outcome(game: Persuasion, scheme: Floats, kernel: Floats, favoured: Sequence[Floats] = ()) -> Outcome:
    """Let Alice best respond to a scheme's signals beside another kernel.

    Parameters
    ----------
    scheme : ndarray [S][R]
    kernel : ndarray [S][M]
    favoured : sequence of ndarray [S][A]
        Utilities that decide ties, one after the other; what is left goes to the lowest index.
    """
    choices = np.empty((scheme.shape[1], kernel.shape[1]), dtype=np.int64)
    alice, bobs = 0.0, np.zeros(len(game.bobs))
    order = [Decimals.of(utility) for utility in favoured]
    for m in range(kernel.shape[1]):
        joint = game.prior[:, None] * scheme * kernel[:, [m]]
        choice = choose(joint, game.decimals, game.ever, order)
        choices[:, m] = choice
        alice += _value(joint, game.alice, choice)
        bobs += [_value(joint, utility, choice) for utility in game.utilities]
    return Outcome(choices, alice, bobs)


def cautious(game: Persuasion, scheme: Floats, utility: Floats, margin: float) -> float:
    """Return a sender's value if Alice takes, among the actions within `margin` of the best, the worst for him."""
    total = 0.0
    for column in (game.prior[:, None] * scheme).T:
        near = tied_actions(column, game.decimals, np.ones(len(game.actions), dtype=bool), margin)
        total += float((column @ utility[:, near]).min())
    return total


def tie_order(game: Persuasion) -> list[Floats]:
    """Return whose favour decides ties among several senders: the Bobs in their order, or nobody's."""
    return list(game.utilities) if game.tie_break == "sender" else []


def told_nothing(game: Persuasion, utility: Floats) -> int | None:
    """Return what Alice does at the prior, by her tie rule; None where nothing wins there by the margin.

    Found at once: which actions she ever takes can take minutes.
    """
    tied = tied_actions(game.prior, game.decimals, np.ones(len(game.actions), dtype=bool), game.margin)
    if game.margin:
        return int(tied[0]) if len(tied) == 1 else None
    return int(tied[0] if game.tie_break == "first" else max(tied, key=lambda a: float(game.prior @ utility[:, a])))


def messages(game: Persuasion, scheme: Floats) -> list[dict[str, Any]]:
    """Return each used signal's probability and posterior."""
    joint = game.prior[:, None] * scheme
    chance = joint.sum(axis=0)
    used = np.flatnonzero(chance > UNUSED)
    return [{"signal": int(r), "probability": float(chance[r]), "posterior": joint[:, r] / chance[r]} for r in used]


def cleaned(scheme: Floats) -> Floats:
    """Return a scheme with its negative entries cut off and its rows summing to 1."""
    kept = np.maximum(scheme, 0.0)
    total = kept.sum(axis=1, keepdims=True)
    return np.where(total > 0, kept / np.where(total > 0, total, 1.0), 1.0 / kept.shape[1])


def off_simplex(scheme: Floats) -> float:
    """Return how far rows are from probability distributions, the largest violation."""
    return float(max(0.0, -scheme.min(), np.abs(scheme.sum(axis=1) - 1.0).max()))


def used_only(scheme: Floats, prior: Floats) -> Floats:
    """Drop signals that are never sent."""
    kept = prior @ scheme > UNUSED
    return cleaned(scheme[:, kept])


def read_scheme(value: Any, path: str, game: Persuasion, signals: int | None = None) -> Floats:
    """Read a scheme [S][signals] from a solution or a profile."""
    return numbers(value, path, [len(game.states), signals], ["state", "signal"])


def read_profile(game: Persuasion, given: Any) -> list[Floats]:
    """Read one scheme a Bob: a list of tables [S][signals], or an object that holds it as schemes."""
    for key in ("solution", "profile", "schemes"):
        if isinstance(given, dict) and key in given:
            given = given[key]
    if not isinstance(given, (list, tuple, np.ndarray)) or len(given) != len(game.bobs):
        found = f"{len(given)} schemes" if isinstance(given, (list, tuple, np.ndarray)) else f"{str(given)[:40]!r}"
        raise InstanceError(f"profile: {found}, expected a list of {len(game.bobs)} (one table [state][signal] a Bob)")
    profile = [read_scheme(item, f"profile[{j}]", game) for j, item in enumerate(given)]
    for j, scheme in enumerate(profile):
        if off_simplex(scheme) > 1e-6:
            raise InstanceError(f"profile[{j}]: off by {off_simplex(scheme):.3g}, expected rows that sum to 1")
    return [cleaned(scheme) for scheme in profile]


def _value(joint: Floats, utility: Floats, choice: Ints) -> float:
    return float((joint * utility[:, choice]).sum())


def _distinct(kernel: Floats) -> Floats:
    """Add up columns that are proportional; drop columns of zeros."""
    total = kernel.sum(axis=0)
    kept = kernel[:, total > 0]
    if not kept.shape[1]:
        return kept
    ratios = np.round(kept / kept.sum(axis=0) / ALIKE).astype(np.int64)
    _, group = np.unique(ratios, axis=1, return_inverse=True)
    merged = np.zeros((len(kernel), int(group.max()) + 1))
    np.add.at(merged.T, group.ravel(), kept.T)
    return merged
