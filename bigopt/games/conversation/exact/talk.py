"""Alice talks straightforwardly with any number of Bobs (Definition 10, Algorithm 1): who can tell which pairs apart.

Alice announces the same vector to everybody. So what a Bob knows is x_B and her announcements, whatever his rule, and
what she knows is x_A and the Bobs' messages: two labels a pair of features (x_A, x_B) hold the whole state, and every
announcement refines one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bigopt.concepts.deadline import Deadline
from bigopt.games.conversation.exact.beliefs import Labels, compress, message
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.rules import Rule

STRAIGHT = (Rule("straightforward"),)


@dataclass(frozen=True)
class State:
    """What is known after a round: groups of pairs [X_A, X_B] that Alice, and that a Bob, cannot tell apart."""

    alice: Labels  # within one row x_A
    bobs: Labels  # within one column x_B

    def cells(self, game: Conversation) -> int:
        """How many groups of positive probability there are: it grows with every refinement that counts."""
        return sum(np.unique(labels[game.possible]).size for labels in (self.alice, self.bobs))


def start(game: Conversation) -> State:
    """Return round 0: everybody knows his own feature."""
    indices = np.indices(game.mass.shape)
    return State(compress(indices[0]), compress(indices[1]))


def talk(
    game: Conversation,
    speakers: Sequence[Rule] = STRAIGHT,
    grid: Fraction | None = None,
    simultaneous: bool = False,
    rounds: int | None = None,
    deadline: Deadline | None = None,
) -> Iterator[State]:
    """Yield the state after round 0, 1, ..., up to the first round that changes nothing, at most R.

    Parameters
    ----------
    speakers : rules of the Bobs, none over histories
    grid : Fraction, optional
        Announced beliefs are rounded to its multiples; None announces them exactly.
    simultaneous : bool
        Whether Alice and the Bobs speak at once (Definition 10) and not in turn (Algorithm 1).
    rounds : int, optional
        Default: the game's R.
    """
    state = start(game)
    yield state
    for turn in range(game.rounds if rounds is None else rounds):
        if deadline is not None:
            deadline.check("talking")
        heard = compress(state.bobs, message(game, state.alice, grid))
        known = state.bobs if simultaneous else heard
        words = [_words(game, rule, turn, known, grid) for rule in dict.fromkeys(speakers)]
        after = State(compress(state.alice, *words), heard)
        still = all(rule.name in ("straightforward", "silent") for rule in speakers) or turn > _last(game, speakers)
        if still and after.cells(game) == state.cells(game):
            return
        yield after
        state = after


def _words(game: Conversation, rule: Rule, turn: int, known: Labels, grid: Fraction | None) -> Labels:
    """Return a Bob's message as a label a pair."""
    if rule.name == "straightforward":
        return message(game, known, grid)
    columns = np.array([rule.word(x, turn) for x in range(game.mass.shape[1])], dtype=np.int64)
    return np.broadcast_to(columns, game.mass.shape)


def _last(game: Conversation, speakers: Sequence[Rule]) -> int:
    """Return the last round (from 0) in which a rule may say something new whatever Alice says."""
    return max((0 if rule.name == "revealing" else len(rule.rounds) - 1 for rule in speakers), default=0)
