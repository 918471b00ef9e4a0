"""A market drawn: each Bob's frontier of what he and Alice can have, and where the equilibrium lies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bigopt.concepts.solution import Solution
from bigopt.games.market import response
from bigopt.games.market.game import Market

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")


def plot(game: Market, solution: Solution | None) -> Figure:
    """Draw every Bob's undominated pairs (Alice's utility, his own), with the solution's point on each."""
    from matplotlib.figure import Figure  # slow to import, and only pictures need it

    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    axes = figure.add_subplot()
    units = [float(unit) for unit in game.units[1]]
    for j in range(min(game.k, len(COLOURS))):
        front = response.frontier(game, j)
        alice = front.alice.astype(float) * units[0]
        own = front.bob.astype(float) * units[j + 1]
        axes.step(alice, own, where="pre", color=COLOURS[j], lw=1.4, label=game.bob_names[j])
        if solution is not None and "bobs" in solution.fields:
            axes.plot(solution.fields["alice"], solution.fields["bobs"][j], "o", ms=6, color=COLOURS[j], mec="black")
    axes.axvline(game.opt_value, color="green", ls=":", lw=1.2, label="OPT")
    if solution is not None and "alice" in solution.fields and solution.concept != "stable":
        axes.axvline(float(solution.fields["alice"]), color="black", lw=0.9, label=f"Alice, {solution.concept}")
    axes.set(xlabel="Alice's expected utility", ylabel="the Bob's expected utility", title=game.name)
    axes.legend(fontsize=8, loc="best")
    return figure
