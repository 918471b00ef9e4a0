"""Every committee of the three utility tables of Appendix D: what Figures 5 and 6 plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from bigopt.engine.solve import solve
from bigopt.errors import VerificationError
from bigopt.files import library as stored
from bigopt.files.instance import load
from bigopt.games.market.game import Market

TABLES = {"synthetic-1": "Synthetic Table 1", "synthetic-2": "Synthetic Table 2", "movielens": "MovieLens"}
MARKERS = ("o", "s", "^", "D", "v", "P")  # one a committee size


@dataclass(frozen=True)
class Committee:
    """One point of the figures: utilities are Alice's expected ones."""

    table: str
    members: str
    k: int
    epsilon: float
    worst: float
    dynamics: float
    opt: float
    bound: float


def market(table: str) -> Market:
    """Return one of the paper's tables."""
    game: Market = load(stored.instance(f"market/{table}"))
    return game


def evaluate(progress: Callable[..., None]) -> list[Committee]:
    """Solve and verify worst and dynamics for all committees of all tables (125 of them).

    Raises
    ------
    VerificationError
        An answer failed its certificate.
    """
    games = {table: market(table) for table in TABLES}
    chosen = [
        (table, members)
        for table, game in games.items()
        for size in range(1, game.k + 1)
        for members in combinations(range(game.k), size)
    ]
    rows = []
    for i, (table, members) in enumerate(chosen):
        progress(f"{table}, {len(members)} Bobs", i / len(chosen))
        game = games[table].committee(members)
        worst, end = (solve(game, concept) for concept in ("worst", "dynamics"))
        if not (worst.solved and end.solved):
            raise VerificationError(f"{game.name}: an answer failed its certificate: run bigopt solve on it")
        names = "+".join(str(j) for j in members)
        rows.append(
            Committee(
                table, names, len(members), worst.misalignment, worst.alice, end.alice, worst.opt, worst.fields["bound"]
            )
        )
    progress("drawing", 1.0)
    return rows
