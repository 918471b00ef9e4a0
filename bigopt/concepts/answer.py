"""What an algorithm says, when it has ended and before it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bigopt.concepts.solution import SOLVED, Check


@dataclass(frozen=True)
class Answer:
    """What an exact algorithm or a solver says, before anyone believes it.

    `point` is in the game's own terms, with the keys of the concept's solution fields; None where there is none.
    `method` names the algorithm that was chosen, `options` what it ran with. `checks` are promises of the algorithm
    beyond what every solver is held to: they join the certificate.
    """

    point: Mapping[str, Any] | None
    objective: float | None = None
    bound: float | None = None
    stopped: str = SOLVED
    holds: str = "optimal"
    method: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()


class Kept:
    """The best answer so far of a procedure that has not ended.

    At a time limit the engine takes it, verifies what can be verified in what is left, and says how far it may be from
    what was asked. It is made when it is wanted: keeping costs nothing.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._make: Callable[[], Answer | None] | None = None

    def put(self, make: Callable[[], Answer | None]) -> None:
        """Keep an answer in place of the one before; `make` must not depend on what is changed later."""
        self._make = make

    def point(
        self,
        point: Mapping[str, Any],
        objective: float | None = None,
        bound: float | None = None,
        method: str = "",
        said: str = "",
    ) -> None:
        """Keep a point with what it is worth, what nothing is better than, and a word on how far it is."""
        options = {"so far": said} if said else {}
        self.put(lambda: Answer(point, objective, bound, "maxTimeLimit", "feasible", method, options))

    def get(self) -> Answer | None:
        """Return the answer, None where nothing was kept."""
        return None if self._make is None else self._make()
