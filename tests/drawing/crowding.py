"""What is wrong with a picture to the eye: letters that are cut, that meet, that nobody can read; axes with no room.

Texts are measured as they are drawn, turned ones as turned rectangles. Nothing here knows how pictures are laid out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

SMALLEST = 5.5  # points
SHARE = 0.2  # of the figure's area, that axes have together
SLACK = 1.0  # pixels


def faults(figure: Any) -> list[str]:
    """Return all that is wrong with a figure as it is drawn."""
    figure.draw_without_rendering()
    drawn = [(text, corners(text)) for text in texts(figure)]
    whole = np.array([[0.0, 0.0], [figure.bbox.width, figure.bbox.height]])
    found = [
        f"cut: {text.get_text()!r}"
        for text, box in drawn
        if (box.min(axis=0) < whole[0] - SLACK).any() or (box.max(axis=0) > whole[1] + SLACK).any()
    ]
    for (one, box), (other, another) in itertools.combinations(drawn, 2):
        if meet(box, another):
            found.append(f"meet: {one.get_text()!r} and {other.get_text()!r}")
    found += [
        f"{t.get_fontsize():.1f} points: {t.get_text()!r}" for t, _ in drawn if float(t.get_fontsize()) < SMALLEST
    ]
    boxes = [axes.get_window_extent() for axes in figure.axes if axes.get_label() != "<colorbar>"]
    share = sum(box.width * box.height for box in boxes) / whole[1].prod()
    return found if share >= SHARE else [*found, f"axes have {100 * share:.0f} % of the figure"]


def texts(artist: Any) -> Iterator[Text]:
    """Yield the texts that are seen."""
    if not artist.get_visible():
        return
    if isinstance(artist, Text):
        yield from [artist] if artist.get_text().strip() else []
    elif isinstance(artist, Axis):
        ticks = artist._update_ticks()  # type: ignore[attr-defined]  # those within the limits
        labels = [label for tick in ticks for label in (tick.label1, tick.label2)]
        for label in (*labels, artist.label, artist.offsetText):
            yield from texts(label)
    else:
        hidden = Axis if isinstance(artist, Axes) and not artist.axison else ()
        for child in artist.get_children():
            if not isinstance(child, hidden):
                yield from texts(child)


def corners(text: Text) -> Any:
    """Return the corners [4][2] of a text in pixels, in order around it."""
    angle = text.get_rotation()
    turned = angle % 90 != 0
    assert not turned or text.get_rotation_mode() == "anchor"
    text.set_rotation(0.0 if turned else angle)
    box = Text.get_window_extent(text)  # of an annotation without its arrow
    text.set_rotation(angle)
    flat = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]])
    if not turned:
        return flat
    x, y = text.get_transform().transform(text.get_unitless_position()).tolist()
    return Affine2D().rotate_deg_around(x, y, angle).transform(flat)


def meet(one: Any, other: Any) -> bool:
    """Whether two rectangles [4][2] share more than a pixel's width: no line along a side of either separates them."""
    for box in (one, other):
        for side in (box[1] - box[0], box[3] - box[0]):
            away = side / max(float(np.linalg.norm(side)), 1e-9)
            a, b = one @ away, other @ away
            if a.max() <= b.min() + SLACK or b.max() <= a.min() + SLACK:
                return False
    return True
