"""Write FIELDS.md, every concept's fields as the classes of its solutions annotate them: python docs/fields.py."""

from __future__ import annotations

import re
from pathlib import Path

from bigopt.concepts.concept import Concept, Kind
from bigopt.concepts.fields import Field, fields_of
from bigopt.games import kinds

PAGE = Path(__file__).parent / "FIELDS.md"
HEAD = """# The fields of every solution

Made of the classes that stand beside the concepts, by `python docs/fields.py`; a test says when it is out of date.

In Python a field is an attribute (`solution.receiver`), in JSON a key of `"solution"`, and the two have one name.
Arrays are numpy arrays in Python and nested lists in JSON; infinities and NaN are null there. A field in brackets may
be missing from an answer, and is then None in Python. What stopped at a limit, or was not verified, may have fewer.

What the run itself said (`stopped`, `holds`, `objective`, `bound`) has attributes too; where a field has the same name,
the attribute is the field, and `solution.outcome.bound` is the run's.

Fields that are known as fractions stand in `solution.exact` too, by name, as `Fraction`s, and in JSON under `"exact"`
as texts "p/q" (of small games, or with `--option exact=true`); [PROOFS.md](PROOFS.md) says which.

Type checkers know the fields where the class is given: `solution = bigopt.solve(game, NashSolution)`, imported from the
module that a heading below names. Letters: n players (groups, labelers), d coordinates, k Bobs, S states, m outcomes,
A actions, X_A and X_B features, T types.
"""
ARRAYS = {
    "Floats": ("array of floats", "number"),
    "Ints": ("array of integers", "integer"),
    "Flags": ("array of bools", "true/false"),
}
SCALARS = {"float": "number", "int": "integer", "bool": "true/false", "str": "text", "Any": "see there"}


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(_kind(kind) for kind in kinds.KINDS.values())


def _kind(kind: Kind) -> str:
    return f"\n## {kind.name}\n" + "".join(_concept(concept) for concept in kind.concepts)


def _concept(concept: Concept) -> str:
    cls = concept.result
    rows = "".join(_row(field) for field in fields_of(cls))
    head = (
        f"\n### `{concept.name}`\n\n{concept.title[0].upper()}{concept.title[1:]}. `{cls.__module__}.{cls.__name__}`\n"
    )
    return f"{head}\n| field | Python | JSON | shape, unit | what |\n|---|---|---|---|---|\n{rows}"


def _row(field: Field) -> str:
    name = f"`{field.name}`" if field.always else f"[`{field.name}`]"
    python = _python(field.annotation)
    cells = (name, python, _json(field.annotation), field.unit, field.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _parts(annotation: str) -> list[str]:
    return re.split(r" \| (?![^\[]*\])", annotation)


def _python(annotation: str) -> str:
    return " or ".join(ARRAYS[part][0] if part in ARRAYS else part for part in _parts(annotation))


def _json(annotation: str) -> str:
    return " or ".join(dict.fromkeys(_json_type(part) for part in _parts(annotation)))


def _json_type(part: str) -> str:
    """Return the JSON type of a Python type."""
    if part == "None":
        return "null"
    if part.startswith(("list", "tuple")) or part in ARRAYS:
        return "list"
    return "object" if part.startswith("dict") else SCALARS[part]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
