"""VIPR certificates: read and derived again by a reader of the published format, and by brute force."""

import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt import catalog
from bigopt.arithmetic.branching import Search, empty
from bigopt.arithmetic.program import Program, Row
from bigopt.cli import app
from bigopt.engine.prove import prove
from bigopt.engine.vipr import vipr
from bigopt.files.vipr import of_tree

F = Fraction
RUN = CliRunner()
Line = tuple[str, F, dict[int, F]]


class Wrong(Exception):
    """The certificate does not hold."""


class Reader:
    """A verifier of VIPR 1.1 (lin, asm and uns), written from the specification; nothing of bigopt's is used."""

    def __init__(self, text: str) -> None:
        self.words = iter(" ".join(line for line in text.splitlines() if not line.startswith("%")).split())

    def expect(self, *words: str) -> None:
        for word in words:
            if (got := next(self.words)) != word:
                raise Wrong(f"{got}, expected {word}")

    def pairs(self, count: str) -> dict[int, F]:
        return {int(next(self.words)): F(next(self.words)) for _ in range(int(count))}

    def line(self) -> Line:
        next(self.words)
        sense, side, count = next(self.words), F(next(self.words)), next(self.words)
        return sense, side, self.objective if count == "OBJ" else self.pairs(count)

    def verify(self) -> tuple[F, F]:
        """Return the proved range of the optimal value."""
        self.expect("VER", "1.1", "VAR")
        names = [next(self.words) for _ in range(int(next(self.words)))]
        self.expect("INT")
        whole = {int(next(self.words)) for _ in range(int(next(self.words)))}
        self.expect("OBJ")
        sense = next(self.words)
        self.objective = self.pairs(next(self.words))
        self.expect("CON")
        count, bounds = int(next(self.words)), int(next(self.words))
        lines = [self.line() for _ in range(count)]
        if any(len(terms) != 1 for _, _, terms in lines[:bounds]):
            raise Wrong("a bound")
        self.expect("RTP", "range")
        low, up = F(next(self.words)), F(next(self.words))
        self.expect("SOL", "1")
        next(self.words)
        point = [F(0)] * len(names)
        for k, v in self.pairs(next(self.words)).items():
            point[k] = v
        self.feasible(lines, point, whole)
        worth = sum((c * point[k] for k, c in self.objective.items()), F(0))
        if worth < low if sense == "max" else worth > up:
            raise Wrong("the point's value")
        self.expect("DER")
        assumed: list[set[int]] = [set() for _ in lines]
        for _ in range(int(next(self.words))):
            self.derive(lines, assumed, whole)
        goal = ("L", up, self.objective) if sense == "max" else ("G", low, self.objective)
        if assumed[-1] or not dominates(lines[-1], goal):
            raise Wrong("the last line")
        return low, up

    def feasible(self, lines: list[Line], point: list[F], whole: set[int]) -> None:
        for way, side, terms in lines:
            at = sum((c * point[k] for k, c in terms.items()), F(0))
            if (way == "L" and at > side) or (way == "G" and at < side) or (way == "E" and at != side):
                raise Wrong("the point")
        if any(point[k].denominator != 1 for k in whole):
            raise Wrong("an integer")

    def derive(self, lines: list[Line], assumed: list[set[int]], whole: set[int]) -> None:
        at, line = len(lines), self.line()
        self.expect("{")
        reason = next(self.words)
        if reason == "asm":
            needs = {at}
        elif reason == "lin":
            pairs = self.pairs(next(self.words))
            if any(i >= at for i in pairs) or not dominates(combination(lines, pairs), line):
                raise Wrong("lin")
            needs = set[int]().union(*(assumed[i] for i in pairs))
        elif reason == "uns":
            one, left, two, right = (int(next(self.words)) for _ in range(4))
            (s, a, x), (t, b, y) = lines[left], lines[right]
            split = (s, t) == ("L", "G") and x == y and b == a + 1 and a.denominator == 1
            split &= all(k in whole and c.denominator == 1 for k, c in x.items())
            if not (split and dominates(lines[one], line) and dominates(lines[two], line)):
                raise Wrong("uns")
            needs = (assumed[one] - {left}) | (assumed[two] - {right})
        else:
            raise Wrong(reason)
        self.expect("}", "-1")
        lines.append(line)
        assumed.append(needs)


def combination(lines: list[Line], pairs: dict[int, F]) -> Line:
    signs = {v * {"L": -1, "E": 0, "G": 1}[lines[i][0]] for i, v in pairs.items()}
    if min(signs, default=F(0)) < 0 < max(signs, default=F(0)):
        raise Wrong("signs")
    total: dict[int, F] = {}
    for i, v in pairs.items():
        for k, c in lines[i][2].items():
            total[k] = total.get(k, F(0)) + v * c
    sense = "G" if max(signs, default=F(0)) > 0 else "L" if min(signs, default=F(0)) < 0 else "E"
    return sense, sum((v * lines[i][1] for i, v in pairs.items()), F(0)), {k: c for k, c in total.items() if c}


def dominates(one: Line, other: Line) -> bool:
    (s, a, x), (t, b, y) = one, other
    if not x and ((s != "G" and a < 0) or (s != "L" and a > 0)):
        return True
    same = x == {k: c for k, c in y.items() if c}
    return same and (
        (s in "EG" and t == "G" and a >= b) or (s in "EL" and t == "L" and a <= b) or (s, t, a) == ("E", "E", b)
    )


CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("persuasion/courtroom", "signaling", {}),
    ("persuasion/courtroom", "signaling", {"bob": "defence"}),
    ("persuasion/grading", "signaling", {}),
    ("persuasion/kamenica-gentzkow", "signaling", {}),
    ("persuasion/random/states-10-actions-5", "signaling", {}),
    ("persuasion/courtroom", "alignment", {}),
    ("market/synthetic-1", "alignment", {}),
    ("market/synthetic-1", "misalignment", {}),
    ("market/noisy/states-3-bobs-10", "alignment", {}),
    ("hull/table-2", "audit", {}),
    ("hull/table-1", "audit", {"options": {"weights": "one"}}),
    ("big/example-3-diamond", "dominant", {}),
    ("big/example-4-square", "dominant", {}),
    ("big/inner-product/box-10", "dominant", {}),
    ("market/random/states-4-policies-3-bobs-3", "best-response", {"player": 1, "profile": [[0, 0, 0, 0]] * 3}),
    ("market/random/states-4-policies-3-bobs-3", "best-response", {"player": 0, "profile": [[2, 1, 0, 1]] * 3}),
]


@pytest.mark.parametrize(("name", "concept", "asked"), CASES)
def test_the_reader_derives_the_value_with_no_width(name: str, concept: str, asked: dict[str, Any]) -> None:
    low, up = Reader(vipr(catalog.instance(name), concept, **asked)).verify()
    solution = bigopt.solve(bigopt.load(name), concept, **asked)
    key = {"signaling": "value", "best-response": "loss"}.get(concept, "epsilon")
    assert low == up
    if concept != "dominant":
        assert float(low) == pytest.approx(
            -solution.loss if key == "loss" else solution.fields[key], rel=1e-7, abs=1e-9
        )


@pytest.mark.parametrize(("name", "concept", "asked"), [CASES[0], CASES[7], CASES[10], CASES[12], CASES[14]])
def test_changed_certificates_are_refused(name: str, concept: str, asked: dict[str, Any]) -> None:
    """Any number behind RTP moved: either the derivation breaks, or what is proved is weaker, never stronger."""
    text = vipr(catalog.instance(name), concept, **asked)
    low, up = Reader(text).verify()
    head, tail = text.split("RTP", 1)
    words = tail.split(" ")
    rng = np.random.default_rng(0)
    refused = 0
    numbers = [k for k, word in enumerate(words) if word.strip().lstrip("-").replace("/", "").isdigit()]
    for k in rng.choice(numbers, 60):
        moved = [*words]
        moved[k] = str(F(words[k].strip()) + F(int(rng.choice([-1, 1])), 7)) + ("\n" if "\n" in words[k] else "")
        try:
            new = Reader(head + "RTP" + " ".join(moved)).verify()
            assert new[0] <= low and up <= new[1]
        except (Wrong, ValueError, StopIteration, IndexError, RuntimeError):
            refused += 1
    assert refused >= 10


def test_random_integer_programs_are_proved_by_their_trees() -> None:
    """Knapsacks with two rows against brute force: all values, and that branching was needed."""
    rng = np.random.default_rng(5)
    branched = 0
    for _ in range(25):
        n = int(rng.integers(2, 6))
        gain, rows = rng.integers(1, 20, n).tolist(), rng.integers(1, 9, (2, n)).tolist()
        sides = [int(sum(row)) // 2 for row in rows]
        bounds = [Row(f"x{k}_0", {k: F(1)}, "G", F(0)) for k in range(n)]
        bounds += [Row(f"x{k}_1", {k: F(1)}, "L", F(1)) for k in range(n)]
        own = [
            Row(f"r{i}", dict(enumerate(map(F, row))), "L", F(side))
            for i, (row, side) in enumerate(zip(rows, sides, strict=True))
        ]
        own.append(Row("odd", {0: F(2), 1: F(2)}, "G", F(1)))  # so that some nodes are empty
        program = Program(
            [f"x{k}" for k in range(n)], dict(enumerate(map(F, gain))), True, [*bounds, *own], 2 * n, range(n)
        )
        points = [
            x
            for x in itertools.product((0, 1), repeat=n)
            if all(np.dot(row, x) <= side for row, side in zip(rows, sides, strict=True)) and 2 * x[0] + 2 * x[1] >= 1
        ]
        if not points:
            continue
        search = Search(program)
        tree = search.tree()
        assert search.best is not None
        text = of_tree(program, search.best, tree)
        best = max(int(np.dot(gain, x)) for x in points)
        assert Reader(text).verify() == (F(best), F(best))
        branched += " asm " in text
    assert branched >= 10


def test_empty_rows_are_refuted_and_others_are_not() -> None:
    one = F(1)
    bounds = [Row("x0", {0: one}, "G", F(0)), Row("x1", {0: one}, "L", one)]
    program = Program(["x"], {0: one}, True, bounds, 2)
    pairs = dict(empty(program, [*bounds, Row("far", {0: F(2)}, "G", F(3))]))
    total = combination([("G", F(0), {0: one}), ("L", one, {0: one}), ("G", F(3), {0: F(2)})], pairs)
    assert not total[2] and total[1] > 0 and total[0] == "G"
    with pytest.raises(ValueError, match="there is a point"):
        empty(program, [*bounds, Row("near", {0: F(2)}, "G", F(1))])


def test_the_command_line_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "courtroom.vipr"
    done = RUN.invoke(app, ["prove", "persuasion/courtroom", "--to", "vipr", "-o", str(path)])
    assert done.exit_code == 0 and Reader(path.read_text()).verify() == (F(5, 3), F(5, 3))
    assert prove(catalog.instance("persuasion/courtroom"))["instance_sha256"] in path.read_text().splitlines()[1]
    assert RUN.invoke(app, ["prove", "persuasion/courtroom", "--to", "pdf"]).exit_code == 2
    assert RUN.invoke(app, ["prove", "big/example-1-opposed", "--to", "vipr"]).exit_code == 5  # a QP
    data = json.loads(catalog.instance("big/inner-product/box-10").read_text())
    data["action_set"] = {"type": "ball", "center": [0, 0], "radius": 1}
    (tmp_path / "ball.json").write_text(json.dumps({k: v for k, v in data.items() if k != "expected"}))
    assert RUN.invoke(app, ["prove", str(tmp_path / "ball.json"), "--to", "vipr"]).exit_code == 5
