"""Starting and killing worker processes: a fresh interpreter for each, or forks of one that has imported everything."""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from mtenvs.vector.worker import Descriptors, run

CONTEXTS: Final = ("spawn", "forkserver")
_PID: Final = struct.Struct("<i")
# The path travels on the command line, so that a worker finds every module that the parent finds. The main program is not
# imported again: scripts need no guard, and what they define is pickled by value.
_PROGRAM: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from mtenvs.vector.{module} import main; main(sys.argv[2:])"


class Process:
    """A started worker, the leader of its own process group.

    Args:
        pid: its process id, which is that of the group too.
        child: the handle of a direct child.
    """

    def __init__(self, pid: int, child: subprocess.Popen[bytes] | None = None) -> None:
        self.pid, self._child = pid, child

    def alive(self) -> bool:
        """Whether it runs."""
        if self._child is not None:
            return self._child.poll() is None
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
                return True
            return False
        until = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() >= until:
                return False
            time.sleep(0.002)
        return True

    def kill(self) -> None:
        """End it and everything that it has started; returns when it cannot touch shared memory any more."""
        for end in (os.killpg, os.kill):  # a fork that has just begun leads no group yet
            with suppress(ProcessLookupError, PermissionError):
                end(self.pid, signal.SIGKILL)
        self.wait(10.0)


class Spawner:
    """Every worker is a fresh interpreter."""

    def start(self, fds: Sequence[int], log: int) -> Process:
        """Start a worker.

        Args:
            fds: what it is given, see `Descriptors`.
            log: where its stderr goes until it has started.
        """
        child = _interpreter("worker", [str(fd) for fd in fds], fds, log)
        return Process(child.pid, child)

    def close(self) -> None:
        """Nothing stays behind."""


class ForkServer:
    """Workers are forks of one process that has imported what they need: a start takes milliseconds.

    Args:
        modules: what to import before the first fork.
    """

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._server = _interpreter("launch", [str(theirs.fileno()), *modules], [theirs.fileno()], None)

    def start(self, fds: Sequence[int], log: int) -> Process:
        """Start a worker; see `Spawner.start`."""
        socket.send_fds(self._socket, [b"f"], [*fds, log])
        raw = self._socket.recv(_PID.size)
        if len(raw) < _PID.size:
            raise OSError("the fork server has ended")
        return Process(_PID.unpack(raw)[0])

    def close(self) -> None:
        """End the server; the workers are not its concern."""
        self._socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(5.0)
        self._server.kill()
        self._server.wait()


def _interpreter(module: str, arguments: list[str], fds: Sequence[int], log: int | None) -> subprocess.Popen[bytes]:
    program = _PROGRAM.format(module=module)
    command = [sys.executable, "-c", program, json.dumps(sys.path), *arguments]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and program
        command, stdin=subprocess.DEVNULL, stderr=log, pass_fds=fds, start_new_session=True
    )


def main(argv: list[str]) -> Any:
    """The fork server: fork a worker for every set of descriptors that comes through the socket."""
    with socket.socket(fileno=int(argv[0])) as door:
        door.set_inheritable(False)
        for name in argv[1:]:
            with suppress(Exception):  # a worker that needs it will say what is wrong
                importlib.import_module(name)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended forks leave no zombies
        while True:
            message, fds, _, _ = socket.recv_fds(door, 1, len(Descriptors._fields) + 1)
            if not message:
                return
            pid = os.fork()
            if not pid:
                _become_worker(door, fds)
            for fd in fds:
                os.close(fd)
            door.sendall(_PID.pack(pid))


def _become_worker(door: socket.socket, fds: list[int]) -> None:
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        door.close()
        os.dup2(fds.pop(), 2)
        run(Descriptors(*fds))
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may run on as a second server
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
