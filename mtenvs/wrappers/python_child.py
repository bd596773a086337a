"""The other side of `python_process`: a program that runs an agent's Python code, one request at a time.

It is started as a script of its own, imports nothing of mtenvs, and gives up what it may before it reads the first request.
Requests and replies are JSON lines on descriptors that the code under it does not get as its standard streams.
"""

from __future__ import annotations

import ast
import code
import contextlib
import ctypes
import json
import os
import random
import resource
import signal
import sys
import traceback
from types import FrameType
from typing import Any, TextIO

# Numbers of the Linux kernel's interface: mount_setattr(2), mount(2), prctl(2), capset(2).
_SYS_MOUNT_SETATTR = 442
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_RDONLY, _NOSUID, _NODEV = 1, 2, 4
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 24, 38
_CAPABILITY_VERSION = 0x20080522


class Output:
    """Keeps the beginning of what is printed and counts the rest."""

    def __init__(self, limit: int) -> None:
        self.limit, self.parts, self.kept, self.lost = limit, list[str](), 0, 0

    def write(self, text: str) -> int:
        """Take more text."""
        room = self.limit - self.kept
        self.parts.append(text[:room])
        self.kept += min(room, len(text))
        self.lost += max(0, len(text) - room)
        return len(text)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def text(self) -> str:
        """What was kept, and a mark for the rest."""
        return "".join(self.parts) + (f"\n[... {self.lost} characters cut ...]" if self.lost else "")


class Console(code.InteractiveInterpreter):
    """Shows errors without the frames of this file, which are not the agent's."""

    def showtraceback(self) -> None:
        """Print the error that is being handled."""
        kind, error, trace = sys.exc_info()
        shown = traceback.TracebackException(kind or Exception, error or Exception(), trace)
        shown.stack = traceback.StackSummary.from_list([f for f in shown.stack if f.filename not in (__file__, code.__file__)])
        self.write("".join(shown.format()))


class Interpreter:
    """A namespace that lives from one request to the next.

    Args:
        max_output: characters that are kept of what one request prints.
        timeout: seconds after which a request is interrupted with TimeoutError; the namespace survives.
    """

    def __init__(self, max_output: int, timeout: float) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self._console = Console(self.names)
        self._max_output, self._timeout = max_output, timeout

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request."""
        if request["op"] == "run":
            return {"output": self._run(request["code"])}
        if request["op"] == "set":
            self.names[request["name"]] = request["value"]
            return {}
        if request["name"] not in self.names:
            return {"missing": True}
        try:
            return {"value": json.loads(json.dumps(self.names[request["name"]]))}
        except (TypeError, ValueError, RecursionError) as e:
            return {"unfit": f"{type(e).__name__}: {e}"}

    def _run(self, source: str) -> str:
        output = Output(self._max_output)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                signal.setitimer(signal.ITIMER_REAL, self._timeout)
                self._run_parts(source)
            except SystemExit:
                output.write("exit() does nothing here.\n")
            except TimeoutError as e:  # it hit between two parts
                output.write(f"TimeoutError: {e}\n")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        return output.text()

    def _run_parts(self, source: str) -> None:
        """Run the source; the value of a last line that is an expression is printed, as in a notebook."""
        try:
            tree = ast.parse(source, "<agent>")
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            parts = [compile(tree, "<agent>", "exec")]
            if isinstance(last, ast.Expr):
                parts.append(compile(ast.Interactive([last]), "<agent>", "single"))
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            self._console.showsyntaxerror("<agent>") if sys.exc_info()[0] is SyntaxError else self._console.showtraceback()
            return
        before = self.names.get("_")
        for part in parts:
            self._console.runcode(part)
        self.names["_"] = before


def confine(folder: str) -> list[str]:
    """Inside fresh namespaces: make every file read-only but a small folder in memory, close all devices, drop all capabilities.

    Args:
        folder: where the code may write.

    Returns:
        What took effect.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    done = ["network", "processes"]
    attributes = (ctypes.c_uint64 * 4)(_RDONLY | _NOSUID | _NODEV, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    flags = ctypes.c_uint(_AT_RECURSIVE)
    if libc.syscall(_SYS_MOUNT_SETATTR, _AT_FDCWD, b"/", flags, attributes, size) == 0:
        mounted = libc.mount(b"tmpfs", folder.encode(), b"tmpfs", _NOSUID | _NODEV, b"size=16m,mode=0700")
        done.append("files" if mounted == 0 else "files, nowhere to write")
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()) == 0:
        done.append("capabilities")
    return done


def limit(settings: dict[str, Any]) -> None:
    """Set the resource limits, which the code under them cannot raise again."""
    limits = {
        resource.RLIMIT_AS: settings["memory_mb"] << 20,
        resource.RLIMIT_CPU: settings["cpu_seconds"],
        resource.RLIMIT_FSIZE: 16 << 20,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    if settings["confine"]:
        limits[resource.RLIMIT_NPROC] = 32  # counted in the new user namespace; outside, it would count the user's other programs
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End the request that takes too long."""
    raise TimeoutError("the code took too long and was stopped; variables are kept")


def serve(requests: TextIO, replies: TextIO, settings: dict[str, Any]) -> None:
    """Answer requests until the other side hangs up."""
    done = confine(settings["folder"]) if settings["confine"] else []
    os.chdir(settings["folder"])
    limit(settings)
    signal.signal(signal.SIGALRM, interrupt)
    random.seed(settings["seed"])
    interpreter = Interpreter(settings["max_output"], settings["timeout"])
    replies.write(json.dumps({"id": 0, "isolated": done}) + "\n")
    replies.flush()
    for line in requests:
        request = json.loads(line)
        replies.write(json.dumps({"id": request["id"], **interpreter.answer(request)}) + "\n")
        replies.flush()


def main() -> None:
    """Move the pipes away from the standard streams, so that stray prints and reads cannot touch them."""
    sys.path.pop(0)  # the folder of this script; the agent's code has no business there
    requests, replies = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    settings = json.loads(requests.readline())
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    serve(requests, replies, settings)


if __name__ == "__main__":
    main()
