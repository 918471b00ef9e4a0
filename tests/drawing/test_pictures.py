"""Every concept's picture shows its own answer, where the caller wants it, and in a paper's width."""

from __future__ import annotations

import io
import itertools
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import bigopt
from bigopt.drawing.paper import WIDTHS, for_paper
from bigopt.drawing.picture import Picture
from bigopt.drawing.projection import view_of
from bigopt.errors import UsageError
from bigopt.games import kinds
from bigopt.games.influencers.generate import influencers
from bigopt.games.market import Market
from bigopt.report.sweep import paint
from tests.drawing.crowding import faults

EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "conversation": ("conversation/fully-disclosive", {"deviation": {"player": 0}}),
    "hull": ("hull/table-2", {}),
    "influencers": ("big/example-1-opposed", {"best-response": {"player": 0, "profile": [[1.0], [5.0]]}}),
    "market": ("market/movielens", {}),
    "mechanism": ("mechanism/three-answers", {}),
    "persuasion": ("persuasion/courtroom", {}),
    "preferences": ("preferences/plane", {}),
    "subsets": ("subsets/news-feed-2d-easy", {"best-response": {"player": 0, "profile": [[0, 1], [0, 1], [0, 1]]}}),
}


def drawn(figure: Figure) -> Any:
    """Return what a picture holds: texts, lines, bars, images, scattered points."""
    parts: list[Any] = []
    axes: Any
    for axes in figure.findobj(lambda artist: hasattr(artist, "get_lines") and hasattr(artist, "patches")):
        parts += [text.get_text() for text in axes.texts] + [axes.get_xlabel(), axes.get_title()]
        parts += [np.asarray(line.get_xydata()).round(9).tolist() for line in axes.get_lines()]
        parts += [bar.get_height() for bar in axes.patches if hasattr(bar, "get_height")]
        parts += [np.asarray(image.get_array()).tolist() for image in axes.images]
    return parts


@cache
def solutions(kind: str) -> dict[str, Any]:
    """Return an answer of every concept of the kind's example, and of the game alone."""
    name, asked = EXAMPLES[kind]
    game = bigopt.load(name)
    found: dict[str, Any] = {"": None}
    for concept in kinds.kind_of(game).concepts:
        if concept.refuses(game) is None and (not concept.needs or concept.name in asked) and concept.name != "mixed":
            found[concept.name] = bigopt.solve(game, concept.name, **asked.get(concept.name, {}))
    return found


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_no_two_concepts_share_a_picture(kind: str) -> None:
    game = bigopt.load(EXAMPLES[kind][0])
    pictures = {concept: drawn(bigopt.plot(game, None, answer)) for concept, answer in solutions(kind).items()}
    alike = [(a, b) for a, b in itertools.combinations(pictures, 2) if a and pictures[a] == pictures[b]]
    assert not alike and len(pictures) > 2


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_none_is_crowded_in_a_column(kind: str) -> None:
    """The game and every second concept, of which neighbours look alike: laying out takes a third of a second each."""
    game = bigopt.load(EXAMPLES[kind][0])
    answers = list(solutions(kind).items())[::2]
    found = {concept: faults(bigopt.plot(game, None, answer, width="column")) for concept, answer in answers}
    assert {concept: said for concept, said in found.items() if said} == {}


def of_a_market() -> dict[str, Any]:
    scheme = [int(policy) for policy in bigopt.solve("market/movielens", "stable").schemes[0]]
    return {"player": 0, "profile": [scheme] * 6}


def of_a_sender() -> dict[str, Any]:
    return {"bob": "prosecutor", "profile": bigopt.solve("persuasion/courtroom", "joint").schemes}


@pytest.mark.parametrize(
    ("name", "concept", "asked", "width"),
    [
        ("market/movielens", "best-response", of_a_market, "column"),
        ("persuasion/courtroom", "best-response", of_a_sender, "column"),
        ("mechanism/size-pairs", "cycles", dict, "column"),
        ("big/example-3-diamond", "dominant", dict, "column"),
        ("big/simplex-equal-targets", "dynamics", dict, "column"),
        ("big/example-2-infinite", "ne-set", dict, "column"),
        ("preferences/section-6-2", "equilibrium", dict, "column"),
        # of a text's width: those of several panels, or with a bar of colours; the others have more room than above
        ("big/example-2-infinite", "nash", dict, "text"),
        ("market/movielens", "misalignment", dict, "text"),
        ("persuasion/courtroom", "joint", dict, "text"),
        ("subsets/news-feed-2d-easy", "extremes", dict, "text"),
    ],
)
def test_no_other_picture_is_crowded(name: str, concept: str, asked: Any, width: str) -> None:
    assert faults(bigopt.solve(name, concept, **asked()).plot(width=width)) == []


def test_a_crowded_picture_is_found_out() -> None:
    """Letters that are cut, that meet, and axes with no room, each drawn on purpose."""
    figure: Any = Picture(figsize=(3.0, 3.0))
    axes = figure.add_axes((0.1, 0.1, 0.3, 0.3))
    axes.set(xticks=[], yticks=[])
    axes.text(0.5, 0.5, "one")
    assert faults(figure) == ["axes have 9 % of the figure"]
    axes.text(0.5, 0.55, "another", rotation=30.0, rotation_mode="anchor")
    axes.set_title("a title that is far too long for its figure", fontsize=4.0)
    axes.text(2.9, 2.0, "beyond the edge")
    assert faults(figure)[:3] == [
        "cut: 'beyond the edge'",
        "meet: 'one' and 'another'",
        "4.0 points: 'a title that is far too long for its figure'",
    ]


@pytest.mark.parametrize("width", ["column", "text"])
def test_a_sweep_of_long_paths_is_not_crowded(width: str) -> None:
    grid = itertools.product((0.0, 1.0), (1.0, 2.0, 3.0))
    rows: list[Any] = [{"targets[0][0]": x, "weights[1]": y, "solved": True, "receiver": [x * y]} for x, y in grid]
    with for_paper(width):
        figure = paint(rows, ["targets[0][0]", "weights[1]"], "receiver[0]")
        figure.fit_width(WIDTHS[width])
    assert faults(figure) == []


def test_one_panel_goes_into_axes_that_are_given() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2).tolist()
    assert bigopt.solve(bigopt.load("market/movielens"), "stable").plot(ax=left) is figure
    assert left.get_lines() and not right.get_lines()
    assert bigopt.load("mechanism/three-answers").plot(ax=right) is figure and right.patches


def test_two_panels_want_a_figure_and_take_a_subfigure() -> None:
    solution = bigopt.solve(bigopt.load("market/movielens"), "alignment")
    with pytest.raises(UsageError, match="2 panels, ax holds one"):
        solution.plot(ax=Figure().subplots())
    whole = Figure(layout="constrained")
    part: Any = whole.subfigures(1, 2)[1]  # type: ignore[index]
    assert solution.plot(ax=part) is whole and len(part.axes) == 2


@pytest.mark.parametrize(("width", "inches"), [("column", 3.4), ("text", 6.9)])
def test_a_papers_width_is_kept_in_the_file(width: str, inches: float, tmp_path: Any) -> None:
    path = tmp_path / "picture.svg"
    figure = bigopt.solve(bigopt.load("persuasion/courtroom")).plot(path, width=width)
    assert figure.get_size_inches()[0] == pytest.approx(inches)
    assert f'width="{72 * inches:g}pt"' in path.read_text()


@pytest.mark.parametrize("name", ["hull/table-1", "market/movielens"])
def test_panels_are_stacked_in_a_column(name: str, tmp_path: Any) -> None:
    solution = bigopt.solve(bigopt.load(name), "alignment" if name.startswith("market") else None)
    figure = solution.plot(tmp_path / "picture.pdf", width="column")  # warnings of a collapsed layout are errors here
    first, second = figure.axes[:2]
    assert first.get_position().y0 > second.get_position().y1 and figure.get_size_inches()[0] == pytest.approx(3.4)


@pytest.mark.parametrize("how", [{"figsize": (9, 3.6)}, {"figsize": (7, 5)}])
def test_legends_and_titles_do_not_meet_at_any_size(how: dict[str, Any]) -> None:
    figure = bigopt.solve("big/example-2-infinite").plot(**how)
    figure.draw_without_rendering()
    panels: list[Any] = [axes for axes in figure.axes if axes.get_legend() is not None]
    assert len(panels) == 2
    for boxes in (
        [axes.get_legend().get_window_extent() for axes in panels],
        [a.title.get_window_extent() for a in panels],
    ):
        assert not boxes[0].overlaps(boxes[1])
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.parametrize("name", ["conversation/independent-signals", "conversation/duplicates"])
def test_substitutes_that_hold_and_that_do_not_are_drawn(name: str) -> None:
    solution = bigopt.solve(name, "substitutes")
    axes: Any = solution.plot(width="column").axes[0]
    assert [bar.get_height() for bar in axes.patches] == [solution.left or 0.0, solution.right or 0.0]


def test_a_picture_is_laid_out_again_at_another_size_and_pickled() -> None:
    figure: Any = bigopt.load("big/example-2-infinite").plot(figsize=(9, 3.6))
    columns = figure.axes[1].get_legend()._ncols
    texts = len(figure.axes[0].texts)
    figure.set_size_inches(14, 6)
    assert figure.axes[1].get_legend()._ncols > columns and len(figure.axes[0].texts) == texts
    assert pickle.loads(pickle.dumps(figure)).axes


def test_a_file_that_is_cut_to_what_is_drawn_is_not_laid_out_anew() -> None:
    """Cutting changes the figure's size while it is written."""
    figure: Any = bigopt.load("big/example-1-same-side").plot()
    before = figure.axes[1].get_legend()
    figure.savefig(io.BytesIO(), format="svg", bbox_inches="tight")
    assert figure.axes[1].get_legend() is before


def test_what_found_nothing_under_a_limit_is_not_drawn() -> None:
    """All choices are equally good in Example 5.12: more extreme equilibria than are enumerated."""
    with pytest.raises(UsageError, match="no answer to draw .iterationLimit.: raise that limit"):
        bigopt.plot("subsets/example-5-12", solution=bigopt.solve("subsets/example-5-12", "mixed"))


def test_sizes_that_contradict_each_other_are_refused() -> None:
    game = bigopt.load("big/example-1-opposed")
    with pytest.raises(UsageError, match="one of figsize, ax and width"):
        bigopt.plot(game, figsize=(3.0, 3.0), width="column")
    with pytest.raises(UsageError, match="width 'page', expected one of column, text"):
        game.plot(width="page")
    assert game.plot(width="column").get_figwidth() == WIDTHS["column"]


def test_more_than_eight_bobs_are_drawn_and_told_apart() -> None:
    bobs = np.random.default_rng(0).integers(0, 9, (11, 3, 3)).tolist()
    axes: Any = Market([[1, 2, 3]] * 3, bobs).plot().axes[0]
    looks = {
        (line.get_color(), line.get_linestyle()) for line in axes.get_lines() if str(line.get_label())[:3] == "Bob"
    }
    assert len(looks) == 11


def test_names_that_are_cut_stay_apart() -> None:
    names = [f"a rather long name of Bob number {j}" for j in range(12)]
    bobs = dict(zip(names, np.random.default_rng(0).integers(0, 9, (12, 3, 3)).tolist(), strict=True))
    figure = bigopt.solve(Market([[1, 2, 3]] * 3, bobs), "alignment").plot(width="column")
    ticks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len(set(ticks)) == 12 and ticks[11] == "a rather lo\N{HORIZONTAL ELLIPSIS}ob number 11"
    assert faults(figure) == []


def test_the_prior_is_named_by_its_own_value() -> None:
    """In Kamenica and Gentzkow's courtroom seven of ten are innocent, and the prosecutor wins .6."""
    axes: Any = bigopt.solve(bigopt.load("persuasion/kamenica-gentzkow")).plot().axes[0]
    legend = axes.get_legend()
    assert legend is not None
    assert "best value 0.6 at the prior 0.7" in [text.get_text() for text in legend.get_texts()]
    star = next(line for line in axes.get_lines() if line.get_marker() == "*")
    assert np.allclose(np.asarray(star.get_xydata(), dtype=float), [[0.7, 0.6]])


def test_a_panel_a_sender() -> None:
    figure = bigopt.solve(bigopt.load("persuasion/courtroom"), "oblivious").plot()
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ["prosecutor", "defence"]


def test_the_background_is_x_0_and_players_are_numbered() -> None:
    axes: Any = bigopt.solve(bigopt.load("big/example-1-background")).plot().axes[0]
    label = next(text.get_text() for text in axes.get_legend().get_texts() if "background" in text.get_text())
    assert label == "background $x_0$, $w_0$ = 1"
    plane = bigopt.solve(bigopt.load("big/example-2-unique")).plot().axes[0]
    assert {text.get_text() for text in plane.texts if text.get_text()} <= {"0", "1", "0, 1"}


def test_three_shares_are_a_triangle() -> None:
    axes: Any = bigopt.solve(bigopt.load("big/simplex-equal-targets")).plot().axes[0]
    corners = np.unique(np.asarray(axes.patches[0].get_path().vertices).round(9), axis=0)
    sides = [np.linalg.norm(a - b) for a, b in itertools.combinations(corners, 2)]
    assert len(corners) == 3 and np.allclose(sides, np.sqrt(2))
    assert {"only coordinate 0", "only coordinate 1", "only coordinate 2"} <= {t.get_text() for t in axes.texts}


def test_more_coordinates_are_projected_and_the_axes_say_how() -> None:
    game = influencers(players=3, dimension=4)
    axes: Any = bigopt.solve(game).plot().axes[0]
    assert axes.get_xlabel().startswith("principal direction 0 (") and "% of the spread" in axes.get_ylabel()


def test_the_principal_plane_keeps_points_that_lie_in_a_plane() -> None:
    rng = np.random.default_rng(3)
    frame = np.linalg.qr(rng.normal(size=(5, 2)))[0].T
    points = rng.normal(size=(20, 2)) @ frame + 7.0
    seen = view_of(points)(points)
    apart = [np.linalg.norm(p[0] - p[1]) for p in itertools.combinations(points, 2)]
    assert np.allclose(apart, [np.linalg.norm(p[0] - p[1]) for p in itertools.combinations(seen, 2)])


def test_a_line_of_items_for_one_coordinate() -> None:
    axes: Any = bigopt.solve(bigopt.load("subsets/example-5-12")).plot().axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["items", "player 0", "player 1"]
