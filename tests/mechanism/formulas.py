"""Formulas of the KL rule written again, and what a verifier says of a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Certificate
from bigopt.games import kinds
from bigopt.games.mechanism import Mechanism

MIXED = {"type": "mixture", "policies": np.random.default_rng(5).dirichlet(np.ones(4), 3)}


def said(game: Mechanism, concept: str, point: Any, group: Any = None, **options: Any) -> tuple[Any, Certificate]:
    row = kinds.concept_of(game, concept)
    more = {"arguments": {"group": group}} if group else {}
    fields, certificate = row.verify(game, point, row.request(options=options, **more))
    return fields, certificate


def values(certificate: Certificate) -> dict[str, float]:
    assert {check.passed for check in certificate.checks} <= {True, False}  # each has a limit to be held to
    return {check.name: check.value for check in certificate.checks}


def softmax(game: Mechanism, total: Floats) -> Floats:
    weights = game.initial * np.exp((total - total.max()) / game.strength)
    return np.asarray(weights / weights.sum())


def divergence(p: Floats, q: Floats) -> float:
    return float((p * np.log(p / q)).sum())


def affine(game: Mechanism, totals: Floats, group: int) -> float:
    """Return lambda KL(psi || psi_-i), the KL rule's payment of a group where the summed reward is `totals`."""
    rest = game.total - game.sizes[group] * game.rewards[group]
    return game.strength * divergence(softmax(game, totals), softmax(game, rest))
