"""Pictures of influencer games in one and two dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.action_sets import ActionSet, Box
from bigopt.concepts import Request
from bigopt.deadline import Deadline
from bigopt.errors import UsageError
from bigopt.influencers import dominant, equilibria, exact, members, verify
from bigopt.influencers.game import Influencers
from bigopt.influencers.landscape import best_response_path, draw_landscape, draw_slice
from bigopt.numbers import Floats
from bigopt.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ("#0b5fa5", "#e08214", "#1b7837", "#a6559d", "#7f7f7f")  # dark, light, dark, middle, light in greyscale
LABELLED = 8  # players: more are drawn without names
OUTLINE = 180  # directions in which a region's outline is found


def plot(game: Influencers, solution: Solution | None, path: Path) -> None:
    """Draw the action set, targets, actions, receiver and equilibrium set, and the potential under best responses.

    Raises
    ------
    UsageError
        For more than two coordinates.
    """
    from matplotlib.figure import Figure  # slow to import, and most commands draw nothing

    if game.dimension > 2:
        raise UsageError(f"plot: {game.name} has {game.dimension} coordinates, expected 1 or 2 for a picture")
    fields = solution.fields if solution is not None and "actions" in solution.fields else answer(game)
    squared = game.loss == "squared"
    figure = Figure(figsize=(10.5 if squared else 5.6, 4.8), layout="constrained")
    axes = figure.subplots(1, 2 if squared else 1, squeeze=False)[0]
    draw_actions(axes[0], game, fields)
    axes[0].set_title(title(game, fields))
    if squared:
        moves = best_response_path(game)
        alone = game.players == 2 and game.dimension == 1
        (draw_landscape if alone else draw_slice)(axes[1], game, fields, moves)
    figure.savefig(path, dpi=150, bbox_inches="tight")


def draw_pair(games: list[Influencers], titles: list[str], path: Path) -> None:
    """Draw the actions of two games of the plane side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 5.4), layout="constrained")
    for axes, game, text in zip(figure.subplots(1, 2), games, titles, strict=True):
        draw_actions(axes, game, answer(game))
        axes.set_title(text)
    figure.savefig(path, dpi=150, bbox_inches="tight")


def answer(game: Influencers) -> Mapping[str, Any]:
    """Return the fields of the game's own default concept."""
    squared = game.loss == "squared"
    request = Request("nash" if squared else "dominant")
    found = exact.solve(game, request) if squared else dominant.solve(game, request)
    assert found.point is not None  # there is no time limit
    return verify.verify(game, found.point, request)[0] if squared else dominant.verify(game, found.point, request)[0]


def title(game: Influencers, fields: Mapping[str, Any]) -> str:
    """Return what is shown, in a few words."""
    if game.loss == "inner-product":
        return "Dominant actions" + (", each unique" if np.all(fields["unique"]) else ", whole faces of them")
    if "unique" not in fields:
        return "Actions"
    return "Equilibrium" + (", unique" if fields["unique"] else f", one of a set of dimension {fields['dimension']}")


def draw_actions(axes: Axes, game: Influencers, fields: Mapping[str, Any]) -> None:
    """Draw who wants what and who plays what."""
    (_draw_line if game.dimension == 1 else _draw_plane)(axes, game, fields)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False, fontsize=9)


def action_ranges(game: Influencers, fields: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Return the smallest and largest coordinates of each player's action over all equilibria, shape (n, d) both.

    Only the first equilibrium's, where there are too many players to find them all in a moment.
    """
    actions = np.asarray(fields["actions"])
    if fields.get("unique", True) is True or game.loss != "squared":
        return actions, actions
    if game.players > LABELLED and not isinstance(game.action_set, Box):
        return actions, actions
    ranges = members.of(game, Request("ne-set"), equilibria.of(game, Deadline())).ranges()
    return ranges[:, :, 0], ranges[:, :, 1]


def color(player: int) -> str:
    """Return the player's colour."""
    return COLORS[player % len(COLORS)]


def _draw_line(axes: Axes, game: Influencers, fields: Mapping[str, Any]) -> None:
    """One row a player: its target, its action, and the actions of other equilibria."""
    ranges = action_ranges(game, fields)
    (low,), (high,) = game.action_set.bounds
    n, few = game.players, game.players <= LABELLED
    rows = np.arange(n)
    actions = np.asarray(fields["actions"])[:, 0]
    receiver = float(np.asarray(fields["receiver"])[0])
    axes.axvspan(low, high, color="0.92", label=f"action set [{low + 0.0:g}, {high:g}]")
    axes.axvline(receiver, color="black", linestyle="--", linewidth=1.5, label=f"receiver {receiver:.4g}")
    several = ranges[1][:, 0] - ranges[0][:, 0] > 1e-9 * max(high - low, 1e-300)
    axes.hlines(
        rows[several], ranges[0][several, 0], ranges[1][several, 0], color="0.6", linewidth=6, alpha=0.7,
        label="actions of all equilibria" if several.any() else "",
    )  # fmt: skip
    colors = [color(i) for i in range(n)] if few else [COLORS[0]] * n
    axes.hlines(rows, game.targets[:, 0], actions, color=colors, linewidth=1 if few else 0.4)
    size = 70 if few else max(2.0, 2000.0 / n)
    axes.scatter(game.targets[:, 0], rows, s=size, facecolors="white", edgecolors=colors, zorder=3, label="target")
    axes.scatter(actions, rows, s=0.6 * size, c=colors, marker="s", zorder=4, label="action")
    axes.set(xlabel="coordinate", ylabel="player", ylim=(n - 0.5, -0.5))
    if few:
        axes.set_yticks(rows)


def _draw_plane(axes: Axes, game: Influencers, fields: Mapping[str, Any]) -> None:
    """The plane: an arrow from each target to the action."""
    few = game.players <= LABELLED
    outline = boundary(game.action_set)
    axes.fill(*outline.T, facecolor="0.93", edgecolor="0.3", linewidth=1.2, label="action set")
    actions, receiver = np.asarray(fields["actions"]), np.asarray(fields["receiver"])
    colors = [color(i) for i in range(game.players)] if few else [COLORS[0]] * game.players
    size = 70 if few else max(3.0, 3000.0 / game.players)
    _draw_sets(axes, game, regions(game, fields), colors)
    for i in range(game.players if few else 0):
        arrow = {"arrowstyle": "->", "color": colors[i], "linewidth": 1.2}
        axes.annotate("", tuple(actions[i]), tuple(game.targets[i]), arrowprops=arrow)
    ring: dict[str, Any] = {"s": 1.8 * size, "facecolors": "white", "edgecolors": colors, "zorder": 4}
    if not few:  # clouds of targets: see through them, and keep the set's outline above
        ring |= {"facecolors": "none", "alpha": max(0.05, min(1.0, 500.0 / game.players))}
        axes.plot(*np.vstack([outline, outline[:1]]).T, color="black", linewidth=1.5, zorder=5)
    axes.scatter(game.targets[:, 0], game.targets[:, 1], **ring, label="target")
    axes.scatter(actions[:, 0], actions[:, 1], s=0.6 * size, c=colors, marker="s", zorder=5, label="action")
    axes.plot(*receiver, "k*", markersize=13, zorder=6, linestyle="none", label="receiver")
    if few:
        _draw_names(axes, game, actions, 1e-6 * float(np.ptp(outline)), colors)
    axes.set_aspect("equal")
    axes.margins(0.22)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1")


def _draw_sets(axes: Axes, game: Influencers, regions: Mapping[int, Floats], colors: list[str]) -> None:
    """Draw what each player may play in other equilibria: a thick segment, or a shaded region."""
    size = float(np.ptp(np.array(game.action_set.bounds), axis=0).max()) or 1.0
    label: str | None = "others as good" if game.loss == "inner-product" else "all equilibria"
    for i, points in regions.items():
        arrows = points - points.mean(axis=0)
        along, across = np.linalg.svd(arrows, full_matrices=False)[2]
        if float(np.ptp(arrows @ along)) <= 1e-9 * size:
            continue
        if float(np.ptp(arrows @ across)) <= 1e-9 * size:
            ends = points[[int((arrows @ along).argmin()), int((arrows @ along).argmax())]]
            axes.plot(*ends.T, color=colors[i], linewidth=7, alpha=0.35, label=label)
        else:
            axes.fill(*points.T, color=colors[i], alpha=0.2, label=label)
        label = None


def regions(game: Influencers, fields: Mapping[str, Any]) -> dict[int, Floats]:
    """Return the outline of each player's actions in all equilibria, or in all dominant profiles, in the plane.

    None of them, where there are too many players to find them all in a moment.
    """
    if game.loss == "inner-product":
        faces = dominant_faces(game)
        free = (dominant.directions(game) == 0).all(axis=1)
        return {i: boundary(game.action_set) if free[i] else faces[i] for i in range(game.players)}
    if fields.get("unique", True) is True or (game.players > LABELLED and not isinstance(game.action_set, Box)):
        return {}
    own = members.of(game, Request("ne-set"), equilibria.of(game, Deadline()))
    if isinstance(game.action_set, Box):  # coordinates separate
        corners = own.ranges()[:, [[0, 1], [0, 1], [0, 1], [0, 1]], [[0, 0], [1, 0], [1, 1], [0, 1]]]
        return dict(enumerate(corners))
    found = {i: boundary(game.action_set) for i in own.idle.tolist()}
    for at, player in enumerate(own.movers.tolist()):
        costs = np.zeros((OUTLINE, len(own.movers), 2))
        costs[:, at] = directions(OUTLINE)
        found[player] = np.stack([own.minimize(cost)[at] for cost in costs])
    return found


def _draw_names(axes: Axes, game: Influencers, actions: Floats, near: float, colors: list[str]) -> None:
    """Name actions and targets; what stands at one place has one label."""
    places: list[tuple[Floats, Floats, str, list[str]]] = []
    for i in range(game.players):
        away = actions[i] - game.action_set.middle  # names of actions stand outside the set
        for at, way, name in ((actions[i], away, "x"), (game.targets[i], game.targets[i] - actions[i], "t")):
            known = next((names for point, *_, names in places if np.linalg.norm(point - at) <= near), None)
            if known is None:
                places.append((at, way, colors[i], [f"{name}_{{{i}}}"]))
            else:
                known.append(f"{name}_{{{i}}}")
    for at, way, shade, names in places:
        _name(axes, "$" + " = ".join(names) + "$", at, way, shade)


def _name(axes: Axes, text: str, at: Floats, away: Floats, shade: str) -> None:
    """Write a label beside a marker, in the direction `away`."""
    length = float(np.linalg.norm(away))
    wide = np.array([1.0 + text.count("="), 1.1 if "=" in text else 1.0])  # several names are wider than high
    offset = 17.0 * wide * (away / length if length > 0 else np.array([0.7, 0.7]))
    place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 12, "color": shade, "zorder": 7}
    axes.annotate(text, tuple(at), xytext=tuple(offset), textcoords="offset points", **place)


def boundary(action_set: ActionSet, points: int = 720) -> Floats:
    """Return the outline of a set in the plane, from its support points in all directions."""
    return action_set.argmax(directions(points))


def directions(count: int) -> Floats:
    """Return unit vectors all around the plane, shape (count, 2)."""
    angles = 2.0 * np.pi * (np.arange(count) + 0.37) / count
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def dominant_faces(game: Influencers) -> Floats:
    """Return the two ends of each player's face of dominant actions in the plane, shape (n, 2, 2)."""
    pull = dominant.directions(game)
    across = np.stack([-pull[:, 1], pull[:, 0]], axis=1)
    idle = (pull == 0).all(axis=1)
    across[idle] = [1.0, 0.0]
    tilt = 1e-9  # a face's ends are exposed by the direction turned a little to each side
    return np.stack([game.action_set.argmax(pull + s * tilt * across) for s in (-1.0, 1.0)], axis=1)
