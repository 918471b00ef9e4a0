"""The mutants of a wing's `verify/`, as mutmut writes them, and what each of them changes."""

from __future__ import annotations

import ast
import copy
import hashlib
import pickle
import random
import re
from dataclasses import dataclass
from pathlib import Path

MADE = Path("mutants-made")
# what only people (or type checkers) read, by the call's name: its places and its keywords
TEXTS: dict[str, tuple[set[int], set[str]]] = {
    "Check": ({0, 3, 4}, {"name", "unit", "note"}),
    "numbers": ({1, 3}, set()),
    "number": ({1}, set()),
    "whole": ({1, 3}, set()),
    "proved": ({0, 3, 4}, set()),
    "recomputed": ({0, 3, 4}, set()),
    "beside": ({0, 3, 4, 5}, set()),
    "check": ({0}, set()),
    "pieces": ({1}, set()),
    "interrupting": ({0}, set()),
    "cast": ({0}, set()),
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

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        """Blank a note."""
        if [ast.unparse(target) for target in node.targets] == ["note"]:
            node.value = ast.Constant("")
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Leave out the texts among a call's arguments."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places, keywords = TEXTS.get(name, (set(), set()))
        node.args = [given for k, given in enumerate(node.args) if k not in places]
        node.keywords = [word for word in node.keywords if word.arg not in keywords]
        self.generic_visit(node)
        return node


class Text:
    """A function as it stands: its lines without its name, and its statements, the outermost first."""

    def __init__(self, source: list[str], node: ast.FunctionDef) -> None:
        """Read a function."""
        self.first, self.node = node.lineno, node
        whole = "\n".join(source[node.lineno - 1 : node.end_lineno]).replace(node.name, "f")
        self.lines, self.version = whole.splitlines(), hashlib.sha256(whole.encode()).hexdigest()[:8]
        self.statements: list[ast.stmt] = []
        self.collect(node)

    def collect(self, node: ast.AST) -> None:
        """Keep a statement, and those in it."""
        if isinstance(node, ast.stmt):
            self.statements.append(node)
        for field in ("body", "orelse", "handlers", "finalbody", "cases"):
            for inner in getattr(node, field, ()):
                self.collect(inner)

    def span(self, node: ast.stmt) -> range:
        """Return a statement's lines, from 0; of one with a body, those before it."""
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        inner = getattr(body[0], "lineno", None) if body else None  # a case has none
        end = node.end_lineno or node.lineno
        last = end if inner is None else max(node.lineno, inner - 1)
        return range(node.lineno - self.first, last - self.first + 1)

    def smallest(self, line: int) -> int:
        """Return which statement holds a line, the smallest: 0 is the whole function."""
        holding = [(len(self.span(node)), k) for k, node in enumerate(self.statements) if line in self.span(node)]
        return min(holding, default=(0, 0))[1]


@dataclass(frozen=True)
class Mutant:
    """One changed function: its name for mutmut, the function it belongs to, what differs, in which lines."""

    full: str
    function: str
    version: str
    key: str
    texts_alone: bool
    minus: str
    plus: str
    lines: list[str]


def mutant(module: str, name: str, before: Text, after: Text) -> Mutant:
    """Compare a changed function with what it was: the statement that holds the first line that differs."""
    function = f"{module}.{name.rpartition('__mutmut_')[0]}"
    version, whole = f"{function}@{before.version}", hashlib.sha256("\n".join(after.lines).encode()).hexdigest()[:8]
    pairs = enumerate(zip(before.lines, after.lines, strict=False))
    k = before.smallest(next((line for line, (old, new) in pairs if old != new), 0))
    old, new = before.statements[k], after.statements[k]
    here, there = ast.unparse(old).splitlines(), ast.unparse(new).splitlines()
    minus = " / ".join(line.strip() for line in here if line not in there)[:400]
    plus = " / ".join(line.strip() for line in there if line not in here)[:400]
    lines = [f"{version}:{line}" for line in (before.span(old) if k else range(len(before.lines)))]
    alone = k > 0 and blank(old) == blank(new)
    return Mutant(f"{module}.{name}", function, version, f"{version} {whole}", alone, minus, plus, lines)


def blank(node: ast.stmt) -> str:
    """Return a statement without what only people read."""
    return ast.unparse(Blank().visit(copy.deepcopy(node)))


Places = dict[str, dict[int, str]]


def written(path: Path) -> tuple[str, list[Mutant], dict[int, str]]:
    """Return a file with its mutants, what they are, and the function, its version and the line in it of all lines."""
    from mutmut.mutation.file_mutation import combine_mutations_to_source, create_mutations  # slow to import

    mutated = combine_mutations_to_source(*create_mutations(str(path), path.read_text()))
    module, source = ".".join(path.with_suffix("").parts), mutated.code.splitlines()
    nodes = [node for node in ast.walk(ast.parse(mutated.code)) if isinstance(node, ast.FunctionDef)]
    texts = {name: Text(source, node) for name, node in [(node.name, node) for node in nodes] if "__mutmut_" in name}
    made = [
        mutant(module, name, texts[name.rpartition("__mutmut_")[0] + "__mutmut_orig"], texts[name])
        for name in mutated.mutant_names
    ]
    places = {
        text.first + k: f"{module}.{name.removesuffix('__mutmut_orig')}@{text.version}:{k}"
        for name, text in texts.items()
        if name.endswith("__mutmut_orig")
        for k in range(len(text.lines))
    }
    return mutated.code, made, places


def mutants(wing: str, where: str, sample: int | None) -> tuple[int, list[Mutant], Places]:
    """Write the mutated files of a wing over this copy's; what was made of the same text before is kept.

    Returns how many mutants there are, those that were asked for, and what stands in the files' lines.
    """
    found, places, tool = [], {}, Path(__file__).read_bytes()
    MADE.mkdir(exist_ok=True)
    for path in sorted(Path(f"bigopt/games/{wing}/verify").glob("*.py")):
        kept = MADE / hashlib.sha256(path.read_bytes() + tool).hexdigest()[:16]
        if not kept.exists():
            kept.write_bytes(pickle.dumps(written(path)))
        code, made, here = pickle.loads(kept.read_bytes())
        found += made
        if any(re.search(where, each.full) for each in made):
            path.write_text(code)
            places[str(path.resolve())] = here
    asked = [each for each in found if re.search(where, each.full)]
    if sample is not None and sample < len(asked):
        asked = random.Random(0).sample(asked, sample)
    return len(found), asked, places
