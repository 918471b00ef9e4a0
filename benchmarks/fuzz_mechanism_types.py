"""The cases of `fuzz_mechanism` about finite type sets, least utilities and split names."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq
from scipy.optimize import linprog, minimize

from benchmarks.exact_mechanism import Groups, along, binary, cycles, dot, lengths, number, paths
from benchmarks.fuzz_mechanism_games import FLOATS, game
from benchmarks.fuzzing import Case, NoYardstickError, differs, first


def type_cycles(seed: int) -> Case:
    """Compare with every cycle and every path."""
    made, words = game(seed, types=True)
    groups = Groups(made)

    def wrong(found: Any) -> str | None:
        assert made.types is not None
        table, _ = lengths(groups, 0, made.types)
        count = len(made.types)
        products = [t.size * t.reward for t in made.types]
        stake = Fraction(float(max(np.ptp(z) for z in products)) or float(max(z.max() for z in products)))
        least = min(along(table, (*c, c[0])) / len(c) for c in cycles(count))
        faults = [differs("minimum_mean", found.minimum_mean, number(least), stake, FLOATS)]
        if not found.implementable or found.epsilon_star != 0:
            faults.append("social welfare can be priced")
        paid = [binary(p) for p in found.payments]
        over = max(number(paid[t] - paid[s] - table[s][t]) for s in range(count) for t in range(count) if s != t)
        faults.append(None if over <= stake * Fraction(2e-6) else f"payments off by {float(over)}")
        for t in range(1, count):
            high = min(along(table, p) for p in paths(count, t) if p[0] == 0)
            low = -min(along(table, (*p, 0)) for p in _to_first(count, t))
            faults += [differs(f"interval {t}", found.intervals[t][0], number(low), stake, 1e-5)]
            faults += [differs(f"interval {t}", found.intervals[t][1], number(high), stake, 1e-5)]
        return first(*faults)

    return Case(made, "cycles", wrong, words=words)


def _to_first(count: int, start: int) -> list[tuple[int, ...]]:
    """Return all simple paths from a type that can be followed by type 0."""
    return [tuple(reversed(p)) for p in paths(count, start) if 0 not in p]


def revenue(seed: int) -> Case:
    """Compare with two trainings a group, a search for the least utility, and every path of types from a null one."""
    made, words = game(seed, types=bool(seed % 2))
    groups = Groups(made)

    def wrong(found: Any) -> str | None:
        faults = []
        for i in range(made.n):
            value, paid = groups.worth(i)
            stake = Fraction(float(made.stakes[i]))
            alone = groups.rule.best(groups.total(i))

            def utility(reward: Any, i: int = i, alone: Any = alone) -> Fraction:
                return number(groups.rule.best(groups.total(i, [binary(v) for v in reward])) - alone)

            corners = [np.eye(made.m)[x] for x in range(made.m)]
            least = min(map(utility, corners))
            if made.normalization == "sum":
                least = min(least, _least(utility, made.m))
            faults += [differs(f"least utility {i}", found.least_utility[i], least, max(stake, 1), 2e-6)]
            faults += [differs(f"affine {i}", found.affine[i], number(paid), stake, FLOATS)]
            faults += [differs(f"payment {i}", found.payments[i], number(paid) + least, max(stake, 1), 2e-6)]
        if made.types is not None:
            table, values = lengths(groups, 0, made.types)
            for t in range(len(values)):
                top = min(number(values[p[0]] + along(table, p)) for p in paths(len(values), t))
                faults += [differs(f"type payment {t}", found.type_payments[t], top, max(abs(top), 1), 1e-6)]
        return first(*faults)

    return Case(made, "revenue", wrong, words=words)


def _least(utility: Callable[[Any], Fraction], m: int) -> Fraction:
    """Minimize a convex function on the simplex: a line of thirds where there are two outcomes, else SLSQP."""
    if m == 2:
        low, high = 0.0, 1.0
        for _ in range(60):
            a, b = low + (high - low) / 3, high - (high - low) / 3
            low, high = (low, b) if utility([a, 1 - a]) < utility([b, 1 - b]) else (a, high)
        return utility([low, 1 - low])
    best = min(utility(np.eye(m)[x]) for x in range(m))
    found = minimize(
        lambda x: float(utility(np.maximum(x, 0) / np.maximum(x, 0).sum())), np.full(m, 1 / m), method="SLSQP",
        bounds=[(0, 1)] * m, constraints={"type": "eq", "fun": lambda x: x.sum() - 1}, options={"ftol": 1e-14},
    )  # fmt: skip
    if not found.success:
        raise NoYardstickError("SLSQP stopped early")
    return min(best, utility(np.maximum(found.x, 0) / np.maximum(found.x, 0).sum()))


def false_names(seed: int) -> Case:
    """Compare what splits pay by definition, and each largest payment with a linear program of its own."""
    made, words = game(seed, largest=3)
    groups = Groups(made)

    def wrong(found: Any) -> str | None:
        i = found.group
        reward, size = groups.rewards[i], int(made.groups[i].size)
        stake = Fraction(float(int(made.max_size or 1) * (np.ptp(made.rewards[i]) or made.rewards[i].max())))
        policy = groups.rule.policy(groups.total())
        faults = []
        totals = []
        for names, said in zip(found.parts, found.paid, strict=True):
            paid = fmpq(0)
            for a in names:
                rest = groups.total(i, [(size - a) * r for r in reward])
                paid = paid + groups.rule.best(rest) - groups.rule.welfare(policy, rest)
            totals.append(number(paid))
            faults.append(differs(f"paid by {names}", said, totals[-1], stake, FLOATS))
        faults.append(differs("saved", found.saved, totals[0] - min(totals), stake, FLOATS))
        largest = int(made.max_size or 1)
        values = [
            float(number(dot(reward, groups.rule.policy(groups.total(i, [t * r for r in reward])))))
            for t in range(largest + 1)
        ]
        for a, top in enumerate(_payments(values), start=1):
            faults.append(differs(f"payment of {a}", found.payments[a - 1], Fraction(top), stake, 1e-6))
        return first(*faults)

    return Case(made, "false-names", wrong, words=words)


def _payments(values: list[float]) -> list[float]:
    """Return the largest payment of each size alone, a linear program each: presence, truth, and every split."""
    largest = len(values) - 1
    names = [(a, b) for a in range(1, largest + 1) for b in range(largest + 1 - a)]
    rows, sides = [], []
    for a, b in names:
        rows.append({(a, b): 1.0})
        sides.append(a * values[a + b])
        for c in range(1, largest + 1 - b):
            if c != a:
                rows.append({(a, b): 1.0, (c, b): -1.0})
                sides.append(a * (values[a + b] - values[c + b]))
        for split in _splits(a):
            row = {(a, b): 1.0}
            for c in split:
                row[c, a + b - c] = row.get((c, a + b - c), 0.0) - 1.0
            rows.append(row)
            sides.append(0.0)
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    return [
        -float(linprog([-float(name == (a, 0)) for name in names], A_ub=matrix, b_ub=sides, bounds=(None, None)).fun)
        for a in range(1, largest + 1)
    ]


def _splits(size: int) -> list[tuple[int, ...]]:
    known: dict[int, list[tuple[int, ...]]] = {1: [], 2: [(1, 1)], 3: [(2, 1), (1, 1, 1)]}
    return known[size]
