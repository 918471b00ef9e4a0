"""What a picture shows of a solution: whose actions, which path of best responses, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.solution import SOLVED, Solution
from bigopt.errors import UsageError
from bigopt.games.influencers import dominant, dynamics, nash
from bigopt.games.influencers.game import Influencers
from bigopt.games.influencers.tolerances import WORTH

MOVES = 200  # of the best-response path that is drawn with an equilibrium


@dataclass(frozen=True)
class Shown:
    """The numbers of a picture.

    Attributes
    ----------
    actions, receiver : ndarray, shapes (n, d) and (d,)
    title : str
    point : str
        What the profile is, as "equilibrium".
    action : str
        What one action is.
    several : bool
        Whether other profiles are as good, and are to be drawn too.
    path : ndarray, shape (moves, n, d), or None
        Profiles that follow each other by best responses.
    path_label : str
    center : ndarray, shape (n, d), or None
        The profile that the path leads to, where it is not `actions`.
    ranges : ndarray, shape (n, d, 2), or None
        The least and largest coordinates of each player's action that the solution names.
    before, reports : ndarray, shape (n, d), or None
        What the player of a best response played before; misreports that pay. Not a number for the others.
    """

    actions: Floats
    receiver: Floats
    title: str
    point: str = "equilibrium"
    action: str = "action"
    several: bool = False
    path: Floats | None = None
    path_label: str = ""
    center: Floats | None = None
    ranges: Floats | None = None
    before: Floats | None = None
    reports: Floats | None = None


def shown(game: Influencers, solution: Solution | None) -> Shown:
    """Return what to show of a solution, or of the game's own default concept.

    Raises
    ------
    UsageError
        There is no picture of this concept.
    """
    if solution is None:
        concept, fields = ("nash" if game.loss == "squared" else "dominant"), answer(game)
    else:
        concept, fields = solution.concept, solution.fields
    if concept not in _OF or "receiver" not in fields:
        raise UsageError(f"plot: a {concept} solution has no picture, expected one of {', '.join(_OF)}")
    result = _OF[concept](game, fields)
    failed = () if solution is None else solution.certificate.failed
    return replace(result, title=f"{result.title} (fails: {failed[0].name})") if failed else result


def answer(game: Influencers) -> Mapping[str, Any]:
    """Return the fields of the game's own default concept."""
    row = nash.CONCEPT if game.loss == "squared" else dominant.CONCEPT
    request = Request(row.name)
    assert row.solve is not None
    found = row.solve(game, request)
    assert found.point is not None  # there is no time limit
    return row.verify(game, found.point, request)[0]


def _actions(fields: Mapping[str, Any], key: str = "actions") -> dict[str, Any]:
    return {"actions": np.asarray(fields[key], dtype=float), "receiver": np.asarray(fields["receiver"], dtype=float)}


def _nash(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    """Show an equilibrium, and the best responses that lead to one from the truth."""
    asked = {"start": "truthful", "max_updates": MOVES, "tolerance": dynamics.TOLERANCE}
    request = Request("dynamics", options=asked, arguments={"profile": None})
    found = dynamics.solve(game, request)
    assert found.point is not None  # there is no time limit
    path = _profiles(found.point["trajectory"])
    ended = found.stopped == SOLVED
    label = "best responses from the targets" if ended else f"the first {MOVES} best responses from the targets"
    return Shown(
        **_actions(fields),
        title="Equilibrium" + _how_many(fields),
        several=_several(fields),
        path=path,
        path_label=label,
        center=path[-1] if ended else None,
    )


def _dominant(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    title = "Dominant actions" + (", each unique" if np.all(fields["unique"]) else ", whole faces of them")
    return Shown(**_actions(fields), title=title, point="dominant actions", several=True)


def _dynamics(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    """Show the solution's own trajectory."""
    moves, path = int(fields["updates"]), _profiles(fields["trajectory"])
    given, after = _actions(fields), f"After {moves} best response{'s' if moves != 1 else ''}"
    if path is None:
        return Shown(**given, title=after, point="last profile")
    starts = {
        "the targets": game.action_set.project(game.targets),
        "the center": np.tile(game.action_set.middle, (game.players, 1)),
    }
    near = 1e-9 * float(np.abs(path).max())
    start = next((name for name, at in starts.items() if np.abs(path[0] - at).max() <= near), "a given profile")
    return Shown(
        **given,
        title=f"{after} from {start}",
        point="last profile",
        several=_several(fields),
        path=path,
        path_label=f"best responses from {start}",
    )


def _response(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    """Show one player's move, the others where they are."""
    player, before = int(fields["player"]), np.asarray(fields["profile"], dtype=float)
    actions = before.copy()
    actions[player] = fields["action"]
    title = f"Best response of player {player}, the others' actions held fixed"
    path = np.stack([before, actions])
    return Shown(
        actions,
        np.asarray(fields["receiver"], dtype=float),
        title,
        "best response",
        path=path if game.loss == "squared" else None,
        path_label=f"the move of player {player}",
        before=np.where(np.arange(game.players)[:, None] == player, before, np.nan),
    )


def _set(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    """Show all equilibria: each coordinate's range around the canonical one."""
    several = _several(fields)
    title = "All equilibria: " + (f"a set of dimension {fields['dimension']}" if several else "only one")
    ranges = np.asarray(fields["ranges"], dtype=float)
    return Shown(
        **_actions(fields, "canonical"), title=title, action="action of least norm", several=several, ranges=ranges
    )


def _truthful(game: Influencers, fields: Mapping[str, Any]) -> Shown:
    """Show the receiver that plays for everybody, and the misreports that pay."""
    title, reports = "Asked for targets: nobody gains by a misreport", None
    if not fields["proved"]:
        gain = np.asarray(fields["gains"]) > WORTH * game.loss_ranges()
        reports = np.where(gain[:, None], fields["misreports"], np.nan)
        title = f"Asked for targets: {int(gain.sum())} of {fields['searched']} searched players gain by a misreport"
    return Shown(**_actions(fields), title=title, action="action played for it", reports=reports)


_OF: dict[str, Callable[[Influencers, Mapping[str, Any]], Shown]] = {
    "nash": _nash,
    "dominant": _dominant,
    "best-response": _response,
    "dynamics": _dynamics,
    "ne-set": _set,
    "truthful": _truthful,
}


def _profiles(trajectory: list[Mapping[str, Any]]) -> Any:
    """Return the profiles of a trajectory, shape (moves, n, d); None where it was not kept."""
    return np.array([entry["actions"] for entry in trajectory], dtype=float) if trajectory else None


def _several(fields: Mapping[str, Any]) -> bool:
    return fields.get("unique") is False


def _how_many(fields: Mapping[str, Any]) -> str:
    if fields.get("unique") is None:
        return ""
    return f", one of a set of dimension {fields['dimension']}" if _several(fields) else ", unique"
