"""The audit: each group's best misreport over rewards and sizes, under any payments (Definitions 2.1 and 2.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bigopt.arithmetic.arrays import Floats
from bigopt.concepts.concept import Answer, Concept, Option, Request, Table
from bigopt.concepts.options import count, whole
from bigopt.concepts.solution import Solution
from bigopt.errors import UsageError
from bigopt.games.mechanism.exact import heuristics, misreports
from bigopt.games.mechanism.game import Mechanism
from bigopt.games.mechanism.response import Seat, is_social
from bigopt.games.mechanism.train import SHOWN
from bigopt.games.mechanism.verify.audit import payments_asked, verify

BUDGET = 10_000  # misreports of each group
SLOW = 120  # of each group, where every one is a training of its own
PAYMENTS = ("none", "affine", "revenue", "checkpoints", "early-stop")


def solve(game: Mechanism, request: Request) -> Answer:
    """Take the truth where a theorem says that it is best; search elsewhere."""
    payments = payments_asked(game, request)
    if payments != "none" and not is_social(game):
        raise UsageError(f"option payments={payments}: belong to social welfare: use payments=none or --concept cycles")
    if payments in ("affine", "revenue", "early-stop"):  # all add to affine payments what the report does not move
        truth = [{"reward": group.reward, "size": group.size} for group in game.groups]
        return Answer({"misreports": truth, "gains": np.zeros(game.n)}, method="Theorem 4.2")
    slow = not is_social(game) or game.policies.base is not None
    budget = int(request.options["budget"] or (SLOW if slow else BUDGET))
    found: list[misreports.Report] = []

    def so_far() -> Answer:
        truth = [misreports.Report(game.rewards[i], int(game.sizes[i]), 0.0) for i in range(len(found), game.n)]
        said = {"so far": f"{len(found)} of {game.n} groups were searched; the others tell the truth"}
        answer = _answer([*found, *truth], f"search of {budget} misreports a group")
        return replace(answer, stopped="maxTimeLimit", holds="feasible", options=said)

    request.kept.put(so_far)
    for i in range(game.n):
        seat = Seat(game, i)
        pay = misreports.payment_rule(seat, payments, int(request.options["steps"]))
        with request.deadline.interrupting("trying misreports"):
            found.append(misreports.search(seat, pay, budget, int(request.options["seed"]), request.deadline))
    return _answer(found, f"search of {budget} misreports a group")


def _answer(found: Sequence[misreports.Report], method: str) -> Answer:
    """Return each group's best misreport."""
    reports = [{"reward": report.reward, "size": report.size} for report in found]
    return Answer({"misreports": reports, "gains": np.array([report.gain for report in found])}, method=method)


def tables(game: Mechanism, fields: Mapping[str, Any]) -> list[Table]:
    """Show each group's best misreport."""
    rows = []
    for i, group in enumerate(game.groups[:SHOWN]):
        report = fields["misreports"][i]
        reward = np.round(np.asarray(report["reward"], dtype=float), 3)
        rows.append([group.name, fields["utilities"][i], fields["gains"][i], report["size"], reward])
        if "theorem_3_3" in fields:
            rows[-1].append(fields["theorem_3_3"][i])
    head = ["group", "utility of the truth", "gain", "size", "reward reported"]
    head += ["the truth is"] if "theorem_3_3" in fields else []
    said = "proved" if fields["proved"] else "searched"
    summary = [["DSIC gap", fields["dsic_gap"]], ["IR gap", fields["ir_gap"]], ["gains are", said]]
    return [Table("best misreports", tuple(head), rows), Table("", ("", ""), summary)]


class AuditSolution(Solution):
    """What misreports gain.

    Attributes
    ----------
    dsic_gap : reward
        The largest gain of a misreport.
    ir_gap : reward
        The largest loss of a truthful group against staying away.
    gains : [n], reward
        What each group's best misreport gains.
    misreports : [n]
        Each group's best misreport: `reward` [m] and `size`.
    utilities : [n], reward
        Each group's utility with the truth.
    proved : flag
        Whether a theorem says that nobody gains; else the misreports were searched.
    theorem_3_3 : [n], texts
        Whether the truth is dominated, without payments.
    """

    dsic_gap: float
    ir_gap: float
    gains: Floats
    misreports: list[dict[str, Any]]
    utilities: Floats
    proved: bool
    theorem_3_3: list[str] | None = None


CONCEPT = Concept(
    name="audit",
    title="each group's best misreport, and what is missing to DSIC and IR",
    verify=verify,
    solve=solve,
    options=(
        Option("payments", None, PAYMENTS, help="what is charged; default affine under social welfare, else none"),
        Option("budget", None, parse=count, help=f"misreports of each group; default {BUDGET}, {SLOW} where slow"),
        Option("seed", 0, parse=whole, help="of the random misreports"),
        Option("steps", heuristics.STEPS, parse=count, help="of the heuristics' training"),
    ),
    prefers=("exact",),
    tables=tables,
    result=AuditSolution,
)
