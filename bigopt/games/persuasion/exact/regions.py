"""Where Alice answers a sender's signal by a map from what else she learns to actions, decided in fractions.

A map r tells what she does after each other message m. The posteriors mu (after the signal alone) at which she does so
are a convex cone; under her tie rule it need not be closed, and a sender's supremum lives on the closure. A message
that some states never send may be impossible after a signal: what she would do after it then says nothing, and she may
be indifferent after the others where she is not at any belief nearby. So a map may also leave a message out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bigopt.alice.beliefs import Rival, Vector, closure
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq
from bigopt.arithmetic.rationals import matrix
from bigopt.concepts.deadline import Deadline
from bigopt.games.persuasion.game import Persuasion

ZERO = fmpq(0)
MOST_TRIED = 600  # partial maps that are looked at before the enumeration is given up


@dataclass(frozen=True)
class Region:
    """A map [M] and the rows r of the closure of its beliefs on live states, ``r'mu >= 0``.

    `choice` is None for messages that are never sent at these beliefs.
    """

    choice: tuple[int | None, ...]
    rows: tuple[Vector, ...]

    @property
    def answers(self) -> tuple[int, ...]:
        """An action after each message: any will do for those that are never sent."""
        return tuple(a or 0 for a in self.choice)


class Regions:
    """The regions of all maps beside one kernel.

    Parameters
    ----------
    kernel : ndarray [S][M]
        The probability of each other message, given the state.
    favoured : sequence of ndarray [S][A], or None
        Whose utilities decide Alice's ties, before the list's order does; None: ties fall as the sender likes.
    """

    def __init__(self, game: Persuasion, kernel: Floats, favoured: Sequence[Floats] | None) -> None:
        """Take the tables into fractions."""
        self.kernel = [matrix(kernel[game.live, m]).entries() for m in range(kernel.shape[1])]
        self.states, self.actions = len(game.live), len(game.actions)
        self.weak = favoured is None
        self.tables = [game.exact_rows, *(_rows(utility[game.live]) for utility in favoured or ())]
        self.known: dict[tuple[int, int], tuple[Rival, ...]] = {}
        self.tried = 0

    def of(self, choice: Sequence[int | None], deadline: Deadline | None = None) -> Region | None:
        """Return the region of a map of the first messages, None where Alice never answers so."""
        rivals = [rival for m, a in enumerate(choice) for rival in self._rivals(m, a)]
        rows = closure(rivals, self.states, deadline)
        return None if rows is None else Region(tuple(choice), tuple(rows))

    def told(self, answers: Sequence[int], column: Floats) -> list[int | None]:
        """Return a map without the messages that are never sent at masses on live states."""
        here = [i for i, mass in enumerate(column.tolist()) if mass > 0]
        sent = [any(kernel[i] != 0 for i in here) for kernel in self.kernel]
        return [int(a) if seen else None for a, seen in zip(answers, sent, strict=True)]

    def all(self, deadline: Deadline | None = None) -> list[Region] | None:
        """Return every map's region, message by message; None where there are too many partial maps."""
        found = [Region((), ())]
        for m in range(len(self.kernel)):
            longer = []
            for region in found:
                for a in (*self._single[m], *self._left_out(m)):
                    self.tried += 1
                    if self.tried > MOST_TRIED:
                        return None
                    (deadline or Deadline()).check("listing what Alice may answer")
                    grown = self.of((*region.choice, a), deadline)
                    if grown is not None:
                        longer.append(grown)
            found = longer
        return found

    def _left_out(self, m: int) -> tuple[None, ...]:
        """Return None as one more answer after a message that some states send and others don't."""
        return (None,) if any(self.kernel[m]) and not all(self.kernel[m]) else ()

    def flags(self) -> npt.NDArray[np.bool_]:
        """Return what Alice ever does after each message alone, flags [M][A]."""
        found = np.zeros((len(self.kernel), self.actions), dtype=bool)
        for m, taken in enumerate(self._single):
            found[m, taken] = True
        return found

    @cached_property
    def _single(self) -> list[list[int]]:
        """The actions that Alice takes somewhere after each message alone."""
        alone: dict[tuple[int, ...], list[int]] = {}
        found = []
        for m, column in enumerate(self.kernel):
            left = tuple(i for i, q in enumerate(column) if q > 0)  # her ties hang on the states left, not on the odds
            if left not in alone:
                alone[left] = [a for a in range(self.actions) if self._takes(m, a, left)]
            found.append(alone[left])
        return found

    def _takes(self, m: int, a: int, left: tuple[int, ...]) -> bool:
        """Whether Alice takes an action at some belief on the states that a message leaves."""
        rivals = [Rival(tuple([v[i] for i in left] for v in r.levels), r.wins) for r in self._compared(m, a)]
        return not left or closure(rivals, len(left)) is not None

    def _rivals(self, m: int, a: int | None) -> tuple[Rival, ...]:
        """Return what action a has to win after message m, and that it can be sent at all (None: it cannot)."""
        if a is None:
            return (Rival(([-q for q in self.kernel[m]],)),)
        if (m, a) not in self.known:
            sent = () if all(q > 0 for q in self.kernel[m]) else (Rival((self.kernel[m],), wins=False),)
            self.known[m, a] = (*self._compared(m, a), *sent) if any(self.kernel[m]) else ()
        return self.known[m, a]

    def _compared(self, m: int, a: int) -> tuple[Rival, ...]:
        column = self.kernel[m]
        return tuple(
            Rival(tuple(_weighted(column, table, a, b) for table in self.tables), self.weak or b > a)
            for b in range(self.actions)
            if b != a
        )


def _rows(utility: Floats) -> list[list[fmpq]]:
    table: list[list[fmpq]] = matrix(np.ascontiguousarray(utility)).tolist()
    return table


def _weighted(column: Sequence[fmpq], table: list[list[fmpq]], a: int, b: int) -> list[fmpq]:
    return [q * (row[a] - row[b]) if q != 0 else ZERO for q, row in zip(column, table, strict=True)]


def disobeyed(region: Region, column: Floats) -> float:
    """Return the worst violated share of a region's rows at masses on live states, each row by its own terms."""
    mass = [fmpq(*float(v).as_integer_ratio()) for v in column.tolist()]
    worst = 0.0
    for row in region.rows:
        terms = [x * r for x, r in zip(mass, row, strict=True)]
        gain, size = sum(terms, ZERO), sum((abs(t) for t in terms), ZERO)
        if gain < 0:
            share = -gain / size
            worst = max(worst, int(share.numerator) / int(share.denominator))
    return worst


def favour(game: Persuasion, several: bool) -> list[Floats] | None:
    """Return whose utilities decide Alice's ties: the Bobs' in their order, nobody's, or None: the one sender's."""
    if game.tie_break != "sender":
        return []
    return list(game.utilities) if several else None
