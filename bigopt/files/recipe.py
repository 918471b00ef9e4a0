"""Instances that are too large to store: a TOML file names a seeded family and its parameters.

::

    family = "influencers"
    status = "hard"
    source = "..."

    [parameters]
    players = 100000
    dimension = 16
    seed = 1

    [expected.nash]
    unique = true
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from copy import copy
from pathlib import Path
from typing import Any

from bigopt.errors import BigoptError, InstanceError, close_to
from bigopt.files.generate import families, generate, known, usage
from bigopt.files.instance import COMMON, Instance
from bigopt.files.text import read_json

TEXTS = ("name", "source", "notes", "status")
STATUSES = ("easy", "medium", "hard", "open")
KEYS = ("family", "parameters", "expected", *TEXTS)
LARGEST_RECIPE = 1 << 20  # bytes


def fingerprint(path: str | Path) -> str:
    """Return a hash of what an instance says about its game: names, notes and expected answers do not count."""
    path = Path(path)
    data = _parse(path) if path.suffix == ".toml" else read_json(path)
    if not isinstance(data, dict):
        raise InstanceError(f"{path}: a {type(data).__name__}, expected an object with the keys format and kind")
    own = {key: value for key, value in data.items() if key == "kind" or key not in COMMON}
    total = hashlib.sha256(json.dumps(own, sort_keys=True, default=str).encode())
    for name in sorted(_sidecars(own)):
        sidecar = path.parent / name
        if sidecar.is_file():
            total.update(sidecar.read_bytes())
    return total.hexdigest()


def _sidecars(value: Any) -> set[str]:
    if isinstance(value, dict):
        if isinstance(value.get("npz"), str):
            return {value["npz"]}
        return set().union(*map(_sidecars, value.values()))
    if isinstance(value, list) and value and not isinstance(value[0], (int, float)):
        return set().union(*map(_sidecars, value))
    return set()


def read(path: Path) -> Instance:
    """Read a recipe and generate its game.

    Raises
    ------
    InstanceError
        One line: file, key, the value, what was expected.
    """
    data = _parse(path)
    unknown = [key for key in data if key not in KEYS]
    if unknown:
        raise InstanceError(f"{path}: unknown key {unknown[0][:40]!r}{close_to(unknown[0], KEYS)}")
    family, parameters = data.get("family"), data.get("parameters", {})
    if not isinstance(family, str) or known(family) is None:
        raise InstanceError(f"{path}: family: {str(family)[:40]!r}{close_to(str(family), families())}")
    if not isinstance(parameters, dict):
        raise InstanceError(f"{path}: parameters: expected a table of {usage(family)}")
    for key in TEXTS:
        if not isinstance(data.get(key, ""), str):
            raise InstanceError(f"{path}: {key}: {str(data[key])[:40]!r}, expected a text")
    if data.get("status", "easy") not in STATUSES:
        raise InstanceError(f"{path}: status: {data['status'][:40]!r}, expected easy, medium, hard or open")
    _check_expected(data.get("expected", {}), path)
    name = data.get("name", path.stem)
    try:
        game = generate(family, **{key.replace("-", "_"): value for key, value in parameters.items()})
    except BigoptError as error:
        raise InstanceError(f"{path}: parameters: {error}") from None
    texts = {key: data.get(key, "") for key in ("source", "notes", "status")}
    game = copy(game)
    object.__setattr__(game, "name", name)  # `replace` would validate a large game again
    return Instance(game, name, expected=data.get("expected", {}), path=path, **texts)


def _check_expected(expected: Any, path: Path) -> None:
    """Refuse expected answers that are no tables of fields by concept."""
    entries = expected.values() if isinstance(expected, dict) else [expected]
    for entry in entries:
        if not all(isinstance(item, dict) for item in (entry if isinstance(entry, list) else [entry])):
            raise InstanceError(f"{path}: expected: {str(entry)[:40]!r}, expected a table [expected.CONCEPT] of fields")


def _parse(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file():  # a pipe may never end
            raise InstanceError(f"{path}: not a regular file, expected a recipe in TOML")
        if path.stat().st_size > LARGEST_RECIPE:
            raise InstanceError(f"{path}: more than {LARGEST_RECIPE >> 20} MiB, expected a short recipe")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InstanceError(f"{path}: {error.strerror}: give a readable recipe") from None
    except UnicodeDecodeError:
        raise InstanceError(f"{path}: not UTF-8, expected a recipe in TOML") from None
    except (ValueError, RecursionError) as error:  # also integers of more digits than Python converts
        text = str(error).split(";")[0]
        raise InstanceError(f"{path}: not TOML ({text}), expected family and [parameters]") from None
