"""The certificate of a type graph: a cycle bounds every payments' error from below, the payments from above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints, numbers, whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact import type_graph
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, is_social
from bigopt.games.mechanism.types import lengths_of, policies_of, products_of
from bigopt.games.mechanism.verify.grades import beside, proved, recomputed
from bigopt.games.mechanism.verify.policy import DISTANCE, prove

ERROR = 1e-6  # of the types' stakes: payments against the smallest error
ZERO = 1e-9  # of the types' stakes: a cycle that is not negative
FLOAT = 1e-6  # of the largest stakes: times ZERO a few units in the last place of a float
SHOWN = 16  # outcomes whose reward is raised
RAISE = 0.1  # of the strength
STATICS = 1e-12  # probability


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `cycles` solution from its payments and its cycle, and prove it."""
    group = read_group(game, point, request)
    lengths = lengths_of(game, group)
    count, stake = len(lengths), stakes(game)
    if "payments" not in point:
        raise InstanceError("payments: missing, expected one a type")
    payments = numbers(point["payments"], "payments", [count], ["type"])
    request.deadline.check("verifying the type graph")
    cycle = _cycle(lengths, point, request)
    mean = type_graph.length_of(lengths, cycle) / len(cycle)
    smallest = max(0.0, -mean)
    above = max(0.0, type_graph.error(lengths, payments, stake, smallest))
    implementable = mean >= -ZERO * float(stake[cycle].max())
    allowed = lengths + smallest
    low = -type_graph.shortest_paths(np.ascontiguousarray(allowed.T), 0, request.deadline)
    high = type_graph.shortest_paths(allowed, 0, request.deadline)
    equivalent = implementable and float(((high - low) / stake).max()) <= 10 * ERROR
    fields = {
        "implementable": implementable,
        "minimum_mean": mean,
        "cycle": cycle,
        "epsilon_star": 0.0 if implementable else smallest,
        "payments": payments,
        "intervals": np.stack([low, high], axis=1),
        "equivalent": equivalent,
        "group": group,
    }
    note = "the cycle bounds every payments' error from below"
    checks: list[Check] = [
        _policies(game, group, request),
        proved("smallest error", above, ERROR, "stakes of a type", note),
        _least(lengths, mean, stake, request),
        *_size_pairs(game, lengths, float(stake.max())),
        *statics(game, group),
    ]
    return fields, Certificate(tuple(checks))


def read_group(game: Mechanism, point: Mapping[str, Any], request: Request) -> int:
    """Return the group that a solution is about: its own field, else the argument, else the first."""
    if isinstance(point.get("group"), (int, float)) and not isinstance(point["group"], bool):
        group = int(whole([point["group"]], "group", [1])[0])
        if group >= game.n:
            raise InstanceError(f"group: {group}, expected the index of a group, below {game.n}")
        return group
    return game.index(request.arguments.get("group"))


def stakes(game: Mechanism) -> Floats:
    """Return w (max rm - min rm) of every type [T], or w max rm where its reward is flat, but what floats still tell.

    A large type beside it hides nothing of what a small one gains.
    """
    assert game.types is not None
    products = products_of(game.types)
    spread, top = np.ptp(products, axis=1), products.max(axis=1)
    return np.asarray(np.maximum(np.where(spread > 0, spread, top), FLOAT * top.max()))


def _cycle(lengths: Floats, point: Mapping[str, Any], request: Request) -> list[int]:
    """Return the point's cycle, or find one."""
    if point.get("cycle") is None:
        return type_graph.minimum_mean_cycle(lengths, request.deadline)[1]
    given: Ints = whole(point["cycle"], "cycle", [None], ["type"])
    cycle = [int(t) for t in given]
    if len(cycle) < 2 or len(set(cycle)) < len(cycle) or max(cycle) >= len(lengths):
        raise InstanceError(f"cycle: {str(cycle)[:40]}, expected two or more distinct types, below {len(lengths)}")
    return cycle


def _least(lengths: Floats, mean: float, stake: Floats, request: Request) -> Check:
    """Prove that no cycle has a lower mean: along it, p_t - p_s <= l(s -> t) - mean + excess sums to 0 on the left."""
    shifted = lengths - mean
    np.fill_diagonal(shifted, 0.0)
    potentials = type_graph.shortest_paths(shifted, 0, request.deadline)
    excess = max(0.0, type_graph.error(shifted, potentials, stake))
    return proved("minimum mean", excess, ZERO, "stakes of a type", "potentials of the lengths less the mean")


def _policies(game: Mechanism, group: int, request: Request) -> Check:
    """Prove the types' policies; the lengths are as exact as they are."""
    if is_social(game) and game.policies.base is None:
        return recomputed("policies", 0.0, DISTANCE, "total variation", "closed form")
    worst = 0.0
    assert game.types is not None
    for t, (kind, policy) in enumerate(zip(game.types, policies_of(game, group), strict=True)):
        if t % 8 == 0:
            request.deadline.check("verifying the types' policies")
        rewards, sizes = game.rewards.copy(), game.sizes.copy()
        rewards[group], sizes[group] = kind.reward, kind.size
        worst = max(worst, prove(game, policy, rewards, sizes).distance)
    return proved("policies", worst, DISTANCE, "total variation", "weak duality, type by type")


def _size_pairs(game: Mechanism, lengths: Floats, stake: float) -> tuple[Check, ...]:
    """Check that types whose z differ by a constant, as of two sizes, pay the same (what Theorem 4.5 rests on)."""
    if not is_social(game):
        return ()
    assert game.types is not None
    products = products_of(game.types)
    keys = np.round((products - products.mean(axis=1, keepdims=True)) / stake, 9) + 0.0
    _, label = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(label, kind="stable")
    pairs = [(int(a), int(b)) for a, b in zip(order[:-1], order[1:], strict=True) if label[a] == label[b]]
    if not pairs:
        return ()
    off = max(abs(float(lengths[a, b])) + abs(float(lengths[b, a])) for a, b in pairs) / stake
    note = f"{len(pairs)} pairs with w rm - w' rm' constant are tied to one payment"
    return (beside("theorem 4.5: size pairs", off, ERROR, "stakes of a type", note, "recomputed"),)


def statics(game: Mechanism, group: int) -> tuple[Check, ...]:
    """Check Section 3.1: where the summed reward of one outcome grows, its probability never falls."""
    if not is_social(game):
        return ()
    outcomes = np.unique(np.linspace(0, game.m - 1, min(game.m, SHOWN)).astype(int))
    seat = Seat(game, group)
    rows = np.tile(seat.truth, (len(outcomes) + 1, 1))
    rows[np.arange(len(outcomes)), outcomes] += RAISE * game.strength
    policies = seat.policies(rows)
    fall = float((policies[-1][outcomes] - policies[np.arange(len(outcomes)), outcomes]).max())
    limit = STATICS if game.policies.base is None else 1e-6
    note = f"{len(outcomes)} outcomes, each raised alone"
    return (beside("comparative statics", max(0.0, fall), limit, "probability", note, "recomputed"),)
