"""Certificates of best-response dynamics on lotteries: every turn judged by the frontiers, and played once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.errors import InstanceError
from bigopt.games.market.exact import obedient, randomized
from bigopt.games.market.game import Market
from bigopt.games.market.options import obeyed, rows_of
from bigopt.games.market.verify.deviations import first_favourite
from bigopt.games.market.verify.frontiers import Free, Frontiers
from bigopt.games.market.verify.lotteries import ROUNDING, common, lottery_of, spread, value

Lottery = Sequence[Fraction]
Moves = Sequence[tuple[int, Lottery]]


def path(game: Market, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Certify dynamics on lotteries: every move is feasible, raises Alice by the step and is the mover's best.

    Which of several best lotteries is taken is the algorithm's to say: the path is compared with one played again.
    """
    step = request.options["step"]
    raised = obedient.rise(game, step)
    fields, checks, found = common(game, point, request, raised)
    play = obedient.play if obeyed(request) else randomized.play
    made = play(game, step, request.deadline)
    given = point.get("trajectory")
    moves = made if given is None else _moves(game, given)
    wrong = _broken(game, moves, found.frontiers, raised)
    note = (
        wrong or "turns in order over nobody who gains, each move at the mover's frontier, by its prices in fractions"
    )
    other = _other(made, moves, found.x)
    checks.append(Check("moves", float(bool(wrong)), 0.0, "trajectories", note))
    checks.append(
        Check(
            "replay",
            float(bool(other)),
            0.0,
            "trajectories",
            other or "the same path, played again",
            "compared",
            claimed=False,
        )
    )
    unit = game.units[1][0]
    trajectory = [{"bob": j, "scheme": rows_of(game, x), "alice": float(value(game, 0, x) * unit)} for j, x in moves]
    fields |= {"selected": moves[-1][0], "trajectory": trajectory, "moves": len(moves) - 1}
    return fields, Certificate(tuple(checks), checks[0].value, ROUNDING)


def _broken(game: Market, moves: Moves, frontiers: Frontiers, raised: Fraction) -> str:
    """Judge a path by what no Bob can exceed where Alice has v; return the first fault."""
    bob, current = moves[0]
    if isinstance(frontiers, Free):
        starts = [first_favourite(game, j) for j in range(game.k)]
        first = max(range(game.k), key=lambda j: (game.totals(starts[j])[0], -j))
        sure = set((game.first + starts[first]).tolist())
        if bob != first or any(abs(float(p) - (o in sure)) > ROUNDING for o, p in enumerate(current)):
            return f"expected to start with Bob {first}'s monopoly scheme"
    elif _short(game, frontiers, bob, current, Fraction(game.lowest[0])):
        return "the start is not the Bob's favourite"
    turn = 0
    for i, (mover, x) in enumerate([*moves[1:], (-1, current)] if game.k > 1 else moves[1:]):
        v = value(game, 0, current) + raised
        for _ in range(game.k):
            if turn == mover:
                break
            if v <= game.opt and _short(game, frontiers, turn, current, v):
                return f"move {i + 1}: it is Bob {turn}'s turn"
            turn = (turn + 1) % game.k
        if mover < 0:
            break
        low = float(v - value(game, 0, x))
        if low > ROUNDING * spread(game, 0, x) or _short(game, frontiers, mover, x, v):
            return f"move {i + 1}: not Bob {mover}'s best lottery"
        if value(game, mover + 1, x) <= value(game, mover + 1, current):
            return f"move {i + 1}: Bob {mover} gains nothing"
        turn, current = (mover + 1) % game.k, x
    return ""


def _short(game: Market, frontiers: Frontiers, bob: int, x: Lottery, v: Fraction) -> bool:
    """Whether a Bob could have more than a lottery gives him, where Alice has v: more than its rounding."""
    most, slope = frontiers.ceiling(bob, v)
    noise = spread(game, bob + 1, x) + float(slope) * spread(game, 0, x)
    return float(most - value(game, bob + 1, x)) > ROUNDING * noise


def _other(made: Moves, moves: Moves, end: Lottery) -> str:
    """Compare a trajectory with the one that is played again."""
    if [j for j, _ in made] != [j for j, _ in moves]:
        return f"other Bobs move than {[j for j, _ in made][:8]}"
    for i, ((_, ours), (_, theirs)) in enumerate(zip(made, moves, strict=True)):
        if any(abs(float(a - b)) > ROUNDING for a, b in zip(ours, theirs, strict=True)):
            return f"step {i}: not the lottery that is taken of the best"
    if any(abs(float(a - b)) > ROUNDING for a, b in zip(made[-1][1], end, strict=True)):
        return "the last scheme is not the answer"
    return ""


def _moves(game: Market, steps: Any) -> list[tuple[int, tuple[Fraction, ...]]]:
    """Read a trajectory of {bob, scheme}."""
    if not isinstance(steps, (list, tuple)) or not steps:
        raise InstanceError("trajectory: expected a list of {bob, scheme}")
    moves = []
    for i, step in enumerate(steps):
        bob = step.get("bob") if isinstance(step, Mapping) else None
        if not isinstance(bob, int) or not 0 <= bob < game.k:
            raise InstanceError(f"trajectory[{i}]: expected an object with bob (up to {game.k - 1}) and scheme")
        moves.append((bob, lottery_of(game, step.get("scheme"), f"trajectory[{i}].scheme", Free(game)).x))
    return moves
