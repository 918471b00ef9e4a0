"""Instance files: JSON to games and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bigopt.arithmetic.decimals import Written
from bigopt.concepts.concept import Game, Kind
from bigopt.errors import BigoptError, InstanceError, UsageError, close_to
from bigopt.files.library import instance_path
from bigopt.files.sidecar import load_sidecars
from bigopt.files.text import read_json
from bigopt.files.writing import write_text
from bigopt.games import kinds

if TYPE_CHECKING:
    import jsonschema

FORMAT = "bigopt/1"
MARKED = re.compile(r'"\\u0000([-+.0-9eE]+)"')
COMMON = {
    "format": {"const": FORMAT, "description": "the version of this format"},
    "kind": {"type": "string"},
    "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "default: the file's stem"},
    "source": {"type": "string"},
    "notes": {"type": "string"},
    "status": {"enum": ["easy", "medium", "hard", "open"], "description": "how hard the default concept is"},
    "expected": {
        "type": "object",
        "description": "known answers by concept: fields of the solution, with optional tolerance, solver and options; "
        "numbers may be fractions, p/q, compared exactly where the solution knows the field as fractions",
        "additionalProperties": {"type": ["object", "array"], "items": {"type": "object"}},
    },
}


@dataclass(frozen=True)
class Instance:
    """A game with what its file says about it.

    Attributes
    ----------
    game : Game
    name, source, notes, status : str
    expected : mapping
        Concept name to known fields (or a list of such).
    path : Path or None
    """

    game: Game
    name: str
    source: str = ""
    notes: str = ""
    status: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None


READERS: dict[str, Callable[[Path], Instance]] = {}  # of files that are not JSON, by ending: see `bigopt.files`


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind's instance file, common keys included."""
    row = kinds.find(kind)
    own: dict[str, Any] = json.loads((resources.files(row.folder) / "schema.json").read_text(encoding="utf-8"))
    properties = COMMON | {"kind": {"const": row.name}} | own.get("properties", {})
    return own | {"properties": properties, "required": ["format", "kind", *own.get("required", [])]}


def read(path: str | Path) -> Instance:
    """Read an instance file, or a stored instance by its name.

    Parameters
    ----------
    path : str or Path
        A file, or a name as "big/example-1-opposed" or "example-1-opposed".

    Returns
    -------
    Instance
        The `game`, and the file's remarks: `name`, `source`, `notes`, `status`, `expected`.

    Raises
    ------
    InstanceError
        One line: file, JSON path, the value, what was expected.

    Examples
    --------
    >>> import bigopt
    >>> bigopt.read("big/example-1-opposed").expected["nash"]["receiver"]
    [3.0]
    """
    if not isinstance(path, (str, Path)):
        raise InstanceError(f"{' '.join(repr(path).split())[:40]}, expected the path of an instance file")
    path = instance_path(path) if isinstance(path, str) else path
    if path.suffix in READERS:
        return READERS[path.suffix](path)
    data = read_json(path)
    try:
        return parse(data, path)
    except InstanceError as error:
        raise InstanceError(f"{path}: {error}") from None
    except RecursionError:
        raise InstanceError(f"{path}: nested too deeply, expected an instance as `bigopt schema KIND` shows") from None


def parse(data: Any, path: Path) -> Instance:
    """Turn an instance file's JSON data into an `Instance`; `path` gives the sidecars' folder and the default name."""
    if not isinstance(data, dict):
        raise InstanceError(f"a {type(data).__name__}, expected an object with the keys format and kind")
    if data.get("format") != FORMAT:
        raise InstanceError(f"format: {str(data.get('format'))[:40]!r}, expected {FORMAT!r}")
    if not isinstance(data.get("kind"), str):
        raise InstanceError(f"kind: {str(data.get('kind'))[:40]!r}{close_to(str(data.get('kind')), kinds.KINDS)}")
    try:
        row = kinds.find(data["kind"])
    except BigoptError as error:
        raise InstanceError(f"kind: {error}") from None
    _validate(data, row)
    name = data.get("name", path.stem)
    own = {key: value for key, value in data.items() if key not in COMMON}
    game = row.game.from_instance(load_sidecars(own, path.parent, schema(row.name)), name)
    expected = data.get("expected", {})
    for concept in expected:
        if concept not in {c.name for c in row.concepts}:
            known = [each.name for each in row.concepts]
            raise InstanceError(f"expected.{concept}: no such concept of {row.name}{close_to(concept, known)}")
    texts = {key: data.get(key, "") for key in ("source", "notes", "status")}
    return Instance(game=game, name=name, expected=expected, path=path, **texts)


def load(path: str | Path) -> Any:
    """Return the game of an instance file, or of a stored instance by its name.

    Parameters
    ----------
    path : str or Path
        A file, or a name as "big/example-1-opposed" or "example-1-opposed".

    Returns
    -------
    Game
        Of the class of its kind, as `Influencers`.

    Raises
    ------
    InstanceError
        As in `read`.

    Examples
    --------
    >>> import bigopt
    >>> bigopt.load("big/example-1-opposed")
    <Influencers 'example-1-opposed': 2 influencers in 1 dimension on a box, squared loss>
    """
    return read(path).game


def game_of(game: Game | str | Path) -> Game:
    """Return a game as it is, or load it where a path or a stored name was given."""
    if isinstance(game, (str, Path)):
        loaded: Game = load(game)
        return loaded
    return game


def dumps(game: Game, **common: Any) -> str:
    """Return the instance file's text of a game; `common` adds keys such as source, notes or expected."""
    kinds.kind_of(game)
    data = {"format": FORMAT, "kind": game.kind, "name": game.name} | common | game.to_instance()
    text = json.dumps(_marked(data), indent=1, allow_nan=False) + "\n"
    return MARKED.sub(r"\1", text)


def _marked(value: Any) -> Any:
    """Turn numbers of more digits than a float has into marked texts, which json would round."""
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    return f"\0{value.text}" if isinstance(value, Written) else value


def save(game: Game | str | Path, path: str | Path, **common: Any) -> Path:
    """Write a game to an instance file (whole or not at all) and return the path.

    Parameters
    ----------
    game : a game of any kind, or the path or the stored name of an instance
    path : str or Path
        The file to write.
    **common
        Keys beside the game's own: ``source``, ``notes``, ``expected``.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    UsageError
        No game, no path, or a file that cannot be written.

    Examples
    --------
    >>> import bigopt
    >>> game = bigopt.Subsets(weights=[0.5, 0.5], targets=[[-1], [3]], items=[[0], [3], [-1]], sizes=[1, 1])
    >>> bigopt.load(bigopt.save(game, "game.json", notes="two parties, an article each")) == game
    True
    """
    if not isinstance(path, (str, Path)):
        raise UsageError(f"save: {' '.join(repr(path).split())[:40]}, expected the path of the file to write")
    return write_text(path, dumps(game_of(game), **common))


def _validate(data: Mapping[str, Any], row: Kind) -> None:
    """Check an abridged copy against the JSON Schema; the wing's game checks every number."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema(row.name))
    error = jsonschema.exceptions.best_match(validator.iter_errors(_abridge(data)))
    if error is not None:
        raise InstanceError(_one_line(error))


def _abridge(value: Any) -> Any:
    """Shorten long lists of numbers: a schema walk over a million numbers in Python would take minutes."""
    if isinstance(value, dict):
        return {key: _abridge(item) for key, item in value.items()}
    if isinstance(value, list):
        plain = value and not isinstance(value[0], (dict, str))
        return [_abridge(item) for item in (value[:32] if plain else value)]
    return value


def _one_line(error: jsonschema.ValidationError) -> str:
    """Say where, what stands there and what was expected."""
    where = ""
    for step in error.absolute_path:
        where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else str(step)
    prefix = f"{where}: " if where else ""
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = [key for key in error.instance if key not in known]
        return f"{prefix}unknown key {unknown[0][:40]!r}{close_to(unknown[0], known)}"
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        unknown = [key for key in error.instance if key not in error.schema.get("properties", {})]
        for key in get_close_matches(missing[0], unknown, 1):
            return f"{prefix}unknown key {key[:40]!r}{close_to(key, missing)}"
        return f"{prefix}the key {missing[0]!r} is missing, expected {', '.join(error.validator_value)}"
    value = json.dumps(error.instance, default=str)
    shown = value if len(value) <= 60 else value[:57] + "..."
    return f"{prefix}{shown}, expected {_wanted(error)}"


def _wanted(error: jsonschema.ValidationError) -> str:
    """Say what a schema keyword asked for, in words."""
    value = error.validator_value
    texts = {
        "type": lambda: " or ".join([value] if isinstance(value, str) else value),
        "enum": lambda: "one of " + ", ".join(map(str, value)),
        "const": lambda: repr(value),
        "minimum": lambda: f"at least {value}",
        "maximum": lambda: f"at most {value}",
        "exclusiveMinimum": lambda: f"more than {value}",
        "minItems": lambda: f"at least {value} entries",
        "maxItems": lambda: f"at most {value} entries",
    }
    say = texts.get(str(error.validator))
    return say() if say else f"{error.schema.get('description') or error.validator}"
