"""The first cases of the fuzzer: nothing verified and wrong, nothing refused."""

from benchmarks.fuzz_markets import run


def test_hostile_markets_agree_with_the_definitions() -> None:
    counts = run(games=20, seconds=120, every=4)
    assert sum(counts["dynamics"].values()) == 20
    assert {kind for counter in counts.values() for kind in counter} == {"agree"}
