"""SCIP's sub-NLP heuristic ended the process on potentials of 16,000 variables; run where a crash is only a row."""

import json
from pathlib import Path

from bigopt.compare.plan import Plan, tasks
from bigopt.compare.run import run_task
from bigopt.generate import generate
from bigopt.instance import save
from bigopt.solve import solve


def test_a_potential_of_16000_variables_is_solved(tmp_path: Path) -> None:
    game = generate("influencers", players=8000, dimension=2)
    path = save(game, tmp_path / "game.json")
    (task,) = tasks(Plan([str(path)], ["scip"], time_limit=60))
    row = json.loads(run_task(json.dumps(task)))
    assert (row["outcome"], row["note"]) == ("solved", "")
    assert abs(row["objective"] - solve(game).potential) < 1e-6
