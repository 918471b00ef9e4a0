"""Certificate of a straightforward conversation: played again by rectangles, and held to what is true of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt.concepts.concept import Request
from bigopt.concepts.solution import Certificate, Check
from bigopt.games.conversation.game import Conversation
from bigopt.games.conversation.verify.rectangles import Rectangle, Whole, play, singles

NEVER = -1


def step_of(request: Request) -> Fraction | None:
    """Return the grid step of the option `messages`; None announces beliefs exactly."""
    text = request.options["messages"]
    return None if text == "exact" else Fraction(text)


@dataclass
class Record:
    """What is known of each pair of features [X_A, X_B] after the rounds so far."""

    game: Conversation
    zeta: Fraction
    first: Whole = field(init=False)  # the round of first agreement
    agreed: Whole = field(init=False)
    lost: Whole = field(init=False)

    def __post_init__(self) -> None:
        """Start with nobody agreed."""
        shape = self.game.mass.shape
        self.first = np.full(shape, NEVER)
        self.agreed, self.lost = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)

    def update(self, turn: int, fresh: list[Rectangle]) -> None:
        """Judge the pairs of the rectangles that are new in a round."""
        several, rows, columns = singles(fresh)  # in one pair of features the two know the same, for good
        self.first[rows, columns] = np.where(self.first[rows, columns] == NEVER, turn, self.first[rows, columns])
        for rectangle in several:
            at = np.ix_(rectangle.rows, rectangle.columns)
            now = self.near(rectangle)
            self.lost[at] |= self.agreed[at] & ~now
            self.first[at] = np.where(now & (self.first[at] == NEVER), turn, self.first[at])
            self.agreed[at] = now

    def near(self, rectangle: Rectangle) -> Whole:
        """Return which pairs of a rectangle agree: the beliefs are within zeta in every coordinate, exactly."""
        (p, g), (q, h) = rectangle.side(self.game, True), rectangle.side(self.game, False)
        p, g, q, h = (part.astype(object) for part in (p, g, q, h))
        unit = self.game.units[1][0]
        apart = abs(g[:, :, None] * q - h[:, None, :] * p[:, None]).max(axis=0)
        allowed = p[:, None] * q * (self.zeta / unit).numerator
        return np.asarray(apart * (self.zeta / unit).denominator <= allowed)


def agreement(game: Conversation, point: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], Certificate]:
    """Play the conversation by rectangles, and measure agreement and error on them."""
    step, simultaneous = step_of(request), request.options["order"] == "simultaneous"
    record = Record(game, step or Fraction(0))
    for played, last in enumerate(play(game, step, simultaneous, request.deadline)):
        record.update(played, last.fresh)
    possible, total = game.possible, game.total
    errors, means, utility = _errors(game, last.rectangles), *_values(game, last.rectangles)
    share = {int(k): int(game.mass[possible & (record.first == k)].sum()) for k in np.unique(record.first[possible])}
    never = share.pop(NEVER, 0)
    opt = game.worth(0, game.gains[0].max(axis=0).sum())
    fields = {
        "rounds": {k: weight / total for k, weight in sorted(share.items())},
        "max_round": None if never else max(share),
        "lost_later": int(game.mass[record.lost].sum()) / total,
        "mean_error": math.fsum(float(e) * w for e, w in errors) / total,
        "max_error": max((e for e, _ in errors), default=Fraction(0)),
        "utility": utility,
        "opt": opt,
        "never": never / total,
        "played": played,
        "cells": len(last.rectangles),
    } | _bounds(game, step, last.rectangles)
    ended, alone = played < game.rounds, game.worth(0, _alone(game))
    off, lost = max(abs(mean) for mean in means), max(Fraction(0), alone - utility)
    checks = [
        Check("martingale", float(off), 0.0, "utility", "the mean final belief is the prior one", "proved"),
        Check("value of information", float(lost), 0.0, "utility", "Blackwell", "proved"),
    ]
    if ended:
        note = "at the fixed point each player's announcement is the other's within the grid step"
        checks.append(Check("agreement", never / total, 0.0, "probability", note, "proved"))
    if "played" in point:
        checks.append(_same(point, played, last.rectangles, game))
    return fields, Certificate(tuple(checks))


def _same(point: Mapping[str, Any], played: int, rectangles: list[Rectangle], game: Conversation) -> Check:
    """Compare the labels of the first algorithm with the rectangles of this one."""
    differing = abs(int(point["played"]) - played)
    if "_alice" in point:
        cell = np.zeros_like(point["_alice"])
        several, rows, columns = singles(rectangles)
        cell[rows, columns] = len(several) + np.arange(len(rows))
        for i, rectangle in enumerate(several):
            cell[np.ix_(rectangle.rows, rectangle.columns)] = i
        for labels, own in ((point["_alice"], np.indices(cell.shape)[0]), (point["_bobs"], np.indices(cell.shape)[1])):
            inside = game.possible
            triples = np.stack([labels[inside], cell[inside], own[inside]])
            both = np.unique(triples, axis=1).shape[1]
            differing += 2 * both - np.unique(labels[inside]).size - np.unique(triples[1:], axis=1).shape[1]
    return Check("rounds and partitions", float(differing), 0.0, "cells", "by rectangles against labels of pairs")


def _alone(game: Conversation) -> int:
    return int(game.gains[0].sum(axis=2).max(axis=0).sum())


def _errors(game: Conversation, rectangles: list[Rectangle]) -> list[tuple[Fraction, int]]:
    """Return each possible pair's error of Alice's final belief in the largest coordinate, and the pair's weight."""
    found = []
    unit = game.units[1][0]
    for rectangle in rectangles:
        if rectangle.columns.size == 1:  # she knows x_B
            continue
        weight, gains = rectangle.side(game, True)
        for i, a in enumerate(rectangle.rows.tolist()):
            p, row = int(weight[i]), gains[:, i].astype(object)
            for b in rectangle.columns.tolist():
                m = int(game.mass[a, b])
                if m and p != m:
                    off = max(abs(g * m - h * p) for g, h in zip(row, game.gains[0][:, a, b].tolist(), strict=True))
                    found.append((Fraction(off, p * m) * unit, m))
    return found


def _values(game: Conversation, rectangles: list[Rectangle]) -> tuple[list[Fraction], Fraction]:
    """Return how far the mean of Alice's final beliefs is from the prior one, and her utility."""
    several, rows, columns = singles(rectangles)
    known = game.gains[0][:, rows, columns]
    means: Any = known.sum(axis=1)
    best = int(known.max(axis=0).sum())
    for rectangle in several:
        _, gains = rectangle.side(game, True)
        means = means + gains.sum(axis=1)
        best += int(gains.max(axis=0).sum())
    prior = game.gains[0].sum(axis=(1, 2))
    return [game.worth(0, g) for g in means - prior], game.worth(0, best)


def _bounds(game: Conversation, step: Fraction | None, final: list[Rectangle]) -> dict[str, Any]:
    """Return Theorem 3's number of rounds and the fixed-point form of Theorem 4, beside what was measured.

    Theorem 3 with failure probability 1/20: K = 3 A / (zeta^2 / 20) in utilities of range 1. Theorem 4 at the fixed
    point: under substitutes the root mean square error on each final rectangle is at most 3/2 of the grid step.
    """
    spread = float(np.ptp(game.alice)) or 1.0
    zeta = None if step is None else float(step) / spread
    theorem_3 = None if zeta is None else 3 * game.sizes[2] / (zeta**2 * 0.05)
    theorem_4 = 0.0 if step is None else 1.5 * float(step)
    return {"theorem_3": theorem_3, "theorem_4": theorem_4, "rms_error": _rms(game, final)}


def _rms(game: Conversation, rectangles: list[Rectangle]) -> float:
    """Return the largest root mean square error of any action on any final rectangle."""
    worst = 0.0
    for rectangle in rectangles:
        if rectangle.columns.size == 1:  # she knows x_B
            continue
        at = np.ix_(rectangle.rows, rectangle.columns)
        mass, gains = game.mass[at], game.gains_above[0][:, rectangle.rows][:, :, rectangle.columns]
        known = gains.sum(axis=2, keepdims=True) / np.maximum(mass.sum(axis=1, keepdims=True), 1)
        apart = gains / np.maximum(mass, 1) - known
        square = (apart**2 * mass).sum(axis=(1, 2)) / mass.sum()
        worst = max(worst, math.sqrt(square.max()) * float(game.units[1][0]))
    return worst
