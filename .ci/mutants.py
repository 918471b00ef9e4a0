"""Try the mutants of a wing's `verify/` in this copy of the project: `bash .ci/mutants WING [TESTS...]`.

mutmut writes the mutants; this file runs the tests that execute the changed lines in forks of one process that has
everything loaded, those first that are likely to fail for their time. A mutant that differs in texts that people read
is not run; one that survives is looked for among those that a rule in `explained/` explains.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import hashlib
import json
import os
import re
import resource
import sys
import time
import tomllib
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from _pytest.tmpdir import tmppath_result_key
from mutants_made import Mutant, Places, mutants
from mutmut.mutation import trampoline

RESULTS, COVERED = Path("mutants.jsonl"), Path("mutants-covered.json")
EXPLAINED = Path(".ci/explained")


class Tracer:
    """Notes which lines of the mutated files are executed; it is on while one of their functions runs."""

    def __init__(self, places: Places) -> None:
        """Keep the places of lines."""
        self.places, self.lines, self.depth = places, set[str](), 0

    def start(self, *_: Any, **__: Any) -> None:
        """Begin, as mutmut's trampoline calls one of the functions."""
        sys.settrace(self.called)

    def called(self, frame: Any, event: str, _: Any) -> Any:
        """Follow the frames of the mutated files alone."""
        if frame.f_code.co_filename not in self.places:
            return None
        self.depth += 1
        return self.ran

    def ran(self, frame: Any, event: str, _: Any) -> Any:
        """Note a line; end with the outermost function."""
        place = self.places[frame.f_code.co_filename].get(frame.f_lineno)
        if place:
            self.lines.add(place)
        if event == "return":
            self.depth -= 1
            if self.depth == 0:
                sys.settrace(None)
        return self.ran


class Runner:
    """A pytest plugin that runs the tests once, where they are not known, and then, in forks, for every mutant."""

    def __init__(self, todo: list[Mutant], places: Places, budget: float) -> None:
        """Keep what is to be tried."""
        self.todo, self.budget, self.outcomes = todo, budget, Counter[str]()
        self.tracer = Tracer(places)
        self.tries, self.kills = Counter[tuple[str, str]](), Counter[tuple[str, str]]()

    def passed(self, item: Any) -> bool:
        """Run a test, without reports; nothing that an earlier one kept in a cache is believed."""
        for cached in self.caches:
            cached.cache_clear()
        state = item.session._setupstate
        item.stash[tmppath_result_key] = {"setup": True, "call": True}  # its folder goes with it
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                item._initrequest()
                state.setup(item)
                item.runtest()
        except pytest.skip.Exception:
            return True
        except BaseException:
            return False
        finally:
            with contextlib.suppress(BaseException):
                state.teardown_exact(None)
        return True

    def covered(self, items: list[Any]) -> dict[str, dict[str, Any]]:
        """Return every test's seconds and lines, measured where its file or what is to be mutated has changed since."""
        known = json.loads(COVERED.read_text()) if COVERED.exists() else {}
        trampoline.__dict__["record_trampoline_hit"] = self.tracer.start
        marks = {path: hashlib.sha256(str(here).encode()).hexdigest()[:8] for path, here in self.tracer.places.items()}
        modules = {line.partition(".x")[0] for here in self.tracer.places.values() for line in here.values()}
        result: dict[str, dict[str, Any]] = {}
        for item in items:
            version = hashlib.sha256(item.path.read_bytes()).hexdigest()[:8]
            row = known.get(item.nodeid, {"version": ""})
            if row["version"] != version:
                row = {"lines": [], "traced": {}}
            if not marks.items() <= row.get("traced", {}).items():
                trampoline.set_mutant_under_test("stats")
                self.tracer.lines, self.tracer.depth, at = set(), 0, time.process_time()
                good = self.passed(item)
                sys.settrace(None)
                trampoline.set_mutant_under_test("")
                if not good:
                    print(f"fails without a mutant, left out: {item.nodeid}", flush=True)
                    self.tracer.lines = set()
                seconds = time.process_time() - at
                others = {line for line in row["lines"] if line.partition(".x")[0] not in modules}
                traced = row.get("traced", {}) | (marks if good else dict.fromkeys(marks, ""))
                lines = sorted(self.tracer.lines | others)
                row = {"version": version, "seconds": seconds, "lines": lines, "traced": traced}
            result[item.nodeid] = row
        COVERED.write_text(json.dumps(known | result))
        for row in result.values():
            row["lines"] = set(row["lines"])
            row["functions"] = {line.partition("@")[0] for line in row["lines"]}
        self.versions = {line.partition(":")[0] for row in result.values() for line in row["lines"]}
        return result

    def pytest_runtestloop(self, session: Any) -> bool:
        """Note which lines every test executes and how long it takes; then try the mutants."""
        wrappers = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
        self.caches = [each for each in wrappers if str(each.__module__).startswith(("bigopt", "tests"))]
        self.tests = self.covered(session.items)
        seconds = sum(row["seconds"] for row in self.tests.values())
        print(f"\n{len(session.items)} tests, {seconds:.1f} s; {len(self.todo)} mutants to try", flush=True)
        gc.freeze()
        for k, mutant in enumerate(self.todo):
            items = self.ordered(mutant, session.items)
            at = sum(os.times()[:4])
            outcome, by = self.tried(mutant, items) if items else ("not reached", "")
            self.outcomes[outcome] += 1
            with RESULTS.open("a") as file:
                row: dict[str, Any] = {"key": mutant.key, "name": mutant.full, "outcome": outcome, "by": by}
                row["seconds"] = round(sum(os.times()[:4]) - at, 2)
                file.write(json.dumps(row | {"minus": mutant.minus, "plus": mutant.plus}) + "\n")
            if k % 50 == 49:
                print(k + 1, dict(self.outcomes), flush=True)
        return True

    def ordered(self, mutant: Mutant, items: list[Any]) -> list[Any]:
        """Return the tests that execute what changed: first those that failed often for others of this function."""

        def price(item: Any) -> float:
            here, everywhere = (mutant.function, item.nodeid), ("", item.nodeid)
            prior = (self.kills[everywhere] + 0.5) / (self.tries[everywhere] + 1)
            return (
                float(self.tests[item.nodeid]["seconds"] + 0.02) * (self.tries[here] + 1) / (self.kills[here] + prior)
            )

        covering = [i for i in items if not self.tests[i.nodeid]["lines"].isdisjoint(mutant.lines)]
        if mutant.version not in self.versions:  # changed since: all that reached it as it was
            covering = [i for i in items if mutant.function in self.tests[i.nodeid]["functions"]]
        chosen: list[Any] = []
        spent = 0.0
        for item in sorted(covering, key=price):
            if not chosen or spent + self.tests[item.nodeid]["seconds"] <= self.budget:
                chosen, spent = [*chosen, item], spent + self.tests[item.nodeid]["seconds"]
        return chosen

    def tried(self, mutant: Mutant, items: list[Any]) -> tuple[str, str]:
        """Run the tests with a mutant in a fork, each for four times its usual time, until one fails."""
        sent, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            trampoline.set_mutant_under_test(mutant.full)
            for item in items:
                os.write(told, b".")
                limit = int(time.process_time() + 4 * self.tests[item.nodeid]["seconds"] + 2)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
                if not self.passed(item):
                    os._exit(1)
            os._exit(0)
        os.close(told)
        status = os.waitpid(child, 0)[1]
        ran = os.read(sent, len(items) + 1).count(b".")
        os.close(sent)
        for item in items[:ran]:
            self.tries[mutant.function, item.nodeid] += 1
            self.tries["", item.nodeid] += 1
        if status and ran:
            self.kills[mutant.function, items[ran - 1].nodeid] += 1
            self.kills["", items[ran - 1].nodeid] += 1
        outcome = "stopped" if os.WIFSIGNALED(status) else "killed" if os.WEXITSTATUS(status) else "survived"
        return outcome, items[ran - 1].nodeid if status and ran else ""


def explained(wing: str, row: dict[str, str], rules: list[dict[str, str]]) -> bool:
    """Say whether a rule explains why a mutant lives: its patterns are found in what changed."""
    where = row["key"].partition("@")[0].removeprefix(f"bigopt.games.{wing}.verify.")
    given = {"where": where, "minus": row["minus"], "plus": row["plus"]}
    return any(all(re.search(rule[key], given[key]) for key in given if key in rule) for rule in rules)


def main() -> None:
    """Try the mutants that did not die before, and print the survivors that nothing explains."""
    parser = argparse.ArgumentParser()
    parser.add_argument("wing")
    parser.add_argument("tests", nargs="*", help="the wing's tests unless given")
    parser.add_argument("--sample", type=int, help="so many, drawn with seed 0")
    parser.add_argument("--seconds", type=float, default=10.0, help="of tests a mutant")
    parser.add_argument("--where", default="", help="a pattern of modules and functions, as 'fit.*gap'")
    parser.add_argument("--new", action="store_true", help="leave survivors of an earlier run as they are")
    parser.add_argument("--read", action="store_true", help="run nothing, print what is known")
    asked = parser.parse_args()
    sys.path.insert(0, os.getcwd())
    total, made, places = mutants(asked.wing, asked.where, asked.sample)
    real = [mutant for mutant in made if not mutant.texts_alone]
    known = {row["key"]: row for row in map(json.loads, RESULTS.read_text().splitlines() if RESULTS.exists() else [])}
    settled = {key for key, row in known.items() if asked.new or row["outcome"] in ("killed", "stopped")}
    todo = [mutant for mutant in real if mutant.key not in settled]
    drawn = f"{total} mutants, {len(made)} drawn" if len(made) < total else f"{total} mutants"
    print(f"{drawn}, of these {len(made) - len(real)} change texts alone, {len(todo)} to try", flush=True)
    if todo and not asked.read:
        flags = ["-q", "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=none", "--tb=no"]
        flags += ["--basetemp", str(Path("mutants-folders").resolve())]  # pytest's own is swept by its other processes
        pytest.main([*flags, *(asked.tests or [f"tests/{asked.wing}"])], plugins=[Runner(todo, places, asked.seconds)])
        known = {row["key"]: row for row in map(json.loads, RESULTS.read_text().splitlines())}
    files = [EXPLAINED / f"{name}.toml" for name in ("every", asked.wing)]
    rules = [rule for file in files if file.exists() for rule in tomllib.loads(file.read_text())["explained"]]
    outcomes = Counter[str]()
    for mutant in real:
        row = known.get(mutant.key, {"outcome": "not tried"})
        outcome = "killed" if row["outcome"] == "stopped" else row["outcome"]
        if outcome in ("survived", "not reached"):
            if explained(asked.wing, row, rules):
                outcome = "explained"
            else:
                print(f"{row['name']} {outcome}\n   - {row['minus']}\n   + {row['plus']}")
        outcomes[outcome] += 1
    print(f"{asked.wing}: {drawn}, {len(made) - len(real)} texts, {dict(outcomes)}")


if __name__ == "__main__":
    main()
