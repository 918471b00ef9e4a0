"""Random small tables: nested fits against scipy and their own optimality: ``python -m benchmarks.fuzz_hull``."""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.optimize import nnls

from bigopt.arithmetic.arrays import Floats
from bigopt.games.hull.exact.active_set import Gram, empty, extended

SLACK = 1e-9  # of Alice's length (NNLS), or of the largest squared distance of a Bob from her (simplex)
FAMILIES = ("normal", "small integers", "far from 0", "copies and mixtures", "more Bobs than rows", "mixed units")


def table(number: int) -> tuple[Floats, Floats, str]:
    """Return Bobs, Alice and the family of a small table."""
    rng = np.random.default_rng([17, number])
    family = FAMILIES[number % len(FAMILIES)]
    n, k = int(rng.integers(2, 30)), int(rng.integers(1, 12))
    bobs = rng.normal(size=(3 if family == "more Bobs than rows" else n, k))
    if family == "small integers":
        bobs = rng.integers(0, 3, bobs.shape).astype(float)
    elif family == "far from 0":
        bobs = bobs + 1000.0
    elif family == "copies and mixtures" and k > 2:
        bobs[:, 1], bobs[:, 2] = bobs[:, 0], (bobs[:, 0] + bobs[:, -1]) / 2
    elif family == "mixed units":
        bobs = bobs * 10.0 ** rng.integers(-4, 5, k)
    inside = bobs @ rng.dirichlet(np.ones(k))
    return bobs, inside + rng.choice([0.0, 0.1, 1.0]) * rng.normal(size=len(bobs)), family


def wrong(number: int) -> list[str]:
    """Return what is wrong about a table's fits, all nested ones."""
    bobs, alice, family = table(number)
    order = np.random.default_rng([19, number]).permutation(bobs.shape[1])
    faults = []
    for problem in (Gram.non_negative(bobs, alice), Gram.simplex(bobs, alice)):
        inside, found = np.zeros(len(order), dtype=bool), empty(problem)
        for j in order.tolist():
            inside[j] = True
            found = extended(problem, inside, found, j)
            if not _good(problem.convex, bobs, alice, inside, found.weights):
                faults.append(f"{number} ({family}): {'simplex' if problem.convex else 'nnls'}, {inside.sum()} Bobs")
    return faults


def _good(convex: bool, bobs: Floats, alice: Floats, inside: np.typing.NDArray[np.bool_], weights: Floats) -> bool:
    """Say whether weights are feasible and as good as scipy's, or optimal on the simplex."""
    residual = alice - bobs @ weights
    legal = weights.min() >= 0 and not weights[~inside].any()
    if not convex:
        least = nnls(bobs[:, inside], alice)[1]
        return bool(legal and np.linalg.norm(residual) <= least + SLACK * np.linalg.norm(alice))
    pull = bobs.T @ residual
    gap = pull[inside].max() - weights @ pull
    size = float(((bobs[:, inside] - alice[:, None]) ** 2).sum(axis=0).max())
    return bool(legal and abs(weights.sum() - 1) <= 1e-12 and gap <= SLACK * size)


def main() -> int:
    """Try the numbers and print the totals; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_hull", description=__doc__)
    parser.add_argument("--number", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    given = parser.parse_args()
    start, fits, tried, faults = time.perf_counter(), 0, 0, []
    for number in range(given.number):
        if time.perf_counter() - start > given.seconds:
            break
        tried += 1
        fits += 2 * table(number)[0].shape[1]
        faults += wrong(number)
    print(f"{tried} tables, {fits} fits, {len(faults)} wrong", *faults[:20], sep="\n  ")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
