"""The smoke of `python -m benchmarks.fuzz_hull`: nested fits of small tables, of every family."""

from benchmarks.fuzz_hull import FAMILIES, wrong


def test_nested_fits_of_hostile_tables() -> None:
    assert [fault for number in range(20 * len(FAMILIES)) for fault in wrong(number)] == []
