"""The rule of deterministic schemes under witnesses drawn at random: what is accepted is what enumeration finds."""

from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import bigopt
from bigopt.concepts.proof import written
from bigopt.files.exact import as_exact
from bigopt.games.market.exact import enumeration


def cover(low: int, opt: int, bobs: int, rng: np.random.Generator) -> list[list[Any]]:
    """Return spans with rows of any kind, mostly without a gap."""
    cuts = sorted({low, *rng.integers(low, opt + 1, 3).tolist(), opt + 1})
    rows = [[[int(v) for v in np.r_[rng.integers(-3, 4), rng.integers(0, 3, bobs)]] for _ in range(2)] for _ in cuts]
    spans: list[list[Any]] = [[a, b - 1, row] for a, b, row in zip(cuts, cuts[1:], rows, strict=False)]
    if rng.random() < 0.3:
        spans.pop(int(rng.integers(len(spans))))
    return spans


@pytest.mark.parametrize("nash", [False, True])
def test_whatever_the_rows_the_schemes_are_those_of_enumeration(checker: ModuleType, nash: bool) -> None:
    rng = np.random.default_rng(6)
    said = {"true": 0, "refused": 0}
    for _ in range(12):
        states, policies, bobs = (int(v) for v in rng.integers((1, 2, 1), (4, 4, 4)))
        tables = rng.integers(-3, 4, (bobs + 1, states, policies)).astype(float).tolist()
        game = bigopt.Market(tables[0], tables[1:], prior_weights=rng.integers(1, 4, states).tolist())
        data, found = as_exact(game), enumeration.stable(game).only(nash)
        schemes = sorted(map(tuple, found.schemes.tolist()))
        for _ in range(6):
            f = [int(v) for v in rng.integers(0, policies, states)] if rng.random() < 0.5 else list(schemes[0])
            witness = {"spans": cover(game.lowest[0], game.opt, bobs, rng), "scheme": f, "nash": nash}
            for concept in ("stable", "worst", "best"):
                try:
                    facts = checker.derived(data | {"kind": "market"}, concept, written(witness, Fraction))
                except checker.Refuted:
                    said["refused"] += 1
                    continue
                said["true"] += 1
                value = game.totals(f)[0]
                if concept == "stable":
                    assert sorted(tuple(map(int, g)) for g in facts["schemes"]) == schemes
                else:
                    end = found.totals[0].min() if concept == "worst" else found.totals[0].max()
                    assert tuple(f) in schemes and value == end, (tables, witness, concept)
    assert min(said.values()) > 50
