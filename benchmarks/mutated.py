"""Instance files as strangers may write them: one place changed, as data, as text, as bytes, or in a sidecar."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Rng = np.random.Generator
DEEPEST = 20  # levels below which nothing is changed
NUMBERS: tuple[Any, ...] = (
    0, -1, 1, -0.0, 1e308, -1e308, 5e-324, 1e-300, 2**53 + 1, 2**63, 10**25, 10**400, -(10**30), 0.1, 1e9, 1e16, 3.5,
    float("nan"), float("inf"), float("-inf"), True,
)  # fmt: skip
TEXTS = (
    "",
    "x",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\ud800",
    "é" * 300,
    "a\nb",
    "nan",
    "1",
    "../../etc",
    "{",
    "−1",
    "a" * 5000,
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [{}], {"npz": "none.npz", "key": "x"}, {"csv": "none.csv"})


def changed(rng: Rng, data: Any) -> Any:
    """Return data with one place changed."""
    places = list(_places(data, ()))
    place = places[int(rng.integers(len(places)))]
    return _with(data, place, lambda value: _other(rng, value))


def _places(data: Any, here: tuple[Any, ...]) -> Any:
    yield here
    if len(here) > DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _places(value, (*here, key))
    if isinstance(data, list):
        for i, value in enumerate(data[:40]):
            yield from _places(value, (*here, i))


def _with(data: Any, place: tuple[Any, ...], make: Callable[[Any], Any]) -> Any:
    if not place:
        return make(data)
    inner = _with(data[place[0]], place[1:], make)
    if isinstance(data, dict):
        return {**data, place[0]: inner}
    return [*data[: place[0]], inner, *data[place[0] + 1 :]]


def _other(rng: Rng, value: Any) -> Any:
    """Return something else in a value's place."""
    draw = rng.random()
    if isinstance(value, dict) and draw < 0.6:
        return _other_keys(rng, value)
    if isinstance(value, list) and draw < 0.7:
        return _other_length(rng, value)
    if isinstance(value, (int, float)) and draw < 0.7:
        if draw < 0.2:
            return value * float(rng.choice([-1.0, 1e9, 1e-9, 1.001, 2.0]))
        return NUMBERS[int(rng.integers(len(NUMBERS)))]
    if isinstance(value, str) and draw < 0.7:
        return TEXTS[int(rng.integers(len(TEXTS)))]
    pool = (*NUMBERS, *TEXTS, *OTHERS)
    return pool[int(rng.integers(len(pool)))]


def _other_keys(rng: Rng, value: dict[str, Any]) -> dict[str, Any]:
    keys = list(value)
    if not keys or rng.random() < 0.3:
        return value | {str(rng.choice(["extra", "name", "exact", "weights", "prior", "", "\u202e"])): 1}
    gone = keys[int(rng.integers(len(keys)))]
    rest = {key: item for key, item in value.items() if key != gone}
    return rest if rng.random() < 0.6 else rest | {gone + "s": value[gone]}


def _other_length(rng: Rng, value: list[Any]) -> list[Any]:
    if not value:
        return [0]
    ways: tuple[Callable[[], list[Any]], ...] = (
        lambda: value[:-1], lambda: value[1:], lambda: [*value, value[0]], lambda: value[::-1], lambda: [value],
        lambda: value * int(rng.choice([2, 10, 300])), lambda: [value[0]] * len(value), lambda: [],
        lambda: [item for item in value for _ in range(2)], lambda: nested(value, int(rng.choice([3, 50, 3000]))),
    )  # fmt: skip
    return ways[int(rng.integers(len(ways)))]()


def nested(value: Any, depth: int) -> list[Any]:
    """Return a value within so many lists."""
    for _ in range(depth):
        value = [value]
    return [value]


def text_of(rng: Rng, data: Any) -> str:
    """Return JSON, now and then with more than JSON has."""
    try:
        text = json.dumps(data, indent=1 if rng.random() < 0.5 else None, ensure_ascii=bool(rng.random() < 0.8))
    except RecursionError:
        text = "[" * 100_000
    draw = rng.random()
    if draw < 0.03:
        return text + text
    if draw < 0.06:
        return text.replace(":", "=", 1)
    if draw < 0.08:
        return "[" * 100_000 + text
    if draw < 0.1:
        return text.replace("{", '{"kind": "influencers", "kind": "market", ', 1)  # a key twice
    return text


def bytes_of(rng: Rng, data: bytes) -> bytes:
    """Return bytes that are no text, another text, or not all of it."""
    at = int(rng.integers(len(data)))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: b"", lambda: data[:at], lambda: data[:at] + b"\xff\xfe\x00" + data[at:], lambda: b"\xef\xbb\xbf" + data,
        lambda: data.decode(errors="replace").encode("utf-16"), lambda: rng.bytes(200), lambda: data[at:],
        lambda: b"\x00" * 1000,
        lambda: bytes([*data[:at], data[at] ^ int(rng.integers(1, 256)), *data[at + 1 :]]),
        lambda: b"PK\x03\x04" + data,
        lambda: b"null", lambda: b"[]", lambda: b'"text"', lambda: b"1e999", lambda: b"\n" * 50_000,
    )  # fmt: skip
    return ways[int(rng.integers(len(ways)))]()


def sidecar(rng: Rng, data: Any, folder: Path) -> Any:
    """Move an array to a file beside the instance that holds it, something else, or nothing."""
    arrays = [key for key, value in data.items() if isinstance(value, list) and value] if isinstance(data, dict) else []
    if not arrays:
        return data
    key = arrays[int(rng.integers(len(arrays)))]
    suffix = str(rng.choice(["npz", "csv", "npy"]))
    path = folder / f"side.{suffix}"
    try:
        array: Any = np.array(data[key], dtype=float)
    except (TypeError, ValueError, OverflowError):
        array = np.array([["x"]])
    ways: tuple[Callable[[], Any], ...] = (
        lambda: array, lambda: array.T, lambda: array.ravel(), lambda: np.zeros(()), lambda: array[:0],
        lambda: array.astype(str), lambda: np.array([None]), lambda: np.full((300, 300), 1.0),
        lambda: array.astype("c16"),
    )  # fmt: skip
    try:
        kept = ways[int(rng.integers(len(ways)))]()
    except (TypeError, ValueError):
        kept = array
    if suffix == "csv":
        path.write_text("\n".join(",".join(map(str, np.atleast_1d(row))) for row in np.atleast_1d(kept)))
    else:
        np.savez_compressed(folder / "side.npz", **{key: kept})
    if rng.random() < 0.3 and path.exists():
        path.write_bytes(bytes_of(rng, path.read_bytes() or b"0"))
    return {**data, key: {suffix: path.name, "key": key} if rng.random() < 0.8 else {suffix: "../" + path.name}}
