"""Certificates of best-response dynamics: the start, the turns, every move, and that nobody moves at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.arithmetic.arrays import whole
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import play
from bigopt.games.market.game import Market
from bigopt.games.market.options import randomized
from bigopt.games.market.verify import lottery_path
from bigopt.games.market.verify.deviations import Deviations, first_favourite
from bigopt.games.market.verify.scheme import Scheme, examine, read_scheme

Moves = list[tuple[int, Scheme]]


def path(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify the end of best-response dynamics and the trajectory (played again where there is none)."""
    if randomized(request):
        return lottery_path.path(game, point, request)
    found = examine(game, point, request)
    moves = _moves(game, point.get("trajectory"), request)
    wrong = _broken(game, moves, request)
    if not moves or game.totals(moves[-1][1]) != found.totals or moves[-1][1].tolist() != found.scheme.tolist():
        wrong.append("the last scheme is not the answer")
    unit = game.units[1][0]
    note = wrong[0] if wrong else "monopoly start, turns in order, each move judged by undominated pairs"
    check = Check("moves", float(len(wrong)), 0.0, "steps", note)
    trajectory = [{"bob": j, "scheme": f, "alice": float(game.totals(f)[0] * unit)} for j, f in moves]
    selected = moves[-1][0] if moves else 0
    fields = found.fields | {"selected": selected, "trajectory": trajectory, "moves": max(0, len(moves) - 1)}
    return fields, found.certificate(check)


def _moves(game: Market, steps: Any, request: Request) -> Moves:
    """Read a trajectory of {bob, scheme}."""
    if steps is None:
        return [(move.bob, move.scheme) for move in play.run(game, request.deadline)]
    if not isinstance(steps, (list, tuple)):
        raise InstanceError("trajectory: expected a list of {bob, scheme}")
    moves = []
    for i, step in enumerate(steps):
        if not isinstance(step, Mapping) or "bob" not in step or "scheme" not in step:
            raise InstanceError(f"trajectory[{i}]: expected an object with bob and scheme")
        bob = int(whole(step["bob"], f"trajectory[{i}].bob", []))
        if not 0 <= bob < game.k:
            raise InstanceError(f"trajectory[{i}].bob: {bob}, expected an index from 0 to {game.k - 1}")
        moves.append((bob, read_scheme(game, step["scheme"], f"trajectory[{i}].scheme")))
    return moves


def _broken(game: Market, moves: Moves, request: Request) -> list[str]:
    """Return what is wrong with a trajectory, the first step that is."""
    starts = [first_favourite(game, j) for j in range(game.k)]
    first = max(range(game.k), key=lambda j: (game.totals(starts[j])[0], -j))
    if not moves or moves[0][0] != first or moves[0][1].tolist() != starts[first].tolist():
        return [f"expected to start with Bob {first}'s monopoly scheme"]
    if game.k == 1:  # nothing is above his own optimum
        return [] if len(moves) == 1 else ["move 1: a lone Bob has what he likes best"]
    bobs = [Deviations(game, j, request.deadline) for j in range(game.k)]
    turn, current = 0, game.totals(moves[0][1])
    for i, (bob, scheme) in enumerate([*moves[1:], (-1, moves[-1][1])]):
        quiet = 0
        while quiet < game.k and not _would_move(bobs[turn], current):
            turn, quiet = (turn + 1) % game.k, quiet + 1
        if quiet == game.k:
            return [] if bob < 0 else [f"move {i + 1}: nobody gains by a move any more"]
        if bob != turn:
            return [f"move {i + 1}: it is Bob {turn}'s turn"]
        if not bobs[turn].is_first_best(scheme, current[0]):
            return [f"move {i + 1}: not Bob {turn}'s best deviation"]
        turn, current = (turn + 1) % game.k, game.totals(scheme)
    return []


def _would_move(bob: Deviations, totals: tuple[int, ...]) -> bool:
    best = bob.best(totals[0] + 1)
    return best is not None and best[1] > totals[bob.bob + 1]
