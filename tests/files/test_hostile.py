"""Input of strangers that once ended in a traceback, in a full memory, or never: one line that names it, exit 2."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import bigopt
from bigopt.cli.app import app
from bigopt.errors import BigoptError, InstanceError
from bigopt.files import instance

GAME: dict[str, Any] = {
    "format": "bigopt/1",
    "kind": "influencers",
    "loss": "squared",
    "weights": [0.5, 0.5],
    "targets": {"npz": "t.npz", "key": "t"},
    "action_set": {"type": "box", "lower": [0.0], "upper": [6.0]},
}


def npz(path: Path, shape: tuple[Any, ...], body: bytes = b"", descr: str = "<f8", fortran: bool = False) -> None:
    """Write an npz file with any header at all."""
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape!r}, }}".encode()
    start = b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + header + b"\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.npy", start + body)


def told(folder: Path, **changes: Any) -> str:
    """Return the one line that an instance with these changes ends in."""
    (folder / "game.json").write_text(json.dumps(GAME | changes))
    with pytest.raises(InstanceError) as caught:
        instance.read(folder / "game.json")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((), "shape []"),
        ((True, 2), "shape [True, 2]"),
        ((10**23, 0), "at least 1 an axis"),
        ((2, 0), "at least 1 an axis"),
        ((-2, 1), "at least 1 an axis"),
        ((2,), "a sidecar of shape [2], expected [2][1]"),
        ((1, 2), "expected [2][1]"),
        ((2, 1, 1), "expected [2][1]"),
        ((10**9, 1), "expected [2][1]"),
        ((10**23, 1), "expected [2][1]"),
    ],
)
def test_headers_are_compared_before_anything_is_unpacked(shape: tuple[Any, ...], said: str, tmp_path: Path) -> None:
    npz(tmp_path / "t.npz", shape)
    assert said in told(tmp_path)


def test_a_small_file_of_many_zeros_is_not_unpacked(tmp_path: Path) -> None:
    npz(tmp_path / "t.npz", (10_000_000, 1), bytes(1 << 20))
    tracemalloc.start()
    assert "expected [2][1]" in told(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 << 20


def test_all_sidecars_together_are_bounded(tmp_path: Path) -> None:
    npz(tmp_path / "t.npz", (2**29, 1))
    weights = {"npz": "w.npz", "key": "t"}
    npz(tmp_path / "w.npz", (2**29,))
    assert "8 GiB, expected at most 2 GiB" in told(tmp_path, weights=weights)


def test_arrays_that_end_early_texts_and_objects(tmp_path: Path) -> None:
    npz(tmp_path / "t.npz", (2, 1), b"1234")
    assert "ends early" in told(tmp_path)
    for descr in ("<U1", "|b1"):
        npz(tmp_path / "t.npz", (2, 1), bytes(64), descr)
        assert "expected numbers" in told(tmp_path)
    npz(tmp_path / "t.npz", (2, 1), bytes(64), "|O")
    assert "t.npz" in told(tmp_path)


def test_pipes_and_links_in_a_circle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    assert "not a regular file" in told(tmp_path, targets={"npz": "pipe.npz", "key": "t"})
    (tmp_path / "loop.npz").symlink_to(tmp_path / "loop.npz")
    assert "loop.npz" in told(tmp_path, targets={"npz": "loop.npz", "key": "t"})
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(InstanceError, match="not a regular file"):
        instance.read(tmp_path / "pipe.toml")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<i8", "|u1"])
def test_good_sidecars_are_read_in_any_order(order: Any, dtype: str, tmp_path: Path) -> None:
    wanted = np.asarray(np.arange(6).reshape(2, 3), dtype=dtype, order=order)
    np.savez_compressed(tmp_path / "t.npz", t=wanted)
    lower, upper = [0.0] * 3, [6.0] * 3
    (tmp_path / "game.json").write_text(
        json.dumps(GAME | {"action_set": {"type": "box", "lower": lower, "upper": upper}})
    )
    assert (instance.load(tmp_path / "game.json").targets == wanted).all()


RECIPES = [
    ('family = ["x"]', "family"),
    ("family = {x = 1}", "family"),
    ('family = "influencers"\nexpected = 5', "expected: '5'"),
    ('family = "influencers"\nexpected = {nash = 5}', "expected: '5'"),
    ('family = "influencers"\nexpected = {nash = [5]}', "expected"),
    ('family = "influencers"\n[parameters]\nplayers = ' + "9" * 5000, "not TOML"),
    ('family = "influencers"\n[parameters]\nplayers = 9999999999', "at most"),
    ('family = "influencers"\n[parameters]\nplayers = "x"', "parameters"),
    ('family = "influencers"\n[parameters]\ndimension = 100000\nplayers = 1\naction_set = "hull"', "numbers, expected"),
    ('family = "news-feed"\n[parameters]\nplayers = 1000000\ndimension = 1000000', "numbers, expected"),
    ('family = "random-persuasion"\n[parameters]\nsignals = 1000000000', "signals"),
    ('family = "random-market"\n[parameters]\nstates = 1000000000', "numbers, expected"),
    ("a = " + "[" * 5000, "not TOML"),
]


@pytest.mark.parametrize(("text", "said"), RECIPES)
def test_recipes_of_strangers(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    bigopt.load("big/example-1-opposed")  # imports are slow when they are traced
    tracemalloc.start()
    try:
        with pytest.raises(BigoptError, match=r"^[^\n]*$") as caught:
            instance.read(path)
        assert tracemalloc.get_traced_memory()[1] < 50e6  # refused before the arrays are there
    finally:
        tracemalloc.stop()
    assert said in str(caught.value) and str(path) in str(caught.value)


CALLS: list[Callable[[], Any]] = [
    lambda: bigopt.load(5),
    lambda: bigopt.save(5, "x"),
    lambda: bigopt.Market(5, 5),
    lambda: bigopt.Market([[1.0]], [[[1.0]]], states=5),
    lambda: bigopt.Market([[1.0]], [[[1.0]]], policies=[5]),
    lambda: bigopt.Market([[1.0]], [5]),
    lambda: bigopt.Persuasion(states=["a"], actions=["b"], alice=[[1.0]], bobs=[5]),  # type: ignore[list-item]
    lambda: bigopt.Persuasion(states=["a"], actions=["b"], alice=[[1.0]], bobs=5),
    lambda: bigopt.Box(np.array(0.0), np.array(1.0)),
    lambda: bigopt.Hull(np.array(0.0)),
    lambda: bigopt.Simplex(1.0, None),
    lambda: bigopt.Influencers(np.array(1.0), np.array(1.0), bigopt.Box([0.0], [1.0])),
    lambda: bigopt.Subsets(np.array(1), np.array(1.0), np.array(1.0), np.array(1)),
]


@pytest.mark.parametrize("call", CALLS)
def test_calls_from_python_with_anything(call: Callable[[], Any]) -> None:
    with pytest.raises(BigoptError, match=r"expected [^\n]*$"):
        call()


def test_a_long_name_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "game.json").write_text(json.dumps(GAME | {"name": "あ" * 200, "targets": [[2.0], [4.0]]}))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["plot", "game.json"])
    assert done.exit_code == 0, done.stderr
    assert [path.suffix for path in tmp_path.iterdir() if path.name.startswith("あ")] == [".png"]


@pytest.mark.parametrize("limit", ["1e12", "1e300", "inf"])
def test_limits_that_no_clock_takes(limit: str, tmp_path: Path) -> None:
    (tmp_path / "game.json").write_text(json.dumps(GAME | {"targets": [[2.0], [4.0]]}))
    done = CliRunner().invoke(app, ["solve", str(tmp_path / "game.json"), "--time-limit", limit, "--solver", "highs"])
    assert done.exit_code == 0, done.stderr


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    row = {"key": "k", "instance": "i", "concept": "nash", "kind": "influencers", "solver": "exact"}
    row |= {"settings": "default", "outcome": "solved"}
    good: dict[str, Any] = row | {"time_limit": 1.0, "numbers": 3}
    damages: list[dict[str, Any]] = [
        {"outcome": 5},
        {"time_limit": "x"},
        {"seconds": 3},
        {"options": []},
        {"instance": None},
    ]
    for damage in damages:
        (tmp_path / "rows.jsonl").write_text(json.dumps(good | damage) + "\n")
        done = CliRunner().invoke(app, ["report", str(tmp_path)])
        assert (
            done.exit_code == 2 and f"row 'k': {next(iter(damage))}: " in done.stderr and done.stderr.count("\n") == 1
        )
    (tmp_path / "rows.jsonl").write_text(json.dumps(good | {"key": ["k"]}) + "\n")
    assert CliRunner().invoke(app, ["report", str(tmp_path)]).exit_code == 2


def test_the_reader_of_headers_reads_what_numpy_writes() -> None:
    stream = io.BytesIO()
    np.save(stream, np.zeros((3, 2)))
    from bigopt.files.sidecar import _read_header

    stream.seek(0)
    assert _read_header(stream) == ((3, 2), False, np.dtype("<f8"))


def test_reading_is_inside_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, finished = instance.read, []
    monkeypatch.setattr(instance, "read", lambda path: finished.append(read(path)))
    (tmp_path / "big.toml").write_text('family = "influencers"\n[parameters]\nplayers = 3000000\ndimension = 16')
    done = CliRunner().invoke(app, ["solve", str(tmp_path / "big.toml"), "--time-limit", "0.2"])
    assert done.exit_code == 4 and "while reading the instance" in done.stderr
    assert not finished  # it was ended in the middle
