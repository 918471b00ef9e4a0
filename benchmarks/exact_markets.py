"""Markets by brute force, in fractions, straight from the definitions: nothing of the package's algorithms."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats
from bigopt.games.market.game import Market

Values = tuple[Fraction, ...]


def values(game: Market, scheme: tuple[int, ...]) -> Values:
    """Return everybody's expected utility, Alice first."""
    total = sum(game.prior_weights)
    weighted = list(enumerate(zip(scheme, game.prior_weights, strict=True)))
    return tuple(
        sum((Fraction(repr(float(p[s][a]))) * w for s, (a, w) in weighted), Fraction(0)) / total
        for p in (game.alice, *game.bobs)
    )


def all_schemes(game: Market) -> dict[tuple[int, ...], Values]:
    """Return every scheme with its values."""
    return {f: values(game, f) for f in itertools.product(*(range(int(n)) for n in game.sizes))}


def stable(game: Market) -> dict[tuple[int, ...], Values]:
    """STRICT of Section 7; a lone Bob plays what he likes best (Definition 17)."""
    table = all_schemes(game)
    every = list(table.values())
    if game.k == 1:
        top = max(u[1] for u in every)
        return {f: u for f, u in table.items() if u[1] == top}
    return {f: u for f, u in table.items() if not any(deviates(u, v) for v in every)}


def deviates(u: Values, v: Values) -> bool:
    """Whether a Bob would leave a scheme of values u for one of values v that Alice strictly prefers."""
    return v[0] > u[0] and any(b > a for a, b in zip(u[1:], v[1:], strict=True))


def nash(game: Market) -> set[tuple[int, ...]]:
    """Play out Definitions 16 and 17: everybody commits to f, one deviates, Alice picks the best, lowest index."""
    table = all_schemes(game)
    found = set()
    for f, u in table.items():
        fine = True
        for j in range(game.k):
            for v in table.values():
                offers = [v[0] if i == j else u[0] for i in range(game.k)]
                picked = v if offers.index(max(offers)) == j else u
                fine &= picked[j + 1] <= u[j + 1]
        if fine:
            found.add(f)
    return found


def random_game(seed: int, *, states: int = 4, policies: int = 4, bobs: int = 3) -> Market:
    """Return a small market; grids from 2 to 1000, so that many have ties, and some states have weight 0."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, policies + 1, rng.integers(1, states + 1))
    grid = (2, 5, 20, 1000)[seed % 4]
    common = (0.0, 0.6, 0.9)[seed % 3]
    shared = [rng.random(n) for n in sizes]

    def table(mix: float) -> tuple[list[float], ...]:
        return tuple((np.rint(grid * (mix * c + (1 - mix) * rng.random(c.size))) / 1000).tolist() for c in shared)

    weights = rng.integers(0, 3, sizes.size)
    weights[0] = max(1, weights[0])
    k = int(rng.integers(1, bobs + 1))
    return Market(table(0.0), tuple(table(common) for _ in range(k)), prior_weights=weights)


def dynamics(game: Market) -> list[tuple[int, tuple[int, ...]]]:
    """Play Section 7's dynamics on the whole table."""
    table = all_schemes(game)
    starts = [min(table, key=lambda f: (-table[f][j + 1], f)) for j in range(game.k)]
    for j in range(game.k):  # the monopoly scheme: the lowest policy index in every state, also where it weighs nothing
        starts[j] = tuple(
            int(np.argmax(np.where(w > 0, row, 0))) for row, w in zip(game.bobs[j], game.prior_weights, strict=True)
        )
    first = max(range(game.k), key=lambda j: (table[starts[j]][0], -j))
    moves, turn, quiet = [(first, starts[first])], 0, 0
    while quiet < game.k and game.k > 1:
        current = table[moves[-1][1]]
        better = {f: u for f, u in table.items() if u[0] > current[0] and u[turn + 1] > current[turn + 1]}
        if better:
            moves.append((turn, min(better, key=lambda f: (-better[f][turn + 1], -better[f][0], f))))
        quiet = 0 if better else quiet + 1
        turn = (turn + 1) % game.k
    return moves


def best_response(game: Market, player: int, profile: list[tuple[int, ...]]) -> Fraction:
    """Return the most that a Bob can have beside the others' schemes: all of his against Alice's pick (Def. 16)."""
    found = []
    offers = [values(game, f) for f in profile]
    for own in all_schemes(game).values():
        offers[player] = own
        found.append(picked(offers)[1][player + 1])
    return max(found)


def picked(offers: list[Values]) -> tuple[int, Values]:
    """Return whom Alice selects and everybody's utilities then: her best offer, the lowest index among equals."""
    chosen = max(range(len(offers)), key=lambda j: (offers[j][0], -j))
    return chosen, offers[chosen]


def outcomes(game: Market) -> list[list[Fraction]]:
    """Return everybody's utility of every policy in every state, as decimals, Alice first."""
    return [[Fraction(repr(float(v))) for row in player for v in row] for player in (game.alice, *game.bobs)]


def misalignment(game: Market, schemes: list[tuple[int, ...]]) -> float:
    """Solve Section 7's LP written out, by scipy, everybody's utilities from 0 to 1."""
    weights = game.prior_weights
    alice, *bobs = [_from_zero_to_one(player) for player in (game.alice, *game.bobs)]
    upper = {(s, f[s]) for f in schemes for s in range(game.S) if weights[s]}
    lower = {(s, a) for s in range(game.S) for a in range(int(game.sizes[s])) if weights[s]}
    lower = {(s, a) for s, a in lower if game.alice[s][a] == max(game.alice[s])}
    rows = [[bob[s][a] for bob in bobs] + [1.0, -1.0] for s, a in upper]
    rows += [[-bob[s][a] for bob in bobs] + [-1.0, -1.0] for s, a in lower]
    right = [alice[s][a] for s, a in upper] + [-alice[s][a] for s, a in lower]
    bounds = [(0, None)] * game.k + [(None, None), (0, None)]
    share = float(linprog([0.0] * (game.k + 1) + [1.0], rows, right, bounds=bounds).fun)
    return share * float(np.ptp(np.concatenate(game.alice)))


def _from_zero_to_one(player: tuple[Floats, ...]) -> list[Floats]:
    low, span = min(float(row.min()) for row in player), float(np.ptp(np.concatenate(player))) or 1.0
    return [(row - low) / span for row in player]


def worst_lottery(game: Market) -> Fraction:
    """Return Alice's least utility over deterministic schemes that no mix of two schemes beats (one Bob: his best)."""
    table = list(all_schemes(game).values())
    if game.k == 1:
        return min(u[0] for u in stable(game).values())
    top = max(u[0] for u in table)

    def best(j: int, v: Fraction) -> Fraction:
        found = [u[j + 1] for u in table if u[0] >= v]
        for low, high in itertools.product(table, table):
            if low[0] < v < high[0]:
                share = (v - low[0]) / (high[0] - low[0])
                found.append(low[j + 1] + share * (high[j + 1] - low[j + 1]))
        return max(found)

    return min(u[0] for u in table if u[0] == top or all(u[j + 1] >= best(j, u[0]) for j in range(game.k)))
