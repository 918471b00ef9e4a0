"""How well ``time_limit`` is kept: every kind and concept on a game that is too large for it, and every solver.

A solve may take its limit, a tenth more, and half a second, from the call to the certificate; what is refused is
refused before. Each runs in a process of its own that has solved nothing before.
``python -m benchmarks limits`` runs all of it as a topic; ``python -m benchmarks.limits [--seconds 2] [WORD...]``
prints the table of docs/RELIABILITY.md, or those of its rows whose name holds every WORD.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.timing import Outcome, Row, limited, row

GRACE = 0.5  # seconds that a solve may take beyond 1.1 x its limit
PATIENCE = 60.0  # seconds after which it is killed
SMOKE = "subsets"  # a kind whose large game is made at once
LARGE: dict[str, tuple[str, dict[str, Any]]] = {  # by kind: a family's name and its parameters
    "influencers": ("influencers", {"players": 200_000, "dimension": 32, "action_set": "hull"}),
    "subsets": ("news-feed", {"players": 4, "items": 120, "size": 12, "decimals": 6}),
    "persuasion": ("random-persuasion", {"states": 300, "actions": 250, "bobs": 3}),
    "market": ("random-market", {"states": 30, "policies": 8, "bobs": 4, "grid": 10**6}),
    "conversation": (
        "random-conversation",
        {"alice_features": 40, "bob_features": 40, "states": 4, "actions": 5, "bobs": 3},
    ),
    "mechanism": ("random-mechanism", {"outcomes": 300, "groups": 20, "types": 60, "sizes": 20}),
    "preferences": ("preferences", {"players": 40, "samples": 100_000}),
    "hull": ("noisy-rephrasings", {"rows": 20_000, "bobs": 400, "permutations": 1000}),
}
DIFFERENT: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {  # where the kind's own is not what takes long
    ("influencers", "dominant"): (
        "influencers",
        {"players": 200_000, "dimension": 32, "action_set": "hull", "loss": "inner-product"},
    ),
    ("influencers", "ne-set"): ("influencers", {"players": 3_000, "dimension": 12, "action_set": "hull"}),
    ("influencers", "dynamics"): ("influencers", {"players": 20_000, "dimension": 16, "action_set": "hull"}),
    ("subsets", "mixed"): ("news-feed", {"players": 2, "items": 8, "size": 3}),
    ("subsets", "all-nash"): ("news-feed", {"players": 3, "items": 30, "size": 6}),
    ("subsets", "extremes"): ("news-feed", {"players": 3, "items": 30, "size": 6}),
    ("conversation", "all-nash"): ("random-conversation", {"bobs": 3}),
    ("conversation", "selection"): ("random-conversation", {"bobs": 3}),
    ("conversation", "quantal-nash"): ("random-conversation", {"bobs": 3, "bob_features": 6}),
    ("preferences", "receiver"): ("preferences", {"players": 10, "samples": 20_000, "dimension": 3}),
}
SOLVERS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (  # solver, concept, family, parameters
    *(
        (name, "nash", "influencers", {"players": 4_000, "dimension": 16, "action_set": "simplex"})
        for name in ("highs", "scip", "ipopt", "pounce", "clarabel", "piqp")
    ),
    *(
        (name, "signaling", "random-persuasion", {"states": 150, "actions": 80})
        for name in ("highs", "scip", "ipopt", "pounce", "clarabel", "piqp", "cbc", "glpk")
    ),
    *((name, "nash", "news-feed", {"players": 3, "items": 40, "size": 8}) for name in ("highs", "scip", "cbc")),
    *((name, "all-nash", "news-feed", {"players": 3, "items": 14, "size": 5}) for name in ("highs", "scip")),
    *((name, "worst", "random-market", {"states": 60, "policies": 12}) for name in ("highs", "scip", "cbc")),
    ("ipopt", "train", "random-mechanism", {"outcomes": 20_000, "groups": 200}),
)

PROFILES = {  # by kind, as code: what others play, for concepts that hold them fixed
    "influencers": "np.tile(game.action_set.middle, (game.players, 1))",
    "subsets": "[list(range(size)) for size in game.sizes]",
    "persuasion": "[np.eye(len(game.states)).tolist() for _ in game.bobs]",
    "market": "[[0] * game.S for _ in range(game.k)]",
}
SETUP = """
import json, time
import numpy as np
import bigopt
from bigopt.engine.solve import solve
from bigopt.errors import BigoptError
from bigopt.files.generate import generate
from bigopt.games import kinds
case = json.loads({case!r})
game = generate(case["family"], **case["parameters"])
arguments = {{"player": 0}} if "player" in case["needs"] else {{}}
if "profile" in case["needs"]:
    arguments["profile"] = eval(case["profile"])
"""
WORK = """
start = time.perf_counter()
try:
    found = solve(game, case["concept"], case["solver"], time_limit=case["seconds"], **arguments)
    value = [time.perf_counter() - start, found.stopped, found.holds, bool(found.fields), found.bound is not None]
except BigoptError as error:
    value = [time.perf_counter() - start, "refused", type(error).__name__ + ": " + str(error), False, False]
"""


@dataclass(frozen=True)
class Case:
    """A solve: what of which game, by whom."""

    kind: str
    concept: str
    solver: str
    family: str
    parameters: dict[str, Any]
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As in the table."""
        sizes = ", ".join(f"{key} {value}" for key, value in self.parameters.items())
        return f"{self.kind} {self.concept} by {self.solver}: {self.family} ({sizes})"


def cases() -> list[Case]:
    """Return every concept of every kind by `auto`, and the solvers' cases."""
    from bigopt.games import kinds

    found = []
    for kind in LARGE:
        for concept in kinds.KINDS[kind].concepts:
            family, parameters = DIFFERENT.get((kind, concept.name), LARGE[kind])
            found.append(Case(kind, concept.name, "auto", family, parameters, needs=concept.needs))
    kind_of = {"influencers": "influencers", "news-feed": "subsets", "random-persuasion": "persuasion"}
    kind_of |= {"random-market": "market", "random-mechanism": "mechanism"}
    return found + [Case(kind_of[family], concept, name, family, given) for name, concept, family, given in SOLVERS]


def measure(case: Case, seconds: float) -> tuple[Outcome, Row]:
    """Run a case in a process of its own; the row's note says how it ended."""
    given = {
        "family": case.family,
        "parameters": case.parameters,
        "concept": case.concept,
        "solver": case.solver,
        "seconds": seconds,
        "needs": case.needs,
        "profile": PROFILES.get(case.kind),
    }
    outcome = limited(WORK, seconds=PATIENCE, setup=SETUP.format(case=json.dumps(given)))
    made = row(case.name, f"{seconds:g} s", outcome)
    if not outcome.done:
        return outcome, made | {"note": f"{outcome.outcome} {outcome.note}", "kept": False}
    taken, stopped, holds, point, bound = outcome.value
    late = taken > 1.1 * seconds + GRACE
    what = stopped if stopped == "refused" else f"{stopped} ({holds})"
    extras = [what, holds if stopped == "refused" else "", "an answer" if point else "", "a bound" if bound else ""]
    note = ("LATE: " if late else "") + ", ".join(filter(None, extras))
    return outcome, made | {"seconds": taken, "note": note, "kept": not late}


def run(smoke: bool) -> list[Row]:
    """Return a row a case; the smoke has the first concept of one kind and half a second."""
    listed = cases()
    if smoke:
        listed = [case for case in listed if case.kind == SMOKE][:1]
    return [measure(case, 0.5 if smoke else 2.0)[1] for case in listed]


def main(arguments: list[str] | None = None) -> int:
    """Print a row as each case ends, and return 1 if one of them was late."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD", help="only cases whose name holds every WORD")
    parser.add_argument("--seconds", type=float, default=2.0, help="the limit")
    given = parser.parse_args(arguments)
    kept = True
    print("| kind | concept | solver | size | seconds | how it ended |\n|---|---|---|---|---:|---|")
    for case in cases():
        if not all(word in case.name for word in given.words):
            continue
        _, made = measure(case, given.seconds)
        sizes = ", ".join(f"{value} {key}" for key, value in case.parameters.items())
        print(
            f"| {case.kind} | {case.concept} | {case.solver} | {sizes} | {made['seconds']:.2f} | {made['note']} |",
            flush=True,
        )
        kept &= made["kept"]
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
