"""The gallery: every figure that was drawn, with its data and its command, on one page that opens offline."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bigopt.concepts.concept import silent
from bigopt.display.page import document
from bigopt.files.writing import write_text
from bigopt.version import VERSION

PAGE = "index.html"
PAPERS = {
    "big": "Wu et al., The Battling Influencers Game",
    "truthful": "The same game, asked instead of observed",
    "mechanism": "Sun et al., Mechanism Design for LLM Fine-tuning with Multiple Reward Models",
    "emergent": "Collina et al., Emergent Alignment via Competition",
}


@dataclass(frozen=True)
class Drawn:
    """A figure, what it shows in one line, the command that draws it, the files, and the seconds that it took."""

    name: str
    shows: str
    command: str
    files: tuple[Path, ...]
    seconds: float


def shows(module: str) -> str:
    """Return the first line of a figure's module, without its full stop."""
    return (inspect.getdoc(importlib.import_module(module)) or "").splitlines()[0].rstrip(".")


def within(progress: Callable[..., None], done: int, total: int, name: str) -> Callable[..., None]:
    """Return the progress of one figure as a part of the progress of all."""
    if progress is silent:
        return silent

    def told(message: str, share: float | None = None) -> None:
        progress(f"{done + 1} of {total}: {name}: {message}", (done + (share or 0.0)) / total)

    told("drawing")
    return told


def write_page(figures: Sequence[Drawn], folder: Path) -> Path:
    """Write the page into the folder of the figures."""
    parts = [_paper(word, [each for each in figures if each.name.startswith(word)]) for word in PAPERS]
    body = BODY.format(count=len(figures), version=escape(VERSION), parts="\n".join(filter(None, parts)))
    write_text(folder / PAGE, document("bigopt: the papers' figures", STYLE, body))
    return folder / PAGE


def _paper(word: str, figures: Sequence[Drawn]) -> str:
    if not figures:
        return ""
    return f'<h2>{escape(PAPERS[word])}</h2>\n<div class="all">{"".join(map(_figure, figures))}</div>'


def _figure(figure: Drawn) -> str:
    pictures = [path.name for path in figure.files if path.suffix == ".png"]
    data = [path.name for path in figure.files if path.suffix == ".csv"]
    images = "".join(
        f'<a href="{escape(name)}"><img loading="lazy" src="{escape(name)}" alt="{escape(figure.shows)}"></a>'
        for name in pictures
    )
    links = ", ".join(f'<a href="{escape(name)}">{escape(name)}</a>' for name in data)
    title = f"<b>{escape(figure.name)}</b> {escape(figure.shows)}"
    return (
        f'<figure id="{escape(figure.name)}">{images}<figcaption>{title}<br>'
        f"Data: {links}<br><code>{escape(figure.command)}</code>, {figure.seconds:.1f} s</figcaption></figure>"
    )


STYLE = """body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 3rem; }
.all { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
figure { border: 1px solid #8884; border-radius: 6px; margin: 0; overflow: hidden; }
img { background: #fff; display: block; width: 100%; }
figcaption { font-size: 0.875rem; overflow-wrap: anywhere; padding: 0.6rem 0.8rem; }
h2 { margin-top: 2.25rem; }
"""
BODY = """<h1>The papers' figures, drawn again</h1>
<p>{count} figures by bigopt {version}, each solved from its instance, with the numbers that it shows.</p>
{parts}
"""
