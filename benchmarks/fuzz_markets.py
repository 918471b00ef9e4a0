"""``python -m benchmarks.fuzz_markets [--games N] [--seconds T]``: random hostile markets against the definitions.

Seeded small markets with ties, states of weight 0, one Bob, one state or one policy, in units of 1e-9 and 1e10, moved
by 1e9, with outcomes of -1e9; each concept's answer is compared with `exact_markets`. Prints for each concept how many
agree, are not verified (honest), are refused, and are verified and wrong (there must be none).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from benchmarks import exact_markets as exact
from benchmarks.exact_alignment import epsilon
from bigopt import Market, solve
from bigopt.concepts.deadline import Deadline
from bigopt.errors import BigoptError
from bigopt.games.market.exact.intervals import Intervals

EXTRAS = ("plain", "small unit", "large unit", "far", "never", "one never", "small Bobs")
ALIGNED = 1e-8  # of the error or of Alice's typical range, beside what floats make of the weights
AGREE = 1e-12  # of a value that is exact but for its last float
SLOW = ("worst lottery", "worst obedient", "interval search")  # asked of every so many games where a run is long


def game(seed: int) -> tuple[Market, str]:
    """Return market number `seed` and what is hostile about it."""
    rng = np.random.default_rng(seed)
    extra = str(rng.choice(EXTRAS))
    states, bobs = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    sizes = rng.integers(1, 4, states) if rng.integers(2) else np.full(states, rng.integers(1, 4))
    grid = int(rng.choice([1, 2, 4, 50]))
    players: list[list[list[float]]] = [
        [rng.integers(0, grid + 1, n).astype(float).tolist() for n in sizes] for _ in range(bobs + 1)
    ]
    unit = {"small unit": 1e-9, "large unit": 1e10}.get(extra, 1.0)
    shift = 1e9 if extra == "far" else 0.0
    players = [[[float(f"{v * unit + shift:.12g}") for v in row] for row in table] for table in players]
    if extra == "small Bobs":
        players[1:] = [[[float(f"{v * 1e-9:.12g}") for v in row] for row in table] for table in players[1:]]
    if extra in ("never", "one never"):
        chosen = players if extra == "never" else players[int(rng.integers(bobs + 1)) :][:1]
        for table in players:
            for row in table:
                row.append(-1e9 if any(table is one for one in chosen) else 0.0)
    weights = rng.integers(0, 3, states)
    weights[0] = max(1, weights[0])
    return Market(players[0], players[1:], prior_weights=weights), extra


def near(found: float, known: Fraction | float) -> bool:
    """Whether a float is a fraction, but for rounding."""
    return abs(found - float(known)) <= AGREE * max(abs(found), abs(float(known)))


def _is(field: str, known: Any, solution: Any) -> bool:
    """Whether a field of a solution is a fraction, but for rounding."""
    return near(getattr(solution, field), known)


def _lists(known: list[Any], solution: Any) -> bool:
    """Whether a solution lists these schemes."""
    return list(map(tuple, solution.schemes.tolist())) == known


def concepts(market: Market, slow: bool = True) -> dict[str, tuple[str, dict[str, str], Callable[[Any], bool]]]:
    """Return by name: the concept, its options, and whether a solution is right; the slow ones where asked."""
    stable, nash = exact.stable(market), exact.nash(market)
    both = {"stable": stable, "nash": {f: stable[f] for f in nash}}
    asked: dict[str, tuple[str, dict[str, str], Callable[[Any], bool]]] = {}
    for kind, known in both.items():
        option = {"equilibrium": kind}
        low, high, listed = min(u[0] for u in known.values()), max(u[0] for u in known.values()), sorted(known)
        asked[f"worst, {kind}"] = ("worst", option, partial(_is, "alice", low))
        asked[f"best, {kind}"] = ("best", option, partial(_is, "alice", high))
        asked[f"all, {kind}"] = ("stable", option, partial(_lists, listed))
    path = exact.dynamics(market)
    asked["dynamics"] = (
        "dynamics",
        {},
        lambda s: [(step["bob"], tuple(step["scheme"].tolist())) for step in s.trajectory] == path,
    )
    asked["alignment"] = ("alignment", {}, partial(_aligned, market, None))
    bobs = len(market.bobs)
    asked["alignment, uniform"] = (
        "alignment",
        {"weights": "uniform"},
        partial(_aligned, market, [Fraction(1, bobs)] * bobs),
    )
    if slow:
        lottery = exact.worst_lottery(market)
        asked["worst lottery"] = ("worst", {"schemes": "randomized"}, lambda s: near(s.alice, lottery))
    score, size = exact.misalignment(market, list(stable)), max(float(np.ptp(np.concatenate(market.alice))), 1e-300)
    if (
        min(float(row.min()) for table in (market.alice, *market.bobs) for row in table) > -1e9
    ):  # else floats cannot tell
        asked["misalignment"] = ("misalignment", {}, lambda s: abs(s.epsilon - score) <= 1e-6 * size)
    if slow and len(set(market.sizes.tolist())) == 1:
        top = float(market.opt_value)
        asked["worst obedient"] = ("worst", {"obedience": "true"}, lambda s: s.alice <= top * (1 + 1e-15) + 1e-300)
    return asked


def _aligned(market: Market, weights: list[Fraction] | None, solution: Any) -> bool:
    """Whether the error is the least of all combinations of sum 1, or that of given weights, and is reached."""
    alice, *bobs = exact.outcomes(market)
    mean = None if weights is None else [_mix(weights, column) for column in zip(*bobs, strict=True)]
    right = epsilon(alice, bobs if mean is None else [mean])
    given = [Fraction(float(w)) for w in solution.weights]
    apart = [_mix(given, column) + Fraction(solution.offset) - u for u, *column in zip(alice, *bobs, strict=True)]
    reached = max(map(abs, apart))
    ordered = sorted(alice)
    middle = ordered[3 * len(ordered) // 4] - ordered[len(ordered) // 4]  # no outcome of -1e9 makes this larger
    place = max(abs(v) for own in (alice, *bobs) for v in own)
    slack = Fraction(ALIGNED) * max(right, middle) + place / 10**14
    return abs(Fraction(solution.epsilon) - right) <= slack and reached <= right + 4 * slack


def _mix(weights: list[Fraction], column: Any) -> Fraction:
    return sum((w * v for w, v in zip(weights, column, strict=True)), Fraction(0))


def reply(market: Market, seed: int) -> tuple[dict[str, Any], Callable[[Any], bool]]:
    """Return who is to respond to which schemes, and whether a solution is right: his value, its scheme, her pick."""
    rng = np.random.default_rng([seed, 1])
    player, table = int(rng.integers(market.k)), list(exact.all_schemes(market))
    profile = [table[i] for i in rng.integers(0, len(table), market.k)]
    most = exact.best_response(market, player, profile)

    def right(solution: Any) -> bool:
        played = [*profile[:player], tuple(int(a) for a in solution.action), *profile[player + 1 :]]
        selected, values = exact.picked([exact.values(market, f) for f in played])
        told = near(-solution.loss, most) and near(solution.alice, values[0]) and solution.selected == selected
        return bool(told and values[player + 1] == most)

    return {"player": player, "profile": [list(f) for f in profile]}, right


def searched(market: Market, nash: bool) -> list[tuple[int, ...]]:
    """List every equilibrium by the interval search, which small games would not need."""
    search = Intervals(market, Deadline(), every=True, nash=nash)
    return sorted(tuple(f) for schemes, _ in search.search(search.least, market.opt) for f in schemes.tolist())


def run(games: int, seconds: float, first: int = 0, every: int = 1) -> dict[str, Counter[str]]:
    """Return for each concept how many answers are of each kind; the slow ones are asked of one game in `every`."""
    counts: dict[str, Counter[str]] = {}
    end = time.monotonic() + seconds
    for seed in range(first, first + games):
        if time.monotonic() > end:
            break
        market, extra = game(seed)
        for name, (concept, options, right) in concepts(market, seed % every == 0).items():
            counts.setdefault(name, Counter())[_judge(market, concept, options, right, f"{seed} {extra} {name}")] += 1
        arguments, right = reply(market, seed)
        said = _judge(market, "best-response", {}, right, f"{seed} {extra} best-response", arguments)
        counts.setdefault("best-response", Counter())[said] += 1
        if seed % every:
            continue
        for nash, known in ((False, set(exact.stable(market))), (True, exact.nash(market))):
            good = searched(market, nash) == sorted(known)
            counts.setdefault("interval search", Counter())["agree" if good else "WRONG"] += 1
    return counts


def _judge(
    market: Market,
    concept: str,
    options: dict[str, str],
    right: Callable[[Any], bool],
    label: str,
    arguments: dict[str, Any] | None = None,
) -> str:
    try:
        solution = solve(market, concept, options=options, time_limit=30, **(arguments or {}))
    except BigoptError:
        return "refused"
    if not solution.solved:
        print(f"not verified: {label}: {[c.name for c in solution.certificate.failed]} {solution.stopped}")
        return "not verified"
    if right(solution):
        return "agree"
    print(f"WRONG: {label}: {solution.fields}")
    return "WRONG"


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--games", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="one game in so many is asked: " + ", ".join(SLOW))
    given = parser.parse_args()
    for name, counter in run(given.games, given.seconds, given.first, given.every).items():
        print(f"{name:20}", dict(counter))


if __name__ == "__main__":
    main()
