"""A Python interpreter in a process of its own, cut off from what the system lets us cut off."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import MtenvsError

_CHILD: Final = Path(__file__).with_name("python_child.py")
_UNSHARE: Final = (
    "--user",
    "--map-root-user",
    "--net",
    "--ipc",
    "--uts",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount",
    "--mount-proc",
    "--",
)
_GRACE: Final = 2.0  # seconds between the interruption from inside and the kill from outside
_START: Final = 30.0  # seconds for a new interpreter on a busy machine
_MOST: Final = 8 << 20  # bytes of one reply; more is not an answer of ours


class ProcessDied(Exception):
    """The interpreter is gone; the message says why, addressed to the agent."""


class PythonProcess:
    """Starts the interpreter, talks to it, and kills it with everything that it started.

    Args:
        timeout: seconds for one request.
        memory_mb: address space.
        cpu_seconds: processor time in all.
        max_output: characters that are kept of what one request prints.
        seed: for ``random`` in the interpreter.

    Raises:
        MtenvsError: it does not start; the message has its stderr.
    """

    def __init__(self, *, timeout: float, memory_mb: int, cpu_seconds: int, max_output: int, seed: int) -> None:
        self._timeout, self._last = timeout, 0
        self._buffer = b""
        self._folder = tempfile.mkdtemp(prefix="mtenvs-python-")
        prefix = namespaces()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and script; what the agent writes goes through the pipe
            [*prefix, sys.executable, "-s", "-B", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env={
                "PATH": os.defpath,
                "HOME": self._folder,
                "TMPDIR": self._folder,
                "LANG": "C.UTF-8",
                "PYTHONHASHSEED": "0",  # the same code prints the same sets in the same order
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 - for the type checker; both are pipes
        assert self._process.stdout is not None  # noqa: S101 - same
        self._requests, self._replies = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._requests, False)  # an interpreter that reads nothing must not hold us up
        self._finalizer = weakref.finalize(self, _end, self._process, self._folder, namespaced=bool(prefix))
        settings = {
            "confine": bool(prefix),
            "folder": self._folder,
            "seed": seed,
            "timeout": timeout,
            "memory_mb": memory_mb,
            "cpu_seconds": cpu_seconds,
            "max_output": max_output,
        }
        try:
            self._send(settings, _START)
            self.isolated = tuple(self._receive(0, _START)["isolated"])
        except ProcessDied as e:
            self._process.kill()
            said = self._process.communicate()[1].decode(errors="replace").strip()
            self.close()
            raise MtenvsError(f"the Python runtime does not start: {said[-2000:] or e}") from e

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its reply.

        Raises:
            ProcessDied: no reply in time, or not ours; the process has been killed.
        """
        self._last += 1
        try:
            self._send({"id": self._last, **request}, self._timeout + _GRACE)
            return self._receive(self._last, self._timeout + _GRACE)
        except ProcessDied:
            self.close()
            raise

    def close(self) -> None:
        """Kill the process and its whole group and remove its folder; doing it again changes nothing."""
        self._finalizer()

    def _send(self, message: dict[str, Any], seconds: float) -> None:
        view, deadline = memoryview(json.dumps(message).encode() + b"\n"), time.monotonic() + seconds
        try:
            while view:
                self._wait(self._requests, select.POLLOUT, deadline)
                view = view[os.write(self._requests, view) :]
        except OSError as e:
            raise ProcessDied("the interpreter has ended") from e

    def _receive(self, wanted: int, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            self._wait(self._replies, select.POLLIN, deadline)
            chunk = os.read(self._replies, 1 << 16)
            if not chunk:
                raise ProcessDied("the interpreter has ended, perhaps by a limit on memory or processor time")
            self._buffer += chunk
            if len(self._buffer) > _MOST:
                raise ProcessDied("the interpreter answered too much and was stopped")
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict) or reply.get("id") != wanted:
            raise ProcessDied("the interpreter answered something that is not an answer and was stopped")
        return reply

    def _wait(self, fd: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(fd, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise ProcessDied("the interpreter did not answer in time and was stopped")


def _end(process: subprocess.Popen[bytes], folder: str, *, namespaced: bool) -> None:
    if namespaced and process.poll() is None:
        # The first process of a namespace takes all others down before it is gone, and `unshare` waits for it; killed
        # together with `unshare`, they would end at some later time and nobody would know when.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
                os.kill(int(child), signal.SIGKILL)
                process.wait(_GRACE)
    if process.poll() is None or not namespaced:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def namespaces() -> tuple[str, ...]:
    """The command that puts another one into namespaces of its own; empty where the system does not allow it."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    command = (program, *_UNSHARE)
    try:
        tried = subprocess.run([*command, "true"], capture_output=True, timeout=_START, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()
