"""Members of the equilibrium set on simplices, hulls and polytopes, by linear programs over the optimal face."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bigopt.action_sets.base import ActionSet
from bigopt.action_sets.exposed import as_set
from bigopt.action_sets.faces import Face, OfPoints, OfRows
from bigopt.arithmetic.arrays import Floats
from bigopt.arithmetic.rationals import floats, matrix, rational
from bigopt.concepts.concept import Request
from bigopt.errors import VerificationError
from bigopt.games.influencers.exact.equilibria import Equilibria
from bigopt.games.influencers.exact.members.base import Members
from bigopt.games.influencers.exact.members.exact_program import ExactProgram
from bigopt.games.influencers.exact.members.multiplier import least_norm
from bigopt.games.influencers.exact.optimal_face import OptimalFace

ROOM = 1e-12  # of the limits' size: rounding errors that an inequality forgives
EXACT = 36  # columns: larger programs are left to floats
ALIKE = 1e-4  # the least over the largest weight: below, what floats forgive matters to the player of small weight
TINY = float(np.finfo(float).tiny)
ATTEMPTS = (("highs", False, 1e-9), ("highs", True, 1e-9), ("highs-ipm", False, 1e-8), ("highs", False, 1e-7))


@dataclass(frozen=True)
class Columns:
    """A face in columns u: the action is map u, with rows u = sides and above u <= limits."""

    map: Floats
    rows: Floats
    sides: Floats
    above: Floats
    limits: Floats


def columns(face: Face) -> Columns:
    """State a face: by the shares of its points, or by its rows in units of its size."""
    if isinstance(face, OfPoints):
        points = floats(face.points)
        q = len(points)
        return Columns(points.T, np.ones((1, q)), np.ones(1), -np.eye(q), np.zeros(q))
    assert isinstance(face, OfRows)
    size = max(float(np.abs(floats(face.middle)).max()), float(np.abs(floats(face.arrows)).max(initial=0.0)), TINY)
    rows, sides, above, limits = systems(face)
    return Columns(size * np.eye(face.system.d), rows, sides / size, above, limits / size)


def systems(face: OfRows) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a face's equations and its inequalities, as rows and sides, the rows of unit length."""
    rows, sides = floats(face.system.rows), floats(face.system.sides)[:, 0]
    lengths = np.linalg.norm(rows, axis=1)
    lengths = np.where(lengths > 0, lengths, 1.0)
    rows, sides = rows / lengths[:, None], sides / lengths
    fixed = list(face.fixed)
    others = np.setdiff1d(np.arange(face.system.equations, len(rows)), fixed)
    return rows[fixed], sides[fixed], rows[others], sides[others]


class Program:
    """A linear objective over {x : x_k in F_k, sum w_k x_k = supply}."""

    def __init__(self, weights: Floats, blocks: Sequence[Columns], supply: Floats) -> None:
        """State the program once."""
        from scipy import sparse

        self.maps = [block.map for block in blocks]
        link = np.hstack([w * m for w, m in zip(weights, self.maps, strict=True)])
        unit = float(np.abs(link).max()) or 1.0
        own = sparse.block_diag([block.rows for block in blocks], format="csr")
        self.equations = sparse.vstack([own, sparse.csr_array(link / unit)], format="csr")
        self.sides = np.concatenate([*(block.sides for block in blocks), supply / unit])
        self.above = sparse.block_diag([block.above for block in blocks], format="csr")
        limits = np.concatenate([block.limits for block in blocks])
        self.limits = limits + ROOM * (float(np.abs(limits).max(initial=0.0)) + 1.0)

    def minimize(self, cost: Floats) -> Floats:
        """Return x, shape (blocks, d), that minimizes the sum of cost * x, of the same shape.

        A run that only rounding errors stop is tried in other ways.
        """
        from scipy.optimize import linprog

        objective = np.concatenate([m.T @ c for m, c in zip(self.maps, cost, strict=True)])
        objective /= float(np.abs(objective).max()) or 1.0
        data = (objective, self.above, self.limits, self.equations, self.sides, (None, None))
        message = ""
        for method, presolve, tolerance in ATTEMPTS:
            options = {"presolve": presolve, "primal_feasibility_tolerance": tolerance}
            result = linprog(*data, method=method, options=options)
            if result.status == 0:
                parts = np.split(np.asarray(result.x), np.cumsum([m.shape[1] for m in self.maps])[:-1])
                return np.stack([m @ u for m, u in zip(self.maps, parts, strict=True)])
            message = str(result.message)
        raise VerificationError(f"the linear program over the optimal face ends with: {message[:80]}: rescale the game")


class OnFace(Members):
    """Simplices, hulls, polytopes: one linear program in the columns of the optimal face."""

    method = "linear programs on the optimal face"

    def __init__(self, request: Request, known: Equilibria) -> None:
        """Find out which movers are alike: of one face and one sign of weight."""
        self.face: OptimalFace = known.exact_face
        super().__init__(request, known, self.face.tied, self.face.actions)
        alike: dict[Hashable, list[int]] = {}
        for at, (weight, face) in enumerate(zip(self.face.weights.tolist(), self.face.faces, strict=True)):
            alike.setdefault((weight > 0, face.key), []).append(at)
        self.groups = [np.array(members) for members in alike.values()]
        self.blocks = [columns(self.face.faces[members[0]]) for members in self.groups]

    @cached_property
    def exact(self) -> ExactProgram | None:
        """Everybody's program in exact arithmetic, where it is small."""
        program = ExactProgram([rational(w) for w in self.face.weights], self.face.faces, self.face.exact_supply)
        return program if program.columns <= EXACT else None

    @cached_property
    def program(self) -> Program:
        """Everybody's program."""
        where = np.empty(len(self.movers), dtype=np.int64)
        for g, members in enumerate(self.groups):
            where[members] = g
        return Program(self.face.weights, [self.blocks[g] for g in where.tolist()], self.face.supply)

    def minimize(self, cost: Floats) -> Floats:
        """Solve the program for one cost."""
        return self.program.minimize(cost) if self.exact is None else self.exact.minimize(cost)

    @property
    def sharp(self) -> bool:
        """Whether the programs are exact, or the weights so alike that floats' tolerances are small for everybody."""
        sizes = np.abs(self.face.weights)
        return not len(sizes) or self.exact is not None or float(sizes.min()) >= ALIKE * float(sizes.max())

    def ranges(self) -> Floats:
        """Return the ranges: together, players who are alike can do what one of their total weight can.

        So a program has one player against the groups. What a player can do, players of its group with smaller weights
        can: the difference joins the others' supply. So those after one who can do everything need no program.
        """
        if len(self.movers) and self.exact is not None:
            return super().ranges()
        low, high = self.actions.copy(), self.actions.copy()
        low[self.idle], high[self.idle] = self.game.action_set.bounds
        totals = np.array([self.face.weights[members].sum() for members in self.groups])
        done = 0
        for g, members in enumerate(self.groups):
            sizes = np.abs(self.face.weights[members])
            all_of_it = self._bounds(g)
            ends = None
            for size in np.unique(sizes)[::-1].tolist():
                like = members[sizes == size]
                if ends is None or not np.allclose(ends, all_of_it, rtol=0.0, atol=self._noise(all_of_it)):
                    ends = self._ends(g, size * np.sign(totals[g]), totals, last=len(members) == 1)
                low[self.movers[like]], high[self.movers[like]] = ends
                done += len(like)
                self.request.progress(f"ranges of {done} of {len(self.movers)} players", done / len(self.movers))
        return np.stack([low, high], axis=2)

    @staticmethod
    def _noise(bounds: Floats) -> float:
        return 1e-9 * float(np.abs(bounds).max())

    def _bounds(self, g: int) -> Floats:
        """Return the least and the largest coordinates of a group's face, shape (2, d)."""
        d = self.game.dimension
        face = self.face.faces[self.groups[g][0]]
        axes = [matrix(axis) for axis in np.eye(d)]
        return np.array([[floats(face.argmax(a * s))[k, 0] for k, a in enumerate(axes)] for s in (-1, 1)])

    def least(self) -> Floats:
        """Return the member of least norm: by a multiplier, or from members where rounding hides it."""
        if not len(self.movers):
            return self.actions.copy()
        found = least_norm(self.face.weights, self.face.supply, self._nearest, self.request.deadline)
        if found is None:
            return super().least()
        result = self.actions.copy()
        result[self.movers] = found
        return result

    def _nearest(self, points: Floats) -> Floats:
        """Project each row on its mover's face."""
        result = np.empty_like(points)
        for members, face in zip(self.groups, self.sets, strict=True):
            result[members] = face.project(points[members])
        return result

    @cached_property
    def sets(self) -> list[ActionSet]:
        """Each group's face as a set."""
        return [as_set(self.face.faces[members[0]]) for members in self.groups]

    def _ends(self, g: int, weight: float, totals: Floats, last: bool) -> Floats:
        """Return the least and the largest coordinates of a player of group g, shape (2, d)."""
        others = [k for k in range(len(totals)) if k != g or not last]
        rest = totals - np.where(np.arange(len(totals)) == g, weight, 0.0)
        blocks = [self.blocks[g], *(self.blocks[k] for k in others)]
        program = Program(np.concatenate([[weight], rest[others]]), blocks, self.face.supply)
        low, high = np.empty(self.game.dimension), np.empty(self.game.dimension)
        for k in range(self.game.dimension):
            self.request.deadline.check("finding the ranges")
            cost = np.zeros((len(blocks), self.game.dimension))
            cost[0, k] = 1.0
            low[k], high[k] = program.minimize(cost)[0, k], program.minimize(-cost)[0, k]
        return np.stack([low, high])
