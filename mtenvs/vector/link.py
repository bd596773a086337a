"""One worker as its parent sees it: pipes, what was asked of it, deadlines, death and rebirth."""

from __future__ import annotations

import os
import pickle
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Final

from mtenvs.vector import frames
from mtenvs.vector.arena import Arena
from mtenvs.vector.journal import Journal
from mtenvs.vector.launch import ForkServer, Process, Spawner
from mtenvs.vector.messages import Deadlines, Facts, Reply, Request, Transition, Turn, WorkerFailed
from mtenvs.vector.worker import Setup

_CHUNK: Final = 1 << 15  # bytes at a time; a larger buffer would come fresh from the kernel for each read
_START_TIMEOUT: Final = 300.0  # seconds for imports and constructors
_BACK_OFF, _LONGEST_BACK_OFF = 0.1, 5.0  # seconds before the second start in a row; doubled each time
_GIVE_UP: Final = 3  # failed starts in a row after which what waits for this worker fails
_STDERR: Final = 4000  # last characters of what a failed worker wrote


class Link:
    """A worker process, or the place where the next one will be.

    Args:
        setup: what the worker builds.
        launcher: starts it.
        memory: descriptor of the arena.
        deadlines: for its requests.
        ids: ids of requests that are ours and not the batch's.
    """

    def __init__(self, setup: Setup, launcher: Spawner | ForkServer, memory: int, deadlines: Deadlines, ids: Iterator[int]) -> None:
        self._setup, self._launcher, self._memory, self._deadlines, self._ids = setup, launcher, memory, deadlines, ids
        self.process: Process | None = None
        self.hello = b""
        self.outbox = bytearray()
        self.request_fd = self.reply_fd = self._life_fd = -1
        self._queue: deque[Request] = deque()  # asked and not answered, in the order in which the worker sees them
        self._turn: tuple[int, Sequence[Any]] | None = None  # or a step in each environment: id of the first, actions
        self._inbox, self._decoder = bytearray(), frames.Decoder()
        self._journals: dict[int, Journal] = {}
        self._past: list[Sequence[Any]] = []  # actions of whole turns that the journals do not have yet
        self._anchors: Sequence[Any] | None = None  # after the last of them
        self._resets = 0  # in the queue
        self._lost: dict[int, str] = {}  # environments whose episode could not be saved, and why
        self._started_at = self._head_since = 0.0
        self._failures = 0
        self._restart_at: float | None = None
        self._greeting = b""
        self._log: IO[bytes] | None = None
        self._refusal: Exception | None = None

    # ---- starting ----

    def start(self) -> None:
        """Start the process; it builds its environments while we do other things."""
        theirs_in, self.request_fd = os.pipe()
        self.reply_fd, theirs_out = os.pipe()
        life, self._life_fd = os.pipe()
        stderr = _stderr()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - read when the start has failed
        try:
            self.process = self._launcher.start([theirs_in, theirs_out, life, self._memory, stderr], self._log.fileno())
        finally:
            for fd in (theirs_in, theirs_out, life, stderr):
                os.close(fd)
        os.set_blocking(self.request_fd, False)
        os.set_blocking(self.reply_fd, False)
        self.hello, self._inbox, self._decoder = b"", bytearray(), frames.Decoder()
        self.outbox = bytearray(_framed(pickle.dumps(tuple(self._setup)))) + self._greeting
        self._started_at = time.monotonic()
        self._restart_at = None
        self.flush()

    def check_start(self, *, ended: bool) -> None:
        """Raise what went wrong with the first start.

        Args:
            ended: the worker has closed its pipe.

        Raises:
            WorkerFailed: the process ended; its stderr is in the message.
            MtenvsError: what a constructor refused.
        """
        if self._refusal is not None:
            raise self._refusal
        late = time.monotonic() - self._started_at > _START_TIMEOUT
        if self.process is not None and (ended or late or not self.process.alive()):
            self.process.kill()
            raise WorkerFailed(f"a worker for environments {list(self._setup.envs)} could not start; it wrote:\n{self._written()}")

    def know(self, facts: Sequence[Facts]) -> None:
        """Take the facts of the whole batch."""
        self._journals = {i: Journal(exact=not facts[i].nondeterministic, same_step=self._setup.same_step) for i in self._setup.envs}

    def open(self, arena: Arena, form: bytes) -> None:
        """Tell the worker, and every later one in its place, what lies where in the arena."""
        self._arena = arena
        self._greeting = _framed(form)
        self.outbox += self._greeting
        self.flush()

    # ---- talking ----

    def submit(self, requests: Sequence[Request], slot: int, *, eager: bool) -> list[Reply]:
        """Send requests; returns replies for those whose environment is lost.

        Args:
            requests: for environments of this worker.
            slot: where observations go, if this is a turn of all of them; else they go to the first.
            eager: whether the worker looks for the next turn before it sleeps.
        """
        self._spread_turn()
        lost = [self._fault(r, self._lost.pop(r.env)) for r in requests if r.kind == "step" and r.env in self._lost] if self._lost else []
        answered = {reply.id for reply in lost}
        rest = [r for r in requests if r.id not in answered]
        if not rest:
            return lost
        for r in rest:
            if r.kind == "reset":
                self._resets += 1
                self._lost.pop(r.env, None)
        if not self._queue:
            self._head_since = time.monotonic()
        self._queue.extend(rest)
        if self.process is not None:
            self.outbox += self._message(rest, slot, eager=eager)
            self.flush()
        return lost

    def submit_turn(self, first: int, actions: Sequence[Any], slot: int, *, eager: bool) -> bool:
        """Ask for a step in each environment, with ids that count up from ``first``; False, with nothing done, where it takes `submit`."""
        if self.process is None or self._queue or self._turn is not None or self._lost:
            return False
        self._head_since = time.monotonic()
        self._turn = first, actions
        self.outbox += frames.dump_turn(first, slot, eager, actions)
        self.flush()
        return True

    def _spread_turn(self) -> None:
        """Turn what was asked together into a request for each environment, and note what was done together in each one's journal."""
        if self._turn is not None:
            (first, actions), self._turn = self._turn, None
            self._queue.extend(
                [Request(first + k, env, "step", action) for k, (env, action) in enumerate(zip(self._setup.envs, actions, strict=True))]
            )
        if self._past:
            for k, journal in enumerate(self._journals.values()):
                journal.note_turns([actions[k] for actions in self._past], "" if self._anchors is None else str(self._anchors[k]))
            self._past, self._anchors = [], None

    def _message(self, requests: Sequence[Request], slot: int, *, eager: bool) -> bytes:
        """One message; shorter when it is one turn in every environment, so that the worker can answer it in one piece."""
        if len(requests) == len(self._setup.envs) and all(r.kind == "step" and r.env == i for r, i in zip(requests, self._setup.envs)):  # noqa: B905 - equally long
            return frames.dump_turn(requests[0].id, slot, eager, [r.payload for r in requests])
        return frames.dump_requests(requests)

    def flush(self) -> None:
        """Write what the pipe takes."""
        with suppress(BlockingIOError, BrokenPipeError):  # the end of a worker is seen where its replies are read
            while self.outbox:
                del self.outbox[: os.write(self.request_fd, self.outbox)]

    def read(self, replies: list[Reply | Turn]) -> bool:
        """Take what the worker has written; whether it has ended."""
        ended = False
        while True:
            try:
                chunk = os.read(self.reply_fd, _CHUNK)
            except BlockingIOError:
                break
            self._inbox += chunk
            if len(chunk) < _CHUNK:
                ended = not chunk
                break
        for kind, request_id, env, length, body in frames.split_frames(self._inbox):
            if kind == frames.FORM:
                self._decoder.learn(body)
            elif kind == frames.HELLO:
                self.hello, self._head_since = body, time.monotonic()
            elif not request_id:
                self._refusal = pickle.loads(body)  # noqa: S301 - from our own worker
            elif kind in frames.TURNS:
                self._take_turn(kind, request_id, env, length, body, replies)
            else:
                _keep(self._reply(kind, self._next(request_id), env, length, body), replies)
        self._head_since = time.monotonic()
        return ended

    def _take_turn(self, kind: int, first: int, env: int, length: int, body: bytes, replies: list[Reply | Turn]) -> None:
        raw = self._arena.read_turn(env, length) if kind in frames.ELSEWHERE else memoryview(body)
        if kind in (frames.COLUMNS_IN_ARENA, frames.COLUMNS):
            self._finish(self._decoder.turn(first, env, raw), replies)
            return
        for k, row in enumerate(frames.load_rows(raw)):
            _keep(self._done(self._next(first + k), row), replies)

    def _finish(self, turn: Turn, replies: list[Reply | Turn]) -> None:
        """Take a whole turn."""
        if self._turn is not None and self._turn[0] == turn.first:
            actions, self._turn = self._turn[1], None
            self._failures = 0
            if any(turn.terminated) or any(turn.truncated):
                self._spread_turn()
                for action, reply in zip(actions, turn.replies(), strict=True):
                    self._journals[reply.env].note(Request(reply.id, reply.env, "step", action), reply.value)
            else:
                self._past.append(actions)
                self._anchors = turn.infos.get("anchor")  # type: ignore[assignment]  # a text is in no dictionary
            replies.append(turn)
            return
        for answer in turn.replies():
            _keep(self._settled(self._next(answer.id), answer.value), replies)

    def _next(self, request_id: int) -> Request:
        """The request that is answered."""
        if self._turn is not None or self._past:
            self._spread_turn()
        request = self._queue.popleft()
        self._resets -= request.kind == "reset"
        if request.id != request_id:
            raise WorkerFailed(f"worker {self._setup.number} answered request {request_id} instead of {request.id}")
        self._failures = 0
        return request

    def _dropped(self, env: int) -> bool:
        """Whether nobody waits for the outcome any more; its place in the arena may be written again already."""
        return self._resets > 0 and any(later.env == env and later.kind == "reset" for later in self._queue)

    def _done(self, request: Request, row: frames.Row) -> Reply | None:
        return None if self._dropped(request.env) else self._settled(request, self._decoder.transition(row))

    def _settled(self, request: Request, value: Transition) -> Reply | None:
        env = request.env
        if self._dropped(env):
            return None
        if request.kind == "step" and env in self._lost:
            return self._fault(request, self._lost.pop(env))
        self._journals[env].note(request, value)
        return Reply(request.id, env, value)

    def _reply(self, kind: int, request: Request, env: int, length: int, body: bytes) -> Reply | None:
        journal = self._journals[env]
        if request.kind == "recover":
            if kind != frames.RECOVERED or body.decode() != journal.anchor:
                self._give_up(env, "its episode could not be played again" + (f":\n{body.decode()}" if kind == frames.FAULT else ""))
            return None
        if kind in (frames.IN_ARENA, frames.INLINE):
            if self._dropped(env):
                return None
            (row,) = frames.load_rows(self._arena.read(env, length) if kind == frames.IN_ARENA else memoryview(body))
            return self._done(request, row)
        if kind == frames.FAULT:
            return self._fault(request, body.decode())
        found = pickle.loads(body)  # noqa: S301 - from our own worker
        if kind == frames.VALUE:
            journal.note(request, None)
        return Reply(request.id, env, found) if kind == frames.VALUE else Reply(request.id, env, raised=found)

    @property
    def size(self) -> int:
        """How many environments the worker has."""
        return len(self._setup.envs)

    @property
    def idle(self) -> bool:
        """Whether everything was answered."""
        return not self._queue and self._turn is None

    # ---- deadlines and death ----

    def due(self) -> float | None:
        """When something has to be done here even if nothing comes."""
        if self.process is None:
            return self._restart_at
        if not self.hello:
            return self._started_at + _START_TIMEOUT
        if self.idle:
            return None
        limit = self._deadlines.step if self._turn is not None else self._deadlines.of(self._queue[0])
        return None if limit is None else self._head_since + limit

    def overdue(self, now: float) -> str:
        """Why the worker has to be killed now; empty if it has not."""
        due = self.due()
        if self.process is None or due is None or now < due:
            return ""
        if not self.hello:
            return f"the worker did not start within {_START_TIMEOUT:g} s"
        self._spread_turn()
        return f"the {self._queue[0].kind} took longer than {self._deadlines.of(self._queue[0]):g} s"

    def bury(self, reason: str) -> list[Reply | Turn]:
        """Kill what is left of the worker; its environment that is to blame has failed, the others wait for the next worker."""
        replies: list[Reply | Turn] = []
        if self.process is not None:
            self.process.kill()
        with suppress(WorkerFailed):
            self.read(replies)  # what was finished in time counts
        self._spread_turn()
        started = bool(self.hello)
        marked = self._arena.marked(self._setup.number) if started else 0
        self._arena.mark(self._setup.number, 0)
        self._disconnect()
        self._failures += 1
        self._restart_at = time.monotonic() + (0.0 if self._failures == 1 else _back_off(self._failures))
        waiting, self._queue, self._resets = list(self._queue), deque(), 0
        if not started and self._failures >= _GIVE_UP:
            why = f"{reason}; the worker does not start any more, it wrote:\n{self._written()}"
            return [*replies, *(self._fault(r, why) for r in waiting if r.kind != "recover")]
        for request in waiting:
            if request.kind == "recover":
                if request.id == marked:
                    self._give_up(request.env, f"{reason} while its episode was played again")
            elif request.id == marked:
                replies.append(self._fault(request, reason))
                if request.kind not in ("step", "reset"):
                    self._lost[request.env] = reason
            else:
                self._queue.append(request)
                self._resets += request.kind == "reset"
        return replies

    def restart_due(self, now: float) -> bool:
        """Whether it is time for the next worker."""
        return self._restart_at is not None and now >= self._restart_at

    def restart(self) -> list[Reply]:
        """Start the next worker, play running episodes again, and ask it what the last one did not answer."""
        waiting = list(self._queue)
        recovering: list[Request] = []
        for env, journal in self._journals.items():
            first = next((r for r in waiting if r.env == env and r.kind in ("step", "reset")), None)
            if not journal.running or (first is not None and first.kind == "reset"):
                continue
            if journal.repeatable:
                recovering.append(Request(next(self._ids), env, "recover", journal.payload))
            else:
                self._give_up(env, "another environment took down its worker, and its own episode cannot be played again from a seed")
        replies = [self._fault(r, self._lost.pop(r.env)) for r in waiting if r.kind == "step" and r.env in self._lost]
        answered = {reply.id for reply in replies}
        self._queue = deque([*recovering, *(r for r in waiting if r.id not in answered)])
        self.start()
        if self._queue:
            self.outbox += frames.dump_requests(list(self._queue))
            self.flush()
        return replies

    def ask_to_end(self) -> None:
        """Close the pipe of requests: an idle worker closes its environments and ends."""
        if self.process is not None:
            os.close(self.request_fd)
            self.request_fd = -1
            if not self.idle:
                self.process.kill()

    def end(self, until: float) -> None:
        """Wait for the worker until then, and kill it and whatever it has started."""
        if self.process is not None:
            self.process.wait(max(0.0, until - time.monotonic()))
            self.process.kill()
            self._disconnect()

    def _disconnect(self) -> None:
        for fd in (self.request_fd, self.reply_fd, self._life_fd):
            if fd >= 0:
                os.close(fd)
        self.request_fd = self.reply_fd = self._life_fd = -1
        self.process = None
        self.outbox.clear()

    def _fault(self, request: Request, why: str) -> Reply:
        self._journals[request.env].forget()
        if request.kind in ("step", "reset"):
            return Reply(request.id, request.env, fault=why)
        return Reply(request.id, request.env, raised=WorkerFailed(f"environment {request.env}: {why}"))

    def _give_up(self, env: int, why: str) -> None:
        self._journals[env].forget()
        self._lost[env] = why

    def _written(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-_STDERR:].strip() or "nothing"


def _keep(reply: Reply | None, replies: list[Reply | Turn]) -> None:
    if reply is not None:
        replies.append(reply)


def _back_off(failures: int) -> float:
    return min(_LONGEST_BACK_OFF, _BACK_OFF * 2.0 ** (failures - 2))


def _framed(body: bytes) -> bytes:
    return frames.LENGTH.pack(len(body)) + body


def _stderr() -> int:
    """A copy of our stderr for the worker, or nowhere when we have none."""
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
