"""Proofs of signaling schemes, first best and alignment, in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bigopt.alice import prove as shared
from bigopt.arithmetic.completion import Exact, completed, rounded
from bigopt.concepts.proof import Proof, proved
from bigopt.errors import SolverFailed, UnsupportedProblem
from bigopt.games.persuasion import prove_maps
from bigopt.games.persuasion.exact.obeyed import obeyed

TIGHT = 1e-9  # of a row's size: slack that is none
NOISE, SHORT = 1e-13, 10**5  # of probabilities: what rounding makes of short fractions; their denominators
FEW = 150  # positive entries of a scheme: of more, fractions of the exact basis are too long to be worth it
ZERO = Fraction(0)
Table = list[list[Fraction]]
Price = dict[tuple[int, int], Fraction]


def first_best(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim what Alice gets with the state known: one maximum a state."""
    return proved("persuasion", "first-best", data, {}, ("what Alice gets if she knows the state",))


def alignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the epsilon of Definition 1."""
    cells = shared.outcomes(data)
    words = ("the least epsilon of Definition 1 over weights that add up to 1",)
    return proved("persuasion", "alignment", data, shared.witness(cells, cells), words)


def signaling(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim a sender's best value: an obedient scheme from below, prices of obedience from above.

    Raises
    ------
    UnsupportedProblem
        Alice has information of her own, or a recommendation must win by a margin, and the program is too large.
    """
    name = solution.bob
    v: Table = {bob["name"]: bob["utility"] for bob in data["bobs"]}.get(name, data["alice"])
    witness = {"bob": name} | _of_sender(data, v, np.asarray(solution.scheme, dtype=float))
    words = (f"{name} gets the value with the scheme, which Alice obeys, and no obedient scheme gives more",)
    return proved("persuasion", "signaling", data, witness, words)


def oblivious(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim every Bob's own optimum, and what Alice gets who combines their schemes."""
    schemes = [np.asarray(scheme, dtype=float) for scheme in solution.schemes]
    senders = [_of_sender(data, bob["utility"], f) for bob, f in zip(data["bobs"], schemes, strict=True)]
    words = ("every Bob plays his single-sender optimum, and Alice gets what is combined of all recommendations",)
    fields = ("schemes", "values", "combined", "first_best", "gap")
    return proved("persuasion", "oblivious", data, {"senders": senders}, words, fields)


def joint(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim what everybody gets from a profile of schemes, and how much each Bob could gain at most by another one.

    Raises
    ------
    UnsupportedProblem
        A recommendation must win by a margin, or the programs are too large.
    """
    if isinstance(data.get("tie_break"), Mapping):
        raise UnsupportedProblem("prove: joint has no rule for margins: use `bigopt solve`")
    schemes = [[_shares(row) for row in np.asarray(f, dtype=float)] for f in solution.schemes]
    senders = []
    for j, bob in enumerate(data["bobs"]):
        kernel = prove_maps.heard(data, [*schemes[:j], *schemes[j + 1 :]])
        prices = prove_maps.best_scheme(data, bob["utility"], kernel)["obedience"]
        senders.append({"recommendations": [], "obedience": prices})
    words = ("everybody's utility; no Bob gains more than his regret by another scheme, whatever Alice's ties",)
    fields = ("schemes", "alice", "bobs", "regrets", "first_best")
    return proved("persuasion", "joint", data, {"schemes": schemes, "senders": senders}, words, fields)


def _shares(row: Any) -> Exact:
    """Return probabilities near floats: of short denominators where that makes no difference to floats."""
    raw = [short if abs(short - v) < NOISE else rounded(v) for v in row.tolist() for short in [_short(v)]]
    total = sum(raw, Fraction(0))
    return [max(v, Fraction(0)) / total for v in raw] if total != 1 else raw


def _short(value: float) -> Fraction:
    return Fraction(value).limit_denominator(SHORT)


def _of_sender(data: Mapping[str, Any], v: Table, near: Any) -> dict[str, Any]:
    """Return a scheme and prices of obedience [recommendation, 0, instead, price]."""
    if "alice_signal" in data or isinstance(data.get("tie_break"), Mapping):
        return prove_maps.best_scheme(data, v, prove_maps.own_signals(data))
    p, u = shared.prior(data), data["alice"]
    scheme, price = _exact(p, u, v, near)
    if _gap(p, u, v, scheme, price) and prove_maps.small(data):  # floats could not tell what is tight
        return prove_maps.best_scheme(data, v, prove_maps.own_signals(data))
    return {"scheme": scheme, "obedience": [[a, 0, b, y] for (a, b), y in price.items() if y]}


def _gap(p: Exact, u: Table, v: Table, scheme: Table, price: Price) -> Fraction:
    """Return by how much the bound that prices prove exceeds the sender's value of a scheme."""
    value = sum((q * g * x for q, row, f in zip(p, v, scheme, strict=True) for g, x in zip(row, f, strict=True)), ZERO)
    return sum(map(max, _priced(p, u, v, price)), ZERO) - value


def _priced(p: Exact, u: Table, v: Table, price: Price) -> Table:
    """Return every entry's gain, obedience rows priced in."""
    gain = [[q * g for g in row] for q, row in zip(p, v, strict=True)]
    for (a, b), y in price.items():
        for s, q in enumerate(p):
            gain[s][a] += y * q * (u[s][a] - u[s][b])
    return gain


def _row(p: Exact, u: Table, a: int, b: int) -> Exact:
    """Return an obedience row's coefficients, a state each."""
    return [q * (row[a] - row[b]) for q, row in zip(p, u, strict=True)]


def _exact(p: Exact, u: Table, v: Table, near: Any) -> tuple[Table, Price]:
    """Return a scheme that is obeyed exactly and prices: those of the LP on the tight rows, completed."""
    alice = np.array([[float(q * g) for g in row] for q, row in zip(p, u, strict=True)])
    sender = np.array([[float(q * g) for g in row] for q, row in zip(p, v, strict=True)])
    tight = _broken(alice, near, -TIGHT)
    while True:
        x, y = _program(sender, alice, tight)
        broken = [ab for ab in _broken(alice, x, TIGHT) if ab not in set(tight)]
        if not broken:
            break
        tight += broken
    price = {ab: value for ab, value in zip(tight, y, strict=True) if value > TIGHT * (np.abs(y).max() or 1.0)}
    scheme = _scheme(p, u, x, list(price))
    return scheme, _prices(p, u, v, scheme, price)


def _broken(alice: Any, x: Any, by: float) -> list[tuple[int, int]]:
    """Return the obedience rows (a, b) of used signals that are short by more than a share of their size."""
    A = alice.shape[1]
    found = []
    for a in np.flatnonzero(x.max(axis=0) > TIGHT).tolist():
        gains = alice[:, [a]] - alice
        size = np.abs(gains).max(axis=0)
        short = np.flatnonzero(-(x[:, a] @ gains) > by * size).tolist()
        found += [(a, b) for b in short if b != a and size[b] > 0]
    return found if A > 1 else []


def _program(sender: Any, alice: Any, tight: list[tuple[int, int]]) -> tuple[Any, Any]:
    """Solve the LP on some obedience rows: (scheme, prices), floats."""
    S, A = alice.shape
    at = np.arange(S) * A
    gains = [alice[:, b] - alice[:, a] for a, b in tight]
    unit = np.array([float(np.abs(row).max()) for row in gains])
    rows = [
        sparse.coo_array((row, (np.zeros(S, int), at + a)), shape=(1, S * A))
        for row, (a, _) in zip(gains, tight, strict=True)
    ]
    scaled = sparse.vstack([row / size for row, size in zip(rows, unit, strict=True)]).tocsr() if rows else None
    simplex = sparse.kron(sparse.eye_array(S), np.ones((1, A)), format="csr")
    size = np.ptp(sender) or 1.0
    found = linprog(
        -sender.ravel() / size,
        A_ub=scaled,
        b_ub=np.zeros(len(rows)) if rows else None,
        A_eq=simplex,
        b_eq=np.ones(S),
        method="highs-ds",
    )
    if found.x is None:
        raise SolverFailed(f"proving signaling: {found.message}: try another unit", "error")
    return found.x.reshape(S, A), -found.ineqlin.marginals * size / unit if rows else np.zeros(0)


def _scheme(p: Exact, u: Table, x: Any, rows: list[tuple[int, int]]) -> Table:
    """Return an exact scheme on the support of a float one, with equality on rows until all are obeyed."""
    S, A = x.shape
    cells = [(s, a) for s in range(S) for a in range(A) if x[s, a] > TIGHT]
    held = list(rows)
    for _ in range(A * A if len(cells) <= FEW else 0):
        system = [[Fraction(int(s == t)) for s, _ in cells] for t in range(S)]
        for a, b in held:
            row = _row(p, u, a, b)
            system.append([row[s] if k == a else Fraction(0) for s, k in cells])
        exact = completed(system, [Fraction(1)] * S + [Fraction(0)] * len(held), [float(x[c]) for c in cells])
        if exact is None or min(exact) < 0:
            break
        scheme = [[Fraction(0)] * A for _ in range(S)]
        for (s, a), value in zip(cells, exact, strict=True):
            scheme[s][a] = value
        bad = _disobeyed(p, u, scheme)
        if not bad:
            return scheme
        if set(bad) <= set(held):
            break
        held += [ab for ab in bad if ab not in held]
    return obeyed(p, u, x)


def _disobeyed(p: Exact, u: Table, scheme: Table) -> list[tuple[int, int]]:
    """Return the rows that Alice would not obey."""
    A = range(len(u[0]))
    used = [a for a in A if any(row[a] for row in scheme)]
    short = ((a, b, zip(_row(p, u, a, b), scheme, strict=True)) for a in used for b in A if a != b)
    return [(a, b) for a, b, cells in short if sum(g * row[a] for g, row in cells) < 0]


def _prices(p: Exact, u: Table, v: Table, scheme: Table, price: Mapping[tuple[int, int], float]) -> Price:
    """Return exact prices with equal gains on the support of every state, else the rounded ones."""
    S, rows = len(p), list(price)
    cells = [(s, a) for s, row in enumerate(scheme) for a, x in enumerate(row) if x]
    plain = {ab: rounded(value) for ab, value in price.items()}
    if len(cells) > FEW:
        return plain
    tops = [float(max(row)) for row in _priced(p, u, v, plain)]
    system = []
    for s, a in cells:
        on = [-p[s] * (u[s][a] - u[s][b]) if k == a else Fraction(0) for k, b in rows]
        system.append([Fraction(int(s == t)) for t in range(S)] + on)
    exact = completed(system, [p[s] * v[s][a] for s, a in cells], tops + [price[ab] for ab in rows])
    found = (
        plain if exact is None or min(exact[S:], default=Fraction(0)) < 0 else dict(zip(rows, exact[S:], strict=True))
    )
    better = min((found, plain), key=lambda prices: sum(max(row) for row in _priced(p, u, v, prices)))
    return better


PROVERS = {
    "signaling": signaling,
    "first-best": first_best,
    "oblivious": oblivious,
    "alignment": alignment,
    "joint": joint,
}
