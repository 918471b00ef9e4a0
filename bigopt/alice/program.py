"""Definition 1 as a linear program in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bigopt.alice.prove import Outcome
from bigopt.arithmetic.program import Evidence, Program, Row, at_least_zero
from bigopt.concepts.proof import Proof

ONE = Fraction(1)


def alignment(outcomes: Sequence[Outcome], convex: bool = True) -> Program:
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


def evidence(outcomes: Sequence[Outcome], proof: Proof, convex: bool = True) -> Evidence:
    """Return what a proof's weights, offset and prices are of this program."""
    weights, offset = proof.witness["weights"], proof.witness["offset"]
    k, n = len(weights), len(outcomes)
    worst = max(abs(sum(w * u for w, u in zip(weights, bobs, strict=True)) + offset - a) for a, bobs in outcomes)
    prices, pull = dict[int, Fraction](), [Fraction(0)] * k
    for i, price in proof.witness["prices"]:  # of the rows "below" first, then of "above"
        row, price = (k + n + i, price) if i < n else (k + i - n, -price)
        prices[row] = price
        pull = [v - price * u for v, u in zip(pull, outcomes[i % n][1], strict=True)]
    return Evidence([*weights, offset, worst], prices | ({k + 2 * n: min(pull)} if convex else {}))
