"""A market from the columns of a table: a line a policy, a number a line, or a line a state."""

from __future__ import annotations

from bigopt.alice.bob import Bob
from bigopt.alice.tables import Layout, read
from bigopt.arithmetic.columns import Columns
from bigopt.games.market.game import Market


def table(
    columns: Columns,
    name: str,
    *,
    state: str = "",
    policy: str = "",
    alice: str = "",
    bobs: str = "",
    prior: str = "",
    prior_weights: str = "",
    player: str = "",
    value: str = "",
    separator: str = "/",
) -> tuple[Market, list[str]]:
    """Return the market of a table.

    Long: columns `state`, `policy`, `alice`, and one a Bob (`bobs`, separated by commas; default all others). One
    number a line: `player` and `value` name the columns of who and how much. Wide: a line a state, columns as
    ``alice/A`` (`separator` between player and policy), empty where a state has no such policy. `prior` and
    `prior_weights` are the same in all rows of a state.

    Raises
    ------
    InstanceError
        With the column and the row of the first cell that does not fit.
    """
    layout = Layout(
        "policy", state, policy, alice, bobs, prior, prior_weights, player=player, value=value, separator=separator
    )
    found = read(columns, layout)
    her, *others = found.players
    game = Market(
        found.rows(her),
        [Bob(bob, found.rows(bob)) for bob in others],
        prior=found.prior,
        prior_weights=found.prior_weights,
        states=tuple(found.choices),
        policies=tuple(tuple(names) for names in found.choices.values()),
        name=name,
    )
    return game, []
