"""Arrays beside an instance file: ``{"npz": "targets.npz", "key": "targets"}``.

Nothing is unpacked before every header was read and compared with what the kind's schema declares.
"""

from __future__ import annotations

import math
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from bigopt.errors import InstanceError
from bigopt.files import shapes

LARGEST = 2 * 2**30  # bytes of all arrays of an instance; a game copies and checks them, which takes as much again
PIECE = 1 << 22  # bytes that are unpacked at a time: a time limit can come between
READABLE = (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Sidecar:
    """One array in an npz file, as its header describes it."""

    path: str
    file: Path
    key: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool

    @property
    def size(self) -> int:
        """Bytes once unpacked."""
        return math.prod(self.shape) * self.dtype.itemsize


def is_sidecar(value: Any) -> bool:
    """Whether a JSON value refers to an array in a sidecar."""
    return isinstance(value, dict) and set(value) == {"npz", "key"} and all(isinstance(v, str) for v in value.values())


def load_sidecars(data: Any, folder: Path, schema: Mapping[str, Any]) -> Any:
    """Return `data` with every sidecar reference replaced by its array.

    Raises
    ------
    InstanceError
        A file is outside `folder`, unreadable or not numeric; an array's shape is not what `schema` and the rest of the
        instance say; all of them together take more than 2 GiB.
    """
    found = {path: _header(folder, value["npz"], value["key"], path) for path, value in _references(data)}
    if not found:
        return data
    shapes.check({path: sidecar.shape for path, sidecar in found.items()}, data, schema)
    total = sum(sidecar.size for sidecar in found.values())
    if total > LARGEST:
        raise InstanceError(f"{next(iter(found))}: sidecars of {total / 2**30:.3g} GiB, expected at most 2 GiB in all")
    return _replaced(data, {path: _unpack(sidecar) for path, sidecar in found.items()})


def _references(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every sidecar reference below `data` with its JSON path."""
    if is_sidecar(data):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _references(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for i, value in enumerate(data):
            yield from _references(value, f"{path}[{i}]")


def _replaced(data: Any, arrays: Mapping[str, Any], path: str = "") -> Any:
    if path in arrays:
        return arrays[path]
    if isinstance(data, dict):
        return {key: _replaced(value, arrays, f"{path}.{key}" if path else key) for key, value in data.items()}
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return [_replaced(value, arrays, f"{path}[{i}]") for i, value in enumerate(data)]
    return data


def _header(folder: Path, name: str, key: str, path: str) -> Sidecar:
    """Read the header of one array."""
    try:
        file = (folder / name).resolve()
        inside = not Path(name).is_absolute() and file.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # also links in a circle
        inside = False
    if not inside:
        raise InstanceError(f"{path}.npz: {name[:80]!r}, expected a file inside the instance's own folder")
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe may never end
            raise InstanceError(f"{path}.npz: {name[:80]!r} is not a regular file, expected an npz file")
        with zipfile.ZipFile(file) as archive, archive.open(f"{key}.npy") as stream:
            shape, fortran, dtype = _read_header(stream)
    except KeyError:
        raise InstanceError(f"{path}.key: {key[:80]!r} is not in {name}, expected one of its arrays") from None
    except READABLE as error:
        raise _unreadable(path, name, error) from None
    if not shape or any(type(size) is not int or size < 1 for size in shape) or dtype.kind not in "iuf":
        shown = ", ".join(str(size)[:20] for size in shape)
        raise InstanceError(f"{path}: {name} holds {dtype} of shape [{shown}], expected numbers, at least 1 an axis")
    return Sidecar(path, file, key, shape, dtype, fortran)


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    first = version == (1, 0)
    header = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = header(stream)
    return shape, fortran, dtype


def _unpack(sidecar: Sidecar) -> np.ndarray[Any, Any]:
    """Read one array, never unpickling and never more than its header promised, with no second copy."""
    try:
        array = np.empty(math.prod(sidecar.shape), dtype=sidecar.dtype)
        rest = array.view(np.uint8).data
        with zipfile.ZipFile(sidecar.file) as archive, archive.open(f"{sidecar.key}.npy") as stream:
            _read_header(stream)
            while rest:
                got = stream.readinto(rest[:PIECE])  # type: ignore[attr-defined]
                if not got:
                    raise EOFError("the array ends early")
                rest = rest[got:]
    except READABLE as error:
        raise _unreadable(sidecar.path, sidecar.file.name, error) from None
    return array.reshape(sidecar.shape, order="F" if sidecar.fortran else "C")


def _unreadable(path: str, name: str, error: Exception) -> InstanceError:
    if isinstance(error, InstanceError):
        return error
    reason = getattr(error, "strerror", None) or (str(error).splitlines() or [type(error).__name__])[0][:80]
    return InstanceError(f"{path}.npz: {name}: {reason}: expected a readable npz file")
