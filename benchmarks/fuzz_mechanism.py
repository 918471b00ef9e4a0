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
from scipy.optimize import minimize

from benchmarks.exact_mechanism import Groups, binary, number
from benchmarks.fuzz_mechanism_games import FLOATS, game, policy_is, reward_of
from benchmarks.fuzz_mechanism_types import false_names, revenue, type_cycles
from benchmarks.fuzzing import Case, differs, first, main


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
            if found.proved and gain > stake * Fraction(FLOATS):
                return f"group {i} gains {float(gain)}, proved none"
            if free:
                fault = differs(f"gain {i}", found.gains[i], max(Fraction(0), gain), stake, 1e-7)
                if fault:
                    return fault
            for _ in range(3):
                other = groups.worth(
                    i,
                    [binary(v) for v in reward_of(rng, made.m, made.normalization, "plain")],
                    int(rng.integers(1, int(made.max_size or 1) + 1)),
                )
                more = number((other[0] - truth[0]) - (0 if free else other[1] - truth[1]))
                if found.proved and more > stake * Fraction(FLOATS):
                    return f"group {i} gains {float(more)} by another report, proved none"
        return None

    return Case(made, "audit", wrong, {"payments": "none" if free else "affine"}, words=words)


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
