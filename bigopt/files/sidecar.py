"""Arrays beside an instance file: ``{"npz": "targets.npz", "key": "targets"}``."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from bigopt.errors import InstanceError

LARGEST_ARRAY = 4 * 2**30  # bytes


def is_sidecar(value: Any) -> bool:
    """Whether a JSON value refers to an array in a sidecar."""
    return isinstance(value, dict) and set(value) == {"npz", "key"} and all(isinstance(v, str) for v in value.values())


def load_sidecars(data: Any, folder: Path, path: str = "") -> Any:
    """Replace every sidecar reference below `data` by its array.

    Raises
    ------
    InstanceError
        The file is outside `folder`, unreadable, not numeric, or larger than 4 GiB.
    """
    if is_sidecar(data):
        return _load(folder, data["npz"], data["key"], path)
    if isinstance(data, dict):
        return {key: load_sidecars(value, folder, f"{path}.{key}" if path else key) for key, value in data.items()}
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return [load_sidecars(value, folder, f"{path}[{i}]") for i, value in enumerate(data)]
    return data


def _load(folder: Path, name: str, key: str, path: str) -> np.ndarray[Any, Any]:
    """Read one array after its header was checked, never unpickling."""
    try:
        file = (folder / name).resolve()
        inside = not Path(name).is_absolute() and file.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    if not inside:
        raise InstanceError(f"{path}.npz: {name[:80]!r}, expected a file inside the instance's own folder")
    try:
        with zipfile.ZipFile(file) as archive, archive.open(f"{key}.npy") as stream:
            version = np.lib.format.read_magic(stream)
            header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = header(stream)
            size = int(np.prod(shape, dtype=object)) * dtype.itemsize
            if dtype.kind not in "iuf" or size > LARGEST_ARRAY:
                raise InstanceError(
                    f"{path}: {name} holds {dtype} of shape {list(shape)}, expected numbers of at most 4 GiB"
                )
        with zipfile.ZipFile(file) as archive:
            return np.asarray(np.lib.format.read_array(_member(archive, key, size), allow_pickle=False))
    except KeyError:
        raise InstanceError(f"{path}.key: {key[:80]!r} is not in {name}, expected one of its arrays") from None
    except (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0][:80]
        raise InstanceError(f"{path}.npz: {name}: {reason}: expected a readable npz file") from None


def _member(archive: zipfile.ZipFile, key: str, size: int) -> io.BytesIO:
    """Return the bytes of one member, no more than its header promised (a zip bomb is cut short)."""
    with archive.open(f"{key}.npy") as stream:
        return io.BytesIO(stream.read(size + 4096))
