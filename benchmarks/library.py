"""Write the generated part of the instance library: ``python -m benchmarks.library [NAME...]``.

Each game comes from a seeded family; small ones are stored as JSON, the others as recipes. The expected answers are
those of a certified run, and only where a second way (another solver, another method, a theorem) gives the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bigopt
from bigopt.concepts.solution import plain
from bigopt.engine.classify import count
from bigopt.engine.comparison import difference
from bigopt.files import instance
from bigopt.files.generate import generate
from bigopt.files.text import write_text
from bigopt.places import folder

SMALL = 150  # numbers; larger games are recipes
AGREE = 1e-6  # relative, between the two ways to an answer
LIMIT = 60.0  # seconds for each run


@dataclass(frozen=True)
class Known:
    """An answer to store: the concept, the fields, and the second way that must agree."""

    concept: str
    fields: Sequence[str]
    second: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """One instance of the library."""

    path: str
    family: str
    parameters: Mapping[str, Any]
    status: str
    source: str
    known: Sequence[Known]


BIG = "Wu et al., The Battling Influencers Game, Section 4; seeded family"
EMERGENT = "Emergent Alignment via Competition, seeded family"


def nash(second: str) -> list[Known]:
    """Return what is stored of an equilibrium: the receiver is the same at every one."""
    reason = f"the exact dual and {second} agree" if second else ""
    return [Known("nash", ("receiver", "potential"), {"solver": second} if second else {}, reason)]


def influencers() -> list[Entry]:
    """Continuous games on all five action sets."""
    parameters: dict[str, Any]
    sizes = {
        "box": [(10, 2), (50, 16), (100, 2), (1000, 2), (10_000, 4), (100_000, 16)],
        "ball": [(10, 2), (100, 3), (1000, 3), (10_000, 4)],
        "simplex": [(10, 3), (100, 3), (1000, 3), (10_000, 4)],
        "polytope": [(10, 2), (100, 2), (1000, 3)],
        "hull": [(10, 2), (100, 2), (1000, 3), (10_000, 4)],
    }
    entries = []
    for action_set, pairs in sizes.items():
        for players, dimension in pairs:
            second = "ipopt" if players <= 1000 else ""
            status = "easy" if players <= 100 else "medium" if players <= 10_000 else "hard"
            parameters = {"players": players, "dimension": dimension, "action_set": action_set, "seed": 1}
            path = f"big/{action_set}/players-{players}-dimension-{dimension}"
            entries.append(Entry(path, "influencers", parameters, status, BIG, nash(second)))
    for players, action_set in ((10, "box"), (1000, "polytope")):
        parameters = {"players": players, "dimension": 2, "action_set": action_set, "seed": 1}
        parameters["loss"] = "inner-product"
        known = [Known("dominant", ("receiver",), {"solver": "highs"}, "the faces and HiGHS agree")]
        path = f"big/inner-product/{action_set}-{players}"
        entries.append(Entry(path, "influencers", parameters, "easy", BIG, known))
    return entries


def market() -> list[Entry]:
    """Markets from a hand's breadth to beyond enumeration."""
    parameters: dict[str, Any]
    theorem = "without ties, best-response dynamics ends at the worst stable scheme"
    entries = []
    for states, policies, bobs, status in (
        (4, 3, 3, "easy"),
        (6, 4, 4, "easy"),
        (8, 4, 5, "medium"),
        (20, 8, 6, "medium"),
        (50, 10, 8, "hard"),
        (100, 8, 6, "hard"),
    ):
        parameters = {"states": states, "policies": policies, "bobs": bobs, "seed": 1}
        known = [Known("worst", ("alice", "opt"), {"concept": "dynamics"}, theorem)]
        path = f"market/random/states-{states}-policies-{policies}-bobs-{bobs}"
        entries.append(Entry(path, "random-market", parameters, status, EMERGENT, known))
    for states, bobs in ((3, 10), (4, 40)):
        parameters = {"states": states, "policies": 3, "bobs": bobs, "noise": 0.3, "seed": 1}
        known = [Known("alignment", ("epsilon",), {"solver": "highs"}, "lazy rows and the full program agree")]
        path = f"market/noisy/states-{states}-bobs-{bobs}"
        entries.append(Entry(path, "noisy-market", parameters, "easy", EMERGENT, known))
    return entries


def persuasion() -> list[Entry]:
    """Signaling programs, generic and nearly opposed, and senders whose biases cancel."""
    parameters: dict[str, Any]
    known = [Known("signaling", ("value",), {"solver": "highs"}, "lazy and full obedience agree")]
    entries = []
    for states, actions, status in (
        (3, 3, "easy"),
        (5, 4, "easy"),
        (10, 5, "easy"),
        (20, 10, "easy"),
        (50, 20, "medium"),
        (100, 30, "medium"),
        (200, 50, "hard"),
    ):
        parameters = {"states": states, "actions": actions, "seed": 1}
        path = f"persuasion/random/states-{states}-actions-{actions}"
        entries.append(Entry(path, "random-persuasion", parameters, status, EMERGENT, known))
    for states, actions in ((4, 3), (10, 5), (20, 10)):
        parameters = {"states": states, "actions": actions, "noise": 0.1, "seed": 1}
        path = f"persuasion/opposed/states-{states}-actions-{actions}"
        entries.append(Entry(path, "opposed-persuasion", parameters, "medium", EMERGENT, known))
    for states, actions, bobs in ((3, 3, 2), (5, 4, 3)):
        parameters = {"states": states, "actions": actions, "bobs": bobs, "seed": 1}
        exact = [Known("alignment", ("epsilon",), {"solver": "highs"}, "Alice is the senders' average by construction")]
        path = f"persuasion/aligned/states-{states}-bobs-{bobs}"
        entries.append(Entry(path, "aligned-senders", parameters, "easy", EMERGENT, exact))
    return entries


def expected(game: Any, known: Known) -> tuple[dict[str, Any] | None, str]:
    """Return the fields of a certified run that a second way confirms, or None with what went wrong."""
    first = bigopt.solve(game, known.concept, time_limit=LIMIT)
    if not first.solved:
        failed = ", ".join(check.name for check in first.certificate.failed)
        return None, f"{known.concept}: {first.solver.name} {first.stopped} {failed}"
    found = {name: plain(first.fields[name]) for name in known.fields}
    if known.second:
        how = {"concept": known.concept} | dict(known.second)
        other = bigopt.solve(game, how.pop("concept"), time_limit=LIMIT, **how)
        if not other.solved:
            return None, f"{known.concept}: the second way {known.second} ends {other.stopped}, not verified"
        gap = max(difference(plain(other.fields[name]), found[name]) for name in known.fields if name in other.fields)
        if not gap <= AGREE:
            return None, f"{known.concept}: the second way {known.second} differs by {gap:.2g}"
    return found, ""


def write(entry: Entry) -> str:
    """Write one instance; return what to tell."""
    game = generate(entry.family, **entry.parameters)
    answers, troubles, reasons = {}, [], []
    for known in entry.known:
        answer, trouble = expected(game, known)
        if answer is None:
            troubles.append(trouble)
            continue
        answers[known.concept] = answer
        reasons += [known.reason] if known.reason else []
    flags = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in entry.parameters.items())
    notes = f"bigopt generate {entry.family} {flags}" + (f"; {'; '.join(reasons)}" if reasons else "")
    path = folder("instances") / entry.path
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.parent.name + "-" + path.name
    common = {"source": entry.source, "notes": notes, "status": entry.status, "expected": answers}
    if count(game.to_instance()) <= SMALL:
        data = json.loads(instance.dumps(game)) | {"name": name}
        head = {key: data.pop(key) for key in ("format", "kind", "name")}
        write_text(path.with_suffix(".json"), compact(head | common | data))
    else:
        write_text(path.with_suffix(".toml"), recipe(entry, {"name": name} | common))
    return f"{entry.path}: {'; '.join(troubles) or 'ok'}"


def compact(data: Mapping[str, Any]) -> str:
    """Return JSON with lists of numbers on one line."""
    text = json.dumps(data, indent=1)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text) + "\n"


def recipe(entry: Entry, common: Mapping[str, Any]) -> str:
    """Return the TOML of a recipe."""
    lines = [f"family = {json.dumps(entry.family)}"]
    lines += [f"{key} = {json.dumps(common[key])}" for key in ("name", "source", "notes", "status")]
    lines += ["", "[parameters]"] + [f"{key} = {json.dumps(value)}" for key, value in entry.parameters.items()]
    for concept, fields in common["expected"].items():
        lines += ["", f"[expected.{concept}]"] + [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> int:
    """Write the instances whose path begins with one of the names (default: all)."""
    entries = [*influencers(), *market(), *persuasion()]
    for entry in entries:
        if not names or any(entry.path.startswith(name) for name in names):
            print(write(entry), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
