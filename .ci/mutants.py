"""Try the mutants of a wing's `verify/` in this copy of the project: `bash .ci/mutants WING [TESTS...]`.

mutmut writes the mutants; this file runs the tests that reach each one, the quickest first, in a fork of one process
that has everything loaded and has run all of them once. A mutant that differs in texts that people read is not run.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import combine_mutations_to_source, create_mutations

RESULTS = Path("mutants.jsonl")
# what only people read, by the call's name: its places and its keywords
TEXTS: dict[str, tuple[set[int], set[str]]] = {
    "Check": ({0, 3, 4}, {"name", "unit", "note"}),
    "numbers": ({1, 3}, set()),
    "number": ({1}, set()),
    "whole": ({1}, set()),
    "check": ({0}, set()),
    "pieces": ({1}, set()),
    "interrupting": ({0}, set()),
}


class Blank(ast.NodeTransformer):
    """Blank what only people read: sentences, texts with values, errors, and the places of `TEXTS`."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Blank a sentence."""
        return ast.Constant("") if isinstance(node.value, str) and " " in node.value else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        """Blank a text with values."""
        return ast.Constant("")

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """Blank an error."""
        return ast.Raise()

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Blank the texts among a call's arguments."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places, keywords = TEXTS.get(name, (set(), set()))
        for k in places & set(range(len(node.args))):
            node.args[k] = ast.Constant("")
        node.keywords = [word for word in node.keywords if word.arg not in keywords]
        self.generic_visit(node)
        return node


Text = tuple[list[str], list[str]]


def text(node: ast.FunctionDef) -> Text:
    """Return a function's lines without its name, and the same blanked; the node is used up."""
    node.name, node.decorator_list = "f", []
    whole = ast.unparse(node).splitlines()
    return whole, ast.unparse(Blank().visit(node)).splitlines()


class Mutant:
    """One changed function: its name for mutmut, the function it belongs to, what differs."""

    def __init__(self, module: str, name: str, before: Text, after: Text) -> None:
        """Compare the function with what it was."""
        self.full = f"{module}.{name}"
        self.reached = f"{module}.{name.rpartition('__mutmut_')[0]}"
        (old, old_blank), (new, new_blank) = before, after
        self.texts_alone = old_blank == new_blank
        self.minus = " / ".join(line.strip() for line in old if line not in new)[:240]
        self.plus = " / ".join(line.strip() for line in new if line not in old)[:240]
        self.key = f"{self.reached} {hashlib.sha256(chr(10).join(old + new).encode()).hexdigest()[:12]}"


def mutants(wing: str, sample: int | None) -> tuple[int, list[Mutant]]:
    """Write the mutated files of a wing over this copy's; return how many there are, and those that were drawn."""
    files = {path: path.read_text() for path in sorted(Path(f"bigopt/games/{wing}/verify").glob("*.py"))}
    parts = {path: create_mutations(str(path), code) for path, code in files.items()}
    places = [(path, k) for path, part in parts.items() for k in range(len(part[1]))]
    total = len(places)
    if sample is not None and sample < total:
        places = random.Random(0).sample(places, sample)
    made = []
    for path, (module, mutations, *ignored) in parts.items():
        chosen = [mutations[k] for at, k in sorted(places) if at == path]
        mutated = combine_mutations_to_source(module, chosen, *ignored)
        path.write_text(mutated.code)
        name = ".".join(path.with_suffix("").parts)
        tree = ast.walk(ast.parse(mutated.code))
        found = [node for node in tree if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name]
        texts = {node_name: text(node) for node_name, node in [(node.name, node) for node in found]}
        for each in mutated.mutant_names:
            made.append(Mutant(name, each, texts[each.rpartition("__mutmut_")[0] + "__mutmut_orig"], texts[each]))
    return total, made


class Runner:
    """A pytest plugin that runs the collected tests once, and then, in forks, for every mutant."""

    def __init__(self, todo: list[Mutant], budget: float) -> None:
        """Keep what is to be tried."""
        self.todo, self.budget, self.outcomes = todo, budget, Counter[str]()
        self.reports: list[Any] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what a test said."""
        self.reports.append(report)

    def passed(self, items: list[Any]) -> bool:
        """Run tests until one fails."""
        self.reports.clear()
        for item in items:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if any(report.failed for report in self.reports):
                return False
        return True

    def pytest_runtestloop(self, session: Any) -> bool:
        """Note which functions every test reaches and how long it takes; then try the mutants."""
        hits: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, caller=None: hits.add(name)
        reached, seconds = {}, {}
        for item in session.items:
            hits.clear()
            trampoline.set_mutant_under_test("stats")
            at = time.process_time()
            assert self.passed([item]), f"fails without a mutant: {item.nodeid}"
            seconds[item], reached[item] = time.process_time() - at, set(hits)
        print(
            f"\n{len(session.items)} tests, {sum(seconds.values()):.1f} s; {len(self.todo)} mutants to try", flush=True
        )
        for k, mutant in enumerate(self.todo):
            items, spent = [], 0.0
            for item in sorted((i for i in session.items if mutant.reached in reached[i]), key=seconds.__getitem__):
                if not items or spent + seconds[item] <= self.budget:
                    items, spent = [*items, item], spent + seconds[item]
            outcome = self.tried(mutant, items, spent) if items else "not reached"
            self.outcomes[outcome] += 1
            with RESULTS.open("a") as file:
                row = {"key": mutant.key, "name": mutant.full, "outcome": outcome}
                file.write(json.dumps(row | {"minus": mutant.minus, "plus": mutant.plus}) + "\n")
            if k % 50 == 49:
                print(k + 1, dict(self.outcomes), flush=True)
        return True

    def tried(self, mutant: Mutant, items: list[Any], usual: float) -> str:
        """Run the tests with a mutant in a fork: five times their usual time, and then it is stopped."""
        child = os.fork()
        if child == 0:
            limit = int(5 * usual + 3)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            trampoline.set_mutant_under_test(mutant.full)
            try:
                os._exit(0 if self.passed(items) else 1)
            except BaseException:
                os._exit(1)
        status = os.waitpid(child, 0)[1]
        return "stopped" if os.WIFSIGNALED(status) else "killed" if os.WEXITSTATUS(status) else "survived"


def main() -> None:
    """Try the mutants that did not die before, and print the survivors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("wing")
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--sample", type=int, help="so many, drawn with seed 0")
    parser.add_argument("--seconds", type=float, default=60.0, help="of tests a mutant, the quickest first")
    asked = parser.parse_args()
    sys.path.insert(0, os.getcwd())
    total, made = mutants(asked.wing, asked.sample)
    real = [mutant for mutant in made if not mutant.texts_alone]
    known = {row["key"]: row for row in map(json.loads, RESULTS.read_text().splitlines() if RESULTS.exists() else [])}
    dead = {key for key, row in known.items() if row["outcome"] in ("killed", "stopped")}
    todo = [mutant for mutant in real if mutant.key not in dead]
    drawn = f"{total} mutants, {len(made)} drawn" if len(made) < total else f"{total} mutants"
    print(f"{drawn}, of these {len(made) - len(real)} change texts alone, {len(todo)} to try", flush=True)
    flags = ["-q", "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=none", "--tb=no"]
    pytest.main(
        [*flags, *(asked.tests or [f"tests/{asked.wing}/test_claims.py"])], plugins=[Runner(todo, asked.seconds)]
    )
    known = {row["key"]: row for row in map(json.loads, RESULTS.read_text().splitlines())}
    rows = [known[mutant.key] for mutant in real if mutant.key in known]
    for row in rows:
        if row["outcome"] not in ("killed", "stopped"):
            print(f"{row['name']} {row['outcome']}\n   - {row['minus']}\n   + {row['plus']}")
    print(f"{asked.wing}: {drawn}, {len(made) - len(real)} texts, {dict(Counter(row['outcome'] for row in rows))}")


if __name__ == "__main__":
    main()
