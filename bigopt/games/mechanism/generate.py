"""Seeded families of RLHF games."""

from __future__ import annotations

import numpy as np

from bigopt.errors import UsageError
from bigopt.games.mechanism.exact.misreports import normalized
from bigopt.games.mechanism.game import MOST_TYPES, Mechanism
from bigopt.games.mechanism.groups import Group
from bigopt.games.mechanism.rule import Rule

MOST = 50_000_000  # numbers in one game


def random_mechanism(
    *,
    outcomes: int = 5,
    groups: int = 3,
    types: int = 0,
    sizes: int = 5,
    objective: str = "social-welfare",
    regularizer: str = "kl",
    strength: float = 0.5,
    normalization: str = "sum",
    seed: int = 0,
) -> Mechanism:
    """Draw rewards from a flat Dirichlet distribution and sizes from 1 to `sizes`; `types` > 1 adds a type set."""
    _check(outcomes, groups, sizes, types, seed)
    if normalization not in ("sum", "max"):
        raise UsageError(f"normalization {normalization[:40]!r}: expected sum or max")
    rng = np.random.default_rng(seed)
    rewards = normalized(rng.dirichlet(np.ones(outcomes), groups), normalization)
    initial = rng.dirichlet(np.full(outcomes, 5.0)) + 1e-12
    counts = rng.integers(1, sizes + 1, groups)
    kinds = normalized(rng.dirichlet(np.full(outcomes, 0.7), types), normalization)
    type_sizes = rng.integers(1, sizes + 1, types)
    return Mechanism(
        initial=initial / initial.sum(),
        groups=[Group(f"group {i}", int(w), r) for i, (w, r) in enumerate(zip(counts, rewards, strict=True))],
        normalization=normalization,
        rule=Rule(objective, regularizer, strength),
        outcomes=[f"outcome {x}" for x in range(outcomes)],
        max_size=sizes,
        types=[Group(f"type {t}", int(w), r) for t, (w, r) in enumerate(zip(type_sizes, kinds, strict=True))]
        if types
        else None,
        name=f"random-mechanism-{outcomes}x{groups}-{seed}",
    )


def token_mechanism(
    *, alphabet: int = 2, length: int = 3, groups: int = 2, strength: float = 0.2, seed: int = 0
) -> Mechanism:
    """Draw groups whose rewards favour one token each: the outcomes are sequences of at most `length` tokens."""
    _check(alphabet, groups, length, 0, seed)
    rng = np.random.default_rng(seed)
    tokens = [f"t{k}" for k in range(alphabet)]
    count = sum(alphabet**k for k in range(min(length, 60) + 1))
    if count > MOST // groups:
        raise UsageError(f"{count} sequences of {groups} groups: choose a smaller alphabet or length")
    policy = {"type": "tokens", "alphabet": tokens, "length": length}
    flat = Mechanism(np.full(count, 1 / count), [Group("g", 1, np.full(count, 1 / count))], "sum",
                     Rule("social-welfare", "kl", 1.0), policy=policy)  # fmt: skip
    rewards = []
    for i in range(groups):
        liked = tokens[i % alphabet]
        words = [str(name).split() for name in flat.outcomes or ()]
        rewards.append([0.1 * float(rng.random()) + words_.count(liked) for words_ in words])
    return Mechanism(
        initial=rng.dirichlet(np.full(count, 20.0)),
        groups=[
            Group(f"likes {tokens[i % alphabet]} {i}", 1, normalized(np.array(r), "sum")) for i, r in enumerate(rewards)
        ],
        normalization="sum",
        rule=Rule("social-welfare", "kl", strength),
        policy=policy,
        name=f"token-mechanism-{alphabet}x{length}-{seed}",
    )


def size_pairs(*, pairs: int = 3, outcomes: int = 3, strength: float = 0.3, seed: int = 0) -> Mechanism:
    """Draw a type set of pairs with w rm - w' rm' constant: the types that Theorem 4.5 ties across sizes.

    A reward of size w and its copy with (w' - w) / m more in all is a reward of size w' once it is divided by w'.
    """
    _check(outcomes, pairs, 1, 2 * pairs, seed)
    rng = np.random.default_rng(seed)
    types = []
    for k in range(pairs):
        small, large = sorted(rng.choice(np.arange(1, 7), 2, replace=False).tolist())
        product = small * rng.dirichlet(np.ones(outcomes))
        raised = product + (large - small) / outcomes
        types += [
            Group(f"pair {k}, {small}", small, product / small),
            Group(f"pair {k}, {large}", large, raised / large),
        ]
    rewards = rng.dirichlet(np.ones(outcomes), 2)
    return Mechanism(
        initial=rng.dirichlet(np.full(outcomes, 5.0)),
        groups=[Group("mover", types[0].size, types[0].reward), Group("other", 2, rewards[1])],
        normalization="sum",
        rule=Rule("social-welfare", "kl", strength),
        outcomes=[f"outcome {x}" for x in range(outcomes)],
        types=types,
        max_size=6,
        name=f"size-pairs-{pairs}x{outcomes}-{seed}",
    )


def _check(outcomes: int, groups: int, sizes: int, types: int, seed: int) -> None:
    if min(outcomes, groups, sizes) < 1 or min(types, seed) < 0:
        raise UsageError("expected at least 1 outcome, group and size, and a seed of at least 0")
    if types > MOST_TYPES:
        raise UsageError(f"{types} types: expected at most {MOST_TYPES}")
    if outcomes * (groups + types) > MOST:
        raise UsageError(f"{outcomes * (groups + types)} rewards: expected at most {MOST}: choose smaller sizes")
