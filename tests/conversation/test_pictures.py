"""Pictures are written whole, and the families make games whose answers are known."""

from pathlib import Path

import pytest

from bigopt import catalog
from bigopt.engine.plot import save_plot
from bigopt.engine.solve import solve
from bigopt.errors import UsageError
from bigopt.files.generate import generate
from bigopt.files.instance import load


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("duplicates", "agreement"),
        ("parity-code", "play"),
    ],
)
def test_every_picture_is_written(name: str, concept: str | None, tmp_path: Path) -> None:
    game = load(catalog.instance(f"conversation/{name}"))
    solution = solve(game, concept) if concept else None
    path = save_plot(game, tmp_path / "picture.png", solution)
    assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000


def test_too_many_pairs_are_not_drawn(tmp_path: Path) -> None:
    game = generate("random-conversation", alice_features=9, bob_features=9)
    with pytest.raises(UsageError, match="at most 64 are drawn"):
        save_plot(game, tmp_path / "picture.png")


def test_noisy_signals_are_the_stored_ones() -> None:
    made, stored = generate("noisy-signals"), load(catalog.instance("conversation/independent-signals"))
    assert made.total // stored.total * stored.prior_weights.tolist()[0][0][0] == made.prior_weights[0, 0, 0]
    assert solve(made, "substitutes").fields["holds"] and solve(made, "agreement").max_round == 1
    assert solve(made).opt == solve(stored).opt == 0.75


def test_a_seed_makes_the_same_game_again() -> None:
    one, two = (generate("random-conversation", seed=3) for _ in range(2))
    assert one.to_instance() == two.to_instance()
    with pytest.raises(UsageError, match="at most"):
        generate("random-conversation", alice_features=10_000, bob_features=10_000)
