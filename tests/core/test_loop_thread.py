from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError

import pytest

from mtenvs.core.loop_thread import LoopThread


async def echo(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def for_ever() -> None:
    await asyncio.Event().wait()


def test_runs_inside_a_running_loop() -> None:
    loop = LoopThread("test")

    async def outer() -> int:
        return loop.run(echo(3))

    assert asyncio.run(outer()) == 3
    loop.close()


def test_what_waits_is_cancelled_at_the_end() -> None:
    loop = LoopThread("test")
    waiting = loop.start(for_ever())
    loop.close()
    with pytest.raises(CancelledError):
        waiting.result(5)
    with pytest.raises(CancelledError):
        loop.run(echo(1))


def test_nobody_waits_for_ever_for_a_loop_that_ends() -> None:
    for _ in range(30):
        loop, began = LoopThread("test"), threading.Event()
        done: list[int] = []

        def ask(loop: LoopThread = loop, began: threading.Event = began, done: list[int] = done) -> None:
            try:
                while True:
                    done.append(loop.run(echo(len(done))))
                    began.set()
            except CancelledError:
                return

        threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert began.wait(10)
        loop.close()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
