"""One palette and one meaning of each mark for all pictures.

A hollow circle is what somebody wants, a square what somebody does, a star what comes of it (the receiver, the outcome
that is reached); a diamond is where one starts (a prior, the action before).
"""

from __future__ import annotations

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")  # Okabe and Ito
DARK, LIGHT, THIRD = "#0072B2", "#B8C4CE", "#E69F00"
SHADE = "0.93"  # of a feasible set

TARGET, ACTION, RECEIVER, START = "o", "s", "*", "D"


def colour(index: int) -> str:
    """Return the colour of the player, Bob or line number `index`."""
    return COLOURS[index % len(COLOURS)]


DASHES = ("-", "--", ":", "-.")


def dash(index: int) -> str:
    """Return a line style that tells apart what shares a colour: it changes when the colours have gone round."""
    return DASHES[index // len(COLOURS) % len(DASHES)]
