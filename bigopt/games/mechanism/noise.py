"""Noisy reports (Section 4.2): what errors in the rewards cost, and what they let groups gain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import count, share, whole
from bigopt.concepts.solution import Solution
from bigopt.games.mechanism.exact.perturbations import sample
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import is_social
from bigopt.games.mechanism.train import SHOWN
from bigopt.games.mechanism.verify.noise import summary, verify


def solve(game: Mechanism, request: Request) -> Answer:
    """Draw noise and measure."""
    error = float(request.options["error"])
    found = sample(game, error, int(request.options["draws"]), int(request.options["seed"]), request.deadline)
    return Answer(summary(game, error, found), method="sampled noise")


def refuses(game: Mechanism) -> str | None:
    """Refuse rules that the bounds are not about."""
    if not is_social(game):
        return f"{game.rule.objective}: Section 4.2 is about social welfare: use --concept train"
    return "needs all distributions, not a mixture" if game.policies.base is not None else None


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show what was measured beside its bounds."""
    rows = [
        ["loss of affine welfare", fields["loss"], fields["loss_bound"], fields["sharper_loss_bound"]],
        ["shift of the policy", fields["shift"], fields["shift_bound"], fields["shift_bound"]],
    ]
    rows += [
        [f"gain of {g.name}", fields["gains"][i], fields["gain_bounds"][i], fields["sharper_gain_bounds"][i]]
        for i, g in enumerate(game.groups[:SHOWN])
    ]
    return [Table(f"errors up to {fields['error']:g}", ("", "measured", "bound", "sharper"), rows)]


class NoiseSolution(Solution):
    """What errors in the rewards cost, beside the bounds of Section 4.2.

    Attributes
    ----------
    error : reward
        The largest error of an entry.
    loss : reward
        The largest loss of affine welfare over the draws.
    mean_loss : reward
        The mean one.
    loss_bound : reward
        Lemma 4.8.
    sharper_loss_bound : reward
        The same with the quadratic bound where it is smaller.
    gains : [n], reward
        Each group's largest gain of a misreport over the draws.
    gain_bounds : [n], reward
        Theorem 4.9.
    sharper_gain_bounds : [n], reward
        The same with the quadratic bound where it is smaller.
    shift : probability
        The largest change of the policy.
    shift_bound : probability
        Proposition 4.4.
    """

    error: float
    loss: float
    mean_loss: float
    loss_bound: float
    sharper_loss_bound: float
    gains: Floats
    gain_bounds: Floats
    sharper_gain_bounds: Floats
    shift: float
    shift_bound: float


CONCEPT = Concept(
    name="noise",
    title="noisy reports: what errors in the rewards cost and let gain, beside the bounds of Section 4.2",
    verify=verify,
    solve=solve,
    options=(
        Option("error", 0.05, parse=share, help="eps: how far a reward may be off in any outcome"),
        Option("draws", 1000, parse=count, help="of the noise"),
        Option("seed", 0, parse=whole, help="of the draws"),
    ),
    refuses=refuses,
    tables=tables,
    result=NoiseSolution,
)
