"""The mutants of a wing's `verify/`, as mutmut writes them, and what each of them changes."""

from __future__ import annotations

import ast
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
    "whole": ({1}, set()),
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

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Leave out the texts among a call's arguments."""
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        places, keywords = TEXTS.get(name, (set(), set()))
        node.args = [given for k, given in enumerate(node.args) if k not in places]
        node.keywords = [word for word in node.keywords if word.arg not in keywords]
        self.generic_visit(node)
        return node


class Text:
    """A function's lines: as they stand, as they read without its name, and the same blanked."""

    def __init__(self, source: list[str], node: ast.FunctionDef) -> None:
        """Read a function; the node is used up."""
        self.raw, self.first = source[node.lineno - 1 : node.end_lineno], node.lineno
        self.spans = [
            (n.lineno - self.first, self.end(n) - self.first) for n in ast.walk(node) if isinstance(n, ast.stmt)
        ]
        node.name, node.decorator_list = "f", []
        self.whole = ast.unparse(node).splitlines()
        self.version = hashlib.sha256("\n".join(self.whole).encode()).hexdigest()[:8]
        self.blank = ast.unparse(Blank().visit(node)).splitlines()

    @staticmethod
    def end(node: ast.stmt) -> int:
        """Return a statement's last line; of one with a body, the last before it."""
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        return max(node.lineno, body[0].lineno - 1 if isinstance(body, list) else node.end_lineno or node.lineno)

    def statement(self, line: int) -> range:
        """Return the lines of the smallest statement that holds a line; all lines where it is the head's."""
        holding = [(last - first, first, last) for first, last in self.spans if first <= line <= last]
        _, first, last = min(holding, default=(0, 0, 0))
        return range(first, last + 1) if first > 0 else range(len(self.raw))


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
    """Compare a changed function with what it was."""
    function = f"{module}.{name.rpartition('__mutmut_')[0]}"
    version = f"{function}@{before.version}"
    minus = " / ".join(line.strip() for line in before.whole if line not in after.whole)[:400]
    plus = " / ".join(line.strip() for line in after.whole if line not in before.whole)[:400]
    whole = hashlib.sha256("\n".join(before.whole + after.whole).encode()).hexdigest()[:12]
    pairs = enumerate(zip(before.raw[1:], after.raw[1:], strict=False), 1)
    changed = next((k for k, (old, new) in pairs if old != new), 0)
    lines = [f"{version}:{k}" for k in before.statement(changed)]
    alone = before.blank == after.blank
    return Mutant(f"{module}.{name}", function, version, f"{function} {whole}", alone, minus, plus, lines)


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
        for k in range(len(text.raw))
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
