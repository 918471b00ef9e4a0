"""Gambit's strategic form: the whole payoff table as text, payoffs = minus losses, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

from bigopt.errors import UsageError
from bigopt.subsets.combos import written
from bigopt.subsets.game import Subsets
from bigopt.subsets.graph import actions

LARGEST_TABLE = 200_000  # profiles in a file


def text(game: Subsets) -> str:
    """Return the game in the .nfg format (payoff version); the first player's action changes fastest.

    Raises
    ------
    UsageError
        For more than `LARGEST_TABLE` profiles, with their number, before any memory is taken.
    """
    if game.profiles > LARGEST_TABLE:
        raise UsageError(
            f"{written(game.profiles)} profiles, more than the {LARGEST_TABLE} of an nfg file: use a smaller game"
        )
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
