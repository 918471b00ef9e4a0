"""Type graphs: against networkx, brute force, Karp, and the paper's theorems."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from bigopt import catalog, load, solve
from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Request
from bigopt.concepts.deadline import Deadline
from bigopt.errors import InstanceError, UsageError
from bigopt.games.mechanism import Group, Mechanism
from bigopt.games.mechanism.exact import type_graph
from bigopt.games.mechanism.response import Seat
from bigopt.games.mechanism.types import lengths_of, policies_of
from bigopt.games.mechanism.verify import cycles as verify

spec = importlib.util.spec_from_file_location("mechanism_games", Path(__file__).with_name("games.py"))
assert spec is not None and spec.loader is not None
games = importlib.util.module_from_spec(spec)
spec.loader.exec_module(games)


def karp(lengths: Floats) -> float:
    """Return the minimum mean of a cycle by Karp's theorem (1978): min over t of max over k of (d_n - d_k) / (n - k).

    d_k(t) is the least length of a walk of k edges to t. Needs n^2 numbers and n^3 steps: a second algorithm for
    small type sets.
    """
    count = len(lengths)
    graph = lengths.copy()
    np.fill_diagonal(graph, np.inf)
    walks = np.empty((count + 1, count))
    walks[0] = np.where(np.arange(count) == 0, 0.0, np.inf)
    for k in range(count):
        walks[k + 1] = (walks[k][:, None] + graph).min(axis=0)
    ends = np.arange(count, 0, -1)[:, None]
    with np.errstate(invalid="ignore"):
        means = (walks[count] - walks[:count]) / ends
    means = np.where(np.isfinite(walks[:count]), means, -np.inf)
    return float(means.max(axis=0).min())


def types(count: int, m: int = 4, seed: int = 0) -> list[Group]:
    rng = np.random.default_rng(seed)
    return [Group(f"t{t}", int(rng.integers(1, 5)), rng.dirichlet(np.full(m, 0.6))) for t in range(count)]


def failed(game: Mechanism, **point: Any) -> list[str]:
    _, certificate = verify.verify(game, point, Request("cycles"))
    return [check.name for check in certificate.failed]


@pytest.mark.parametrize("seed", range(20))
def test_the_minimum_mean_agrees_with_every_cycle_and_with_karp(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 7))
    lengths = rng.normal(size=(count, count)) if seed % 2 else rng.integers(-3, 4, (count, count)).astype(float)
    np.fill_diagonal(lengths, 0.0)
    found, cycle = type_graph.minimum_mean_cycle(lengths, Deadline())
    every = [
        type_graph.length_of(lengths, list(p)) / k for k in range(2, count + 1) for p in permutations(range(count), k)
    ]
    assert found == pytest.approx(min(every), abs=1e-12)
    assert type_graph.length_of(lengths, cycle) / len(cycle) == pytest.approx(found, abs=1e-12)
    assert karp(lengths) == pytest.approx(found, abs=1e-12)


def test_a_large_graph_agrees_with_karp_and_networkx() -> None:
    lengths = np.random.default_rng(1).normal(size=(60, 60)) + 0.5
    np.fill_diagonal(lengths, 0.0)
    mean, _ = type_graph.minimum_mean_cycle(lengths, Deadline())
    assert karp(lengths) == pytest.approx(mean)
    lifted = lengths - mean + 1e-9
    graph = nx.DiGraph([(s, t, {"weight": lifted[s, t]}) for s in range(60) for t in range(60) if s != t])
    theirs = nx.single_source_bellman_ford_path_length(graph, 0)
    ours = type_graph.shortest_paths(lifted, 0, Deadline())
    np.testing.assert_allclose(ours, [theirs[t] for t in range(60)], atol=1e-12)


@pytest.mark.parametrize("regularizer", ["kl", "l2"])
def test_social_welfare_is_implementable_and_affine_payments_lie_in_the_intervals(regularizer: str) -> None:
    game = games.game(4, 3, 2, regularizer=regularizer, strength=0.3, types=types(8))
    found = solve(game, "cycles")
    assert found.solved and found.implementable and found.epsilon_star == 0.0
    paid = []
    for kind in game.types or ():
        told = replace(game, groups=[Group("g0", kind.size, kind.reward), *game.groups[1:]], types=None, policy=None)
        paid.append(solve(told, "payments").payments[0])
    shifted = np.array(paid) - paid[0]
    assert (shifted >= found.intervals[:, 0] - 1e-9).all() and (shifted <= found.intervals[:, 1] + 1e-9).all()


def test_the_counterexample_has_its_sum_and_its_error() -> None:
    game = load(catalog.instance("mechanism/nash-welfare-cycle"))
    for solver in ("exact", "highs"):
        found = solve(game, "cycles", solver)
        assert (
            found.solved
            and not found.implementable
            and not found.equivalent
            and sorted(found.fields["cycle"]) == [0, 1]
        )
        assert 2 * found.minimum_mean == pytest.approx(-0.0133, abs=5e-5)
        assert found.epsilon_star == pytest.approx(-found.minimum_mean, abs=1e-9)
    np.testing.assert_allclose(found.intervals, (found.payments - found.payments[0])[:, None].repeat(2, 1), atol=1e-12)
    raised = found.payments + np.array([0.0, 1e-3])
    assert failed(game, payments=raised) == ["smallest error"]


@pytest.mark.parametrize("seed", range(3))
def test_another_cycle_with_its_own_mean_is_refused(seed: int) -> None:
    """A cycle and its mean agree with one another in a claim; that no cycle has a lower mean is proved apart."""
    game = games.game(4, 3, 2, strength=0.3, types=types(5, seed=seed))
    found, lengths = solve(game, "cycles"), lengths_of(game, 0)
    assert found.solved and found.implementable
    for cycle in (list(p) for k in (2, 3) for p in permutations(range(5), k)):
        mean = type_graph.length_of(lengths, cycle) / len(cycle)
        refused = failed(game, payments=found.payments, cycle=cycle)
        assert refused == (["minimum mean"] if mean > found.minimum_mean + 1e-5 else []), cycle


def test_types_of_two_sizes_are_tied_to_one_payment() -> None:
    """w rm - w' rm' = 1: (1, 2, 3) / 6 of size 6 less (0, 1, 2) / 3 of size 3 is 1 everywhere: Theorem 4.5's pairs."""
    pair = [Group("six", 6, np.array([1, 2, 3]) / 6), Group("three", 3, np.array([0, 1, 2]) / 3)]
    more = [Group("other", 1, [0.7, 0.2, 0.1])]
    game = games.game(3, 2, 1, types=pair + more, max_size=6)
    found = solve(game, "cycles")
    assert found.solved
    assert np.ptp(found.intervals[1]) < 1e-12  # value 3 * 0 + 1 more for nothing: no freedom
    assert np.ptp(found.intervals[2]) > 1e-3  # an isolated type has some
    assert not found.equivalent and solve(replace(game, types=pair), "cycles").equivalent
    assert "theorem 4.5: size pairs" in [check.name for check in found.certificate.checks]


@pytest.mark.parametrize("unit", [1_000, 1_000_000])
def test_stakes_in_another_unit_change_no_verdict(unit: int) -> None:
    """Sizes and strength times a number: the same policies, lengths and payments times it."""
    pair = [Group("six", 6 * unit, np.array([1, 2, 3]) / 6), Group("three", 3 * unit, np.array([0, 1, 2]) / 3)]
    found = []
    for types_of, times in ((pair, unit), ([Group(t.name, t.size // unit, t.reward) for t in pair], 1)):
        game = games.game(3, 2, 1, types=types_of, strength=0.5 * times, max_size=6 * unit)
        told = [Group(g.name, g.size * times, g.reward) for g in game.groups]
        found.append(solve(replace(game, groups=told), "cycles"))
        assert found[-1].solved and found[-1].implementable and found[-1].equivalent
    np.testing.assert_allclose(found[0].payments, unit * found[1].payments, rtol=1e-9, atol=1e-9 * unit)


def test_payments_must_be_told() -> None:
    with pytest.raises(InstanceError, match="payments: missing"):
        failed(games.game(4, 3, 2, types=types(3)))


@pytest.mark.parametrize("cycle", [[1], [0, 1, 0], [0, 3], []])
def test_what_is_no_cycle_is_refused(cycle: list[int]) -> None:
    with pytest.raises(InstanceError, match="cycle"):
        failed(games.game(4, 3, 2, types=types(3)), payments=[0.0, 0.0, 0.0], cycle=cycle)


def test_the_group_is_the_claims_own_or_the_one_asked_for() -> None:
    game = games.game(4, 3, 2, types=types(5))
    found = solve(game, "cycles", group="g2")
    said = verify.verify(game, {"payments": found.payments, "group": 2}, Request("cycles"))
    asked = verify.verify(game, {"payments": found.payments}, Request("cycles", arguments={"group": "g2"}))
    for fields, certificate in (said, asked):
        assert fields["group"] == 2 and not certificate.failed
    assert failed(game, payments=found.payments) == ["smallest error"]  # the first group's graph is another
    for group in (3, 7):
        with pytest.raises(InstanceError, match="group"):
            failed(game, payments=found.payments, group=group)


def test_stakes_are_each_types_own() -> None:
    pair = [Group("six", 6, np.array([1, 2, 3]) / 6), Group("three", 3, np.array([0, 1, 2]) / 3)]
    game = games.game(3, 2, 1, types=pair, max_size=6)
    assert verify.stakes(game) == pytest.approx([2.0, 2.0])
    flat = [Group("six", 6, np.ones(3) / 3), Group("three", 3, np.ones(3) / 3)]
    assert verify.stakes(replace(game, types=flat)) == pytest.approx([2.0, 1.0])
    large = Group("large", 10**9, np.array([1.0, 0.0, 0.0]))
    assert verify.stakes(replace(game, types=[*flat, large], max_size=10**9)) == pytest.approx([1e3, 1e3, 1e9])
    lengths = np.array([[0.0, 0.3], [-0.1, 0.0]])
    (check,) = verify._size_pairs(game, lengths, 2.0)
    assert check.value == pytest.approx(0.2) and not check.passed and not check.claimed


def test_small_stakes_are_held_to_small_errors() -> None:
    """Nearly flat rewards: payments a hundredth of the stakes off, and another cycle, are as wrong as in large ones."""
    rng = np.random.default_rng(0)
    near = [Group(f"t{t}", t + 1, (1 + 1e-4 * rng.normal(size=4)) / 4.001) for t in range(4)]
    near = [Group(t.name, t.size, np.asarray(t.reward) / np.sum(t.reward)) for t in near]
    game = games.game(4, 3, 2, types=near)
    found, stake = solve(game, "cycles"), float(verify.stakes(game).max())
    assert found.solved and stake < 1e-2
    widest = int(np.argmax(found.intervals[:, 1] - found.intervals[:, 0]))
    raised = found.payments + 0.0
    raised[widest] = found.payments[0] + found.intervals[widest, 1] + 0.01 * stake
    assert "smallest error" in failed(game, payments=raised)
    lengths = lengths_of(game, 0)
    means = {p: type_graph.length_of(lengths, list(p)) / len(p) for p in permutations(range(4), 3)}
    other = max(means, key=lambda p: means[p])
    assert failed(game, payments=found.payments, cycle=list(other)) == ["minimum mean"]


def test_policies_of_types_are_proved_beside_other_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    game = games.game(4, 3, 2, objective="nash-welfare", types=types(3))
    found = solve(game, "cycles")
    assert found.solved
    right = policies_of(game, 0)
    where = "bigopt.games.mechanism.verify.cycles.policies_of"
    monkeypatch.setattr(where, lambda game, group: [(0.9 * p + 0.1 / len(p)) if group == 0 else p for p in right])
    assert failed(game, payments=found.payments) == ["policies"]


def test_another_group_has_another_graph() -> None:
    game = games.game(4, 3, 2, types=types(5))
    found = solve(game, "cycles", group="g2")
    assert found.group == 2 and found.solved
    assert not np.allclose(lengths_of(game, 2), lengths_of(game, 0))


def test_one_type_and_no_types_are_refused() -> None:
    with pytest.raises(UsageError, match="one type"):
        solve(games.game(4, types=types(1)), "cycles")
    with pytest.raises(UsageError, match="no type set"):
        solve(games.game(4), "cycles")


def test_statics_are_those_of_the_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """p is proportional to initial x exp(summed z / strength): z[o] lowered by .1 strength lowers p[o]."""

    class Falling(Seat):
        def policies(self, rows: Floats) -> Floats:
            return super().policies(2 * self.truth - rows)

    monkeypatch.setattr("bigopt.games.mechanism.verify.cycles.Seat", Falling)
    for strength in (0.2, 3.0):
        game = games.game(20, 3, 2, strength=strength, types=types(3, m=20))
        (check,) = verify.statics(game, 0)
        weights = game.initial * np.exp(game.sizes @ game.rewards / strength)
        here, falls = weights / weights.sum(), []
        for o in np.unique(np.linspace(0, 19, 16).astype(int)):
            lowered = weights * np.where(np.arange(20) == o, np.exp(-0.1), 1.0)
            falls.append(here[o] - (lowered / lowered.sum())[o])
        assert check.value == pytest.approx(max(falls), rel=1e-9) and not check.passed and not check.claimed
    assert not verify.statics(games.game(4, 3, 2, objective="nash-welfare", types=types(3)), 0)


@pytest.mark.parametrize(("m", "count"), [(2, 2), (16, 16), (20, 16)])
def test_every_outcome_is_raised_alone_or_sixteen_of_them(m: int, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one group's truth, by a tenth of the strength; the first and the last outcome are among them."""
    seen = []

    class Seen(Seat):
        def policies(self, rows: Floats) -> Floats:
            seen.append((self.group, rows - self.truth))
            return super().policies(rows)

    monkeypatch.setattr("bigopt.games.mechanism.verify.cycles.Seat", Seen)
    game = games.game(m, 3, 2, strength=3.0, types=types(3, m=m))
    (check,) = verify.statics(game, 1)
    ((group, raised),) = seen
    assert group == 1 and raised.shape == (count + 1, m) and check.limit == 1e-12 and check.passed
    np.testing.assert_allclose(raised.sum(axis=1), [0.3] * count + [0.0], atol=1e-12)
    np.testing.assert_allclose(raised.max(axis=1), [0.3] * count + [0.0], atol=1e-12)
    which = set(raised[:-1].argmax(axis=1).tolist())
    assert len(which) == count and {0, m - 1} <= which
    mixed = replace(load(catalog.instance("mechanism/three-adapters")), types=types(3), max_size=5)
    assert verify.statics(mixed, 0)[0].limit == 1e-6


def test_policies_of_a_mixture_class_are_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed forms are for all distributions: between three adapters social welfare is proved type by type, too."""
    game = replace(load(catalog.instance("mechanism/three-adapters")), types=types(3), max_size=5)
    found, right = solve(game, "cycles"), policies_of(game, 0)
    assert found.solved and found.certificate.checks[0].grade == "proved"
    middle = np.asarray(game.policies.base).mean(axis=0)
    where = "bigopt.games.mechanism.verify.cycles.policies_of"
    monkeypatch.setattr(where, lambda game, group: [0.9 * p + 0.1 * middle for p in right])
    assert failed(game, payments=found.payments) == ["policies"]
