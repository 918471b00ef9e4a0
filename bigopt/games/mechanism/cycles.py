"""The type graph of one group: which payments make truth a best report, exactly or nearly (Section 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.arguments import is_text
from bigopt.concepts.concept import Answer, Argument, Concept, Formulation, Request, Table
from bigopt.concepts.solution import Solution
from bigopt.games.mechanism.exact import type_graph
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.train import SHOWN
from bigopt.games.mechanism.types import lengths_of
from bigopt.games.mechanism.verify.cycles import verify

GROUP = Argument("group", "--group", "NAME", "The group in question, by name; default the first.", is_text, "a text")
MOST_MODELLED = 300  # types: the model has a row for each pair


def solve(game: Mechanism, request: Request) -> Answer:
    """Find the minimum mean cycle, and payments that reach the smallest error: shortest paths from the first type."""
    group = game.index(request.arguments.get("group"))
    with request.deadline.interrupting("training on the types"):
        lengths = lengths_of(game, group)
    mean, cycle = type_graph.minimum_mean_cycle(lengths, request.deadline)
    payments = type_graph.shortest_paths(lengths + max(0.0, -mean), 0, request.deadline)
    return Answer({"payments": payments, "cycle": cycle, "group": group}, max(0.0, -mean), None, method="Howard")


def formulations(game: Mechanism, request: Request) -> Sequence[Formulation]:
    """Return the linear program over payments."""
    if game.types is None or len(game.types) > MOST_MODELLED:
        return ()
    return (Formulation("approximate_payments", "LP", {"group": game.index(request.arguments.get("group"))}),)


def refuses(game: Mechanism) -> str | None:
    """Refuse games without a type set of two or more."""
    if game.types is None:
        return "has no type set: add the key types, a list of rewards and sizes"
    return None if len(game.types) > 1 else "has a type set of one type: expected at least 2"


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show whether the rule can be priced, and every type's payments."""
    assert game.types is not None
    rows = [
        [kind.name, kind.size, fields["payments"][t], *fields["intervals"][t]]
        for t, kind in enumerate(game.types[:SHOWN])
    ]
    more = f", the first {SHOWN} of {len(game.types)} types" if len(game.types) > SHOWN else ""
    cycle = [game.types[t].name for t in fields["cycle"]]
    shown = " -> ".join([*cycle[:6], *(["..."] if len(cycle) > 6 else []), cycle[0]])
    summary = [
        ["group", game.names[int(fields["group"])]],
        ["implementable", fields["implementable"]],
        ["minimum mean cycle", fields["minimum_mean"]],
        ["along", shown],
        ["smallest error", fields["epsilon_star"]],
        ["payments differ by a constant only", fields["equivalent"]],
    ]
    return [
        Table("", ("", ""), summary),
        Table(f"payments, the first type's being 0{more}", ("type", "size", "payment", "least", "most"), rows),
    ]


class CyclesSolution(Solution):
    """Which payments make truth a best report on the type set.

    Attributes
    ----------
    implementable : flag
        Whether any do.
    minimum_mean : reward
        The least mean length of a cycle of types.
    cycle : [types], indices
        The cycle that has it.
    epsilon_star : reward
        The least error of any payments; 0 where they exist.
    payments : [T], reward
        Payments that reach it.
    intervals : [T][2], reward
        The range of every type's payment, the first type's at 0.
    equivalent : flag
        Whether payments are unique up to a constant.
    group : index
        Whose types they are.
    """

    implementable: bool
    minimum_mean: float
    cycle: list[int]
    epsilon_star: float
    payments: Floats
    intervals: Floats
    equivalent: bool
    group: int


CONCEPT = Concept(
    name="cycles",
    title="which payments make truth a best report on the type set, and the smallest error of any (--group NAME)",
    verify=verify,
    solve=solve,
    formulations=formulations,
    arguments=(GROUP,),
    refuses=refuses,
    tables=tables,
    objective="epsilon_star",
    sense="min",
    result=CyclesSolution,
)
