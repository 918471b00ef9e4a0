"""Meet in the middle: the exact nearest k-subset sum, by a k-d tree over the sums of half the choice.

Split a choice of k into a queried part of q and a rest of a = k - q. The rests' sums stand in a k-d tree; every query
asks for the rest nearest to point minus its own sum, within the incumbent's distance. Not every part needs a query: cut
the items into p = floor((k - 1) / (q - 1)) blocks; of k items some q lie in one block (pigeonhole: p (q - 1) < k), so
that the parts inside one block meet every choice. For k = 5, q = 3 that leaves a quarter of the triples.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial import cKDTree

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact.combos import count, every, pieces, shared, totals
from bigopt.games.subsets.exact.task import Task

LARGEST_TREE = 2_000_000  # points: about 0.5 GB in d = 8
DEEPEST = 40  # items in a tree's part: enough for any tree that fits, but for a handful of items
PIECE = 1 << 16  # queries at a time
CELLS = 4_000_000  # index comparisons at a time
TREE_COST = (2, 5)  # two queries cost about as much as five points in the tree


@dataclass(frozen=True)
class Split:
    """Which part of a choice is asked for (`query`, inside one of `blocks` blocks) and which stands in the tree."""

    query: int
    tree: int
    blocks: int


def blocks_of(k: int, q: int, m: int) -> int:
    """Return the number of blocks for which some q of any k items lie in one: p (q - 1) < k."""
    return 1 if q == 1 else min(m, (k - 1) // (q - 1))


def cost(m: int, k: int, repeats: bool, q: int) -> tuple[int, int]:
    """Return how many queries and how many points in the tree a split costs."""
    p = blocks_of(k, q, m)
    small, large = divmod(m, p)
    queries = large * count(small + 1, q, repeats) + (p - large) * count(small, q, repeats)
    return queries, count(m, k - q, repeats)


def best_split(m: int, k: int, repeats: bool, largest: int = LARGEST_TREE) -> Split:
    """Return the split of least cost whose tree fits."""

    def price(q: int) -> int:
        queries, points = cost(m, k, repeats, q)
        return TREE_COST[1] * queries + TREE_COST[0] * points

    fitting = [q for q in range(max(1, k - DEEPEST), k + 1) if count(m, k - q, repeats) <= largest]
    q = min(fitting, key=price)
    return Split(q, k - q, blocks_of(k, q, m))


@dataclass
class Incumbent:
    """The best choice so far and its exact squared distance."""

    choice: tuple[int, ...]
    squared: int

    def offer(self, choice: tuple[int, ...], squared: int) -> None:
        """Keep the better of the two."""
        if squared < self.squared:
            self.choice, self.squared = choice, squared


@dataclass
class Meet:
    """One search: the tree, the incumbent, and how much has been asked."""

    task: Task
    split: Split
    incumbent: Incumbent
    deadline: Deadline = field(default_factory=Deadline)
    stop_at: int = 0  # an exact squared distance at which the search may end: 0 cannot be beaten

    def __post_init__(self) -> None:
        """Build the tree."""
        self.rests = every(self.task.items, self.split.tree, self.task.repeats)
        self.tree = cKDTree(totals(self.task.vectors, self.rests), balanced_tree=False, compact_nodes=False)

    def run(self, order: Ints | None = None) -> bool:
        """Ask every query; return False where the deadline stopped the proof.

        `order` permutes the items among the blocks: another order is another proof.
        """
        order = self.task.items if order is None else order
        size = 256
        for block in range(self.split.blocks):
            inside = np.sort(order[block :: self.split.blocks])
            for rows in pieces(inside, self.split.query, self.task.repeats, PIECE, self.keep):
                start = 0
                while start < len(rows):  # small pieces first: each tightens the radius of the next
                    if self.incumbent.squared <= self.stop_at:
                        return True
                    if self.deadline.expired:
                        return False
                    self.ask(rows[start : start + size])
                    start += size
                    size = min(4 * size, PIECE)
        return True

    def keep(self, prefix: Ints, start: int) -> bool:
        """Whether a choice with this prefix can still beat the incumbent: the rest's sum lies in a box."""
        free = self.task.size - len(prefix)
        if free == self.task.size:
            return True
        low, high = self.extremes[free]
        gap = self.task.point - self.task.vectors[prefix].sum(axis=0)
        outside = np.maximum(0.0, np.maximum(low - gap, gap - high))
        return float(np.linalg.norm(outside)) <= self.task.length(self.incumbent.squared) + 2 * self.task.slack

    @property
    def extremes(self) -> list[tuple[Floats, Floats]]:
        """The least and largest sums of c vectors, coordinate by coordinate, for c = 0..k."""
        if not hasattr(self, "_extremes"):
            ranked = np.sort(self.task.vectors, axis=0)
            k = self.task.size
            if self.task.repeats:
                self._extremes = [(c * ranked[0], c * ranked[-1]) for c in range(k + 1)]
            else:
                low = np.vstack([np.zeros(ranked.shape[1]), np.cumsum(ranked, axis=0)])
                high = np.vstack([np.zeros(ranked.shape[1]), np.cumsum(ranked[::-1], axis=0)])
                self._extremes = [(low[c], high[c]) for c in range(k + 1)]
        return self._extremes

    def ask(self, rows: Ints) -> None:
        """Find, for the queries `rows`, every disjoint rest that beats the incumbent, and keep the best.

        A query that meets only rests of its own items asks again for twice as many, from the nearest on: the tree
        orders equally near rests as it likes, another way for another number, so that ranks alone would miss some.
        """
        wanted = self.task.point - totals(self.task.vectors, rows)
        ask = 1
        while len(rows):
            ask = min(ask, len(self.rests))
            width = max(1, CELLS // (ask * max(1, self.split.query * self.split.tree)))
            again = [self._nearest(rows[s : s + width], wanted[s : s + width], ask) for s in range(0, len(rows), width)]
            if ask == len(self.rests):
                return
            more = np.concatenate(again)
            rows, wanted, ask = rows[more], wanted[more], 2 * ask

    def _nearest(self, rows: Ints, wanted: Floats, ask: int) -> np.typing.NDArray[np.bool_]:
        """Look at the `ask` nearest rests of every query; return which of them must see more."""
        radius = self.task.length(self.incumbent.squared) + 2 * self.task.slack
        distance, index = self.tree.query(
            wanted, k=np.arange(1, ask + 1), distance_upper_bound=np.nextafter(radius, np.inf)
        )
        hit = np.isfinite(distance)
        if not hit.any():
            return np.zeros(len(rows), dtype=bool)
        rest = self.rests[np.where(hit, index, 0)]
        usable = hit if self.task.repeats else hit & ~shared(rows, rest)
        if usable.any():
            self._improve(rows, rest, np.where(usable, distance, np.inf))
        radius = self.task.length(self.incumbent.squared) + 2 * self.task.slack
        settled = usable.any(axis=1) if not self.task.slack else np.zeros(len(rows), dtype=bool)
        return np.asarray(hit[:, -1] & ~settled & (distance[:, -1] <= radius))

    def _improve(self, rows: Ints, rest: Ints, distance: Floats) -> None:
        """Offer the nearest of the found choices; what the rounding cannot tell apart is compared in integers."""
        limit = min(float(distance.min()), self.task.length(self.incumbent.squared)) + 2 * self.task.slack
        r, c = (
            np.nonzero(distance <= limit) if self.task.slack else np.unravel_index([distance.argmin()], distance.shape)
        )
        squared, choice = self.task.best(np.hstack([rows[r], rest[r, c]]))
        self.incumbent.offer(choice, squared)
