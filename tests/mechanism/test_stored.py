"""Stored instances answer as their files say, and every concept has a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bigopt import catalog, load, solve
from bigopt.engine.check import check_expected
from bigopt.files import instance
from bigopt.reproduce import mechanism_noise

STORED = [name for name in catalog.instances() if name.startswith("mechanism/")]
PICTURES = [
    ("three-answers", "train", {}),
    ("three-answers", "payments", {"from": "samples", "samples": 100}),
    ("theorem-3-3-zero", "audit", {"payments": "none", "budget": 100}),
    ("nash-welfare-cycle", "cycles", {}),
    ("size-pairs", "cycles", {}),
    ("size-pairs", "revenue", {}),
    ("splitting", "false-names", {}),
    ("three-answers", "noise", {"draws": 20}),
    ("tokens", "train", {}),
]


@pytest.mark.parametrize("name", STORED)
def test_expected_answers(name: str) -> None:
    read = instance.read(catalog.instance(name))
    for concept, solution, compared in check_expected(read):
        assert solution.solved and compared.passed, (concept, compared.note, solution.certificate.failed)


@pytest.mark.parametrize(("name", "concept", "options"), PICTURES)
def test_pictures(name: str, concept: str, options: dict[str, object], tmp_path: Path) -> None:
    solution = solve(load(catalog.instance(f"mechanism/{name}")), concept, options=options)
    assert solution.solved, solution.certificate.failed
    solution.plot(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 5000


def test_the_noise_of_the_figure_stays_below_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanism_noise, "DRAWS", 20)
    monkeypatch.setattr(mechanism_noise, "ERRORS", (0.01, 0.1))
    rows = mechanism_noise.rows()
    assert len(rows) == 4
    for row in rows:
        assert row.loss <= row.sharper_loss_bound <= row.loss_bound
        assert row.shift <= row.shift_bound and row.gain <= row.sharper_gain_bound


def test_payments_of_restricted_policies_are_truthful_too() -> None:
    game = load(catalog.instance("mechanism/three-adapters"))
    found = solve(game, "audit")
    assert found.solved and found.proved
    other = solve(game, "payments", "ipopt")
    assert other.solved
    np.testing.assert_allclose(other.payments, solve(game, "payments").payments, atol=1e-6)
