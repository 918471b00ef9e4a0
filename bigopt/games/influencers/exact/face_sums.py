r"""Sums of faces in exact arithmetic: the equilibrium of a small game, and which faces a supply really needs.

A sum of faces is :math:`Z = \sum_i w_i F_i`. Both questions are answered by linear maximization over each face alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bigopt.action_sets.faces import Face
from bigopt.arithmetic.flint_or_fractions import fmpq, fmpq_mat
from bigopt.arithmetic.rationals import dot, stacked
from bigopt.concepts.deadline import Deadline
from bigopt.errors import VerificationError


@dataclass(frozen=True)
class Part:
    """A player, or several players as one: the weight, the target (a column) and the face it plays in."""

    weight: fmpq
    target: fmpq_mat
    face: Face


@dataclass(frozen=True)
class _Atom:
    """A profile of vertices, its sum z of w_i x_i, and the sum of w_i t_i.x_i."""

    profile: tuple[fmpq_mat, ...]
    z: fmpq_mat
    gain: fmpq

    def slope(self, v: fmpq_mat) -> fmpq:
        """The derivative of the potential's half towards it, at the receiver v, up to a constant."""
        return dot(self.z, v) - self.gain


def equilibrium(
    parts: Sequence[Part], offset: fmpq_mat, deadline: Deadline, guess: fmpq_mat
) -> tuple[fmpq_mat, list[fmpq_mat]]:
    r"""Return the receiver of every equilibrium of a game, and the actions of one, exactly.

    Minimizes half the potential, :math:`\tfrac12 \|offset + z\|^2 - \sum_i w_i t_i^\top x_i` with
    :math:`z = \sum_i w_i x_i`, over hulls of ever more vertex profiles (von Hohenbalken, Simplicial decomposition in
    nonlinear programming algorithms, 1977). Each round strictly lowers it, so that no set of profiles comes back.

    Parameters
    ----------
    offset : fmpq_mat, shape (d, 1)
        The background and everybody else's supply.
    guess : fmpq_mat, shape (d, 1)
        A receiver to start from.
    """
    atoms = [_best(parts, guess)]
    shares = [fmpq(1)]
    v = offset + atoms[0].z
    while True:
        deadline.check("finding the receiver exactly")
        new = _best(parts, v)
        if new.slope(v) >= atoms[0].slope(v):  # at a minimum over the atoms' hull all have the same slope
            return v, [_mixture(points, shares) for points in zip(*(a.profile for a in atoms), strict=True)]
        atoms, shares = _joined(atoms, shares, new)
        while True:
            aim = _affine_minimum(atoms, offset)
            if min(aim) > 0:
                shares = aim
                break
            atoms, shares = _towards(atoms, shares, [a - s for a, s in zip(aim, shares, strict=True)])
        v = offset + _mixture([a.z for a in atoms], shares)


def _best(parts: Sequence[Part], v: fmpq_mat) -> _Atom:
    """Return the profile of best vertices at a receiver."""
    z, gain = fmpq_mat(v.nrows(), 1), fmpq(0)
    profile = tuple(part.face.argmax((part.target - v) * part.weight) for part in parts)
    for part, point in zip(parts, profile, strict=True):
        z += point * part.weight
        gain += dot(part.target, point) * part.weight
    return _Atom(profile, z, gain)


def _mixture(points: Sequence[fmpq_mat], shares: Sequence[fmpq]) -> fmpq_mat:
    return sum((p * s for p, s in zip(points[1:], shares[1:], strict=True)), points[0] * shares[0])


def _differences(atoms: Sequence[_Atom]) -> fmpq_mat:
    """Return the differences of sums to the first atom's, as rows."""
    return stacked([(a.z - atoms[0].z).transpose() for a in atoms[1:]], atoms[0].z.nrows())


def _affine_minimum(atoms: Sequence[_Atom], offset: fmpq_mat) -> list[fmpq]:
    """Return the shares, of any sign, of the minimum over the affine hull of affinely independent sums."""
    rows = _differences(atoms)
    gains = fmpq_mat(len(atoms) - 1, 1, [a.gain - atoms[0].gain for a in atoms[1:]])
    others = (rows * rows.transpose()).solve(gains - rows * (offset + atoms[0].z)).entries() if len(atoms) > 1 else []
    return [1 - sum(others, fmpq(0)), *others]


def _joined(atoms: list[_Atom], shares: list[fmpq], new: _Atom) -> tuple[list[_Atom], list[fmpq]]:
    """Add an atom of lower slope; where its sum is in the affine hull of the others', another one leaves.

    In that case more of the new atom and less of what sums to it lowers the potential at no change of the receiver.
    """
    if len(atoms) > 1:
        rows = _differences(atoms)
        arrow = new.z - atoms[0].z
        others = (rows * rows.transpose()).solve(rows * arrow)
        if rows.transpose() * others != arrow:
            return [*atoms, new], [*shares, fmpq(0)]
        inner = others.entries()
    elif new.z == atoms[0].z:
        inner = []
    else:
        return [*atoms, new], [*shares, fmpq(0)]
    step = [sum(inner, fmpq(0)) - 1, *(-value for value in inner), fmpq(1)]
    return _towards([*atoms, new], [*shares, fmpq(0)], step)


def _towards(atoms: list[_Atom], shares: list[fmpq], step: list[fmpq]) -> tuple[list[_Atom], list[fmpq]]:
    """Go along a step until shares reach 0, and drop those atoms."""
    length = min(-s / way for s, way in zip(shares, step, strict=True) if way < 0)
    after = [s + length * way for s, way in zip(shares, step, strict=True)]
    kept = [k for k, share in enumerate(after) if share > 0]
    return [atoms[k] for k in kept], [after[k] for k in kept]


def needed(parts: Sequence[Part], supply: fmpq_mat, deadline: Deadline) -> list[Face]:
    r"""Return the smallest faces G_i of F_i with {x : x_i in F_i, sum w_i x_i = supply} in their product.

    The supply is a point of Z, and then in the relative interior of the sum of the G_i. A ray from the middle of Z
    through the supply leaves Z behind it, or right there: then the face of Z that it leaves through holds the supply,
    and the search goes on in that face. The end of the ray is found from outside, by separating hyperplanes at
    nearest points.
    """
    faces = [part.face for part in parts]
    while True:
        moving = [k for k, face in enumerate(faces) if face.dimension > 0]
        center = sum((faces[k].middle * parts[k].weight for k in moving), fmpq_mat(supply.nrows(), 1))
        rest = supply
        for k in set(range(len(faces))) - set(moving):
            rest -= faces[k].middle * parts[k].weight
        if not moving or rest == center:
            return faces
        inner = [replace(parts[k], face=faces[k]) for k in moving]
        normal = _exit(inner, center, rest - center, deadline)
        if normal is None:
            return faces
        for k in moving:
            faces[k] = faces[k].exposed(normal * parts[k].weight)


def _exit(parts: Sequence[Part], center: fmpq_mat, ray: fmpq_mat, deadline: Deadline) -> fmpq_mat | None:
    """Return a normal of the face through which Z is left at center + ray, or None where that is not the end of Z."""
    reach = fmpq(2)
    while True:
        aim = center + ray * reach
        nearest, _ = equilibrium([replace(p, target=aim) for p in parts], fmpq_mat(aim.nrows(), 1), deadline, aim)
        normal = aim - nearest
        if dot(normal, normal) == 0:
            return None
        reach = dot(normal, nearest - center) / dot(normal, ray)
        if reach < 1:
            raise VerificationError("the supply of the tied players is not theirs to give: rescale the game")
        if reach == 1:
            return normal
