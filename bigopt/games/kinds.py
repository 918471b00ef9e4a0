"""The table of kinds, written out by hand: a new kind is a folder and a row here."""

from __future__ import annotations

from bigopt.concepts.concept import Concept, Game, Kind
from bigopt.concepts.solution import Solution
from bigopt.concepts.table import Table
from bigopt.errors import UsageError, close_to

KINDS: Table[Kind] = Table(
    "bigopt.kinds",
    conversation="bigopt.games.conversation:KIND",
    hull="bigopt.games.hull:KIND",
    influencers="bigopt.games.influencers:KIND",
    market="bigopt.games.market:KIND",
    mechanism="bigopt.games.mechanism:KIND",
    persuasion="bigopt.games.persuasion:KIND",
    preferences="bigopt.games.preferences:KIND",
    subsets="bigopt.games.subsets:KIND",
)


def find(name: str) -> Kind:
    """Return the row of a kind, or raise `UsageError` with the names there are."""
    if name not in KINDS:
        raise UsageError(f"{name[:40]!r} is not a kind{close_to(name, KINDS)}")
    return KINDS[name]


def kind_of(game: object) -> Kind:
    """Return the row of a game's kind, or raise `UsageError` for what is no game."""
    if not hasattr(game, "kind"):
        raise UsageError(
            f"{' '.join(repr(game).split())[:40]} is not a game, expected one that was made, or read by bigopt.load"
        )
    row = find(str(game.kind))
    if not isinstance(game, row.game):
        raise UsageError(f"{' '.join(repr(game).split())[:40]} is not a game, expected a {row.game.__name__}")
    return row


def concept_of(game: Game, name: str | type[Solution] | None = None) -> Concept:
    """Return a concept that applies to the game: the named one, else the first that does not refuse it.

    The class of a concept's solutions names it too.
    """
    kind = kind_of(game)
    if isinstance(name, type):
        name = next((concept.name for concept in kind.concepts if concept.result is name), name.__name__)
    if name is None:
        return next(concept for concept in kind.concepts if concept.refuses(game) is None)
    for concept in kind.concepts:
        if concept.name == name:
            reason = concept.refuses(game)
            if reason is not None:
                raise UsageError(f"concept {name} of {game.name}: {reason}")
            return concept
    meant = close_to(name, [concept.name for concept in kind.concepts])
    raise UsageError(f"{name[:40]!r} is not a concept of {kind.name}{meant}")
