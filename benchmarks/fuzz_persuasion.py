"""``python -m benchmarks.fuzz_persuasion [--concept C] [--games N] [--first SEED]``: hostile games against fractions.

Seeded games with outcomes of -1e9 that nobody takes, utilities far from 0 and in units of 1e-9 or 1e9, decimals that
differ in the last digit, hedges and twins, states of probability 0, one state or one action, under every tie rule. Each
answer is compared with `exact_persuasion`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from benchmarks.exact_alignment import epsilon
from benchmarks.exact_persuasion import Matrix, single, two_states, value_at
from benchmarks.fuzzing import Case, decimal, differs, first, main
from bigopt import Persuasion
from bigopt.games.persuasion import Bob

AGREE = 2e-6  # of the unit that the sender's utilities are drawn in
EXTRAS = ("plain", "never", "rare", "shift", "units", "near", "twins", "hedge", "zero state", "decimals")
CONCEPTS = ("signaling", "best-response", "private", "oblivious")


def game(seed: int, concept: str) -> tuple[Persuasion, float, Any]:
    """Return game number `seed`, the unit of its senders' utilities, and a profile for its senders."""
    rng = np.random.default_rng([seed, CONCEPTS.index(concept)])
    beside = concept in ("best-response", "private")
    states, actions = int(rng.integers(1, 3 if beside else 5)), int(rng.integers(1, 4 if beside else 6))
    bobs = int(rng.integers(1, 4)) if concept == "best-response" else int(rng.integers(1, 3))
    extra = str(rng.choice(EXTRAS))
    weights = rng.integers(1, 5, size=states)
    tables = [rng.integers(-3, 6, size=(states, actions)).astype(float) for _ in range(bobs + 1)]
    if extra == "decimals":
        tables = [np.round(table / 10, 1) for table in tables]
    alice, units = tables[0], np.ones(bobs + 1)
    if extra == "never":
        _never(rng, tables)
    if extra == "rare":
        alice[rng.integers(states), rng.integers(actions)] -= 10.0 ** rng.integers(3, 11)
    if extra in ("shift", "units"):
        for k, table in enumerate(tables):
            table *= (factor := 10.0 ** rng.integers(-9, 10) if extra == "units" else 1.0)
            table += np.round(10.0 ** rng.integers(0, 10)) * (extra == "shift")
            units[k] = factor
    if extra == "near":
        _near(rng, alice)
    if extra in ("twins", "hedge"):
        a, b, c = rng.integers(actions, size=3)
        alice[:, a] = alice[:, b] if extra == "twins" else (alice[:, b] + alice[:, c]) / 2
    if extra == "zero state" and states > 1:
        s = rng.integers(states)
        weights[s] = 0
        alice[s] *= 1e9
        tables[-1][s, rng.integers(actions)] = 1e9
    rule: Any = str(rng.choice(["sender", "first"]))
    if concept == "signaling" and rng.random() < 0.2:
        rule = {"margin": float(rng.integers(0, 3)) * float(units[0]) / 4}
    made = Persuasion(
        [f"s{s}" for s in range(states)], [f"a{a}" for a in range(actions)], alice,
        [Bob(f"b{j}", table) for j, table in enumerate(tables[1:])], prior_weights=weights, tie_break=rule,
        alice_signal=_scheme(rng, states) if concept == "private" else None, name=f"fuzz-{concept}-{seed}",
    )  # fmt: skip
    return made, float(units[1]), [_scheme(rng, states) for _ in range(bobs)]


def _never(rng: np.random.Generator, tables: list[Any]) -> None:
    """Make actions that Alice never takes, of enormous utility to somebody."""
    actions = tables[0].shape[1]
    for _ in range(int(rng.integers(1, 3))):
        column = rng.integers(actions)
        if actions > 1:
            tables[0][:, column] = -(10.0 ** rng.integers(3, 13))
            tables[rng.integers(1, len(tables))][:, column] += 10.0 ** rng.integers(0, 10) * rng.choice([-1, 1])


def _near(rng: np.random.Generator, alice: Any) -> None:
    """Make actions that differ by the last bit of a float."""
    states, actions = alice.shape
    alice[:] = alice / 10
    for _ in range(int(rng.integers(1, 4))):
        s, a, b = rng.integers(states), rng.integers(actions), rng.integers(actions)
        alice[s, a] = np.nextafter(alice[s, b], rng.choice([-np.inf, np.inf]))


def _scheme(rng: np.random.Generator, states: int) -> Any:
    """Return a scheme [S][2 or 3] in tenths, now and then silent or revealing."""
    kind = rng.integers(4)
    if kind == 0:
        return np.ones((states, 1))
    if kind == 1:
        return np.eye(states)
    count = int(rng.integers(2, 4))
    return rng.multinomial(10, np.full(count, 1 / count), size=states) / 10


def exact(table: Any) -> Matrix:
    """Return the decimals of a table as fractions."""
    return [[Fraction(repr(float(v))) for v in row] for row in np.asarray(table)]


def expected(made: Persuasion, concept: str, profile: Any) -> Fraction | None:
    """Return the supremum of the first sender in fractions."""
    if concept in ("signaling", "oblivious"):
        u, U = exact(made.alice), exact(made.bobs[0].utility)
        return single(chances(made), u, U, made.tie_break == "first", decimal(made.margin))
    return reply(made, 0, profile if concept == "best-response" else [])


def chances(made: Persuasion) -> list[Fraction]:
    """Return the prior in fractions."""
    weights = [int(w) for w in np.asarray(made.prior_weights)]
    return [Fraction(w, sum(weights)) for w in weights]


def reply(made: Persuasion, bob: int, profile: Any, stay: bool = False) -> Fraction:
    """Return what a sender can have beside the others' schemes and Alice's own signals; `stay`: what his own gets him.

    Games of one state get a second one, of probability 0, that is like it.
    """
    p, times = chances(made), 3 - len(made.prior)
    p = [*p, Fraction(0)][:2]
    u, U = exact(made.alice) * times, exact(made.bobs[bob].utility) * times
    order: list[Matrix] | None = [] if made.tie_break == "first" else None
    kernel: Matrix = exact(made.alice_signal) if made.alice_signal is not None else [[Fraction(1)]] * len(made.prior)
    for j, scheme in enumerate(profile):
        if j != bob or stay:
            kernel = [[a * b for a in x for b in y] for x, y in zip(kernel, exact(scheme), strict=True)]
    if profile and len(made.bobs) > 1 and made.tie_break != "first":
        order = [exact(b.utility) * times for b in made.bobs]
    if stay:
        return value_at(p[1], u, U, kernel * times, order)
    return two_states((p[0], p[1]), u, U, kernel * times, order)


def asked(concept: str, seed: int) -> Case:
    """Return a game whose first sender's value is compared."""
    made, unit, profile = game(seed, concept)
    right = expected(made, concept, profile)

    def wrong(found: Any) -> str | None:
        value = found.fields["expected"][0] if concept == "oblivious" else found.fields["value"]
        return differs("value", float(value), right, Fraction(unit), AGREE)

    arguments = {"profile": profile, "bob": "b0"} if concept == "best-response" else {}
    name = "signaling" if concept == "private" else concept
    return Case(made, name, wrong, arguments=arguments, absent=right is None)


def joint(seed: int) -> Case:
    """Compare everybody's utility and regret in a given profile."""
    made, _, profile = game(seed, "best-response")

    def wrong(found: Any) -> str | None:
        faults = []
        for j, bob in enumerate(made.bobs):
            stake = decimal(np.ptp(bob.utility)) or Fraction(1)
            now = reply(made, j, profile, stay=True)
            gain = max(Fraction(0), reply(made, j, profile) - now)
            faults.append(differs(f"bob {j}", float(found.bobs[j]), now, stake, AGREE))
            place = Fraction(float(np.abs(bob.utility).max())) * Fraction(1e-15)
            faults.append(differs(f"regret {j}", float(found.regrets[j]), gain, stake * Fraction(AGREE) + place, 1.0))
        return first(*faults)

    return Case(made, "joint", wrong, arguments={"profile": profile})


def first_best(seed: int) -> Case:
    """Compare with the best action of every state."""
    made, _, _ = game(seed, "signaling")
    p, u = chances(made), exact(made.alice)

    def wrong(found: Any) -> str | None:
        told = sum((c * max(row) for c, row in zip(p, u, strict=True)), Fraction(0))
        alone = max(
            sum((c * v for c, v in zip(p, column, strict=True)), Fraction(0)) for column in zip(*u, strict=True)
        )
        for s, row in enumerate(u):
            if p[s] and row[int(found.actions[s])] != max(row):
                return f"action {found.actions[s]} in {s}"
        spread = max(map(max, u)) - min(map(min, u))
        return first(
            differs("opt", found.opt, told, spread, 1e-15), differs("alone", found.alone, alone, spread, 1e-15)
        )

    return Case(made, "first-best", wrong)


def alignment(seed: int) -> Case:
    """Compare Definition 1 with fractions."""
    made, _, _ = game(seed, "best-response")

    def wrong(found: Any) -> str | None:
        alice, *bobs = ([v for row in exact(t) for v in row] for t in (made.alice, *(b.utility for b in made.bobs)))
        stake = max(max(own) - min(own) for own in (alice, *bobs))
        place = max(abs(v) for own in (alice, *bobs) for v in own)
        return differs("epsilon", found.epsilon, epsilon(alice, bobs), stake * Fraction(1e-9) + place / 10**15, 1.0)

    return Case(made, "alignment", wrong)


CASES: dict[str, Callable[[int], Case]] = {
    **{concept: partial(asked, concept) for concept in CONCEPTS},
    **{"joint": joint, "first-best": first_best, "alignment": alignment},
}


if __name__ == "__main__":
    raise SystemExit(main("fuzz_persuasion", CASES, __doc__.split(".")[0]))
