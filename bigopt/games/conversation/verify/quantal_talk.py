"""Equilibria of several rounds with a quantal Alice, by best replies: no Bob gains by any deterministic rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, UsageError
from bigopt.games.conversation.exact.reply_tree import FEATURES, Tree, TreeRule, dynamics
from bigopt.games.conversation.game import Conversation

TIE = 1e-12  # a gain below this, in ranges of the Bob's utility, is rounding of the exponentials
REGRET = 1e-9  # the same where it is computed again, from features in another order


def ended(game: Conversation, strength: float, deadline: Deadline | None) -> list[dict[str, Any]]:
    """Return where dynamics end from silent and from revealing Bobs; those that cycle are left out."""
    features = game.sizes[1]
    if features > FEATURES:
        raise UsageError(
            f"{game.name}: {features} features of the Bobs, at most {FEATURES} in several rounds: use quantal"
        )
    tree, ties = Tree(game, strength, deadline), [TIE * stake for stake in _stakes(game)]
    found = []
    for name, words in (("silent", (0,) * features), ("revealing", tuple(range(features)))):
        end = dynamics(tree, [TreeRule(words)] * game.k, ties)
        if end is not None:
            found.append({"start": name, "moves": end[1], "rules": [_data(rule) for rule in end[0]]})
    return found


def quantal_talk(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every equilibrium's utilities, and each Bob's regret in the mirrored game.

    A regret is over all deterministic rules of the Bob, by a dynamic program over histories; lotteries are not bounded.
    """
    given, strength = point.get("equilibria"), float(request.options["lambda"])
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, Mapping) for one in given):
        raise InstanceError("equilibria: expected a list of {start, rules}")
    tree, mirror = Tree(game, strength, request.deadline), Tree(game.mirrored(), strength, request.deadline)
    shown, worst = [], 0.0
    for i, one in enumerate(given):
        rules = [_read(game, rule, f"equilibria[{i}].rules[{j}]") for j, rule in enumerate(_rules(game, one, i))]
        utilities = tree.utilities(rules)
        reversed_ = [_mirrored(rule) for rule in rules]
        amounts = tree.amounts(rules)
        regrets = [mirror.best_reply(reversed_, bob)[0] - float(amounts[bob + 1]) for bob in range(game.k)]
        worst = max(worst, *(regret / stake for regret, stake in zip(regrets, _stakes(game), strict=True)))
        found = {"alice": float(utilities[0]), "bobs": utilities[1:]}
        shown.append({"start": one.get("start"), "moves": one.get("moves"), **found, "rules": list(one["rules"])})
    alices = [one["alice"] for one in shown]
    silent = [one["alice"] for one in shown if one["start"] == "silent"]
    fields = {
        "count": None,
        "worst": min(alices, default=None),
        "best": max(alices, default=None),
        "dynamics": silent[0] if silent else None,
        "opt": float(game.worth(0, game.gains[0].max(axis=0).sum())),
        "games": None,
        "equilibria": shown,
    }
    note = "over all deterministic rules, by a dynamic program with everybody's features reversed"
    if not shown:
        note = "best replies cycle from silent and from revealing Bobs: no equilibrium was found"
    checks = (
        Check("regret", worst if shown else np.inf, REGRET, "utility range", note),
        Check("all equilibria", 0.0, 0.0, "", "in several rounds they are not listed", "skipped", claimed=False),
    )
    return fields, Certificate(checks, worst)


def _stakes(game: Conversation) -> list[float]:
    return [float(np.ptp(table)) or 1.0 for table in game.bobs]


def _rules(game: Conversation, one: Mapping[str, Any], i: int) -> list[Any]:
    rules = one.get("rules")
    if not isinstance(rules, (list, tuple)) or len(rules) != game.k:
        raise InstanceError(f"equilibria[{i}].rules: expected {game.k} rules (one a Bob)")
    return list(rules)


def _data(rule: TreeRule) -> dict[str, Any]:
    """Return a rule as JSON data."""
    listed = [{"heard": [list(m) for m in heard], "words": list(words)} for heard, words in sorted(rule.listed.items())]
    return {"otherwise": list(rule.otherwise), "listed": listed}


def _read(game: Conversation, data: Any, path: str) -> TreeRule:
    """Read a rule."""
    if not isinstance(data, Mapping) or not {"otherwise", "listed"} <= set(data):
        raise InstanceError(f"{path}: expected an object with otherwise and listed")
    features = game.sizes[1]

    def words(value: Any, where: str) -> tuple[int, ...]:
        return tuple(whole(value, where, [features], ["feature of the Bobs"]).tolist())

    listed = {}
    for j, entry in enumerate(data["listed"]):
        if not isinstance(entry, Mapping) or not {"heard", "words"} <= set(entry):
            raise InstanceError(f"{path}.listed[{j}]: expected an object with heard and words")
        heard = tuple(tuple(int(v) for v in message) for message in entry["heard"])
        listed[heard] = words(entry["words"], f"{path}.listed[{j}].words")
    return TreeRule(words(data["otherwise"], f"{path}.otherwise"), listed)


def _mirrored(rule: TreeRule) -> TreeRule:
    """Return what a rule says in the mirrored game."""
    return TreeRule(rule.otherwise[::-1], {heard: words[::-1] for heard, words in rule.listed.items()})
