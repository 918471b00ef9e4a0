"""Pictures: the sender's value and its concave closure over the posteriors; a scheme as a table of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Solution
from bigopt.games.persuasion.exact.concavification import Closure, concave_closure, region
from bigopt.games.persuasion.game import Persuasion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])  # of the ternary diagram
LABEL = {"boxstyle": "round", "facecolor": "white", "alpha": 0.75, "edgecolor": "none"}
SHOWN = 60  # states or actions beyond which the names are left out


def plot(game: Persuasion, solution: Solution | None) -> Figure:
    """Draw the concavification for two or three states; else the scheme, or the utilities where there is none."""
    bob = None
    if solution is not None and isinstance(solution.fields.get("bob"), str):
        bob = str(solution.fields["bob"])
    from matplotlib.figure import Figure  # slow to import, and only pictures need it

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    single = solution is None or solution.concept == "signaling"
    if single and len(game.states) in (2, 3) and game.alice_signal is None and not game.margin:
        closure = concave_closure(game, game.utility_of(bob))
        draw = _line if len(game.states) == 2 else _ternary
        draw(axes, game, closure, game.utility_of(bob), game.label(bob), _posteriors(solution, closure))
    else:
        _table(figure, axes, game, solution, bob)
    return figure


def _posteriors(solution: Solution | None, closure: Closure) -> Floats:
    """Return the solution's posteriors, else those that span the closure at the prior."""
    if solution is None or "messages" not in solution.fields:
        return closure.posteriors[closure.weights > 1e-9]
    return np.array([message["posterior"] for message in solution.fields["messages"]], dtype=float)


def _line(axes: Axes, game: Persuasion, closure: Closure, utility: Floats, name: str, spots: Floats) -> None:
    """Draw the value over the probability of the second state."""
    for action in range(len(game.actions)):
        ends = region(game.alice / game.alice_range, action)
        if len(ends) and game.inducible[action]:
            x = np.sort(ends[:, 1])
            span = np.array([x[0], x[-1]])
            value = (1 - span) * utility[0, action] + span * utility[1, action]
            axes.plot(span, value, lw=3, solid_capstyle="round", label=f"value, Alice: {game.actions[action]}")
    hull = _upper_hull(closure.points[:, 1], closure.heights)
    axes.plot(*hull, "k--", lw=1.2, label="concave closure")
    axes.plot(spots[:, 1], np.interp(spots[:, 1], *hull), "ko", ms=6, label="posteriors")
    axes.plot(game.prior[1], closure.value, "r*", ms=13, label=f"prior: {closure.value:.4g}")
    axes.axvline(float(game.prior[1]), color="r", lw=0.6, alpha=0.5)
    axes.set(xlabel=f"P({game.states[1]})", ylabel=f"utility of {name}", title=game.name, xlim=(-0.02, 1.02))
    axes.legend(fontsize=8, framealpha=0.9)


def _upper_hull(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the upper hull of points in the plane, left to right."""
    kept: list[tuple[float, float]] = []
    for point in sorted(zip(x.tolist(), y.tolist(), strict=True)):
        while len(kept) > 1 and _cross(kept[-2], kept[-1], point) >= 0:
            kept.pop()
        if kept and kept[-1][0] == point[0]:
            kept.pop()
        kept.append(point)
    hull = np.array(kept)
    return hull[:, 0], hull[:, 1]


def _cross(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _ternary(axes: Axes, game: Persuasion, closure: Closure, utility: Floats, name: str, spots: Floats) -> None:
    """Colour the triangle of posteriors by the sender's value; mark regions, prior and posteriors."""
    low, high = float(closure.heights.min()), float(closure.heights.max())
    mesh: Any = None
    for action in range(len(game.actions)):
        corners = region(game.alice / game.alice_range, action)
        if len(corners) < 3 or not game.inducible[action]:
            continue
        flat = corners @ CORNERS
        from matplotlib.tri import Triangulation

        fan = Triangulation(flat[:, 0], flat[:, 1], [[0, i, i + 1] for i in range(1, len(corners) - 1)])
        worth = corners @ utility[:, action]
        mesh = axes.tripcolor(fan, worth, shading="gouraud", vmin=low, vmax=high + 1e-12, cmap="viridis")
        axes.plot(*np.vstack([flat, flat[:1]]).T, color="white", lw=1)
        axes.annotate(game.actions[action], flat.mean(axis=0), ha="center", fontsize=9, bbox=LABEL)
    flat_spots, here = spots @ CORNERS, game.prior @ CORNERS
    for spot in flat_spots:
        axes.plot(*np.array([here, spot]).T, "r-", lw=1)
    axes.plot(*flat_spots.T, "o", color="red", mec="white", ms=8, label="posteriors")
    axes.plot(*here, "r*", mec="white", ms=15, label=f"prior: {closure.value:.4g}")
    for corner, state, side in zip(CORNERS, game.states, ("right", "left", "center"), strict=True):
        lift = 0.03 if side == "center" else -0.03
        axes.annotate(state, corner + [0.0, lift], ha=side, va="bottom" if lift > 0 else "top")
    axes.set(title=game.name, aspect="equal", xlim=(-0.15, 1.15), ylim=(-0.1, 1.0))
    axes.set_axis_off()
    axes.legend(fontsize=8, loc="upper right")
    if mesh is not None:
        axes.figure.colorbar(mesh, ax=axes, label=f"utility of {name}", shrink=0.8)


def _table(figure: Figure, axes: Axes, game: Persuasion, solution: Solution | None, bob: str | None) -> None:
    """Show a scheme (or the sender's utility) as an image, states by signals."""
    scheme = None if solution is None else _scheme(solution)
    values = game.utility_of(bob if bob in game.names else None) if scheme is None else scheme
    direct = values.shape[1] == len(game.actions) and (scheme is None or "recommendations" not in solution.fields)  # type: ignore[union-attr]
    image = axes.imshow(values, aspect="auto", cmap="viridis", interpolation="nearest")
    label = f"utility of {game.label(bob)}" if scheme is None else "probability, given the state"
    figure.colorbar(image, ax=axes, label=label)
    axes.set(title=game.name, ylabel="state", xlabel="recommendation" if direct and scheme is not None else "signal")
    if scheme is None:
        axes.set_xlabel("action")
    if len(game.states) <= SHOWN:
        axes.set_yticks(range(len(game.states)), list(game.states), fontsize=7)
    if direct and len(game.actions) <= SHOWN:
        axes.set_xticks(range(len(game.actions)), list(game.actions), rotation=45, ha="right", fontsize=7)


def _scheme(solution: Solution) -> Floats | None:
    """Return the solution's scheme, side by side where there are several."""
    if "scheme" in solution.fields:
        return np.asarray(solution.fields["scheme"], dtype=float)
    if "schemes" in solution.fields:
        return np.hstack([np.asarray(scheme, dtype=float) for scheme in solution.fields["schemes"]])
    return None
