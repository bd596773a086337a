"""The program of a worker process: it builds some environments of a batch and carries out what comes through its pipe."""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import MtenvsError
from mtenvs.vector import frames
from mtenvs.vector.apart import Mover, here
from mtenvs.vector.arena import Arena
from mtenvs.vector.engine import engine_of, info_rows
from mtenvs.vector.layout import Layout, Store
from mtenvs.vector.messages import Facts, Reply, Request, Transition, facts_of
from mtenvs.vector.patience import Patience
from mtenvs.vector.plain import PLAIN, dump, dump_code
from mtenvs.vector.prepare import offered, prepare
from mtenvs.vector.runner import Runner
from mtenvs.vector.turns import ColumnForm, spell, spell_columns

_NEIGHBOURS: Final = 3  # workers whose processors a worker avoids; where there are many, the kernel finds room by itself
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
    """The first message: what to build. The second is the common observation space and how many slots, once all workers are there."""

    number: int
    workers: int
    total: int
    envs: tuple[int, ...]
    factories: bytes
    same_step: bool
    timed: bool  # steps have a deadline, each its own


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
        self._like: dict[str, Any] | None = None  # an info of a start, where all may be stepped together
        self._patience, self._poller, self._eager, self._mover = Patience(), select.poll(), False, Mover()
        self._poller.register(fds.requests, select.POLLIN)

    def run(self) -> None:
        """Work until the pipe ends."""
        self._setup = setup = Setup(*pickle.loads(self._message()))  # noqa: S301 - from the process that started this one
        try:
            factories = pickle.loads(setup.factories)  # noqa: S301 - same
            self._runners = {i: Runner(make, same_step=setup.same_step) for i, make in zip(setup.envs, factories, strict=True)}
        except MtenvsError as e:
            self._send(frames.frame(frames.RAISED, 0, 0, dump_code(e)))
            return
        self._send(frames.frame(frames.HELLO, 0, 0, _dump_facts([facts_of(r.env) for r in self._runners.values()])))
        os.dup2(self._fds.stderr, 2)  # until here it went to a file, for the message of a start that fails
        space, slots = pickle.loads(self._message())  # noqa: S301 - same
        layout = Layout(space, setup.total)
        self._arena, self._index = Arena(self._fds.memory, layout, setup.workers, slots), setup.number
        self._store = Store(layout, self._arena.observations, slots)
        alone = setup.workers < len(os.sched_getaffinity(0)) if here is not None else False
        neighbours = range(max(0, setup.number - _NEIGHBOURS), setup.number)
        self._others = [*neighbours, *([setup.workers] if alone else [])]  # the batch itself only where there is room for it
        envs = [runner.env for runner in self._runners.values()]
        self._engine = None if setup.same_step or setup.timed or len(envs) == 1 else engine_of(envs)[0]
        self._prepares = not setup.timed and any(offered(env) for env in envs)  # its time would count as that of the first
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
                turn = frames.load_turn(body)
                if turn is not None:
                    self._turn(*turn)
                    continue
                queue.extend(frames.load_requests(body))
                if self._prepares:
                    self._prepare([(r.env, r.payload) for r in queue if r.kind == "step"])
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

    def _turn(self, first: int, slot: int, eager: bool, actions: Sequence[Any]) -> None:
        """One step in each environment; outcomes travel together, but none waits long for the others."""
        self._eager = eager
        if eager and here is not None:
            self._mover.step_aside(self._arena.processors(self._others))
            self._arena.come_to(self._index, here())
        if self._engine is not None and self._like is not None and not any(r.broken for r in self._runners.values()):
            self._whole_turn(first, slot, actions)
            return
        if self._prepares:
            self._prepare(list(zip(self._runners, actions, strict=True)))
        values: list[Transition | str] = []
        loose: list[list[Any]] = []
        arena, index, put = self._arena, self._index, self._store.put_fixed
        request_id, count, sent, whole = first, len(actions), 0, True
        held_since = time.perf_counter()
        for (env, runner), action in zip(self._runners.items(), actions, strict=True):
            arena.mark(index, request_id)
            value = runner.step(action)
            kept: list[Any] = []
            if isinstance(value, str):
                whole = False
            else:
                try:
                    kept = put(env, value.obs, slot)
                except Exception:  # noqa: BLE001 - an observation that cannot be kept is the environment's fault
                    value, whole = traceback.format_exc(), False
            values.append(value)
            loose.append(kept)
            request_id += 1
            if time.perf_counter() - held_since > _HOLD and len(values) < count:
                arena.mark(index, 0)
                self._pass_on(first, slot, values, loose, sent)
                self._flush()
                sent, held_since = len(values), time.perf_counter()
        arena.mark(index, 0)
        if sent or not whole or not self._send_turn(first, slot, values, loose):
            self._pass_on(first, slot, values, loose, sent)
        self._flush()

    def _prepare(self, steps: Sequence[tuple[int, Any]]) -> None:
        """Should this take the worker down, nobody has failed: the next one plays the turn without it, since nothing began there."""
        if self._like is not None:
            prepare((self._runners[env], action) for env, action in steps)

    def _whole_turn(self, first: int, slot: int, actions: Sequence[Any]) -> None:
        """The same by the engine.

        Nobody can say whose fault an exception of it is, and how far the others got. So this worker ends without a mark: in the next
        one, all episodes are played again up to here, and this turn is taken one environment at a time.
        """
        began, runners = time.perf_counter(), self._runners
        try:
            turn = self._engine([runner.env.unwrapped for runner in runners.values()], actions)  # type: ignore[misc]  # it is there
            loose = [self._store.put_fixed(env, obs, slot) for env, obs in zip(runners, turn.obs, strict=True)]
        except Exception:  # noqa: BLE001 - see above
            traceback.print_exc()  # the engine may fail where single steps do not
            os._exit(1)
        seconds, like = time.perf_counter() - began, self._like or {}
        ends = turn.rewards.tolist(), turn.terminated.tolist(), turn.truncated.tolist()
        if not self._send_columns(first, (slot, seconds, *ends), loose, partial(spell_columns, turn.infos, like)):
            infos = info_rows(turn.infos, like, len(loose))
            share = seconds / len(loose)
            values = [Transition(reward, end, cut, info, None, None, share) for reward, end, cut, info in zip(*ends, infos, strict=True)]
            self._pass_on(first, slot, values, loose, 0)
        self._flush()

    def _send_turn(self, first: int, slot: int, values: list[Any], loose: Sequence[list[Any]]) -> bool:
        """The outcomes of a whole turn without a fault, column by column; False, with nothing sent, when they do not have one form."""
        rewards, terminated, truncated, infos, _, _, seconds, _ = zip(*values, strict=True)
        return self._send_columns(first, (slot, sum(seconds), rewards, terminated, truncated), loose, partial(spell, infos))

    def _send_columns(
        self,
        first: int,
        figures: tuple[Any, ...],
        loose: Sequence[list[Any]],
        infos: Callable[[], tuple[ColumnForm, tuple[Any, ...]] | None],
    ) -> bool:
        parts = list(zip(*loose, strict=True))
        for column in parts:
            if not set(map(type, column)) <= PLAIN:
                return False
        try:
            found = infos()
        except Exception:  # noqa: BLE001 - whose it is comes out when they travel one by one
            return False
        if found is None:
            return False
        env = self._setup.envs[0]
        body, news = self._encoder.columns(found, *figures, parts)
        if news:
            self._out.append(frames.frame(frames.FORM, first, env, news))
        if self._arena.write_turn(env, body, len(loose)):
            self._out.append(frames.frame(frames.COLUMNS_IN_ARENA, first, env, length=len(body)))
        else:
            self._out.append(frames.frame(frames.COLUMNS, first, env, body))
        return True

    def _pass_on(self, first: int, slot: int, values: Sequence[Transition | str], loose: Sequence[list[Any]], sent: int) -> None:
        """Outcomes of steps as they are, but for those that were ``sent`` already, in as few frames as they allow."""
        rows: list[frames.Row] = []
        for k, env in enumerate(self._setup.envs[: len(values)]):
            if k < sent:
                continue
            found = self._row(first + k, env, values[k], loose[k], slot)
            if isinstance(found, bytes):
                self._pass_rows(rows, first + k, env)
                self._out.append(found)
            else:
                rows.append(found)
        self._pass_rows(rows, first + len(values), self._setup.envs[0] + len(values))

    def _row(self, request_id: int, env: int, value: Transition | str, loose: list[Any], slot: int) -> frames.Row | bytes:
        """The outcome of a step; as a frame of its own where it is a fault or nothing that all rows may travel with."""
        if isinstance(value, str):
            return frames.frame(frames.FAULT, request_id, env, value.encode("utf-8", "replace"))
        try:
            row, news = self._encoder.row(value, loose, slot)
            if news:
                self._out.append(frames.frame(frames.FORM, request_id, env, news))
            return row if frames.is_text(row) else frames.frame(frames.TURN, request_id, env, frames.dump_rows([row]))
        except Exception:  # noqa: BLE001 - an info that cannot travel is the environment's fault
            return frames.frame(frames.FAULT, request_id, env, traceback.format_exc().encode("utf-8", "replace"))

    def _pass_rows(self, rows: list[frames.Row], next_id: int, next_env: int) -> None:
        """Rows of the environments before ``next_env`` as a frame."""
        if not rows:
            return
        count, body = len(rows), frames.dump_rows(rows)
        head = next_id - count, next_env - count
        if count == len(self._runners) and self._arena.write_turn(head[1], body, count):
            self._out.append(frames.frame(frames.TURN_IN_ARENA, *head, length=len(body)))
        else:
            self._out.append(frames.frame(frames.TURN, *head, body))
        rows.clear()

    def _carry_out(self, request: Request) -> None:
        runner = self._runners[request.env]
        reply = _recover(runner, request) if request.kind == "recover" else runner.carry_out(request)
        if request.kind == "reset" and isinstance(reply.value, Transition):
            self._like = reply.value.info
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
            return [frames.frame(frames.VALUE, *head, dump(reply.value))]
        row, form = self._encoder.row(reply.value, self._store.put_fixed(reply.env, reply.value.obs), 0)
        body = frames.dump_rows([row])
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
            self._patience.poll(self._poller, None, eager=self._eager)
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
        return dump_code(facts)
    except Exception:  # noqa: BLE001 - a spec may hold anything; what it is for is also in the other facts
        return dump_code([f._replace(spec=None) for f in facts])


def _dump_error(error: Exception) -> bytes:
    with suppress(Exception):
        raw = dump_code(error)
        pickle.loads(raw)  # noqa: S301 - some exceptions pickle but do not come back
        return raw
    return dump_code(RuntimeError(f"{type(error).__name__}: {error}"))


def main(argv: list[str]) -> Any:
    """Entry of a fresh interpreter; the descriptors are numbers on the command line."""
    run(Descriptors(*map(int, argv)))


if __name__ == "__main__":
    main(sys.argv[1:])
