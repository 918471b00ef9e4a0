"""Seeded families of subset games."""

from __future__ import annotations

import numpy as np

from bigopt.errors import UsageError
from bigopt.games.subsets.game import Subsets

LARGEST = 20_000_000  # numbers in one table


def news_feed(
    *, players: int = 3, items: int = 20, dimension: int = 2, size: int = 3, decimals: int = 2, seed: int = 0
) -> Subsets:
    """Parties that each place `size` of the day's articles on a reader's feed.

    Articles are normal embeddings around as many topics as there are players; targets are the topics, moved outwards by
    half (a party's manifesto is more extreme than its press). The feed shows the mean of all that was placed.
    Numbers are rounded to `decimals` places.
    """
    for name, value in (("players", players), ("items", items), ("dimension", dimension), ("size", size)):
        if value < 1:
            raise UsageError(f"generate news-feed: {name} {value}, expected at least 1")
    if items > 10**6 or decimals not in range(0, 13):
        raise UsageError("generate news-feed: expected at most 1000000 items and decimals between 0 and 12")
    if max(players, items) * dimension > LARGEST:
        raise UsageError(
            f"generate news-feed: {max(players, items) * dimension:,} numbers, expected at most {LARGEST:,}"
        )
    rng = np.random.default_rng(seed)
    topics = rng.normal(size=(players, dimension))
    found: dict[tuple[float, ...], None] = {}
    for _ in range(100 * items):  # rounded embeddings may coincide: draw again
        point = topics[rng.integers(players)] + 0.7 * rng.normal(size=dimension)
        found[tuple((np.round(point, decimals) + 0.0).tolist())] = None
        if len(found) == items:
            break
    else:
        raise UsageError(
            f"generate news-feed: only {len(found)} different items at {decimals} decimals: raise decimals"
        )
    weight = float(np.round(1 / (players * size), 6))
    return Subsets(
        weights=np.full(players, weight),
        targets=np.round(1.5 * topics, decimals) + 0.0,
        items=np.array(list(found)),
        sizes=np.full(players, size),
        name=f"news-feed-n{players}-m{items}-d{dimension}-k{size}-s{seed}",
    )


def binary_powers(*, items: int = 8, size: int = 2, seed: int = 0) -> Subsets:
    """The paper's Example 5: signed powers of two with exponentially many equilibria (`seed` has no effect)."""
    if items < 2 or items % 2 or not 1 <= size <= items // 2 or items > 60:
        raise UsageError("generate binary-powers: expected an even number of items up to 60 and size <= items / 2")
    powers = 2.0 * size * 2.0 ** np.arange(items // 2)
    return Subsets(
        weights=np.full(2, 1 / (2 * size)),
        targets=np.array([[-0.25], [0.25]]),
        items=np.concatenate([-powers[::-1], powers])[:, None],
        sizes=np.full(2, size),
        name=f"example-5-m{items}-k{size}",
    )
