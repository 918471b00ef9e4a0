"""What counts as equal in this wing: every tolerance of its certificates, with its unit and its reason.

Stakes are those of the player, coordinate or set at hand, so that no answer depends on units or on the largest number
of a game. Tolerances of one algorithm's inner loop stand with the algorithm.
"""

import numpy as np

EPSILON = float(np.finfo(float).eps)

# Lengths
FEASIBLE = 1e-6  # of the action set's width: solvers of convex programs leave that much, and it is clipped
RECEIVER = 1e-4  # of the coordinate's range over all receivers: SCIP, which linearizes squares, leaves 2e-5
DOMINANT = 1e-5  # of the width in the coordinate: how far a dominant action may be from its face
RANGES = 1e-6  # of the action set's width in the coordinate: a range's end
INTERIOR = 1e-5  # of the action set's least width: what a solver may miss the boundary by
INSIDE_TARGET = 1e-12  # of the receiver and its range: a target as near as that is where the receiver is
NOISE = 1e-13  # of the action set's least width: rounding of an action's depth
MOVE = 1e-12  # of the action set's width and place: two actions nearer than this are one
QUIET = 1e-6  # of the action set's width: the largest move that the dynamics may call none and be verified
ASTRAY = 1e-7  # of the action set's width: how far somebody else than the mover may move in a history
DISTINCT = 1e-9  # of the set's size: members nearer than that are one
ROOMY = 1e-6  # of the set's size: where the ranges are smaller, members may be one
FLAT = 1e-12  # of the set's size: a smaller width is rounding

# Losses
REGRET = 1e-7  # of the player's payoff range
STAKE = 1e-4  # of the most that the player's own action can change, whatever the others do: matches RECEIVER
GAP = 1e-6  # of the largest payoff range: potential minus lower bound
CLOSED = 1e-9  # of the largest payoff range: with a larger gap `exact` does not call its answer optimal
ROUNDED = 1e-15  # of the largest payoff range: a gap below is no more than rounding
PROVED = 1e-13  # of the largest payoff range: a point with a smaller gap is an equilibrium up to rounding
WINNER = 1e-3  # of the square root of the largest payoff range (a length): the root of GAP
NORM = 1e-8  # of the square of the set's size: what the canonical member's squared norm could fall; the root of it away
NO_GAIN = 1e-9  # of a payoff range: rounding in the audit of truthful reports on a box
WORTH = 1e-7  # of a payoff range: smaller gains of a searched misreport are not told from none
