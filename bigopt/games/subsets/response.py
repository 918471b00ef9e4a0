"""A player's exact best response: which algorithm, and what it proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bigopt.arithmetic.arrays import Floats, Ints
from bigopt.concepts.concept import silent
from bigopt.concepts.deadline import Deadline
from bigopt.games.subsets.exact import bounding, knapsack, search
from bigopt.games.subsets.exact.meet import Incumbent, Meet, best_split, cost
from bigopt.games.subsets.exact.task import Effort, Found, Task, response_task
from bigopt.games.subsets.game import Subsets

ABSOLUTE_GAP = 1e-9  # of the player's stake: where enumeration is out of reach, this near to 0 counts as optimal
AFFORDABLE = 3_000_000  # queries that are simply asked, before any bounding


def respond(
    game: Subsets,
    player: int,
    choices: Sequence[Sequence[int]],
    *,
    deadline: Deadline | None = None,
    gap: float | None = None,
    incumbent: Sequence[int] | None = None,
    seed: int | None = None,
    progress: Callable[..., None] = silent,
) -> Found:
    """Return the best response of `player` to `choices` (eq. 22); its loss is the task's squared distance.

    Parameters
    ----------
    gap : float, optional
        The absolute gap, in the player's loss, within which a choice too large to enumerate counts as optimal.
        Default: `ABSOLUTE_GAP` of the player's stake.
    incumbent : sequence of int, optional
        A choice to beat.
    seed : int, optional
        Cut the items into other blocks: the same answer by another proof.
    """
    task = response_task(game, player, choices)
    if not game.weights[player]:
        first = tuple(range(task.size)) if not task.repeats else (0,) * task.size
        choice = tuple(incumbent) if incumbent is not None else first
        squared = task.squared(choice)
        return Found(choice, squared, task.loss(squared), True, "any choice: the weight is 0")
    allowed = ABSOLUTE_GAP * stake(game, player) if gap is None else gap
    return nearest(task, Effort(deadline or Deadline()), allowed, incumbent, seed, progress)


def nearest(
    task: Task,
    effort: Effort,
    gap: float = 0.0,
    incumbent: Sequence[int] | None = None,
    seed: int | None = None,
    progress: Callable[..., None] = silent,
) -> Found:
    """Return the choice whose sum is nearest to the point, by the cheapest method that proves it.

    Dynamic programming where the data are one-dimensional integers of moderate range, else meeting in the middle; where
    that is too long, first a good choice, then the items that the hull's bound fixes, then the search over the others.
    """
    m, k = len(task.exact), task.size
    if not task.repeats and k > m - k:
        return _from_complement(task, effort, gap, incumbent, seed, progress)
    if k == 0:
        squared = task.squared(())
        return Found((), squared, task.loss(squared), True, "the only choice")
    planned = planned_queries(task)
    if planned > AFFORDABLE // 10 and 0 < knapsack.bits(task) <= knapsack.LARGEST_BITS:
        found = knapsack.solve(task, effort.deadline)
        if found is not None:
            return found
    start = tuple(incumbent) if incumbent is not None else _first(task)
    best = Incumbent(start, task.squared(start))
    rng = np.random.default_rng(seed)
    if planned <= AFFORDABLE:
        return _enumerate(task, best, effort, rng if seed is not None else None, "meet in the middle")
    return _bounded(task, best, effort, gap, rng, progress)


def planned_queries(task: Task) -> int:
    """Return how many queries meeting in the middle would ask."""
    split = best_split(len(task.exact), task.size, task.repeats)
    return cost(len(task.exact), task.size, task.repeats, split.query)[0]


def payoff_range(game: Subsets, player: int) -> float:
    """Return a bound on max - min of the player's loss over all profiles, from the box of reachable points."""
    low, high = reachable_box(game)
    target = game.targets[player]
    farthest = np.maximum(np.abs(low - target), np.abs(high - target))
    nearest_ = np.maximum(0.0, np.maximum(low - target, target - high))
    spread = float(farthest @ farthest - nearest_ @ nearest_)
    return spread if spread > 0 else 1.0


def stake(game: Subsets, player: int) -> float:
    """Return the size of what the player decides: the squared move of the receiver by k items of ordinary distance.

    The median distance of an item from the items' median, so that one far item that nobody shows does not blunt what
    counts as equal; at most the payoff range.
    """
    away = np.linalg.norm(game.items - np.median(game.items, axis=0), axis=1)
    ordinary = float(np.median(away[away > 0])) if (away > 0).any() else 0.0
    moved = float((game.weights[player] * game.sizes[player] * ordinary) ** 2)
    whole = payoff_range(game, player)
    return min(moved, whole) if moved > 0 else whole


def reachable_box(game: Subsets) -> tuple[Floats, Floats]:
    """Return the least and greatest coordinates of the receiver over all profiles."""
    ranked = np.sort(game.items, axis=0)
    low, high = game.background.copy(), game.background.copy()
    for w, k in zip(game.weights, game.sizes, strict=True):
        least = k * ranked[0] if game.repeats else ranked[:k].sum(axis=0)
        most = k * ranked[-1] if game.repeats else ranked[len(ranked) - k :].sum(axis=0)
        low += np.minimum(w * least, w * most)
        high += np.maximum(w * least, w * most)
    return low, high


def _first(task: Task) -> tuple[int, ...]:
    return (0,) * task.size if task.repeats else tuple(range(task.size))


def _from_complement(
    task: Task,
    effort: Effort,
    gap: float,
    incumbent: Sequence[int] | None,
    seed: int | None,
    progress: Callable[..., None],
) -> Found:
    """Solve for the items left out."""
    out = None if incumbent is None else sorted(set(range(len(task.exact))) - set(incumbent))
    found = nearest(bounding.complement(task), effort, gap, out, seed, progress)
    choice = tuple(sorted(set(range(len(task.exact))) - set(found.choice)))
    return replace(found, choice=choice)


def _enumerate(task: Task, best: Incumbent, effort: Effort, rng: np.random.Generator | None, method: str) -> Found:
    """Meet in the middle, to the end or to the deadline."""
    meet = Meet(task, best_split(len(task.exact), task.size, task.repeats), best, effort.deadline)
    done = meet.run(None if rng is None else rng.permutation(len(task.exact)))
    bound = task.loss(best.squared) if done else 0.0
    return Found(best.choice, best.squared, bound, done, method)


def _bounded(
    task: Task, best: Incumbent, effort: Effort, gap: float, rng: np.random.Generator, progress: Callable[..., None]
) -> Found:
    """Search, bound, fix items, and enumerate what is left if that can be done."""
    stop_at = int(gap * task.denominator**2)
    progress("looking for a good choice", None)
    search.improve(task, best, rng, effort.deadline, stop_at)
    distance, direction = bounding.hull_bound(task)
    bound = min((distance * task.unit) ** 2, task.loss(best.squared))
    if task.loss(best.squared) - bound <= gap:
        return Found(best.choice, best.squared, bound, True, "search and hull bound", gap)
    radius = task.length(best.squared)
    excluded, forced = bounding.outer_items(task, direction, radius)
    left, items = bounding.reduce(task, excluded, forced)
    if left.size == 0 or not left.repeats and left.size == len(left.exact):
        return _judged(task, best, tuple(sorted([*forced.tolist(), *items[: left.size].tolist()])))
    inside = _restrict(left, items, forced, best.choice)
    flipped = not left.repeats and left.size > len(left.exact) - left.size
    small = bounding.complement(left) if flipped else left
    if planned_queries(small) > effort.allowed:
        return Found(best.choice, best.squared, bound, False, "search and hull bound")
    if flipped:
        inside = None if inside is None else tuple(sorted(set(range(len(items))) - set(inside)))
    start = inside if inside is not None else _first(small)
    trial = Incumbent(start, small.squared(start))
    meet = Meet(small, best_split(len(small.exact), small.size, small.repeats), trial, effort.deadline, stop_at)
    progress("branch and bound over halves", None)
    done = meet.run()
    chosen = set(range(len(items))) - set(trial.choice) if flipped else trial.choice
    choice = tuple(sorted([*forced.tolist(), *(int(items[j]) for j in chosen)]))
    best.offer(choice, task.squared(choice))
    value = task.loss(best.squared)
    if not done:
        return Found(
            best.choice, best.squared, min(bound, value), value - bound <= gap, "branch and bound over halves", gap
        )
    closed = gap if best.squared <= stop_at else 0.0
    return Found(best.choice, best.squared, max(bound, value - closed), True, "branch and bound over halves", closed)


def _judged(task: Task, best: Incumbent, only: tuple[int, ...]) -> Found:
    """Everything is fixed: the one choice left, or the incumbent, is optimal."""
    best.offer(only, task.squared(only))
    return Found(best.choice, best.squared, task.loss(best.squared), True, "hull bound fixes every item")


def _restrict(task: Task, items: Ints, forced: Ints, choice: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return a choice in the reduced problem's own indices, or None where it is not one of its choices."""
    position = {int(item): j for j, item in enumerate(items)}
    rest = [j for j in choice if j not in set(forced.tolist())]
    if len(rest) != task.size or any(j not in position for j in rest):
        return None
    return tuple(sorted(position[j] for j in rest))
