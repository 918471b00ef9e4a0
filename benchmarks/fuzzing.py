"""What the fuzzers share: a case is a game, what is asked of it, and how its answer is judged by something else.

A seed makes a case again, alone. Of each concept are counted the answers that agree, that are not verified (honest),
that are refused, that have no yardstick, and that are verified and wrong, a crash among them: there must be none.
What does not agree is printed with its seed, and with ``--keep FOLDER`` its game is written to a file.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bigopt import solve
from bigopt.errors import BigoptError
from bigopt.files.instance import save

AGREE, WRONG, NO_YARDSTICK = "agree", "WRONG", "no yardstick"
ROUNDING = 1e-12  # of a number itself: a few float operations, and the last digit of the answer


class NoYardstickError(Exception):
    """The answer cannot be judged, and why: two choices that floats cannot tell apart, say."""


@dataclass(frozen=True)
class Case:
    """A game, a question, and a judge: it returns what is wrong with a verified solution, or None.

    `absent` says that there is no answer, so that exit code 3 is the right one.
    """

    game: Any
    concept: str
    wrong: Callable[[Any], str | None]
    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    absent: bool = False
    words: str = ""


Cases = Mapping[str, Callable[[int], Case]]  # by name, from a seed


def verdict(case: Case) -> str:
    """Solve as a user would and judge: one of the words above, with what there is to say after a colon."""
    try:
        found = solve(case.game, case.concept, options=dict(case.options), **case.arguments)
    except BigoptError as error:
        return f"refused: {str(error)[:120]}"
    except Exception as error:  # whatever it is, a user would see a traceback
        return f"{WRONG}: {type(error).__name__}: {str(error)[:120]}"
    if found.exit_code == 3:
        return AGREE if case.absent else f"{WRONG}: there is an answer"
    if not found.solved:
        return f"not verified: {', '.join(check.name for check in found.certificate.failed)} ({found.stopped})"
    try:
        fault = "there is no answer" if case.absent else case.wrong(found)
    except NoYardstickError as why:
        return f"{NO_YARDSTICK}: {why}"
    return AGREE if fault is None else f"{WRONG}: {fault}"


def outcomes(cases: Cases, seeds: Iterable[int], seconds: float = 1e9, folder: Path | None = None) -> dict[str, Any]:
    """Return for each name how many answers are of each kind, and the lines that tell of those that don't agree."""
    found: dict[str, Any] = {}
    for name, make in cases.items():
        counts: Counter[str] = Counter()
        lines, end = [], time.monotonic() + seconds
        for seed in seeds:
            if time.monotonic() > end:
                break
            try:
                case = make(seed)
            except BigoptError:
                counts["no game"] += 1
                continue
            said = verdict(case)
            short = said.split(":")[0]
            counts[short] += 1
            if short not in (AGREE, NO_YARDSTICK):
                lines.append(f"{name} {seed} ({case.words}): {said}{kept(case, name, seed, folder)}")
                print(lines[-1], flush=True)
        found[name] = counts, lines
        print(f"{name}: {counts.total()} games: {', '.join(f'{v} {k}' for k, v in counts.most_common())}", flush=True)
    return found


def kept(case: Case, name: str, seed: int, folder: Path | None) -> str:
    """Write a game, and return where it is."""
    if folder is None:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.game.kind}-{name.replace(' ', '-')}-{seed}.json"
    save(case.game, path)
    return f" [{path} {dict(case.options)} {dict(case.arguments)}]"


def main(program: str, cases: Cases, text: str) -> int:
    """Run what was asked for; 1 where anything was verified and wrong."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{program}", description=text)
    parser.add_argument("--concept", action="append", choices=list(cases), help="default: all")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--games", type=int, default=1000, help="a concept")
    parser.add_argument("--seconds", type=float, default=1e9, help="a concept, at most")
    parser.add_argument("--keep", type=Path, help="a folder for the games that don't agree")
    given = parser.parse_args()
    chosen = {name: cases[name] for name in given.concept or cases}
    found = outcomes(chosen, range(given.first, given.first + given.games), given.seconds, given.keep)
    return int(any(counts[WRONG] for counts, _ in found.values()))


def decimal(value: Any) -> Fraction:
    """Return the decimal that a float was written as."""
    return Fraction(repr(float(value)))


def decimals(table: Any) -> Any:
    """Return nested lists of decimals."""
    return [decimals(row) for row in table] if isinstance(table, (list, tuple, np.ndarray)) else decimal(table)


def off(found: Any, right: Any, stake: Any = 0, share: float = 0.0) -> bool:
    """Whether a number differs from the right one by more than a share of what is at stake, and its own rounding."""
    if found is None or right is None:
        return (found is None) != (right is None)
    if found == float(right):
        return False
    apart = abs(Fraction(found) - Fraction(right))
    return bool(apart > Fraction(share) * Fraction(stake) + Fraction(ROUNDING) * abs(Fraction(right)))


def first(*faults: str | None) -> str | None:
    """Return the first fault."""
    return next((fault for fault in faults if fault is not None), None)


def differs(name: str, found: Any, right: Any, stake: Any = 0, share: float = 0.0) -> str | None:
    """Return that a field is not as it should be."""
    if not off(found, right, stake, share):
        return None
    return f"{name} {found}, right {right if right is None else float(right)}"
