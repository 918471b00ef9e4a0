"""Where best-response dynamics end (Section 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bigopt.concepts.concept import Answer, Concept, Request
from bigopt.games.market.exact import obedient, play
from bigopt.games.market.exact import randomized as lotteries
from bigopt.games.market.game import Market
from bigopt.games.market.options import OBEDIENCE, SCHEMES, STEP, answer, lottery, randomized, rows_of
from bigopt.games.market.scheme import SchemeSolution
from bigopt.games.market.tables import scheme_tables
from bigopt.games.market.verify import dynamics as verify


def solve(game: Market, request: Request) -> Answer:
    """Play best-response dynamics."""
    if randomized(request):
        step = float(request.options["step"])
        if request.options.get("obedience"):
            moves_made = obedient.play(game, step, request.deadline)
        else:
            moves_made = lotteries.play(game, step, request.deadline)
        trajectory = [{"bob": bob, "scheme": rows_of(game, x)} for bob, x in moves_made]
        last = moves_made[-1][1]
        v = sum(p * int(u) for p, u in zip(last, game.units[0][0], strict=True))
        return lottery(game, last, v, "best responses along the frontiers", trajectory=trajectory)

    def keep(moves: list[play.Move]) -> None:
        request.kept.put(lambda: replace(_ended(game, moves), bound=None, stopped="maxTimeLimit", holds="feasible"))

    return _ended(game, play.run(game, request.deadline, told=keep))


def _ended(game: Market, moves: list[play.Move]) -> Answer:
    """Return where moves end."""
    trajectory = [{"bob": move.bob, "scheme": move.scheme} for move in moves]
    point = {"scheme": moves[-1].scheme, "trajectory": trajectory}
    return answer(game, point, game.totals(moves[-1].scheme)[0], "best-response dynamics")


class DynamicsSolution(SchemeSolution):
    """The scheme at which best-response dynamics end, and the way there.

    Attributes
    ----------
    trajectory : [moves]
        The path: the `bob` whose scheme is selected, his `scheme`, and `alice`, what she gets then.
    moves : count
        How often a Bob moved after the start.
    """

    trajectory: list[dict[str, Any]]
    moves: int


CONCEPT = Concept(
    "dynamics",
    "where best-response dynamics end",
    verify.path,
    solve,
    options=(SCHEMES, OBEDIENCE, STEP),
    tables=scheme_tables,
    objective="alice",
    result=DynamicsSolution,
    exact=True,
)
