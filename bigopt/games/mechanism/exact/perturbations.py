r"""Noisy reports: the mechanism reads rewards that are off by at most eps in every outcome (Assumption 4.7).

With delta = eps sum w, or the largest move of the summed reward:

- Lemma 4.8: ASW falls by at most 2 delta; sharper, by at most delta^2 / (2 lambda) under KL (Hoeffding's lemma: the
  summed reward moves within a range of 2 delta) and m delta^2 / (4 lambda) under L2.
- Theorem 4.9, for sizes too: whatever is reported, U(report) <= u(truth) without noise, and U(truth) is below it by
  no more than one group's own loss: a gain is at most min(2 w eps, (w eps)^2 / 2 lambda) under KL.
- Proposition 4.4: max |psi - psi'| <= tanh(delta / 2 lambda) under KL, |psi - psi'|_2 <= sqrt(m) delta / (2 lambda)
  under L2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.mechanism.exact.misreports import normalized
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat

MISREPORTS = 20  # of each group, with random sizes
CHUNK = 2_000_000  # numbers


@dataclass(frozen=True)
class Noise:
    """What sampled noise does: welfare losses [k], shifts of the policy [k] with their bounds, gains [n]."""

    losses: Floats
    shifts: Floats
    shift_bounds: Floats
    gains: Floats


def noisy(rewards: Floats, error: float, normalization: str, rng: np.random.Generator) -> Floats:
    """Return rewards [..., m] moved by at most `error` in every outcome, still rewards."""
    moves = rng.uniform(-1.0, 1.0, rewards.shape)
    if normalization == "max":
        moved = np.clip(rewards + error * moves, 0.0, 1.0)
        np.put_along_axis(moved, rewards.argmax(axis=-1)[..., None], 1.0, axis=-1)
        return np.asarray(moved)
    moves -= moves.mean(axis=-1, keepdims=True)
    moves /= np.maximum(np.abs(moves).max(axis=-1, keepdims=True), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(moves < 0, rewards / -moves, np.inf).min(axis=-1, keepdims=True)
    return np.asarray(np.maximum(rewards + np.minimum(error, room) * moves, 0.0))


def sample(game: Mechanism, error: float, draws: int, seed: int, deadline: Deadline) -> Noise:
    """Draw noise on everybody's reports, and on the reports of one group at a time with misreports among them."""
    rng = np.random.default_rng(seed)
    seat = Seat(game, 0)
    true = seat.policies(seat.truth[None])[0]
    losses, shifts, bounds = np.empty(draws), np.empty(draws), np.empty(draws)
    for part in deadline.pieces(draws, "drawing noise", max(1, CHUNK // (game.n * game.m))):
        shape = (len(range(*part.indices(draws))), game.n, game.m)
        read = noisy(np.broadcast_to(game.rewards, shape), error, game.normalization, rng)
        totals = np.einsum("n,knm->km", game.sizes, read)
        policies = seat.trainer.best(totals)
        losses[part] = _loss(seat, policies)
        moved = np.abs(totals - game.total).max(axis=1)
        if game.rule.regularizer == "kl":
            shifts[part], bounds[part] = np.abs(policies - true).max(axis=1), np.tanh(moved / (2.0 * game.strength))
        else:
            shifts[part] = np.linalg.norm(policies - true, axis=1)
            bounds[part] = np.sqrt(game.m) * moved / (2.0 * game.strength)
    gains = np.array([_gain(game, i, error, draws, rng, deadline) for i in range(game.n)])
    return Noise(losses, shifts, bounds, gains)


def _loss(seat: Seat, policies: Floats) -> Floats:
    """Return the affine welfare that policies [k] lose on the true rewards."""
    total = seat.others + seat.truth
    if seat.trainer.base is None:
        return seat.trainer.regularizer.shortfall(policies, total)
    penalty = seat.game.strength * seat.trainer.regularizer.divergence(policies)
    return np.asarray(seat.trainer.worth(total[None])[0] - (policies @ total - penalty))


def _gain(game: Mechanism, group: int, error: float, draws: int, rng: np.random.Generator, deadline: Deadline) -> float:
    """Return the most that a misreport adds to U, the mean over the drawn noise on the group's own report."""
    seat = Seat(game, group)
    lies = normalized(rng.dirichlet(np.full(game.m, 0.7), MISREPORTS), game.normalization)
    rewards = np.vstack([game.rewards[group], lies])
    sizes = np.append(game.sizes[group], rng.integers(1, game.max_size + 1, MISREPORTS))
    count = max(1, min(draws, CHUNK // game.m, 200))
    means = []
    for reward, size in zip(rewards, sizes, strict=True):
        deadline.check("drawing noise")
        read = noisy(np.broadcast_to(reward, (count, game.m)), error, game.normalization, rng)
        policies = seat.policies(size * read)
        means.append(float((seat.values(policies) - seat.affine(policies)).mean()))
    return max(means[1:]) - means[0]


def loss_bounds(game: Mechanism, error: float) -> tuple[float, float]:
    """Return Lemma 4.8's bound on the loss of affine welfare, and the sharper of it and the quadratic one."""
    delta = error * float(game.sizes.sum())
    factor = 0.5 if game.rule.regularizer == "kl" else 0.25 * game.m
    return 2.0 * delta, min(2.0 * delta, factor * delta**2 / game.strength)


def gain_bounds(game: Mechanism, error: float) -> tuple[Floats, Floats]:
    """Return Theorem 4.9's bound [n] on what a misreport gains, and the sharper one."""
    delta = error * game.sizes
    factor = 0.5 if game.rule.regularizer == "kl" else 0.25 * game.m
    return 2.0 * delta, np.minimum(2.0 * delta, factor * delta**2 / game.strength)
