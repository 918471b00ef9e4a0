"""Certificates of randomized schemes: one LP a Bob for his deviations, enumeration for the worst where it can."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import outcomes
from bigopt.games.market.exact.lotteries import Polytope
from bigopt.games.market.game import Market

ROUNDING = 1e-8  # of lotteries and of the LPs that test them, in the largest utility of the player
REPLAY = 30_000  # deterministic schemes up to which the worst randomized one is proved by enumeration


def scheme(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the answer of `worst`, `best` or `dynamics` among randomized schemes."""
    polytope = Polytope(game, bool(request.options.get("obedience")))
    x, wrong = lottery_of(game, point.get("scheme"), "scheme")
    alice = float(polytope.table[0] @ x)
    opt = game.opt_value / float(polytope.scale[0])
    step = float(request.options.get("step") or 0.0) if request.concept == "dynamics" else 0.0
    gain = _gain(game, polytope, x, step, request)
    note = "largest gain of a Bob by a lottery that is no worse for Alice, by LP"
    checks = [
        Check("deviation", gain, ROUNDING, "utility scale", note if not step else f"{note} and raises her by the step"),
        Check("probabilities", wrong, ROUNDING, "probability", "non-negative, and one in each state"),
    ]
    if request.options.get("obedience"):
        checks.append(Check("obedience", polytope.violation(x), ROUNDING, "utility scale", "gain from disobeying"))
    found = outcomes.coarse(game, request.deadline)
    bound = game.opt_value - 2 * found.epsilon
    if request.concept != "dynamics":
        short = max(0.0, bound / float(polytope.scale[0]) - alice)
        checks.append(
            Check(
                "theorem 6",
                short,
                ROUNDING,
                "utility scale",
                f"alice >= OPT - 2 epsilon, epsilon {found.epsilon:.9g} over all outcomes",
            )
        )
    if request.concept == "best":
        checks.append(Check("best", max(0.0, opt - alice), ROUNDING, "utility scale"))
    if request.concept == "worst" and not request.options.get("obedience") and game.schemes <= REPLAY:
        least = float(worst_by_enumeration(game) * game.units[1][0]) / float(polytope.scale[0])
        note = "by enumeration: a deterministic scheme attains the worst"
        checks.append(Check("worst", abs(alice - least), ROUNDING, "utility scale", note))
    values = (polytope.table @ x) * polytope.scale
    fields = {
        "scheme": [row.tolist() for row in np.split(x, game.first[1:])],
        "alice": float(values[0]),
        "bobs": values[1:],
        "selected": 0,
        "opt": game.opt_value,
        "misalignment": None,  # the score of Section 7 is over deterministic schemes
        "bound": None,
    }
    if request.concept == "dynamics":
        fields |= {"moves": int(point.get("moves", 0)), "selected": int(point.get("selected", 0))}
    return fields, Certificate(tuple(checks), gain * float(polytope.scale[1:].max()), ROUNDING)


def stable(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify intervals of Alice's utility that have stable randomized schemes, by a witness at each lower end."""
    polytope = Polytope(game, bool(request.options.get("obedience")))
    rows = point.get("schemes")
    if not isinstance(rows, (list, tuple)):
        raise InstanceError("schemes: missing, expected a list of randomized schemes")
    gain = wrong = 0.0
    witnesses, alice = [], []
    for i, row in enumerate(rows):
        x, off = lottery_of(game, row, f"schemes[{i}]")
        gain, wrong = max(gain, _gain(game, polytope, x, 0.0, request)), max(wrong, off)
        witnesses.append([part.tolist() for part in np.split(x, game.first[1:])])
        alice.append(float(polytope.table[0] @ x) * float(polytope.scale[0]))
    checks = (
        Check("deviation", gain, ROUNDING, "utility scale", "of any witness"),
        Check("probabilities", wrong, ROUNDING, "probability"),
    )
    fields: dict[str, Any] = {"count": None, "count_nash": None, "schemes": witnesses, "alice": alice}
    fields |= {"intervals": point.get("intervals"), "opt": game.opt_value}
    return fields, Certificate(checks, None, ROUNDING)


def lottery_of(game: Market, rows: Any, path: str) -> tuple[Floats, float]:
    """Read a randomized scheme [S][policies]; return its flat probabilities, mended, and what had to be mended."""
    if not isinstance(rows, (list, tuple, np.ndarray)) or len(rows) != game.S:
        raise InstanceError(f"{path}: expected {game.S} lists of probabilities (one a state)")
    flat = []
    for s, row in enumerate(rows):
        if not isinstance(row, (list, tuple, np.ndarray)) or len(row) != game.sizes[s]:
            raise InstanceError(f"{path}[{s}]: expected {game.sizes[s]} probabilities (one a policy)")
        flat += [_share(p, f"{path}[{s}][{a}]") for a, p in enumerate(row)]
    x = np.array(flat)
    wrong = max(0.0, float(-x.min()), float(np.abs(np.add.reduceat(x, game.first) - 1).max()))
    x = np.maximum(x, 0.0)
    mass = np.add.reduceat(x, game.first)
    return x / np.repeat(np.where(mass > 0, mass, 1.0), game.sizes), wrong


def worst_by_enumeration(game: Market) -> int:
    """Return Alice's least utility over deterministic schemes on every Bob's concave frontier, in exact integers."""
    table = game.units[0].astype(object)
    totals = np.zeros((game.k + 1, 1), dtype=object)
    for a, n in zip(game.first, game.sizes, strict=True):
        totals = (totals[:, :, None] + table[:, None, a : a + n]).reshape(game.k + 1, -1)
    good = np.ones(totals.shape[1], dtype=bool)
    for j in range(game.k):
        hull = _hull(sorted(set(zip(totals[0].tolist(), totals[j + 1].tolist(), strict=True))))
        corners = np.array([x for x, _ in hull], dtype=object)
        for i in np.flatnonzero(good & (totals[0] < game.opt).astype(bool)):
            v, own = totals[0, i], totals[j + 1, i]
            at = int(np.searchsorted(corners, v, side="right"))
            (x1, y1), (x2, y2) = hull[max(0, at - 1)], hull[at]
            good[i] = own >= (y1 + Fraction((y2 - y1) * (v - x1), x2 - x1) if at else y2)
    return int(min(totals[0, good]))


def _gain(game: Market, polytope: Polytope, x: Floats, step: float, request: Request) -> float:
    """Return the largest gain of a Bob by a scheme that gives Alice as much and the step more, in scaled utility."""
    from bigopt.games.market.exact.obedient import rise

    alice = float(polytope.table[0] @ x)
    raised = rise(game, polytope, step) if step else 0.0
    opt = game.opt_value / float(polytope.scale[0])
    gain = 0.0
    if alice + raised >= opt - (ROUNDING if not step else 0.0):
        return gain
    for row in polytope.table[1:]:
        best = polytope.maximize(row, polytope.table[:1], np.array([alice + raised]), request.deadline)
        if best is not None:
            gain = max(gain, float(row @ best) - float(row @ x))
    return gain


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the upper right concave hull of points sorted by x, from the highest on."""
    top = max(y for _, y in points)
    hull: list[tuple[int, int]] = []
    for x, y in points[max(i for i, (_, y) in enumerate(points) if y == top) :]:
        while hull and (hull[-1][0] == x or hull[-1][1] <= y):
            hull.pop()
        while len(hull) > 1 and _below(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    return hull


def _below(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def _share(value: Any, path: str) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError):
        raise InstanceError(f"{path}: {str(value)[:40]!r}, expected a probability") from None
    if not -1e-3 <= share <= 1 + 1e-3:
        raise InstanceError(f"{path}: {share:g}, expected a probability")
    return share
