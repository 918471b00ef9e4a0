"""The worst stable scheme: our search beside plain enumeration and beside a bilevel MILP with lazy cuts.

The peer is the textbook treatment of the bilevel question by a general solver (HiGHS through scipy's `milp`): minimize
Alice's utility over schemes; each scheme g that some Bob j prefers to the answer f and that Alice prefers too becomes a
cut "u_A(f) >= u_A(g) or U_j(f) >= U_j(g)" with one binary, until no Bob has such a g.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.timing import Row, limited, paired, row
from bigopt.arithmetic.arrays import Floats
from bigopt.engine.solve import solve
from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.market import response
from bigopt.games.market.exact import enumeration
from bigopt.games.market.game import Market
from bigopt.games.market.generate import random_market

SIZES = ((4, 4, 3), (6, 5, 3), (8, 5, 4), (10, 4, 4), (20, 8, 6), (50, 10, 8), (100, 8, 6))
TABLES = ("synthetic-1", "synthetic-2", "movielens")
LIMIT = 60.0  # seconds for each peer
BIASES = ((0.2, 0.5), (0.0, 0.9))  # shares of Alice's and of the common table in the Bobs' utilities


def run(smoke: bool) -> list[Row]:
    """Return rows: all committees of the paper's tables, then growing random markets."""
    names, repeats = (TABLES[:1], 1) if smoke else (TABLES, 3)
    case = "31 committees" if smoke else "125 committees"
    rows = paired(
        f"{case}: worst, best, stable, dynamics, epsilon", {"exact": partial(committees, names)}, repeats=repeats
    )
    for states, policies, bobs in SIZES[:2] if smoke else SIZES:
        for alice, common in BIASES[:1] if smoke else BIASES:
            game = random_market(states=states, policies=policies, bobs=bobs, alice=alice, common=common)
            rows += compare(game, f"{states}x{policies}x{bobs}, common bias {common:g}", 5.0 if smoke else LIMIT)
    return rows


def compare(game: Market, case: str, seconds: float) -> list[Row]:
    """Run the contenders on one game; their answers must agree."""
    outcomes = {}
    for name, work in contenders(game).items():
        outcomes[name] = limited(work, seconds=seconds)
    values = {out.value for out in outcomes.values() if out.done}
    if len(values) > 1:
        raise AssertionError(f"{case}: the contenders disagree: { {k: o.value for k, o in outcomes.items()} }")
    return [row(case, name, out, outcomes["exact"]) for name, out in outcomes.items()]


def contenders(game: Market) -> dict[str, Callable[[], Any]]:
    """Return what solves the game, as functions that return Alice's utility in her integer unit."""

    def ours() -> int:
        solution = solve(game, "worst")
        if not solution.solved:
            raise RuntimeError(f"{game.name}: not verified")
        return int(game.totals(solution.scheme)[0])

    found: dict[str, Callable[[], Any]] = {"exact": ours}
    if game.schemes <= 10**8:
        found["enumeration"] = lambda: int(enumeration.stable(game).totals[0].min())
    found["lazily cut MILP (HiGHS)"] = lambda: bilevel(game)
    return found


def committees(names: Sequence[str]) -> int:
    """Solve and verify everything that Figures 5 to 7 need of some tables; return the number of committees."""
    count = 0
    for name in names:
        game: Market = load(stored.instance(f"market/{name}"))
        for size in range(1, game.k + 1):
            for members in combinations(range(game.k), size):
                committee = game.committee(members)
                for concept in ("worst", "best", "stable", "dynamics", "misalignment"):
                    if not solve(committee, concept).solved:
                        raise RuntimeError(f"{committee.name}: {concept} not verified")
                count += 1
    return count


def bilevel(game: Market, seconds: float = LIMIT) -> int:
    """Find Alice's worst stable utility by a MILP whose lower-level optimality is cut lazily."""
    table = game.units[0].astype(float)
    n = table.shape[1]
    span = [float(r) for r in np.ptp(table, axis=1) * game.S]
    fronts = [response.suffixes(game, j) for j in range(game.k)]
    equal = np.zeros((game.S, n))
    for s, (a, size) in enumerate(zip(game.first, game.sizes, strict=True)):
        equal[s, a : a + size] = 1.0
    cuts: list[tuple[int, int, int]] = []  # (Bob, Alice's utility at g, his utility at g)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = milp(
            np.r_[table[0], np.zeros(len(cuts))],
            constraints=_rows(table, equal, span, cuts),
            integrality=np.ones(n + len(cuts)),  # a binary a cut: 0 says that Alice has at least as much, 1 that he has
            bounds=Bounds(0, 1),
            options={"time_limit": max(0.1, end - time.monotonic()), "mip_rel_gap": 0.0},
        )
        if answer.status != 0:
            break
        flags = answer.x[:n] > 0.5
        scheme = [int(np.argmax(flags[a : a + size])) for a, size in zip(game.first, game.sizes, strict=True)]
        totals = game.totals(scheme)
        fresh = []
        for j in range(game.k):
            if totals[0] < game.opt and int(fronts[j][0].above(totals[0])) > totals[j + 1]:
                g = game.totals(response.deviation(game, j, totals[0], fronts[j]))
                fresh.append((j, g[0], g[j + 1]))
        if not fresh:
            return totals[0]
        cuts += fresh
    raise TimeoutError(f"{len(cuts)} cuts")


def _rows(table: Floats, equal: Floats, span: list[float], cuts: list[tuple[int, int, int]]) -> LinearConstraint:
    """Return one policy a state, and the two rows of every cut."""
    states, n = equal.shape
    rows, low = [np.hstack([equal, np.zeros((states, len(cuts)))])], [np.ones(states)]
    for i, (j, alice, own) in enumerate(cuts):
        either = np.zeros((2, n + len(cuts)))
        either[0, :n], either[0, n + i] = table[0], span[0]
        either[1, :n], either[1, n + i] = table[j + 1], -span[j + 1]
        rows.append(either)
        low.append(np.array([alice, own - span[j + 1]], dtype=float))
    upper = np.r_[np.ones(states), np.full(2 * len(cuts), np.inf)]
    return LinearConstraint(sparse.csr_array(np.vstack(rows)), np.concatenate(low), upper)
