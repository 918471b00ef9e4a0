"""A persuasion game from the columns of a table: a line an action, a number a line, or a line a state."""

from __future__ import annotations

from bigopt.alice.bob import Bob
from bigopt.alice.tables import Layout, Utilities, read
from bigopt.arithmetic.columns import Columns
from bigopt.errors import InstanceError
from bigopt.games.persuasion.game import Persuasion


def table(
    columns: Columns,
    name: str,
    *,
    state: str = "",
    action: str = "",
    alice: str = "",
    bobs: str = "",
    prior: str = "",
    prior_weights: str = "",
    player: str = "",
    value: str = "",
    separator: str = "/",
) -> tuple[Persuasion, list[str]]:
    """Return the persuasion game of a table, whose layouts are those of a market; every state has the same actions.

    Raises
    ------
    InstanceError
        With the column and the row of the first cell that does not fit.
    """
    layout = Layout(
        "action", state, action, alice, bobs, prior, prior_weights, player=player, value=value, separator=separator
    )
    found = read(columns, layout)
    actions = _actions(found)
    her, *others = found.players
    game = Persuasion(
        tuple(found.choices),
        actions,
        found.rows(her),
        [Bob(bob, found.rows(bob)) for bob in others],
        prior=found.prior,
        prior_weights=found.prior_weights,
        name=name,
    )
    return game, []


def _actions(found: Utilities) -> list[str]:
    """Return the actions in the order of the first state, and put every state's in it."""
    first, *_ = found.choices
    actions = found.choices[first]
    for state, names in found.choices.items():
        for here, there, where in ((actions, names, state), (names, actions, first)):
            lost = [each for each in here if each not in there]
            if lost:
                raise InstanceError(
                    f"state {where[:40]!r}: no row of action {lost[0][:40]!r}, expected all in every state"
                )
        found.choices[state] = actions
    return actions
