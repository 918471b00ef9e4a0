"""The page of all figures: each with its picture, its data and its command."""

from __future__ import annotations

import html.parser
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bigopt
from bigopt import reproduce
from bigopt.reproduce import draw_all, gallery


class Links(html.parser.HTMLParser):
    """What a page links to and shows."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag points to."""
        self.found += [value for key, value in attrs if key in ("href", "src") and value]
        self.open += [] if tag in ("img", "br", "meta") else [tag]

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in turn."""
        assert self.open.pop() == tag


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Two figures that cost nothing: one takes a seed."""

    def draw(folder: Path, progress: Callable[..., None], seed: int = 0) -> list[Path]:
        progress("half", 0.5)
        (folder / "big-figure-5.png").write_bytes(b"png")
        (folder / "big-figure-5.csv").write_text(f"seed\n{seed}\n")
        return [folder / "big-figure-5.png", folder / "big-figure-5.csv"]

    monkeypatch.setattr("bigopt.reproduce.big_figure_5.draw", draw)
    figures = {name: reproduce.FIGURES[name] for name in ("big-figure-1", "big-figure-5")}
    monkeypatch.setattr(reproduce, "FIGURES", figures)
    return figures


def test_the_page_has_every_figure_with_its_data_and_its_command(two: dict[str, str], tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    written = list(draw_all(list(two), tmp_path, lambda message, share: told.append((message, share)), seed=3))
    assert written[-1] == tmp_path / "index.html"
    text = written[-1].read_text()
    page = Links()
    page.feed(text)
    assert not page.open
    assert set(page.found) == {path.name for path in written[:-1]}  # and no link leads anywhere else
    assert "bigopt reproduce big-figure-1<" in text and "bigopt reproduce big-figure-5 --seed 3<" in text
    shares = [share for _, share in told]
    assert shares == sorted(shares) and 0.75 in shares  # half of the second of two
    assert told[-1][0].startswith("2 of 2: big-figure-5")


def test_every_figure_belongs_to_a_paper_and_says_what_it_shows() -> None:
    for name, place in reproduce.FIGURES.items():
        assert sum(name.startswith(word) for word in gallery.PAPERS) == 1
        assert len(gallery.shows(place.partition(":")[0])) > 20


def test_what_a_figure_does_not_take_is_left_out_of_all_and_refused_of_one(two: Any, tmp_path: Path) -> None:
    with pytest.raises(bigopt.UsageError, match="takes no seed"):
        reproduce.draw("big-figure-1", tmp_path, seed=3)


def test_the_sites_gallery_has_every_figure() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    made = runpy.run_path(str(docs / "gallery.py"))
    assert (docs / "gallery.md").read_text(encoding="utf-8") == made["page"](), "run python docs/gallery.py FOLDER"
    assert {path.stem for path in (docs / "gallery").glob("*.png")} == set(reproduce.FIGURES)
