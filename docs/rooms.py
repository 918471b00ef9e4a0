"""Draw the rooms into ARCHITECTURE.md, as the imports have them: python docs/rooms.py."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import networkx as nx

PAGE = Path(__file__).parent / "ARCHITECTURE.md"
ROOT = Path(__file__).parents[1] / "bigopt"
FACES = {"__init__", "__main__", "catalog"}  # the public names look into every room
START, END = "<!-- made by python docs/rooms.py -->\n", "<!-- end -->\n"


@cache
def rooms() -> nx.DiGraph:
    """Return the rooms, an edge from each to every other whose modules it imports, `says` being what it is for."""
    graph = nx.DiGraph()
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).with_suffix("").parts[0]
        if room in FACES:
            continue
        tree = ast.parse(path.read_text())
        if path.parent in (ROOT, ROOT / room) and path.stem in (room, "__init__"):
            graph.add_node(room, says=(ast.get_docstring(tree) or "").split("\n")[0])
        found = {other for module in _imported(tree) for other in module.split(".")[1:2]}
        graph.add_edges_from((room, other) for other in sorted(found - {room} - FACES))
    return graph


def _imported(tree: ast.AST) -> list[str]:
    """Return the dotted names that are imported from the package."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "bigopt":
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return [name for name in found if name.startswith("bigopt.")]


def picture() -> str:
    """Return the graph for Mermaid: a room a box, an arrow to what it uses, without what follows from other arrows."""
    graph = rooms()
    order = list(nx.lexicographical_topological_sort(graph))
    lines = [f'    {room}["<b>{room}</b><br>{_plain(graph.nodes[room]["says"])}"]' for room in order]
    kept = nx.transitive_reduction(graph)
    lines += [f"    {a} --> {b}" for a in order for b in sorted(kept.successors(a), key=order.index)]
    return "```mermaid\nflowchart TD\n" + "\n".join(lines) + "\n```\n"


def _plain(text: str) -> str:
    """Return a docstring's line without what Mermaid reads as its own."""
    return re.sub(r'["`]', "", text.replace(": ", ":<br>", 1)).rstrip(".")


def page() -> str:
    """Return the page with the picture put in."""
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    return before + START + picture() + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
