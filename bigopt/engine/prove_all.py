"""Every small stored instance proved, and checked by the shipped checker in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bigopt.concepts.concept import Concept
from bigopt.engine.exact import SMALL, count
from bigopt.engine.prove import prove_text
from bigopt.errors import BigoptError, UnsupportedProblem
from bigopt.files import instance, library
from bigopt.games import kinds
from bigopt.places import folder

LIMIT = 10.0  # seconds for finding one proof
CHECKED = 120.0  # seconds for checking it
PROVED, FAILED, NO_PROOF, NO_RULE, TOO_LARGE = "proved", "FAILED", "no proof", "no rule", "too large"


@dataclass(frozen=True)
class Verdict:
    """What became of one concept of one instance, with what was said; behind its name stands what was asked for.

    `FAILED` means that the checker refused a proof; `no proof` that none was found, for want of time or for its size.
    """

    instance: str
    concept: str
    outcome: str
    said: str = ""


def prove_all(names: Sequence[str], jobs: int = 1) -> Iterator[Verdict]:
    """Yield a verdict for every concept that applies to every instance; those of more than `SMALL` numbers as one.

    A concept is proved as it is, and with the options and arguments of the instance's expected answers.

    Instances come in their order, `jobs` of them at a time in processes (-1: all cores).
    """
    from joblib import Parallel, delayed  # not needed for one proof

    for verdicts in Parallel(n_jobs=jobs, return_as="generator")(delayed(_all_of)(name) for name in names):
        yield from verdicts


def _all_of(name: str) -> list[Verdict]:
    """Return the verdicts of one instance."""
    path = library.instance(name)
    known = instance.read(path)
    game, kind = known.game, kinds.kind_of(known.game)
    if path.suffix != ".json" or count(game) > SMALL:
        return [Verdict(name, "", TOO_LARGE, f"a recipe, or more than {SMALL} numbers")]
    rows = [row for row in kind.concepts if row.refuses(game) is None]
    cases = [(row, asked) for row in rows for asked in _asked(row, known.expected.get(row.name, []))]
    return [_one_of(name, row.name, path, row.name in kind.provers, asked) for row, asked in cases]


def _asked(row: Concept, entries: Any) -> list[dict[str, Any]]:
    """Return what to ask of a concept: nothing but its name, and as the instance's expected answers do."""
    keys = [*(argument.name for argument in row.arguments), "options"]
    given = [{k: e[k] for k in keys if k in e} for e in (entries if isinstance(entries, list) else [entries])]
    plain: list[dict[str, Any]] = [] if row.needs else [{}]
    return [*plain, *(asked for i, asked in enumerate(given) if asked and asked not in given[:i])]


def _one_of(name: str, concept: str, path: Path, has_rule: bool, asked: Mapping[str, Any]) -> Verdict:
    """Prove one concept, and check the proof."""
    more = [
        f"{k}={str(v).lower() if isinstance(v, bool) else v}"
        for key, own in asked.items()
        for k, v in (own if key == "options" else {key: own}).items()
    ]
    title = f"{concept} ({', '.join(more)})" if more else concept
    if not has_rule:
        return Verdict(name, title, NO_RULE)
    return _proved(name, title, path, concept, asked)


def _proved(name: str, title: str, path: Path, concept: str, asked: Mapping[str, Any]) -> Verdict:
    """Write the proof and check it."""
    try:
        text = prove_text(path, concept, time_limit=LIMIT, **asked)
    except UnsupportedProblem as error:
        return Verdict(name, title, NO_RULE, str(error))
    except BigoptError as error:
        return Verdict(name, title, NO_PROOF, str(error))
    with tempfile.TemporaryDirectory() as place:
        proof = Path(place) / "proof.json"
        proof.write_text(text, encoding="utf-8")
        return _checked(name, title, path, proof)


def _checked(name: str, concept: str, path: Path, proof: Path) -> Verdict:
    """Run the checker alone: no site packages, no environment, nothing of bigopt's."""
    words = [sys.executable, "-I", "-S", str(folder("checker") / "check_proof.py"), str(path), str(proof)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=CHECKED, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(name, concept, FAILED, f"the checker did not end within {CHECKED:g} s")
    said = (done.stdout + done.stderr).strip()
    return Verdict(name, concept, PROVED if done.returncode == 0 else FAILED, said)
