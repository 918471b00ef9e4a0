"""The Battling Influencers Game: building, the exact algorithms, and solvers beside them.

Peers PIQP and Clarabel are called directly on the lifted program; NashOpt states the players' optimality conditions as
a mixed-integer program and has HiGHS solve it (all: `pip install 'bigopt[benchmarks]'`). Every run of a peer has 120 s
and 16 GB, and one that does not finish counts as 120 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

import bigopt
from benchmarks import lifted
from benchmarks.timing import Outcome, Row, limited, paired, row
from bigopt.action_sets import Ball, Box, Hull, Simplex
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.deadline import Deadline
from bigopt.games.influencers.exact import box
from bigopt.games.influencers.exact import equilibrium as exact
from bigopt.games.influencers.game import Influencers

LIMIT = 120.0  # seconds
MEMORY = 16_000.0  # megabytes
CORNERS = 64  # points of the hull
SAME = 1e-3  # distance of two receivers that are called the same


def run(smoke: bool) -> list[Row]:
    """Return the rows of every case; `smoke` makes all of them tiny."""
    rows = [_building(20 if smoke else 12_500)]
    rows += _million(1_000 if smoke else 1_000_000, 1 if smoke else 5)
    rows += _solvers(50 if smoke else 1_000, 1 if smoke else 3)
    for n in (10,) if smoke else (100, 400):
        rows += _nashopt(n, 1 if smoke else 3)
    for n in (200,) if smoke else (10_000, 100_000):
        for kind in ("box", "ball", "simplex", "hull"):
            rows += _action_set(kind, n, 4 if smoke else 16, 1 if smoke else 3)
    return rows


def game(kind: str, players: int, dimension: int, seed: int = 0) -> Influencers:
    """Return a random game with targets that spread beyond the action set."""
    rng = np.random.default_rng([seed, players, dimension])
    targets = rng.normal(size=(players, dimension))
    points = rng.normal(size=(CORNERS, dimension))
    sets = {
        "box": Box(-np.ones(dimension), np.ones(dimension)),
        "ball": Ball(np.zeros(dimension), 1.0),
        "simplex": Simplex(1.0, dimension),
        "hull": Hull(points / np.linalg.norm(points, axis=1, keepdims=True)),
    }
    if kind == "simplex":
        targets = targets / 2 + 1 / dimension
    weights = rng.uniform(0.5, 1.5, size=players) / players
    return Influencers(weights, targets, sets[kind], name=f"{kind}-{players}x{dimension}")


def _building(players: int) -> Row:
    """Build the Pyomo model in a process of its own; the note gives the peak memory."""
    setup = f"import bigopt\nfrom benchmarks.influencers import game\ng = game('box', {players}, 16)"
    outcome = limited("model = bigopt.build('big_potential', g)", setup=setup, seconds=LIMIT, memory_mb=MEMORY)
    return row(f"build big_potential, {players * 16:,} actions", "Pyomo", outcome)


def _million(players: int, repeats: int) -> list[Row]:
    """Sort, solve, and solve with the certificate, one coordinate."""
    rng = np.random.default_rng(0)
    interval = Box(np.array([-1.0]), np.array([1.0]))
    g = Influencers(rng.uniform(0.5, 1.5, players) / players, rng.normal(size=(players, 1)), interval)
    contenders: dict[str, Callable[[], Any]] = {
        "numpy.argsort": lambda: np.argsort(g.targets[:, 0]),
        "exact formula": lambda: box.receiver(box.coordinates(g)),
        "exact with certificate": lambda: _proved(g, "exact"),
    }
    return paired(f"box, n = {players:,}, d = 1", contenders, repeats=repeats, warm=True)


def _solvers(players: int, repeats: int) -> list[Row]:
    """The solvers of the base install through Pyomo, to a certified answer."""
    g = game("box", players, 2)
    names = ("exact", "highs", "ipopt", "scip")
    contenders: dict[str, Callable[[], Any]] = {name: lambda name=name: _proved(g, name) for name in names}
    return paired(f"box, n = {players:,}, d = 2, certified", contenders, repeats=repeats, warm=True)


NASHOPT = """
import nashopt
import numpy as np
from benchmarks.influencers import line
g = line({players})
w, t = g.weights, g.targets[:, 0]
n = len(w)
"""
NASHOPT_SOLVE = """
curve = 2.0 * np.outer(w, w)
problem = nashopt.GNEP_LQ([1] * n, [curve] * n, [-2.0 * aim * w for aim in t], lb=-np.ones(n), ub=np.ones(n))
value = float(w @ np.asarray(problem.solve().x))
"""


def line(players: int) -> Influencers:
    """Return a random game on [-1, 1]."""
    rng = np.random.default_rng([0, players, 1])
    interval = Box(np.array([-1.0]), np.array([1.0]))
    return Influencers(rng.uniform(0.5, 1.5, players) / players, rng.normal(size=(players, 1)), interval)


def _nashopt(players: int, repeats: int) -> list[Row]:
    """NashOpt beside `exact`, with and without the certificate; both must find the same receiver."""
    g = line(players)
    known = float(box.receiver(box.coordinates(g))[0])

    def peer() -> Outcome:
        setup = NASHOPT.format(players=players)
        found = limited(NASHOPT_SOLVE, setup=setup, seconds=LIMIT, memory_mb=MEMORY)
        if found.done and abs(found.value - known) > SAME:
            return replace(found, outcome="failed", note=f"its receiver is {abs(found.value - known):.1g} off")
        return found

    contenders: dict[str, Callable[[], Any]] = {
        "exact with certificate": lambda: _proved(g, "exact"),
        "exact formula": lambda: box.receiver(box.coordinates(g)),
        "NashOpt": peer,
    }
    return paired(f"box, n = {players}, d = 1", contenders, repeats=repeats)


def _action_set(kind: str, players: int, dimension: int, repeats: int) -> list[Row]:
    """`exact` end to end beside generic solvers on one action set."""
    g = game(kind, players, dimension)
    known = exact.equilibrium(g, Deadline(LIMIT)).receiver
    allowed = {"seconds": LIMIT, "memory_mb": MEMORY}
    contenders: dict[str, Callable[[], Outcome]] = {"exact with certificate": lambda: _measured(g, allowed)}
    if kind != "ball":
        contenders["PIQP"] = lambda: limited(lambda: _near(g, known, lifted.piqp), **allowed)
    contenders["Clarabel"] = lambda: limited(lambda: _near(g, known, lifted.clarabel), **allowed)
    return paired(f"{kind}, n = {players:,}, d = {dimension}", contenders, repeats=repeats)


def _measured(g: Influencers, allowed: dict[str, float]) -> Outcome:
    """Run `exact` in its own process; the note gives its peak above the loaded game in sizes of the targets."""
    outcome = limited(lambda: _proved(g, "exact"), **allowed)
    if outcome.above_mb is None or not outcome.done:
        return outcome
    times = outcome.above_mb * 2**20 / g.targets.nbytes
    return Outcome(**{**outcome.__dict__, "note": f"peak {times:.1f} x targets above the game"})


def _proved(g: Influencers, solver: str) -> float:
    """Solve with certificate, insist on it, and return the regret in units of the payoff range."""
    solution = bigopt.solve(g, solver=solver, time_limit=LIMIT)
    if not solution.solved:
        failed = ", ".join(check.name for check in solution.certificate.failed)
        raise RuntimeError(f"{solution.stopped}: {failed or 'not verified'}")
    return next(check.value for check in solution.certificate.checks if check.name == "regret")


def _near(g: Influencers, known: Floats, peer: Callable[[Influencers], Floats]) -> float:
    """Run a peer and return how far its receiver is from the exact one: it must have solved the same game."""
    distance = float(np.abs(peer(g) - known).max())
    if distance > SAME:
        raise RuntimeError(f"its receiver is {distance:.1g} off")
    return distance
