"""The RLHF game: payments beside n + 1 solves, audits in bulk, minimum mean cycles beside networkx.

Ipopt solves the Pyomo model `training_welfare` once, through bigopt's own adapter; n + 1 solves are that time times
n + 1, since each has the same size (the note says so). mechaudit audits a table of types, policies and payments by its
own enumeration of misreports (`pip install 'bigopt[benchmarks]'`).
"""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np

from benchmarks.timing import Row, limited, paired, row, timed
from bigopt.concepts.deadline import Deadline
from bigopt.engine.solve import solve
from bigopt.games.mechanism.exact import type_graph
from bigopt.games.mechanism.exact.misreports import payment_rule, utilities
from bigopt.games.mechanism.exact.payments import affine
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.generate import random_mechanism
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.types import lengths, lengths_of, policies_of, products_of

LIMIT = 120.0  # seconds for each peer
SAME = 1e-9  # of two gains, of rewards near 1


def run(smoke: bool) -> list[Row]:
    """Return rows: payments, audits, type graphs."""
    return [*payments(smoke), *audit(smoke), *cycles(smoke), *table(smoke)]


def payments(smoke: bool) -> list[Row]:
    """Payments from the trained policy alone, with and without the certificate, beside solves through Ipopt."""
    m, n = (200, 5) if smoke else (10_000, 50)
    game = random_mechanism(outcomes=m, groups=n, strength=0.1)
    case = f"payments, {m} outcomes, {n} groups"
    rows = paired(
        case,
        {
            "exact": lambda: affine(game, Deadline()),
            "exact, with its certificate": lambda: _solved(game, "payments"),
        },
        repeats=2 if smoke else 5,
        warm=True,
    )
    one = limited(lambda: _trained(game), seconds=LIMIT)
    if one.seconds is not None:
        one = replace(one, seconds=one.seconds * (n + 1), note=f"one Ipopt solve of the Pyomo model, times {n + 1}")
    reference = replace(one, seconds=rows[0]["seconds"])
    rows.append(row(case, "n + 1 solves by Ipopt", one, reference))
    m, n = (2000, 3) if smoke else (1_000_000, 20)
    large = random_mechanism(outcomes=m, groups=n, strength=0.1)
    rows += paired(
        f"payments, {m} outcomes, {n} groups", {"exact": lambda: affine(large, Deadline())}, repeats=1 if smoke else 3
    )
    return rows


def _solved(game: Mechanism, concept: str) -> float:
    solution = solve(game, concept)
    if not solution.solved:
        raise RuntimeError(f"{game.name}: {concept} not verified")
    return float(solution.revenue)


def _trained(game: Mechanism) -> float:
    solution = solve(game, "train", "ipopt")
    if not solution.solved:
        raise RuntimeError(f"Ipopt: {solution.stopped}, {[check.name for check in solution.certificate.failed]}")
    return float(solution.value)


def audit(smoke: bool) -> list[Row]:
    """Many misreports of one group, trained and paid."""
    m, count = (100, 200) if smoke else (1000, 10_000)
    game = random_mechanism(outcomes=m, groups=5, strength=0.1)
    rewards = np.random.default_rng(0).dirichlet(np.ones(m), count)
    seat = Seat(game, 0)
    sizes = np.ones(count)

    def tried(payments: str) -> float:
        return float(utilities(seat, rewards, sizes, payment_rule(seat, payments), Deadline()).max())

    return paired(
        f"audit, {count} misreports, {m} outcomes",
        {"no payments": lambda: tried("none"), "affine payments": lambda: tried("affine")},
        repeats=1 if smoke else 3,
    )


def cycles(smoke: bool) -> list[Row]:
    """The minimum mean cycle and the payments of a type set, beside networkx's search for a negative cycle."""
    count = 40 if smoke else 2000
    game = random_mechanism(outcomes=20, groups=3, types=count, strength=0.1)
    seconds, edges = timed(lambda: lengths_of(game, 0))

    def ours() -> float:
        mean, _ = type_graph.minimum_mean_cycle(edges, Deadline())
        type_graph.shortest_paths(edges + max(0.0, -mean), 0, Deadline())
        return mean

    def theirs() -> bool:
        graph = nx.from_numpy_array(edges, create_using=nx.DiGraph)
        return bool(nx.negative_edge_cycle(graph))

    case = f"type graph, {count} types"
    rows = paired(case, {"exact": ours, "networkx": lambda: limited(theirs, seconds=LIMIT)}, repeats=1 if smoke else 2)
    rows[0]["note"] = f"training on the types and their lengths: {seconds:.3g} s more"
    return rows


def table(smoke: bool) -> list[Row]:
    """The largest gain of any type by any other's report, under policies and payments that are given."""
    count = 10 if smoke else 200
    game = random_mechanism(outcomes=20, groups=3, types=count, strength=0.1)
    assert game.types is not None
    worth, policies = products_of(game.types), policies_of(game, 0)
    paid = type_graph.shortest_paths(lengths(worth, policies), 0, Deadline()) / 2.0  # halved: somebody gains

    def ours() -> float:
        return float((paid[None, :] - paid[:, None] - lengths(worth, policies)).max())

    def theirs() -> float:
        import mechaudit

        def value(agent: str, own: int, outcome: int) -> float:
            return float(worth[own, outcome])

        place = mechaudit.FiniteEnvironment(
            agents={"group": range(count)}, outcomes=range(20), values=mechaudit.PrivateValues(value)
        )
        given = mechaudit.DirectMechanism(allocation=policies, payments=paid[:, None])
        found = mechaudit.audit_mechanism(environment=place, mechanism=given, requirements=[mechaudit.DSIC()])
        gain = -min(check.slack for check in found.checks if check.family == "dsic")
        if abs(max(gain, 0.0) - max(ours(), 0.0)) > SAME:
            raise AssertionError(f"a gain of {gain:.3g}, expected {ours():.3g}")
        return gain

    case = f"audit of a table, {count} types, 20 outcomes"
    return paired(case, {"exact": ours, "mechaudit": theirs}, repeats=1 if smoke else 3)
