"""``python -m benchmarks.fuzz_influencers [--games N] [--seconds T]``: random hostile games against fractions.

Seeded games over all sets, with small, zero and negative weights, coordinates in different units, sets far from 0,
tiny sets, nearly dependent rows and exact ties; each concept's answer is compared with `exact_influencers`. Prints for
each concept how many agree, are not verified (honest), are refused, and are verified and wrong (there must be none).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from benchmarks.exact_influencers import Exact, ball_error, vertices
from benchmarks.exact_programs import exact
from bigopt import Ball, Box, Hull, Influencers, Polytope, Simplex, solve
from bigopt.errors import BigoptError

AGREE = 1e-6  # of a coordinate's range over all receivers, or of the set's width
EPSILON = float(np.finfo(float).eps)
WEIGHTS = (0.5, 0.3, 0.2, 0.25, 1.0, 2.0, -0.5, -1.0, 0.1, 1 / 3)
SETS = ("box", "ball", "simplex", "polytope", "hull", "rows")
EXTRAS = ("plain", "small weights", "zero weight", "far", "units", "tiny", "ties", "large")


def game(seed: int, loss: str = "squared") -> tuple[Influencers, str]:
    """Return game number `seed` and what is hostile about it."""
    rng = np.random.default_rng([seed, loss == "squared"])
    kind, extra = str(rng.choice(SETS)), str(rng.choice(EXTRAS))
    n, d = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    whole = bool(rng.integers(2))
    weights = rng.choice(WEIGHTS, size=n)
    targets = _values(rng, (n, d), whole, 4)
    background = (float(rng.choice([0.0, 0.0, 1.0, 0.5])), _values(rng, (d,), whole, 3))
    if extra == "small weights":
        weights[rng.integers(n)] *= 10.0 ** -int(rng.integers(3, 12))
    if extra == "zero weight":
        weights[rng.integers(n)] = 0.0
    if extra == "ties":
        targets[rng.integers(n)] = targets[rng.integers(n)]
    unit: Any = np.ones(d)
    origin: Any = np.zeros(d)
    if extra == "units" and d > 1:
        unit = 10.0 ** rng.integers(-3, 4, size=d)
    if extra in ("tiny", "large"):
        unit = np.full(d, 10.0 ** (rng.integers(4, 10) * (-1 if extra == "tiny" else 1)))
    if extra == "far":
        origin = np.round(10.0 ** rng.integers(3, 13, size=d) * rng.choice([1.0, 3.0, -7.0], size=d))
    if kind == "simplex":
        origin = np.zeros(d)
    if kind in ("ball", "simplex"):
        unit = np.full(d, unit[0])
    action_set = _action_set(kind, d, whole, unit, origin, rng)
    total = float(weights.sum())
    targets = targets * unit + (np.round(total * origin, 3) if rng.integers(2) else origin)
    made = Influencers(
        weights, targets, action_set, loss=loss, background_weight=background[0], background_point=background[1] * unit,
        name=f"fuzz-{seed}",
    )  # fmt: skip
    return made, f"{kind}, {extra}"


def _values(rng: np.random.Generator, shape: tuple[int, ...], whole: bool, size: int) -> Any:
    return (
        rng.integers(-size, size + 1, size=shape).astype(float) if whole else np.round(rng.normal(size=shape) * size, 2)
    )


def _action_set(kind: str, d: int, whole: bool, unit: Any, origin: Any, rng: np.random.Generator) -> Any:
    if kind == "box":
        ends = np.sort(_values(rng, (2, d), whole, 3), axis=0)
        return Box(ends[0] * unit + origin, ends[1] * unit + origin)
    if kind == "ball":
        return Ball(_values(rng, (d,), whole, 2) * unit + origin, float(rng.integers(1, 4)) * unit[0])
    if kind == "simplex":
        return Simplex(float(rng.integers(1, 4)) * unit[0], d)
    if kind == "hull":
        return Hull(_values(rng, (int(rng.integers(1, 5)), d), whole, 3) * unit + origin)
    rows = np.vstack([np.eye(d), -np.eye(d), _values(rng, (2, d), whole, 3)])
    if kind == "rows":  # two that nearly say the same as others
        rows[-1] = np.round(rows[0] * 3 + rng.normal(size=d) * 10.0 ** -int(rng.integers(3, 10)), 12)
        rows[-2] = -rows[-1]
    middle = _values(rng, (d,), whole, 1)
    sides = rows @ middle + rng.integers(0, 4, size=len(rows)) * np.abs(rows).sum(axis=1)
    sides[: 2 * d] = np.maximum(sides[: 2 * d], (rows @ middle)[: 2 * d] + 1.0)
    scaled = rows / unit
    return Polytope(scaled, np.round(sides, 12) + scaled @ origin)


def nash(made: Influencers, seed: int) -> str:
    """Compare the receiver, and whether the equilibrium is unique."""
    found = solve(made, "nash")
    return equilibrium(made, found) if found.certificate.verified else "not verified"


def dynamics(made: Influencers, seed: int) -> str:
    """Compare where best responses in turn end."""
    found = solve(made, "dynamics", options={"max_updates": "5000"})
    if found.exit_code == 4:
        return "limit of moves"
    return equilibrium(made, found) if found.solved else "not verified"


def truthful(made: Influencers, seed: int) -> str:
    """Compare the receiver of truthful reports; on boxes nobody gains, elsewhere a misreport gains what it says."""
    found = solve(made, "truthful", options={"reports": "5"})
    if not found.certificate.verified:
        return "not verified"
    said = equilibrium(made, found, unique=False)
    if said != "agree" or isinstance(made.action_set, Ball):
        return said
    ranges = made.loss_ranges()
    low, high = made.receiver_range
    place = float(np.abs([low, high]).max()) + float(np.abs(made.targets).max())
    for i, gain in enumerate(found.gains):
        known = Exact(on_a_line(made)).receiver
        told = known
        if found.fields.get("misreports") is not None:
            targets = made.targets.copy()
            targets[i] = found.misreports[i]
            told = Exact(on_a_line(replace(made, targets=targets))).receiver
        wanted = [exact(t) for t in made.targets[i].tolist()]
        losses = [sum(((v - t) ** 2 for v, t in zip(x, wanted, strict=True)), fmpq(0)) for x in (known, told)]
        right = max(0.0, number(losses[0] - losses[1]))
        size = float(((np.abs(made.targets[i] - low) + (high - low)) ** 2).sum())
        if abs(gain - right) > AGREE * float(ranges[i]) + 64 * EPSILON * place * size**0.5:
            return f"WRONG: gain of {i}: {gain}, right {right}"
    return "agree"


def equilibrium(made: Influencers, found: Any, unique: bool = True) -> str:
    """Compare a receiver, and whether the equilibrium is unique where that is asked."""
    low, high = made.receiver_range
    reach = high - low
    if isinstance(made.action_set, Ball) and made.dimension > 1:
        error = ball_error(made, found.actions, found.receiver)
        place = float(np.abs([low, high]).max() + np.abs(made.targets).max() + np.abs(made.action_set.bounds).max())
        pulls = np.abs(made.weights[:, None] * (made.targets - found.receiver)).sum()
        rounded = (8 * EPSILON * place * float(pulls)) ** 0.5  # the yardstick is a gap, and actions are floats
        noise = 64 * EPSILON * place + rounded
        return "agree" if error <= 1e-3 * float(reach.max()) + noise else f"WRONG: receiver off by up to {error:g}"
    known = Exact(on_a_line(made))
    right = np.array([number(v) for v in known.receiver])
    place = np.abs(right) + np.abs([low, high]).max(axis=0)
    off = np.abs(found.receiver - right) - 8 * EPSILON * len(made.weights) * place
    if (off > AGREE * reach).any():
        return f"WRONG: receiver {found.receiver}, right {right}"
    if not unique or found.unique is None:
        return "agree"
    several = any(a != b for a, b in (known.range(i, k) for i in range(made.players) for k in range(made.dimension)))
    return "agree" if bool(found.unique) != several else f"WRONG: unique {found.unique}"


def on_a_line(made: Influencers) -> Influencers:
    """Return the game itself, but for a ball on a line, which is a box."""
    if not isinstance(made.action_set, Ball):
        return made
    centre, radius = Fraction(repr(float(made.action_set.center[0]))), Fraction(repr(float(made.action_set.radius)))
    return replace(made, action_set=Box([float(centre - radius)], [float(centre + radius)]))


def ne_set(made: Influencers, seed: int) -> str:
    """Compare all ranges."""
    if isinstance(made.action_set, Ball) and made.dimension > 1:
        return "no yardstick"
    found = solve(made, "ne-set")
    if not found.certificate.verified:
        return "not verified"
    known = Exact(on_a_line(made))
    lower, upper = made.action_set.bounds
    width = upper - lower
    for i in range(made.players):
        for k in range(made.dimension):
            ends = np.array([number(v) for v in known.range(i, k)])
            noise = 16 * EPSILON * max(abs(lower[k]), abs(upper[k]))
            if (np.abs(found.ranges[i, k] - ends) > 2 * AGREE * width[k] + noise).any():
                return f"WRONG: range of {i}, {k}: {found.ranges[i, k]}, right {ends}"
    return "agree"


def best_response(made: Influencers, seed: int) -> str:
    """Compare the loss with the least possible, at a random vertex profile."""
    if isinstance(made.action_set, Ball) and made.dimension > 1:
        return "no yardstick"
    rng = np.random.default_rng(seed)
    profile = made.action_set.argmax(rng.normal(size=made.targets.shape))
    player = int(rng.integers(made.players))
    found = solve(made, "best-response", player=player, profile=profile.tolist())
    if not found.certificate.verified:
        return "not verified"
    profile = np.array(profile)
    profile[player] = found.action
    best, now = Exact(on_a_line(made)).response(player, profile)
    low, high = made.receiver_range
    size = float(((np.abs(made.targets[player] - low) + (high - low)) ** 2).sum())
    place = float(np.abs([low, high]).max()) + float(np.abs(made.targets[player]).max())
    allowed = AGREE * float(made.loss_ranges()[player]) + 64 * EPSILON * place * (size**0.5 + EPSILON * place)
    return "agree" if number(now - best) <= allowed else f"WRONG: loss {number(now)}, least {number(best)}"


def dominant(made: Influencers, seed: int) -> str:
    """Compare which vertices are dominant, and whether one is alone."""
    if isinstance(made.action_set, Ball) and made.dimension > 1:
        return "no yardstick"
    found = solve(made, "dominant")
    if not found.certificate.verified:
        return "not verified"
    known = Exact(on_a_line(made))
    lower, upper = made.action_set.bounds
    for i in range(made.players):
        best = known.exposed(i, tuple(known.weights[i] * t for t in known.targets[i]))
        points = np.array([[number(v) for v in known.vertices[k]] for k in best])
        if bool(found.unique[i]) != (len(best) == 1):
            return f"WRONG: unique of {i}"
        ends = np.stack([points.min(axis=0), points.max(axis=0)])
        slack = AGREE * (upper - lower) + 16 * EPSILON * np.abs([lower, upper]).max(axis=0)
        if ((found.actions[i] < ends[0] - slack) | (found.actions[i] > ends[1] + slack)).any():
            return f"WRONG: action of {i}: {found.actions[i]}, dominant are {ends.tolist()}"
    return "agree"


def number(value: Any) -> float:
    """Return the nearest float of a fraction."""
    return int(value.p) / int(value.q)


CONCEPTS: dict[str, tuple[str, Callable[[Influencers, int], str]]] = {
    "nash": ("squared", nash),
    "ne-set": ("squared", ne_set),
    "best-response": ("squared", best_response),
    "dominant": ("inner-product", dominant),
    "dynamics": ("squared", dynamics),
    "truthful": ("squared", truthful),
}


def outcome(concept: str, seed: int) -> tuple[str, str]:
    """Return what came of one game, and what it is."""
    loss, compare = CONCEPTS[concept]
    try:
        made, words = game(seed, loss)
    except BigoptError as error:
        return f"no game: {str(error)[:70]}", "refused when made"
    if isinstance(made.action_set, Polytope) and not vertices(made.action_set):
        return "no yardstick", words  # empty by a rounding of its numbers, a point but for that
    try:
        return compare(made, seed), words
    except BigoptError as error:
        return f"refused: {str(error)[:90]}", words


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_influencers", description=__doc__)
    parser.add_argument("--games", type=int, default=2000, help="a concept")
    parser.add_argument("--seed", type=int, default=0, help="of the first game")
    parser.add_argument("--seconds", type=float, default=1e9, help="a concept, at most")
    parser.add_argument("--concept", default="", help="this one only")
    given = parser.parse_args()
    wrong = 0
    for concept in CONCEPTS if not given.concept else [given.concept]:
        counts: Counter[str] = Counter()
        end = time.monotonic() + given.seconds
        for seed in range(given.seed, given.seed + given.games):
            if time.monotonic() > end:
                break
            result, words = outcome(concept, seed)
            short = result.split(":")[0]
            counts[short] += 1
            if short not in ("agree", "no yardstick", "no game"):
                print(f"{concept} {seed} ({words}): {result}")
        wrong += counts["WRONG"]
        print(f"{concept}: {counts.total()} games: " + ", ".join(f"{v} {k}" for k, v in counts.most_common()))
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
