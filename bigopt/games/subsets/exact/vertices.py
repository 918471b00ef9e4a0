"""Extreme mixed equilibria of two players by Gambit, in fractions, in a copy of this process: it looks at no clock."""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from bigopt.concepts import Deadline
from bigopt.errors import LimitReached, SolverNotFound
from bigopt.games.subsets.exact.combos import written
from bigopt.games.subsets.game import Subsets
from bigopt.games.subsets.graph import actions
from bigopt.solvers.limited import within

Strategy = dict[int, Fraction]  # probability by the action's number
Payoffs = list[list[Fraction]]
LARGEST = 60  # actions of both players that are left after dominance: vertices grow exponentially with them
LISTED = 5_000  # actions of one player whose table is looked at for dominance


def extreme_equilibria(game: Subsets, deadline: Deadline) -> list[tuple[Strategy, Strategy]]:
    """Return every extreme equilibrium of a two-player game as the probabilities of its actions' numbers.

    Actions that another action beats against everything are taken out first (iterated, in integers): no equilibrium
    has them.

    Raises
    ------
    SolverNotFound
        Gambit is not installed.
    LimitReached
        Too many actions are left, or the deadline came first.
    """
    if importlib.util.find_spec("pygambit") is None:
        raise SolverNotFound("concept mixed: pygambit is not installed: pip install 'bigopt[gambit]'")
    if max(game.actions(0), game.actions(1)) > LISTED:
        raise LimitReached(
            f"{written(game.profiles)} profiles are too many for mixed equilibria: use --concept all-nash"
        )
    tables = _tables(game)
    rows, columns = undominated(tables)
    if len(rows) + len(columns) > LARGEST:
        raise LimitReached(
            f"{len(rows)} and {len(columns)} actions are left after dominance, more than the {LARGEST} whose vertices"
            " are enumerated: use --concept all-nash for the pure equilibria, or lower sizes"
        )
    small = payoffs(*(table[np.ix_(rows, columns)] for table in tables))
    names = (rows.tolist(), columns.tolist())
    import pygambit  # noqa: F401 - before the clock of its copy starts

    try:  # its code looks at no clock
        found = within(deadline.remaining, partial(_enumerate, small))
    except RuntimeError:
        raise LimitReached("Gambit ended without an answer: use a smaller game") from None
    if found is None:
        raise LimitReached(f"time limit of {deadline.seconds:g} s reached while enumerating the vertices")
    pairs = [tuple({names[i][a]: p for a, p in side.items()} for i, side in enumerate(pair)) for pair in found]
    return [(first, second) for first, second in pairs]


def _tables(game: Subsets) -> list[npt.NDArray[np.object_]]:
    """Return both players' losses as integers, shape [actions of 0][actions of 1]."""
    exact, own = game.centred, actions(game)
    sums = [[exact.weighted[i][list(a)].sum(axis=0) for a in own[i]] for i in (0, 1)]
    total = np.array(sums[0], dtype=object)[:, None, :] + np.array(sums[1], dtype=object)[None, :, :]
    return [((total - exact.targets[i]) ** 2).sum(axis=2) for i in (0, 1)]


def payoffs(first: npt.NDArray[np.object_], second: npt.NDArray[np.object_]) -> list[Payoffs]:
    """Return payoffs from -1 to 0 with the equilibria of two tables of losses: Gambit finds none where they are large.

    What a player loses at least against an action of the other's is taken off all losses against it, which changes no
    best reply, and the rest is measured in its largest.
    """
    own = [first - first.min(axis=0, keepdims=True), second - second.min(axis=1, keepdims=True)]
    return [[[Fraction(-int(v), int(rest.max()) or 1) for v in row] for row in rest] for rest in own]


def undominated(tables: list[npt.NDArray[np.object_]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows and columns that no other one beats strictly, iterated until nothing is left to take out."""
    rows, columns = np.arange(tables[0].shape[0]), np.arange(tables[0].shape[1])
    while True:
        size = len(rows) + len(columns)
        rows = rows[_kept(tables[0][np.ix_(rows, columns)])]
        columns = columns[_kept(tables[1][np.ix_(rows, columns)].T)]
        if len(rows) + len(columns) == size:
            return rows, columns


def _kept(losses: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Return which rows no other row beats in every column."""
    return np.array([not (losses < row).astype(bool).all(axis=1).any() for row in losses], dtype=bool)


def _enumerate(tables: list[Payoffs]) -> list[list[Strategy]]:
    """Enumerate the vertices; return each equilibrium's probabilities above 0."""
    import pygambit

    with TemporaryDirectory() as folder:  # a file is what all versions of Gambit read
        path = Path(folder) / "game.nfg"
        path.write_text(_strategic_form(tables), encoding="utf-8")
        game = pygambit.read_nfg(str(path))
    answer = []
    for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria:
        sides = []
        for i, count in enumerate((len(tables[0]), len(tables[0][0]))):
            shares = [profile[f"p{i}"][f"a{a}"] for a in range(count)]
            exact = [Fraction(int(p.numerator), int(p.denominator)) for p in shares]
            sides.append({a: p for a, p in enumerate(exact) if p})
        answer.append(sides)
    return answer


def _strategic_form(tables: list[Payoffs]) -> str:
    """Return a two-player table in Gambit's format; the first player's action changes fastest."""
    rows, columns = len(tables[0]), len(tables[0][0])
    names = [" ".join(f'"a{a}"' for a in range(count)) for count in (rows, columns)]
    cells = (f"{tables[0][r][c]} {tables[1][r][c]}" for c in range(columns) for r in range(rows))
    return f'NFG 1 R "" {{ "p0" "p1" }}\n\n{{ {{ {names[0]} }}\n{{ {names[1]} }}\n}}\n""\n\n' + "\n".join(cells) + "\n"
