"""`check` refuses every false claim of every persuasion concept."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt import catalog
from bigopt.games.persuasion import KIND
from bigopt.games.persuasion.game import Bob, Persuasion
from tests.claims import Claims

PROFILE = [[[1], [1]], [[0.5, 0.5], [1, 0]]]
QUESTION = frozenset({"bob", "profile", "messages", "weights"})
ASKED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("signaling", "persuasion/courtroom", {}, {"bob": "defence"}),
    ("signaling", "persuasion/second-opinion", {}, {}),
    ("first-best", "persuasion/courtroom", {}, {}),
    ("oblivious", "persuasion/courtroom", {}, {}),
    ("joint", "persuasion/courtroom", {"start": "full"}, {}),
    ("best-response", "persuasion/courtroom", {}, {"profile": PROFILE, "bob": "prosecutor"}),
    *[("alignment", "persuasion/courtroom", {"weights": w}, {}) for w in ("convex", "any", "uniform")],
]


def small(name: str, unit: float = 1.0) -> Persuasion:
    """Return a stored game with the senders' utilities in another unit."""
    game = bigopt.load(catalog.instance(name))
    assert isinstance(game, Persuasion)
    bobs = [Bob(bob.name, np.round(bob.utility * unit, 15)) for bob in game.bobs]
    return Persuasion(
        game.states, game.actions, game.alice, bobs, prior=game.prior, prior_weights=game.prior_weights,
        tie_break=game.tie_break, alice_signal=game.alice_signal,
    )  # fmt: skip


def test_every_concept_is_asked() -> None:
    assert {name for name, *_ in ASKED} == {concept.name for concept in KIND.concepts}


@pytest.mark.parametrize("unit", [1.0, 1e-6])
@pytest.mark.parametrize(("concept", "name", "options", "more"), ASKED, ids=lambda v: v if isinstance(v, str) else "")
def test_false_claims_are_refused(
    concept: str, name: str, options: dict[str, Any], more: dict[str, Any], unit: float, tmp_path: Path
) -> None:
    assert not Claims(small(name, unit), concept, tmp_path, options, **more).believed(QUESTION)
