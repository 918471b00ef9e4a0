"""The most revenue under DSIC and IR: affine payments plus the least utility of any report (Corollary 4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.errors import SolverFailed
from bigopt.games.mechanism.cycles import GROUP
from bigopt.games.mechanism.delegated import DELEGATES, policy_by_solver
from bigopt.games.mechanism.exact import monotone
from bigopt.games.mechanism.exact.least_utility import SMALLEST, least_utility
from bigopt.games.mechanism.exact.payments import affine
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.train import SHOWN
from bigopt.games.mechanism.verify.revenue import type_payments, verify

MOST_OUTCOMES = 300  # programs a group, for rewards whose largest entry is 1


def solve(game: Mechanism, request: Request) -> Answer:
    """Fill up the lowest outcomes, or solve the concave program by the solver that was named."""
    _, payments, _ = affine(game, request.deadline)
    if request.solver == "exact":
        with request.deadline.interrupting("computing least utilities"):
            least = np.array([least_utility(game, i)[0] for i in range(game.n)])
        method = "water-filling" if game.normalization == "sum" else "the lowest outcome"
    else:
        least = np.array([_by_solver(game, i, request) for i in range(game.n)])
        method = "the solver's concave programs"
    point: dict[str, Any] = {"payments": payments + least, "least_utility": least}
    if game.types is not None and len(game.types) > 1:
        point["group"] = game.index(request.arguments.get("group"))
        point["type_payments"] = type_payments(game, point["group"], request.deadline)
    return Answer(point, method=method)


def _by_solver(game: Mechanism, group: int, request: Request) -> float:
    """Return the least utility of one group: the program's value minus what the others get alone."""
    by_outcome = game.normalization == "max"
    if by_outcome and game.m > MOST_OUTCOMES:
        raise SolverFailed(f"{game.m} programs a group, expected at most {MOST_OUTCOMES}: use --solver exact", "error")
    outcomes: list[int | None] = [*range(game.m)] if by_outcome else [None]
    return min(_program(game, group, outcome, request) for outcome in outcomes) - Seat(game, group).worth


def _program(game: Mechanism, group: int, outcome: int | None, request: Request) -> float:
    """Return the value of one concave program, recomputed from its policy."""
    policy = policy_by_solver(game, request, "least_utility", group=group, outcome=outcome)
    seat = Seat(game, group)
    share = float(policy.min() if outcome is None else policy[outcome])
    return seat.worth - float(seat.affine(policy[None])[0]) + share * SMALLEST


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show what more can be charged, and the type set's own optimum."""
    keys = ("affine", "least_utility", "payments", "utilities")
    rows = [[g.name, g.size, *(fields[key][i] for key in keys)] for i, g in enumerate(game.groups[:SHOWN])]
    found = [Table("payments", ("group", "size", "affine", "least utility", "payment", "utility"), rows)]
    found.append(
        Table("", ("", ""), [["revenue", fields["revenue"]], ["of affine payments", fields["affine_revenue"]]])
    )
    if "type_payments" in fields:
        assert game.types is not None
        typed = [
            [kind.name, kind.size, fields["continuous"][t], fields["type_payments"][t], fields["gap"][t]]
            for t, kind in enumerate(game.types[:SHOWN])
        ]
        head = ("type", "size", "all rewards", "this type set", "gap")
        found.append(Table(f"types of {game.names[int(fields['group'])]}", head, typed))
    return found


class RevenueSolution(Solution):
    """The largest payments with which truth is best and nobody stays away.

    Attributes
    ----------
    payments : [n], reward
        Each group's payment.
    least_utility : [n], reward
        The least utility of any truthful report, which is charged beside the affine payment.
    affine : [n], reward
        The affine payments.
    utilities : [n], reward
        Each group's utility with the truth.
    revenue : reward
        The sum of payments.
    affine_revenue : reward
        The sum of the affine ones.
    policy : [m], probabilities
        The trained policy.
    group : index
        Whose type set the following are about, where there is one.
    type_payments : [T], reward
        The largest payments on the type set.
    continuous : [T], reward
        The payments of all reports at its types.
    gap : [T], reward
        `type_payments` minus `continuous`.
    """

    payments: Floats
    least_utility: Floats
    affine: Floats
    utilities: Floats
    revenue: float
    affine_revenue: float
    policy: Floats
    group: int | None = None
    type_payments: Floats | None = None
    continuous: Floats | None = None
    gap: Floats | None = None


CONCEPT = Concept(
    name="revenue",
    title="the largest payments that are DSIC and IR, on all rewards and on the type set (--group NAME)",
    verify=verify,
    solve=solve,
    arguments=(GROUP,),
    delegates=DELEGATES,
    refuses=lambda game: (
        monotone.refusal(game) or ("needs all distributions, not a mixture" if game.policies.base is not None else None)
    ),
    tables=tables,
    result=RevenueSolution,
)
