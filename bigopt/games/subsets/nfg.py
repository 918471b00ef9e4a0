"""Gambit's strategic form: the whole payoff table as text, payoffs = minus losses, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import actions, refuse_many

LARGEST_TABLE = 200_000  # profiles in a file


def text(game: Subsets) -> str:
    """Return the game in the .nfg format (payoff version); the first player's action changes fastest.

    Raises
    ------
    UsageError
        For more than `LARGEST_TABLE` profiles, with their number, before any memory is taken.
    """
    refuse_many(game, LARGEST_TABLE, "an nfg file")
    own = actions(game)
    players = " ".join(f'"player {i}"' for i in range(game.players))
    names = "\n".join("{ " + " ".join(f'"{" ".join(map(str, action))}"' for action in each) + " }" for each in own)
    title = game.name.replace("\\", "/").replace('"', "'")
    lines = [f'NFG 1 R "{title}" {{ {players} }}', "", "{", names, "}", '""', ""]
    unit = game.exact.denominator**2
    for reverse in product(*reversed(own)):
        losses = game.exact.losses(reverse[::-1])
        lines.append(" ".join(str(Fraction(-loss, unit)) for loss in losses))
    return "\n".join(lines) + "\n"


def write(game: Subsets, path: str | Path) -> Path:
    """Write the game to `path` and return it."""
    target = Path(path)
    target.write_text(text(game), encoding="utf-8")
    return target
