"""The program of a worker process: it builds some environments of a batch and carries out what comes through its pipe."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections import deque
from contextlib import suppress
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import MtenvsError
from mtenvs.vector import frames
from mtenvs.vector.arena import Arena
from mtenvs.vector.layout import Layout, Store
from mtenvs.vector.messages import Facts, Reply, Request, Transition, facts_of
from mtenvs.vector.runner import Runner

_HOLD: Final = 1e-3  # seconds that a finished reply may wait for the next one, to travel with it
_CHUNK: Final = 1 << 15  # bytes at a time; a larger buffer would come fresh from the kernel for each read


class Descriptors(NamedTuple):
    """What a worker is given: where requests come from, where replies go, what ends with the parent, the memory, stderr."""

    requests: int
    replies: int
    life: int
    memory: int
    stderr: int


class Setup(NamedTuple):
    """The first message: what to build. The second is the common observation space, once all workers are there."""

    number: int
    workers: int
    total: int
    envs: tuple[int, ...]
    factories: bytes
    same_step: bool


def run(fds: Descriptors) -> None:
    """Work until the pipe ends. Called in a process of its own that leads its own process group."""
    for fd in fds:
        os.set_inheritable(fd, False)  # programs that environments start must not keep our pipes open
    threading.Thread(target=_end_with_parent, args=(fds.life,), daemon=True).start()
    Worker(fds).run()


def _end_with_parent(life: int) -> None:
    """Nothing is ever written to this pipe: reading it returns when the parent is gone, however it went."""
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


class Worker:
    """Builds its environments, then answers requests in their order.

    Args:
        fds: see `Descriptors`.
    """

    def __init__(self, fds: Descriptors) -> None:
        self._fds = fds
        self._inbox = bytearray()
        self._out: list[bytes] = []
        self._encoder = frames.Encoder()

    def run(self) -> None:
        """Work until the pipe ends."""
        setup = Setup(*pickle.loads(self._message()))  # noqa: S301 - from the process that started this one
        try:
            factories = pickle.loads(setup.factories)  # noqa: S301 - same
            self._runners = {i: Runner(make, same_step=setup.same_step) for i, make in zip(setup.envs, factories, strict=True)}
        except MtenvsError as e:
            self._send(frames.frame(frames.RAISED, 0, 0, frames.dump_code(e)))
            return
        self._send(frames.frame(frames.HELLO, 0, 0, _dump_facts([facts_of(r.env) for r in self._runners.values()])))
        os.dup2(self._fds.stderr, 2)  # until here it went to a file, for the message of a start that fails
        layout = Layout(pickle.loads(self._message()), setup.total)  # noqa: S301 - same
        self._arena, self._index = Arena(self._fds.memory, layout, setup.workers), setup.number
        self._store = Store(layout, self._arena.observations)
        self._serve()
        for runner in self._runners.values():
            runner.close()

    def _serve(self) -> None:
        queue: deque[Request] = deque()
        held_since = 0.0
        while True:
            if not queue:
                body = self._message()
                if not body:
                    return
                queue.extend(frames.load_requests(body))
            request = queue.popleft()
            began = time.perf_counter()
            self._arena.mark(self._index, request.id)
            self._carry_out(request)
            self._arena.mark(self._index, 0)
            now = time.perf_counter()
            held_since = held_since or now
            if not queue or now - began > _HOLD or now - held_since > _HOLD:
                self._flush()
                held_since = 0.0

    def _carry_out(self, request: Request) -> None:
        runner = self._runners[request.env]
        reply = _recover(runner, request) if request.kind == "recover" else runner.carry_out(request)
        try:
            self._out += self._encoded(reply, recovered=request.kind == "recover")
        except Exception:  # noqa: BLE001 - an observation or info that cannot travel is the environment's fault
            self._out.append(frames.frame(frames.FAULT, request.id, request.env, traceback.format_exc().encode("utf-8", "replace")))

    def _encoded(self, reply: Reply, *, recovered: bool) -> list[bytes]:
        head = reply.id, reply.env
        if reply.fault:
            return [frames.frame(frames.FAULT, *head, reply.fault.encode("utf-8", "replace"))]
        if reply.raised is not None:
            return [frames.frame(frames.RAISED, *head, _dump_error(reply.raised))]
        if recovered:
            return [frames.frame(frames.RECOVERED, *head, str(reply.value).encode())]
        if not isinstance(reply.value, Transition):
            return [frames.frame(frames.VALUE, *head, frames.dump(reply.value))]
        body, form = self._encoder.encode(reply.value, self._store.put_fixed(reply.env, reply.value.obs))
        news = [frames.frame(frames.FORM, *head, form)] if form else []
        if self._arena.write(reply.env, body):
            return [*news, frames.frame(frames.IN_ARENA, *head, length=len(body))]
        return [*news, frames.frame(frames.INLINE, *head, body)]

    def _message(self) -> bytes:
        """The next message of the parent; empty when the pipe has ended."""
        size = frames.LENGTH.size
        while True:
            if len(self._inbox) >= size:
                end = size + frames.LENGTH.unpack_from(self._inbox)[0]
                if len(self._inbox) >= end:
                    body = bytes(self._inbox[size:end])
                    del self._inbox[:end]
                    return body
            chunk = os.read(self._fds.requests, _CHUNK)
            if not chunk:
                return b""
            self._inbox += chunk

    def _flush(self) -> None:
        self._send(b"".join(self._out))
        self._out.clear()

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fds.replies, view) :]


def _recover(runner: Runner, request: Request) -> Reply:
    """Play an episode again up to where it was when this worker's predecessor died; the value is the last info's anchor."""
    seed, options, entries = request.payload
    reply = runner.carry_out(Request(request.id, request.env, "reset", (seed, options)))
    anchor = _anchor(reply, "")
    for kind, payload in entries:
        if reply.fault or reply.raised is not None:
            break
        reply = runner.carry_out(Request(request.id, request.env, kind, payload))
        anchor = _anchor(reply, anchor)
    return reply if reply.fault or reply.raised is not None else reply._replace(value=anchor)


def _anchor(reply: Reply, otherwise: str) -> str:
    return str(reply.value.info.get("anchor", "")) if isinstance(reply.value, Transition) else otherwise


def _dump_facts(facts: list[Facts]) -> bytes:
    try:
        return frames.dump_code(facts)
    except Exception:  # noqa: BLE001 - a spec may hold anything; what it is for is also in the other facts
        return frames.dump_code([f._replace(spec=None) for f in facts])


def _dump_error(error: Exception) -> bytes:
    with suppress(Exception):
        raw = frames.dump_code(error)
        pickle.loads(raw)  # noqa: S301 - some exceptions pickle but do not come back
        return raw
    return frames.dump_code(RuntimeError(f"{type(error).__name__}: {error}"))


def main(argv: list[str]) -> Any:
    """Entry of a fresh interpreter; the descriptors are numbers on the command line."""
    run(Descriptors(*map(int, argv)))


if __name__ == "__main__":
    main(sys.argv[1:])
