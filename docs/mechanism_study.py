"""Draw the maps of docs/mechanism.md and print its numbers: which rules can be priced, and how well draws cover.

Run from the root of a checkout: ``python docs/mechanism_study.py [type sets] [seeds]`` (about a minute by default).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.mechanism.exact import samples
from bigopt.games.mechanism.exact.payments import affine
from bigopt.games.mechanism.exact.regularizers import REGULARIZERS
from bigopt.games.mechanism.exact.training import Trainer
from bigopt.games.mechanism.exact.type_graph import minimum_mean_cycle
from bigopt.games.mechanism.exact.welfares import AlphaFair, Maximin, Social, Welfare
from bigopt.games.mechanism.generate import random_mechanism
from bigopt.games.mechanism.types import lengths

RULES: dict[str, Welfare] = {
    "social welfare": Social(),
    "1/2-fair": AlphaFair(0.5),
    "Nash welfare": AlphaFair(1.0),
    "2-fair": AlphaFair(2.0),
    "maximin": Maximin(),
}
NAMES = {"kl": "KL", "l2": "L2", "chi2": "chi-squared"}
TYPES, OUTCOMES, STRENGTH = 6, 3, 0.1
ZERO = 1e-7  # a cycle that is not negative


def type_set(seed: int) -> tuple[Floats, Floats, Floats]:
    """Return the initial model [m], one other group's reward [m] and the types' rewards [T][m], all of size 1."""
    rng = np.random.default_rng(seed)
    return np.full(OUTCOMES, 1 / OUTCOMES), rng.dirichlet(np.ones(OUTCOMES)), rng.dirichlet(np.ones(OUTCOMES), TYPES)


def smallest_error(rule: Trainer, other: Floats, types: Floats) -> float:
    """Return epsilon* of a rule on a type set."""
    policies = np.array([rule.train(np.stack([own, other]), np.ones(2)) for own in types])
    return max(0.0, -minimum_mean_cycle(lengths(types, policies), Deadline())[0])


def map_of_rules(count: int) -> tuple[Floats, Floats]:
    """Return, by rule and regularizer, the share of type sets that can be priced and the mean epsilon*."""
    errors = np.empty((len(RULES), len(NAMES), count))
    for seed in range(count):
        initial, other, types = type_set(seed)
        for i, welfare in enumerate(RULES.values()):
            for k, name in enumerate(NAMES):
                rule = Trainer(welfare, REGULARIZERS[name](initial, STRENGTH))
                errors[i, k, seed] = smallest_error(rule, other, types)
    return (errors <= ZERO).mean(axis=2), errors.mean(axis=2)


def draw(shares: Floats, errors: Floats, path: Path) -> None:
    """Draw both tables as colours with their numbers."""
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    titles = ("share of type sets that can be priced", "mean smallest error $\\varepsilon^*$")
    for axes, table, title, colours in zip(
        figure.subplots(1, 2, sharey=True), (shares, errors), titles, ("Blues", "Oranges"), strict=True
    ):
        axes.imshow(table, cmap=colours, vmin=0.0, vmax=max(float(table.max()), 1e-12), aspect="auto")
        for (i, k), number in np.ndenumerate(table):
            dark = number > 0.6 * table.max()
            text = f"{number:.0%}" if table is shares else f"{number:.4f}"
            axes.text(k, i, text, ha="center", va="center", color="white" if dark else "black")
        axes.set_xticks(range(len(NAMES)), list(NAMES.values()))
        axes.set_yticks(range(len(RULES)), list(RULES))
        axes.set_title(title, fontsize=11)
    figure.savefig(path, dpi=130)


def coverage(seeds: int) -> list[tuple[int, float, float, float]]:
    """Return for growing numbers of draws: how often all intervals cover, the mean radius, the mean error."""
    game = random_mechanism(outcomes=6, groups=3, sizes=3, strength=1.0, seed=0)
    policy, exact, _ = affine(game, Deadline())
    rows = []
    for count in (100, 1000, 10_000):
        found = [samples.estimate(game, samples.draw(policy, count, seed), 0.95) for seed in range(seeds)]
        inside = float(np.mean([bool((np.abs(f.payments - exact) <= f.radius).all()) for f in found]))
        radius = float(np.mean([f.radius for f in found]))
        rows.append((count, inside, radius, float(np.mean([np.abs(f.payments - exact) for f in found]))))
    return rows


def main() -> None:
    """Draw and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    for draws, inside, radius, error in coverage(seeds):
        print(f"{draws:6d} draws: covered {inside:.3f}, mean radius {radius:.4f}, mean error {error:.5f}")
    shares, errors = map_of_rules(count)
    for name, share, error in zip(RULES, shares, errors, strict=True):
        print(f"{name:15}", *(f"{s:5.0%} {e:.5f}" for s, e in zip(share, error, strict=True)))
    draw(shares, errors, Path(__file__).with_name("mechanism-map.png"))


if __name__ == "__main__":
    main()
