"""Turning decoded frames into pictures while the decoder goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TypeAlias

from av.video.frame import VideoFrame

Paint: TypeAlias = Callable[[int, VideoFrame], None]
DENSE = 16
"""Frames of a pass from which a second thread pays; both libraries let go of the GIL while they work."""
WAITING = 8
"""Decoded frames that may wait to be painted; beyond that, whoever decodes paints too."""


def cores() -> int:
    """CPU cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Painter:
    """Calls ``paint`` for each frame that is emitted: at once, or in a thread that lives as long as the ``with`` block.

    Neither side waits for the other: the caller paints what finds no place in the queue, and what is left in it at the end.

    Args:
        paint: takes the number of a frame, and the frame; two threads may call it at once, for different frames.
        frames: about how many will come.
    """

    def __init__(self, paint: Paint, frames: int) -> None:
        self._paint = paint
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None
        if frames >= DENSE and cores() > 1:
            self._queue: SimpleQueue[tuple[int, VideoFrame] | None] = SimpleQueue()
            self._thread = threading.Thread(target=self._work, name="mtenvs-video-painter")

    def __enter__(self) -> Paint:
        if self._thread is None:
            return self._paint
        self._thread.start()
        return self._emit

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._thread is None:
            return
        try:
            if error is None:
                self._help()
        finally:
            self._queue.put(None)
            self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def _emit(self, number: int, frame: VideoFrame) -> None:
        if self._queue.qsize() < WAITING:
            self._queue.put((number, frame))
        else:
            self._paint(number, frame)

    def _help(self) -> None:
        with suppress(Empty):
            while (item := self._queue.get_nowait()) is not None:
                self._paint(*item)

    def _work(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                self._paint(*item)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._error = error
