"""Files are written whole or not at all; what is no regular file (a pipe, a device) is written through."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from bigopt.errors import UsageError, printable

LONGEST_NAME = 200  # bytes; file systems take 255, endings and drafts included


def file_name(text: str, ending: str) -> Path:
    """Return a file name for the current folder from a game's name, which may be long and hold anything."""
    name = printable(Path(text).name).encode()[:LONGEST_NAME].decode(errors="ignore")
    return Path(f"{name or 'game'}{ending}")


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write `data` to `path` and return the path.

    A regular file is replaced at once by a finished one, where a symbolic link leads, so that nothing half-written is
    ever seen. Anything else that exists is opened and written to, as a shell's redirection does.

    Raises
    ------
    UsageError
        In one line: the path and why.
    """
    path = Path(path)
    try:
        target = path.resolve() if path.is_symlink() else path
        if _is_regular(target):
            _replace(target, data)
        else:
            with target.open("wb") as stream:
                stream.write(data)
    except (OSError, ValueError, RuntimeError) as error:  # also null bytes in the path, and links in a circle
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{path}: {reason}: choose another file with -o") from None
    return path


def write_text(path: str | Path, text: str) -> Path:
    """Write `text` in UTF-8; errors as in `write_bytes`."""
    return write_bytes(path, text.encode("utf-8"))


def _is_regular(path: Path) -> bool:
    """Whether a path is a regular file, or none yet."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def _replace(path: Path, data: bytes) -> None:
    """Write a temporary file beside `path` and move it there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
