"""``python -m benchmarks.fuzz_persuasion [--games N] [--seconds T] [--first SEED]``: hostile games against fractions.

Seeded games with outcomes of -1e9 that nobody takes, utilities far from 0 and in units of 1e-9 or 1e9, decimals that
differ in the last digit, hedges and twins, states of probability 0, one state or one action, under every tie rule. Each
answer is compared with `exact_persuasion`. Prints for each concept how many agree, are not verified (honest), are
refused, and are verified and wrong (there must be none).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.exact_persuasion import Matrix, single, two_states
from bigopt import Persuasion, solve
from bigopt.errors import BigoptError
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
    weights = [int(w) for w in np.asarray(made.prior_weights)]
    p = [Fraction(w, sum(weights)) for w in weights]
    u, U = exact(made.alice), exact(made.bobs[0].utility)
    first = made.tie_break == "first"
    if concept in ("signaling", "oblivious"):
        return single(p, u, U, first, Fraction(repr(made.margin)))
    if len(p) == 1:
        p, u, U = [p[0], Fraction(0)], u * 2, U * 2
    order: list[Matrix] | None = [] if first else None
    kernel: Matrix = exact(made.alice_signal) if made.alice_signal is not None else [[Fraction(1)]] * len(made.prior)
    if concept == "best-response":
        for scheme in profile[1:]:
            kernel = [[a * b for a in x for b in y] for x, y in zip(kernel, exact(scheme), strict=True)]
        if len(made.bobs) > 1 and not first:
            order = [exact(bob.utility) * (2 if len(made.prior) == 1 else 1) for bob in made.bobs]
    if len(made.prior) == 1:
        kernel = kernel * 2
    return two_states((p[0], p[1]), u, U, kernel, order)


def judge(seed: int, concept: str) -> str:
    """Solve one game and compare: agree, unverified, refused, or WRONG."""
    made, unit, profile = game(seed, concept)
    right = expected(made, concept, profile)
    try:
        if concept == "best-response":
            found = solve(made, concept, profile=profile, bob="b0")
        else:
            found = solve(made, "oblivious" if concept == "oblivious" else "signaling")
    except BigoptError:
        return "refused"
    if right is None:
        return "agree" if found.exit_code == 3 else "WRONG (there is no scheme)"
    if found.exit_code == 3:
        return "WRONG (says infeasible)"
    if not found.certificate.verified:
        return "unverified"
    value = found.fields["expected"][0] if concept == "oblivious" else found.fields["value"]
    return "agree" if abs(Fraction(float(value)) - right) <= AGREE * Fraction(unit) else "WRONG"


def main() -> None:
    """Run the fuzzer and print the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    totals: dict[str, Counter[str]] = {concept: Counter() for concept in CONCEPTS}
    end = time.monotonic() + given.seconds
    for seed in range(given.first, given.first + given.games):
        if time.monotonic() > end:
            break
        for concept in CONCEPTS:
            verdict = judge(seed, concept)
            totals[concept][verdict.split()[0]] += 1
            if verdict.startswith(("WRONG", "unverified")):
                print(f"{concept} {seed}: {verdict}", flush=True)
    for concept, counts in totals.items():
        print(
            f"{concept}: {sum(counts.values())} games, " + ", ".join(f"{n} {word}" for word, n in counts.most_common())
        )


if __name__ == "__main__":
    main()
