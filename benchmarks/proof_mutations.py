"""``python -m benchmarks.proof_mutations [COUNT] [SEED]``: changed proofs of every rule, and what the checker says.

A changed proof that is accepted must claim something true: what it claims of a quantity that the game determines (a
value, not one of several optimal schemes) must overlap what the unchanged proof says, since both hold the truth.
"""

from __future__ import annotations

import copy
import json
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from bigopt import catalog
from bigopt.engine.prove import prove
from bigopt.places import folder, load

CASES: tuple[tuple[Any, ...], ...] = (  # an instance, a concept, and options where some were asked for
    ("big/box/players-10-dimension-2", "nash"),
    ("big/simplex/players-10-dimension-3", "nash"),
    ("big/polytope/players-10-dimension-2", "nash"),
    ("big/hull-example-2", "nash"),
    ("big/ball/players-10-dimension-2", "nash"),
    ("big/example-2-infinite", "truthful"),
    ("big/example-3-diamond", "dominant"),
    ("persuasion/courtroom", "signaling"),
    ("persuasion/random/states-5-actions-4", "signaling"),
    ("persuasion/courtroom", "oblivious"),
    ("persuasion/courtroom", "alignment"),
    ("market/synthetic-2", "worst"),
    ("market/synthetic-2", "best"),
    ("market/synthetic-2", "stable"),
    ("market/synthetic-2", "misalignment"),
    ("market/synthetic-2", "worst", {"schemes": "randomized"}),
    ("market/lotteries", "stable", {"schemes": "randomized"}),
    ("market/lotteries", "worst", {"obedience": True}),
    ("market/lotteries", "stable", {"obedience": True}),
    ("market/lone-bob", "best", {"obedience": True}),
    ("subsets/example-5-4", "nash"),
    ("subsets/example-5-4", "extremes"),
    ("mechanism/three-answers", "payments"),
    ("mechanism/l2-corner", "train"),
    ("hull/table-2", "audit"),
    ("hull/table-2", "combination"),
    ("conversation/proposition-2", "first-best"),
    ("conversation/parity-code", "aligned-leader"),
    ("big/example-2-infinite", "ne-set"),
    ("persuasion/second-opinion", "signaling"),
    ("persuasion/second-opinion", "joint"),
)
SEVERAL = {"actions", "regrets", "scheme", "schemes", "weights", "offset", "choices", "bob"}
OF_ANOTHER = {
    ("signaling", "alice"),
    ("oblivious", "combined"),
    ("oblivious", "gap"),
    ("joint", "alice"),
    ("joint", "bobs"),
    ("joint", "regrets"),
}  # optimum, where there are several
OF_ANOTHER |= {("nash", "losses"), ("dominant", "losses"), ("dominant", "receiver"), ("nash", "receiver")}


def run(count: int, seed: int = 0) -> list[tuple[str, str, Counter[str]]]:
    """Return, for each case, how many changed proofs were refuted, malformed, accepted and true, or false."""
    checker = load(folder("checker") / "check_proof.py")
    rng = np.random.default_rng(seed)
    found = []
    for name, concept, *asked in CASES:
        path, options = catalog.instance(name), asked[0] if asked else {}
        made, read, said = (
            json.loads(json.dumps(prove(path, concept, options=options))),
            checker.load(path),
            Counter[str](),
        )
        for _ in range(-(-count // len(CASES))):
            changed = _changed(made, rng)
            try:
                checker.check(read, changed)
                said["true" if _true(made, changed, concept) else "FALSE"] += 1
            except checker.Refuted:
                said["refuted"] += 1
            except checker.Bad:
                said["malformed"] += 1
        title = ", ".join([concept, *(f"{key}={str(value).lower()}" for key, value in options.items())])
        found.append((name, title, said))
    return found


def _changed(made: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return a proof with some numbers moved, entries lost, doubled or exchanged, in claims, witness or both."""
    proof = copy.deepcopy(made)
    where = [["claims"], ["witness"], ["claims", "witness"]][int(rng.integers(3))]
    for part in where:
        places = list(_places(proof[part]))
        for _ in range(int(rng.integers(1, 4))):
            if places:
                holder, key = places[int(rng.integers(len(places)))]
                _change(holder, key, rng)
    return proof


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every holder and key of JSON data, at any depth."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _change(holder: Any, key: Any, rng: np.random.Generator) -> None:
    """Change one entry, where it still is."""
    try:
        value = holder[key]
    except (KeyError, IndexError):
        return
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, list) and value:
        at = int(rng.integers(len(value)))
        if rng.random() < 0.5:
            value.pop(at)
        else:
            value.insert(at, copy.deepcopy(value[int(rng.integers(len(value)))]))
    elif isinstance(value, str):
        try:
            number = Fraction(value)
        except ValueError:
            return
        by = Fraction(int(rng.integers(-9, 10)) or 1, 10 ** int(rng.integers(0, 31)))
        holder[key] = str([number + by, number * (1 + by), -number, Fraction(0), number + 1][int(rng.integers(5))])


def _true(made: dict[str, Any], changed: dict[str, Any], concept: str) -> bool:
    """Whether no accepted claim of a determined quantity leaves out what the unchanged proof says."""
    keys = set(changed["claims"]) - SEVERAL - {field for of, field in OF_ANOTHER if of == concept}
    return all(key in made["claims"] and _overlap(made["claims"][key], changed["claims"][key]) for key in keys)


def _overlap(one: Any, other: Any) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        return type(one) is type(other) and len(one) == len(other) and all(map(_overlap, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    (a, b), (c, d) = _ends(one), _ends(other)
    return a <= d and c <= b


def _ends(claim: Any) -> tuple[Fraction, Fraction]:
    low, up = (claim["lower"], claim["upper"]) if isinstance(claim, dict) else (claim, claim)
    return Fraction(low), Fraction(up)


def main() -> int:
    """Print the table."""
    words = [int(word) for word in sys.argv[1:]]
    found = run(*(words or [1000]))
    print("| instance | concept | changed | refuted | malformed | accepted, true | accepted, false |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, concept, said in found:
        counts = [said.total(), said["refuted"], said["malformed"], said["true"], said["FALSE"]]
        print(f"| `{name}` | `{concept}` | {' | '.join(map(str, counts))} |")
    return 1 if any(said["FALSE"] for _, _, said in found) else 0


if __name__ == "__main__":
    sys.exit(main())
