"""Certificates of linear programs in VIPR 1.1, a published text format with checkers of its own.

Source: K. Cheung, A. Gleixner, D. Steffy, Verifying Integer Programming Results (IPCO 2017), and the specification of
version 1.1 at github.com/ambros-gleixner/VIPR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from bigopt.arithmetic.branching import Branch, Leaf
from bigopt.arithmetic.program import Combination, Evidence, Program, Row, Terms, combined, value


def text(program: Program, evidence: Evidence, remarks: Sequence[str] = ()) -> str:
    """Return the certificate that the value lies between the point's and the bound that the prices prove.

    Raises
    ------
    ValueError
        The prices prove no bound.
    """
    pairs, bound = combined(program, program.rows, evidence.prices)
    derived = [f"bound {_sense(program)} {bound} OBJ {{ lin {_pairs(pairs)} }} -1"]
    return _whole(program, evidence, bound, derived, remarks)


def of_tree(program: Program, evidence: Evidence, tree: Leaf | Branch, remarks: Sequence[str] = ()) -> str:
    """Return the certificate that no point is better than this one, by a tree of branch and bound."""
    best = value(program.objective, evidence.point)
    derived: list[str] = []
    _derive(program, best, tree, [], derived)
    return _whole(program, evidence, best, derived, remarks)


def _derive(program: Program, best: Fraction, node: Leaf | Branch, path: list[int], lines: list[str]) -> int:
    """Write the lines of a node below the assumptions of its path; return the index of its last."""
    m = len(program.rows)
    claim = f"{_sense(program)} {best} OBJ"
    if isinstance(node, Leaf):
        pairs = [(i if i < m else path[i - m], price) for i, price in node.pairs]
        lines.append(f"leaf_{len(lines)} {claim} {{ lin {_pairs(pairs)} }} -1")
        return m + len(lines) - 1
    ends = []
    for sense, at, below in (("L", node.at, node.down), ("G", node.at + 1, node.up)):
        assumed = m + len(lines)
        lines.append(f"assume_{len(lines)} {sense} {at} 1 {node.variable} 1 {{ asm }} -1")
        ends += [_derive(program, best, below, [*path, assumed], lines), assumed]
    lines.append(f"both_{len(lines)} {claim} {{ uns {' '.join(map(str, ends))} }} -1")
    return m + len(lines) - 1


def _whole(program: Program, evidence: Evidence, bound: Fraction, derived: list[str], remarks: Sequence[str]) -> str:
    found = value(program.objective, evidence.point)
    low, up = (found, bound) if program.maximize else (bound, found)
    parts = [*_problem(program, remarks), f"RTP range {low} {up}", *_point(evidence), f"DER {len(derived)}", *derived]
    return "\n".join(parts) + "\n"


def _sense(program: Program) -> str:
    return "L" if program.maximize else "G"


def _problem(program: Program, remarks: Sequence[str]) -> Iterator[str]:
    """Yield the sections up to CON."""
    yield from (f"% {' '.join(remark.split())}" for remark in remarks)
    yield "VER 1.1"
    yield f"VAR {len(program.variables)}"
    yield from program.variables
    yield f"INT {len(program.whole)}"
    yield from map(str, program.whole)
    yield f"OBJ {'max' if program.maximize else 'min'}"
    yield _terms(program.objective)
    yield f"CON {len(program.rows)} {program.bounds}"
    yield from map(_row, program.rows)


def _point(evidence: Evidence) -> Iterator[str]:
    yield "SOL 1"
    yield f"point {_terms(dict(enumerate(evidence.point)))}"


def _row(row: Row) -> str:
    return f"{row.name} {row.sense} {row.side} {_terms(row.terms)}"


def _terms(terms: Terms) -> str:
    return _pairs([(k, c) for k, c in terms.items() if c])


def _pairs(pairs: Combination | list[tuple[int, Fraction]]) -> str:
    return " ".join([str(len(pairs)), *(f"{k} {c}" for k, c in pairs)])
