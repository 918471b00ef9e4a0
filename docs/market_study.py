"""Check the theorems of docs/market-study.md on random tables and print its numbers.

Run from the root of a checkout: ``python docs/market_study.py [tables]`` (under a minute for the default 300).
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator

import numpy as np

from bigopt.alice import alignment
from bigopt.games.market.exact import enumeration, obedient, outcomes, play, randomized
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market


def tables(count: int, grid: int, bobs: int = 3) -> Iterator[Market]:
    """Yield random tables of 4 states and 3 policies whose Bobs share a bias."""
    for seed in range(count):
        yield random_market(states=4, policies=3, bobs=bobs, grid=grid, alice=0.2, common=0.5, seed=seed)


def worst(game: Market) -> float:
    """Return Alice's utility at her worst stable deterministic scheme."""
    return float(enumeration.stable(game).totals[0].min() * game.units[1][0])


def tie_free(game: Market) -> bool:
    """Say whether no two schemes tie for any player."""
    table = game.units[0].astype(object)
    totals = np.zeros((game.k + 1, 1), dtype=object)
    for a, n in zip(game.first, game.sizes, strict=True):
        totals = (totals[:, :, None] + table[:, None, a : a + n]).reshape(game.k + 1, -1)
    return all(len(set(row)) == len(row) for row in totals.tolist())


def end(game: Market) -> float:
    """Return Alice's utility where best-response dynamics end."""
    return float(game.totals(play.run(game)[-1].scheme)[0] * game.units[1][0])


def ties(count: int) -> None:
    """Theorem 1: without ties, dynamics end at the worst in every order; with ties, they may end above it."""
    checked = 0
    for game in tables(count, grid=1_000_000):
        if tie_free(game):
            checked += 1
            least = worst(game)
            ends = {end(game.committee(order)) for order in itertools.permutations(range(game.k))}
            assert ends == {least}, game.name
    print(f"dynamics end at the worst in all 6 orders: {checked} of {checked} tables without ties")
    for grid in (1000, 20, 5, 2):
        above = sum(end(game) > worst(game) + 1e-12 for game in tables(count, grid))
        print(f"  grid 1/{grid}: end above the worst in {100 * above / count:.1f} % of {count} tables")


def committees(count: int) -> None:
    """Theorem 2: as Bobs enter, the worst does not fall and epsilon does not rise; the Nash worst may fall."""
    last = first = 0
    mean = np.zeros(4)
    for game in tables(count, grid=20, bobs=4):
        grown = [game.committee(range(k)) for k in range(1, 5)]
        least = [worst(g) for g in grown]
        scores = [outcomes.score(g).epsilon for g in grown]
        assert all(a <= b + 1e-12 for a, b in itertools.pairwise(least)), game.name
        assert all(a >= b - 1e-9 for a, b in itertools.pairwise(scores)), game.name
        mean += np.array(least) / game.opt_value / count
        last += falls(grown)
        first += falls([game.committee(range(4 - k, 4)) for k in range(1, 5)])
    print(f"worst never falls, epsilon never rises: {count} of {count} tables, 1 to 4 Bobs")
    print("  mean worst / OPT with 1, 2, 3, 4 Bobs:", ", ".join(f"{value:.3f}" for value in mean))
    print(f"  the worst Nash equilibrium falls in {last} tables if entrants come last, in {first} if they come first")


def falls(grown: list[Market]) -> bool:
    """Say whether Alice's worst Nash equilibrium falls somewhere as the market grows."""
    sets = [enumeration.stable(game) for game in grown]
    values = [min(found.totals[0, found.nash], default=None) for found in sets]
    return any(a is not None and b is not None and a > b for a, b in itertools.pairwise(values))


def lotteries(count: int) -> None:
    """Theorem 3: the worst randomized scheme is never below the deterministic worst."""
    better, gain = 0, []
    for game in tables(count, grid=1000):
        value = float(randomized.worst(game)[1] * game.units[1][0])
        assert value >= worst(game) - 1e-12, game.name
        better += value > worst(game) + 1e-12
        gain.append(value - worst(game))
    print(f"randomized worst >= deterministic worst: {count} of {count} tables, strictly above in {better}")
    print(f"  mean rise of Alice's worst {np.mean(gain):.4f}, largest {max(gain):.4f}")


def bounds(count: int) -> None:
    """Theorem 6 with the tight epsilon; epsilon = 0 does not mean that Definition 1 holds."""
    tight = zero = far = 0
    for game in tables(count, grid=20):
        score = outcomes.score(game).epsilon
        slack = worst(game) - (game.opt_value - 2 * score)
        assert slack >= -1e-9, game.name
        tight += slack < 1e-9 and score > 1e-9
        if score < 1e-9:
            zero += 1
            far += alignment.fit(*game.outcome_utilities()).epsilon > 0.05
    print(f"worst >= OPT - 2 epsilon: {count} of {count} tables, with equality at epsilon > 0 in {tight}")
    print(f"  epsilon = 0 in {zero} tables, and Definition 1 needs more than 0.05 in {far} of them")


def obedience(count: int) -> None:
    """What a recommendation that Alice must want to follow changes."""
    higher = 0
    for game in tables(count, grid=1000):
        obeyed, free = obedient.worst(game)[1], randomized.worst(game)[1]  # in fractions of one unit
        higher += obeyed > free
    print(f"worst obedient scheme above the worst randomized one in {higher} of {count} tables")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    ties(size)
    committees(size)
    lotteries(size)
    bounds(size)
    obedience(max(1, size // 6))
