r"""A game about another origin: far from 0, differences would drown in the place of what is subtracted.

With x_i = o + y_i the receiver is :math:`r + \sum_i w_i y_i`, :math:`r = c_0 + o \sum_i w_i`, so that the game of the
y_i has the action set X - o, the targets t_i - r and no background, and the same losses. The differences are taken on
the decimals of the data and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from bigopt.action_sets import Simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.flint_or_fractions import fmpq_mat
from bigopt.arithmetic.rationals import matrix, minus, rational, total
from bigopt.concepts import Answer, Certificate, Request
from bigopt.concepts.answer import Kept
from bigopt.games.influencers.game import Influencers

FAR = 16.0  # widths of the action set, and of the receivers: places farther from 0 are moved there
ACTIONS = ("actions", "action", "canonical", "members", "profile")  # fields in the place of actions
RECEIVERS = ("receiver", "misreports")  # and of the receiver
LOSSES = ("losses", "loss")  # depend on the origin under inner-product loss alone
Solve = Callable[[Influencers, Request], Answer]
Verify = Callable[[Influencers, Mapping[str, Any], Request], tuple[dict[str, Any], Certificate]]


@dataclass(frozen=True)
class Centred:
    """A game with squared loss about an origin near its action set; the game itself where that is near 0 already."""

    original: Influencers

    @cached_property
    def origin(self) -> Floats:
        """The place of the action set: 0, or a point near its middle of few digits, shape (d,)."""
        action_set = self.original.action_set
        lower, upper = action_set.bounds
        width = float((upper - lower).max())
        middle = 0.5 * lower + 0.5 * upper
        near = not np.abs(middle).max() > FAR * width
        if isinstance(action_set, Simplex) or near or action_set.is_point:
            return np.zeros(len(middle))
        digits = -int(np.floor(np.log10(width))) if width > 0 else 17
        return np.array([float(round(value, min(digits, 300))) for value in middle.tolist()])

    @cached_property
    def receiver_origin(self) -> fmpq_mat:
        """The receiver where every action is the origin: r, exactly, shape (d, 1)."""
        game = self.original
        background = matrix(game.background_point) * rational(game.background_weight)
        return background + matrix(self.origin) * total(game.weights)

    @cached_property
    def moves(self) -> bool:
        """Whether anything is moved at all."""
        if self.origin.any():
            return True
        low, high = self.original.receiver_range
        return bool(np.abs(self.original.background).max() > FAR * float((high - low).max()))

    @cached_property
    def game(self) -> Influencers:
        """The game about the origin."""
        game = self.original
        if not self.moves:
            return game
        targets = minus(game.targets, self.receiver_origin)
        moved = game.action_set.moved(self.origin) if self.origin.any() else game.action_set
        return replace(
            game, targets=targets, action_set=moved, background_weight=0.0, background_point=0.0 * targets[0]
        )

    def inwards(self, data: Any, key: str) -> Any:
        """Return what stands under a key about the origin; what is no array of numbers stays for others to refuse."""
        if key == "trajectory" and isinstance(data, (list, tuple)):
            return [self.point(entry) if isinstance(entry, Mapping) else entry for entry in data]
        if isinstance(data, Mapping):
            return self.point(data)
        try:
            values = np.asarray(data, dtype=float)
            finite = values.ndim > 0 and values.shape[-1] == self.original.dimension and np.isfinite(values).all()
        except (TypeError, ValueError, OverflowError):
            return data
        if not finite:
            return data
        return minus(values, matrix(self.origin) if key in ACTIONS else self.receiver_origin)

    def point(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return a claimed solution about the origin."""
        moved = {*ACTIONS, *RECEIVERS, "trajectory", "solution"}
        result = {key: self.inwards(value, key) if key in moved else value for key, value in data.items()}
        if data.get("ranges") is not None:
            result["ranges"] = self._ranges(data["ranges"], -1)
        return result

    def fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields about the origin in the game's own place; losses stay, the potential is recomputed."""
        back, receiver = matrix(-self.origin), -1 * self.receiver_origin
        result = dict(data)
        for key, value in data.items():
            if value is None:
                continue
            if key in ACTIONS:
                result[key] = minus(np.asarray(value), back)
            elif key in RECEIVERS:
                result[key] = minus(np.asarray(value), receiver)
            elif key == "ranges":
                result[key] = self._ranges(value, 1)
            elif key == "trajectory":
                result[key] = [self.fields(entry) for entry in value]
            elif key == "potential":
                result[key] = self.original.potential(result["actions"])
        return result

    def _ranges(self, data: Any, sign: int) -> Any:
        try:
            return np.asarray(data, dtype=float) + sign * self.origin[None, :, None]
        except (TypeError, ValueError):
            return data

    def request(self, request: Request) -> Request:
        """Return a request whose profile is about the origin."""
        if request.arguments.get("profile") is None:
            return request
        profile = self.inwards(request.arguments["profile"], "profile")
        return replace(request, arguments={**request.arguments, "profile": profile})


def solving(solve: Solve) -> Solve:
    """Return an algorithm that works about the origin."""

    def about(game: Influencers, request: Request) -> Answer:
        centred = Centred(game)
        if game.loss != "squared" or not centred.moves:
            return solve(game, request)
        inner = replace(centred.request(request), kept=Kept())
        request.kept.put(lambda: None if (kept := inner.kept.get()) is None else _back(centred, kept))
        return _back(centred, solve(centred.game, inner))

    return about


def _back(centred: Centred, answer: Answer) -> Answer:
    """Return an answer about the origin in the game's own place."""
    if answer.point is None:
        return answer
    point = centred.fields(answer.point)
    if answer.objective is None or "actions" not in point:
        return replace(answer, point=point)
    gap = 0.0 if answer.bound is None else answer.objective - answer.bound
    objective = centred.original.potential(point["actions"])
    bound = None if answer.bound is None else objective - gap
    return replace(answer, point=point, objective=objective, bound=bound)


def verifying(verify: Verify) -> Verify:
    """Return a certificate that is made about the origin."""

    def about(game: Influencers, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
        centred = Centred(game)
        if game.loss != "squared" or not centred.moves:
            return verify(game, point, request)
        fields, certificate = verify(centred.game, centred.point(point), centred.request(request))
        return centred.fields(fields), certificate

    return about
