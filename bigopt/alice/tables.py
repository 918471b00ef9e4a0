"""Utilities of Alice and the Bobs from the columns of a table: long, one number a line, or wide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bigopt.arithmetic.columns import Columns, column, numeric
from bigopt.errors import InstanceError

LARGEST = 5_000_000  # utilities: refused before they are gathered
Entry = tuple[str, str, str, float, str]  # state, choice, player, utility, where it stands


@dataclass(frozen=True)
class Layout:
    """Which column is what; empty names are looked for, whatever their case.

    Attributes
    ----------
    choice : str
        What stands in a state's rows: "policy" or "action", also the name of its column.
    state, chosen, alice, bobs, prior, prior_weights : str
        Columns of a long table; `bobs` are separated by commas, by default all that are left.
    player, value : str
        Columns of a table with one number a line.
    separator : str
        Between player and choice in the columns of a wide table, as ``gpt/A``.
    """

    choice: str
    state: str = ""
    chosen: str = ""
    alice: str = ""
    bobs: str = ""
    prior: str = ""
    prior_weights: str = ""
    player: str = ""
    value: str = ""
    separator: str = "/"


@dataclass
class Utilities:
    """What a table says.

    Attributes
    ----------
    choices : mapping
        The choices of each state in the order in which they come.
    players : mapping
        Utilities by (state, choice) of each player, Alice first.
    prior, prior_weights : list or None
        A number a state.
    """

    choices: dict[str, list[str]] = field(default_factory=dict)
    players: dict[str, dict[tuple[str, str], tuple[float, str]]] = field(default_factory=dict)
    prior: list[float] | None = None
    prior_weights: list[float] | None = None

    def rows(self, player: str) -> list[list[float]]:
        """Return a player's utilities, a list a state."""
        known = self.players[player]
        return [[known[state, choice][0] for choice in names] for state, names in self.choices.items()]


def read(columns: Columns, layout: Layout) -> Utilities:
    """Gather the utilities of a table.

    Raises
    ------
    InstanceError
        A column that is not there, a cell that is no number, an entry that is missing or stands twice: with its column
        and row, which are counted from 0 below the names.
    """
    rows = len(next(iter(columns.values()), ()))
    if rows == 0:
        raise InstanceError("no rows, expected at least one below the names of the columns")
    if rows * len(columns) > LARGEST:
        raise InstanceError(f"{rows} rows of {len(columns)} columns, expected at most {LARGEST} numbers: take fewer")
    state = _find(columns, layout.state, "state")
    chosen = _find(columns, layout.chosen, layout.choice, "policy", "action")
    prior, weights = _find(columns, layout.prior, "prior"), _find(columns, layout.prior_weights, "prior_weights")
    special = {state, chosen, prior, weights}
    if layout.player or layout.value:
        if not (layout.player and layout.value and chosen):
            raise InstanceError(
                f"--player and --value belong together, beside a column {layout.choice}: give all three"
            )
        alice, entries = layout.alice, _one_a_line(columns, layout, state, chosen)
    elif chosen:
        alice = _find(columns, layout.alice, "alice")
        entries = _long(columns, state, chosen, _players(columns, layout, alice, special))
    else:
        wide = [name for name in columns if layout.separator in name and name not in special]
        if not wide:
            text = f"state, {layout.choice}, alice and one a Bob, or columns as alice{layout.separator}A"
            raise InstanceError(f"no column {layout.choice!r}: expected {text}: name it with --{layout.choice}")
        alice, entries = layout.alice, _wide(columns, layout, state, wide)
    found = _gathered(entries, layout)
    _alice_first(found, alice)
    return _with_prior(found, columns, state, prior, weights)


def _find(columns: Columns, given: str, *usual: str) -> str:
    """Return the name of a column: the given one, else one of the usual names in any case, else none."""
    if given:
        column(columns, given)
        return given
    return next((name for want in usual for name in columns if name.strip().casefold() == want), "")


def _players(columns: Columns, layout: Layout, alice: str, special: set[str]) -> list[str]:
    """Return the columns of the players, Alice's first."""
    if not alice:
        raise InstanceError(f"no column 'alice', expected one of {', '.join(columns)[:200]}: name it with --alice")
    named = [each.strip() for each in layout.bobs.split(",")] if layout.bobs else []
    bobs = named or [name for name in columns if name not in special | {alice}]
    if not bobs:
        raise InstanceError("no column is left for the Bobs, expected at least one beside Alice's")
    return [alice, *bobs]


def label(columns: Columns, name: str, row: int) -> str:
    """Return a cell as a name; whole numbers without their point."""
    cell = columns[name][row]
    if cell is None or cell != cell or not str(cell).strip():
        raise InstanceError(f"column {name[:40]!r}, row {row}: missing, expected a name")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _state(columns: Columns, state: str, row: int) -> str:
    return label(columns, state, row) if state else f"state {row}"


def _number(values: Any, name: str, row: int) -> float:
    value = float(values[row])
    if np.isnan(value):
        raise InstanceError(f"column {name[:40]!r}, row {row}: missing, expected a number")
    return value


def _long(columns: Columns, state: str, chosen: str, players: list[str]) -> Iterator[Entry]:
    """Yield the entries of a table with a column a player."""
    if not state:
        raise InstanceError(f"no column 'state', expected one of {', '.join(columns)[:200]}: name it with --state")
    values = {player: _numeric(columns, player) for player in players}
    for row in range(len(columns[state])):
        at = label(columns, state, row), label(columns, chosen, row)
        for player in players:
            yield *at, player, _number(values[player], player, row), f"column {player[:40]!r}, row {row}"


def _numeric(columns: Columns, name: str) -> Any:
    try:
        return numeric(columns, name)
    except InstanceError as error:
        raise InstanceError(f"{error}: choose the Bobs' columns with --bobs") from None


def _one_a_line(columns: Columns, layout: Layout, state: str, chosen: str) -> Iterator[Entry]:
    """Yield the entries of a table with one number a line."""
    column(columns, layout.player)
    values = numeric(columns, layout.value)
    for row in range(len(values)):
        at = _state(columns, state, row), label(columns, chosen, row), label(columns, layout.player, row)
        yield *at, _number(values, layout.value, row), f"column {layout.value[:40]!r}, row {row}"


def _wide(columns: Columns, layout: Layout, state: str, wide: list[str]) -> Iterator[Entry]:
    """Yield the entries of a table with a line a state; what is empty is no choice there."""
    values = {name: numeric(columns, name) for name in wide}
    for row in range(len(values[wide[0]])):
        at = _state(columns, state, row)
        for name in wide:
            player, _, choice = (part.strip() for part in name.partition(layout.separator))
            if not np.isnan(values[name][row]):
                yield at, choice, player, float(values[name][row]), f"column {name[:40]!r}, row {row}"


def _gathered(entries: Iterator[Entry], layout: Layout) -> Utilities:
    """Gather the entries, each once and everybody's of every choice."""
    found = Utilities()
    for state, choice, player, value, where in entries:
        names = found.choices.setdefault(state, [])
        known = found.players.setdefault(player, {})
        if (state, choice) in known:
            twice = f"state {state[:40]!r}, {layout.choice} {choice[:40]!r} stands twice"
            raise InstanceError(f"{where}: {twice}, also at {known[state, choice][1]}: expected it once")
        if all((state, choice) not in other for other in found.players.values()):
            names.append(choice)
        known[state, choice] = value, where
    for player, known in found.players.items():
        for state, names in found.choices.items():
            for choice in names:
                if (state, choice) not in known:
                    at = f"state {state[:40]!r}, {layout.choice} {choice[:40]!r}"
                    raise InstanceError(f"{at}: no utility of {player[:40]!r}, expected one of every player")
    return found


def _alice_first(found: Utilities, alice: str) -> None:
    """Put Alice before the Bobs."""
    name = next((p for p in found.players if p == alice or (not alice and p.casefold() == "alice")), None)
    if name is None:
        who = ", ".join(found.players)[:200]
        raise InstanceError(f"no player {alice or 'alice'!r}, expected one of {who}: name her with --alice")
    found.players = {name: found.players[name]} | found.players
    if len(found.players) == 1:
        raise InstanceError("no player but Alice, expected at least one Bob")


def _with_prior(found: Utilities, columns: Columns, state: str, prior: str, weights: str) -> Utilities:
    """Read the prior, which is the same in every row of a state."""
    for name, key in ((prior, "prior"), (weights, "prior_weights")):
        if not name:
            continue
        values, known = numeric(columns, name), dict[str, tuple[float, int]]()
        for row in range(len(values)):
            value, at = _number(values, name, row), _state(columns, state, row)
            first, where = known.setdefault(at, (value, row))
            if first != value:
                text = f"{value:g} for state {at[:40]!r}, which has {first:g} in row {where}"
                raise InstanceError(f"column {name[:40]!r}, row {row}: {text}: expected one number a state")
        setattr(found, key, [known[each][0] for each in found.choices])
    if prior and weights:
        raise InstanceError(f"columns {prior!r} and {weights!r}: expected one of the two")
    return found
