"""Flags of a family come from its function's signature."""

from typing import Any

import pytest

from bigopt.concepts.concept import Kind
from bigopt.errors import UsageError
from bigopt.files import generate
from bigopt.games import kinds


def toy_games(*, players: int = 2, scale: float = 1.0, shape: str = "box", closed: bool = False, seed: int = 0) -> Any:
    """Toys."""
    return (players, scale, shape, closed, seed, [0] * (10**13 if players > 10**12 else 1))


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "toy", Kind("toy", object, "bigopt", (), families=(toy_games,)))


def test_flags_are_typed_and_defaults_kept() -> None:
    words = ["--players", "5", "--scale=0.5", "--closed", "yes"]
    assert generate.parse_flags("toy-games", words) == {"players": 5, "scale": 0.5, "closed": True}
    assert generate.generate("toy-games", seed=3)[:5] == (2, 1.0, "box", False, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--players", "x"], "--players: 'x', expected int"),
        (["--players"], "has no value"),
        (["--nosuch", "1"], "'--nosuch', expected --players 2"),
        (["5"], "'5', expected"),
        (["--closed", "perhaps"], "expected bool"),
    ],
)
def test_wrong_flags_name_the_right_ones(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        generate.parse_flags("toy-games", words)


def test_numbers_that_are_none_are_refused_before_anything_is_made() -> None:
    for scale in (float("inf"), float("nan"), -1e200):
        with pytest.raises(UsageError, match="scale: .*, expected a finite number of size at most"):
            generate.generate("toy-games", scale=scale)


def test_unknown_families_and_impossible_sizes() -> None:
    with pytest.raises(UsageError, match="'nosuch' is not a family, expected one of .*toy-games"):
        generate.parse_flags("nosuch", [])
    with pytest.raises(UsageError, match="not a parameter"):
        generate.generate("toy-games", nosuch=1)
    with pytest.raises(UsageError, match="out of memory"):
        generate.generate("toy-games", players=10**13)
