"""Reading strangers' JSON and writing files whole."""

import json
import os
from pathlib import Path

import pytest

import bigopt
from bigopt import catalog
from bigopt.errors import InstanceError, UsageError
from bigopt.files.text import parse_json, read_json
from bigopt.files.writing import write_text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1, column 2"),
        ("", "not JSON"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", "expected a finite number"),
    ],
)
def test_malformed_text_is_one_line(text: str, said: str) -> None:
    with pytest.raises(InstanceError, match=said) as caught:
        parse_json(text, "x.json")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("x.json")


def test_a_directory_and_a_missing_file_are_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InstanceError, match="is a directory"):
        read_json(tmp_path)
    with pytest.raises(InstanceError, match="No such file"):
        read_json(tmp_path / "missing.json")


def test_a_large_file_is_refused_before_it_is_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "zeros.json"
    with path.open("wb") as stream:
        stream.truncate(200 * 2**20)
    with pytest.raises(InstanceError, match="200 MiB of JSON, at most 100"):
        read_json(path)


def test_bytes_that_are_not_utf8(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "latin.json").write_bytes(b'{"name": "caf\xe9"}')
    with pytest.raises(InstanceError, match="byte 13: not UTF-8"):
        read_json(tmp_path / "latin.json")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    path = write_text(tmp_path / "out.json", "old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.json"]


def test_written_files_follow_the_umask(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = write_text(tmp_path / "out.json", json.dumps({}))
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_devices_and_pipes_are_not_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "pipe.json", "/dev/zero"):
        with pytest.raises(InstanceError, match="not a regular file"):
            read_json(Path(path))


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InstanceError, match="half of a surrogate pair"):
        parse_json('{"name": "\\ud800"}', "x.json")
    assert parse_json('{"name": "\\ud83d\\ude00"}', "x.json") == {"name": "\U0001f600"}


def test_stored_instances_are_found_by_their_last_word() -> None:
    assert bigopt.load("example-1-opposed") == bigopt.load(catalog.instance("big/example-1-opposed"))
    with pytest.raises(UsageError, match="did you mean big/example-1-opposed"):
        bigopt.load("exampel-1-opposed")
    with pytest.raises(
        UsageError, match="give persuasion/opposed/states-10-actions-5 or persuasion/random/states-10-actions-5"
    ):
        bigopt.load("states-10-actions-5")
