"""Every frame is painted once, whoever does it, and what goes wrong is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mtenvs.backends.video import painter
from mtenvs.backends.video.painter import WAITING, Painter

FRAME: Any = object()


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painter, "cores", lambda: 2)


@pytest.mark.parametrize("frames", [1, 100])
def test_every_frame_is_painted_once(frames: int) -> None:
    painted: list[int] = []
    with Painter(lambda number, _: painted.append(number), frames) as emit:
        for number in range(frames):
            emit(number, FRAME)
    assert sorted(painted) == list(range(frames))


def test_the_caller_goes_on_while_the_painter_is_busy() -> None:
    free, painted = threading.Event(), []

    def paint(number: int, _: object) -> None:
        if threading.current_thread().name == "mtenvs-video-painter":
            assert free.wait(30)
        painted.append(number)

    with Painter(paint, 100) as emit:
        for number in range(100):
            emit(number, FRAME)
        assert len(painted) >= 100 - WAITING - 1
        free.set()
    assert sorted(painted) == list(range(100))


def test_what_goes_wrong_is_told() -> None:
    def paint(number: int, _: object) -> None:
        if number == 3:
            raise OSError("the disk is full")

    def emit_all() -> None:
        with Painter(paint, 100) as emit:
            for number in range(100):
                emit(number, FRAME)

    def stop_early() -> None:
        with Painter(paint, 100) as emit:
            emit(1, FRAME)
            raise KeyError

    with pytest.raises(OSError, match="full"):
        emit_all()
    with pytest.raises(KeyError):
        stop_early()
    assert not [t for t in threading.enumerate() if t.name == "mtenvs-video-painter"]
