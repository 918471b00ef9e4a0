"""The labelling receiver beside statistics packages, the game in closed form, and Section 6.2's experiment.

Peers fit the same labels: statsmodels' GLM with the same offset; scikit-learn's logistic regression, which takes none
and fits the offset's coefficient as one more; Ipopt and POUNCE on the Pyomo model; evalica on its own problem (items,
not ideal points), which ours answers with one coordinate an item. A peer that is not installed is a row that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from scipy import sparse

import bigopt
from benchmarks.timing import Row, limited, paired
from bigopt import Preferences, solvers
from bigopt.arithmetic.arrays import Floats
from bigopt.errors import SolverNotFound
from bigopt.games.preferences.exact.likelihood import Likelihood
from bigopt.games.preferences.generate import preferences
from bigopt.games.preferences.receiver import SUITS
from bigopt.reproduce.labelling import numbers
from bigopt.reproduce.labelling import run as experiment

SAME = 1e-6  # of an estimate's coordinate: peers stop at their own tolerances


def run(smoke: bool) -> list[Row]:
    """Return the rows of every case; `smoke` makes all of them tiny."""
    rows = []
    for count, dimension in ((400, 2),) if smoke else ((20_000, 10), (1_000_000, 10)):
        rows += fits(count, dimension, smoke)
    rows += items(20 if smoke else 200, 400 if smoke else 20_000)
    players = 100 if smoke else 100_000
    game = preferences(players=players, samples=5, seed=1)
    assert game.drawn.count == 5 * players
    rows += paired(f"equilibrium of {players} labellers, certified", {"exact": lambda: equilibrium(game)}, repeats=3)
    seeds = 2 if smoke else 100
    work = {"exact": lambda: [numbers(*experiment(seed)) for seed in range(seeds)]}
    return rows + paired(f"Section 6.2's experiment, {seeds} seeds", work, repeats=1)


def equilibrium(game: Preferences) -> float:
    """Solve and verify; return the receiver."""
    solution = bigopt.solve(game, "equilibrium")
    if not solution.solved:
        raise RuntimeError(f"{game.name}: not verified")
    return float(solution.receiver[0])


def fits(count: int, dimension: int, smoke: bool) -> list[Row]:
    """Fit one data set by everybody who can; their estimates must agree."""
    game = preferences(players=2, dimension=dimension, samples=count // 2, spread=2.0, seed=1)
    pairs, labels = game.drawn, game.drawn.labels(game.targets)
    likelihood = Likelihood(pairs.offsets, pairs.slopes)
    best = likelihood.fit(labels, np.zeros(dimension))

    def agreed(found: Floats) -> float:
        gap = float(np.abs(found - best).max())
        if gap > SAME:
            raise AssertionError(f"{gap:.2g} away from the maximizer")
        return gap

    work: dict[str, Callable[[], Any]] = {
        "Newton": lambda: agreed(likelihood.fit(labels, np.zeros(dimension))),
        "Newton, proved": lambda: likelihood.prove(likelihood.statistic(labels), likelihood.fit(labels, best)).distance,
        "statsmodels GLM": lambda: agreed(glm(pairs.offsets, pairs.slopes, labels)),
        "scikit-learn, the offset fitted": lambda: sklearn_fit(pairs.offsets, pairs.slopes, labels),
    }
    rows = paired(f"MLE, {count} comparisons, d = {dimension}", work, repeats=1 if count > 10**5 else 3)
    if count <= 20_000:
        solved = {
            f"{name} on the Pyomo model": (
                lambda name=name: limited(lambda: agreed(by_solver(game, name)), seconds=120)
            )
            for name in ("ipopt", "pounce")
        }
        for name in solved:  # libraries are loaded before the clock starts, as Newton's are
            with suppress(SolverNotFound):  # its row says so
                by_solver(preferences(players=2, dimension=2, samples=5, seed=1), name.split()[0])
        mine = {"Newton": work["Newton"]}
        rows += paired(f"MLE model file, {count} comparisons, d = {dimension}", mine | solved, repeats=1)
    return rows


def by_solver(game: Preferences, name: str) -> Floats:
    """Build the Pyomo model and solve it."""
    model = bigopt.build("preference_mle", game)
    done = solvers.run(name, model, "NLP", options=SUITS[name])
    if done.holds != "optimal":
        raise RuntimeError(f"{name}: {done.stopped}")
    return np.array([x.value for x in model.receiver.values()], dtype=float)


def glm(offsets: Floats, slopes: Floats, labels: Any) -> Floats:
    """Fit by statsmodels with the same offset."""
    import statsmodels.api as sm

    fitted = sm.GLM(labels.astype(float), slopes, family=sm.families.Binomial(), offset=offsets).fit(tol=1e-12)
    return np.asarray(fitted.params, dtype=float)


def sklearn_fit(offsets: Floats, slopes: Floats, labels: Any) -> Floats:
    """Fit by scikit-learn, which takes no offset: its coefficient is fitted too."""
    from sklearn.linear_model import LogisticRegression

    columns = np.column_stack([offsets, slopes])
    model = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-8)
    return np.asarray(model.fit(columns, labels).coef_[0, 1:], dtype=float)


def items(count: int, comparisons: int) -> list[Row]:
    """Fit Bradley-Terry scores of items, the problem of rating packages, by both."""
    rng = np.random.default_rng(1)
    scores = rng.normal(size=count)
    first = rng.integers(0, count, comparisons)
    second = (first + rng.integers(1, count, comparisons)) % count
    wins = rng.random(comparisons) < 1.0 / (1.0 + np.exp(scores[second] - scores[first]))
    rows, ones = np.arange(comparisons), np.ones(comparisons)
    entries = (np.concatenate([ones, -ones]), (np.concatenate([rows, rows]), np.concatenate([first, second])))
    slopes = sparse.csr_array(entries, shape=(comparisons, count))[:, 1:]  # the first item's score is 0
    likelihood, start = Likelihood(np.zeros(comparisons), slopes), np.zeros(count - 1)
    names = [str(i) for i in range(count)]
    pairs = [names[i] for i in first], [names[i] for i in second]

    def proved() -> float:
        return likelihood.prove(likelihood.statistic(wins), likelihood.fit(wins, start)).distance

    def evalica_fit() -> Any:
        import evalica

        winners = [evalica.Winner.X if won else evalica.Winner.Y for won in wins.tolist()]
        return evalica.bradley_terry(*pairs, winners).iterations

    work = {"Newton": lambda: likelihood.fit(wins, start), "Newton, proved": proved, "evalica": evalica_fit}
    return paired(f"Bradley-Terry, {count} items, {comparisons} comparisons", work, repeats=5, warm=True)
