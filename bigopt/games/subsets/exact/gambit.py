"""Run as a script: a two-player game in Gambit's format on stdin, its extreme equilibria as JSON on stdout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def extreme_equilibria(text: str) -> list[Any]:
    """Return each equilibrium's sides as pairs (action's number, probability "p/q"), without those of 0."""
    import pygambit

    with TemporaryDirectory() as folder:  # a file is what all versions of Gambit read
        path = Path(folder) / "game.nfg"
        path.write_text(text, encoding="utf-8")
        game = pygambit.read_nfg(str(path))
    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    return [[_side(profile[player]) for player in game.players] for profile in found]


def _side(strategy: Any) -> list[tuple[int, str]]:
    shares = [probability for _, probability in strategy]
    return [(a, f"{p.numerator}/{p.denominator}") for a, p in enumerate(shares) if p]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(extreme_equilibria(sys.stdin.read())))
