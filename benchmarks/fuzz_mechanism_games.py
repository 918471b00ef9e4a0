"""The games of `fuzz_mechanism`, small and hostile."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.exact_mechanism import number
from benchmarks.fuzzing import differs, first
from bigopt.games.mechanism import Group, Mechanism

EXTRAS = ("plain", "equal", "zeros", "sizes", "rare", "sharp", "blunt", "flat", "one group")
FLOATS = 1e-8


def game(
    seed: int, objective: str = "social-welfare", types: bool = False, largest: int | None = None
) -> tuple[Mechanism, str]:
    """Return game number `seed` and what is hostile about it."""
    rng = np.random.default_rng([seed, len(objective), types, largest or 0])
    extra = str(rng.choice(EXTRAS))
    m, n = int(rng.integers(2, 5)), 1 if extra == "one group" else int(rng.integers(1, 5))
    normalization, regularizer = str(rng.choice(["sum", "max"])), str(rng.choice(["kl", "l2"]))
    initial = rng.dirichlet(np.ones(m))
    if extra == "rare":
        initial = np.where(np.arange(m) == rng.integers(m), 10.0 ** -rng.integers(3, 10), initial)
    initial = np.round(initial / initial.sum(), 12)
    initial[initial.argmax()] += 1 - initial.sum()
    kinds = [reward_of(rng, m, normalization, extra) for _ in range(n)]
    if extra == "equal":
        kinds = [kinds[0]] * n
    top = largest or (10**6 if extra == "sizes" else 9)
    sizes = [
        int(round(float(top ** rng.random()))) if extra == "sizes" else int(rng.integers(1, top + 1)) for _ in range(n)
    ]
    share = {"sharp": 10.0 ** -rng.integers(1, 4), "blunt": 10.0 ** rng.integers(1, 7)}
    strength = float(f"{sum(sizes) * share.get(extra, float(rng.choice([0.1, 0.3, 1.0]))):.3g}")
    more: dict[str, Any] = {"max_size": max(sizes)}
    if types:
        more["types"] = [
            Group(f"t{t}", int(rng.integers(1, top + 1)), reward_of(rng, m, normalization, extra))
            for t in range(int(rng.integers(2, 5)))
        ]
        more["max_size"] = max(max(sizes), top)
    made = Mechanism(
        initial, [Group(f"g{i}", w, r) for i, (w, r) in enumerate(zip(sizes, kinds, strict=True))], normalization,
        {"objective": objective, "regularizer": regularizer, "strength": strength}, [f"x{x}" for x in range(m)],
        name=f"fuzz-{seed}", **more,
    )  # fmt: skip
    return made, f"{extra}, {regularizer}, {normalization}"


def reward_of(rng: np.random.Generator, m: int, normalization: str, extra: str) -> Any:
    """Return a reward in hundredths, or in quarters where there are zeros."""
    if extra == "flat" and rng.random() < 0.5:
        return np.full(m, 1.0 if normalization == "max" else 1 / m)
    count = 4 if extra == "zeros" else 100
    parts = rng.multinomial(count, rng.dirichlet(np.ones(m)))
    return parts / (count if normalization == "sum" else parts.max())


def policy_is(found: Any, right: list[Any]) -> str | None:
    """Return what differs between two policies."""
    return first(
        *(differs(f"policy {x}", p, number(r), 1, FLOATS) for x, (p, r) in enumerate(zip(found, right, strict=True)))
    )
