"""Misreports of one group, tried in bulk: rewards and sizes, what they lead to, and the best of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.mechanism.exact import heuristics
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, is_social

CHUNK = 2_000_000  # numbers of one evaluation
MOST = 20_000_000  # numbers in all random rewards
POLISHED = 3  # starts of the nonlinear search
SMALL = 40  # outcomes up to which it runs
STEPS = 60  # of the nonlinear search
SHARES = (0.02, 0.1, 0.3, 0.6, 1.0)  # of the way from the truth to a polarised reward
SIZES = 6  # sizes that are tried
Pay = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Report:
    """A report of one group, and by how much it beats the truth."""

    reward: Floats
    size: int
    gain: float


def payment_rule(seat: Seat, payments: str, steps: int = heuristics.STEPS) -> Pay:
    """Return pay(z, policies) -> payments [k] of reports z [k][m]; what does not depend on the report is left out."""
    rules: dict[str, Pay] = {
        "none": lambda products, policies: np.zeros(len(policies)),
        "affine": lambda products, policies: seat.affine(policies),
        "revenue": lambda products, policies: seat.affine(policies),
        "checkpoints": lambda products, policies: heuristics.checkpoints(seat, products, policies, steps),
        "early-stop": lambda products, policies: heuristics.early_stop(seat, policies, steps),
    }
    return rules[payments]


def utilities(seat: Seat, rewards: Floats, sizes: Floats, pay: Pay, deadline: Deadline) -> Floats:
    """Return the true utility [k] of reports rewards [k][m], sizes [k]."""
    found = np.empty(len(rewards))
    for part in deadline.pieces(len(rewards), "trying misreports", max(1, CHUNK // seat.game.m)):
        products = sizes[part, None] * rewards[part]
        if is_social(seat.game):
            policies = seat.policies(products)
        else:
            policies = np.array([seat.train(r, w) for r, w in zip(rewards[part], sizes[part], strict=True)])
        found[part] = seat.values(policies) - pay(products, policies)
    return found


def sizes_tried(game: Mechanism) -> Floats:
    """Return sizes from 1 to the largest, at most SIZES of them."""
    largest = game.max_size
    return np.unique(np.linspace(1, largest, min(largest, SIZES)).round())


def polarised(game: Mechanism, group: int) -> Floats:
    """Return rewards between the truth and its extremes: one outcome gets all, or takes from the least liked one."""
    truth = game.rewards[group]
    order = np.argsort(-truth)
    spread = order[np.unique(np.linspace(0, game.m - 1, min(game.m, 4)).astype(int))]
    towards = [normalized(np.eye(1, game.m, int(x))[0], game.normalization) for x in spread]
    away = truth.copy()  # Theorem 3.3: from the least liked outcome to the favourite
    away[order[-1]] = 0.0
    if game.normalization == "sum":
        away[order[0]] += truth[order[-1]]
    ends = np.array([*towards, away])
    shares = np.array(SHARES)[:, None, None]
    mixed = (truth + shares * (ends - truth)).reshape(-1, game.m)
    return np.vstack([truth[None], normalized(mixed, game.normalization)]) if game.m > 1 else truth[None]


def normalized(rewards: Floats, normalization: str) -> Floats:
    """Return rewards [..., m] with sum 1, or with the largest entry 1."""
    total = rewards.sum(axis=-1, keepdims=True) if normalization == "sum" else rewards.max(axis=-1, keepdims=True)
    return np.asarray(rewards / total)


def grid(game: Mechanism, budget: int) -> Floats:
    """Return all rewards on a grid of the simplex, as fine as the budget allows; none with more than 4 outcomes."""
    if game.m > 4 or game.m == 1:
        return np.zeros((0, game.m))
    steps = 1
    while _points(game.m, steps + 1) <= budget and steps < 60:
        steps += 1
    axes = np.stack(np.meshgrid(*[np.arange(steps + 1)] * (game.m - 1), indexing="ij"), axis=-1).reshape(-1, game.m - 1)
    axes = axes[axes.sum(axis=1) <= steps]
    shares = np.column_stack([axes, steps - axes.sum(axis=1)]) / steps
    return normalized(shares, game.normalization)


def _points(outcomes: int, steps: int) -> int:
    total = 1
    for k in range(1, outcomes):
        total = total * (steps + k) // k
    return total


def search(seat: Seat, pay: Pay, budget: int, seed: int, deadline: Deadline) -> Report:
    """Return the best report found among about `budget`: polarised, on a grid, random, then polished."""
    game, rng = seat.game, np.random.default_rng(seed)
    sizes = sizes_tried(game)
    least = len(polarised(game, seat.group))  # these are always tried
    fixed = np.vstack([polarised(game, seat.group), grid(game, budget // (2 * len(sizes)))])
    count = min(max(0, budget // len(sizes) - len(fixed)), MOST // game.m)
    concentration = rng.choice([0.1, 0.5, 2.0], size=(count, 1))
    random = rng.gamma(concentration, size=(count, game.m)) + 1e-300
    rewards = np.vstack([fixed, normalized(random, game.normalization)])[: max(least, budget // len(sizes))]
    return best_of(seat, rewards, sizes, pay, deadline)


def best_of(seat: Seat, rewards: Floats, sizes: Floats, pay: Pay, deadline: Deadline, polish: bool = True) -> Report:
    """Return the best among the rewards at every size, polished by a nonlinear search where outcomes are few."""
    game, group = seat.game, seat.group
    own = float(game.sizes[group])
    truth = float(utilities(seat, game.rewards[group][None], np.array([own]), pay, deadline)[0])
    best = Report(game.rewards[group], int(own), 0.0)
    table = np.array([utilities(seat, rewards, np.full(len(rewards), w), pay, deadline) for w in sizes])
    order = np.argsort(-table, axis=None)[: POLISHED if polish else 1]
    for flat in order:
        w, k = np.unravel_index(int(flat), table.shape)
        gain = float(table[w, k]) - truth
        if gain > best.gain:
            best = Report(rewards[k], int(sizes[w]), gain)
        if polish and game.m <= SMALL and is_social(game):
            reward = _polish(seat, rewards[k], float(sizes[w]), pay)
            gain = float(utilities(seat, reward[None], sizes[w : w + 1], pay, deadline)[0]) - truth
            if gain > best.gain:
                best = Report(reward, int(sizes[w]), gain)
    return best


def _polish(seat: Seat, reward: Floats, size: float, pay: Pay) -> Floats:
    """Climb from one reward, by SLSQP over the simplex (or the box with the largest entry held at 1)."""
    game = seat.game

    def loss(r: Floats) -> float:
        products = size * np.maximum(r, 0.0)[None]
        policies = seat.policies(products)
        return -float(seat.values(policies)[0] - pay(products, policies)[0])

    bounds = [(0.0, 1.0)] * game.m
    if game.normalization == "max":
        bounds[int(reward.argmax())] = (1.0, 1.0)
    summed = [{"type": "eq", "fun": lambda r: r.sum() - 1.0}] if game.normalization == "sum" else []
    found = minimize(loss, reward, method="SLSQP", bounds=bounds, constraints=summed, options={"maxiter": STEPS})
    moved = np.clip(found.x, 0.0, None)
    return normalized(moved, game.normalization) if moved.max() > 0 else reward
