"""No input gives a traceback: entries of a good instance are replaced by junk, and something sensible happens.

Half of the junk is tried in each place, the other half in the next.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bigopt import catalog
from bigopt.concepts.solution import EXIT_OF
from bigopt.engine.solve import solve
from bigopt.errors import BigoptError
from bigopt.files import instance
from bigopt.games import kinds

GONE = object()
JUNK: tuple[Any, ...] = (
    GONE,
    None,
    True,
    "",
    "x",
    -1,
    0,
    0.5,
    3,
    1e-320,
    1e-200,
    1e140,
    1e160,
    10**400,
    [],
    {},
    [[]],
    [None],
    ["x"],
    {"x": 1},
)
STARTS = {
    "conversation": ("conversation/xor",),
    "influencers": ("big/example-1-background", "big/example-3-diamond"),
    "market": ("market/synthetic-1",),
    "mechanism": ("mechanism/three-answers",),
    "persuasion": ("persuasion/courtroom",),
    "preferences": ("preferences/plane",),
    "hull": ("hull/table-2",),
    "subsets": ("subsets/example-5-4",),
}
QUICK = {"preferences": "receiver"}  # where the default takes half a second a game


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every entry; of a long list the first two."""
    entries = data.items() if isinstance(data, dict) else enumerate(data[:2]) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def mutated(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with one entry replaced or gone."""
    result = copy.deepcopy(data)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return result


def test_every_kind_has_a_start() -> None:
    assert set(STARTS) == set(kinds.KINDS)


@pytest.mark.parametrize("name", [name for names in STARTS.values() for name in names])
def test_mutations_are_refused_or_solved(name: str) -> None:
    data = json.loads(catalog.instance(name).read_text())
    data.pop("notes", None), data.pop("source", None), data.pop("expected", None)
    refused = 0
    for k, path in enumerate(places(data)):
        for value in JUNK[k % 2 :: 2]:
            try:
                game = instance.parse(mutated(data, path, value), Path("game.json")).game
                solution = solve(game, QUICK.get(game.kind), time_limit=5)
            except BigoptError as error:
                assert "\n" not in str(error), (path, value, str(error))
                refused += 1
                continue
            except Exception as error:
                raise AssertionError(f"{path} = {value!r}: {type(error).__name__}: {error}") from error
            assert solution.exit_code in (0, 1, 3, 4) and solution.stopped in {*EXIT_OF, "convergenceCriteriaSatisfied"}
            json.loads(solution.to_json())
    assert refused > len(JUNK)
