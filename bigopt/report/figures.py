"""The pictures of a report, as SVG for the page and as PNG and SVG files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bigopt.compare.rows import contender_of
from bigopt.report.measures import Measures, answer_seconds, checks_of, regret_of

INK = "#101418"  # stands for the reader's own text colour in the page's SVG
COLOURS = ("#2f86d6", "#dd7a1f", "#27a06a", "#c9538c", "#8468d0", "#1d9fae", "#a5793f", "#7d8590", "#b8a000", "#5c9e2f")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
MARKERS = "osD^vPX<>*"
SIZE = (5.2, 3.2)  # inches, without the legend: at a phone's width the letters stay readable
DECADE = 10.0  # less of a logarithmic axis has numbers that cover each other
LINE = 0.22  # inches a line of the legend
FLOOR = 1e-17  # where a regret of exactly 0 is drawn
STYLE = {
    "svg.fonttype": "none",
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    **{name: INK for name in ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")},
}


@dataclass(frozen=True)
class Picture:
    """A picture: its title, what it says to who cannot see it, its SVG for the page, its files."""

    name: str
    title: str
    caption: str
    svg: str
    files: tuple[Path, ...]


def draw(measures: Measures, folder: Path) -> list[Picture]:
    """Draw every picture that the rows allow."""
    looks = {
        contender: (COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)], MARKERS[i % len(MARKERS)])
        for i, contender in enumerate(measures.contenders)
    }
    found = [_profile(measures, folder, looks, "all problems", measures.problems, "profile")]
    for name, problems in measures.groups.items():
        if len(measures.groups) > 1 and len(problems) >= 4 and len(measures.profiles(problems)) > 1:
            file = "profile-" + re.sub(r"[^a-z0-9]+", "-", name.lower())
            found.append(_profile(measures, folder, looks, name, problems, file))
    found.append(_regret(measures, folder, looks))
    found += _scaling(measures, folder, looks)
    return [picture for picture in found if picture is not None]


def _profile(measures: Measures, folder: Path, looks: Any, what: str, problems: Any, name: str) -> Picture | None:
    profiles = measures.profiles(problems)
    count = len(measures.solvable(problems))
    if not count:
        return None
    furthest = max([r for profile in profiles.values() for r in profile.ratios], default=1.0)
    end = max(1.3 * furthest, DECADE)

    def paint(axes: Any) -> None:
        for contender, profile in profiles.items():
            colour, dash, _ = looks[contender]
            ratios, shares = profile.ratios, profile.shares
            part = "" if profile.taken == count else f" (of {profile.taken})"
            x = [1.0, *ratios, end]
            y = [0.0, *shares, shares[-1] if shares else 0.0]
            axes.step(x, y, where="post", color=colour, linestyle=dash, linewidth=2, label=contender + part)
        axes.set(xscale="log", xlim=(0.97, end), ylim=(-0.02, 1.03))
        axes.set_xlabel("time / the best contender's time")
        axes.set_ylabel("share of the problems it takes")

    caption = (
        f"Performance profiles on the {count} that somebody solved, of {len(problems)}: how many of the problems "
        "that it takes a contender solves (certified) within a factor of the fastest. Higher is better; the right end "
        "is how many it solves. Problems that it cannot take don't count: (of n) says how many are left."
    )
    return _picture(folder, name, f"Performance profile: {what}", caption, paint)


def _regret(measures: Measures, folder: Path, looks: Any) -> Picture | None:
    points: dict[str, list[tuple[float, float]]] = {}
    for row in measures.rows:
        seconds, regret = answer_seconds(row), regret_of(row)
        if seconds is not None and regret is not None:
            points.setdefault(contender_of(row), []).append((max(seconds, 1e-6), max(regret, FLOOR)))
    if not points:
        return None
    limits = [c["limit"] for row in measures.rows for c in checks_of(row) if "regret" in c["name"]]

    def paint(axes: Any) -> None:
        for contender, pairs in points.items():
            colour, _, marker = looks[contender]
            x, y = zip(*pairs, strict=True)
            axes.scatter(x, y, s=26, color=colour, marker=marker, alpha=0.75, linewidths=0, label=contender)
        if limits:
            axes.axhline(max(limits), color=INK, linewidth=1, linestyle=(0, (4, 3)))
            axes.annotate("limit", (1, max(limits)), xycoords=("axes fraction", "data"), ha="right", va="bottom")
        axes.set(xscale="log", yscale="log")
        axes.set_xlabel("seconds to build and solve")
        axes.set_ylabel("largest regret / payoff range")

    caption = (
        "Every answer by its time and by the regret that its certificate measures. Above the dashed line nobody has an "
        f"equilibrium, whatever the solver says; a regret of exactly 0 stands at {FLOOR:g}."
    )
    return _picture(folder, "regret", "Time against regret", caption, paint)


def _scaling(measures: Measures, folder: Path, looks: Any) -> list[Picture | None]:
    """Draw a picture for each family with at least three sizes."""
    families: dict[tuple[str, str], dict[str, list[tuple[int, float, bool]]]] = {}
    for (problem, contender), result in measures.results.items():
        if result.ran:
            where = (str(result.row["family"]), problem.concept)
            point = (int(result.row["numbers"]), max(result.seconds, 1e-5), result.solved)
            families.setdefault(where, {}).setdefault(contender, []).append(point)
    found: list[Picture | None] = []
    for (family, concept), lines in sorted(families.items()):
        sizes = {size for points in lines.values() for size, _, _ in points}
        if len(sizes) >= 3 and max(sizes) >= 10 * max(1, min(sizes)):
            name = "scaling-" + re.sub(r"[^a-z0-9]+", "-", f"{family}-{concept}".lower())
            found.append(
                _picture(folder, name, f"Scaling: {family}, {concept}", SCALING, _scaling_painter(lines, looks))
            )
    return found


SCALING = (
    "Seconds to build and solve against the size of the instance. Hollow marks at the limit are runs without a "
    "certified answer."
)


def _scaling_painter(lines: dict[str, list[tuple[int, float, bool]]], looks: Any) -> Callable[[Any], None]:
    def paint(axes: Any) -> None:
        for contender, points in lines.items():
            colour, dash, marker = looks[contender]
            solved = sorted((size, seconds) for size, seconds, good in points if good)
            failed = sorted((size, seconds) for size, seconds, good in points if not good)
            x, y = zip(*solved, strict=True) if solved else ((), ())
            axes.plot(x, y, color=colour, linestyle=dash, marker=marker, markersize=5, linewidth=1.8, label=contender)
            if failed:
                axes.scatter(*zip(*failed, strict=True), s=34, facecolors="none", edgecolors=colour, marker=marker)
        axes.set(xscale="log", yscale="log")
        axes.set_xlabel("numbers in the instance")
        axes.set_ylabel("seconds")

    return paint


def _picture(folder: Path, name: str, title: str, caption: str, paint: Callable[[Any], None]) -> Picture:
    """Paint once, save as PNG, SVG and SVG for the page."""
    with matplotlib.rc_context(STYLE | {"svg.hashsalt": name}):
        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.grid(color="#8a8f98", alpha=0.28, linewidth=0.7)
        paint(axes)
        names = figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9.5, handlelength=2.6)
        lines = (len(names.get_texts()) + 1) // 2
        figure.set_size_inches(SIZE[0], SIZE[1] + LINE * lines)
        files = (folder / f"{name}.png", folder / f"{name}.svg")
        figure.savefig(files[0], dpi=160, facecolor="white")
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(files[1], facecolor="white", metadata=nothing)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata=nothing)
    return Picture(name, title, caption, _inline(text.getvalue(), title), files)


def _inline(svg: str, title: str) -> str:
    """Return SVG for the page: no prolog, no references, no fixed size, the reader's text colour."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r'^<svg([^>]*?)\swidth="[^"]*"', r"<svg\1", svg, count=1)
    svg = re.sub(r'^<svg([^>]*?)\sheight="[^"]*"', r"<svg\1", svg, count=1)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    label = re.sub(r"[<>&\"]", " ", title)
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1).replace(INK, "currentColor").strip()
