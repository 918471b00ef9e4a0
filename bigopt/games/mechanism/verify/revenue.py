r"""The certificate of revenue-maximizing payments.

Affine payments are the only DSIC ones up to a constant a group (Theorem 4.5), and the constant that IR allows is the
least utility: an attained utility bounds it from above, and for any report r* the convexity of G,
:math:`G(R_{-i} + r) \ge G(R_{-i} + r^*) + \psi^* \cdot (r - r^*)`, bounds it from below by the worst r, a vertex.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact import type_graph
from bigopt.games.mechanism.exact.least_utility import heights_of, least_utility, utility
from bigopt.games.mechanism.exact.payments import by_training
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.types import lengths_of, policies_of, products_of
from bigopt.games.mechanism.verify import identities
from bigopt.games.mechanism.verify.cycles import ERROR, read_group, stakes
from bigopt.games.mechanism.verify.grades import proved, recomputed

LEAST = 1e-6  # of a group's stakes
TRIED = 2000  # outcomes that are tried one by one, where the largest entry is 1
MOST = 20_000_000  # numbers in all of them


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `revenue` solution from its payments, and prove that no more can be charged."""
    for key in ("payments", "least_utility"):
        if key not in point:
            raise InstanceError(f"{key}: missing, expected one number a group")
    paid = numbers(point["payments"], "payments", [game.n], ["group"])
    claimed = numbers(point["least_utility"], "least_utility", [game.n], ["group"])
    policy, affine, _ = by_training(game, request.deadline)
    utilities = game.sizes * (game.rewards @ policy) - paid
    fields: dict[str, Any] = {
        "payments": paid,
        "least_utility": claimed,
        "affine": affine,
        "utilities": utilities,
        "revenue": float(paid.sum()),
        "affine_revenue": float(affine.sum()),
        "policy": policy,
    }
    sides = np.array([_between(game, i) for i in range(game.n)])
    above = float(((claimed - sides[:, 1]) / game.stakes).max())
    below = float(((sides[:, 0] - claimed) / game.stakes).max())
    off = float((np.abs(paid - affine - claimed) / identities.units(game, policy)).max())
    checks: list[Check] = [
        recomputed("payments", off, identities.PAYMENT, "stakes of a group", "affine payments by n + 1 trainings"),
        proved("rationality of every report", max(0.0, above), LEAST, "stakes of a group", "a report that has no more"),
        proved("largest", max(0.0, below), LEAST, "stakes of a group", "convexity of G: no report has less"),
        identities.rationality(game, utilities),
        identities.truthfulness(game),
    ]
    if game.types is not None and len(game.types) > 1:
        more, said = _types(game, point, request)
        fields |= more
        checks += said
    return fields, Certificate(tuple(checks))


def _between(game: Mechanism, group: int) -> tuple[float, float]:
    """Return a lower and an upper bound on the least utility of any report."""
    seat = Seat(game, group)
    found, reward = least_utility(game, group)
    if game.normalization == "max":
        return _one_by_one(seat), found
    policy = seat.policies(reward[None])[0]
    return found + float((policy.min() - policy) @ reward), found


def _one_by_one(seat: Seat) -> float:
    """Return the least utility over single outcomes: all of them, or the lowest where there are many.

    Of outcomes that L2 gives probability 0 the lower is the worse, too.
    """
    m = seat.game.m
    lowest = np.argsort(heights_of(seat)[0], kind="stable")[: min(TRIED, MOST // m)]
    return min(utility(seat, np.eye(1, m, int(x))[0]) for x in lowest)


def type_payments(game: Mechanism, group: int, deadline: Deadline) -> Floats:
    """Return the largest payments [T] on the type set: shortest paths from a null type, which reaches t by V_t(a_t)."""
    assert game.types is not None
    lengths = lengths_of(game, group)
    values = np.einsum("tm,tm->t", products_of(game.types), policies_of(game, group))
    graph = np.zeros((len(values) + 1, len(values) + 1))
    graph[1:, 1:], graph[0, 1:], graph[1:, 0] = lengths, values, np.inf
    return type_graph.shortest_paths(graph, 0, deadline)[1:]


def _types(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], list[Check]]:
    """Check the payments on the type set: feasible, and tight along a path from the null type."""
    assert game.types is not None
    group = read_group(game, point, request)
    own = type_payments(game, group, request.deadline)
    claimed = (
        own if point.get("type_payments") is None else numbers(point["type_payments"], "type_payments", [len(own)])
    )
    seat, products, policies = Seat(game, group), products_of(game.types), policies_of(game, group)
    values = np.einsum("tm,tm->t", products, policies)
    least = least_utility(game, group)[0]
    continuous = seat.affine(policies) + least
    stake = stakes(game)
    wrong = max(
        type_graph.error(lengths_of(game, group), claimed, stake), float(((claimed - values) / stake).max()), 0.0
    )
    short = float(((own - claimed) / stake).max())
    more = {"group": group, "type_payments": claimed, "continuous": continuous, "gap": claimed - continuous}
    theorem = float(((continuous - claimed) / stake).max())
    return more, [
        proved("types: DSIC and IR", wrong, ERROR, "stakes of a type", "every pair of types"),
        proved("types: largest", max(0.0, short), ERROR, "stakes of a type", "shortest paths from a null type"),
        proved("types: at least as much", max(0.0, theorem), ERROR, "stakes of a type", "fewer reports to deter"),
    ]
