"""Exact values of a solution: fractions that its verifier computed, and the claims of its proof."""

from __future__ import annotations

from dataclasses import fields as attributes
from dataclasses import is_dataclass
from fractions import Fraction
from numbers import Real
from typing import Any

from bigopt.concepts.concept import Concept, Game, Kind
from bigopt.concepts.exact import only_numbers
from bigopt.concepts.proof import long_numbers
from bigopt.concepts.solution import EVERYTHING, NOTHING, VERIFIER, Solution, plain
from bigopt.engine.comparison import difference, sizes
from bigopt.errors import BigoptError, UnsupportedProblem
from bigopt.files.exact import as_exact
from bigopt.games import kinds

SMALL = 400  # numbers of a game: its exact values are shown without being asked for
NEAR = 1e-7  # of a field's largest number: how far a claim may be from the float that it is said to be


def shown(row: Concept, game: Game, asked: bool | None) -> str:
    """Return what of the exact values is shown: what was asked for, else what is a matter of moments."""
    if asked is not None:
        return EVERYTHING if asked else NOTHING
    if count(game) > SMALL:
        return NOTHING
    return VERIFIER if row.exact or kinds.kind_of(game).slow_proofs else EVERYTHING


def count(data: object) -> int:
    """Return how many numbers a game, an instance's data or a part of them holds, without unpacking an array."""
    if isinstance(data, dict):
        return sum(map(count, data.values()))
    if hasattr(data, "size"):
        return int(data.size)
    if isinstance(data, (tuple, list)):
        row = bool(data) and isinstance(data[0], Real)
        return len(data) if row else sum(map(count, data))
    if is_dataclass(data):
        return sum(count(getattr(data, attribute.name)) for attribute in attributes(data))
    return int(isinstance(data, Real))


def refuse(kind: Kind, row: Concept) -> None:
    """Refuse a concept of which nothing is known in fractions.

    Raises
    ------
    UnsupportedProblem
    """
    if not row.exact and row.name not in kind.provers:
        known = sorted({r.name for r in kind.concepts if r.exact} | set(kind.provers))
        where = f"{kind.name} has some for {', '.join(known)}" if known else f"{kind.name} has none at all"
        raise UnsupportedProblem(f"option exact=true: {row.name} has no exact values ({where}): leave it out")


def known(solution: Solution) -> dict[str, Any]:
    """Return a verified solution's fields that are known as fractions.

    Those that its verifier computed, and of the proof's claims those that are numbers, not intervals, and belong to
    this very answer: where several are optimal, a prover may have taken another.
    """
    try:
        return demanded(solution)
    except (BigoptError, ArithmeticError):
        return dict(solution.fractions) if solution.certificate.verified else {}


def demanded(solution: Solution) -> dict[str, Any]:
    """Return the same, or raise what a prover raises."""
    game = solution.game
    if not solution.certificate.verified or game is None:
        return {}
    found = dict(solution.fractions)
    kind = kinds.kind_of(game)
    prover = kind.values.get(solution.concept) or kind.provers.get(solution.concept)
    if prover is None:
        return found
    data = as_exact(game)
    why = kind.without_rule[solution.concept](data) if solution.concept in kind.without_rule else None
    if why is not None:
        raise UnsupportedProblem(f"option exact=true: {solution.concept} {why}: leave it out")
    unit = sizes(solution.fields)
    with long_numbers():
        claims = prover(data, solution).claims
    for key, claim in claims.items():
        if key in solution.fields and key not in found and _belongs(claim, plain(solution.fields[key]), unit[key]):
            found[key] = _fractions(claim)
    return {key: found[key] for key in solution.fields if key in found}


def _belongs(claim: Any, field: Any, size: float) -> bool:
    """Whether a claim is numbers that a field of floats, of some size, rounds."""
    near = only_numbers(claim) and _has_float(field) and difference(plain(_fractions(claim)), field, size) <= NEAR
    return bool(near)


def _fractions(claim: Any) -> Any:
    return [_fractions(item) for item in claim] if isinstance(claim, (list, tuple)) else Fraction(claim)


def _has_float(value: Any) -> bool:
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)
