"""Figure 4 of Emergent Alignment: multiple-choice opinions of humans and nine models. The panels are made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bigopt.concepts import silent
from bigopt.games.hull import UtilityTable
from bigopt.games.hull.generate import opinions
from bigopt.reproduce import hulls

MODELS, HUMANS, QUESTIONS = 9, 10, 60  # the paper has 50 humans a panel: the bands are wider with 10


def draw(folder: Path, progress: Callable[..., None] = silent, data: UtilityTable | None = None) -> list[Path]:
    """Draw the figure (of `data`, where a table is given) and its CSV; bands are one standard error over humans."""
    panels = [] if data is None else [(data.name, hulls.sweep(data.name, data, progress))]
    for seed in range(4 if data is None else 0):
        title = f"panel {seed + 1} (made up)"
        game = opinions(questions=QUESTIONS, bobs=MODELS, humans=HUMANS, seed=seed)
        panels.append((title, hulls.sweep(title, game, progress)))
    return hulls.draw("emergent-figure-4", folder, panels, band="se" if data is None or data.alice.ndim == 2 else "sd")
