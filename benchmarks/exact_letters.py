"""Rules over letters in fractions, written anew for comparison: letter by letter, with a best-responding Alice.

Nothing of bigopt's own algorithms is used: every rule is a table of letters, and Alice goes through all her words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from benchmarks.exact_conversation import Exact, Pair
from benchmarks.fuzzing import decimal

History = tuple[int, ...]  # Alice's and the Bob's letters in turn
Rule = dict[History, list[dict[int, Fraction]]]  # by history (Alice has just spoken), for each x_B: letters' chances


def every_rule(features: Sequence[int], letters: int, rounds: int, before: History = ()) -> list[Rule]:
    """List the deterministic rules up to the names of letters: a new letter is the first that was not said."""
    if rounds == 0:
        return [{}]
    after_a_word: list[list[Rule]] = []
    for word in range(letters):
        ways: list[Rule] = []
        for said in product(range(letters), repeat=len(features)):
            if list(dict.fromkeys(said)) != list(range(len(set(said)))):
                continue
            table: list[dict[int, Fraction]] = [{0: Fraction(1)}] * (max(features) + 1)
            for b, letter in zip(features, said, strict=True):
                table[b] = {letter: Fraction(1)}
            parts = [
                [b for b, s in zip(features, said, strict=True) if s == letter] for letter in range(len(set(said)))
            ]
            below = [every_rule(part, letters, rounds - 1, (*before, word, i)) for i, part in enumerate(parts)]
            ways += [
                {(*before, word): table} | {k: v for each in some for k, v in each.items()} for some in product(*below)
            ]
        after_a_word.append(ways)
    return [{k: v for each in some for k, v in each.items()} for some in product(*after_a_word)]


def respond(
    exact: Exact, rules: Sequence[Rule], letters: int, rounds: int, may: Any = None
) -> dict[Pair, list[Fraction]]:
    """Return the lotteries of a best-responding Alice, ties to the first words and then to the first action.

    `may` restricts her words: it gets the round and returns what she may say.
    """
    chances: dict[Pair, list[Fraction]] = {
        (x, b): [Fraction(0)] * exact.actions for x in range(exact.a) for b in range(exact.b)
    }
    every = list(product(range(letters), repeat=len(rules)))

    def best(
        x: int, histories: tuple[History, ...], reach: dict[int, Fraction], left: int
    ) -> tuple[Fraction, list[Any]]:
        if left == 0:
            values = [
                sum((c * exact.gains[0][x, b][a] for b, c in reach.items()), Fraction(0)) for a in range(exact.actions)
            ]
            return max(values), [(reach, values.index(max(values)))]
        found: tuple[Fraction, list[Any]] | None = None
        for words in every if may is None else may(rounds - left):
            heard = [(*h, w) for h, w in zip(histories, words, strict=True)]
            value, plan = Fraction(0), list[Any]()
            for said, after in _answers(rules, heard, reach):
                more, acts = best(x, tuple((*h, s) for h, s in zip(heard, said, strict=True)), after, left - 1)
                value, plan = value + more, plan + acts
            if found is None or value > found[0]:
                found = value, plan
        assert found is not None
        return found

    for x in range(exact.a):
        for reach, action in best(x, tuple(() for _ in rules), dict.fromkeys(range(exact.b), Fraction(1)), rounds)[1]:
            for b, c in reach.items():
                chances[x, b][action] += c
    return chances


def _answers(
    rules: Sequence[Rule], heard: Sequence[History], reach: dict[int, Fraction]
) -> list[tuple[tuple[int, ...], dict[int, Fraction]]]:
    """Return what the Bobs may say now, with the chance of each x_B to lead there."""
    told = [rule[h] for rule, h in zip(rules, heard, strict=True)]
    found = []
    for said in product(*(sorted({s for b in reach for s, c in row[b].items() if c}) for row in told)):
        after = {}
        for b, c in reach.items():
            chance = math.prod((row[b].get(s, Fraction(0)) for row, s in zip(told, said, strict=True)), start=c)
            if chance:
                after[b] = chance
        if after:
            found.append((said, after))
    return found


def decimal_rule(histories: dict[str, Any]) -> Rule:
    """Read a rule as an instance file has it: letters, or lists of decimals."""
    read: Rule = {}
    for key, row in histories.items():
        read[tuple(int(word) for word in key.split(","))] = [
            {entry: Fraction(1)} if isinstance(entry, int) else {s: decimal(c) for s, c in enumerate(entry)}
            for entry in row
        ]
    return read
