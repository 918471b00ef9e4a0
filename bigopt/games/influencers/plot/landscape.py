"""The potential's landscape with a path of best responses: of two players in one dimension, or on a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.drawing.legend import legend_below
from bigopt.drawing.palette import THIRD
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.plot.shown import Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PATH = THIRD
FOUND: dict[str, Any] = {"color": "#D55E00", "markersize": 12, "mec": "white", "linestyle": "none"}
GRID = 161  # points a side of a landscape


def _draw_path(axes: Axes, steps: Floats, label: str) -> list[Any]:
    """Draw the path through `steps` [moves][2], or a ring where nobody moves."""
    if len(steps) > 1:
        return axes.plot(*steps.T, "-o", color=PATH, markersize=5, linewidth=2, label=label)
    ring: dict[str, Any] = {"s": 450, "facecolors": "none", "edgecolors": PATH, "linewidths": 2, "zorder": 3}
    return [axes.scatter(*steps.T, **ring, label=f"{label}: nobody moves")]


def draw_landscape(axes: Axes, game: Influencers, what: Shown) -> None:
    """Draw the potential of two players in one dimension over (x_0, x_1), with the path of best responses."""
    assert what.path is not None
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
    _draw_path(axes, what.path[:, :, 0], what.path_label)
    axes.plot(*what.actions[:, 0], marker="X", **FOUND, label=what.point)
    axes.set(xlabel="action of player 0", ylabel="action of player 1", title="Potential")
    axes.set_aspect("equal")
    legend_below(axes, columns=2)


def draw_slice(axes: Axes, game: Influencers, what: Shown) -> None:
    """Draw the potential on the plane through the path's end that the path is nearest to.

    Profiles outside the action sets are hatched.
    """
    from matplotlib.patches import Patch  # slow to import, and only pictures need it

    assert what.path is not None
    center = what.actions if what.center is None else what.center
    flat = (what.path - center).reshape(len(what.path), -1)
    basis = _plane(game, center, flat)
    steps = flat @ basis.T
    projected = float(np.abs(flat - steps @ basis).max()) > 1e-6 * float(np.abs(flat).max())
    reach = 1.3 * max(float(np.abs(steps).max()), 0.05 * float(np.ptp(np.array(game.action_set.bounds))), 1e-300)
    line = np.linspace(-reach, reach, GRID)
    first, second = np.meshgrid(line, line)
    ways = basis.reshape(2, game.players, game.dimension)
    moves = np.einsum("n,snd->sd", game.weights, ways)  # of the receiver, along the two axes
    receivers = game.receiver(center) + first[..., None] * moves[0] + second[..., None] * moves[1]
    pulls = np.einsum("n,nd,snd->s", game.weights, game.targets, ways)
    start = float(np.einsum("n,nd,nd->", game.weights, game.targets, center))
    values = (receivers**2).sum(axis=-1) - 2.0 * (start + pulls[0] * first + pulls[1] * second)
    values -= game.potential(center)
    outside = _outside(game, center, ways, first, second)
    drawn = axes.contourf(first, second, np.ma.array(values, mask=outside), levels=24, cmap="Greys_r", alpha=0.85)
    axes.figure.colorbar(drawn, ax=axes, label=f"potential above the {what.point}'s", format="%.3g")
    handles = _draw_path(axes, steps, what.path_label + (", projected" if projected else ""))
    handles += axes.plot(0.0, 0.0, marker="X", **FOUND, label=what.point)
    if outside.any():
        axes.patch.set(facecolor="white", edgecolor="0.8", hatch="////")
        handles.append(Patch(facecolor="white", edgecolor="0.8", hatch="////", label="no feasible profile"))
        shown = np.vstack([np.column_stack([first[~outside], second[~outside]]), steps])
        middle = 0.5 * (shown.min(axis=0) + shown.max(axis=0))
        half = min(0.58 * float(np.ptp(shown, axis=0).max()), reach)
        middle = np.clip(middle, half - reach, reach - half)
        axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
    axes.set(xlabel="first direction of the path", ylabel="second direction", title="Potential on the path's plane")
    axes.set_aspect("equal")
    legend_below(axes, columns=2, handles=handles)


def _plane(game: Influencers, center: Floats, flat: Floats) -> Floats:
    """Return two orthonormal directions that the path is nearest to, shape (2, n d).

    Where the path spans no plane, they lead to profiles inside the action sets; a single number has one direction.
    """
    points = game.action_set.argmax(np.random.default_rng(0).normal(size=center.shape))
    spare = np.stack([game.action_set.middle - center, 0.5 * (points + game.action_set.middle) - center])
    stacked = np.vstack([flat, 1e-9 * spare.reshape(2, -1)])
    basis = np.linalg.svd(stacked, full_matrices=False)[2][:2]
    return np.vstack([basis, np.zeros((2 - len(basis), basis.shape[1]))])


def _outside(game: Influencers, center: Floats, ways: Floats, first: Floats, second: Floats) -> Any:
    """Return which points center + first ways[0] + second ways[1] have an action outside the set."""
    size = float(np.ptp(np.array(game.action_set.bounds)))
    outside = np.zeros(first.shape, dtype=bool)
    for i in np.flatnonzero(np.abs(ways).max(axis=(0, 2)) > 0).tolist():
        inside = np.argwhere(~outside)
        at = first[~outside], second[~outside]
        actions = center[i] + at[0][:, None] * ways[0, i] + at[1][:, None] * ways[1, i]
        out = inside[game.action_set.contains(actions) > 1e-9 * size]
        outside[out[:, 0], out[:, 1]] = True
    return outside
