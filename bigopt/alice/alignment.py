r"""How near Alice's utility is to the Bobs' hull: approximate market alignment (Definition 1), exactly and with proof.

The smallest :math:`\varepsilon` such that some weights :math:`w \ge 0` and offset :math:`c` give

.. math:: |\, \textstyle\sum_j w_j U_j(a, y) + c - u_A(a, y)\,| \le \varepsilon \quad \text{for every outcome } (a, y).

With residuals :math:`r = \sum_j w_j U_j - u_A` the best offset is the middle of their range and
:math:`\varepsilon(w) = (\max r - \min r)/2`. For any probabilities p over outcomes on the upper and q on the lower
side, :math:`\varepsilon \ge \tfrac12 [\min_j (p - q) \cdot U_j - (p - q) \cdot u_A]` where the weights sum to one:
the two meet at the optimum, so a point is proved by its own active outcomes. Only few of the 2N rows ever bind, hence
the rows are added lazily.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.alice import writable
from bigopt.alice.combination import written
from bigopt.alice.utilities import Aligned, Utilities, utilities
from bigopt.arithmetic.arrays import Floats, numbers
from bigopt.arithmetic.decimals import fraction
from bigopt.concepts.concept import Answer, Concept, Formulation, Option, Request
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.solution import SOLVED, Certificate, Check, Solution
from bigopt.errors import InstanceError, UsageError

GAP = 1e-8  # certified gap of epsilon, in stakes (`stake`)
FLOAT = 2.0**-20  # of what the weights move: divided by GAP a few units in the last place of a float
TABLE = "_outcomes_in_integers"  # where a game keeps what `table_of` read
LEAST = sys.float_info.min  # below it floats lose their digits
NEGATIVE = 1e-9  # weights this far below zero, in weights that matter, or sums this far from one, are rounding


def table_of(game: Aligned) -> Utilities:
    """Return a game's utilities of all outcomes, as the decimals that were written where the game kept them.

    The game keeps them, as it does a cached property: games are immutable, and large ones take seconds to read.
    """
    known: dict[str, Any] = vars(game)
    if TABLE not in known:
        kept = getattr(game, "outcome_decimals", None)
        known[TABLE] = utilities(*(kept() if kept is not None else game.outcome_utilities()))
    found: Utilities = known[TABLE]
    return found


def certify(
    alice: npt.ArrayLike, bobs: npt.ArrayLike, point: Mapping[str, Any], *, convex: bool = True
) -> tuple[dict[str, Any], Certificate]:
    """Recompute epsilon and offset from the weights of a point and prove that no other weights do better.

    Raises
    ------
    InstanceError
        The weights are missing, or not k finite numbers.
    """
    return certificate(utilities(alice, bobs), point, "convex" if convex else "any")


def certificate(
    table: Utilities, point: Mapping[str, Any], asked: Any, deadline: Deadline | None = None
) -> tuple[dict[str, Any], Certificate]:
    """`certify` for weights that sum to one ("convex"), to anything ("any"), or were given (a sequence [k])."""
    if "weights" not in point:
        raise InstanceError(f"weights: missing, expected {table.k} numbers (one a Bob)")
    given = numbers(point["weights"], "weights", [table.k], ["Bob"])
    weights = [fraction(max(0.0, w)) for w in given.tolist()]
    total = sum(weights, Fraction(0))
    fixed = _given(asked, table.k)
    if fixed is None:
        best = written(table, asked == "convex", deadline)
        bound, unit = Fraction(best.bound), stake(table, best.bound, best.exact[1])
        outside = _outside(table, given)
        note = f"dual bound {best.bound:.12g}, evaluated in fractions"
        note += f", of weights that move at most {writable.MOST:.1e} of Alice's ranges" if best.limited else ""
        if asked == "convex":
            outside = max(outside, abs(float(total) - 1.0))
            weights = [w / total for w in weights] if total else weights
    else:
        outside = float(np.abs(given - [float(w) for w in fixed]).max())
        weights, unit, note = list(fixed), 1.0, "the weights are given"
        bound = table.measure(weights)[0]
    epsilon, offset = table.measure(weights)
    words = {"convex": "w >= 0 and sum w = 1", "any": "w >= 0"}
    checks = (
        Check("weights", outside, NEGATIVE, "weight", words.get(str(asked), "as given")),
        Check("gap", float(epsilon - bound) / unit, GAP, "stake", note),
    )
    shown = np.array([float(w) for w in weights])
    return {"epsilon": float(epsilon), "weights": shown, "offset": float(offset)}, Certificate(checks)


def stake(table: Utilities, bound: float, weights: Sequence[Fraction]) -> float:
    """Return the unit of the gap: epsilon, Alice's typical spread, what a float can say about the weights, or at all.

    No single outcome, however extreme, makes it larger, but through weights that a float holds no better.
    """
    moved = sum(float(w * span) for w, span in zip(weights, table.spans[1:], strict=True))
    return max(bound, table.spread, FLOAT * moved, LEAST)


def _outside(table: Utilities, given: Floats) -> float:
    """Return how far below zero a weight is, where a weight of one moves as much as Alice's typical spread."""
    spans = np.array([float(span) for span in table.spans[1:]])
    typical = max(table.spread or float(table.spans[0]) or 1.0, LEAST)
    return float(np.maximum(0.0, -given * np.minimum(spans, typical) / typical).max())


def _given(asked: Any, k: int) -> list[Fraction] | None:
    """Return weights that were asked for by value, None where the best are wanted."""
    kind = weights_of(asked) if isinstance(asked, str) else asked
    if kind in ("convex", "any"):
        return None
    if kind == "uniform":
        return [Fraction(1, k)] * k
    if len(kind) != k:
        raise UsageError(f"option weights: {len(kind)} numbers, expected {k} (one a Bob)")
    return [fraction(weight) for weight in kind]


def solve(game: Aligned, request: Request) -> Answer:
    """Answer the concept `alignment`: the dual in rational numbers, or rows that are added lazily."""
    table, asked = table_of(game), request.options.get("weights", "convex")
    fixed = _given(asked, table.k)
    if fixed is not None:
        epsilon, offset = (float(v) for v in table.measure(fixed))
        point = {"epsilon": epsilon, "weights": [float(w) for w in fixed], "offset": offset}
        return Answer(point, epsilon, epsilon, method="the half range of the residuals")
    found = written(table, asked == "convex", request.deadline)
    point = {"epsilon": found.epsilon, "weights": found.weights, "offset": found.offset}
    holds = "optimal" if found.stopped == SOLVED else "feasible"
    how = f"lazy rows ({found.rows} written down)" if found.rows else "simplex method in rational numbers"
    return Answer(point, found.epsilon, found.bound, found.stopped, holds, how)


def verify(game: Aligned, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the concept `alignment`."""
    return certificate(table_of(game), point, request.options.get("weights", "convex"), request.deadline)


def formulations(game: Aligned, request: Request) -> Sequence[Formulation]:
    """Return the model file for other solvers."""
    table, asked = table_of(game), request.options.get("weights", "convex")
    fixed = _given(asked, table.k)
    given = None if fixed is None else [float(w) for w in fixed]
    arguments = {"convex": asked == "convex", "given": given}
    unit = table.scale(convex=asked == "convex")[0]
    return (Formulation("alignment", "LP", arguments, value=lambda error: error * unit),)


def weights_of(text: str) -> Any:
    """Parse the option `weights`: convex, any, uniform, or numbers with commas."""
    if text in ("convex", "any", "uniform"):
        return text
    try:
        found = tuple(Fraction(part) for part in text.strip("()[] ").split(","))
    except (ValueError, ZeroDivisionError):
        raise ValueError("expected convex, any, uniform, or non-negative numbers with commas, one a Bob") from None
    if min(found) < 0:
        raise ValueError("expected non-negative weights")
    return found


WEIGHTS = Option(
    "weights",
    "convex",
    parse=weights_of,
    help="convex (Definition 1), any (of any sum, Remark 2), uniform (Proposition 3), or given: 0.2,0.3,0.5",
)


class AlignmentSolution(Solution):
    """How far Alice is from the nearest combination of the Bobs.

    Attributes
    ----------
    epsilon : unit of Alice's utility
        The least worst-case error of a combination with an offset.
    weights : [k]
        The combination's weight of each Bob.
    offset : unit of Alice's utility
        The constant that is added to the combination.
    """

    epsilon: float
    weights: Floats
    offset: float


CONCEPT = Concept(
    "alignment",
    "approximate market alignment: the distance from Alice to the Bobs' hull (Definition 1)",
    verify,
    solve,
    formulations,
    options=(WEIGHTS,),
    objective="epsilon",
    sense="min",
    result=AlignmentSolution,
)
