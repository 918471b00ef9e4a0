"""Answers for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts.concept import Table
from bigopt.games.persuasion.game import Persuasion

LONGEST = 12  # rows of a table that are shown


def signaling_tables(game: Persuasion, fields: Mapping[str, Any]) -> list[Table]:
    """Show the values, the recommendations with their posteriors, and the binding obedience rows."""
    rows = [[f"value of {fields['bob']}", fields["value"]], ["Alice", fields["alice"]]]
    rows += [["Alice's first best", fields["first_best"]]]
    rows += [[f"value, ties: {rule}", worth] for rule, worth in fields["values"].items()]
    if fields.get("robust_value") is not None:
        rows += [[f"value with margin {fields['margin']:g}", fields["robust_value"]]]
    tables = [Table("", ("", "utility"), rows)]
    states = list(game.states)[:LONGEST]
    heads = ("recommendation", "probability", *(f"P({state})" for state in states))
    lines = []
    for message in fields["messages"][:LONGEST]:
        name = _recommended(game, fields, message["signal"])
        lines.append([name, message["probability"], *message["posterior"].tolist()[:LONGEST]])
    tables.append(Table("", heads, lines))
    prices = [[game.actions[a], game.actions[b], price] for a, b, price in fields.get("prices", [])[:LONGEST]]
    return [*tables, Table("", ("recommended", "instead", "price of obedience"), prices)] if prices else tables


def oblivious_tables(game: Persuasion, fields: Mapping[str, Any]) -> list[Table]:
    """Show what the senders expect and what comes of it."""
    rows = [["Alice, all signals combined", fields["combined"]], ["first best", fields["first_best"]]]
    rows += [["Alice alone", fields["alone"]]]
    splits = fields["split"] or [None] * len(game.bobs)
    bobs = [
        [name, expected, got, split]
        for name, expected, got, split in zip(game.names, fields["expected"], fields["bobs"], splits, strict=True)
    ]
    heads = ("sender", "expects", "gets", "Alice if he splits his signals")
    return [Table("", ("", "utility"), rows), Table("", heads, [[*map(_plain, row)] for row in bobs])]


def joint_tables(game: Persuasion, fields: Mapping[str, Any]) -> list[Table]:
    """Show utilities and regrets, and Theorem 1's bound."""
    rows = [["Alice", fields["alice"]], ["first best", fields["first_best"]]]
    rows += [["alignment error", fields["epsilon"]], ["Theorem 1: at least", fields["bound"]]]
    rows += [["equilibrium", "yes" if fields["equilibrium"] else "no"]]
    bobs = [
        [name, float(value), float(regret), scheme.shape[1], "yes" if j in fields["full_disclosure"] else "no"]
        for j, (name, value, regret, scheme) in enumerate(
            zip(game.names, fields["bobs"], fields["regrets"], fields["schemes"], strict=True)
        )
    ]
    heads = ("sender", "utility", "regret", "signals", "reveals the state")
    return [Table("", ("", "utility"), rows), Table("", heads, bobs)]


def _recommended(game: Persuasion, fields: Mapping[str, Any], signal: int) -> str:
    if "recommendations" in fields:
        return " / ".join(game.actions[a] for a in fields["recommendations"][signal])
    return game.actions[signal]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else float(value)
