"""The potential's minimizer: an equilibrium, and no profile has a lower potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bigopt.concepts import Certificate, Check, Request
from bigopt.errors import LimitReached, UsageError
from bigopt.games.subsets.exact import minimum
from bigopt.games.subsets.game import Profile, Subsets
from bigopt.games.subsets.response import payoff_range, stake
from bigopt.games.subsets.verify.regrets import equilibrium, part
from bigopt.games.subsets.verify.whole_table import WholeTable, small


def potential_minimizer(
    game: Subsets, point: Mapping[str, Any], request: Request
) -> tuple[dict[str, Any], Certificate]:
    """Return the fields of a profile, and the certificate that it is a minimizer and so an equilibrium."""
    fields, checks, largest = equilibrium(game, point, request.deadline)
    if checks[0].passed:
        choices = tuple(tuple(c) for c in fields["choices"])
        least = _least(game, choices, checks[1:], request)
    else:
        least = Check("potential", 0.0, 0.0, "payoff range", "the choices are not legal", grade="skipped")
    return fields, Certificate((*checks, least), largest, 0.0)


def _least(game: Subsets, choices: Profile, regrets: tuple[Check, ...], request: Request) -> Check:
    """Compare the potential with its minimum: from the table, by another search, or by the dual bound."""
    if game.players == 1:
        passed = all(check.passed for check in regrets)
        note = "with one player the potential is its loss and a constant"
        return Check("potential", 0.0 if passed else 1.0, 0.0, "failed regrets", note, grade="proved")
    scale, unit = max(payoff_range(game, i) for i in range(game.players)), game.exact.denominator**2
    own = game.centred.potential(choices)
    if small(game):
        gap = own - int(WholeTable(game).potentials.min())
        return Check("potential", part(gap / unit, scale), 0.0, "payoff range", "over the whole table")
    try:
        found = game.centred.potential(minimum.minimize(game, choices, request.deadline, other=True))
    except (LimitReached, UsageError):
        if request.deadline.expired:
            raise
        return _against_bound(game, choices, request)
    above = part((own - found) / unit, scale)
    return Check("potential", above, 0.0, "payoff range", "another player singled out")


def _against_bound(game: Subsets, choices: Profile, request: Request) -> Check:
    """Compare with the dual bound in integers: weak duality proves a minimum, and a gap proves nothing."""
    if minimum.slack(game, choices) == 0:
        return Check("potential", 0.0, 0.0, "payoff range", "weak duality: phi >= -2 D(v), exactly", grade="proved")
    scale = max(stake(game, i) for i in range(game.players))
    gap = max(0.0, (game.potential(choices) - minimum.dual_bound(game, deadline=request.deadline)) / scale)
    note = f"an equilibrium; that its potential is the least is not proved: {gap:.2g} stakes above the dual bound"
    return Check("potential", 0.0, 0.0, note=note, grade="skipped")
