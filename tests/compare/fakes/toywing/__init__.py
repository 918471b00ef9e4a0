"""A toy kind, square roots, with a good solver and every bad one: it lies, hangs, crashes, starves, raises."""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

from bigopt import solvers
from bigopt.concepts.concept import Answer, Concept, Kind, Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games import kinds


@dataclass(frozen=True)
class Square:
    """Find x with x * x = n."""

    n: float
    name: str = "toy"
    kind: ClassVar[str] = "toy"

    def describe(self) -> str:
        """Return the game in one line."""
        return f"the square root of {self.n:g}"

    @classmethod
    def from_instance(cls, data: dict[str, Any], name: str) -> "Square":
        """Read the kind's keys."""
        return cls(float(data["n"]), name)

    def to_instance(self) -> dict[str, Any]:
        """Return the kind's keys."""
        return {"n": self.n}


def squares(*, n: float = 4.0, seed: int = 0) -> Square:
    """Make the game whose answer is the square root of n."""
    return Square(n)


def verify(game: Square, point: Any, request: Request) -> tuple[dict[str, Any], Certificate]:
    """Check x * x = n."""
    x = float(point["x"])
    gap = abs(x * x - game.n)
    return {"x": x}, Certificate((Check("regret", gap, 1e-9),), gap, 1e-9)


def solve(game: Square, request: Request) -> Answer:
    """Answer as the solver's name says."""
    return BEHAVIOUR[request.solver](game)


def good(game: Square) -> Answer:
    """Tell the truth."""
    return Answer({"x": game.n**0.5})


def slow(game: Square) -> Answer:
    """Tell the truth, late."""
    time.sleep(0.5)
    return good(game)


def liar(game: Square) -> Answer:
    """Call a wrong point optimal."""
    return Answer({"x": game.n**0.5 + 0.1})


def hang(game: Square) -> Answer:
    """Heed no time limit; tell the truth in the end."""
    time.sleep(600)
    return good(game)


def crash(game: Square) -> Answer:
    """Die of a segmentation fault."""
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)
    return good(game)


def hog(game: Square) -> Answer:
    """Ask for memory without end."""
    blocks = []
    while True:
        blocks.append(bytearray(50_000_000))


def babbler(game: Square) -> Answer:
    """Print to standard output behind Python's back."""
    os.write(1, b"iteration 1\n{not json")
    return good(game)


def thrower(game: Square) -> Answer:
    """Raise what no caller expects."""
    raise RuntimeError("inside the binding\nsecond line")


def leaver(game: Square) -> Answer:
    """Leave the interpreter, as a command-line program does."""
    sys.exit(3)


def deaf(game: Square) -> Answer:
    """Heed no time limit, nor the alarm that would interrupt it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(600)
    return good(game)


def fat(game: Square) -> Answer:
    """Touch 300 MB, then tell the truth."""
    block = bytearray(300_000_000)
    return good(game) if block else good(game)


def parent(game: Square) -> Answer:
    """Start a program that outlives it, then tell the truth and the parent's number."""
    subprocess.Popen(["sleep", "600"])
    return Answer({"x": game.n**0.5}, options={"message": f"{os.getpid()} of {os.getppid()}"})


BEHAVIOUR = {"exact": good} | {
    f.__name__: f for f in (good, slow, liar, hang, crash, hog, babbler, thrower, leaver, deaf, fat, parent)
}


def install() -> None:
    """Put the kind and its solvers into the tables."""
    concept = Concept("root", "x with x * x = n", verify, solve, delegates=(*list(BEHAVIOUR)[1:], "absent"))
    other = Concept("mirror", "a second concept", verify, solve, delegates=("good",))
    kinds.KINDS["toy"] = Kind("toy", Square, "toywing", (concept, other), families=(squares,))
    for name in [*list(BEHAVIOUR)[1:], "weak", "absent"]:
        version = None if name == "absent" else "1.0"
        solvers.SOLVERS[name] = SimpleNamespace(  # type: ignore[assignment]
            name=name,
            title=name,
            takes=frozenset({"LP"}),
            version=lambda version=version: version,
            repair="pip install nothing",
            settings={"default": {}, "high-accuracy": {}},
            fault=lambda problem_class="": "",
        )
