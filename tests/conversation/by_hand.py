"""Conversations with loops in fractions: what a certificate says, written down a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from bigopt.concepts.certificate import Certificate
from bigopt.games.conversation import Conversation
from bigopt.games.conversation.rules import Rule

Pair = tuple[int, int]
Pairs = frozenset[Pair]
Lottery = list[list[dict[int, Fraction]]]  # [X_A][X_B], the probability of each action


def drawn(
    seed: int = 0, shape: tuple[int, int, int] = (3, 2, 2), actions: int = 3, rounds: int = 1, **more: Any
) -> Conversation:
    """Return a game of two Bobs with weights of 0 to 2, and utilities in quarters, thirds of 3, and halves."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 3, shape)
    weights[0, 0, 0] += 1
    tables = rng.integers(-4, 9, (3, actions, shape[2])) / np.array([4, 1, 2])[:, None, None]
    return Conversation(tables[0], [3 * tables[1], tables[2]], rounds, prior_weights=weights, name="drawn", **more)


def checks(certificate: Certificate) -> list[tuple[str, float, float, str, str]]:
    """Return every check without its note: name, value, limit, unit, grade."""
    return [(c.name, float(c.value), float(c.limit), c.unit, c.grade) for c in certificate.checks]


def same(found: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Every field that is known by hand, and no other."""
    assert set(found) == set(known)
    for key, value in known.items():
        if isinstance(value, (Fraction, float)):
            assert float(found[key]) == pytest.approx(float(value), rel=1e-12, abs=1e-12), key
        elif isinstance(value, list):
            assert np.asarray(found[key], dtype=object).shape == np.asarray(value, dtype=object).shape, key
            close = [x is y or abs(x - y) < 1e-7 for x, y in zip(flat(found[key]), flat(value), strict=True)]
            assert all(close), key
        elif isinstance(value, dict):
            assert found[key] == pytest.approx(value), key
        else:
            assert found[key] == value, key


def flat(value: Any) -> list[Any]:
    """Return the entries of nested lists."""
    return np.asarray(value, dtype=object).ravel().tolist()


def pairs(game: Conversation) -> list[Pair]:
    """Return all pairs of features."""
    return list(product(range(game.sizes[0]), range(game.sizes[1])))


def weight(game: Conversation, inside: Sequence[Pair] | Pairs) -> int:
    """Return the weight of some pairs of features."""
    return sum(int(w) for a, b in inside for w in game.prior_weights[a, b])


def sums(game: Conversation, player: int, inside: Sequence[Pair] | Pairs) -> list[Fraction]:
    """Return a player's utility of each action, weights and no more than some pairs counted."""
    table = (game.alice, *game.bobs)[player]
    cells = [(y, int(w)) for a, b in inside for y, w in enumerate(game.prior_weights[a, b])]
    return [sum((Fraction(float(row[y])) * w for y, w in cells), Fraction(0)) for row in table]


def belief(game: Conversation, inside: Sequence[Pair] | Pairs) -> list[Fraction]:
    """Return Alice's expected utility of each action given that the pair is one of some."""
    return [value / weight(game, inside) for value in sums(game, 0, inside)]


def best(game: Conversation, groups: Sequence[Sequence[Pair] | Pairs]) -> Fraction:
    """Return Alice's expected utility where she acts once for each group of pairs."""
    return sum((max(sums(game, 0, group)) for group in groups), Fraction(0)) / weight(game, pairs(game))


# ---- straightforward talk


Public = dict[Pair, Pairs]  # what everybody knows, where a pair is the true one


def known(public: Public, side: int) -> Public:
    """Return what Alice (side 0), or a Bob (1), knows beside his own feature."""
    return {p: frozenset(q for q in own if q[side] == p[side]) for p, own in public.items()}


def heard(game: Conversation, public: Public, step: Fraction | None, speakers: Sequence[int]) -> Public:
    """Return what everybody knows after some have announced their beliefs at once."""
    words = {p: [message(belief(game, known(public, side)[p]), step) for side in speakers] for p in public}
    return {p: frozenset(q for q in own if words[q] == words[p]) for p, own in public.items()}


def talk(game: Conversation, step: Fraction | None, simultaneous: bool) -> tuple[list[Public], bool]:
    """Return what everybody knows after each round, and whether nobody would learn in one more that there is."""
    possible = frozenset(pair for pair in pairs(game) if weight(game, [pair]))
    states: list[Public] = [dict.fromkeys(possible, possible)]
    while len(states) <= game.rounds:
        now = states[-1]
        after = heard(game, now, step, (0, 1) if simultaneous else (0,))
        after = after if simultaneous else heard(game, after, step, (1,))
        if all(known(after, side) == known(now, side) for side in (0, 1)):
            return states, True
        states.append(after)
    return states, False


def agreed(game: Conversation, states: list[Public], zeta: Fraction) -> tuple[dict[Pair, int], set[Pair]]:
    """Return the round in which pairs agree first, and those that agree and then do not."""
    first, last, lost = dict[Pair, int](), set[Pair](), set[Pair]()
    for turn, public in enumerate(states):
        for p in public:
            both = [belief(game, known(public, side)[p]) for side in (0, 1)]
            near = max(abs(x - y) for x, y in zip(*both, strict=True)) <= zeta
            lost |= {p} & last if not near else set()
            last = last | {p} if near else last - {p}
            if near:
                first.setdefault(p, turn)
    return first, lost


def agreement(game: Conversation, step: Fraction | None, simultaneous: bool) -> tuple[dict[str, Any], bool]:
    """Return all fields of a straightforward conversation, and whether it came to rest before the last round."""
    states, rest = talk(game, step, simultaneous)
    first, lost = agreed(game, states, step or Fraction(0))
    possible, alice, cells = list(states[-1]), known(states[-1], 0), set(states[-1].values())
    total = weight(game, possible)
    off = {p: [x - y for x, y in zip(belief(game, alice[p]), belief(game, [p]), strict=True)] for p in possible}
    worst = {p: max(map(abs, row)) for p, row in off.items()}
    share = {k: weight(game, [p for p in possible if first.get(p) == k]) for k in sorted(set(first.values()))}
    squares = [
        sum(off[p][action] ** 2 * weight(game, [p]) for p in cell) / weight(game, cell)
        for cell, action in product(cells, range(game.sizes[2]))
    ]
    spread = float(np.ptp(game.alice)) or 1.0
    return {
        "rounds": {k: w / total for k, w in share.items()},
        "max_round": max(share) if sum(share.values()) == total else None,
        "lost_later": weight(game, list(lost)) / total,
        "mean_error": sum(float(worst[p]) * weight(game, [p]) for p in possible) / total,
        "max_error": max(worst.values()),
        "utility": best(game, list(set(alice.values()))),
        "opt": best(game, [[p] for p in possible]),
        "never": 1 - sum(share.values()) / total,
        "played": len(states) - 1,
        "cells": len(cells),
        "theorem_3": None if step is None else 60 * game.sizes[2] * (spread / float(step)) ** 2,
        "theorem_4": 0.0 if step is None else 1.5 * float(step),
        "rms_error": sqrt(max(squares)),
    }, rest


def message(values: list[Fraction], step: Fraction | None) -> list[Any]:
    """Return a belief as it is announced, rounded to the grid, halves up."""
    return values if step is None else [(value / step + Fraction(1, 2)).__floor__() for value in values]


# ---- one round of letters, two Bobs, Alice responds


def response(game: Conversation, profile: Sequence[Rule], letters: int, allowed: Any = None) -> Lottery:
    """Return Alice's best response in one round: the first words of the best, and the first best action."""
    table: Lottery = []
    gains = {pair: sums(game, 0, [pair]) for pair in pairs(game)}
    for a in range(game.sizes[0]):
        found: tuple[Fraction, list[dict[int, Fraction]]] | None = None
        for words in product(range(letters), repeat=len(profile)):
            if allowed is not None and not allowed(words):
                continue
            worth, row = Fraction(0), [dict[int, Fraction]() for _ in range(game.sizes[1])]
            for replies in product(range(letters), repeat=len(profile)):
                chance = [Fraction(1)] * game.sizes[1]
                for rule, word, reply in zip(profile, words, replies, strict=True):
                    for b in range(game.sizes[1]):
                        lottery = rule.speak(b, (word,))
                        chance[b] *= lottery[reply] if reply < len(lottery) else 0
                if not any(chance):
                    continue
                values = [
                    sum((c * gains[a, b][action] for b, c in enumerate(chance)), Fraction(0))
                    for action in range(game.sizes[2])
                ]
                worth, action = worth + max(values), values.index(max(values))
                for b, c in enumerate(chance):
                    row[b][action] = row[b].get(action, Fraction(0)) + c
            if found is None or worth > found[0]:
                found = worth, row
        assert found is not None
        table.append(found[1])
    return table


def worth(game: Conversation, player: int, table: Lottery, rows: Sequence[int] | None = None) -> Fraction:
    """Return a player's expected utility, where Alice sees one of some features."""
    inside = [pair for pair in pairs(game) if rows is None or pair[0] in rows]
    value = sum(
        (p * sums(game, player, [(a, b)])[action] for a, b in inside for action, p in table[a][b].items()), Fraction(0)
    )
    return value / weight(game, inside)


def law(game: Conversation, table: Lottery) -> list[list[Fraction]]:
    """Return the probability of each action and state."""
    found = [[Fraction(0)] * game.sizes[3] for _ in range(game.sizes[2])]
    for a, b in pairs(game):
        for (action, p), y in product(table[a][b].items(), range(game.sizes[3])):
            found[action][y] += p * int(game.prior_weights[a, b, y]) / weight(game, pairs(game))
    return found


def deterministic(game: Conversation, letters: int) -> list[Rule]:
    """Return every deterministic rule of one round."""
    words = list(product(range(letters), repeat=game.sizes[1]))
    every = product(words, repeat=letters)
    table = [{(word,): tuple(sure(x) for x in row) for word, row in enumerate(rows)} for rows in every]
    return [Rule("histories", histories=each) for each in table]


def sure(letter: int) -> tuple[Fraction, ...]:
    """Return the lottery of one letter."""
    return (*[Fraction(0)] * letter, Fraction(1))


def instead(profile: Sequence[Rule], bob: int, rule: Rule) -> list[Rule]:
    """Return a profile with another rule of one Bob."""
    return [rule if j == bob else own for j, own in enumerate(profile)]


def bound(game: Conversation, profile: Sequence[Rule], bob: int, letters: int) -> float:
    """Return the most of any deviation: lotteries that Alice obeys, and that she does not rather ignore (an LP)."""
    X, B, A = game.sizes[:3]
    total = weight(game, pairs(game))
    hers, his = (
        np.array([[[float(v) / total for v in sums(game, p, [(a, b)])] for b in range(B)] for a in range(X)])
        for p in (0, bob + 1)
    )
    alone = response(game, [rule for j, rule in enumerate(profile) if j != bob], letters)
    rows, sides = [], []
    for a, (told, done) in product(range(X), product(range(A), repeat=2)):
        row = np.zeros((X, B, A))
        row[a, :, told] = hers[a, :, done] - hers[a, :, told]
        rows.append(row.ravel())
        sides.append(0.0)
    for a in range(X):
        row = np.zeros((X, B, A))
        row[a] = -hers[a]
        rows.append(row.ravel())
        sides.append(-sum(float(p) * hers[a, b, action] for b in range(B) for action, p in alone[a][b].items()))
    equal = np.kron(np.eye(X * B), np.ones((1, A)))
    found = linprog(-his.ravel(), A_ub=np.array(rows), b_ub=sides, A_eq=equal, b_eq=np.ones(X * B))
    assert found.status == 0
    return -float(found.fun)
