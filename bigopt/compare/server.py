"""The process that runs of a comparison are forked from: it has imported bigopt, Pyomo and the solvers once.

It has one thread, waits on one socket, and does nothing else: whatever a run does, it does in a child. A request is a
message with the child's standard streams and a pipe; the child writes ``p PID`` to that pipe once it leads a session of
its own, and the server writes ``e CODE`` when it has ended. The other end of the socket is closed when the comparison
ends, however it ends: then every child is killed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from bigopt.compare import process, worker
from bigopt.games import kinds
from bigopt.solvers import SOLVERS
from bigopt.solvers.limited import die_with_parent

ALWAYS = ("bigopt.engine.solve", "bigopt.files.instance", "bigopt.engine.blas", "jsonschema", "threadpoolctl")
STREAMS = 4  # standard input, output and error of a child, and the pipe that tells of it


def main() -> None:
    """Import what the plan needs (JSON in the first argument), then fork a child for every request."""
    asked = json.loads(sys.argv[1])
    requests = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    preload(asked["kinds"], asked["solvers"])
    gc.freeze()  # what a collection in a child does not touch stays shared
    requests.send(b"ready\n")
    Server(requests).serve()


def preload(kinds_needed: Sequence[str], solvers_needed: Sequence[str]) -> None:
    """Import the wings, the adapters and the solvers' packages; what cannot be imported is the run's own affair."""
    for name in ALWAYS:
        importlib.import_module(name)
    for kind in kinds_needed:
        with contextlib.suppress(Exception):
            kinds.find(kind)
    for solver in solvers_needed:
        with contextlib.suppress(Exception):
            SOLVERS[solver].version()


class Server:
    """Children by process id, each with the pipe on which its end is told."""

    def __init__(self, requests: socket.socket) -> None:
        """Wake up when a child ends."""
        self.requests = requests
        self.children: dict[int, int] = {}
        self.awake, self.wake = os.pipe()
        for end in (self.awake, self.wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the comparison decides
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until nobody is left who could make one."""
        while True:
            ready, _, _ = select.select([self.requests.fileno(), self.awake], [], [])
            if self.awake in ready:
                os.read(self.awake, 4096)
                self.bury()
            if self.requests.fileno() in ready:
                data, streams = self.hear()
                if not data:
                    break
                self.answer(json.loads(data), streams)
        for pid in self.children:
            process.kill_group(pid)

    def hear(self) -> tuple[bytes, list[int]]:
        """Return a request and the descriptors that came with it; nothing where the other end is gone."""
        try:
            data, streams, _, _ = socket.recv_fds(self.requests, 4096, STREAMS)
        except OSError:
            return b"", []
        return data, list(streams)

    def answer(self, request: dict[str, Any], streams: list[int]) -> None:
        """Fork a child, or kill one that is still ours."""
        if "kill" in request:
            if request["kill"] in self.children:
                process.kill_group(request["kill"])
            return
        server = os.getpid()
        pid = os.fork()
        if not pid:
            self.become_child(streams, server)
        self.children[pid] = streams[3]
        for stream in streams[:3]:
            os.close(stream)

    def bury(self) -> None:
        """Tell of every child that has ended; its group goes while its number cannot be another's yet."""
        for pid in list(self.children):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            process.kill_group(pid)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            pipe = self.children.pop(pid)
            with contextlib.suppress(BrokenPipeError):
                os.write(pipe, f"e {code}\n".encode())
            os.close(pipe)

    def become_child(self, streams: list[int], server: int) -> NoReturn:
        """Let go of all that is the server's, and run a task; never return."""
        code = 1
        try:
            os.setsid()
            die_with_parent()
            if os.getppid() != server:  # it died before the kernel was asked
                os._exit(code)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for number, stream in enumerate(streams[:3]):
                os.dup2(stream, number)
            sys.stdin, sys.stdout, sys.stderr = (open(0), open(1, "w"), open(2, "w"))  # noqa: SIM115
            os.write(streams[3], f"p {os.getpid()}\n".encode())
            for stream in (self.awake, self.wake, *streams, *self.children.values()):
                os.close(stream)
            self.requests.close()
            worker.main()
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stderr.flush()
            os._exit(code)


if __name__ == "__main__":
    main()
