"""Reading JSON from strangers."""

from __future__ import annotations

import json
import math
import stat
from pathlib import Path
from typing import Any

from bigopt.arithmetic.decimals import written
from bigopt.errors import BigoptError, InstanceError, LimitReached

LARGEST_FILE = 100 * 2**20  # bytes of JSON; larger arrays belong in an npz sidecar
READ_RATE = 10 * 2**20  # bytes of JSON a second at the least: the parser is compiled, and no limit interrupts it


def refuse_slow(path: Path, seconds: float | None) -> None:
    """Raise `LimitReached` where a JSON file is too large to be read within a time limit.

    The parser may run on for as long as a tenth of the limit and half a second.
    """
    if seconds is None or path.suffix == ".toml" or not path.is_file():
        return
    size = path.stat().st_size
    if size > READ_RATE * (1.1 * seconds + 0.5):
        need = math.ceil((size / READ_RATE - 0.5) / 1.1)
        raise LimitReached(
            f"{path}: {size >> 20} MiB of JSON may take longer to read than {seconds:g} s: give --time-limit {need},"
            " or use an npz sidecar"
        )


def read_json(path: Path) -> Any:
    """Parse a JSON file strictly: UTF-8, no NaN or infinity, no duplicate keys, at most 100 MiB.

    Raises
    ------
    InstanceError
        In one line: the file, where, what was expected.
    """
    try:
        if path.is_dir():
            raise InstanceError(f"{path}: is a directory, expected a JSON file")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe may never end
            raise InstanceError(f"{path}: not a regular file, expected a JSON file")
        size = status.st_size
        if size > LARGEST_FILE:
            raise InstanceError(f"{path}: {size >> 20} MiB of JSON, at most {LARGEST_FILE >> 20}: use an npz sidecar")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InstanceError(f"{path}: {error.strerror or error}: give a readable JSON file") from None
    except UnicodeDecodeError as error:
        raise InstanceError(f"{path}: byte {error.start}: not UTF-8, expected a JSON file in UTF-8") from None
    except ValueError as error:  # an embedded null byte in the path
        raise InstanceError(f"{str(path)!r}: {error}: give a readable JSON file") from None
    return parse_json(text, str(path))


def parse_json(text: str, where: str) -> Any:
    """Parse JSON text strictly; `where` names it in errors."""
    try:
        data = json.loads(
            text, parse_float=written, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates
        )
        if "\\ud" in text.lower():
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        return data
    except UnicodeEncodeError:
        raise InstanceError(f"{where}: half of a surrogate pair, expected whole characters") from None
    except json.JSONDecodeError as error:
        raise InstanceError(
            f"{where}: line {error.lineno}, column {error.colno}: not JSON ({error.msg}), expected an object"
        ) from None
    except RecursionError:
        raise InstanceError(f"{where}: nested too deeply, expected an instance as `bigopt schema KIND` shows") from None
    except BigoptError as error:
        raise InstanceError(f"{where}: {error}") from None
    except ValueError as error:  # an integer of more digits than Python converts
        raise InstanceError(f"{where}: {str(error).split(';')[0]}, expected a finite number") from None


def _refuse_constant(name: str) -> Any:
    raise InstanceError(f"{name} is not JSON, expected a finite number")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InstanceError(f"{twice[:40]!r} stands twice in one object, expected once")
    return data
