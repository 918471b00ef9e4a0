r"""Mixed equilibria: probabilities in fractions, regrets by our own best responses.

Against a mixture with mean :math:`\bar z` of what the others add, an action a costs
:math:`\lVert a + \bar z - t \rVert^2 + \mathrm{Var}(z)`: the best reply to a mixture is the nearest sum to one point,
as for a pure profile, and the regret of a strategy is a difference of squared distances from that point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import InstanceError, LimitReached
from bigopt.games.subsets.exact.combos import written
from bigopt.games.subsets.exact.task import Task
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.integers import Objects
from bigopt.games.subsets.response import payoff_range
from bigopt.games.subsets.verify.nearest import affordable, least_squared
from bigopt.games.subsets.verify.regrets import field, part
from bigopt.games.subsets.verify.whole_table import WholeTable, small

Mixture = dict[tuple[int, ...], Fraction]
SHARE = re.compile(r"[^eE]+([eE][+-]?\d{1,3})?")  # an exponent of a million would be a million digits


def mixed_equilibria(game: Subsets, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of a list of mixed equilibria, and its certificate."""
    listed = field(point, "equilibria")
    if not isinstance(listed, (list, tuple)) or not all(isinstance(e, Mapping) for e in listed):
        raise InstanceError("equilibria: expected a list of objects with strategies")
    found = [_read(game, each.get("strategies"), f"equilibria[{r}].strategies") for r, each in enumerate(listed)]
    off = max(_wrong(side) for pair in found for side in pair) if found else Fraction(0)
    scaled, largest = 0.0, Fraction(0)
    for pair in found:
        for i in range(game.players):
            own = _regret(game, i, pair, request)
            largest, scaled = max(largest, own), max(scaled, part(own, payoff_range(game, i)))
    pure = [pair for pair in found if all(len(side) == 1 for side in pair)]
    checks = (
        Check("feasibility", part(off), 0.0, "probability", grade="proved"),
        Check("regret", scaled, 0.0, "payoff range", "nearest sums to the mean of the others, in fractions"),
        Check(
            "distinct",
            float(sum(a == b for r, a in enumerate(found) for b in found[:r])),
            0.0,
            "copies",
            grade="proved",
        ),
        _pure_check(game, len(pure)),
        Check("complete", 0.0, 0.0, note="that these are all is Gambit's word", grade="skipped", claimed=False),
    )
    rows = [{"strategies": _shown(pair), "losses": [float(_loss(game, i, pair)) for i in (0, 1)]} for pair in found]
    fields = {"count": len(found), "pure": len(pure), "equilibria": rows}
    return fields, Certificate(checks, float(largest), 0.0)


def _wrong(side: Mixture) -> Fraction:
    """Return how far a mixture is from being one: its sum from 1, its least probability from 0."""
    return max(abs(1 - sum(side.values(), Fraction(0))), Fraction(0), *(-p for p in side.values()))


def _pure_check(game: Subsets, pure: int) -> Check:
    """Compare the number of pure equilibria, all of which are extreme, with the whole table's."""
    if not small(game):
        return Check("pure", 0.0, 0.0, note="the table is too large to count again", grade="skipped", claimed=False)
    again = int(WholeTable(game).content.sum())
    return Check("pure", float(abs(again - pure)), 0.0, "equilibria", "over the whole table")


def _read(game: Subsets, strategies: Any, path: str) -> list[Mixture]:
    """Return the mixtures of one equilibrium."""
    if not isinstance(strategies, (list, tuple)) or len(strategies) != game.players:
        raise InstanceError(f"{path}: expected {game.players} lists (one a player)")
    return [_mixture(game, i, each, f"{path}[{i}]") for i, each in enumerate(strategies)]


def _mixture(game: Subsets, player: int, rows: Any, path: str) -> Mixture:
    if not isinstance(rows, (list, tuple)) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise InstanceError(f"{path}: expected a list of objects with choice and probability")
    found: Mixture = {}
    for r, row in enumerate(rows):
        choice = game.action(player, row.get("choice"), f"{path}[{r}].choice")
        found[choice] = found.get(choice, Fraction(0)) + _share(row.get("probability"), f"{path}[{r}].probability")
    return {choice: p for choice, p in found.items() if p}


def _share(value: Any, path: str) -> Fraction:
    """Read a fraction that stands at `path`, as text or as a decimal."""
    text = str(value)
    try:
        return Fraction(text if SHARE.fullmatch(text) else "")
    except (ValueError, ZeroDivisionError):
        raise InstanceError(f"{path}: {text[:40]!r}, expected a fraction as 1/2") from None


def _point(game: Subsets, player: int, pair: list[Mixture]) -> tuple[Objects, int]:
    """Return target minus the others' mean, times the returned common denominator of the probabilities."""
    exact, other = game.centred, pair[1 - player]
    scale = lcm(*(p.denominator for p in other.values()))
    point = exact.targets[player] * scale
    for choice, p in other.items():
        point = point - int(p * scale) * exact.weighted[1 - player][list(choice)].sum(axis=0)
    return point, scale


def _regret(game: Subsets, player: int, pair: list[Mixture], request: Request) -> Fraction:
    """Return what a player gains at most by another action, exactly."""
    point, scale = _point(game, player, pair)
    exact = game.centred
    task = Task(exact.weighted[player] * scale, point, exact.denominator * scale, int(game.sizes[player]), game.repeats)
    least = least_squared(task, request.deadline) if affordable(task) else None
    if least is None:
        many = written(game.actions(player))
        raise LimitReached(f"player {player} has {many} choices, too many to verify a mixture: use a smaller game")
    own = sum((p * task.squared(choice) for choice, p in pair[player].items()), Fraction(0))
    return max(Fraction(0), own - least) / task.denominator**2


def _loss(game: Subsets, player: int, pair: list[Mixture]) -> Fraction:
    """Return a player's expected loss."""
    unit = game.exact.denominator**2
    total = Fraction(0)
    for first, p in pair[0].items():
        for second, q in pair[1].items():
            total += p * q * game.exact.losses((first, second))[player]
    return total / unit


def _shown(pair: list[Mixture]) -> list[list[dict[str, Any]]]:
    return [[{"choice": list(c), "probability": str(p)} for c, p in sorted(side.items())] for side in pair]
