"""A market drawn: frontiers with the scheme that is played, all stable schemes, moves, and Alice in the Bobs' hull."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.concepts.solution import Solution
from bigopt.drawing.alignment import draw_alignment
from bigopt.drawing.canvas import Canvas, figure_of, panels
from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import ACTION, RECEIVER, colour, dash
from bigopt.drawing.paper import sized
from bigopt.drawing.ticks import whole_ticks
from bigopt.games.market import response
from bigopt.games.market.exact.outcomes import sides
from bigopt.games.market.game import Market

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.6, 4.6)
NAMED = 16  # Bobs: of more, the legend tells only what is marked
LISTED = 400  # stable schemes


@sized
def plot(game: Market, solution: Solution | None, canvas: Canvas = None) -> Figure:
    """Draw what a solution says; without one, every Bob's undominated pairs (Alice's utility, his own)."""
    concept = "" if solution is None else solution.concept
    if solution is not None and concept in ("alignment", "misalignment"):
        return _hull(game, solution, canvas)
    axes = panels(canvas, SIZE)[0, 0]
    if solution is not None and concept == "stable":
        _stable(axes, game, solution)
    elif solution is not None and concept == "dynamics" and solution.fields.get("trajectory"):
        _moves(axes, game, solution)
    else:
        _frontiers(axes, game, solution)
    if game.k <= NAMED:
        legend_beside(axes)
    return figure_of(axes)


def _frontiers(axes: Axes, game: Market, solution: Solution | None) -> None:
    """Draw what each Bob and Alice can have together, with the utilities of the scheme that is played."""
    units = game.units[1]
    fields = {} if solution is None else solution.fields
    player = fields.get("player")
    for j in range(game.k):
        front = response.frontier(game, j)
        alice, own = (
            [float(v * unit) for v in row.tolist()]
            for row, unit in ((front.alice, units[0]), (front.bob, units[j + 1]))
        )
        strong = player is None or player == j
        look: dict[str, Any] = {"color": colour(j), "ls": dash(j), "lw": 1.6 if strong else 0.8}
        axes.step(alice, own, where="pre", label=game.bob_names[j], alpha=1.0 if strong else 0.5, **look)
        if "bobs" in fields:
            axes.plot(float(fields["alice"]), float(fields["bobs"][j]), ACTION, ms=6, color=colour(j), mec="black")
    axes.axvline(game.opt_value, color="0.4", ls=":", lw=1.2, label="OPT")
    if player is not None and solution is not None:
        axes.plot(float(fields["alice"]), -float(fields["loss"]), RECEIVER, ms=14, color="black", label="best response")
        axes.set_title(f"{game.name}: best response of {game.bob_names[int(player)]}")
    elif solution is not None and "alice" in fields:
        axes.axvline(float(fields["alice"]), color="black", lw=0.9, label=f"Alice, {solution.concept}")
        axes.set_title(f"{game.name}: {solution.concept}")
    else:
        axes.set_title(f"{game.name}: what a Bob and Alice can have")
    axes.set(xlabel="Alice's expected utility", ylabel="the Bob's expected utility")


def _stable(axes: Axes, game: Market, solution: Solution) -> None:
    """Draw everybody's utilities of each stable scheme, Alice's worst first; or the intervals of lotteries."""
    fields = solution.fields
    alice = np.asarray(fields.get("alice", []), dtype=float)
    if fields.get("count") is None:
        _intervals(axes, game, solution)
        return
    order = np.argsort(alice, kind="stable")[:LISTED]
    rank = np.arange(len(order))
    schemes = np.asarray(fields["schemes"])[order]
    values = np.array([[float(v) for v in game.values(game.totals(scheme))] for scheme in schemes]).reshape(
        -1, 1 + game.k
    )
    for j in range(game.k):
        axes.plot(rank, values[:, j + 1], ".", ls=dash(j), lw=0.5, color=colour(j), label=game.bob_names[j])
    axes.plot(rank, values[:, 0], ACTION, ms=5, color="black", label="Alice")
    axes.axhline(game.opt_value, color="0.4", ls=":", lw=1.2, label="OPT")
    more = f", the {LISTED} worst for Alice" if len(alice) > LISTED else ""
    plural = "scheme" if fields["count"] == 1 else "schemes"
    title = f"{game.name}: {fields['count']} stable {plural}, {fields['count_nash']} Nash{more}"
    axes.set(xlabel="stable scheme, Alice's worst first", ylabel="expected utility", title=title)
    axes.set_xlim(-0.5, max(len(order) - 0.5, 0.5))
    whole_ticks(axes)


def _intervals(axes: Axes, game: Market, solution: Solution) -> None:
    """Draw which of Alice's utilities stable lotteries give."""
    for low, high in solution.fields["intervals"]:
        axes.plot([float(low), float(high)], [0, 0], "-", lw=8, color=colour(0), solid_capstyle="butt")
        axes.plot([float(low), float(high)], [0, 0], "|", ms=16, color=colour(0))
    axes.axvline(game.opt_value, color="0.4", ls=":", lw=1.2, label="OPT")
    axes.get_yaxis().set_visible(False)
    axes.set(xlabel="Alice's expected utility", title=f"{game.name}: what stable lotteries give her")


def _moves(axes: Axes, game: Market, solution: Solution) -> None:
    """Draw Alice's utility move by move, each in the colour of the Bob who made it."""
    steps = solution.trajectory
    alice = [float(step["alice"]) for step in steps]
    axes.plot(range(len(steps)), alice, "-", color="0.6", lw=1, drawstyle="steps-post")
    seen: set[int] = set()
    for at, step in enumerate(steps):
        bob = int(step["bob"])
        label = game.bob_names[bob] if bob not in seen else ""
        seen.add(bob)
        axes.plot(at, alice[at], ACTION, ms=6, color=colour(bob), mec="black", label=label)
    axes.axhline(game.opt_value, color="0.4", ls=":", lw=1.2, label="OPT")
    if solution.fields.get("bound") is not None:
        axes.axhline(float(solution.fields["bound"]), color="0.4", ls="--", lw=1, label="Theorem 6's bound")
    axes.set(xlabel="move", ylabel="Alice's expected utility", title=f"{game.name}: best-response dynamics")
    whole_ticks(axes)


def _hull(game: Market, solution: Solution, canvas: Canvas) -> Figure:
    """Draw the combination of Bobs, on all outcomes or on those of Section 7."""
    parts = {}
    if solution.concept == "misalignment":
        stable, best = sides(game)
        parts = {"of a stable scheme": stable, "Alice's best": best}
    title = f"{game.name}: {solution.concept}"
    return draw_alignment(canvas, title, game.outcome_utilities(), game.bob_names, solution.fields, parts)
