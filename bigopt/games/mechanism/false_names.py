"""False names: a group splits its agents over several reports (affine payments are not proof against it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Formulation, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.mechanism.cycles import GROUP
from bigopt.games.mechanism.exact import monotone
from bigopt.games.mechanism.exact.splitting import largest_payments, values_of
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.verify.false_names import verify

MOST_SIZES = 16  # whose splits are listed: 231 of the largest


def solve(game: Mechanism, request: Request) -> Answer:
    """Find the largest payments from above."""
    group = game.index(request.arguments.get("group"))
    table = largest_payments(values_of(game, group), request.deadline)
    return Answer({"table": table, "group": group}, method="the greatest fixed point")


def formulations(game: Mechanism, request: Request) -> Sequence[Formulation]:
    """Return the linear program over payments."""
    return (Formulation("false_names", "LP", {"group": game.index(request.arguments.get("group"))}),)


def refuses(game: Mechanism) -> str | None:
    """Refuse rules without affine payments, and too many sizes."""
    if game.max_size > MOST_SIZES:
        return f"lists the splits of {game.max_size} agents, expected a max_size of at most {MOST_SIZES}"
    return monotone.refusal(game)


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show what splits pay, and payments under which none helps."""
    group = game.names[int(fields["group"])]
    shown = [" + ".join(map(str, names)) if len(names) < 9 else f"{len(names)} names" for names in fields["parts"]]
    rows = [[text, paid] for text, paid in zip(shown, fields["paid"], strict=True)]
    sizes = [[w + 1, paid] for w, paid in enumerate(fields["payments"])]
    summary = [[key.replace("_", " "), fields[key]] for key in ("saved", "revenue", "revenue_dsic", "cost")]
    return [
        Table(f"{group} under affine payments", ("names", "pays in all"), rows),
        Table("largest payments that never reward splitting", ("size", "payment"), sizes),
        Table("", ("", ""), summary),
    ]


class FalseNamesSolution(Solution):
    """What a group saves by splitting, and payments that never reward it.

    Attributes
    ----------
    group : index
        Whose names they are.
    parts : [splits], sizes
        The splits that are compared, the whole group first.
    paid : [splits], reward
        The affine payments of each split.
    saved : reward
        What the cheapest split saves.
    payments : [size], reward
        The largest payments that never reward splitting, by size.
    revenue : reward
        Their sum over sizes.
    revenue_dsic : reward
        The sum of the largest payments where splitting is not prevented.
    cost : reward
        The difference.
    table : [1 + size][1 + size], reward
        The payments by size and by agents under other names.
    """

    group: int
    parts: list[tuple[int, ...]]
    paid: list[float]
    saved: float
    payments: Floats
    revenue: float
    revenue_dsic: float
    cost: float
    table: Floats


CONCEPT = Concept(
    name="false-names",
    title="what a group saves by splitting over several names, and payments that never reward it (--group NAME)",
    verify=verify,
    solve=solve,
    formulations=formulations,
    arguments=(GROUP,),
    refuses=refuses,
    tables=tables,
    result=FalseNamesSolution,
)
