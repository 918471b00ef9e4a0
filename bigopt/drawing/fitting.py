"""Lines of letters in the room that they have: broken between words, and smaller only where one word is too long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from weakref import WeakKeyDictionary

from matplotlib.text import Text

SMALLEST = 5.0  # points
WORD = re.compile(r"(?:\$[^$]*\$|\S)+")  # a formula is one
_sizes: WeakKeyDictionary[Text, float] = WeakKeyDictionary()  # as they were written


def fit(text: Text, free: float) -> None:
    """Break a line into as few as have room in `free` pixels, about equally long; call it again for other room."""
    words = WORD.findall(text.get_text())
    text.set_fontsize(_sizes.setdefault(text, float(text.get_fontsize())))
    if not words:
        return
    whole, lengths = _length(text, " ".join(words)), [_length(text, word) for word in words]
    space = (whole - sum(lengths)) / max(len(words) - 1, 1)
    text.set_text("\n".join(map(" ".join, balanced(words, lengths, space, free))))
    if max(lengths) > free:
        text.set_fontsize(max(SMALLEST, float(text.get_fontsize()) * free / max(lengths)))


def balanced(words: Sequence[str], lengths: Sequence[float], space: float, free: float) -> list[list[str]]:
    """Return words in lines: as few as `free` allows, the longest as short as their number allows."""
    fewest = _lines(words, lengths, space, free)
    ends = combinations(range(len(words) + 1), 2)
    for most in sorted(sum(lengths[i:j]) + space * (j - i - 1) for i, j in ends):
        if len(found := _lines(words, lengths, space, 1.0001 * most)) <= len(fewest):
            return found
    return fewest


def _lines(words: Sequence[str], lengths: Sequence[float], space: float, most: float) -> list[list[str]]:
    """Fill one line after the other."""
    lines: list[list[str]] = []
    used = 0.0
    for word, length in zip(words, lengths, strict=True):
        if not lines or used + space + length > most:
            lines.append([])
            used = -space
        lines[-1].append(word)
        used += space + length
    return lines


def _length(text: Text, line: str) -> float:
    """Return how many pixels long a line is, along the way it is written."""
    text.set_text(line)
    box = text.get_window_extent()
    return float(box.width if text.get_rotation() % 180 == 0 else box.height)
