"""False claims made of true ones: a number moved by a thousandth of its stake, a flag flipped, a list shortened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import bigopt
from bigopt.concepts.concept import Game
from bigopt.concepts.fields import fields_of
from bigopt.concepts.solution import plain
from bigopt.engine.check import check_solution
from bigopt.engine.comparison import compare, smallest
from bigopt.errors import BigoptError
from bigopt.files.instance import Instance, read
from bigopt.games import kinds

MOVED = 1e-3  # of a number's stake: of the largest number of its field
NOISE = 1e-9  # of the middle field's largest number: a field below is rounding, and moved as if it were this large
MOST = 12  # changes of a field, evenly chosen where there are more
Place = tuple[Any, ...]


def largest(value: Any) -> float:
    """Return the largest absolute float of a field, 0 where it has none."""
    if isinstance(value, dict):
        return max(map(largest, value.values()), default=0.0)
    if isinstance(value, list):
        return max(map(largest, value), default=0.0)
    return abs(value) if isinstance(value, float) else 0.0


def changed(value: Any, stake: float, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every value that differs in one place, with the place."""
    if isinstance(value, bool):
        yield place, not value
    elif isinstance(value, int):
        yield from ((place, new) for new in (value + 1, value - 1) if new >= 0)
    elif isinstance(value, float):
        yield from ((place, value + step) for step in (MOVED * stake, -MOVED * stake))
    elif isinstance(value, str):
        yield place, value + "x"
    elif value is None:
        yield place, 1.0
    elif isinstance(value, list):
        if value:
            yield (*place, "without the last"), value[:-1]
            yield (*place, "without the first"), value[1:]
        for k, entry in enumerate(value):
            yield from ((at, [*value[:k], new, *value[k + 1 :]]) for at, new in changed(entry, stake, (*place, k)))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from ((at, value | {key: new}) for at, new in changed(entry, stake, (*place, key)))


class Claims:
    """A game, a concept's true claim, and what `check` says to others."""

    def __init__(
        self, game: Game, concept: str, folder: Path, options: Mapping[str, Any] | None = None, **arguments: Any
    ) -> None:
        """Solve the game."""
        self.folder = folder
        self.instance: Instance = read(bigopt.save(game, folder / "game.json"))
        found = bigopt.solve(self.instance.game, concept, options=options, **arguments)
        assert found.solved, found.certificate.failed
        named = {field.name for field in fields_of(type(found)) if field.always}
        assert named <= set(found.fields)  # what no verifier returns is compared with nothing
        self.data: dict[str, Any] = json.loads(found.to_json())

    def accepted(self, **more: Any) -> bool:
        """Say whether `check` verifies the claim with some of its keys exchanged."""
        path = self.folder / "claim.json"
        path.write_text(json.dumps(self.data | more))
        try:
            return check_solution(self.instance, path).certificate.verified
        except BigoptError:
            return False

    def believed(self, skipped: frozenset[str] = frozenset(), most: int = MOST) -> list[tuple[Place, Any]]:
        """Return which changed claims `check` verifies, by place; `skipped` are the question's."""
        assert self.accepted()
        found, solution = [], self.data["solution"]
        sizes = sorted(filter(None, map(largest, solution.values())))
        least = NOISE * sizes[len(sizes) // 2] if sizes else 1.0
        for key, value in solution.items():
            if key in skipped:
                continue
            every = list(changed(value, max(largest(value), least)))
            for place, new in every[:: 1 + len(every) // most]:
                if self.accepted(solution=solution | {key: new}):
                    found.append(((key, *place), new))
        objective = self.data["objective"]
        if objective is not None:  # else the concept has none, and whatever stands there is left out
            for _, new in changed(objective, abs(objective) or 1.0):
                if self.accepted(objective=new):
                    found.append((("the objective",), new))
        return found

    def agreeing(self, most: int = MOST) -> dict[str, set[str]]:
        """Return which fields follow another one that a claim may exchange: by the changed field, those that differ.

        Here a claim is all that the verifier itself says of a changed field, so that nothing in it contradicts.
        """
        row = kinds.concept_of(self.instance.game, self.data["concept"])
        given = self.data["solver"].get("options", {})
        request = row.request("elsewhere", options={o.name: given[o.name] for o in row.options if o.name in given})
        true, followed = self.data["solution"], dict[str, set[str]]()
        before = row.verify(self.instance.game, true, request)[0]
        floor = smallest(before)
        for key, value in true.items():
            every = [new for _, new in changed(value, largest(value) or 1.0)]
            if isinstance(value, list) and value and all(isinstance(entry, int) for entry in value):
                every = [list(p) for n in (2, 3) for p in permutations(range(max(value) + 1), n)] + every
            for new in every[:: 1 + len(every) // most]:
                try:
                    fields, certificate = row.verify(self.instance.game, true | {key: new}, request)
                except (BigoptError, KeyError, TypeError, ValueError):
                    continue
                if not certificate.verified:
                    continue
                for name in before.keys() & fields.keys() - {key}:
                    if not compare("", before, {name: plain(fields[name])}, 1e-6, floor).passed:
                        followed.setdefault(key, set()).add(name)
        return followed
