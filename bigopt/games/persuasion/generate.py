"""Seeded families of persuasion games."""

from __future__ import annotations

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.errors import UsageError
from bigopt.games.persuasion.game import Bob, Persuasion

MOST = 10_000_000  # numbers in one game


def random_persuasion(
    *, states: int = 20, actions: int = 10, bobs: int = 1, signals: int = 0, seed: int = 0
) -> Persuasion:
    """Draw all utilities from a normal distribution; `signals` > 0 lets Alice see one of so many signals herself."""
    _sizes(states, actions, bobs, seed)
    if signals < 0 or states * signals > MOST:
        raise UsageError(f"signals {signals}: expected at least 0, and at most {MOST} numbers for all states")
    rng = np.random.default_rng(seed)
    alice = rng.normal(size=(states, actions))
    utilities = [rng.normal(size=(states, actions)) for _ in range(bobs)]
    seen = rng.dirichlet(np.ones(signals), size=states) if signals else None
    return _game(f"random-persuasion-{states}x{actions}-{seed}", alice, utilities, seen)


def opposed_persuasion(*, states: int = 20, actions: int = 10, noise: float = 0.1, seed: int = 0) -> Persuasion:
    """Draw a sender whose utility is minus Alice's plus `noise` times a normal draw: almost all obedience rows bind."""
    _sizes(states, actions, 1, seed)
    rng = np.random.default_rng(seed)
    alice = rng.normal(size=(states, actions))
    sender = noise * rng.normal(size=(states, actions)) - alice
    return _game(f"opposed-persuasion-{states}x{actions}-{seed}", alice, [sender])


def aligned_senders(
    *, states: int = 3, actions: int = 3, bobs: int = 2, bias: float = 1.0, error: float = 0.0, seed: int = 0
) -> Persuasion:
    """Draw senders whose biases cancel, so that Alice is the average of them up to `error` (Definition 1)."""
    _sizes(states, actions, bobs, seed)
    rng = np.random.default_rng(seed)
    alice = rng.normal(size=(states, actions))
    biases = bias * rng.normal(size=(bobs, states, actions))
    biases -= biases.mean(axis=0)
    noise = rng.uniform(-error, error, size=(states, actions)) if error else 0.0
    return _game(f"aligned-senders-{states}x{actions}x{bobs}-{seed}", alice, list(alice + biases + noise))


def _sizes(states: int, actions: int, bobs: int, seed: int) -> None:
    if min(states, actions, bobs) < 1 or seed < 0:
        raise UsageError("states, actions and bobs: expected at least 1 of each, and a seed of at least 0")
    if states * actions * (bobs + 1) > MOST:
        raise UsageError(f"{states * actions * (bobs + 1)} utilities: expected at most {MOST}: choose smaller sizes")


def _game(
    name: str,
    alice: Floats,
    utilities: list[Floats],
    seen: Floats | None = None,
) -> Persuasion:
    return Persuasion(
        states=[f"state {s}" for s in range(len(alice))],
        actions=[f"action {a}" for a in range(alice.shape[1])],
        alice=alice,
        bobs=[Bob(f"bob {j}", utility) for j, utility in enumerate(utilities)],
        alice_signal=seen,
        name=name,
    )
