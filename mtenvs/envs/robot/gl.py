"""One OpenGL context for the process, in a thread of its own, made when the first picture is asked for; no display needed.

OpenGL contexts belong to threads, and several of them in one process corrupt each other when libraries switch between them. So all
drawing is done by one worker; whoever wants a picture waits for it. A context is EGL (a GPU, or Mesa's software renderer) where that
works, else OSMesa, unless the user has set ``MUJOCO_GL``.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from mtenvs.core.errors import MissingRequirement
from mtenvs.envs.robot import upstream  # noqa: F401 - it says what to install when mujoco is missing

T = TypeVar("T")

INSTALL: Final = "apt-get install -y --no-install-recommends libosmesa6"
"""On Debian 12, tried on a bare one: Mesa's EGL with its software renderer, and the library PyOpenGL looks for."""
_LIBRARIES: Final = {"egl": ("libEGL.so.1", "libGL.so.1"), "osmesa": ("libOSMesa.so.8",)}
_OFF: Final = ("disable", "disabled", "off", "false", "0")
_NO_THREADS: Final = ("LP_NUM_THREADS", "0")
"""Mesa's software renderer draws in our thread: its own threads do not survive a fork (a child's first picture would hang), and
for pictures of this size they save no time."""
_SIZE: Final = 64
"""Of OSMesa's own buffer, which is never drawn into: pictures go to a framebuffer object."""


class Drawer:
    """The thread that owns the OpenGL context."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._context: Any = None
        self.backend = ""
        self._thread = threading.Thread(target=self._work, name="mtenvs-gl", daemon=True)
        self._thread.start()

    def __call__(self, job: Callable[[], T]) -> T:
        """Run a job with the context current; returns its value or raises its error.

        Raises:
            MissingRequirement: no OpenGL library that draws without a display.
        """
        if threading.current_thread() is self._thread:
            return job()
        if not self._thread.is_alive():
            raise RuntimeError("the drawing thread has ended with the program; take pictures before that")
        future: Future[T] = Future()

        def run() -> None:
            try:
                self._make_current()
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 - it belongs to the thread that waits
                future.set_exception(error)

        self._jobs.put(run)
        return future.result()

    def later(self, job: Callable[[], Any]) -> None:
        """Run a job without waiting for it; for freeing, which may be asked for from any thread, at any time."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Free the context and end the thread."""
        self._jobs.put(None)
        self._thread.join(timeout=5.0)

    def _work(self) -> None:
        job = self._jobs.get()
        while job is not None:
            job()
            job = None  # while the thread waits it must not keep alive what the last job has drawn
            job = self._jobs.get()
        if self._context is not None:
            self._context.free()
            self._context = None  # mujoco frees it once more when it is collected, which OSMesa does not survive

    def _make_current(self) -> None:
        if self._context is None:
            self.backend, self._context = _context()
            atexit.register(self.stop)  # after the backend's own handler is registered, so that it runs before it
        self._context.make_current()


def _context() -> tuple[str, Any]:
    """A new context of the user's backend, or of the first whose library is here; and the backend's name."""
    chosen = os.environ.get("MUJOCO_GL", "").lower().strip()
    if chosen in _OFF:
        raise MissingRequirement("robot", f"OpenGL (MUJOCO_GL={chosen} switches it off)", "unset MUJOCO_GL")
    name = chosen or _automatic()
    os.environ.setdefault(*_NO_THREADS)
    module = {"egl": "mujoco.egl", "osmesa": "mujoco.osmesa", "system": "mujoco.gl_context"}.get(name, "mujoco.glfw")
    try:
        context = importlib.import_module(module).GLContext(_SIZE, _SIZE)
    except Exception as error:  # PyOpenGL and drivers fail in many ways
        raise MissingRequirement("robot", f"working OpenGL for {name} ({error})", INSTALL) from error
    if not chosen and name != "system":
        os.environ["MUJOCO_GL"] = name  # metaworld's own renderer and child processes then agree
    return name, context


def _automatic() -> str:
    """The backend whose library loads. PyOpenGL takes only one for the life of a process, so none is tried out."""
    if sys.platform != "linux":
        return "system"
    for name, libraries in _LIBRARIES.items():
        with contextlib.suppress(OSError):
            for library in libraries:
                ctypes.CDLL(library)
            return name
    raise MissingRequirement("robot", f"what draws without a display ({' or '.join(map(' + '.join, _LIBRARIES.values()))})", INSTALL)


_drawer: Drawer | None = None
_lock = threading.Lock()


def drawer() -> Drawer:
    """The process's drawer."""
    global _drawer  # noqa: PLW0603 - one context per process is the point
    with _lock:
        if _drawer is None:
            _drawer = Drawer()
        return _drawer


def _forget() -> None:
    global _drawer, _lock  # threads and locks do not survive a fork
    _drawer, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_forget)
