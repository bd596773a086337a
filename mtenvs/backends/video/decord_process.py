"""decord as a second decoder, in a process that is killed when it hangs: its loops hold the GIL and heed no signal."""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mtenvs.backends.video.frames import Image, Size
from mtenvs.core.errors import MissingRequirement, VideoError, VideoTruncated

DEADLINE_S = 30.0
"""For starting, and for opening a long file, which decord reads as a whole."""
DEADLINE_PER_FRAME_S = 2.0
"""A frame in a group of 250 pictures takes it a tenth of a second."""
WORKER = Path(__file__).with_name("decord_worker.py")


class DecordProcess:
    """A process that decodes with decord; thread-safe, one request at a time.

    Args:
        command: what to run; another worker than ours in tests.
        deadline_s: seconds for a request, apart from those for each frame.
    """

    def __init__(self, command: Sequence[str] = (sys.executable, str(WORKER)), deadline_s: float = DEADLINE_S) -> None:
        self._command, self._deadline_s = list(command), deadline_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, path: str, numbers: Sequence[int], size: Size) -> tuple[list[float], Image]:
        """Frames of a file by number, and when they are shown, counted from its first frame.

        Raises:
            VideoTruncated: decord cannot read them, or did not answer in time and was killed.
            VideoError: decord does not count the frames as they are.
        """
        request = json.dumps({"path": path, "numbers": list(numbers), "size": size}).encode() + b"\n"
        limit = time.monotonic() + self._deadline_s + DEADLINE_PER_FRAME_S * len(numbers)
        with self._lock:
            process = self._running()
            try:
                head, body = _exchange(process, request, limit)
            except TimeoutError as error:
                self._kill()
                raise VideoTruncated(f"decord hangs on {path!r}, and was killed. Use backend='pyav', which reads what there is") from error
            except (OSError, ValueError) as error:
                self._kill()
                raise VideoTruncated(f"decord died on {path!r} ({error}). Use backend='pyav'") from error
            except BaseException:
                self._kill()  # its answer to a question that nobody waits for any more must not reach the next one
                raise
        if "error" in head:
            raise VideoTruncated(f"decord cannot read {path!r}: {head['error']}. Use backend='pyav'")
        first, *times = head["times"]
        return [t - first for t in times], np.frombuffer(body, np.uint8).reshape(head["shape"])

    def renew_lock(self) -> None:
        """In a forked child: the lock may be held by a thread that does not exist there."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # forked: the process and its pipes are the parent's
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own script
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def _exchange(process: subprocess.Popen[bytes], request: bytes, limit: float) -> tuple[dict[str, Any], bytearray]:
    """Send a request, and wait for its whole answer until ``limit``."""
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(request)
    process.stdin.flush()
    source, data, head, total = process.stdout.fileno(), bytearray(), None, 0
    with selectors.DefaultSelector() as ready:
        ready.register(source, selectors.EVENT_READ)
        while head is None or len(data) < total:
            left = limit - time.monotonic()
            if left <= 0 or not ready.select(left):
                raise TimeoutError
            part = os.read(source, 1 << 20)
            if not part:
                raise OSError("its process ended")
            data += part
            if head is None and b"\n" in data:
                line, _, data = data.partition(b"\n")
                head = json.loads(line)
                total = int(np.prod(head["shape"])) if "shape" in head else 0
    return head, data


_PROCESS = DecordProcess()
atexit.register(_PROCESS.close)
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_PROCESS.renew_lock)


def require_decord() -> None:
    """See that decord is installed, without loading it into this process.

    Raises:
        MissingRequirement: it is not.
    """
    if importlib.util.find_spec("decord") is None:
        raise MissingRequirement("video", "decord", "pip install 'mtenvs[decord]'")


def read_with_decord(path: str, numbers: Sequence[int], times: Sequence[float], size: Size) -> Image:
    """Frames by number, each checked to be shown at the time that our own index says.

    Raises:
        VideoTruncated: see `DecordProcess.read`.
        VideoError: decord would give other frames.
    """
    shown, images = _PROCESS.read(path, numbers, size)
    off = [n for n, ours, theirs in zip(numbers, times, shown, strict=True) if abs(ours - theirs) > 2e-3]
    if off or images.shape[0] != len(numbers):
        raise VideoError(f"decord counts the frames of {path!r} differently: its frame {off[:1]} is another one. Use backend='pyav'")
    return images
