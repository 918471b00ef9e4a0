"""The one error tree. Every message is one line that ends in what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

VERY_ALIKE = 0.8
MOST = 3  # names with a part that is alike
ALIKE = 0.7  # of difflib, whose default takes "ne-set" for "nosuch"
LIMITS = ("maxTimeLimit", "iterationLimit", "objectiveLimit", "interrupted")  # Pyomo's names


def printable(text: object) -> str:
    """Return a text for a terminal: names and notes of strangers' files must not steer it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))


class BigoptError(Exception):
    """The root of every error that bigopt raises on purpose.

    Attributes
    ----------
    exit_code : int
        What the command line exits with (2 bad input or usage, 1 a failed check, 4 a limit, 5 no solver).
    """

    exit_code = 2


class InstanceError(BigoptError):
    """An instance, a game's data or a solution file is malformed or contradictory."""


class UsageError(BigoptError):
    """A concept, option, model or argument that does not exist or does not fit."""


class VerificationError(BigoptError):
    """A result was asked for as proved and its certificate failed."""

    exit_code = 1


class LimitReached(BigoptError):
    """A time, memory or size limit was hit before there was any answer."""

    exit_code = 4


class Expired(BaseException):
    """The clock ran out; no `except Exception` on the way keeps it from whoever set the clock."""


class SolverFailed(BigoptError):
    """The solver ran and ended without an answer that the procedure around it can use.

    Attributes
    ----------
    stopped : str
        Pyomo's name of why it ended; the exit code is 4 for a limit and 1 for anything else.
    """

    def __init__(self, message: str, stopped: str) -> None:
        """Keep why the solver ended."""
        super().__init__(message)
        self.stopped = stopped
        self.exit_code = 4 if stopped in LIMITS else 1


class SolverNotFound(BigoptError):
    """The solver exists but is not installed here."""

    exit_code = 5


class SolverBroken(SolverNotFound):
    """The solver is installed, and its package is broken or lacks the method that is needed."""


class UnsupportedProblem(BigoptError):
    """The solver cannot take this class of problem."""

    exit_code = 5


def first_line(error: BaseException) -> str:
    """Return an exception's message as one line."""
    return " ".join(str(error).split())[:200]


def parts_like(word: str, known: Iterable[str]) -> str:
    """Say which of many names were perhaps meant: one that is alike, else those with a part that is; "" for none.

    Parts are what stands between ``_``, ``/``, ``.`` and ``-``, as ``tolerance`` in ``primal_feasibility_tolerance``.
    """
    names = sorted(known)
    close = get_close_matches(word, names, 1, VERY_ALIKE)
    if not close:
        asked = _parts(word)
        close = [name for name in names if all(get_close_matches(part, _parts(name), 1, ALIKE) for part in asked)][
            :MOST
        ]
    return f", did you mean {' or '.join(close)}?" if close else ""


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[_/.\-]", name.lower()) if part]


def close_to(word: str, known: Iterable[str]) -> str:
    """Say what was perhaps meant, or what there is: the end of an error message."""
    names = list(known)
    close = get_close_matches(word, names, 1, ALIKE)
    if close:
        return f", did you mean {close[0]}?"
    return f", expected one of {', '.join(names)}" if names else ", which takes none"
