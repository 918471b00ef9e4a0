r"""Where the receiver of a box equilibrium changes its slope as one number of the game moves, exactly.

In each coordinate the receiver is the median of the targets and the levels :math:`g_k` (see `box`). As functions of a
weight, a background or a target these are lines between the places where a weight is 0 or two targets change their
order. On such a piece the median stays on one line until that line crosses another, so that it can be followed from
crossing to crossing in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from bigopt.arithmetic.decimals import fraction
from bigopt.errors import UsageError
from bigopt.games.influencers.game import Influencers

Line = tuple[Fraction, Fraction]  # value at 0, slope
Path = Sequence[str | int]
LARGEST = 1_000  # players: each step looks at every line


def breakpoints(game: Influencers, path: Path, low: float, high: float) -> list[Fraction]:
    """Return where the receiver's slope changes between two values of a number, both ends left out.

    Parameters
    ----------
    path : sequence
        Of the number in the instance file: ``weights, i``, ``background, weight``, ``background, point, k`` or
        ``targets, i, k``.

    Raises
    ------
    UsageError
        Another set than a box, inner-product loss, too many players, or another number.
    """
    if not hasattr(game.action_set, "lower") or game.loss != "squared":
        raise UsageError("breakpoints: expected squared loss on a box, where the receiver is piecewise linear")
    if game.players > LARGEST:
        raise UsageError(f"breakpoints: {game.players} players, expected at most {LARGEST}: take fewer")
    start, end = fraction(low), fraction(high)
    found: set[Fraction] = set()
    for k in range(game.dimension):
        numbers = _Numbers(game, path, k)
        cuts = sorted({start, end, *(cut for cut in numbers.cuts() if start < cut < end)})
        slopes: list[Fraction] = []
        for left, right in zip(cuts, cuts[1:], strict=False):
            lines = numbers.lines((left + right) / 2)
            bends, first, last = _followed(lines, left, right)
            found.update(bends)
            if slopes and slopes[-1] != first:
                found.add(left)
            slopes.append(last)
    return sorted(found)


class _Numbers:
    """The numbers of one coordinate as lines in the moving one."""

    def __init__(self, game: Influencers, path: Path, k: int) -> None:
        self.game, self.k = game, k
        self.low, self.high = (fraction(float(side[k])) for side in game.action_set.bounds)
        self.weights: list[Line] = [(fraction(float(w)), Fraction(0)) for w in game.weights]
        self.targets: list[Line] = [(fraction(float(t)), Fraction(0)) for t in game.targets[:, k]]
        weight = fraction(float(game.background_weight))
        place = Fraction(0) if game.background_point is None else fraction(float(game.background_point[k]))
        self.background: Line = (weight * place, Fraction(0))
        match list(path):
            case ["weights", int(i)]:
                self.weights[i] = (Fraction(0), Fraction(1))
            case ["targets", int(i), int(c)]:
                self.targets[i] = (Fraction(0), Fraction(1)) if c == k else self.targets[i]
            case ["background", "weight"]:
                self.background = (Fraction(0), place)
            case ["background", "point", int(c)]:
                self.background = (Fraction(0), weight) if c == k else self.background
            case _:
                shown = ".".join(map(str, path))[:40]
                raise UsageError(
                    f"breakpoints: {shown}, expected a weight, a target, or the background's weight or point"
                )

    def cuts(self) -> list[Fraction]:
        """Return where a weight is 0 and where two targets change their order."""
        moving = [t for t in self.targets if t[1]]
        crossed = [other[0] - t[0] for t in moving for other in self.targets if not other[1]]
        return [-w[0] / w[1] for w in self.weights if w[1]] + crossed

    def lines(self, inside: Fraction) -> list[Line]:
        """Return the targets and the levels as lines on the piece that `inside` lies in."""
        at = _at(inside)
        order = sorted(range(len(self.targets)), key=lambda i: at(self.targets[i]))
        ends = []
        for i in order:
            one, other = (_times(self.weights[i], side) for side in (self.low, self.high))
            ends.append((one, other) if at(one) <= at(other) else (other, one))
        level = self.background
        for _, most in ends:
            level = _plus(level, most, 1)
        levels = [level]
        for least, most in ends:
            level = _plus(_plus(level, most, -1), least, 1)
            levels.append(level)
        return [*self.targets, *levels]


def _followed(lines: Sequence[Line], left: Fraction, right: Fraction) -> tuple[list[Fraction], Fraction, Fraction]:
    """Follow the median from left to right; return where it bends, and its first and last slope."""
    here = left
    bends: list[Fraction] = []
    current = first = _median(lines, here)
    while True:
        at = _at(here)
        crossings = [
            here + (at(line) - at(current)) / (current[1] - line[1]) for line in lines if line[1] != current[1]
        ]
        ahead = [x for x in crossings if here < x < right]
        if not ahead:
            return bends, first[1], current[1]
        here = min(ahead)
        after = _median(lines, here)
        if after[1] != current[1]:
            bends.append(here)
        current = after


def _median(lines: Sequence[Line], x: Fraction) -> Line:
    """Return the line that is the median just right of x."""
    at = _at(x)
    return sorted(lines, key=lambda line: (at(line), line[1]))[len(lines) // 2]


def _at(x: Fraction) -> Callable[[Line], Fraction]:
    return lambda line: line[0] + line[1] * x


def _times(line: Line, factor: Fraction) -> Line:
    return line[0] * factor, line[1] * factor


def _plus(line: Line, other: Line, sign: int) -> Line:
    return line[0] + sign * other[0], line[1] + sign * other[1]
