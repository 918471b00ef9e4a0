"""Every small stored instance proved, and checked by the shipped checker in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
CHECKS = 2  # at a time
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


def prove_all(names: Sequence[str]) -> Iterator[Verdict]:
    """Yield a verdict for every concept that applies to every instance; those of more than `SMALL` numbers as one."""
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(CHECKS) as pool:
        running: list[tuple[str, str, Future[Verdict]]] = []
        for name in names:
            path = library.instance(name)
            game = instance.load(path)
            if path.suffix != ".json" or count(game) > SMALL:
                yield Verdict(name, "", TOO_LARGE, f"a recipe, or more than {SMALL} numbers")
                continue
            kind = kinds.kind_of(game)
            for row in kind.concepts:
                if row.refuses(game) is not None or row.needs:
                    continue
                if row.name not in kind.provers:
                    yield Verdict(name, row.name, NO_RULE)
                    continue
                try:
                    text = prove_text(path, row.name, time_limit=LIMIT)
                except UnsupportedProblem as error:
                    yield Verdict(name, row.name, NO_RULE, str(error))
                except BigoptError as error:
                    yield Verdict(name, row.name, NO_PROOF, str(error))
                else:
                    file = Path(place) / f"{len(running)}.json"
                    file.write_text(text, encoding="utf-8")
                    running.append((name, row.name, pool.submit(_checked, name, row.name, path, file)))
        for _, _, found in running:
            yield found.result()


def _checked(name: str, concept: str, path: Path, proof: Path) -> Verdict:
    """Run the checker alone: no site packages, no environment, nothing of bigopt's."""
    words = [sys.executable, "-I", "-S", str(folder("checker") / "check_proof.py"), str(path), str(proof)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=CHECKED, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(name, concept, FAILED, f"the checker did not end within {CHECKED:g} s")
    said = (done.stdout + done.stderr).strip()
    return Verdict(name, concept, PROVED if done.returncode == 0 else FAILED, said)
