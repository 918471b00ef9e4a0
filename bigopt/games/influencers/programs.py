"""Dominant actions as one linear program in fractions: every player maximizes w_i t_i . x_i over the set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from bigopt.arithmetic.program import Evidence, Program, Row
from bigopt.concepts.proof import Proof
from bigopt.errors import UnsupportedProblem

ONE, ZERO = Fraction(1), Fraction(0)
Pull = Sequence[Fraction]


@dataclass
class _Block:
    """A player's variables, with his part of the objective, point, bounds and rows (with their prices)."""

    objective: list[Fraction]
    point: list[Fraction]
    bounds: list[Row] = field(default_factory=list)
    rows: list[tuple[Row, Fraction]] = field(default_factory=list)


def dominant(data: Mapping[str, Any], proof: Proof, solution: Any) -> tuple[Program, Evidence]:
    """State eq. (17) for all players, on polyhedral sets.

    Raises
    ------
    UnsupportedProblem
        The set is a ball: its program is not linear.
    """
    space = data["action_set"]
    if space["type"] not in STATED:
        raise UnsupportedProblem("prove: to vipr: the set is a ball, whose program is not linear: leave --to out")
    blocks = []
    for i, (w, t) in enumerate(zip(data["weights"], data["targets"], strict=True)):
        action = proof.claims["actions"][i]
        prices = proof.witness["points" if space["type"] == "hull" else "prices"][i]
        blocks.append(STATED[space["type"]](space, [w * v for v in t], action, prices))
    return _joined(blocks)


def _joined(blocks: Sequence[_Block]) -> tuple[Program, Evidence]:
    """Put the players' blocks beside one another."""
    width = len(blocks[0].point)
    names = [f"x_{i}_{k}" for i in range(len(blocks)) for k in range(width)]
    objective = {i * width + k: c for i, block in enumerate(blocks) for k, c in enumerate(block.objective) if c}
    bounds = [_moved(row, i, width) for i, block in enumerate(blocks) for row in block.bounds]
    rows = [(_moved(row, i, width), price) for i, block in enumerate(blocks) for row, price in block.rows]
    prices = {len(bounds) + at: price for at, (_, price) in enumerate(rows) if price}
    program = Program(names, objective, True, [*bounds, *(row for row, _ in rows)], len(bounds))
    return program, Evidence([v for block in blocks for v in block.point], prices)


def _moved(row: Row, i: int, width: int) -> Row:
    terms = {i * width + k: c for k, c in row.terms.items() if c}
    return Row(f"{row.name}_{i}", terms, row.sense, row.side)


def _positive(count: int) -> list[Row]:
    return [Row(f"least_{k}", {k: ONE}, "G", ZERO) for k in range(count)]


def _box(space: Mapping[str, Any], pull: Pull, action: Pull, prices: Any) -> _Block:
    """Return bounds alone: they make up for the whole objective."""
    least = [Row(f"least_{k}", {k: ONE}, "G", v) for k, v in enumerate(space["lower"])]
    most = [Row(f"most_{k}", {k: ONE}, "L", v) for k, v in enumerate(space["upper"])]
    return _Block(list(pull), list(action), [*least, *most])


def _simplex(space: Mapping[str, Any], pull: Pull, action: Pull, prices: Any) -> _Block:
    row = Row("simplex", dict.fromkeys(range(len(pull)), ONE), "E", space["scale"])
    return _Block(list(pull), list(action), _positive(len(pull)), [(row, max(pull))])


def _hull(space: Mapping[str, Any], pull: Pull, action: Pull, prices: Any) -> _Block:
    """Return convex weights of the hull's points as the variables."""
    worth = [sum((g * v for g, v in zip(pull, p, strict=True)), ZERO) for p in space["points"]]
    point = [ZERO] * len(worth)
    for k, share in prices:  # of a hull: its shares
        point[int(k)] = share
    row = Row("mixture", dict.fromkeys(range(len(worth)), ONE), "E", ONE)
    return _Block(worth, point, _positive(len(worth)), [(row, max(worth))])


def _polytope(space: Mapping[str, Any], pull: Pull, action: Pull, prices: Any) -> _Block:
    rows = [
        Row(f"row_{r}", dict(enumerate(a)), "L", b) for r, (a, b) in enumerate(zip(space["A"], space["b"], strict=True))
    ]
    both = zip(space.get("A_eq", []), space.get("b_eq", []), strict=True)
    rows += [Row(f"equation_{r}", dict(enumerate(a)), "E", b) for r, (a, b) in enumerate(both)]
    m, equations = len(space["A"]), len(space.get("A_eq", []))
    priced = [ZERO] * len(rows)
    for k, price in prices:  # equations stand twice: from below, where their multiplier is negative, then from above
        if m <= k < m + equations:
            priced[int(k)] -= price
        else:
            priced[int(k) - (equations if k >= m else 0)] += price
    return _Block(list(pull), list(action), [], list(zip(rows, priced, strict=True)))


STATED = {"box": _box, "simplex": _simplex, "hull": _hull, "polytope": _polytope}
PROGRAMS = {"dominant": dominant}
