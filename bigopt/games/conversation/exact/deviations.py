"""A Bob's deviations against a best-responding Alice: the best deterministic one, and a bound on all (Definition 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.exact import obedient, response, trees
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.rules import Rule

RULES = 5_000  # more deterministic deviations are not listed


@dataclass(frozen=True, eq=False)
class Deviation:
    """A Bob's utility, his best deterministic deviation (None where too many to list), and a bound on any deviation."""

    value: Fraction
    rule: trees.Tree | None
    best: Fraction | None
    bound: obedient.Bound
    without: tuple[float, ...]

    @property
    def regret(self) -> tuple[float, float]:
        """A lower and an upper bound of the regret."""
        low = 0.0 if self.best is None else max(0.0, float(self.best - self.value))
        return low, max(low, self.bound.most + float(self.bound.floor - self.value))


def deviation(
    game: Conversation,
    profile: Sequence[Rule],
    bob: int,
    letters: int,
    deadline: Deadline | None = None,
) -> Deviation:
    """Return what a Bob could gain by leaving his rule."""
    here = response.respond(game, profile, letters).total(game, bob + 1)
    least = without(game, profile, bob, letters)
    rule, best = None, None
    number = trees.count(game.sizes[1], letters, game.rounds)
    if number <= RULES:
        rule, best = _best(game, profile, bob, letters, deadline)
    bound = obedient.best(game, bob, least)
    return Deviation(_value(game, bob, here), rule, None if best is None else _value(game, bob, best), bound, least)


def without(game: Conversation, profile: Sequence[Rule], bob: int, letters: int) -> tuple[float, ...]:
    """Return what Alice gets at each of her features from the other Bobs, above her least utility, prior included."""
    others = [rule for j, rule in enumerate(profile) if j != bob]
    if not others:
        sums = game.gains_above[0].sum(axis=2).max(axis=0).tolist()
        return tuple(float(game.worth(0, s)) for s in sums)
    found, values = response.respond(game, others, letters), []
    for x, row in enumerate(found.chances):
        total = Fraction(0)
        for b, lottery in enumerate(row):
            total += sum((p * int(game.gains_above[0][a, x, b]) for a, p in lottery.items()), Fraction(0))
        values.append(float(total * game.units[1][0] / game.total))
    return tuple(values)


def _best(
    game: Conversation, profile: Sequence[Rule], bob: int, letters: int, deadline: Deadline | None
) -> tuple[trees.Tree, Fraction]:
    found: tuple[trees.Tree, Fraction] | None = None
    for tree in trees.trees(game.sizes[1], letters, game.rounds):
        if deadline is not None:
            deadline.check("listing a Bob's deviations")
        rule = response.rule_of(tree, game.sizes[1])
        value = response.respond(game, [*profile[:bob], rule, *profile[bob + 1 :]], letters).total(game, bob + 1)
        if found is None or value > found[1]:
            found = (tree, value)
    assert found is not None
    return found


def _value(game: Conversation, bob: int, total: Fraction) -> Fraction:
    return total * game.units[1][bob + 1] / game.total
