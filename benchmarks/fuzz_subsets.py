"""Random subset tasks and games against brute force in Python's integers: ``python -m benchmarks.fuzz_subsets``.

Every task and every game is made from its own number alone, so that one that fails can be made again by it.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

import bigopt
from benchmarks.exact_mixed import extreme
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.decimals import integers
from bigopt.concepts import Deadline
from bigopt.games.subsets import response
from bigopt.games.subsets.exact.task import Effort, Task
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.verify import nearest

FAMILIES = ("small integers", "signed powers", "near 2^53", "decimals", "normal", "one far item", "clusters")


LARGEST = 4_000  # profiles that brute force looks at


class TooLarge(Exception):
    """A game is left out: it does not count as tried."""


def items(rng: np.random.Generator, family: str, m: int, d: int) -> Floats:
    """Return up to m different items of a family."""
    draw: dict[str, Callable[[], Any]] = {
        "small integers": lambda: rng.integers(-6, 7, (m, d)),
        "signed powers": lambda: rng.choice([-1, 1], (m, d)) * 2.0 ** rng.integers(0, 9, (m, d)),
        "near 2^53": lambda: 2.0**53 - rng.integers(0, 40, (m, d)),
        "decimals": lambda: rng.integers(-9, 10, (m, d)) / 10,
        "normal": lambda: rng.normal(size=(m, d)),
        "one far item": lambda: np.vstack([np.full((1, d), 1e9), rng.integers(-4, 5, (m - 1, d))]),
        "clusters": lambda: rng.integers(0, 2, (m, d)) + rng.integers(0, 3, (m, d)) * 1e-12,
    }
    return np.unique(np.asarray(draw[family](), dtype=float), axis=0)


def every(m: int, k: int, repeats: bool) -> list[tuple[int, ...]]:
    """Return all choices of k among m items."""
    choose = itertools.combinations_with_replacement if repeats else itertools.combinations
    return list(choose(range(m), k))


def task_of(vectors: Floats, point: Floats, size: int, repeats: bool = False) -> Task:
    """Return the problem of given decimals."""
    rows = np.vstack([vectors, point])
    whole, q = integers(rows)
    return Task(whole[:-1], whole[-1], q, size, repeats)


def task(number: int) -> tuple[Task, str]:
    """Return a small task and its family."""
    rng = np.random.default_rng([7, number])
    family = FAMILIES[number % len(FAMILIES)]
    vectors = items(rng, family, int(rng.integers(3, 10)), int(rng.integers(1, 4)))
    m, d = vectors.shape
    repeats = bool(rng.integers(4) == 0)
    k = int(rng.integers(1, m + 1)) if not repeats else int(rng.integers(1, 5))
    some = vectors[rng.integers(0, m, k)].sum(axis=0)
    point = some + rng.choice([0.0, 0.5, 1.0, 3.0]) * np.sign(rng.normal(size=d))
    return task_of(vectors, point, k, repeats), family


def wrong_task(number: int) -> str | None:
    """Return what is wrong about a task's answers, None where the solver and the verifier agree with brute force."""
    given, family = task(number)
    least = min(given.squared(choice) for choice in every(len(given.exact), given.size, given.repeats))
    found = response.nearest(given, Effort(Deadline()), seed=number % 3)
    again = nearest.least_squared(given, Deadline())
    if found.proved and found.squared == given.squared(found.choice) == least == again:
        return None
    return f"{family}: brute force {least}, solver {found.squared} ({found.method}), verifier {again}"


def game(number: int) -> Subsets:
    """Return a small game."""
    rng = np.random.default_rng([11, number])
    family = FAMILIES[number % len(FAMILIES)]
    shown = items(rng, family, int(rng.integers(3, 7)), int(rng.integers(1, 3)))
    n, m = int(rng.integers(1, 4)), len(shown)
    repeats = bool(rng.integers(4) == 0)
    sizes = rng.integers(1, min(3, m) + 1, n)
    weights = rng.choice([-1.0, -0.5, 0.25, 0.5, 1.0, 0.0], n, p=[0.1, 0.1, 0.3, 0.2, 0.25, 0.05])
    targets = shown[rng.integers(0, m, n)] * rng.choice([0.5, 1.0, 2.0]) + rng.integers(-2, 3, (n, 1)) / 4
    return Subsets(weights, targets, shown, sizes, repeats)


def brute(given: Subsets) -> tuple[list[Profile], dict[Profile, list[int]]]:
    """Return the equilibria and every profile's losses."""
    own = [every(len(given.items), int(k), given.repeats) for k in given.sizes]
    loss = {p: given.exact.losses(p) for p in itertools.product(*own)}
    least: dict[tuple[int, Profile], int] = {}
    for profile, values in loss.items():
        for i, value in enumerate(values):
            key = (i, (*profile[:i], *profile[i + 1 :]))
            least[key] = min(least.get(key, value), value)
    stable = [p for p in loss if all(loss[p][i] == least[i, (*p[:i], *p[i + 1 :])] for i in range(given.players))]
    return stable, loss


def wrong_game(number: int) -> str | None:
    """Return what is wrong about a game's answers, None where every concept agrees with brute force and is verified."""
    given = game(number)
    if given.profiles > LARGEST:
        raise TooLarge
    stable, loss = brute(given)
    totals = {p: sum(values) for p, values in loss.items()}
    unit = given.exact.denominator**2
    minimum = bigopt.solve(given, "nash")
    if not minimum.solved or given.exact.potential(minimum.choices) != min(map(given.exact.potential, loss)):
        return f"nash: {minimum.choices}"
    listed = bigopt.solve(given, "all-nash")
    if not listed.solved or [tuple(map(tuple, p)) for p in listed.profiles] != sorted(stable):
        return f"all-nash: {listed.count}, brute force {len(stable)}"
    moved = bigopt.solve(given, "dynamics", options={"start": "random", "seed": number})
    if not moved.solved or tuple(map(tuple, moved.choices)) not in stable:
        return f"dynamics: ends at {moved.choices}"
    ends = bigopt.solve(given, "extremes")
    known = (min(totals[p] for p in stable), max(totals[p] for p in stable), min(totals.values()))
    if not ends.solved or (ends.best_total, ends.worst_total, ends.optimum_total) != tuple(v / unit for v in known):
        return f"extremes: {ends.best_total}, {ends.worst_total}, {ends.optimum_total}"
    return None


def family_of_example_5(number: int) -> str | None:
    """Return what is wrong about dynamics on signed powers of two, where an equilibrium is a receiver at 0."""
    rng = np.random.default_rng([13, number])
    half, k = int(rng.integers(2, 7)), int(rng.integers(1, 4))
    given = bigopt.games.subsets.generate.binary_powers(items=2 * half, size=min(k, half))
    found = bigopt.solve(given, "dynamics", options={"start": "random", "seed": number})
    at = given.receiver(found.choices)
    return None if found.solved and not at.any() else f"ends at {at}, verified {found.certificate.verified}"


def small_pair(number: int) -> Subsets:
    """Return a game of two players with at most six actions each."""
    rng = np.random.default_rng([17, number])
    while True:
        shown = items(rng, FAMILIES[number % len(FAMILIES)], int(rng.integers(2, 6)), int(rng.integers(1, 3)))
        weights = rng.choice([-1.0, -0.5, 0.25, 0.5, 1.0, 0.0], 2, p=[0.2, 0.2, 0.2, 0.2, 0.15, 0.05])
        targets = shown[rng.integers(0, len(shown), 2)] * rng.choice([0.5, 1.0, 2.0]) + rng.integers(-2, 3, (2, 1)) / 4
        sizes = rng.integers(1, min(2, len(shown)) + 1, 2)
        given = Subsets(weights, targets, shown, sizes, bool(rng.integers(6) == 0))
        if max(given.actions(0), given.actions(1)) <= 6:
            return given


def wrong_mixed(number: int) -> str | None:
    """Return what is wrong about the extreme mixed equilibria, compared with every support in fractions."""
    given = small_pair(number)
    own = [every(len(given.items), int(k), given.repeats) for k in given.sizes]
    losses = [[[Fraction(given.exact.losses((a, b))[i]) for b in own[1]] for a in own[0]] for i in (0, 1)]
    right = extreme(losses[0], losses[1])
    found = bigopt.solve(given, "mixed")
    if not found.solved:
        return f"not verified: {[check.name for check in found.certificate.failed]}"
    listed = set()
    for each in found.equilibria:
        pair = []
        for side, actions in zip(each["strategies"], own, strict=True):
            shares = {tuple(row["choice"]): Fraction(row["probability"]) for row in side}
            pair.append(tuple(shares.get(action, Fraction(0)) for action in actions))
        listed.add((pair[0], pair[1]))
        expected = [
            sum((p * q * losses[i][r][c] for r, p in enumerate(pair[0]) for c, q in enumerate(pair[1])), Fraction(0))
            for i in (0, 1)
        ]
        unit = given.exact.denominator**2
        if any(value != float(loss / unit) for value, loss in zip(each["losses"], expected, strict=True)):
            return f"losses {each['losses']}, right {[float(loss / unit) for loss in expected]}"
    return None if listed == right else f"{len(listed)} equilibria, right {len(right)}"


def run(kind: str, wrong: Callable[[int], str | None], numbers: range, seconds: float) -> tuple[int, list[str]]:
    """Try the numbers until the time is over; return how many were tried, and what was wrong."""
    start, tried, faults = time.perf_counter(), 0, []
    for number in numbers:
        if time.perf_counter() - start > seconds:
            break
        try:
            fault = wrong(number)
        except TooLarge:
            continue
        tried += 1
        if fault is not None:
            faults.append(f"{kind} {number}: {fault}")
    return tried, faults


KINDS: dict[str, Callable[[int], str | None]] = {
    "tasks": wrong_task,
    "games": wrong_game,
    "example 5": family_of_example_5,
    "mixed": wrong_mixed,
}


def main() -> int:
    """Run the kinds that were asked for and print their totals; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_subsets", description=__doc__)
    parser.add_argument("--kind", choices=list(KINDS), action="append", help="default: all")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=3600.0, help="at most, a kind")
    given = parser.parse_args()
    totals: Counter[str] = Counter()
    for kind in given.kind or list(KINDS):
        search = partial(run, kind, KINDS[kind])
        totals[kind], faults = search(range(given.first, given.first + given.number), given.seconds)
        print(f"{kind}: {totals[kind]} tried, {len(faults)} wrong", *faults[:10], sep="\n  ", flush=True)
        totals["faults"] += len(faults)
    return 1 if totals["faults"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
