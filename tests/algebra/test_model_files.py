"""A model file's docstring is its program: every line of one has its component of the other, by name, index and sense.

The docstring has sections (`Sets`, `Data`, `Variables`, `min` or `max`, `s.t.`) whose entries stand eleven columns in;
a name is followed by its indices, what is said about it stands behind two blanks, and `(rows: module)` hands over to
the docstrings of a module of `bigopt.algebra`.
"""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pyomo.environ as pyo
import pytest

import bigopt
from bigopt.algebra import library
from bigopt.games.hull.game import UtilityTable

ROOT = Path(__file__).resolve().parents[2]
SECTION = re.compile(r"(Source|Sets|Data|Variables|min|max|s\.t\.)( +|$)")
NAME = r"([A-Za-z]\w*)(?:\[([^\]]*)\])?"
ALLOWED = {"collections", "itertools", "math", "numpy", "pyomo", "typing", "__future__"}
ROOMS = ("bigopt.algebra", "bigopt.action_sets", "bigopt.alice", "bigopt.arithmetic", "bigopt.errors", "bigopt.games")
SQUARE = bigopt.Box([0.0, 0.0], [6.0, 6.0])
SETS = {
    "box": SQUARE,
    "ball": bigopt.Ball([1.0, 0.0], 3.0),
    "simplex": bigopt.Simplex(2.0, 2),
    "polytope": bigopt.Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 6]),
    "equations": bigopt.Polytope([[-1, 0], [0, -1]], [0, 0], [[1, 1]], [2]),
    "hull": bigopt.Hull([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]]),
}


def influencers(name: str, loss: str = "squared") -> bigopt.Influencers:
    return bigopt.Influencers(
        weights=[0.5, -0.25, 1.0], targets=[[2.0, 4.0], [1.0, 1.0], [3.0, 0.0]], action_set=SETS[name], loss=loss
    )


def subsets(dimension: int, repeats: bool) -> bigopt.Subsets:
    items = np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -2.0], [3.0, 1.0]])[:, :dimension]
    return bigopt.Subsets(
        weights=[0.5, 1.0], targets=items[:2], items=items, sizes=[2, 1], repeats=repeats, background_weight=1.0,
        background_point=items[3],
    )  # fmt: skip


def mechanism(regularizer: str = "kl", **changes: Any) -> bigopt.Mechanism:
    data = {
        "outcomes": ["a", "b", "c"],
        "initial": [0.5, 0.3, 0.2],
        "groups": [
            {"name": "one", "size": 2, "reward": [0.5, 0.5, 0.0]},
            {"name": "two", "size": 1, "reward": [0.1, 0.2, 0.7]},
        ],
        "normalization": "sum",
        "rule": {"objective": "social-welfare", "regularizer": regularizer, "strength": 0.5},
        "max_size": 4,
    }
    return bigopt.Mechanism.from_instance(data | changes, "small")


TABLE = UtilityTable(alice=[1.0, 0.0, 2.0], bobs=[[1.0, 0.5], [0.2, 0.1], [1.5, 2.5]], folds=3)
MARKET = bigopt.load("market/synthetic-1")
TALK = bigopt.load("conversation/geanakoplos-polemarchakis")
COURT = bigopt.load("persuasion/courtroom")
OPINION = bigopt.load("persuasion/second-opinion")
PAIRS = bigopt.load("preferences/plane")
TYPED = bigopt.load("mechanism/three-adapters")
POLICY = [{"base": [[0.7, 0.3, 0.0], [0.2, 0.8, 0.0]]}]
CASES: dict[str, list[tuple[Any, dict[str, Any]]]] = {
    "alignment": [(MARKET, {}), (MARKET, {"convex": False}), (COURT, {"given": [0.5] * len(COURT.bobs)}), (TABLE, {})],
    "approximate_payments": [(bigopt.load("mechanism/size-pairs"), {})],
    "big_best_response": [(influencers(x), {"player": 1}) for x in SETS] + [(influencers("box", "inner-product"), {})],
    "big_potential": [(influencers(x), {}) for x in SETS],
    "deviation": [(MARKET, {"bob": 1}), (MARKET, {"bob": 0, "least": 3, "rival": [0] * MARKET.S})],
    "deviation_bound": [(TALK, {})],
    "false_names": [(mechanism(), {})],
    "hull_fit": [(TABLE, {}), (TABLE, {"convex": False})],
    "least_utility": [(mechanism(), {}), (mechanism("l2"), {"outcome": 1})],
    "misalignment": [(MARKET, {"stable": [0, 3], "best": [1]})],
    "ne_face": [(influencers(x), {"receiver": [1.5, 1.0]}) for x in SETS if x != "ball"],
    "preference_mle": [(PAIRS, {})],
    "private_signaling": [(OPINION, {})],
    "quantal_signal": [(TALK, {})],
    "signaling": [(COURT, {}), (COURT, {"bob": "aligned"})],
    "subset_potential": [(subsets(2, r), {}) for r in (False, True)],
    "subset_potential_products": [(subsets(2, r), {"both_sides": r}) for r in (False, True)],
    "subset_response": [(subsets(2, r), {"player": 0}) for r in (False, True)],
    "subset_response_absolute": [(subsets(1, r), {"player": 1}) for r in (False, True)],
    "subset_response_products": [(subsets(2, r), {"player": 0}) for r in (False, True)],
    "training_maximin": [(mechanism(r), {}) for r in ("kl", "l2")],
    "training_nash": [(mechanism(r), {}) for r in ("kl", "l2")],
    "training_welfare": [(mechanism(), {}), (TYPED, {"without": 0})],
    "wdse": [(influencers(x, "inner-product"), {}) for x in SETS],
    "worst_scheme": [(MARKET, {})],
}


class Line(NamedTuple):
    """An entry of a docstring: its section, its name, its indices, and its whole text."""

    section: str
    name: str
    indices: tuple[str, ...]
    text: str


def entries(doc: str) -> list[tuple[str, str]]:
    """Return (section, text) of every entry, its further lines put behind it."""
    found: list[tuple[str, str]] = []
    section = ""
    for line in doc.splitlines():
        start = SECTION.match(line)
        section = start[1] if start else section if line.startswith(" " * 11) else ""
        if not section:
            continue
        rest = line[11:]
        if rest.startswith(" "):
            found[-1] = (section, f"{found[-1][1]}  {rest.strip()}")
        else:
            found.append((section, rest))
    return found


def lines(doc: str) -> list[Line]:
    """Return what the entries name: a set a letter, data and variables before the text, rows before their colon."""
    found = []
    for section, text in entries(doc):
        if section == "Source":
            continue
        if section == "Sets":
            names = re.findall(r"(?:^|, )([A-Z])(?:\[(\w)\])? ", text)
        elif section in ("Data", "Variables"):
            names = re.findall(rf"(?:^|, ){NAME}", re.split(r"  | in | = | / | >= ", text)[0])
        else:
            names = re.findall(rf"^{NAME}:", text)
        found += [Line(section, n, tuple(i.strip() for i in at.split(",") if i.strip()), text) for n, at in names]
    return found


def shared(doc: str) -> str:
    """Return the docstrings of the functions that a docstring hands rows over to."""
    modules = re.findall(r"bigopt\.algebra\.\w+", doc)
    return "\n".join(ast.get_docstring(node) or "" for m in modules for node in functions(import_module(m)))


def functions(module: ModuleType) -> list[ast.FunctionDef]:
    assert module.__file__ is not None
    return [n for n in ast.walk(ast.parse(Path(module.__file__).read_text())) if isinstance(n, ast.FunctionDef)]


def bound(module: ModuleType) -> set[str]:
    """Return the names that a model file's functions take or assign."""
    names: set[str] = set()
    for function in functions(module):
        names |= {a.arg for a in function.args.args}
        names |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


def built(name: str) -> list[pyo.ConcreteModel]:
    models = [library.model(name).build(game, **arguments) for game, arguments in CASES[name]]
    if name == "worst_scheme":
        library.model(name).cut(models[0], MARKET, 0, 5, 3)
    return models


def fault_of(line: Line, models: list[pyo.ConcreteModel]) -> str:
    """Return how a docstring's line differs from its component, "" if it does not."""
    kinds = {"Sets": pyo.Set, "Variables": pyo.Var, "s.t.": pyo.Constraint, "min": pyo.Objective, "max": pyo.Objective}
    found = [m.component(line.name) for m in models if m.component(line.name) is not None]
    if not found:
        return "no such component"
    for component in found:
        if not issubclass(component.ctype, (kinds[line.section], pyo.RangeSet)):
            return f"is a {component.ctype.__name__}"
        if component.dim() != len(line.indices):
            return f"has {component.dim()} indices"
        if line.section in ("min", "max") and (component.sense == pyo.maximize) != (line.section == "max"):
            return "the sense"
        if line.section == "Variables":
            said = line.text.partition(" ")[2] if not line.indices else line.text.partition("]")[2]
            binary = said.strip().startswith("in {0, 1}")
            if binary and not all(v.is_binary() for v in component.values()):
                return "is not binary"
            if said.strip().startswith(">= 0") and any(v.lb is None or v.lb < 0 for v in component.values()):
                return "may be negative"
        if line.section == "s.t." and indices_of(line, component) != sets_of(component):
            return f"is indexed by {sets_of(component)}, expected {indices_of(line, component)}"
    return ""


def sets_of(component: Any) -> list[str]:
    """Return the names of the sets that index a component."""
    return [s.name for s in component.index_set().subsets()] if component.is_indexed() else []


def indices_of(line: Line, component: Any) -> list[str]:
    """Return the names of the sets that a row's line says it runs over, in the order of its indices."""
    pairs = re.findall(r"(\([a-z, ]*\)|[a-z]) in ([A-Z])\b", line.text.rpartition(" for ")[2])
    over = {tuple(re.findall("[a-z]", index)): letter for index, letter in pairs}
    return [over[(i,)] for i in line.indices] if line.indices not in over else [over[line.indices]]


@pytest.mark.parametrize("name", library.models())
def test_every_line_has_its_component(name: str) -> None:
    module, models = library.model(name), built(name)
    doc = module.__doc__ or ""
    named = lines(doc)
    assert {line.section for line in named} & {"min", "max"}
    wrong = {f"{line.name}: {fault_of(line, models)}" for line in named if line.section != "Data"}
    assert {text for text in wrong if not text.endswith(": ")} == set()
    data = {line.name for line in named if line.section == "Data"}
    assert data <= bound(module), "the docstring's data have other names in the code"


@pytest.mark.parametrize("name", library.models())
def test_every_component_has_its_line(name: str) -> None:
    doc = library.model(name).__doc__ or ""
    said = {line.name for line in lines(doc)}
    more = shared(doc)
    for model in built(name):
        for component in model.component_objects():
            listed = component.name in said or re.search(rf"(?<!\w){component.name}(\[|:|  | the )", more)
            assert listed, f"{component.name} is in no line of the docstring"
        plain = set(vars(model)) - set(vars(pyo.ConcreteModel())) - {c.name for c in model.component_objects()}
        assert plain == set(), "a plain attribute where a Set or a Param says it"


@pytest.mark.parametrize("name", library.models())
def test_a_model_file_states_and_does_nothing_else(name: str) -> None:
    path = ROOT / "models" / f"{name}.py"
    tree = ast.parse(path.read_text())
    assert len(path.read_text().splitlines()) <= 120
    imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    imported += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    for module in imported:
        assert module.split(".")[0] in ALLOWED or module.startswith(ROOMS), module
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert not called & {"print", "open", "input"}
    model = library.model(name).build(CASES[name][0][0], **CASES[name][0][1])
    assert model.name == name


def test_a_row_that_is_not_there_is_found() -> None:
    models = built("signaling")
    doc = library.model("signaling").__doc__ or ""
    rows = {line.name: line for line in lines(doc)}
    assert {"S", "A", "p", "u", "U", "g", "delta", "pi", "value", "simplex", "obedience"} == set(rows)
    assert fault_of(rows["simplex"], models) == ""
    assert fault_of(rows["simplex"]._replace(name="simplices"), models) == "no such component"
    assert fault_of(rows["simplex"]._replace(indices=("s", "a")), models) == "has 1 indices"
    assert "expected ['A']" in fault_of(rows["simplex"]._replace(text="... for s in A"), models)
    assert fault_of(rows["value"]._replace(section="min"), models) == "the sense"
    assert fault_of(rows["pi"]._replace(text="pi[s, a] in {0, 1}"), models) == "is not binary"


def test_every_model_is_built_here_and_by_some_concept() -> None:
    assert set(CASES) == set(library.models())
