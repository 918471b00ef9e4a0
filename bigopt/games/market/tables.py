"""Answers of a market for people: policies and Bobs by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Table
from bigopt.games.market.game import Market


def scheme_tables(game: Market, fields: Mapping[str, Any]) -> list[Table]:
    """Show a scheme by state, what everybody gets, and what is known about it."""
    rows = [(state, _recommended(game, s, fields["scheme"][s])) for s, state in enumerate(game.states)]
    names = game.bob_names
    chosen = ["selected" if j == fields.get("selected") else "" for j in range(len(names))]
    got = [("Alice", fields["alice"], ""), *zip(names, fields["bobs"], chosen, strict=True)]
    known = [(label, fields[key]) for key, label in NAMED.items() if fields.get(key) is not None]
    moves = [(names[step["bob"]], step["alice"]) for step in fields.get("trajectory") or []]
    tables = [Table("", ("state", "policy"), rows), Table("", ("", "utility", ""), got)]
    tables += [Table("", ("", ""), known)] if known else []
    return [*tables, Table("moves", ("Bob", "Alice then"), moves)] if moves else tables


def stable_tables(game: Market, fields: Mapping[str, Any]) -> list[Table]:
    """Show each stable scheme by state; of randomized ones the intervals of Alice's utility."""
    known = [("stable schemes", fields["count"]), ("of them Nash", fields["count_nash"])]
    known = [(label, value) for label, value in known if value is not None]
    tables = [Table("", ("", ""), [*known, (NAMED["opt"], fields["opt"])])]
    if fields.get("intervals") is not None:
        return [*tables, Table("stable values of Alice's", ("from", "to"), list(fields["intervals"])[:SHOWN])]
    rows = [
        (value, *(_recommended(game, s, choice) for s, choice in enumerate(scheme[:SHOWN])))
        for scheme, value in zip(fields["schemes"][:SHOWN], fields["alice"], strict=False)
    ]
    title = f"the first {SHOWN} of {fields['count']}" if fields["count"] > SHOWN else ""
    return [*tables, Table(title, ("Alice", *game.states[:SHOWN]), rows)]


def best_response_tables(game: Market, fields: Mapping[str, Any]) -> list[Table]:
    """Show what one Bob does against the others, by state."""
    player = fields["player"]
    rows = [
        (state, _recommended(game, s, fields["action"][s]), _recommended(game, s, fields["profile"][player][s]))
        for s, state in enumerate(game.states)
    ]
    got = [(game.bob_names[player], -fields["loss"]), ("Alice", fields["alice"])]
    chosen = ("Alice selects", game.bob_names[fields["selected"]])
    return [
        Table("", ("state", f"{game.bob_names[player]}'s best policy", "instead of"), rows),
        Table("", ("", "utility"), got),
        Table("", ("", ""), [chosen]),
    ]


SHOWN = 20  # schemes, states and intervals of a table
NAMED = {
    "opt": "Alice's first best",
    "misalignment": "misalignment epsilon",
    "bound": "theorem 6: at least",
    "count_nash": "Nash among the stable",
}


def _recommended(game: Market, state: int, choice: Any) -> str:
    """Return a policy's name, or a lottery's with its probabilities."""
    policies = game.policies[state]
    if not hasattr(choice, "__len__"):
        return policies[int(choice)]
    return ", ".join(f"{name} {p:.4g}" for name, p in zip(policies, choice, strict=True) if p > 0)
