"""The certificate of an audit: gains recomputed; none to be had where a theorem says so, else none found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact import dominance, misreports
from bigopt.games.mechanism.exact.least_utility import least_utility
from bigopt.games.mechanism.exact.misreports import payment_rule, polarised, sizes_tried, utilities
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.groups import check_reward
from bigopt.games.mechanism.response import Seat, is_social
from bigopt.games.mechanism.verify import identities
from bigopt.games.mechanism.verify.grades import beside, proved, recomputed

GAIN = 1e-9  # of a group's stakes: a gain that is rounding
CLAIM = 1e-7  # of the stakes: a claimed gain against the recomputed one
FOUND = 1e-6  # of the stakes: by how much a simple misreport may beat the audit's best
TRIED = 40  # simple misreports of training rules without a closed form


def payments_asked(game: Mechanism, request: Request) -> str:
    """Return which payments are audited: as asked, by default affine ones where there are any."""
    return str(request.options["payments"] or ("affine" if is_social(game) else "none"))


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute the gains of an audit's misreports, and judge whether there are better ones."""
    payments = payments_asked(game, request)
    steps = int(request.options["steps"])
    rewards, sizes = _misreports(game, point)
    truths, gains, missed = np.empty(game.n), np.empty(game.n), 0.0
    settled = payments in ("affine", "revenue", "early-stop") and is_social(game)
    for i in range(game.n):
        seat = Seat(game, i)
        pay = payment_rule(seat, payments, steps)
        both = utilities(
            seat, np.stack([game.rewards[i], rewards[i]]), np.array([game.sizes[i], sizes[i]]), pay, request.deadline
        )
        truths[i], gains[i] = both[0], both[1] - both[0]
        if not settled:
            missed = max(missed, (_simple(seat, pay, request) - both[1]) / game.stakes[i])
    if payments == "revenue":
        truths = truths - np.array([least_utility(game, i)[0] for i in range(game.n)])
    fields: dict[str, Any] = {
        "dsic_gap": float(np.maximum(gains, 0.0).max()),
        "ir_gap": float(np.maximum(-truths, 0.0).max()),
        "gains": gains,
        "misreports": [{"reward": rewards[i], "size": int(sizes[i])} for i in range(game.n)],
        "utilities": truths,
        "proved": settled,
    }
    judged = [dominance.judge(game, i) for i in range(game.n)] if payments == "none" else []
    if judged:
        fields["theorem_3_3"] = judged
    checks: list[Check] = [_claims(game, point, gains)]
    if settled:
        short = float((np.abs(gains) / game.stakes).max())
        note = "Theorem 4.2: the truth is a best report"
        checks += [proved("no gain", short, GAIN, "stakes of a group", note), identities.truthfulness(game)]
        checks.append(identities.rationality(game, truths))
    else:
        note = f"{'polarised' if is_social(game) else 'some polarised'} reports at {len(sizes_tried(game))} sizes"
        checks.append(beside("better misreport", missed, FOUND, "stakes of a group", note, "searched"))
        checks += _theorem_3_3(game, judged)
    return fields, Certificate(tuple(checks), max_regret=fields["dsic_gap"], tolerance=GAIN)


def _misreports(game: Mechanism, point: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Return the point's misreports: rewards [n][m] and sizes [n]."""
    given = point.get("misreports")
    if not isinstance(given, (list, tuple)) or len(given) != game.n:
        raise InstanceError(f"misreports: expected {game.n}, one a group, each with the keys reward and size")
    rewards, sizes = [], []
    for i, report in enumerate(given):
        if not isinstance(report, Mapping) or not {"reward", "size"} <= set(report):
            raise InstanceError(f"misreports[{i}]: expected the keys reward and size")
        reward = numbers(report["reward"], f"misreports[{i}].reward", [game.m], ["outcome"])
        check_reward(reward, game.normalization, f"misreports[{i}].reward")
        size = int(whole([report["size"]], f"misreports[{i}].size", [1], low=1)[0])
        if size > game.max_size:
            raise InstanceError(f"misreports[{i}].size: {size}, expected at most max_size, {game.max_size}")
        rewards.append(reward)
        sizes.append(float(size))
    return np.array(rewards), np.array(sizes)


def _claims(game: Mechanism, point: Mapping[str, Any], gains: Floats) -> Check:
    """Compare the gains that a point claims with those of its misreports."""
    if point.get("gains") is None:
        return recomputed("gains", 0.0, CLAIM, "stakes of a group", "none claimed")
    claimed = numbers(point["gains"], "gains", [game.n], ["group"])
    off = float((np.abs(claimed - gains) / game.stakes).max())
    return recomputed("gains", off, CLAIM, "stakes of a group", "each misreport trained and paid again")


def _simple(seat: Seat, pay: misreports.Pay, request: Request) -> float:
    """Return the best utility among polarised reports: a claim that there is little to gain must survive them."""
    rewards, sizes = polarised(seat.game, seat.group), sizes_tried(seat.game)
    if not is_social(seat.game):
        rewards, sizes = rewards[: TRIED // len(sizes)], sizes[-1:]
    table = [utilities(seat, rewards, np.full(len(rewards), w), pay, request.deadline) for w in sizes]
    return float(np.max(table))


def _theorem_3_3(game: Mechanism, judged: list[str]) -> tuple[Check, ...]:
    """Check Theorem 3.3 with its true hypotheses: where a reward has full support, polarising it gains."""
    failing = 0
    for i, verdict in enumerate(judged):
        if verdict == dominance.DOMINATED:
            seat = Seat(game, i)
            both = seat.values(seat.policies(game.sizes[i] * np.vstack([game.rewards[i], polarised(game, i)[-1]])))
            failing += bool(both[1] <= both[0] - GAIN * game.stakes[i])
    if dominance.DOMINATED not in judged:
        return ()
    note = "rewards of full support, social welfare with KL: taking from the least liked outcome gains"
    return (beside("theorem 3.3", float(failing), 0.0, "groups that it fails for", note, "proved"),)
