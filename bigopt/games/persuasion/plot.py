"""Pictures: the sender's value and its concave closure over the posteriors; schemes and utilities as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.solution import Solution
from bigopt.drawing.alignment import draw_alignment
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_below, legend_beside
from bigopt.drawing.palette import RECEIVER, START, colour
from bigopt.drawing.paper import sized
from bigopt.drawing.ticks import name_ticks
from bigopt.games.persuasion.exact.concavification import Closure, concave_closure, region
from bigopt.games.persuasion.game import Persuasion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])  # of the ternary diagram
LABEL = {"boxstyle": "round", "facecolor": "white", "alpha": 0.75, "edgecolor": "none"}
SHOWN = 60  # states or actions beyond which the names are left out
NEAR = 0.1  # of the triangle's side: a name this near to a mark would cover it
SENDERS = 12  # panels
ACROSS = 4  # panels side by side
SIZE = (7.6, 4.5)


@sized
def plot(game: Persuasion, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw what a solution says.

    A single sender's answer is the concavification for two or three states, else its scheme; several senders have a
    panel each. Without a solution the game's own utilities are drawn.
    """
    concept = "signaling" if solution is None else solution.concept
    if solution is not None and concept == "alignment":
        title = f"{game.name}: alignment"
        return draw_alignment(canvas, title, game.outcome_utilities(), game.names, solution.fields)
    if solution is not None and "schemes" in solution.fields:
        return _several(game, solution, canvas)
    axes = panels(canvas, SIZE)[0, 0]
    bob = _sender(solution)
    if concept == "signaling" and len(game.states) in (2, 3) and game.alice_signal is None and not game.margin:
        closure = concave_closure(game, game.utility_of(bob))
        draw = _line if len(game.states) == 2 else _ternary
        draw(axes, game, closure, game.utility_of(bob), game.label(bob), _posteriors(solution, closure))
    elif solution is not None and "scheme" in solution.fields:
        scheme = np.asarray(solution.fields["scheme"], dtype=float)
        image = _scheme(axes, scheme)
        _name_signals(axes, scheme.shape[1], _columns(game, solution))
        _name_states(axes, game.states)
        axes.figure.colorbar(image, ax=axes, label="probability, given the state")
        axes.set_title(f"{game.name}: {concept}, {game.label(bob)}")
    else:
        _utilities(axes, game, solution, bob)
    return figure_of(axes)


def _sender(solution: Solution | None) -> str | None:
    """Return the sender that a solution names."""
    named = None if solution is None else solution.fields.get("bob")
    return named if isinstance(named, str) else None


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
            axes.plot(
                span,
                value,
                lw=3,
                color=colour(action),
                solid_capstyle="round",
                label=f"value, Alice: {game.actions[action]}",
            )
    hull = _upper_hull(closure.points[:, 1], closure.heights)
    axes.plot(*hull, "k--", lw=1.2, label="concave closure")
    prior = float(game.prior[1])
    axes.axvline(prior, color="0.5", lw=0.8, ls=":")
    axes.plot(spots[:, 1], np.interp(spots[:, 1], *hull), "ko", ms=6, label="posteriors")
    axes.plot(prior, closure.value, RECEIVER, color="black", mec="white", ms=15, zorder=5, label=_at(prior, closure))
    axes.set(xlabel=f"P({game.states[1]})", ylabel=f"utility of {name}", title=game.name, xlim=(-0.02, 1.02))
    legend_beside(axes)


def _at(prior: float, closure: Closure) -> str:
    return f"best value {closure.value:.4g} at the prior {prior:.4g}"


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
        axes.annotate(
            game.actions[action],
            _free(flat, np.vstack([spots, game.prior]) @ CORNERS),
            ha="center",
            fontsize="medium",
            bbox=LABEL,
            zorder=3,
        )
    flat_spots, here = spots @ CORNERS, game.prior @ CORNERS
    for spot in flat_spots:
        axes.plot(*np.array([here, spot]).T, "k-", lw=1, zorder=4)
    axes.plot(*flat_spots.T, "o", color="black", mec="white", ms=8, zorder=5, label="posteriors")
    label = f"prior; best value {closure.value:.4g}"
    axes.plot(*here, START, color="black", mec="white", ms=10, zorder=6, linestyle="none", label=label)
    for corner, state, side in zip(CORNERS, game.states, ("right", "left", "center"), strict=True):
        lift = 0.03 if side == "center" else -0.03
        axes.annotate(state, corner + [0.0, lift], ha=side, va="bottom" if lift > 0 else "top")
    axes.set(title=game.name, aspect="equal", xlim=(-0.15, 1.15), ylim=(-0.1, 1.0))
    axes.set_axis_off()
    legend_below(axes, columns=2)
    if mesh is not None:
        axes.figure.colorbar(mesh, ax=axes, label=f"utility of {name}", shrink=0.8)


def _free(corners: Floats, marks: Floats) -> tuple[float, float]:
    """Return where in a region its name is farthest from all marks: the middle, or half way to a corner."""
    middle = corners.mean(axis=0)
    places = np.vstack([middle, 0.5 * (middle + corners)])
    apart = np.linalg.norm(places[:, None] - marks, axis=2).min(axis=1)
    best = places[0 if apart[0] > NEAR else int(apart.argmax())]
    return float(best[0]), float(best[1])


def _several(game: Persuasion, solution: Solution, canvas: Canvas) -> Figure:
    """Draw every sender's scheme in a panel of its own."""
    schemes = [np.asarray(scheme, dtype=float) for scheme in solution.fields["schemes"]][:SENDERS]
    across = min(len(schemes), ACROSS)
    down = -(-len(schemes) // across)
    grid = panels(canvas, (max(3.4 * across + 0.6, SIZE[0] * 0.75), 3.6 * down + 0.4), down, across)
    image: Any = None
    direct = solution.concept == "oblivious" and all(scheme.shape[1] == len(game.actions) for scheme in schemes)
    for axes, scheme, name in zip(grid.ravel(), schemes, game.names, strict=False):
        image = _scheme(axes, scheme)
        axes.set_title(name)
    shown = _lowest([*grid.ravel()[: len(schemes)]]) if len({s.shape[1] for s in schemes}) == 1 else range(len(schemes))
    for i in shown:
        _name_signals(grid.ravel()[i], schemes[i].shape[1], game.actions if direct else None)
    for axes in grid.ravel()[: len(schemes)]:
        if axes.get_subplotspec() is None or axes.get_subplotspec().is_first_col():
            _name_states(axes, game.states)
    for axes in grid.ravel()[len(schemes) :]:
        axes.set_axis_off()
    figure = figure_of(grid[0, 0])
    grid[0, 0].figure.colorbar(image, ax=grid.ravel().tolist(), label="probability, given the state", shrink=0.8)
    more = f", {SENDERS} of {len(game.names)} senders" if len(game.names) > SENDERS else ""
    grid[0, 0].figure.suptitle(f"{game.name}: {solution.concept}{more}")
    return figure


def _columns(game: Persuasion, solution: Solution) -> Sequence[str]:
    """Return what each signal of a scheme recommends: an action, or one for each of Alice's own signals."""
    if "recommendations" not in solution.fields:
        return game.actions
    return [" / ".join(game.actions[int(a)] for a in row) for row in np.atleast_2d(solution.fields["recommendations"])]


def _lowest(panels: Sequence[Axes]) -> list[int]:
    """Return the panels that have none below: what several in a column share is written there."""
    places = [panel.get_subplotspec() for panel in panels]
    columns = [len(panels) if place is None else place.get_gridspec().ncols for place in places]
    return [i for i, across in enumerate(columns) if i + across >= len(panels)]


def _scheme(axes: Axes, scheme: Floats) -> Any:
    """Show a scheme's probabilities, states by signals, without their names."""
    image = axes.imshow(scheme, aspect="auto", cmap="viridis", interpolation="nearest", vmin=0.0, vmax=1.0)
    axes.set(xticks=[], yticks=[])
    return image


def _name_signals(axes: Axes, count: int, columns: Sequence[str] | None) -> None:
    """Name the signals of a scheme by what they recommend, or number them."""
    axes.set_xlabel("signal" if columns is None else "recommended")
    _name_columns(axes, [str(s) for s in range(count)] if columns is None else columns)


def _name_states(axes: Axes, states: Sequence[str]) -> None:
    axes.set_ylabel("state")
    if len(states) <= SHOWN:
        name_ticks(axes, states, "y")


def _name_columns(axes: Axes, columns: Sequence[str]) -> None:
    if len(columns) <= SHOWN:
        name_ticks(axes, columns)


def _utilities(axes: Axes, game: Persuasion, solution: Solution | None, bob: str | None) -> None:
    """Show Alice's utilities (or a sender's), with what she does who knows the state, and who knows nothing."""
    knows = solution is not None and "actions" in solution.fields
    who = bob if bob in game.names else None
    values = game.alice if knows else game.utility_of(who)
    image = axes.imshow(values, aspect="auto", cmap="viridis", interpolation="nearest")
    axes.figure.colorbar(image, ax=axes, label="Alice's utility" if knows else f"utility of {game.label(who)}")
    axes.set(xlabel="action", title=game.name)
    if solution is not None and knows:
        chosen = np.asarray(solution.fields["actions"], dtype=int)
        star: dict[str, Any] = {"color": "white", "mec": "black", "ms": 14, "linestyle": "none"}
        axes.plot(chosen, np.arange(len(chosen)), RECEIVER, label="action in each state", **star)
        axes.set_title(f"{game.name}: {solution.concept}, {float(solution.fields['opt']):.4g} knowing the state")
        legend_below(axes, columns=1)
    _name_states(axes, game.states)
    _name_columns(axes, game.actions)
