"""Small problems with answers that are known without a solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from bigopt.arithmetic.arrays import Floats


class Game:
    """A squared-loss game on the box [-1, 1]^d: weights, targets, and the potential's minimizing aggregate."""

    def __init__(self, players: int, coordinates: int, seed: int = 0, size: float = 1.0) -> None:
        """Draw weights in size * [0.2, 1] and targets in the box."""
        rng = np.random.default_rng(seed)
        self.weights = rng.uniform(0.2, 1, players) * size
        self.targets = rng.uniform(-1, 1, (players, coordinates))

    def receiver(self) -> Floats:
        """Return the aggregate at equilibrium: a median of targets and phantoms, coordinate by coordinate."""
        out = []
        for target in self.targets.T:
            reach = self.weights[np.argsort(target)]
            phantoms = [reach[k:].sum() - reach[:k].sum() for k in range(len(reach) + 1)]
            out.append(np.median(np.concatenate([target, phantoms])))
        return np.array(out)

    def model(self) -> pyo.ConcreteModel:
        """State the potential |z|^2 - 2 sum w t x with z = sum w x: a Hessian of rank d in n d + d variables."""
        players, coordinates = self.targets.shape
        m = pyo.ConcreteModel()
        m.x = pyo.Var(range(players), range(coordinates), bounds=(-1, 1))
        m.z = pyo.Var(range(coordinates))
        coefficients = [*self.weights.tolist(), -1.0]

        def aggregate(m: Any, k: int) -> Any:
            columns = [*(m.x[i, k] for i in range(players)), m.z[k]]
            return (LinearExpression(constant=0, linear_coefs=coefficients, linear_vars=columns), 0)

        m.aggregate = pyo.Constraint(range(coordinates), rule=aggregate)
        cost = (-2 * self.weights[:, None] * self.targets).ravel().tolist()
        linear = LinearExpression(constant=0, linear_coefs=cost, linear_vars=list(m.x.values()))
        m.potential = pyo.Objective(expr=sum(m.z[k] ** 2 for k in range(coordinates)) + linear)
        return m

    def error(self, model: pyo.ConcreteModel) -> float:
        """Return the largest error of the aggregate of the loaded actions."""
        actions = np.array([v.value for v in model.x.values()]).reshape(self.targets.shape)
        return float(np.abs(self.weights @ actions - self.receiver()).max())


def linear(sense: int) -> pyo.ConcreteModel:
    """Max x + y (or min its negative), x + 2y + 3 <= 7, 3x + y <= 6, z >= 1: 14/5, prices 2/5, 1/5 and -1/2 of z."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var([1, 2], bounds=(0, None))
    m.z = pyo.Var(bounds=(1, None))
    m.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    m.rc = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    m.first = pyo.Constraint(expr=m.x[1] + 2 * m.x[2] + 3 <= 7)
    m.second = pyo.Constraint(expr=3 * m.x[1] + m.x[2] <= 6)
    value = m.x[1] + m.x[2] - m.z / 2
    m.goal = pyo.Objective(expr=-sense * value, sense=pyo.minimize if sense == 1 else pyo.maximize)
    return m


def infeasible() -> pyo.ConcreteModel:
    """x + y >= 3 in the unit square."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 1)), pyo.Var(bounds=(0, 1))
    m.far = pyo.Constraint(expr=m.x + m.y >= 3)
    m.goal = pyo.Objective(expr=m.x)
    return m


def unbounded() -> pyo.ConcreteModel:
    """Min x with x <= 2 - y."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(), pyo.Var(bounds=(0, 1))
    m.side = pyo.Constraint(expr=m.x + m.y <= 2)
    m.goal = pyo.Objective(expr=m.x)
    return m
