"""Show the survivors of `.ci/mutants`, those of texts alone counted: `python .ci/survivors.py COPY < RESULTS`."""

import ast
import re
import sys
from pathlib import Path

NAME = re.compile(r"^\s*(bigopt\.\S+)__mutmut_(\d+): survived", re.MULTILINE)


class Blank(ast.NodeTransformer):
    """Blank what only people read: texts, and the arguments of errors."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Blank a text."""
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        """Blank a text with values."""
        return ast.Constant("")

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """Blank an error."""
        return ast.Raise()


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Return all functions of a mutated file by name, methods included."""
    return {node.name: node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def lines(node: ast.FunctionDef, blank: bool) -> list[str]:
    """Return a function's text without its name."""
    copy = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(copy, ast.FunctionDef)
    copy.name, copy.decorator_list = "f", []
    return ast.unparse(Blank().visit(copy) if blank else copy).splitlines()


def main() -> None:
    """Print the survivors that change more than a text, with their lines before and after."""
    copy, texts, other = Path(sys.argv[1]), 0, 0
    files: dict[Path, dict[str, ast.FunctionDef]] = {}
    for full, number in NAME.findall(sys.stdin.read()):
        module, _, name = full.rpartition(".")
        path = copy / "mutants" / (module.replace(".", "/") + ".py")
        if path not in files:
            files[path] = functions(path)
        known = files[path]
        before, after = known[f"{name}__mutmut_orig"], known[f"{name}__mutmut_{number}"]
        if lines(before, True) == lines(after, True):
            texts += 1
            continue
        other += 1
        old, new = lines(before, False), lines(after, False)
        print(f"{module.rpartition('.')[2]} {name} {number}")
        print("   -", " / ".join(line.strip() for line in old if line not in new)[:200])
        print("   +", " / ".join(line.strip() for line in new if line not in old)[:200])
    print(f"{texts} change a text alone, {other} more")


main()
