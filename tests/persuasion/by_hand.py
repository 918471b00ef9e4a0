"""Persuasion with loops and scipy's linear programs: what a certificate says, written down a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations, product
from math import prod
from typing import Any

import numpy as np
from scipy.optimize import linprog

import bigopt
from bigopt import catalog
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate
from bigopt.games.persuasion import KIND
from bigopt.games.persuasion.game import Bob, Persuasion

Table = Any  # nested lists or arrays of numbers
VERIFY = {concept.name: concept.verify for concept in KIND.concepts}
SIGNAL = [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75], [0.0, 1.0]]
RULES: dict[str, Any] = {"sender": "sender", "first": "first", "margin": {"margin": 0.25}}
SAME = 1e-9  # two actions whose expected utilities differ by less tie: the tables hold small whole numbers


def mean(game: Persuasion, utility: Table, spread: Table) -> float:
    """Return the expected utility of action probabilities [S][A], given the state."""
    cells = product(range(len(game.states)), range(len(game.actions)))
    return float(sum(game.prior[s] * spread[s][a] * utility[s][a] for s, a in cells))


def stake(game: Persuasion, utility: Table, spread: Table) -> float:
    """Return the mean distance of a utility from its mean."""
    middle = mean(game, utility, spread)
    return mean(game, [[abs(u - middle) for u in row] for row in utility], spread)


def answers(game: Persuasion, column: Sequence[float], order: Sequence[Table], margin: float = 0.0) -> list[int]:
    """Return Alice's best actions at joint probabilities [S], fewer by each utility that decides her ties."""
    tied = list(range(len(game.actions)))
    for utility in (game.alice, *order):
        worth = [sum(x * row[a] for x, row in zip(column, utility, strict=True)) for a in tied]
        slack = SAME + (margin * sum(column) if utility is game.alice else 0.0)
        tied = [a for a, w in zip(tied, worth, strict=True) if w >= max(worth) - slack]
    return tied


def spread_of(game: Persuasion, kernels: Sequence[Table], order: Sequence[Table]) -> np.ndarray:
    """Return the action probabilities [S][A] where Alice hears a signal of every kernel [S][signals]."""
    found = np.zeros((len(game.states), len(game.actions)))
    for told in product(*(range(len(kernel[0])) for kernel in kernels)):
        chance = [prod(kernel[s][r] for kernel, r in zip(kernels, told, strict=True)) for s in range(len(game.states))]
        action = answers(game, [p * c for p, c in zip(game.prior, chance, strict=True)], order)[0]
        found[:, action] += chance
    return found


def by_maps(game: Persuasion, scheme: Table, kernel: Table, maps: Table) -> np.ndarray:
    """Return the action probabilities [S][A] where Alice does after each signal and message as she is told."""
    found = np.zeros((len(game.states), len(game.actions)))
    for (r, row), s in product(enumerate(maps), range(len(game.states))):
        for m, action in enumerate(row):
            found[s, int(action)] += scheme[s][r] * kernel[s][m]
    return found


def best_reply(game: Persuasion, utility: Table, kernel: Table, margin: float = 0.0) -> float:
    """Return the most that a sender gets beside a kernel: a program over all maps from messages to actions."""
    S, A, M = len(game.states), len(game.actions), len(kernel[0])
    maps = list(product(range(A), repeat=M))
    cost, rows = [], []
    for r, s in product(maps, range(S)):
        cost.append(-game.prior[s] * sum(kernel[s][m] * utility[s][a] for m, a in enumerate(r)))
    for k, r in enumerate(maps):
        for m, b in product(range(M), range(A)):
            row = np.zeros((len(maps), S))
            if b != r[m]:
                row[k] = [
                    game.prior[s] * kernel[s][m] * (game.alice[s, b] - game.alice[s, r[m]] + margin) for s in range(S)
                ]
            rows.append(row.ravel())
    sums = np.tile(np.eye(S), len(maps))
    found = linprog(cost, A_ub=np.array(rows), b_ub=np.zeros(len(rows)), A_eq=sums, b_eq=np.ones(S))
    assert found.status == 0
    return -float(found.fun)


def distance(game: Persuasion, convex: bool) -> tuple[float, np.ndarray]:
    """Return Definition 1's error over all outcomes, and the weights: |sum w U + c - u| <= error."""
    hers, his = game.alice.ravel(), game.utilities.reshape(len(game.bobs), -1)
    k, ones = len(his), np.ones((hers.size, 1))
    above, below = np.hstack([his.T, ones, -ones]), np.hstack([-his.T, -ones, -ones])
    sums: dict[str, Any] = {"A_eq": [[1.0] * k + [0.0, 0.0]], "b_eq": [1.0]} if convex else {}
    bounds = [(0, None)] * k + [(None, None), (0, None)]
    cost = [0.0] * (k + 1) + [1.0]
    found = linprog(cost, A_ub=np.vstack([above, below]), b_ub=np.hstack([hers, -hers]), bounds=bounds, **sums)
    assert found.status == 0
    return float(found.fun), found.x[:k]


def revealing(game: Persuasion, scheme: Table) -> bool:
    """Whether no signal of a scheme is sent in two states that may happen."""
    alive = [s for s in range(len(game.states)) if game.prior[s] > 0]
    return all(sum(scheme[s][r] > 0 for s in alive) <= 1 for r in range(len(scheme[0])))


def drawn(rule: Any = "sender", seed: int = 0, signal: Any = None, bobs: int = 2) -> Persuasion:
    """Return a game of four states, of which the last never happens, and three actions."""
    hers, *his = np.random.default_rng(seed).integers(0, 7, (bobs + 1, 4, 3)).astype(float)
    senders = [Bob(f"bob {j}", table) for j, table in enumerate(his)]
    return Persuasion(
        list("wxyz"), list("abc"), hers, senders, prior_weights=[2, 1, 3, 0], tie_break=rule, alice_signal=signal
    )


def stored(name: str) -> Persuasion:
    game = bigopt.load(catalog.instance(f"persuasion/{name}"))
    assert isinstance(game, Persuasion)
    return game


def verified(game: Persuasion, concept: str, point: Mapping[str, Any], **more: Any) -> tuple[dict[str, Any], Any]:
    options = more.pop("options", {})
    fields, certificate = VERIFY[concept](game, point, Request(concept, options=options, arguments=more))
    assert isinstance(certificate, Certificate)
    return fields, certificate


def values(certificate: Certificate) -> dict[str, float]:
    return {check.name: check.value for check in certificate.checks}


def messages(game: Persuasion, scheme: Any) -> list[dict[str, Any]]:
    """Return each signal that is sent, its probability and what Alice believes then."""
    chance = [sum(p * row[r] for p, row in zip(game.prior, scheme, strict=True)) for r in range(len(scheme[0]))]
    return [
        {
            "signal": r,
            "probability": q,
            "posterior": [p * row[r] / q for p, row in zip(game.prior, scheme, strict=True)],
        }
        for r, q in enumerate(chance)
        if q > 0
    ]


def cautious(game: Persuasion, scheme: Any, utility: Any, margin: float) -> float:
    """Return what a sender gets where Alice takes the worst for him of what is best for her by a margin."""
    total = 0.0
    for r in range(len(scheme[0])):
        column = [p * row[r] for p, row in zip(game.prior, scheme, strict=True)]
        near = answers(game, column, [], margin)
        total += min(sum(x * row[a] for x, row in zip(column, utility, strict=True)) for a in near)
    return total


def binding(game: Persuasion, scheme: Any) -> Any:
    """Return the pairs (told, instead) between which Alice is indifferent, of what she is told at all."""
    pairs = []
    for a, b in permutations(range(3), 2):
        told = [p * row[a] for p, row in zip(game.prior, scheme, strict=True)]
        lead = sum(x * (row[a] - row[b] - game.margin) for x, row in zip(told, game.alice, strict=True))
        pairs += [(a, b)] if sum(told) > 1e-9 and lead < 1e-9 else []
    return np.array(pairs).reshape(-1, 2)


def bound(game: Persuasion, utility: Any, prices: Any) -> float:
    """Return what weak duality says with prices [rows][3]: the sum over states of the dearest action."""
    table = {(a, b): price for a, b, price in prices}
    assert all(a != b and price > 0 for (a, b), price in table.items())
    return float(
        sum(
            game.prior[s]
            * max(
                utility[s][a]
                + sum(
                    price * (game.alice[s, a] - game.alice[s, b] - game.margin)
                    for (told, b), price in table.items()
                    if told == a
                )
                for a in range(3)
                if game.inducible[a]
            )
            for s in range(4)
        )
    )
