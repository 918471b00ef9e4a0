"""What each answer is worth: bars of utilities beside what Alice has alone and with all that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bigopt.drawing.legend import legend_beside
from bigopt.drawing.palette import COLOURS, DARK, colour
from bigopt.drawing.ticks import name_ticks, short_name
from bigopt.games.conversation.game import Conversation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Fields = Mapping[str, Any]
Bars = list[tuple[str, float]]
RULES = {
    "same": "ask all the same",
    "follow": "follow the promising",
    "show": "show one answer",
    "phrasings": "phrasings",
}
OUTCOMES = 12  # of a selection game
CELLS = 400  # pairs of features


def draw_bars(axes: Axes, game: Conversation, concept: str, fields: Fields) -> None:
    """Draw the concept's utilities as bars, OPT and the paper's bound as lines."""
    bars = _bars(game, concept, fields)
    axes.bar(range(len(bars)), [value for _, value in bars], color=DARK)
    name_ticks(axes, [name for name, _ in bars])
    for name, text, style in (("opt", "OPT", ":"), ("bound", "Theorem's bound", "--")):
        if fields.get(name) is not None:
            axes.axhline(float(fields[name]), color="0.4", ls=style, lw=1.2, label=f"{text} {float(fields[name]):.4g}")
    axes.axhline(0.0, color="0.7", lw=0.8, zorder=0)
    axes.set(ylabel="variance explained" if concept == "substitutes" else "expected utility")
    axes.set_title(f"{game.name}: {concept}{_remark(game, concept, fields)}")
    if axes.get_legend_handles_labels()[0]:
        legend_beside(axes)


def _substitutes(game: Conversation, fields: Fields) -> Bars:
    return [("left side", float(fields.get("left") or 0.0)), ("right side", float(fields.get("right") or 0.0))]


def _play(game: Conversation, fields: Fields) -> Bars:
    own = [("Alice", float(fields["alice"]))]
    own += [(name, float(value)) for name, value in zip(game.bob_names, fields["bobs"], strict=True)]
    return own + [(f"Alice: {RULES[rule]}", float(value)) for rule, value in (fields.get("questions") or {}).items()]


def _sample(game: Conversation, fields: Fields) -> Bars:
    bars = []
    for name, mean, expected in zip(["Alice", *game.bob_names], fields["means"], fields["expected"], strict=True):
        bars += [(f"{name}: sampled", float(mean)), ("expected", float(expected))]
    return bars


BARS: dict[str, Callable[[Conversation, Fields], Bars]] = {
    "play": _play,
    "sample": _sample,
    "substitutes": _substitutes,
}
NUMBERS = {  # of the other concepts: which numbers are drawn, and as what
    "aligned-leader": {"alone": "Alice alone", "value": "with an aligned leader"},
    "all-nash": {"worst": "Alice's worst", "best": "Alice's best", "leader": "aligned leader"},
    "deviation": {"value": "now", "at_least": "best rule found", "at_most": "no rule gives more"},
    "quantal-signal": {
        "silent": "silent",
        "revealing": "revealing all",
        "value": "best found",
        "at_most": "no words give more",
    },
    "quantal-nash": {"worst": "Alice's worst", "best": "Alice's best", "dynamics": "best-response dynamics"},
}
DRAWN = (*BARS, *NUMBERS)


def _bars(game: Conversation, concept: str, fields: Fields) -> Bars:
    """Return the bars of a concept; numbers that an answer does not have are left out."""
    if concept in BARS:
        return BARS[concept](game, fields)
    return [(text, float(fields[key])) for key, text in NUMBERS[concept].items() if fields.get(key) is not None]


def _remark(game: Conversation, concept: str, fields: Fields) -> str:
    """Say in the title what bars don't show."""
    if concept == "substitutes":
        return " hold" if fields["holds"] else " fail, by the pair of sets that differs most"
    if concept in ("all-nash", "quantal-nash") and fields.get("count") is not None:
        return f", {fields['count']} equilibria"
    if concept == "sample":
        return f", {len(fields['draws'])} conversations"
    return ""


def draw_outcomes(axes: Axes, game: Conversation, fields: Fields) -> None:
    """Draw everybody's utilities in each equilibrium outcome of the selection game."""
    rows = fields["outcomes"][:OUTCOMES]
    width = 0.8 / (1 + game.k)
    values = np.array([[row["alice"], *row["bobs"]] for row in rows], dtype=float).reshape(-1, 1 + game.k)
    for j, name in enumerate(["Alice", *game.bob_names]):
        shade = "black" if j == 0 else colour(j - 1)
        axes.bar(np.arange(len(rows)) + (j - 0.5 * game.k) * width, values[:, j], width, color=shade, label=name)
    name_ticks(axes, [f"outcome {r}" for r in range(len(rows))])
    axes.axhline(float(fields["leader"]), color="0.4", ls=":", lw=1.2, label="aligned leader")
    axes.set(ylabel="expected utility", title=f"{game.name}: {fields['count']} stable outcomes of the selection game")
    legend_beside(axes)


def draw_actions(axes: Axes, game: Conversation, fields: Fields) -> None:
    """Draw the best action for each pair of features that can occur."""
    from matplotlib.colors import ListedColormap

    actions = np.ma.array(np.asarray(fields["actions"], dtype=float), mask=~game.possible)
    shades = ListedColormap([COLOURS[a % len(COLOURS)] for a in range(game.sizes[2])])
    axes.imshow(actions, aspect="auto", cmap=shades, vmin=-0.5, vmax=game.sizes[2] - 0.5, alpha=0.7)
    for a, b in np.argwhere(game.possible) if actions.size <= CELLS else ():
        axes.text(b, a, short_name(game.actions[int(actions[a, b])], 12), ha="center", va="center", fontsize="small")
    if max(game.sizes[:2]) <= 30:
        name_ticks(axes, game.bob_features)
        name_ticks(axes, game.alice_features, "y")
    axes.set(xlabel="Bob's feature", ylabel="Alice's feature")
    axes.set_title(
        f"{game.name}: best action knowing both, OPT {float(fields['opt']):.4g}, {float(fields['alone']):.4g} alone"
    )
