"""Payments that make truth a dominant report under social welfare (Section 4.1), and the cheaper ones of Section 6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import below_one, count, whole
from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError
from bigopt.games.mechanism.delegated import DELEGATES, policy_by_solver
from bigopt.games.mechanism.exact import monotone, samples
from bigopt.games.mechanism.exact.heuristics import STEPS
from bigopt.games.mechanism.exact.payments import affine, has_closed_form
from bigopt.games.mechanism.exact.training import trainer
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.train import SHOWN
from bigopt.games.mechanism.verify.payments import cheaper_payments, draws_of, verify


def solve(game: Mechanism, request: Request) -> Answer:
    """Compute payments in closed form where there is one; else by n + 1 trainings, ours or a solver's."""
    sampled, rule = request.options.get("from") == "samples", str(request.options.get("rule", "affine"))
    if sampled and not has_closed_form(game):
        raise UsageError("option from=samples: needs the closed form, kl on all distributions: use from=exact")
    if sampled and rule != "affine":
        raise UsageError(f"option rule={rule}: stands beside from=samples: choose one of the two")
    if request.solver != "exact":
        policy, payments = _by_solver(game, request)
        method = "n + 1 trainings by the solver"
    else:
        policy, payments, _ = affine(game, request.deadline)
        method = "from the trained policy alone" if has_closed_form(game) else "n + 1 trainings"
    if sampled:
        draws = draws_of(game, policy, request)
        payments = samples.estimate(game, draws, float(request.options["confidence"])).payments
        method = f"{len(draws)} draws from the trained policy"
    if rule != "affine":
        payments = cheaper_payments(game, policy, rule, int(request.options["steps"]))
        method = f"Section 6, {rule}"
    return Answer({"policy": policy, "payments": payments}, method=method)


def _by_solver(game: Mechanism, request: Request) -> tuple[Floats, Floats]:
    """Train with and without each group by the solver that was named; return the policy and the payments."""
    rule, trained = trainer(game).regularizer, [_train(game, request, without) for without in (None, *range(game.n))]
    payments = []
    for i in range(game.n):
        others = Seat(game, i).others
        with_it, alone = (
            float(others @ p) - game.strength * float(rule.divergence(p)) for p in (trained[0], trained[i + 1])
        )
        payments.append(alone - with_it)
    return trained[0], np.array(payments)


def _train(game: Mechanism, request: Request, without: int | None) -> Floats:
    """Solve one training problem."""
    return policy_by_solver(game, request, "training_welfare", without=without)


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show what everybody pays and keeps."""
    extra = [key for key in ("radius", "affine") if key in fields]
    rows = [
        [g.name, g.size, fields["payments"][i], fields["utilities"][i], *(fields[key][i] for key in extra)]
        for i, g in enumerate(game.groups[:SHOWN])
    ]
    summary = [
        [key.replace("_", " "), fields[key]] for key in ("revenue", "welfare", "epsilon", "negative") if key in fields
    ]
    more = f", the first {SHOWN} of {game.n} groups" if game.n > SHOWN else ""
    return [
        Table(f"payments{more}", ("group", "size", "payment", "utility", *extra), rows),
        Table("", ("", ""), summary),
    ]


class PaymentsSolution(Solution):
    """What every group pays.

    Attributes
    ----------
    payments : [n], reward
        Each group's payment.
    utilities : [n], reward
        Each group's value less its payment.
    policy : [m], probabilities
        The trained policy.
    revenue : reward
        The sum of payments.
    welfare : reward
        The affine welfare of the policy.
    social_welfare : reward
        The summed reward of all groups.
    radius : [n], reward
        How far the estimates may be off, from draws.
    epsilon : reward
        What any misreport gains at most, from draws.
    draws : count
        Of outcomes that were drawn.
    missed : count
        Of groups whose exact payment lies beyond the radius.
    affine : [n], reward
        The affine payments, computed, beside estimates and cheaper ones.
    negative : count
        Of groups that are paid, by cheaper rules.
    """

    payments: Floats
    utilities: Floats
    policy: Floats
    revenue: float
    welfare: float
    social_welfare: float
    radius: Floats | None = None
    epsilon: float | None = None
    draws: int | None = None
    missed: int | None = None
    affine: Floats | None = None
    negative: int | None = None


CONCEPT = Concept(
    name="payments",
    title="affine maximizer payments: truth is dominant (or estimates of them, or the cheaper ones of Section 6)",
    verify=verify,
    solve=solve,
    options=(
        Option("from", "exact", ("exact", "samples"), help="samples: estimate from draws of the trained policy (kl)"),
        Option("samples", None, parse=count, help=f"draws; default the instance's own, else {samples.COUNT}"),
        Option("seed", 0, parse=whole, help="of the draws"),
        Option("confidence", 0.95, parse=below_one, help="with which all intervals hold together"),
        Option(
            "rule", "affine", ("affine", "checkpoints", "early-stop"), help="the payments, or a heuristic of Section 6"
        ),
        Option("steps", STEPS, parse=count, help="of the heuristics' training"),
    ),
    delegates=DELEGATES,
    refuses=monotone.refusal,
    tables=tables,
    result=PaymentsSolution,
)
