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
from bigopt.influencers import dominant, dynamics, equilibria, exact, members, verify
from bigopt.influencers.game import Influencers
from bigopt.numbers import Floats
from bigopt.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ("#0b5fa5", "#e08214", "#1b7837", "#a6559d", "#7f7f7f")  # dark, light, dark, middle, light in greyscale
STAR: dict[str, Any] = {"color": "#d7191c", "markersize": 17, "mec": "white", "linestyle": "none"}
LABELLED = 8  # players: more are drawn without names
MOVES = 200  # of the best-response path


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
    ranges = action_ranges(game, fields)
    (_draw_line if game.dimension == 1 else _draw_plane)(axes, game, fields, ranges)
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


def _draw_line(axes: Axes, game: Influencers, fields: Mapping[str, Any], ranges: tuple[Floats, Floats]) -> None:
    """One row a player: its target, its action, and the actions of other equilibria."""
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


def _draw_plane(axes: Axes, game: Influencers, fields: Mapping[str, Any], ranges: tuple[Floats, Floats]) -> None:
    """The plane: an arrow from each target to the action."""
    few = game.players <= LABELLED
    outline = boundary(game.action_set)
    axes.fill(*outline.T, facecolor="0.93", edgecolor="0.3", linewidth=1.2, label="action set")
    actions, receiver = np.asarray(fields["actions"]), np.asarray(fields["receiver"])
    colors = [color(i) for i in range(game.players)] if few else [COLORS[0]] * game.players
    size = 70 if few else max(3.0, 3000.0 / game.players)
    faces = dominant_faces(game) if game.loss == "inner-product" else np.stack(ranges, axis=1)
    _draw_sets(axes, game, faces, colors)
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
    for i in range(game.players if few else 0):
        moved = actions[i] - game.targets[i]
        same = float(np.linalg.norm(moved)) <= 1e-6 * float(np.ptp(outline))
        away = actions[i] - game.action_set.middle  # names of actions stand outside the set
        _name(axes, f"$x_{{{i}}} = t_{{{i}}}$" if same else f"$x_{{{i}}}$", actions[i], away, colors[i])
        if not same:
            _name(axes, f"$t_{{{i}}}$", game.targets[i], -moved, colors[i])
    axes.set_aspect("equal")
    axes.margins(0.22)
    axes.set(xlabel="coordinate 0", ylabel="coordinate 1")


def _draw_sets(axes: Axes, game: Influencers, faces: Floats, colors: list[str]) -> None:
    """Draw what each player may play in other equilibria: a thick segment, or a shaded rectangle around them."""
    size = float(np.ptp(np.array(game.action_set.bounds), axis=0).max()) or 1.0
    labelled = False
    for i, (low, high) in enumerate(faces):
        spread = np.abs(high - low)
        if spread.max() <= 1e-9 * size:
            continue
        label = None if labelled else "others as good" if game.loss == "inner-product" else "all equilibria"
        labelled = True
        if spread.min() <= 1e-9 * size or game.loss == "inner-product":
            axes.plot(*np.stack([low, high]).T, color=colors[i], linewidth=7, alpha=0.35, label=label)
        else:
            corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
            axes.fill(*corners.T, color=colors[i], alpha=0.2, label=label)


def _name(axes: Axes, text: str, at: Floats, away: Floats, shade: str) -> None:
    """Write a label beside a marker, in the direction `away`."""
    length = float(np.linalg.norm(away))
    wide = np.array([2.0, 1.1]) if "=" in text else 1.0  # a text of two names is wider than high
    offset = 17.0 * wide * (away / length if length > 0 else np.array([0.7, 0.7]))
    place: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 12, "color": shade, "zorder": 7}
    axes.annotate(text, tuple(at), xytext=tuple(offset), textcoords="offset points", **place)


def boundary(action_set: ActionSet, points: int = 720) -> Floats:
    """Return the outline of a set in the plane, from its support points in all directions."""
    angles = 2.0 * np.pi * (np.arange(points) + 0.37) / points
    return action_set.argmax(np.stack([np.cos(angles), np.sin(angles)], axis=1))


def dominant_faces(game: Influencers) -> Floats:
    """Return the two ends of each player's face of dominant actions in the plane, shape (n, 2, 2)."""
    pull = dominant.directions(game)
    across = np.stack([-pull[:, 1], pull[:, 0]], axis=1)
    idle = (pull == 0).all(axis=1)
    across[idle] = [1.0, 0.0]
    tilt = 1e-9  # a face's ends are exposed by the direction turned a little to each side
    return np.stack([game.action_set.argmax(pull + s * tilt * across) for s in (-1.0, 1.0)], axis=1)


def best_response_path(game: Influencers) -> list[Mapping[str, Any]]:
    """Return the first profiles of the best-response dynamics from the truthful one."""
    request = Request("dynamics", options={"start": "truthful", "max_updates": MOVES, "tolerance": dynamics.TOLERANCE})
    found = dynamics.solve(game, request)
    assert found.point is not None
    return list(found.point["trajectory"])


def _path_label(path: list[Mapping[str, Any]]) -> str:
    """Return what the drawn path is."""
    count = int(path[-1]["update"])
    return "best responses from the targets" if count < MOVES else f"the first {count} best responses"


def draw_landscape(axes: Axes, game: Influencers, fields: Mapping[str, Any], path: list[Mapping[str, Any]]) -> None:
    """Draw the potential of two players in one dimension over (x_0, x_1), with the best-response path."""
    (low,), (high,) = game.action_set.bounds
    pad = 0.06 * (high - low)
    line = np.linspace(low - pad, high + pad, 121)
    first, second = np.meshgrid(line, line)
    receiver = game.background[0] + game.weights[0] * first + game.weights[1] * second
    pulls = game.weights * game.targets[:, 0]
    values = receiver**2 - 2.0 * (pulls[0] * first + pulls[1] * second)
    drawn = axes.contourf(first, second, values, levels=24, cmap="Greys_r", alpha=0.85)
    axes.figure.colorbar(drawn, ax=axes, label="potential", format="%.3g")
    axes.plot(
        [low, high, high, low, low],
        [low, low, high, high, low],
        color="black",
        linewidth=1.2,
        label="feasible profiles",
    )
    steps = np.array([entry["actions"] for entry in path])[:, :, 0]
    axes.plot(*steps.T, "-o", color=COLORS[1], markersize=5, linewidth=2, label=_path_label(path))
    axes.plot(
        *np.asarray(fields["actions"])[:, 0], "*", color="#d7191c", markersize=17, mec="white", label="equilibrium"
    )
    axes.set(xlabel="action of player 0", ylabel="action of player 1", title="Potential")
    axes.set_aspect("equal")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False, fontsize=9)


def draw_slice(axes: Axes, game: Influencers, fields: Mapping[str, Any], path: list[Mapping[str, Any]]) -> None:
    """Draw the potential on the plane through the equilibrium that the best-response path is nearest to."""
    center = np.asarray(fields["actions"])
    arrows = np.array([entry["actions"] for entry in path]) - center
    flat = arrows.reshape(len(arrows), -1)
    spare = np.random.default_rng(0).normal(size=(2, flat.shape[1]))  # where the path spans no plane
    basis = np.linalg.svd(np.vstack([flat, 1e-9 * spare]), full_matrices=False)[2][:2]
    basis = np.vstack([basis, np.zeros((2 - len(basis), basis.shape[1]))])  # a single number has one direction
    steps = flat @ basis.T
    reach = 1.3 * max(float(np.abs(steps).max()), 0.05 * float(np.ptp(np.array(game.action_set.bounds))), 1e-300)
    line = np.linspace(-reach, reach, 81)
    first, second = np.meshgrid(line, line)
    ways = basis.reshape(2, game.players, game.dimension)
    moves = np.einsum("n,snd->sd", game.weights, ways)  # of the receiver, along the two axes
    receivers = game.receiver(center) + first[..., None] * moves[0] + second[..., None] * moves[1]
    pulls = np.einsum("n,nd,snd->s", game.weights, game.targets, ways)
    start = float(np.einsum("n,nd,nd->", game.weights, game.targets, center))
    values = (receivers**2).sum(axis=-1) - 2.0 * (start + pulls[0] * first + pulls[1] * second)
    drawn = axes.contourf(first, second, values - game.potential(center), levels=24, cmap="Greys_r", alpha=0.85)
    axes.figure.colorbar(drawn, ax=axes, label="potential above the equilibrium's", format="%.3g")
    axes.plot(*steps.T, "-o", color=COLORS[1], markersize=5, linewidth=2, label=_path_label(path))
    axes.plot(0.0, 0.0, marker="*", **STAR, label="equilibrium")
    axes.set(xlabel="first direction of the path", ylabel="second direction", title="Potential on the path's plane")
    axes.set_aspect("equal")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False, fontsize=9)
