"""The certificate of payments: affine ones by the identities, the cheaper ones by what they break."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact import heuristics, samples
from bigopt.games.mechanism.exact.payments import by_training
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, affine_welfare
from bigopt.games.mechanism.verify import identities
from bigopt.games.mechanism.verify.grades import recomputed
from bigopt.games.mechanism.verify.policy import prove, read_policy


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `payments` solution from its policy and payments, and prove it.

    A policy may be off by far more than payments may, and moves them at first order: they are held to those of the
    policy that is trained here.
    """
    policy, inside = read_policy(game, point)
    if "payments" not in point:
        raise InstanceError("payments: missing, expected one a group")
    claimed = numbers(point["payments"], "payments", [game.n], ["group"])
    request.deadline.check("verifying the policy")
    welfare, social = affine_welfare(game, policy)
    utilities = game.sizes * (game.rewards @ policy) - claimed
    fields = {"payments": claimed, "utilities": utilities, "policy": policy, "revenue": float(claimed.sum())}
    fields |= {"welfare": welfare, "social_welfare": social}
    checks: list[Check] = [inside, *prove(game, policy).checks()]
    request.deadline.check("verifying payments")
    with request.deadline.interrupting("verifying payments"):
        trained, exact, _ = by_training(game, request.deadline)
        if request.options["from"] == "samples":
            more, said = _sampled(game, trained, exact, claimed, request)
        elif request.options["rule"] != "affine":
            more, said = _cheaper(game, trained, exact, claimed, request)
        else:
            more, said = (
                {},
                [identities.payments(game, trained, exact, claimed), identities.participation(game, utilities)],
            )
            said += [identities.rationality(game, utilities), identities.truthfulness(game)]
    return fields | more, Certificate((*checks, *said))


def _sampled(
    game: Mechanism, policy: Floats, exact: Floats, claimed: Floats, request: Request
) -> tuple[dict[str, Any], list[Check]]:
    """Estimate again from the same draws, and show the exact payments beside the intervals."""
    draws = draws_of(game, policy, request)
    found = samples.estimate(game, draws, float(request.options["confidence"]))
    off = float((np.abs(claimed - found.payments) / identities.units(game, policy)).max())
    missed = int((np.abs(exact - claimed) > found.radius + identities.PAYMENT * game.stakes).sum())
    more = {"radius": found.radius, "epsilon": found.epsilon, "draws": len(draws), "affine": exact, "missed": missed}
    return more, [recomputed("estimates", off, identities.PAYMENT, "stakes of a group", "from the same draws")]


def draws_of(game: Mechanism, policy: Floats, request: Request) -> Any:
    """Return the draws to estimate from: the instance's own, or those of the seed."""
    if game.draws is not None and request.options["samples"] is None:
        return game.draws
    return samples.draw(policy, int(request.options["samples"] or samples.COUNT), int(request.options["seed"]))


def _cheaper(
    game: Mechanism, policy: Floats, exact: Floats, claimed: Floats, request: Request
) -> tuple[dict[str, Any], list[Check]]:
    """Recompute a heuristic's payments, and measure what it breaks."""
    rule, steps = str(request.options["rule"]), int(request.options["steps"])
    own = cheaper_payments(game, policy, rule, steps)
    off = float((np.abs(claimed - own) / identities.units(game, policy)).max())
    more = {"affine": exact, "negative": int((own < 0).sum())}
    return more, [recomputed("payments", off, identities.PAYMENT, "stakes of a group", f"Section 6, {rule}, again")]


def cheaper_payments(game: Mechanism, policy: Floats, rule: str, steps: int) -> Floats:
    """Return a heuristic's payments [n] for truthful reports."""
    paid = []
    for i in range(game.n):
        seat = Seat(game, i)
        if rule == "checkpoints":
            paid.append(heuristics.checkpoints(seat, seat.truth[None], policy[None], steps)[0])
        else:
            paid.append(heuristics.early_stop(seat, policy[None], steps)[0])
    return np.array(paid)
