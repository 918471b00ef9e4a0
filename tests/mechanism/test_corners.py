"""One outcome, one group, tiny and huge strengths: every concept answers or refuses in one line."""

from __future__ import annotations

import itertools

import pytest

from bigopt import solve
from bigopt.errors import BigoptError
from bigopt.files.generate import generate
from bigopt.games.mechanism import Group, Mechanism

QUESTIONS: tuple[tuple[str, dict[str, object]], ...] = (
    ("train", {}),
    ("payments", {}),
    ("payments", {"from": "samples", "samples": 50}),
    ("payments", {"rule": "checkpoints"}),
    ("audit", {"payments": "none", "budget": 60}),
    ("audit", {}),
    ("cycles", {}),
    ("revenue", {}),
    ("false-names", {}),
    ("noise", {"draws": 20}),
)
SHAPES = [(m, n, lam) for m, n, lam in itertools.product((1, 2, 4), (1, 3), (1e-6, 50.0))]


@pytest.mark.parametrize(("m", "n", "strength"), SHAPES)
@pytest.mark.parametrize("regularizer", ["kl", "l2"])
@pytest.mark.parametrize("normalization", ["sum", "max"])
def test_social_welfare(m: int, n: int, strength: float, regularizer: str, normalization: str) -> None:
    shape = {"outcomes": m, "groups": n, "strength": strength}
    game = generate("random-mechanism", types=3, sizes=3, regularizer=regularizer, normalization=normalization, **shape)
    for concept, options in QUESTIONS:
        if regularizer == "l2" and "from" in options:
            with pytest.raises(BigoptError, match="needs the closed form"):
                solve(game, concept, options=options)
            continue
        found = solve(game, concept, options=options)
        assert found.solved, (concept, options, found.certificate.failed)


@pytest.mark.parametrize("strength", [1.0, 1.9, 2.1])
def test_a_group_that_ends_with_nothing(strength: float) -> None:
    """Two outcomes, whole rewards of sizes 4 and 8: L2 moves 1 / lambda from one to the other."""
    groups = [Group("few", 4, [1.0, 0.0]), Group("many", 8, [0.0, 1.0])]
    rule = {"objective": "social-welfare", "regularizer": "l2", "strength": strength}
    game = Mechanism([0.5, 0.5], groups, "max", rule, max_size=8, outcomes=["a", "b"])
    moved = min(0.5, 1 / strength)
    for concept in ("train", "payments", "audit"):
        found = solve(game, concept)
        assert found.solved, (concept, found.certificate.failed)
    assert solve(game, "train").policy == pytest.approx([0.5 - moved, 0.5 + moved])


@pytest.mark.parametrize(
    ("objective", "normalization", "strength"),
    [("nash-welfare", "sum", 0.02), ("nash-welfare", "max", 50.0), ("maximin", "max", 0.02), ("maximin", "sum", 50.0)],
)
def test_other_rules(objective: str, normalization: str, strength: float) -> None:
    for m, n in ((1, 1), (2, 1), (2, 3)):
        shape = {"outcomes": m, "groups": n, "strength": strength}
        game = generate("random-mechanism", types=3, sizes=2, objective=objective, normalization=normalization, **shape)
        for concept, options in (("train", {}), ("cycles", {}), ("audit", {"budget": 6})):
            found = solve(game, concept, options=options)
            assert found.solved, (concept, found.certificate.failed)
        for concept in ("payments", "revenue", "false-names", "noise"):
            with pytest.raises(BigoptError):
                solve(game, concept)
