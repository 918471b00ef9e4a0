"""Every small stored instance proved, and checked by the shipped checker in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
    """What became of one concept of one instance, with what was said.

    `FAILED` means that the checker refused a proof; `no proof` that none was found, for want of time or for its size.
    """

    instance: str
    concept: str
    outcome: str
    said: str = ""


def prove_all(names: Sequence[str], jobs: int = 1) -> Iterator[Verdict]:
    """Yield a verdict for every concept that applies to every instance; those of more than `SMALL` numbers as one.

    Instances come in their order, `jobs` of them at a time in processes (-1: all cores).
    """
    from joblib import Parallel, delayed  # not needed for one proof

    for verdicts in Parallel(n_jobs=jobs, return_as="generator")(delayed(_all_of)(name) for name in names):
        yield from verdicts


def _all_of(name: str) -> list[Verdict]:
    """Return the verdicts of one instance."""
    path = library.instance(name)
    game = instance.load(path)
    if path.suffix != ".json" or count(game) > SMALL:
        return [Verdict(name, "", TOO_LARGE, f"a recipe, or more than {SMALL} numbers")]
    rows = [row for row in kinds.kind_of(game).concepts if row.refuses(game) is None and not row.needs]
    return [_one_of(name, row.name, path, row.name in kinds.kind_of(game).provers) for row in rows]


def _one_of(name: str, concept: str, path: Path, has_rule: bool) -> Verdict:
    """Prove one concept, and check the proof."""
    if not has_rule:
        return Verdict(name, concept, NO_RULE)
    try:
        text = prove_text(path, concept, time_limit=LIMIT)
    except UnsupportedProblem as error:
        return Verdict(name, concept, NO_RULE, str(error))
    except BigoptError as error:
        return Verdict(name, concept, NO_PROOF, str(error))
    with tempfile.TemporaryDirectory() as place:
        proof = Path(place) / "proof.json"
        proof.write_text(text, encoding="utf-8")
        return _checked(name, concept, path, proof)


def _checked(name: str, concept: str, path: Path, proof: Path) -> Verdict:
    """Run the checker alone: no site packages, no environment, nothing of bigopt's."""
    words = [sys.executable, "-I", "-S", str(folder("checker") / "check_proof.py"), str(path), str(proof)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=CHECKED, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(name, concept, FAILED, f"the checker did not end within {CHECKED:g} s")
    said = (done.stdout + done.stderr).strip()
    return Verdict(name, concept, PROVED if done.returncode == 0 else FAILED, said)
