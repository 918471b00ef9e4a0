"""The certificate of payments against splitting, and of what splitting saves under affine payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog

from bigopt.arithmetic.arrays import Floats, numbers, whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.mechanism.exact.splitting import (
    largest_payments,
    names_of,
    paid_by,
    splits_of,
    values_of,
)
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.verify.cycles import read_group
from bigopt.games.mechanism.verify.grades import DIGITS, proved, recomputed

RULE = 1e-8  # of the group's stakes: by how much a rule may be broken
LARGEST = 1e-6  # of the stakes
SAVED = 1e-9  # of the stakes
UNIT = "stakes of the group"


def verify(game: Mechanism, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Recompute every field of a `false-names` solution from its payments, and prove them."""
    group = read_group(game, point, request)
    values = values_of(game, group)
    largest = len(values) - 1
    if "table" not in point:
        raise InstanceError("table: missing, expected payments by size and by agents under other names")
    table = numbers(point["table"], "table", [largest + 1, largest + 1], ["size", "number of agents"])
    table = np.where(_named(largest), table, 0.0)  # the rest of the square stands for nobody
    stake = float(largest * np.ptp(game.rewards[group]) or largest * game.rewards[group].max())
    parts = _parts(game, group, point)
    size = game.groups[group].size
    totals, whole_group, alone = (
        [float(paid_by(game, group, names).sum()) for names in splits] for splits in (parts, [(size,)], [(1,) * size])
    )
    free = largest_payments(values, request.deadline, splitting=False)
    fields: dict[str, Any] = {
        "group": group,
        "parts": parts,
        "paid": totals,
        "saved": whole_group[0] - min(*totals, *whole_group, *alone),  # whatever splits are shown
        "payments": table[1:, 0],
        "revenue": float(table[1:, 0].sum()),
        "revenue_dsic": float(free[1:, 0].sum()),
        "cost": float(free[1:, 0].sum() - table[1:, 0].sum()),
        "table": table,
    }
    rising = max(0.0, alone[0] - min(totals) - DIGITS * game.strength)
    checks: list[Check] = [
        *_rules(values, table, stake),
        _largest(values, table, stake),
        proved("cheapest split", rising / stake, SAVED, UNIT, "payments are convex in a name's size"),
    ]
    return fields, Certificate(tuple(checks))


def _named(largest: int) -> Any:
    """Flag the pairs of a size and a number of other agents that there are, [1 + largest][1 + largest]."""
    flags = np.zeros((largest + 1, largest + 1), dtype=bool)
    flags[tuple(np.array(names_of(largest)).T)] = True
    return flags


def _parts(game: Mechanism, group: int, point: Mapping[str, Any]) -> list[tuple[int, ...]]:
    """Return the splits that a point shows, or equal halves, quarters and so on of the group."""
    given = point.get("parts")
    if given is None:
        return default_parts(game.groups[group].size)
    if not isinstance(given, (list, tuple)) or not given:
        raise InstanceError(f"parts: {str(given)[:40]!r}, expected a list of splits, each a list of sizes")
    found = []
    for k, names in enumerate(given):
        sizes = whole(names, f"parts[{k}]", [None], low=1)
        if int(sizes.sum()) != game.groups[group].size:
            raise InstanceError(f"parts[{k}]: adds up to {sizes.sum()}, expected {game.groups[group].size}, the size")
        found.append(tuple(int(a) for a in sizes))
    return found


def default_parts(size: int) -> list[tuple[int, ...]]:
    """Return the group as one name, as two, as four, ..., and as one name an agent; sizes as equal as they can be."""
    counts = [k for k in (1, 2, 4, 8, 16, 32, 64) if k < size] + [size]
    return [tuple(size // k + (j < size % k) for j in range(k)) for k in counts]


def _rules(values: Floats, table: Floats, stake: float) -> list[Check]:
    """Evaluate every inequality: presence, truth, wholeness."""
    largest = len(values) - 1
    present = truth = split = 0.0
    for a, b in names_of(largest):
        present = max(present, float(table[a, b] - a * values[a + b]))
        for c in range(1, largest + 1 - b):
            truth = max(truth, float(table[a, b] - table[c, b] - a * (values[a + b] - values[c + b])))
        for names in splits_of(a):
            split = max(split, float(table[a, b] - sum(table[c, a + b - c] for c in names)))
    return [
        proved("individual rationality", present / stake, RULE, UNIT, "every size, beside any other names"),
        proved("truthful sizes", truth / stake, RULE, UNIT, "every pair of sizes"),
        proved("splitting", split / stake, RULE, UNIT, "every split of every size"),
    ]


def _largest(values: Floats, table: Floats, stake: float) -> Check:
    """Compare with the optimum of the linear program, by HiGHS through scipy."""
    largest, names = len(values) - 1, names_of(len(values) - 1)
    place = {name: k for k, name in enumerate(names)}
    rows, sides = [], []
    for a, b in names:
        row = np.zeros(len(names))
        row[place[a, b]] = 1.0
        rows.append(row)
        sides.append(a * values[a + b])
        for c in range(1, largest + 1 - b):
            if c != a:
                other = row.copy()
                other[place[c, b]] -= 1.0
                rows.append(other)
                sides.append(a * (values[a + b] - values[c + b]))
        for split in splits_of(a):
            parts = row.copy()
            for c in split:
                parts[place[c, a + b - c]] -= 1.0
            rows.append(parts)
            sides.append(0.0)
    cost = -np.ones(len(names))
    found = linprog(cost, A_ub=np.array(rows) / stake, b_ub=np.array(sides) / stake, bounds=(None, None))
    own = np.array([table[name] for name in names])
    off = np.inf if found.x is None else float(np.abs(found.x - own).max())  # the optimum is the largest everywhere
    note = "linear program over all names, by scipy's HiGHS"
    return recomputed("largest", off / stake, LARGEST, UNIT, note)
