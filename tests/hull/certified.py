"""Small tables of utilities, and what a verifier says of a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from bigopt.concepts.solution import Certificate
from bigopt.games import kinds
from bigopt.games.hull import UtilityTable


def table(seed: int = 0, rows: int = 30, bobs: int = 4, **more: Any) -> UtilityTable:
    rng = np.random.default_rng(seed)
    alice = rng.random(rows)
    return UtilityTable(alice, alice[:, None] + 0.4 * rng.normal(size=(rows, bobs)), **more)


def said(game: UtilityTable, concept: str, point: Any, **options: Any) -> tuple[Any, Certificate]:
    row = kinds.concept_of(game, concept)
    fields, certificate = row.verify(game, point, row.request(options=options))
    return fields, certificate


def values(certificate: Certificate) -> dict[str, float]:
    assert {check.passed for check in certificate.checks} <= {True, False}  # each has a limit to be held to
    return {check.name: check.value for check in certificate.checks}
