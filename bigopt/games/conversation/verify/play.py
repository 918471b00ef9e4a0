"""Certificates of play with a best-responding Alice: mirrored, priced, and never trusting a solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import UsageError
from bigopt.games.conversation import rules
from bigopt.games.conversation.exact import deviations, obedient, response
from bigopt.games.conversation.game import Conversation

FEASIBLE = 1e-7  # what a lottery may lack, as a share of what Alice has at stake at that feature
GAP = 1e-6  # of the bound, as a share of what the Bob has at stake in what Alice may do


def profile_of(game: Conversation, letters: int) -> list[rules.Rule]:
    """Return the Bobs' rules over letters: the game's profile, else all reveal (are silent, with too few letters)."""
    default = "revealing" if letters >= game.sizes[1] else "silent"
    given = game.profile if game.profile is not None else [default] * game.k
    profile = list(rules.read(given, game.k, game.sizes[1], game.rounds))
    response.refuse(game, letters, game.k)
    response.check(game, profile, letters)
    told = rules.Rule("rounds", rounds=(tuple(range(game.sizes[1])),))
    return [told if rule.name == "revealing" else rule for rule in profile]


def player_of(game: Conversation, request: Request, point: Mapping[str, Any] | None = None) -> int:
    """Return the Bob that is asked about, or that a solution file names."""
    player = request.player if request.player is not None else (point or {}).get("player")
    if not isinstance(player, (int, np.integer)) or isinstance(player, bool) or not 0 <= player < game.k:
        raise UsageError(f"player {player}: expected a Bob's index from 0 to {game.k - 1}")
    return int(player)


def play(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute everything, once more on the mirrored game, and bound every Bob's regret from both sides."""
    letters = int(request.options["letters"])
    profile = profile_of(game, letters)
    found = response.respond(game, profile, letters)
    mirrored = game.mirrored()
    again = response.respond(mirrored, [rule.mirrored() for rule in profile], letters)
    left = [deviations.deviation(game, profile, j, letters, request.deadline) for j in range(game.k)]
    asks = response.questions(letters, game.k)
    ways = {name: response.respond(game, profile, letters, ask).utility(game, 0) for name, ask in asks.items()}
    alice = found.utility(game, 0)
    fields = {
        "alice": found.worth(game, 0),
        "bobs": [found.worth(game, j + 1) for j in range(game.k)],
        "regrets": [d.regret[0] if d.best is not None else None for d in left],
        "regrets_at_most": [d.regret[1] for d in left],
        "opt": game.worth(0, game.gains[0].max(axis=0).sum()),
        "questions": ways,
        "distribution": found.law(game),
    }
    differ = sum(found.total(game, p) != again.total(mirrored, p) for p in range(1 + game.k))
    worse = max(0.0, max(ways.values()) - alice)
    checks = (
        Check("best response", float(differ), 0.0, "players", "backward induction on the mirrored game"),
        Check("ways to ask", worse, 0.0, "utility", "no restricted way to ask is better", "proved"),
    )
    return fields, Certificate(checks, max(d.regret[1] for d in left))


def deviation(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Judge a lottery as a feasible point of the LP, and bound the LP by prices of the verifier's own."""
    bob, letters = player_of(game, request, point), int(request.options["letters"])
    profile = profile_of(game, letters)
    found = deviations.deviation(game, profile, bob, letters, request.deadline)
    shape = [game.sizes[0], game.sizes[1], game.sizes[2]]
    given = np.maximum(numbers(point.get("lottery"), "lottery", shape, ["x_A", "x_B", "action"]), 0.0)
    lottery = given / np.maximum(given.sum(axis=2, keepdims=True), 1e-300)
    own, floor = obedient.at_stake(game, bob)
    above = float((own * lottery).sum())
    stake = float(np.where(obedient.obeyable(game)[:, None], own, 0.0).max(axis=2).sum()) or float(np.ptp(own)) or 1.0
    fields = {
        "player": bob,
        "value": found.value,
        "at_least": found.best,
        "at_most": found.bound.bound,
        "regret_at_least": found.regret[0] if found.best is not None else None,
        "regret_at_most": found.regret[1],
        "rule": found.rule,
        "lottery": lottery,
    }
    note = f"prices bound every deviation by {found.bound.bound:.12g}"
    checks = [
        Check("obedience", _lacking(game, lottery, found.without), FEASIBLE, "Alice's stake", "as a point of the LP"),
        Check("gap", abs(found.bound.most - above) / stake, GAP, "Bob's stake", note, "proved"),
    ]
    if found.best is not None:
        over = max(0.0, float(found.best - floor) - found.bound.most) / stake
        checks.append(Check("from below", over, GAP, "Bob's stake", "every deterministic rule is feasible", "proved"))
    return fields, Certificate(tuple(checks), found.regret[1])


def _lacking(game: Conversation, lottery: Floats, without: tuple[float, ...]) -> float:
    """Return the largest violation of obedience or of ignoring, as a share of Alice's stakes at that feature.

    What she would never do has no part in the stakes, and is not to be recommended where the pair is possible.
    """
    alice, kept = obedient.expected(game, 0), obedient.obeyable(game)
    worst = 0.0
    for x in range(game.sizes[0]):
        stake = float(np.ptp(alice[x][:, kept[x]], axis=1).sum()) or 1.0
        worst = max(worst, float(lottery[x][game.possible[x]][:, ~kept[x]].sum()))
        told = np.einsum("ba,bc->ac", lottery[x], alice[x])  # [recommended, taken]
        worst = max(worst, float((told - told.diagonal()[:, None]).max()) / stake)
        worst = max(worst, (without[x] - float((alice[x] * lottery[x]).sum())) / stake)
    return worst
