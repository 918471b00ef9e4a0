"""Every topic of the benchmarks runs at tiny sizes, and its rows have what the tables need."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import TOPICS, main


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_runs_in_smoke_mode(topic: str, tmp_path: Path) -> None:
    assert main(["--smoke", topic, "--out", str(tmp_path)]) == 0
    data = json.loads((tmp_path / f"{topic}.json").read_text())
    assert data["smoke"] and data["machine"]["cores"] and data["versions"]["numpy"]
    assert data["rows"]
    for row in data["rows"]:
        assert {"case", "contender", "seconds", "ratio", "note"} <= set(row)
        assert row["seconds"] is None or row["seconds"] > 0
    table = (tmp_path / "benchmarks.md").read_text()
    assert table.count("\n| ") == len(data["rows"]) + 1
