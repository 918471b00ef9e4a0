"""Definition 1 as a linear program in fractions."""

from __future__ import annotations

from fractions import Fraction

from bigopt.alice.prove import Outcomes
from bigopt.arithmetic.program import Evidence, Program, Row, at_least_zero
from bigopt.concepts.proof import Proof

ONE = Fraction(1)


def alignment(outcomes: Outcomes, convex: bool = True) -> Program:
    """Return: minimize epsilon s.t. |sum_j w_j U_j + offset - u_A| <= epsilon on all outcomes, w >= 0 (of sum 1)."""
    k = len(outcomes[0][1])
    variables = [*(f"w_{j}" for j in range(k)), "offset", "epsilon"]
    rows = at_least_zero(variables, range(k))
    for sense, sign in (("L", -1), ("G", 1)):
        for i, (alice, bobs) in enumerate(outcomes):
            terms = {**dict(enumerate(bobs)), k: ONE, k + 1: Fraction(sign)}
            rows.append(Row(f"{'above' if sense == 'L' else 'below'}_{i}", terms, sense, alice))
    if convex:
        rows.append(Row("convex", dict.fromkeys(range(k), ONE), "E", ONE))
    return Program(variables, {k + 1: ONE}, False, rows, k)


def evidence(outcomes: Outcomes, proof: Proof) -> Evidence:
    """Return what a proof's weights, offset and measure are of this program."""
    weights, offset, measure = (proof.witness[key] for key in ("weights", "offset", "measure"))
    k, n = len(weights), len(outcomes)
    worst = max(abs(sum(w * u for w, u in zip(weights, bobs, strict=True)) + offset - a) for a, bobs in outcomes)
    prices = {k + i + (n if m < 0 else 0): -m for i, m in enumerate(measure) if m}
    against = (sum(m * bobs[j] for m, (_, bobs) in zip(measure, outcomes, strict=True)) for j in range(k))
    return Evidence([*weights, offset, worst], prices | {k + 2 * n: min(against)})
