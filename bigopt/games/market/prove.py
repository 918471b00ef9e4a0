"""Proofs of stable schemes: intervals of Alice's utility, and the rows that leave few schemes in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bigopt.alice import prove as shared
from bigopt.concepts.deadline import Deadline
from bigopt.concepts.proof import Proof, proved
from bigopt.games.market import prove_lotteries, prove_obedient
from bigopt.games.market.exact.intervals import Intervals, Span
from bigopt.games.market.game import Market

FEW = 200_000  # schemes that a checker goes through without rows


def alignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the epsilon of Definition 1."""
    cells = shared.outcomes(data)
    words = ("the least epsilon of Definition 1 over weights that add up to 1",)
    return proved("market", "alignment", data, shared.witness(cells, cells), words)


def _extreme(concept: str) -> Callable[[Mapping[str, Any], Any], Proof]:
    """Return the prover of Alice's worst or best stable scheme."""

    def prove(data: Mapping[str, Any], solution: Any) -> Proof:
        """Claim that a scheme is stable, and Alice's worst or best of all stable ones."""
        asked = _asked(solution)
        game: Market = solution.game
        if "randomized" in asked:
            of = " that Alice obeys" if "obedience" in asked else ""
            words = (f"the randomized scheme{of} is stable, and Alice's {concept} of all stable ones",)
            return proved("market", concept, data, _lotteries(game, concept, asked), words)
        scheme = [int(a) for a in solution.scheme]
        value = game.totals(scheme)[0]
        ends = (sum(_least(game)), value - 1) if concept == "worst" else (sum(_least(game)), game.opt)
        spans = [] if concept == "best" and value == game.opt else _spans(game, *ends, solution)
        words = (f"the scheme is stable, and Alice's {concept} of all stable schemes",)
        return proved("market", concept, data, {"scheme": scheme, "spans": spans} | asked, words)

    return prove


def stable(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim that these schemes are stable and no others, or these values of Alice's by randomized ones."""
    asked = _asked(solution)
    game: Market = solution.game
    if "randomized" in asked:
        words = ("Alice's utilities of stable randomized schemes fill these intervals, and nothing else",)
        return proved("market", "stable", data, _lotteries(game, "stable", asked), words)
    spans = _spans(game, sum(_least(game)), game.opt, solution)
    words = ("these schemes are stable, and no others",)
    return proved("market", "stable", data, {"spans": spans} | asked, words)


def misalignment(data: Mapping[str, Any], solution: Any) -> Proof:
    """Claim the tight epsilon over stable outcomes and Alice's best ones."""
    asked = _asked(solution)
    game: Market = solution.game
    spans = _spans(game, sum(_least(game)), game.opt, solution)
    schemes = proved("market", "stable", data, {"spans": spans} | asked, ()).claims["schemes"]
    bobs = [bob["utility"] for bob in data["bobs"]]
    cell = [[(a, [bob[s][k] for bob in bobs]) for k, a in enumerate(row)] for s, row in enumerate(data["alice"])]
    best = [c for row in cell for c in row if c[0] == max(row)[0]]
    used = [cell[s][a] for s, a in sorted({(s, int(a)) for f in schemes for s, a in enumerate(f)})]
    witness = shared.witness(best, used, convex=False) | {"spans": spans} | asked
    words = ("the least error of a combination: not above Alice where schemes are stable, not below at her best",)
    return proved(
        "market", "misalignment", data, witness, words, ("epsilon", "weights", "offset", "opt", "nash", "randomized")
    )


def _asked(solution: Any) -> dict[str, bool]:
    """Return which options were asked for, as flags of the witness, which become claims."""
    options = solution.solver.options
    obeyed = bool(options.get("obedience"))
    flags = {"nash": options.get("equilibrium") == "nash", "obedience": obeyed}
    flags |= {"randomized": obeyed or options.get("schemes") == "randomized"}
    return {key: True for key, flag in flags.items() if flag}


def _lotteries(game: Market, concept: str, asked: Mapping[str, bool]) -> dict[str, Any]:
    """Return the witness of a rule for randomized schemes, any or those that Alice obeys."""
    witness = prove_obedient.witness if "obedience" in asked else prove_lotteries.witness
    return witness(game, concept, "nash" in asked) | dict(asked)


def _least(game: Market) -> list[int]:
    """Return Alice's least utility in each state."""
    rows = zip(game.first.tolist(), game.sizes.tolist(), strict=True)
    return [int(game.units[0][0][first : first + size].min()) for first, size in rows]


def _spans(game: Market, low: int, high: int, solution: Any) -> list[Any]:
    """Return intervals from low to high with their rows: one where schemes are few, else those of a search."""
    if high < low:
        return []
    if game.schemes <= FEW:
        return [[low, high, []]]
    given: Sequence[Any] | None = solution.fields.get("proof")
    if given is None:
        search = Intervals(game, Deadline(), every=True, nash=solution.solver.options.get("equilibrium") == "nash")
        for _ in search.search(low, high):
            pass
        given = search.proof
    spans = [_plain(span) for span in given]
    return [[a, min(b, high), rows] for a, b, rows in spans if a <= high]


def _plain(span: Any) -> tuple[int, int, list[list[int]]]:
    """Return an interval as it stands in a solution or in a search."""
    if isinstance(span, Span):
        return span.low, span.high, [list(row) for row in span.rows]
    return span["alice"][0], span["alice"][1], [list(row) for row in span["rows"]]


PROVERS = {
    "worst": _extreme("worst"),
    "best": _extreme("best"),
    "stable": stable,
    "alignment": alignment,
    "misalignment": misalignment,
}
