"""Names beside the markers of a plane, where they cover neither each other nor the markers nor the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = 1.2  # of the letters, in those around
WIDE, HIGH = 0.32, 0.75  # half a letter and half a line, in their size
MARKER = 10.0  # across a marker
LINE = 3.0  # across a line, with some air
DOTS = 150  # of a line
TURNS = np.radians([0, 30, -30, 60, -60, 90, -90, 120, -120, 150, -150, 180])
STEPS = (17.0, 27.0, 40.0, 55.0)  # from the marker to the middle of its name


class Name:
    """The name of one place: all that stands there."""

    def __init__(self, at: Floats, away: Floats, shade: str, text: str, size: float) -> None:
        """Name the place `at` in letters of `size` points; the name should stand in the direction `away` of it."""
        self.at, self.shade, self.parts, self.size = at, shade, [text], size
        length = float(np.linalg.norm(away))
        self.angle = float(np.arctan2(away[1], away[0])) if length > 0 else np.pi / 4

    @property
    def half(self) -> Floats:
        """Half the width and height of the text."""
        return self.size * np.array([WIDE * len(self.text) + 0.17, HIGH])

    @property
    def text(self) -> str:
        """The parts in a list."""
        return ", ".join(self.parts)


def draw_names(
    axes: Axes,
    places: list[tuple[Floats, Floats, str, str]],
    others: Floats,
    lines: list[Floats],
    near: float,
    size: float = SIZE,
) -> None:
    """Name places (point, direction, colour, name); those within `near` of each other share a label.

    Call it when everything else stands: labels are laid out on the paper. `others` are markers without names, `lines`
    what else is better not covered, each by its points; `size` is of the letters, in those around.
    """
    from matplotlib import rcParams  # slow to import, and only pictures need it

    from bigopt.drawing.picture import NAMES, lay_out

    points = size * float(rcParams["font.size"])
    names: list[Name] = []
    for at, away, shade, text in places:
        known = next((name for name in names if np.linalg.norm(name.at - at) <= near), None)
        if known is None:
            names.append(Name(at, away, shade, text, points))
        else:
            known.parts += [text] if text not in known.parts else []
    written: list[Any] = []

    def place() -> None:
        while written:
            written.pop().remove()
        written.extend(_placed(axes, names, others, lines))

    lay_out(axes.get_figure(root=True), place, NAMES)


def _placed(axes: Axes, names: list[Name], others: Floats, lines: list[Floats]) -> list[Any]:
    """Write every name where it covers least; return what was written."""
    from matplotlib.text import Text

    unit = 72.0 / axes.figure.dpi
    frame = unit * np.array([axes.bbox.min, axes.bbox.max])
    spots = unit * axes.transData.transform(np.vstack([[name.at for name in names], others]))
    dots = unit * axes.transData.transform(np.vstack([np.empty((0, 2)), *map(_dots, lines)]))
    taken = [(spot, np.full(2, MARKER / 2)) for spot in spots] + [(dot, np.full(2, LINE / 2)) for dot in dots]
    for box in (unit * np.asarray(Text.get_window_extent(text).get_points()) for text in axes.texts if text.get_text()):
        taken.append((box.mean(axis=0), 0.5 * np.ptp(box, axis=0)))
    written = []
    for name, spot in zip(names, spots[: len(names)], strict=True):
        offset = _offset(name, spot, taken, frame)
        taken.append((spot + offset, name.half))
        written.append(_write(axes, name, offset))
    return written


def _dots(line: Floats) -> Floats:
    """Return points that stand densely on a line through `line` [k][2]."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0.0, lengths[-1], DOTS)
    return np.stack([np.interp(at, lengths, line[:, k]) for k in range(2)], axis=1)


def _offset(name: Name, spot: Floats, taken: list[tuple[Floats, Floats]], frame: Floats) -> Floats:
    """Return the first place around a marker where the name covers nothing, or else covers least."""
    best, least = np.zeros(2), np.inf
    for step in STEPS:
        for turn in TURNS:
            way = np.array([np.cos(name.angle + turn), np.sin(name.angle + turn)])
            offset = way * (step + np.array([max(name.half[0] - 10.0, 0.0), 0.0]))
            cost = _covered(spot + offset, name.half, taken, frame)
            if cost < least:
                best, least = offset, cost
            if cost == 0:
                return best
    return best


def _covered(middle: Floats, half: Floats, taken: list[tuple[Floats, Floats]], frame: Floats) -> float:
    """Return the area that a label shares with what stands already, or has outside the frame."""
    centers, halves = np.array([t[0] for t in taken]), np.array([t[1] for t in taken])
    shared = np.clip(half + halves - np.abs(middle - centers), 0.0, 2.0 * np.minimum(half, halves))
    inside = np.clip(np.minimum(middle + half, frame[1]) - np.maximum(middle - half, frame[0]), 0.0, None)
    outside = 4.0 * float(half.prod()) - float(inside.prod())
    return float(shared.prod(axis=1).sum()) + (outside if outside > 1e-6 else 0.0)


def _write(axes: Axes, name: Name, offset: Floats) -> Any:
    """Write a name and return it, with a line to its marker where it is not beside it."""
    place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": name.size, "color": name.shade, "zorder": 7}
    if float(np.linalg.norm(offset / np.array([max(name.half[0] / 10.0, 1.0), 1.0]))) > STEPS[1] - 1.0:
        place["arrowprops"] = {"arrowstyle": "-", "color": name.shade, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 4}
    return axes.annotate(name.text, tuple(name.at), xytext=tuple(offset), textcoords="offset points", **place)
