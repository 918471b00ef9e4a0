"""Equilibria of several rounds with a quantal Alice: by best replies, and all of them where rules are few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError, LimitReached, UsageError
from bigopt.games.conversation.exact.reply_list import Listing, amounts
from bigopt.games.conversation.exact.reply_tree import FEATURES, ROUNDS, Tree, TreeRule, dynamics
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify.histories import Rule, Talk
from bigopt.games.conversation.verify.quantal_nash import PROFILES as ONE_ROUND
from bigopt.games.conversation.verify.quantal_nash import Finite, compared, games, solved

PROFILES = 20_000  # of rules over histories; more are not listed
TIE = 1e-12  # a gain below this, in what the Bob decides, is rounding of the exponentials
REGRET = 1e-9  # the same where it is computed again, from features in another order


def ended(game: Conversation, strength: float, deadline: Deadline | None) -> list[dict[str, Any]]:
    """Return where dynamics end from silent and from revealing Bobs; those that cycle are left out."""
    features = game.sizes[1]
    if features > FEATURES:
        raise UsageError(
            f"{game.name}: {features} features of the Bobs, at most {FEATURES} in several rounds: use quantal"
        )
    if game.rounds > ROUNDS:
        raise UsageError(f"{game.name}: {game.rounds:,} rounds, at most {ROUNDS}: use quantal")
    tree = Tree(game, strength, deadline)
    found = []
    for name, words in (("silent", (0,) * features), ("revealing", tuple(range(features)))):
        end = dynamics(tree, [TreeRule(words)] * game.k, TIE * tree.stakes())
        if end is not None:
            found.append({"start": name, "moves": end[1], "rules": [_data(rule) for rule in end[0]]})
    return found


def listed(game: Conversation, strength: float, deadline: Deadline | None, most: int) -> list[Finite] | str:
    """Return the finite game of rules after each first announcement, or why there are too many rules to list."""
    tree = Tree(game, strength, deadline)
    listing, start = Listing(tree, game.k == 1), sorted(tree.start().items())
    try:
        numbers = [listing.number(cells) for _, cells in start]
    except UsageError as error:
        return str(error).removeprefix(f"{game.name}: ")
    profiles = sum(number**game.k for number in numbers)
    if profiles > most:
        rules = f"up to {max(numbers):,} rules a Bob over histories"
        return f"{rules}, {profiles:,} profiles, at most {most:,}: not listed"
    games = []
    for (first, cells), ties in zip(start, TIE * tree.stakes(), strict=True):
        floor = float(game.informed([a for a, _ in cells])[0])
        games.append(Finite(amounts(tree, first, cells, listing.rules(first, cells)), ties, floor))
    return games


def quantal_talk(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every equilibrium's utilities, each Bob's regret, and the way that led there.

    A regret is over all deterministic rules of the Bob, by a dynamic program over histories; lotteries are not bounded.
    It counts in shares of what the Bob decides after Alice's first announcement, however rare it is.
    """
    given, strength = point.get("equilibria"), float(request.options["lambda"])
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, Mapping) for one in given):
        raise InstanceError("equilibria: expected a list of {start, rules}")
    talk = Talk(game, strength, request.deadline)
    shown, stakes = list[dict[str, Any]](), talk.stakes()
    worst, largest, ends = 0.0, 0.0, {one["start"]: one for one in ended(game, strength, request.deadline)}
    for i, one in enumerate(given):
        rules = [_read(game, rule, f"equilibria[{i}].rules[{j}]") for j, rule in enumerate(_rules(game, one, i))]
        read = [Rule.of(rule) for rule in rules]
        amounts = talk.played(read)
        utilities = amounts.sum(axis=0) + game.informed()
        gains = np.array([talk.best(read, bob) - amounts[:, bob + 1] for bob in range(game.k)])
        worst = max(worst, float((gains / np.where(stakes > 0, stakes, 1.0)).max()))
        largest = max(largest, float(gains.sum(axis=1).max()))
        found = {"alice": float(utilities[0]), "bobs": utilities[1:]}
        end: Mapping[str, Any] = ends.get(one.get("start"), {})
        data = [_data(rule) for rule in rules]
        if end.get("rules") != data:  # best replies from there end elsewhere
            end = {}
        shown.append({"start": end.get("start"), "moves": end.get("moves"), **found, "rules": data})
    note = "over all deterministic rules, by all partitions after each history"
    if not shown:
        note = "best replies cycle from silent and from revealing Bobs: no equilibrium was found"
    regret = Check("regret", worst if shown else np.inf, REGRET, "Bob's stake", note)
    fields, more = _all(game, point.get("games"), strength, request.deadline)
    if fields["games"] is None:
        alices = [one["alice"] for one in shown]
        fields |= {"worst": min(alices, default=None), "best": max(alices, default=None)}
        silent = [one["alice"] for one in shown if one["start"] == "silent"]
        fields["dynamics"] = silent[0] if silent else None
    fields["equilibria"] = shown
    told = {one["start"] for one in shown} - {None}
    missing = len(set(ends) - told) if told else 0  # equilibria of other origin say nothing of best replies
    note = "where best replies from silent and from revealing Bobs end, followed again"
    follow = Check("ends", float(missing), 0.0, "starts left out", note, "compared", claimed=False)
    return fields, Certificate((regret, *more, follow), largest)


def quantal_nash(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """List the games of one round as rules over histories, each profile played, with everybody's features reversed.

    The answer puts them together from the worth of sets of features. Where dynamics end hangs on ties: played again.
    """
    strength = float(request.options["lambda"])
    again = [solved(one) for one in games(game, strength, request.deadline)]
    found = listed(game.mirrored(), strength, request.deadline, ONE_ROUND)
    if isinstance(found, str):
        raise LimitReached(f"{game.name}: {found}")
    how = "as rules over histories, each profile played with everybody's features reversed"
    fields, checks = compared(game, strength, point.get("games"), again, [solved(one) for one in found], how)
    return fields | {"equilibria": None}, Certificate(checks)


def _all(
    game: Conversation, given: Any, strength: float, deadline: Deadline
) -> tuple[dict[str, Any], tuple[Check, ...]]:
    """List all rules again, in the game and in the mirrored one; where they are too many, say so."""
    again = listed(game, strength, deadline, PROFILES)
    if isinstance(again, str) or given is None:
        fields: dict[str, Any] = {"count": None, "games": None}
        fields["opt"] = float(game.worth(0, game.gains[0].max(axis=0).sum()))
        note = again if isinstance(again, str) else "no list was given"
        return fields, (Check("all equilibria", 0.0, 0.0, "", note, "skipped", claimed=False),)
    found = listed(game.mirrored(), strength, deadline, PROFILES)
    assert not isinstance(found, str)  # there are as many rules in the mirrored game
    how = "listed again with everybody's features reversed"
    return compared(game, strength, given, [solved(one) for one in again], [solved(one) for one in found], how)


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
