"""Where files are written: what exists and is no regular file is written through, never replaced."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bigopt.errors import UsageError
from bigopt.files.writing import file_name, write_bytes, write_text


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_text(pipe, "through")
    reader.join(10)
    assert read == [b"through"] and stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "folder/file", tmp_path / "link", tmp_path / "dangling"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "folder/new")
    write_text(link, "new")
    write_text(dangling, "made")
    assert link.is_symlink() and target.read_text() == "new"
    assert dangling.is_symlink() and (tmp_path / "folder/new").read_text() == "made"


def test_devices_stay_devices() -> None:
    # Never /dev/null itself: a mistake here would break the machine. Two terminals' ends are devices of our own.
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    name = os.ttyname(follower)
    write_text(name, "seen")
    assert os.read(leader, 4) == b"seen" and stat.S_ISCHR(os.stat(name).st_mode)
    os.close(leader)
    os.close(follower)


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (tmp_path, loop, tmp_path / "no/such/folder", tmp_path / ("x" * 300), "a\0b"):
        with pytest.raises(UsageError, match="choose another file") as caught:
            write_bytes(path, b"")
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_device(tmp_path: Path) -> None:
    link = tmp_path / "full"  # a link: were the device replaced, it would be the link
    link.symlink_to("/dev/full")
    with pytest.raises(UsageError, match="No space left"):
        write_bytes(link, b"more")
    assert link.is_symlink() and stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_names_of_games_become_names_of_files(tmp_path: Path) -> None:
    for name in ("あ" * 200, "a\x1b[2Jb", "../../etc/passwd", "."):
        path = file_name(name, ".png")
        assert path.name == str(path) and str(path).isprintable()
        write_bytes(tmp_path / path, b"")
