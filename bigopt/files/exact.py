"""Instance files read exactly: every decimal as the fraction that was written; their canonical form and its hash."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from bigopt.arithmetic.decimals import fraction
from bigopt.concepts.concept import Game
from bigopt.errors import InstanceError, UsageError
from bigopt.files.text import read_json

REMARKS = ("format", "name", "source", "notes", "expected", "status")  # what says nothing about the game


def read_exact(path: Path) -> dict[str, Any]:
    """Return a JSON instance with numbers as fractions.

    Raises
    ------
    UsageError
        A recipe, or arrays in a sidecar: only what stands in one JSON file can be proved.
    """
    if path.suffix != ".json":
        raise UsageError(f"{path}: only JSON instances can be proved: write it out with `bigopt generate ... -o FILE`")
    read_json(path)  # strict, with the errors of an instance file
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=Fraction, parse_int=Fraction)
    except (OSError, ValueError, RecursionError) as error:
        raise InstanceError(f"{path}: {error}") from None
    if not isinstance(data, dict) or _has_sidecar(data):
        raise UsageError(f"{path}: arrays stand in a sidecar: only what stands in one JSON file can be proved")
    return data


def as_exact(game: Game) -> dict[str, Any]:
    """Return a game as `read_exact` would read its file: the decimals of its numbers, as fractions."""
    data: dict[str, Any] = _exactly({"kind": game.kind, **game.to_instance()})
    return data


def _exactly(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exactly(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return _exactly(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_exactly(item) for item in value]
    return value if isinstance(value, (bool, str)) or value is None else fraction(value)


def fingerprint(data: dict[str, Any]) -> str:
    """Return the SHA-256 of an instance's canonical form, its remarks left out."""
    own = {key: value for key, value in data.items() if key not in REMARKS}
    return hashlib.sha256(canonical(own).encode()).hexdigest()


def canonical(value: Any) -> str:
    """Return JSON data in one way: keys sorted, numbers as the texts of reduced fractions."""
    return json.dumps(value, sort_keys=True, default=str)


def _has_sidecar(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("npz"), str) or any(map(_has_sidecar, value.values()))
    return isinstance(value, list) and any(map(_has_sidecar, value))
