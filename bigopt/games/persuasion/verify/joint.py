"""Certificates of several Bobs: every Bob's best reply to the others, and Theorem 1 where they are at equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.alice import combination
from bigopt.arithmetic.arrays import Floats, number, whole
from bigopt.concepts.certificate import weakest
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.persuasion import signals
from bigopt.games.persuasion.exact.reply import Reply
from bigopt.games.persuasion.game import Persuasion
from bigopt.games.persuasion.response import around, reply_to, which
from bigopt.games.persuasion.verify import proof
from bigopt.games.persuasion.verify.one_sender import outcome_of, schemes_of, simplex
from bigopt.games.persuasion.verify.private import GAP, effective, judge, mean_of, read_maps

REGRET = 1e-6  # what is at stake for a Bob


def joint(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Measure every Bob's regret by his best reply, and hold Theorem 1 against an equilibrium."""
    given = schemes_of(game, point)
    schemes = [signals.cleaned(scheme) for scheme in given]
    now = outcome_of(game, schemes)
    regrets, scaled, proofs, grades = [], [], set(), set()
    for j, utility in enumerate(game.utilities):
        request.deadline.check(f"finding the best reply of {game.names[j]}")
        reply, kernel = reply_to(game, schemes, j, request.deadline)
        proofs.add(reply.proof)
        grades.add(reply.grade)
        regrets.append(max(0.0, reply.bound - float(now.bobs[j])))
        scaled.append(regrets[-1] / stake_of(game, reply, kernel, utility))
    worst = max(scaled)
    fits = [_fit(game, convex, request) for convex in (True, False)]
    epsilon = [fit.epsilon for fit in fits]
    floor = game.first_best - 2 * epsilon[0]
    equilibrium = worst <= REGRET
    fields = {
        "schemes": schemes,
        "alice": now.alice,
        "bobs": now.bobs,
        "regrets": np.array(regrets),
        "equilibrium": equilibrium,
        "full_disclosure": [j for j, scheme in enumerate(schemes) if _reveals(game, scheme)],
        "first_best": game.first_best,
        "aligned": game.first_best,
        "epsilon": epsilon[0],
        "bound": floor,
        "epsilon_any_sum": epsilon[1],
        "bound_any_sum": game.first_best - 2 * epsilon[1],
    }
    checks = [simplex(*given)]
    if point.get("updates") is not None:
        fields["updates"], history = _history(game, point["updates"], schemes)
        checks.append(history)
    if request.profile is None:
        checks.append(
            Check("regret", worst, REGRET, "the Bob's stakes", "; ".join(sorted(proofs)), grade=weakest(grades))
        )
    checks += _theorem_1(game, now.alice, fits, regrets)
    return fields, Certificate(tuple(checks), max(regrets), REGRET)


def _history(game: Persuasion, given: Any, schemes: list[Floats]) -> tuple[list[dict[str, Any]], Check]:
    """Return the moves that led to the schemes: each Bob's last one must be to his; the gains cannot be seen there."""
    if not isinstance(given, (list, tuple)) or not all(isinstance(move, Mapping) for move in given):
        raise InstanceError("updates: expected a list of objects with bob, gain and signals")
    moves: list[dict[str, Any]] = []
    last: dict[str, int] = {}
    for k, move in enumerate(given):
        if move.get("bob") not in game.names:
            raise InstanceError(f"updates[{k}].bob: {str(move.get('bob'))[:40]!r}, expected one of the Bobs' names")
        sent = int(whole([move.get("signals")], f"updates[{k}].signals", [1])[0])
        gain = number(move.get("gain"), f"updates[{k}].gain", 0.0)
        moves.append({"bob": move["bob"], "gain": gain, "signals": sent})
        last[move["bob"]] = sent
    apart = max([0, *(abs(sent - schemes[game.names.index(bob)].shape[1]) for bob, sent in last.items())])
    note = "each Bob's last move is to his scheme; who gained what on the way is the dynamics' word"
    if apart:
        return moves, Check("history", float(apart), 0.0, "signals", note)
    return moves, Check("history", 0.0, 0.0, "signals", note, "skipped", claimed=False)


def stake_of(game: Persuasion, reply: Reply, kernel: Floats, utility: Floats) -> float:
    """Return what is at stake for a Bob in his best reply; its own value is the mean."""
    spread = effective(game, reply.scheme, kernel, reply.maps)
    return proof.stake(game, spread, utility, proof.value(game, spread, utility))


def _fit(game: Persuasion, convex: bool, request: Request) -> combination.Alignment:
    """Return the weights and error of Definition 1, or those of any sum (Remark 2), whose error is smaller."""
    return combination.fit(game.alice, game.utilities, convex=convex, deadline=request.deadline)


def _theorem_1(game: Persuasion, alice: float, fits: list[combination.Alignment], regrets: list[float]) -> list[Check]:
    r"""Theorem 1 with its slack, for any profile: ``U_A >= OPT - 2 epsilon - sum_j w_j regret_j``.

    Every Bob may reveal the state, which gets him what C* does: so :math:`U_j \ge U_j(C^*) - r_j`, and with
    :math:`|\sum_j w_j U_j + c - u_A| \le \varepsilon` on all outcomes both averages over outcomes follow. The proof
    needs no sum of the weights (Remark 2).
    """
    names = ("theorem 1", "theorem 1, weights of any sum")
    size = float(game.prior @ np.abs(game.alice).max(axis=1))
    rounding = 32 * float(np.finfo(float).eps) * size  # of two means, where nothing is at stake for her
    checks = []
    for name, fit in zip(names, fits, strict=True):
        floor = game.first_best - 2 * fit.epsilon - float(fit.weights @ regrets)
        unit = max(game.first_best - game.alone, game.first_best - alice) or 1.0
        note = "U_A >= OPT - 2 epsilon - sum of w_j regret_j (Theorem 1 with slack)"
        short = max(0.0, floor - alice - rounding) / unit  # the floor is never above the first best
        checks.append(Check(name, short, GAP, "Alice's stakes", note, grade="proved"))
    return checks


def best_response(game: Persuasion, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute what a Bob's scheme gets him against the others', and prove it best."""
    given_profile = request.profile if request.profile is not None else point.get("profile")
    profile = signals.read_profile(game, given_profile)
    named = point.get("bob") if request.bob is None and request.player is None else None
    j = game.names.index(named) if named in game.names else which(game, request)
    given = signals.read_scheme(point["scheme"], "scheme", game)
    scheme = signals.cleaned(given)
    kernel, order = around(game, profile, j)
    maps = None
    if "recommendations" in point:
        maps = read_maps(game, point, scheme.shape[1], kernel.shape[1])
    judged = judge(game, game.utilities[j], kernel, order, scheme, maps, request.deadline)
    now = signals.outcome(game, profile[j], kernel, signals.tie_order(game))
    value, bound = proof.number(judged.value), proof.number(judged.top)
    fields = {
        "bob": game.names[j],
        "scheme": scheme,
        "recommendations": judged.maps,
        "messages": kernel,
        "value": value,
        "current": float(now.bobs[j]),
        "regret": max(0.0, value - float(now.bobs[j])),
        "alice": mean_of(game, effective(game, scheme, kernel, judged.maps), game.alice),
        "bound": bound,
        "profile": profile,
    }
    return fields, Certificate((simplex(given), *judged.checks()), max(0.0, bound - value), GAP)


def _reveals(game: Persuasion, scheme: Floats) -> bool:
    """Whether every signal is sent in one state only."""
    sent = scheme[game.prior > 0] > signals.UNUSED
    return bool((sent.sum(axis=0) <= 1).all())
