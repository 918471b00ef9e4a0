"""The comparison's end of `bigopt.compare.server`: starts it, asks it for children, ends it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import IO, Self

from bigopt import places

MODULE = "bigopt.compare.server"
START_LIMIT = 120.0  # seconds for the interpreter and the imports
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # a process that forks has one thread


def available() -> bool:
    """Say whether this system forks safely: macOS's own libraries don't, Windows doesn't fork."""
    return sys.platform == "linux" and hasattr(socket, "send_fds")


class Forks:
    """A server of forks, as a context manager; `start` is None where there is none: then runs start afresh.

    Parameters
    ----------
    kinds, solvers : iterable of str
        What the runs will need.
    """

    def __init__(self, kinds: Iterable[str], solvers: Iterable[str]) -> None:
        """Start the server; it imports while the caller goes on."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket, self._lock, self._ready = ours, threading.Lock(), False
        needed = json.dumps({"kinds": sorted(set(kinds)), "solvers": sorted(set(solvers))})
        environment = places.environment() | dict.fromkeys(THREADS, "1")
        command = [sys.executable, "-m", MODULE, needed]
        with theirs:
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), env=environment, start_new_session=True)

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server, and with it every child."""
        self.close()

    def close(self) -> None:
        """End the server, and with it every child."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def usable(self) -> bool:
        """Wait until the server has imported all; False where it could not."""
        with self._lock:
            if not self._ready and self._process.poll() is None:
                there, _, _ = select.select([self._socket], [], [], START_LIMIT)
                with contextlib.suppress(OSError):
                    self._ready = bool(there) and self._socket.recv(64) == b"ready\n"
            return self._ready and self._process.poll() is None

    def start(self, given: IO[bytes], out: IO[bytes], err: IO[bytes]) -> Child:
        """Fork a child with these standard streams; it runs `bigopt.compare.worker`."""
        read, write = os.pipe()
        try:
            self._send({}, [given.fileno(), out.fileno(), err.fileno(), write])
        finally:
            os.close(write)
        return Child(self, read)

    def kill(self, pid: int) -> None:
        """Kill a child and its group, if it has not ended yet."""
        with contextlib.suppress(OSError):
            self._send({"kill": pid}, [])

    def _send(self, request: Mapping[str, int], streams: list[int]) -> None:
        text = json.dumps(request).encode()
        with self._lock:
            socket.send_fds(self._socket, [text], streams)


class Child:
    """A child of the server, as `subprocess.Popen` shows one."""

    def __init__(self, forks: Forks, pipe: int) -> None:
        """Wait until it leads a session of its own."""
        self._forks, self._pipe = forks, pipe
        self.pid = 0
        self.returncode: int | None = None
        while not self.pid and self.returncode is None:
            self._hear(None)

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, None while it runs."""
        while self.returncode is None and self._hear(0.0):
            pass
        return self.returncode

    def wait(self) -> int:
        """Wait for its end; return the exit code."""
        while self.returncode is None:
            self._hear(None)
        return self.returncode

    def kill(self) -> None:
        """Kill it and its group, if it has not ended yet."""
        if self.returncode is None:
            self._forks.kill(self.pid)

    def _hear(self, seconds: float | None) -> bool:
        """Wait for the pipe to tell something; return whether it did."""
        if not select.select([self._pipe], [], [], seconds)[0]:
            return False
        said = os.read(self._pipe, 64)
        for line in said.splitlines():
            word, number = line.split()
            if word == b"p":
                self.pid = int(number)
            else:
                self.returncode = int(number)
        if not said:  # the server is gone, and with it the child
            self.returncode = -signal.SIGKILL
        if self.returncode is not None:
            os.close(self._pipe)
        return True
