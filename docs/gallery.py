"""Write gallery.md and its small pictures: bigopt reproduce all -o FOLDER, then python docs/gallery.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from bigopt.reproduce import FIGURES
from bigopt.reproduce.gallery import PAPERS, shows

PAGE = Path(__file__).parent / "gallery.md"
SMALL = Path(__file__).parent / "gallery"
WIDTH = 560  # pixels
HEAD = """# Gallery

The figures of the papers, drawn again: each is solved from its instance when it is drawn, and its numbers stand beside
it as CSV. `bigopt reproduce NAME` draws one, `bigopt reproduce all -o figures` all of them, with a page `index.html`
that has every figure, its data, its command and how long it took: 80 seconds of one core in all, two thirds of it for
Figures 1 to 4 of *Emergent Alignment*; `--jobs -1` uses all cores. `--seed` draws what is random anew.

Made by `python docs/gallery.py`; a test says when a figure is missing.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for word, paper in PAPERS.items():
        parts.append(f"## {paper}\n")
        parts += [entry(name, place) for name, place in FIGURES.items() if name.startswith(word)]
    return "\n".join(parts)


def entry(name: str, place: str) -> str:
    """Return one figure: what it shows, its picture, its command."""
    text = shows(place.partition(":")[0])
    return f"**{name}.** {text}.\n\n![{text}](gallery/{name}.png)\n\n`bigopt reproduce {name} -o figures`\n"


def shrink(folder: Path) -> None:
    """Write a small copy of every picture, in few colours."""
    SMALL.mkdir(exist_ok=True)
    for name in FIGURES:
        picture = Image.open(folder / f"{name}.png").convert("RGB")
        picture.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
        picture.quantize(64).save(SMALL / f"{name}.png", optimize=True)


if __name__ == "__main__":
    shrink(Path(sys.argv[1]))
    PAGE.write_text(page(), encoding="utf-8")
