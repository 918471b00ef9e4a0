"""Nested lists of numbers to arrays, with an error that names the first wrong entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bigopt.errors import InstanceError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LARGEST = 1e150  # squares of larger numbers overflow
PIECE = 1 << 18  # numbers looked at in one call of compiled code


def numbers(value: Any, path: str, shape: Sequence[int | None], per: Sequence[str] = ()) -> Floats:
    """Read an array of finite numbers and check its shape.

    Parameters
    ----------
    value : nested list, tuple or ndarray
        The data, as a file or a user gave them.
    path : str
        Where they stand, as ``bobs[2].utility``.
    shape : sequence of int or None
        The expected length along each axis; None leaves it free (but not 0).
    per : sequence of str
        What one entry along each axis stands for ("state", "action"), for the message.

    Returns
    -------
    ndarray of float64
        A fresh, read-only array.

    Raises
    ------
    InstanceError
        Names the first place that is not as expected, the value, and what was expected.
    """
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        _explain(value, path, shape, per)
        raise InstanceError(f"{path}: expected numbers of shape {_show(shape)}") from None
    if array.dtype == object or array.ndim != len(shape) or not _fits(array.shape, shape) or _foreign(value):
        _explain(value, path, shape, per)
        raise InstanceError(f"{path}: shape {list(array.shape)}, expected {_show(shape)}")
    bad = _first_bad(array)
    if bad is not None:
        _explain(value, path, shape, per)  # None became NaN
        where = "".join(f"[{i}]" for i in bad)
        raise InstanceError(f"{path}{where}: {array[bad]:g}, expected a finite number of size at most {LARGEST:g}")
    array.flags.writeable = False
    return array


def _first_bad(array: Floats) -> tuple[int, ...] | None:
    """Return where the first number is that is not finite or too large, in pieces that an alarm can come between."""
    flat = array.reshape(-1)
    for at in range(0, flat.size, PIECE):
        bad = ~(np.abs(flat[at : at + PIECE]) <= LARGEST)
        if bad.any():
            return tuple(int(i) for i in np.unravel_index(at + int(bad.argmax()), array.shape))
    return None


def number(value: Any, path: str, low: float = -LARGEST, high: float = LARGEST) -> float:
    """Read one finite number in [low, high], or raise `InstanceError`."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InstanceError(f"{path}: {str(value)[:40]!r}, expected a number")
    if not low <= value <= high:
        raise InstanceError(f"{path}: {str(value)[:20]}, expected a number between {low:g} and {high:g}")
    return float(value)


def whole(value: Any, path: str, shape: Sequence[int | None], per: Sequence[str] = (), low: int = 0) -> Ints:
    """Read an array of whole numbers >= `low`; errors as in `numbers`."""
    array = numbers(value, path, shape, per)
    bad = (array != np.round(array)) | (array < low) | (array > 2**53)
    if bad.any():
        where = "".join(f"[{i}]" for i in np.argwhere(bad)[0])
        wanted = f"of at least {low}" if array[bad][0] <= 2**53 else "of at most 2^53"
        raise InstanceError(f"{path}{where}: {array[bad][0]:g}, expected a whole number {wanted}")
    result = array.astype(np.int64)
    result.flags.writeable = False
    return result


def is_list(value: Any) -> bool:
    """Whether a value has entries: a list, a tuple or an array, but not an array that holds a single number."""
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def listed(value: Any, path: str, of: str) -> Any:
    """Return a list, tuple or array as it is, or raise `InstanceError` that expects a list `of` something."""
    if not is_list(value):
        raise InstanceError(f"{path}: {' '.join(repr(value).split())[:40]}, expected a list of {of}")
    return value


def _foreign(value: Any) -> bool:
    """Whether `value` holds a truth value or a text where a number should stand (numpy would convert them)."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "iufO"
    if isinstance(value, (list, tuple)):
        return any(_foreign(item) for item in value)
    return isinstance(value, (bool, str, bytes))


def _fits(found: Sequence[int], expected: Sequence[int | None]) -> bool:
    return all(size == want if want is not None else size > 0 for size, want in zip(found, expected, strict=True))


def _show(shape: Sequence[int | None]) -> str:
    return "a number" if not shape else "[" + "][".join("any" if size is None else str(size) for size in shape) + "]"


def _explain(value: Any, path: str, shape: Sequence[int | None], per: Sequence[str]) -> None:
    """Raise for the first entry of a nested list that is not as expected."""
    if not shape:
        if not isinstance(value, float):  # a float's size is judged with the whole array
            number(value, path)
        return
    if not is_list(value):
        raise InstanceError(f"{path}: {str(value)[:40]!r}, expected a list of numbers")
    unit = f" (one {'an' if per[0][0] in 'aeiou' else 'a'} {per[0]})" if per and per[0] else ""
    noun = "numbers" if len(shape) == 1 else "rows"
    if shape[0] is None and len(value) == 0:
        raise InstanceError(f"{path}: empty, expected at least 1 of the {noun}{unit}")
    if shape[0] is not None and len(value) != shape[0]:
        raise InstanceError(f"{path}: {len(value)} {noun}, expected {shape[0]}{unit}")
    free = list(shape[1:])
    for i, item in enumerate(value):
        _explain(item, f"{path}[{i}]", free, per[1:])
        if free and free[0] is None:
            free[0] = len(item)
