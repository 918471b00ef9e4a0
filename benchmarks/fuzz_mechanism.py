"""``python -m benchmarks.fuzz_mechanism [--concept C] [--games N]``: random hostile RLHF games against 200 bits.

Seeded games of up to four outcomes and groups, equal and zero rewards, sizes from 1 to 10^6, initial probabilities
down to 1e-9, strengths from 1e-3 to 1e6 of the summed sizes, both regularizers and normalizations. Each
answer is compared with `exact_mechanism`: definitions in fractions or 200 bits, every cycle and every path of types;
Nash welfare and maximin with a second optimizer.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog, minimize

from benchmarks.exact_mechanism import Groups, along, binary, cycles, dot, fmpq, lengths, number, paths
from benchmarks.fuzzing import Case, NoYardstickError, differs, first, main
from bigopt.games.mechanism import Group, Mechanism

EXTRAS = ("plain", "equal", "zeros", "sizes", "rare", "sharp", "blunt", "flat", "one group")
FLOATS = 1e-8


def game(
    seed: int, objective: str = "social-welfare", types: bool = False, largest: int | None = None
) -> tuple[Mechanism, str]:
    """Return game number `seed` and what is hostile about it."""
    rng = np.random.default_rng([seed, len(objective), types, largest or 0])
    extra = str(rng.choice(EXTRAS))
    m, n = int(rng.integers(2, 5)), 1 if extra == "one group" else int(rng.integers(1, 5))
    normalization, regularizer = str(rng.choice(["sum", "max"])), str(rng.choice(["kl", "l2"]))
    initial = rng.dirichlet(np.ones(m))
    if extra == "rare":
        initial = np.where(np.arange(m) == rng.integers(m), 10.0 ** -rng.integers(3, 10), initial)
    initial = np.round(initial / initial.sum(), 12)
    initial[initial.argmax()] += 1 - initial.sum()
    kinds = [_reward(rng, m, normalization, extra) for _ in range(n)]
    if extra == "equal":
        kinds = [kinds[0]] * n
    top = largest or (10**6 if extra == "sizes" else 9)
    sizes = [
        int(round(float(top ** rng.random()))) if extra == "sizes" else int(rng.integers(1, top + 1)) for _ in range(n)
    ]
    share = {"sharp": 10.0 ** -rng.integers(1, 4), "blunt": 10.0 ** rng.integers(1, 7)}
    strength = float(f"{sum(sizes) * share.get(extra, float(rng.choice([0.1, 0.3, 1.0]))):.3g}")
    more: dict[str, Any] = {"max_size": max(sizes)}
    if types:
        more["types"] = [
            Group(f"t{t}", int(rng.integers(1, top + 1)), _reward(rng, m, normalization, extra))
            for t in range(int(rng.integers(2, 5)))
        ]
        more["max_size"] = max(max(sizes), top)
    made = Mechanism(
        initial, [Group(f"g{i}", w, r) for i, (w, r) in enumerate(zip(sizes, kinds, strict=True))], normalization,
        {"objective": objective, "regularizer": regularizer, "strength": strength}, [f"x{x}" for x in range(m)],
        name=f"fuzz-{seed}", **more,
    )  # fmt: skip
    return made, f"{extra}, {regularizer}, {normalization}"


def _reward(rng: np.random.Generator, m: int, normalization: str, extra: str) -> Any:
    """Return a reward in hundredths, or in quarters where there are zeros."""
    if extra == "flat" and rng.random() < 0.5:
        return np.full(m, 1.0 if normalization == "max" else 1 / m)
    count = 4 if extra == "zeros" else 100
    parts = rng.multinomial(count, rng.dirichlet(np.ones(m)))
    return parts / (count if normalization == "sum" else parts.max())


def policy_is(found: Any, right: list[Any]) -> str | None:
    """Return what differs between two policies."""
    return first(
        *(differs(f"policy {x}", p, number(r), 1, FLOATS) for x, (p, r) in enumerate(zip(found, right, strict=True)))
    )


def train(seed: int) -> Case:
    """Compare the policy of social welfare, its welfare and whether it is interior."""
    made, words = game(seed)
    groups = Groups(made)

    def wrong(found: Any) -> str | None:
        total = groups.total()
        right = groups.rule.policy(total)
        size = Fraction(float(made.sizes.sum()))
        interior = groups.rule.kl or all(p > 0 for p in right)
        if found.interior != interior and min(abs(number(p)) for p in right) > 1e-12:
            return f"interior {found.interior}"
        welfare = groups.rule.welfare(right, total)
        return first(policy_is(found.policy, right), differs("welfare", found.welfare, number(welfare), size, FLOATS))

    return Case(made, "train", wrong, words=words)


def other_rules(seed: int) -> Case:
    """Look for a better policy under Nash welfare or maximin with SLSQP, from the answer and from the initial model."""
    made, words = game(seed, ("nash-welfare", "maximin")[seed % 2], largest=9)
    rewards, sizes, q = made.rewards, made.sizes, made.initial

    def objective(p: Any) -> float:
        values = np.maximum(rewards @ p, 1e-300)  # the groups' own, an agent
        fit = float((sizes * np.log(values)).sum()) if seed % 2 == 0 else float(values.min())
        apart = p * np.log(np.maximum(p, 1e-300) / q) if made.rule.regularizer == "kl" else (p - q) ** 2
        return fit - made.strength * float(apart.sum())

    def wrong(found: Any) -> str | None:
        p = np.asarray(found.policy)
        here = objective(p)
        if abs(here - found.value) > 1e-9 * (1 + abs(here)):
            return f"value {found.value}, by definition {here}"
        rng = np.random.default_rng([seed, 6])
        best = max(
            [objective(p + s * (d - p)) for d in rng.dirichlet(np.ones(made.m), 30) for s in (1e-1, 1e-2, 1e-3, 1e-4)]
        )
        for start in (q, np.maximum(p, 1e-6)):
            done = minimize(
                lambda x: -objective(np.abs(x) / np.abs(x).sum()), start, method="Nelder-Mead", options={"maxiter": 200}
            )
            best = max(best, -float(done.fun))
        return None if best <= here + 1e-6 * (1 + abs(here)) else f"value {here}, there is {best}"

    return Case(made, "train", wrong, words=f"{words}, {made.rule.objective}")


def payments(seed: int) -> Case:
    """Compare affine payments with two trainings a group."""
    made, words = game(seed)
    groups = Groups(made)

    def wrong(found: Any) -> str | None:
        faults = [policy_is(found.policy, groups.rule.policy(groups.total()))]
        for i in range(made.n):
            value, paid = groups.worth(i)
            stake = Fraction(float(made.stakes[i]))
            faults += [differs(f"payment {i}", found.payments[i], number(paid), stake, FLOATS)]
            faults += [differs(f"utility {i}", found.utilities[i], number(value - paid), stake, FLOATS)]
        return first(*faults)

    return Case(made, "payments", wrong, words=words)


def audit(seed: int) -> Case:
    """Recompute every gain at its misreport, with and without payments, and try reports of our own."""
    made, words = game(seed, largest=9)
    groups, free = Groups(made), bool(seed % 2)

    def wrong(found: Any) -> str | None:
        rng = np.random.default_rng([seed, 7])
        for i in range(made.n):
            truth = groups.worth(i)
            stake = Fraction(float(made.stakes[i]))
            report = found.misreports[i]
            lie = groups.worth(i, [binary(v) for v in report["reward"]], int(report["size"]))
            gain = number((lie[0] - truth[0]) - (0 if free else lie[1] - truth[1]))
            if found.proved and max(0, gain) > stake * Fraction(FLOATS):
                return f"group {i} gains {float(gain)}, proved none"
            if free:
                fault = differs(f"gain {i}", found.gains[i], max(Fraction(0), gain), stake, 1e-7)
                if fault:
                    return fault
            for _ in range(3):
                other = groups.worth(
                    i,
                    [binary(v) for v in _reward(rng, made.m, made.normalization, "plain")],
                    int(rng.integers(1, int(made.max_size or 1) + 1)),
                )
                more = number((other[0] - truth[0]) - (0 if free else other[1] - truth[1]))
                if found.proved and more > stake * Fraction(FLOATS):
                    return f"group {i} gains {float(more)} by another report, proved none"
        return None

    return Case(made, "audit", wrong, {"payments": "none" if free else "affine"}, words=words)


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
    return {1: [], 2: [(1, 1)], 3: [(2, 1), (1, 1, 1)]}[size]


def noise(seed: int) -> Case:
    """Evaluate the bounds of Section 4.2 from their formulas; what was drawn lies below them."""
    made, words = game(seed, largest=9)
    error = float(np.random.default_rng([seed, 8]).choice([1e-6, 0.01, 0.3]))

    def wrong(found: Any) -> str | None:
        delta = error * float(made.sizes.sum())
        stake = max(1.0, float(made.sizes.sum()))
        slack = Fraction(1e-9) * Fraction(stake)
        faults = [differs("loss_bound", found.loss_bound, 2 * Fraction(delta), Fraction(stake), FLOATS)]
        over = [
            ("loss", found.loss, found.sharper_loss_bound),
            ("mean", found.mean_loss, found.loss),
            ("shift", found.shift, found.shift_bound),
        ]
        over += [
            (f"gain {i}", g, b) for i, (g, b) in enumerate(zip(found.gains, found.sharper_gain_bounds, strict=True))
        ]
        faults += [f"{name} {a} above {b}" for name, a, b in over if Fraction(float(a)) > Fraction(float(b)) + slack]
        return first(*faults)

    return Case(made, "noise", wrong, {"error": repr(error), "draws": "5"}, words=words)


CASES: dict[str, Callable[[int], Case]] = {
    "train": train, "other rules": other_rules, "payments": payments, "audit": audit, "cycles": type_cycles,
    "revenue": revenue, "false-names": false_names, "noise": noise,
}  # fmt: skip

if __name__ == "__main__":
    raise SystemExit(main("fuzz_mechanism", CASES, __doc__.split(".")[0]))
