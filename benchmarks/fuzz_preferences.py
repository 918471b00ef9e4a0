"""``python -m benchmarks.fuzz_preferences [--concept C] [--games N]``: random hostile labelling games against 200 bits.

Seeded games on a line (the receiver in the plane too) of up to four labellers and a dozen comparisons: laws of a few
points, equal and outermost targets, one labeller, responses far from the action set or tiny beside it, labels that one
direction fits. Each answer is compared with `exact_preferences`; responses to drawn labels with every label that a fake
point can lead to.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.exact_persuasion import optimum
from benchmarks.exact_preferences import equilibrium as at_equilibrium
from benchmarks.exact_preferences import estimate, law, number, receiver, score
from benchmarks.fuzzing import Case, NoYardstickError, first, main
from bigopt import Box, Preferences

EXTRAS = ("plain", "equal", "ends", "one labeller", "far", "small", "large", "uneven")
CLOSE = 1e-7  # of the action set's width


def game(seed: int, fewest: int = 2) -> tuple[Preferences, list[Any], str]:
    """Return a game of a law of a few points number `seed`, its pairs, and what is hostile about it."""
    rng = np.random.default_rng([seed, 21])
    extra = str(rng.choice(EXTRAS))
    n = 1 if extra == "one labeller" else int(rng.integers(1, 5))
    points = np.unique(rng.integers(-4, 5, int(rng.integers(2, 5)))).astype(float)
    if len(points) < 2:
        points = np.array([-1.0, 2.0])
    chances = rng.multinomial(100, rng.dirichlet(np.ones(len(points)))) / 100
    chances = np.maximum(chances, 0.01)
    chances = np.round(chances / chances.sum(), 6)
    chances[chances.argmax()] += 1 - chances.sum()
    unit = {"small": 0.01, "large": 4.0}.get(extra, 1.0)
    middle = float(rng.integers(1, 4)) if extra == "far" else 0.0
    low, high = middle - float(rng.integers(1, 5)) / 2 * unit, middle + float(rng.integers(1, 5)) / 2 * unit
    targets = np.round(rng.uniform(low, high, (n, 1)), 3)
    if extra == "equal":
        targets[:] = targets[0]
    if extra == "ends":
        targets[:] = rng.choice([low, high, (low + high) / 2], (n, 1))
    targets = np.clip(targets, low, high)
    samples = rng.integers(fewest, fewest + 11, n) if extra != "uneven" else rng.choice([fewest, 40], n)
    responses = {"distribution": "given", "points": points[:, None].tolist(), "probabilities": chances.tolist()}
    made = Preferences(targets, Box([low], [high]), samples, responses, seed=seed, name=f"fuzz-{seed}")
    return made, law(points.tolist(), chances.tolist()), extra


def ends(made: Preferences) -> tuple[float, float]:
    """Return the ends of the action set."""
    lower, upper = made.action_set.bounds
    return float(lower[0]), float(upper[0])


def shares(made: Preferences) -> list[Any]:
    """Return everybody's share of the comparisons."""
    return [number(int(s)) / int(made.samples.sum()) for s in made.samples]


def apart(name: str, found: float, right: Any, made: Preferences, share: float = CLOSE) -> str | None:
    """Return that a point is not where it should be."""
    low, high = ends(made)
    return None if abs(float(right) - float(found)) <= share * (high - low) else f"{name} {found}, right {float(right)}"


def equilibrium(seed: int) -> Case:
    """Compare the receiver with a bisection of what is supplied, and everybody's regret by both ends of the set."""
    made, pairs, words = game(seed)
    low, high = ends(made)

    def wrong(found: Any) -> str | None:
        weights, targets = shares(made), made.targets[:, 0].tolist()
        right = at_equilibrium(pairs, weights, targets, low, high)
        played = [score(pairs, number(x)) for x in found.actions[:, 0]]
        reached = receiver(pairs, sum((w * h for w, h in zip(weights, played, strict=True)), number(0)), low, high)
        faults = [
            apart("receiver", found.receiver[0], right, made),
            apart("of the actions", found.receiver[0], reached, made),
        ]
        for i, t in enumerate(targets):
            rest = sum((w * h for j, (w, h) in enumerate(zip(weights, played, strict=True)) if j != i), number(0))
            to = [float(receiver(pairs, rest + weights[i] * score(pairs, number(x)), low, high)) for x in (low, high)]
            nearest = min(max(t, to[0]), to[1])
            if abs(found.receiver[0] - t) > abs(nearest - t) + CLOSE * (high - low):
                faults.append(f"player {i} could bring the receiver to {nearest}")
        return first(*faults)

    return Case(made, "equilibrium", wrong, words=words)


def truthful(seed: int) -> Case:
    """Compare the receiver, and try misreports: nobody gains."""
    made, pairs, words = game(seed)
    low, high = ends(made)

    def wrong(found: Any) -> str | None:
        weights, targets = shares(made), made.targets[:, 0].tolist()
        right = float(at_equilibrium(pairs, weights, targets, low, high))
        faults = [apart("receiver", found.receiver[0], right, made)]
        faults += [None if g <= CLOSE * (high - low) ** 2 else f"gain {g}" for g in found.gains]
        rng = np.random.default_rng([seed, 22])
        for i, t in enumerate(targets):
            for report in (low, high, *rng.uniform(low, high, 2)):
                end = float(at_equilibrium(pairs, weights, [*targets[:i], report, *targets[i + 1 :]], low, high))
                if abs(end - t) < abs(right - t) - CLOSE * (high - low) and found.proved:
                    faults.append(f"player {i} gains by {report}")
        return first(*faults)

    return Case(made, "truthful", wrong, words=words)


def known_pairs(seed: int) -> tuple[Preferences, Any, Any, Any, str]:
    """Return a game of known comparisons in one or two dimensions, with the pairs and labels."""
    rng = np.random.default_rng([seed, 23])
    extra = str(rng.choice(["plain", "few", "one way", "twice", "far"]))
    d, count = int(rng.integers(1, 3)), int(rng.integers(1, 4)) if extra == "few" else int(rng.integers(4, 13))
    y, z = (rng.integers(-4, 5, (count, d)).astype(float) / 2 for _ in range(2))
    if extra == "far":
        y, z = y + 3.0, z + 3.0
    label = rng.integers(0, 2, count)
    if extra == "one way":
        label = (((y - z) @ np.ones(d)) > 0).astype(int)
    if extra == "twice":
        y[1::2], z[1::2] = y[: len(y[1::2]) * 2 : 2], z[: len(y[1::2]) * 2 : 2]
    n = int(rng.integers(1, min(3, count) + 1))
    player = np.r_[np.arange(n), rng.integers(0, n, count - n)]
    order = np.argsort(player, kind="stable")
    box = Box(-4 * np.ones(d), 4 * np.ones(d))
    table = {"player": player.tolist(), "y": y.tolist(), "y_prime": z.tolist(), "label": label.tolist()}
    made = Preferences(np.zeros((n, d)), box, comparisons=table, seed=seed, name=f"fuzz-{seed}")
    return made, y[order], z[order], label[order], f"{extra}, {d} dimensions"


def estimated(seed: int) -> Case:
    """Judge the estimate by its own equation, which has one solution, and separation by a program in fractions."""
    made, y, z, label, words = known_pairs(seed)
    a, b = (z**2).sum(axis=1) - (y**2).sum(axis=1), 2 * (y - z)

    def wrong(found: Any) -> str | None:
        x = np.asarray(found.receiver)
        margin = a + b @ x
        chance = 1 / (1 + np.exp(-margin))
        slope = b.T @ (label - chance)
        bend = (b * (chance * (1 - chance))[:, None]).T @ b
        step = np.linalg.solve(bend, slope)
        if abs(step).max() > 1e-6 * (1 + abs(x).max()):
            return f"receiver {x}, a Newton step from it {step}"
        value = -float(np.log1p(np.exp(np.where(label == 1, -margin, margin))).sum())
        if abs(value - found.log_likelihood) > 1e-9 * (1 + abs(value)):
            return f"log-likelihood {found.log_likelihood}, by definition {value}"
        fisher = np.sqrt(np.diag(np.linalg.inv(bend)))
        if found.fisher_sd is not None and not np.allclose(found.fisher_sd, fisher, rtol=1e-6):
            return f"fisher_sd {found.fisher_sd}, by definition {fisher}"
        return None

    return Case(made, "receiver", wrong, absent=_separable(np.where(label[:, None] == 1, b, -b)), words=words)


def _separable(toward: Any) -> bool:
    """Whether some direction other than 0 agrees with every label: no maximizer, or more than one."""
    live = [[Fraction(float(v)) for v in row] for row in toward.tolist() if any(row)]
    d = toward.shape[1]
    if np.linalg.matrix_rank(toward) < d:
        return True
    count = len(live)
    rows = []
    for k, row in enumerate(live):  # row.(v+ - v-) - slack = 0
        rows.append([*row, *(-v for v in row), *(Fraction(-int(i == k)) for i in range(count)), Fraction(0)])
    rows.append([Fraction(0)] * (2 * d) + [Fraction(1)] * count + [Fraction(1)])  # the slacks add up to 1 at most
    cost = [Fraction(0)] * (2 * d) + [Fraction(1)] * count + [Fraction(0)]
    found = optimum(cost, rows, [*([Fraction(0)] * count), Fraction(1)])
    return found is None or found > 0


def dynamics(seed: int) -> Case:
    """Recompute the last receiver from the labels, and try every label that a fake point can lead to."""
    made, _, words = game(seed, 15)
    low, high = ends(made)
    drawn = made.drawn
    reach = 50 + 10 * max(abs(low), abs(high))
    owner = np.repeat(np.arange(made.players), np.diff(drawn.starts))
    pairs = [(1, number(a), number(b)) for a, b in zip(drawn.offsets, drawn.slopes[:, 0], strict=True)]

    def receiver_of(actions: Any) -> float | None:
        labels = drawn.noise < drawn.offsets + drawn.slopes[:, 0] * np.asarray(actions)[owner]
        found = estimate(pairs, labels.tolist(), reach)
        return None if found is None else float(found)

    def wrong(found: Any) -> str | None:
        actions = found.actions[:, 0].tolist()
        end = receiver_of(actions)
        if end is None or abs(end) > reach - 1:
            raise NoYardstickError("one direction fits all labels")
        faults = [apart("receiver", found.receiver[0], end, made, 1e-6)]
        for i, t in enumerate(made.targets[:, 0].tolist()):
            own = (owner == i) & (drawn.slopes[:, 0] != 0)
            turns = np.sort((drawn.noise[own] - drawn.offsets[own]) / drawn.slopes[own, 0])
            inside = [low, *turns[(turns > low) & (turns < high)], high]
            for x in [low, high, *((u + v) / 2 for u, v in zip(inside[:-1], inside[1:], strict=True))]:
                other = receiver_of([*actions[:i], x, *actions[i + 1 :]])
                if other is not None and abs(other - t) < abs(end - t) - 1e-6 * (high - low):
                    faults.append(f"player {i} brings the receiver to {other} by {x}")
        return first(*faults)

    return Case(made, "dynamics", wrong, absent=receiver_of(made.targets[:, 0]) is None, words=words)


CASES: dict[str, Callable[[int], Case]] = {
    "equilibrium": equilibrium, "truthful": truthful, "receiver": estimated, "dynamics": dynamics,
}  # fmt: skip

if __name__ == "__main__":
    raise SystemExit(main("fuzz_preferences", CASES, __doc__.split(".")[0]))
