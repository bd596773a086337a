"""An event loop on a thread of its own, so that plain code, also inside a running loop, can wait for many requests at once."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines on one daemon thread; it ends with `close`, or when nobody holds this object any more.

    What is handed over when the thread has ended, or while it ends, is cancelled: nobody waits for ever.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._state = _State()
        self._thread = threading.Thread(target=self._state.serve, name=name, daemon=True)
        self._thread.start()
        self._end = weakref.finalize(self, _stop, self._state, self._thread)

    @property
    def running(self) -> bool:
        """Whether it was not closed yet."""
        return self._end.alive

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the coroutine; an interrupt cancels it.

        Raises:
            concurrent.futures.CancelledError: the thread ended before it was done.
        """
        future = self.start(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin with the coroutine; the result comes later.

        Raises:
            concurrent.futures.CancelledError: the thread has ended.
        """
        return self._state.start(work)

    def close(self) -> None:
        """End the thread; again does nothing."""
        self._end()


class _State:
    """What the thread has in its hands; it must not hold the `LoopThread`, whose end is its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._open = True
        self._lock = threading.Lock()
        self._given: set[Future[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        with self._lock:
            if not self._open:
                work.close()
                raise CancelledError("the thread of this loop has ended")
            future = asyncio.run_coroutine_threadsafe(work, self.loop)
            self._given.add(future)
        future.add_done_callback(self._given.discard)
        return future

    def serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            with self._lock:
                self._open = False  # what was handed over until now is a task, or becomes one in the next round
            self.loop.run_until_complete(asyncio.sleep(0))
            waiting = asyncio.all_tasks(self.loop)
            for task in waiting:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        finally:
            self.loop.close()
            for future in list(self._given):
                future.cancel()


def _stop(state: _State, thread: threading.Thread) -> None:
    if not state.loop.is_closed():
        state.loop.call_soon_threadsafe(state.loop.stop)
    if thread is not threading.current_thread():
        thread.join(timeout=5)
