"""Judge a scheme beside something else that Alice learns: her own signals, or the other Bobs'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints, whole
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.arithmetic.rationals import rational
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Check
from bigopt.errors import InstanceError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.regions import Regions, disobeyed
from bigopt.games.persuasion.exact.reply import Reply, best_reply
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.verify import proof

OBEDIENCE = 1e-7  # probability: how much of it may be disobeyed, each row measured by its own stakes
GAP = 1e-6  # what is at stake for the sender: between his value and its upper bound, either way


@dataclass(frozen=True)
class Judged:
    """A scheme's value with Alice's answers [R][M], how much of it she would not do, and what bounds it."""

    maps: Ints
    value: fmpq
    lost: float
    stake: float
    reply: Reply

    @property
    def top(self) -> fmpq:
        """The upper bound on the value of any scheme."""
        return self.reply.exact if self.reply.exact is not None else rational(self.reply.bound)

    def checks(self) -> tuple[Check, Check]:
        """Return that the answers are Alice's, and that nothing is worth more."""
        gap = abs(proof.number(self.top - self.value)) / self.stake
        return (
            Check("obedience", self.lost, OBEDIENCE, "probability", grade="proved"),
            Check("optimality", gap, GAP, "the sender's stakes", self.reply.proof, grade=self.reply.grade),
        )


def judge(
    game: Persuasion,
    utility: Floats,
    kernel: Floats,
    favoured: Sequence[Floats] | None,
    scheme: Floats,
    maps: Ints | None,
    deadline: Deadline,
) -> Judged:
    """Recompute what a scheme [S][R] gets a sender and bound what any scheme does.

    Parameters
    ----------
    maps : ndarray [R][M], or None
        What Alice is said to do; None: of what she may do after each signal, what the sender likes best.
    """
    deadline.check("finding the best reply for the certificate")
    reply = best_reply(game, utility, kernel, favoured, deadline)
    regions = Regions(game, kernel, favoured)
    answers = _answers(game, utility, kernel, regions, scheme, deadline) if maps is None else maps
    lost = 0.0
    for r, choice in enumerate(answers):
        column = (game.prior * scheme[:, r])[game.live]
        if column.any():
            region = regions.of(regions.told(choice, column), deadline)
            lost += float(column.sum()) * (1.0 if region is None else disobeyed(region, column))
    spread = effective(game, scheme, kernel, answers)
    mean = proof.value(game, spread, utility)
    return Judged(answers, mean, lost, proof.stake(game, spread, utility, mean), reply)


def effective(game: Persuasion, scheme: Floats, kernel: Floats, maps: Ints) -> Floats:
    """Return the probability [S][A] of each action, given the state."""
    spread = np.zeros(game.alice.shape)
    for r, choice in enumerate(maps):
        for m, a in enumerate(choice):
            spread[:, a] += scheme[:, r] * kernel[:, m]
    return spread


def mean_of(game: Persuasion, spread: Floats, utility: Floats) -> float:
    """Return the mean of a utility [S][A] over actions of probabilities [S][A], given the state."""
    return float((game.prior[:, None] * spread * utility).sum())


def _answers(
    game: Persuasion, utility: Floats, kernel: Floats, regions: Regions, scheme: Floats, deadline: Deadline
) -> Ints:
    """Return what Alice does after each signal at a posterior that may be moved a little in the sender's favour."""
    listed = regions.all(deadline) if kernel.shape[1] * len(game.actions) <= 60 else None
    if listed is None:
        return signals.outcome(game, scheme, kernel, [utility]).choices
    found = []
    for r in range(scheme.shape[1]):
        column = game.prior * scheme[:, r]
        near = [g.answers for g in listed if disobeyed(g, column[game.live]) <= OBEDIENCE]
        worth = [sum(float(column * kernel[:, m] @ utility[:, a]) for m, a in enumerate(choice)) for choice in near]
        found.append(near[int(np.argmax(worth))] if near else listed[0].answers)
    return np.array(found, dtype=np.int64)


def read_maps(game: Persuasion, point: Mapping[str, Any], signals_sent: int, messages: int) -> Ints:
    """Read what Alice is recommended after each signal and message."""
    size = [signals_sent, messages]
    maps = whole(point["recommendations"], "recommendations", size, ["signal", "message"])
    if (maps >= len(game.actions)).any():
        raise InstanceError(f"recommendations: action {maps.max()}, expected below {len(game.actions)}")
    return maps
