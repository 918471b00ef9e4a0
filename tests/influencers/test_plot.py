"""Pictures show the solution that they were given, and can be read."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

import bigopt
from bigopt.catalog import instance, instances
from bigopt.games.influencers.generate import influencers
from bigopt.games.influencers.plot import draw_actions
from bigopt.games.influencers.plot.marks import LABELLED
from bigopt.games.influencers.plot.plane import name_actions
from bigopt.games.influencers.plot.shown import shown

OPPOSED = "big/example-1-opposed"  # targets 2 and 4 on [0, 6]: the equilibrium is (0, 6)


def load(name: str) -> Any:
    """Return a stored game."""
    return bigopt.load(instance(name))


def drawn(game: Any) -> Axes:
    """Return the axes with the game's own answer."""
    axes = Figure(figsize=(5.6, 4.8), layout="constrained").subplots()
    what = shown(game, None)
    draw_actions(axes, game, what)
    name_actions(axes, game, what)
    return axes


@pytest.mark.parametrize(("start", "first"), [("center", [[3.0], [3.0]]), ("truthful", [[2.0], [4.0]])])
def test_the_path_is_the_solutions_own(start: str, first: list[list[float]]) -> None:
    game = load(OPPOSED)
    solution = bigopt.solve(game, "dynamics", options={"start": start})
    what = shown(game, solution)
    assert what.path is not None
    assert what.path[0].tolist() == first and what.path[-1].tolist() == [[0.0], [6.0]]
    assert len(what.path) == solution.updates + 1
    assert what.path_label.endswith({"center": "the center", "truthful": "the targets"}[start])


def test_a_best_response_is_drawn_as_one_move() -> None:
    # against x_1 = 5 and weights 1/2, player 0 wants 2 * 2 - 5 < 0 and takes 0
    game = load(OPPOSED)
    what = shown(game, bigopt.solve(game, "best-response", player=0, profile=[[1.0], [5.0]]))
    assert what.before is not None and what.before[0].tolist() == [1.0] and np.isnan(what.before[1]).all()
    assert what.actions.tolist() == [[0.0], [5.0]] and what.receiver.tolist() == [2.5]
    assert "Best response of player 0" in what.title and not what.several


def test_the_ranges_of_a_set_are_its_own() -> None:
    # both targets are 2: any (x, 4 - x) is an equilibrium
    game = load("big/example-1-equal-targets")
    what = shown(game, bigopt.solve(game, "ne-set"))
    assert what.ranges == pytest.approx(np.array([[[0.0, 4.0]], [[0.0, 4.0]]]), abs=1e-9)


def test_only_misreports_that_pay_are_drawn() -> None:
    game = load(OPPOSED)
    assert shown(game, bigopt.solve(game, "truthful")).reports is None
    hull = bigopt.Influencers(
        weights=[0.3, 0.2, 0.4],
        targets=[[0.4, -0.1], [0.2, -0.4], [0.9, -0.8]],
        action_set=bigopt.Hull([[1.0, 0.0], [-0.8, -0.6], [0.0, -1.0], [0.7, -0.7]]),
        loss="squared",
    )
    ball = influencers(players=4, dimension=2, action_set="ball", seed=3)
    for game, some in ((hull, False), (ball, True)):
        solution = bigopt.solve(game, "truthful", options={"reports": 40})
        what = shown(game, solution)
        assert what.reports is not None
        pays = ~np.isnan(what.reports).any(axis=1)
        assert pays.tolist() == (solution.gains > 1e-7 * game.loss_ranges()).tolist()
        assert pays.any() == some


def test_a_failed_certificate_is_in_the_title() -> None:
    game = load(OPPOSED)
    assert "fails: " in shown(game, bigopt.solve(game, "dynamics", options={"max_updates": 1})).title


PLANES = [
    name
    for name in instances()
    if name.startswith("big/") and not name.endswith(".toml")
    for game in [load(name)]
    if game.dimension == 2 and game.players <= LABELLED
]


@pytest.mark.parametrize("name", PLANES)
def test_names_cover_neither_each_other_nor_the_frame(name: str) -> None:
    axes = drawn(load(name))
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    boxes = [Text.get_window_extent(text) for text in axes.texts if text.get_text()]  # without lines to markers
    assert boxes
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    for box in boxes:
        assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1
        assert axes.bbox.y0 <= box.y0 and box.y1 <= axes.bbox.y1


@pytest.mark.parametrize("name", ["big/box/players-10-dimension-2", "big/inner-product/box-10", OPPOSED])
def test_markers_in_the_legend_have_one_size(name: str) -> None:
    axes = drawn(load(name))
    legend = axes.get_legend()
    assert legend is not None
    sizes = [h.get_sizes().tolist() for h in legend.legend_handles if isinstance(h, PathCollection)]
    assert sizes == [[60.0], [60.0]]
    targets = max(float(c.get_sizes().max()) for c in axes.collections if isinstance(c, PathCollection))
    assert targets <= 130.0  # square points: at most about 11 points across


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_set_of_one_point_is_drawn(dimension: int, tmp_path: Path) -> None:
    one = np.ones(dimension)
    game = bigopt.Influencers(
        weights=[0.5, 0.5], targets=[0 * one, 2 * one], action_set=bigopt.Box(one, one), loss="squared"
    )
    legend = drawn(game).get_legend()
    assert legend is not None
    assert any(text.get_text().startswith("action set, ") for text in legend.get_texts())
    bigopt.solve(game).plot(tmp_path / "point.png")
    assert (tmp_path / "point.png").stat().st_size > 5000
