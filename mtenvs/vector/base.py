"""A batch of environments: what reset, step, send and recv mean, whatever the environments run in."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from mtenvs.core.actions import CallText
from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.vector.infos import batch_infos, column_infos, mask_of
from mtenvs.vector.inputs import ActionForm, Seeds, checked_actions, checked_ids, plan_resets
from mtenvs.vector.layout import Layout, common_space
from mtenvs.vector.messages import ClosedBatch, Column, Facts, Reply, Request, Transition, Transport, Turn, info_of
from mtenvs.vector.results import Batch, Result, Ticket, after
from mtenvs.vector.turns import join, one_by_one

AUTORESET = {"disabled": AutoresetMode.DISABLED, "next_step": AutoresetMode.NEXT_STEP, "same_step": AutoresetMode.SAME_STEP}
Arrays = tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]
_RESETS: Final = frozenset({"reset", "start", "again", "restart"})
_NO_SEED: Final = (None, None)


class BatchedVectorEnv(gym.vector.VectorEnv[Any, Any, Any]):
    """Environments of one action form, stepped together or each at its own pace.

    With autoreset ``"disabled"`` an environment whose episode is over is skipped by `step` (its last observation is repeated,
    reward 0) until a `reset` with ``reset_mask``, or `send_reset`, starts it again. ``"next_step"`` and ``"same_step"`` are
    Gymnasium's modes of these names.

    An environment that raises, dies, or takes longer than its deadline ends its own episode and no other: its row has
    ``truncated`` True, reward 0 and the last observation. Every info has ``error`` (str: the traceback, or ``""``) and
    ``trainable`` (bool: False for such a turn); ``stop_reason`` is then ``"env_error"``. When a reset fails, the info says so and
    the next step ends that episode. A new environment takes its place at the next reset.

    Args:
        transport: where the environments run.
        autoreset: ``"disabled"``, ``"next_step"`` or ``"same_step"``; the transport was made for the same.
        copy: True gives arrays that belong to the caller and never change later. They may be the batch's own memory, which then
            is not used again while anyone holds them; the last observation that a failed turn repeats is as the caller left it.
            False gives read-only views, valid until these environments move on.

    Attributes:
        steps_together: whether one environment after the other is stepped while the caller waits, so that asking for the first that
            is ready (`send`, `recv`) gains nothing over `step`.
        timings_ms: milliseconds of the last ``reset``, ``step`` and ``recv``, and ``env``, the time inside the environments
            of the last batch added up.

    Raises:
        UnknownOption: no such mode, or environments that cannot share a batch.
    """

    steps_together = False

    def __init__(self, transport: Transport, *, autoreset: str = "disabled", copy: bool = True) -> None:
        if autoreset not in AUTORESET:
            raise UnknownOption(f"autoreset={autoreset!r} does not exist; choose one of {', '.join(AUTORESET)}")
        self._transport, self._facts = transport, transport.facts
        self.autoreset, self.copy = autoreset, copy
        self.num_envs = len(self._facts)
        try:
            self._declare(self._facts)
        except UnknownOption:
            transport.close()
            raise
        self._store = transport.open(Layout(self.single_observation_space, self.num_envs), copy=copy)
        self._ids = 0
        self._tickets: dict[int, Ticket] = {}  # request id -> what it is for; a reply without a ticket comes too late
        self._flight: dict[int, int] = {}  # environment -> id of the turn or reset that is under way
        self._ready: dict[int, Result] = {}  # in the order of completion
        self._answers: dict[int, Reply] = {}
        self._refusal: Exception | None = None  # what an environment's reset refused, for the caller
        self._last: list[dict[str, Any] | None] = [{} for _ in range(self.num_envs)]  # infos, which those of a fault are made from;
        self._columns: dict[str, Column] = {}  # None for those of the last whole turn, which are still here
        self._failed: dict[int, str] = {}  # environments that could not start, and why
        self._begun: set[int] = set()  # environments that have been reset at least once
        self._live: set[int] = set()  # those with an episode under way
        self._over: set[int] = set()  # next_step: those whose next turn is a reset
        self._env_seconds = 0.0
        whole = np.ones(self.num_envs, bool)
        self._faultless = {"error": np.full(self.num_envs, "", object), "_error": whole, "trainable": whole, "_trainable": whole}
        self.timings_ms: dict[str, float] = {"reset": 0.0, "step": 0.0, "recv": 0.0, "env": 0.0}

    # ---- Gymnasium ----

    def reset(self, *, seed: Seeds = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start episodes; a request that is still under way in one of these environments is forgotten.

        Args:
            seed: one for all (environment ``i`` gets ``seed + i``, or ``seed + i // group_size`` in groups), or one for each.
            options: those of the environments, and ``tasks`` (a list of tasks, played in order), ``group_size`` (that many
                copies of each task, with the same seed), ``reset_mask`` (bool ``(num_envs,)``: only these are started).

        Returns:
            Observations of all environments, and infos of those that were started.

        Raises:
            UnknownOption: lists of the wrong length, or what an environment refused.
            ResetNeeded: the first reset leaves an environment out.
        """
        self._check_open()
        began = time.perf_counter()
        plan = plan_resets(seed, options, self.num_envs)
        if len(self._begun) < self.num_envs and any(i not in self._begun and i not in plan for i in range(self.num_envs)):
            raise ResetNeeded("the first reset must start every environment; leave reset_mask out")
        self._begin("reset", plan)
        results = self._await(list(plan))
        self._measure("reset", began)
        return self._store.batch(None, copy=self.copy), self._infos(results, [r.env for r in results], self.num_envs)

    def step(self, actions: Any) -> Arrays:
        """Play one turn in every environment whose episode is not over.

        Args:
            actions: one for each environment; those of ended ones are not looked at.

        Raises:
            ResetNeeded: no episode is running.
            UnknownOption: not one action for each, no action at all, or `send` was not followed by `recv`.
        """
        self._check_open()
        began = time.perf_counter()
        if not self._live:
            raise ResetNeeded("every episode is over: call reset()")
        if self._flight or self._ready:
            busy = sorted({*self._flight, *self._ready})
            raise UnknownOption(f"environments {busy} were sent an action whose outcome was not received: call recv() before step()")
        live = sorted(self._live)
        all_live = len(live) == self.num_envs
        unread = self._over if all_live else self._over.union(i for i in range(self.num_envs) if i not in self._live)
        acts = checked_actions(actions, range(self.num_envs), self._forms, unread)
        if all_live and not self._over and not self._failed:
            arrays = self._whole_turn(acts, began)
            if arrays is not None:
                return arrays
        else:
            self._play(live, [acts[i] for i in live])
        results = self._await(live)
        self._measure("step", began)
        rewards, terminated, truncated = [0.0] * self.num_envs, [False] * self.num_envs, [False] * self.num_envs
        for result in results:
            i = result.env
            rewards[i], terminated[i], truncated[i] = result.reward, result.terminated, result.truncated
        infos = self._infos(results, live, self.num_envs)
        obs = self._store.batch(None, copy=self.copy)
        return obs, np.array(rewards), np.array(terminated), np.array(truncated), infos

    def render(self) -> tuple[Any, ...] | None:
        """A picture of every environment; None without a render mode."""
        self._check_open()
        return None if self.render_mode is None else self._ask([(i, "render", None) for i in range(self.num_envs)])

    def close_extras(self, **kwargs: Any) -> None:  # noqa: ARG002 - Gymnasium's signature
        """Close every environment and end what they ran in."""
        self._transport.close()

    # ---- at its own pace ----

    def send(self, actions: Any, env_ids: Iterable[int] | None = None) -> None:
        """Begin one turn in some environments and do not wait for it.

        Args:
            actions: one for each of ``env_ids``.
            env_ids: which environments; None for all.

        Raises:
            UnknownOption: unknown ids, not one action for each, or an environment that is not done with its last turn.
            ResetNeeded: an environment whose episode is over.
        """
        self._check_open()
        ids = checked_ids(env_ids, self.num_envs)
        acts = checked_actions(actions, ids, self._forms, self._over)
        for i in ids:
            if i in self._flight or i in self._ready:
                raise UnknownOption(f"environment {i} has a turn under way: call recv() before the next send()")
            if i not in self._live:
                raise ResetNeeded(
                    f"the episode of environment {i} is over or has not begun: call send_reset() or reset() with a reset_mask"
                )
        self._play(ids, acts)

    def send_reset(self, env_ids: Iterable[int], *, seed: Seeds = None, options: Sequence[Mapping[str, Any] | None] | None = None) -> None:
        """Begin new episodes in some environments and do not wait for them; `recv` gives them with ``started`` True.

        A reset that fails comes back with ``truncated`` True. What was under way in these environments is forgotten.

        Args:
            env_ids: which environments.
            seed: one for each of ``env_ids``, or one that counts up.
            options: reset options for each of ``env_ids``, such as ``{"task": ...}``.

        Raises:
            UnknownOption: unknown ids or lists of the wrong length. What an environment refuses is raised by `recv`.
        """
        self._check_open()
        ids = checked_ids(env_ids, self.num_envs)
        if options is not None and len(options) != len(ids):
            raise UnknownOption(f"{len(options)} options for {len(ids)} environments; give one for each")
        seeds = [s for s, _ in plan_resets(seed, None, len(ids)).values()]
        self._begin("start", {i: (seeds[k], dict(options[k] or {}) or None if options is not None else None) for k, i in enumerate(ids)})

    def recv(self, min_ready: int = 1, max_ready: int | None = None, timeout: float | None = None) -> Batch:
        """Wait for turns begun with `send` or `send_reset`.

        Args:
            min_ready: how many to wait for; no more than are under way.
            max_ready: how many to take at most; the others wait for the next `recv`.
            timeout: seconds; after them what is ready is given, be it nothing.

        Raises:
            UnknownOption: nothing is under way, or what an environment refused at `send_reset`.
        """
        self._check_open()
        began = time.perf_counter()
        if not self._flight and not self._ready:
            raise UnknownOption("nothing is under way: call send() or send_reset() before recv()")
        if min_ready < 0 or (max_ready is not None and max_ready < max(1, min_ready)):
            raise UnknownOption(f"min_ready={min_ready} and max_ready={max_ready} do not fit: 0 <= min_ready <= max_ready")
        self._pump(0.0)
        while len(self._ready) < min_ready and self._flight:
            left = None if timeout is None else timeout - (time.perf_counter() - began)
            if left is not None and left <= 0:
                break
            self._pump(left)
        self._raise_refusal()
        results = [self._ready.pop(i) for i in list(self._ready)[:max_ready]]
        ids = [r.env for r in results]
        self._measure("recv", began)
        return Batch(
            np.array(ids, np.int64),
            self._store.batch(ids, copy=self.copy),
            np.array([r.reward for r in results], np.float64),
            np.array([r.terminated for r in results], bool),
            np.array([r.truncated for r in results], bool),
            self._infos(results, range(len(ids)), len(ids)),
            np.array([r.started for r in results], bool),
        )

    # ---- the environments themselves ----

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method, or read an attribute, of every environment: of the outermost wrapper that has it, or what is inside.

        Raises:
            Exception: whatever a method raised.
        """
        self._check_open()
        return self._ask([(i, "call", (name, args, kwargs)) for i in range(self.num_envs)])

    def call_one(self, index: int, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method, or read an attribute, of one environment; see `call`.

        Raises:
            Exception: whatever the method raised.
        """
        self._check_open()
        (i,) = checked_ids([index], self.num_envs)
        return self._ask([(i, "call", (name, args, kwargs))])[0]

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment; see `call`."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment, where it is or else in the innermost; a list or tuple has one value for each.

        Raises:
            UnknownOption: not one value for each.
        """
        self._check_open()
        each = list(values) if isinstance(values, (list, tuple)) else [values] * self.num_envs
        if len(each) != self.num_envs:
            raise UnknownOption(f"{len(each)} values for {self.num_envs} environments; give one for each")
        self._ask([(i, "set", (name, value)) for i, value in enumerate(each)])

    def describe(self, index: int) -> dict[str, Any]:
        """What makes an environment again, as it is now.

        Returns:
            ``env_id`` (str), ``make_kwargs`` (dict: the keywords as far as they are plain data) and ``wrappers`` (list: those of this
            very environment, the innermost first, see `mtenvs.core.wrapping.wrappers_of`).
        """
        self._check_open()
        (i,) = checked_ids([index], self.num_envs)
        (wrappers,) = self._wrappers([i], "wrappers")
        return {"env_id": self._facts[i].env_id, "make_kwargs": dict(self._facts[i].make_kwargs), "wrappers": wrappers}

    def wrappers_at_start(self, env_ids: Iterable[int] | None = None) -> tuple[list[dict[str, Any]], ...]:
        """The wrappers of environments as they were when each one's last episode began: what has changed since counts from the next.

        Args:
            env_ids: which environments; None for all.

        Returns:
            For each what `describe` calls ``wrappers``.

        Raises:
            WorkerFailed: a worker process is gone and does not start any more.
        """
        self._check_open()
        return self._wrappers(checked_ids(env_ids, self.num_envs), "wrappers_at_start")

    # ---- inside ----

    def _wrappers(self, ids: Sequence[int], kind: str) -> tuple[list[dict[str, Any]], ...]:
        wrapped = [i for i in ids if self._facts[i].wrapped]  # asking the others would only wait for what is under way beside them
        found = dict(zip(wrapped, self._ask([(i, kind, None) for i in wrapped]), strict=True)) if wrapped else {}
        return tuple(found.get(i, []) for i in ids)

    def _declare(self, facts: Sequence[Facts]) -> None:
        found = [f.action_space for f in facts]
        texts = [isinstance(space, CallText) for space in found]
        odd = next((i for i, space in enumerate(found) if texts[i] != texts[0] or (not texts[0] and space != found[0])), None)
        if odd is not None:
            raise UnknownOption(
                f"environment {odd} takes other actions than environment 0: batch only environments with one form of action"
            )
        common = common_space([f.observation_space for f in facts])
        if common is None:
            raise UnknownOption(
                "the environments have different observations: batch only those with equal spaces (texts may differ in length)"
            )
        self.single_observation_space, self.single_action_space = common, found[0]
        self.observation_space = batch_space(common, self.num_envs)
        same = all(space == found[0] for space in found)
        self.action_space = batch_space(found[0], self.num_envs) if same else spaces.Tuple(tuple(found))
        self._forms = [ActionForm(space) for space in found]
        self.render_mode = facts[0].render_mode
        self.spec = facts[0].spec
        self.metadata = {**facts[0].metadata, "autoreset_mode": AUTORESET[self.autoreset]}

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedBatch("this batch was closed; make a new one with make_vec()")

    def _submit(self, wanted: Sequence[tuple[Ticket, Any]]) -> None:
        requests = []
        for ticket, payload in wanted:
            self._ids += 1
            self._tickets[self._ids] = ticket
            kind = "reset" if ticket.kind in _RESETS else ticket.kind
            if kind in ("reset", "step"):
                self._flight[ticket.env] = self._ids
            requests.append(Request(self._ids, ticket.env, kind, payload))
        self._transport.submit(requests)

    def _whole_turn(self, actions: Sequence[Any], began: float) -> Arrays | None:
        """One turn of every environment, all of them running; None when something unusual came of it and `_await` has to go on."""
        first, count = self._ids + 1, self.num_envs
        self._ids += count
        found: list[Reply | Turn] = []
        arrays: Arrays | None = None
        try:
            self._transport.submit_turn(first, actions)
            missing = count
            while missing:
                for part in self._transport.poll(None):
                    if isinstance(part, Turn):
                        if part.first >= first:
                            found.append(part)
                            missing -= len(part.rewards)
                    elif part.id >= first:
                        found.append(part)
                        missing -= 1
            arrays = self._from_columns(found, began) or self._from_replies(found, began)
        finally:
            if arrays is None:  # also when Ctrl-C came between: these turns are under way
                for i in range(count):
                    self._tickets[first + i] = Ticket(i, "step")
                    self._flight[i] = first + i
                self._take(found)
        return arrays

    def _from_columns(self, found: Sequence[Reply | Turn], began: float) -> Arrays | None:
        """What `step` gives, from turns of workers that have one form; None, with nothing done, for others."""
        parts = [part for part in found if isinstance(part, Turn)]
        if len(parts) < len(found):
            return None
        parts.sort(key=_first)
        columns = join([part.infos for part in parts])
        if columns is None:
            return None
        for part in parts:
            self._store.put_turn(part.env, len(part.rewards), part.loose, part.slot)
            self._env_seconds += part.seconds
        self._columns, self._last = columns, [None] * self.num_envs
        if len(parts) == 1:
            rewards, terminated, truncated = map(np.array, parts[0][4:7])
        else:
            rewards, terminated, truncated = map(np.concatenate, zip(*[part[4:7] for part in parts], strict=True))
        return self._arrays(rewards, terminated, truncated, column_infos(columns, self.num_envs), began)

    def _from_replies(self, found: Sequence[Reply | Turn], began: float) -> Arrays | None:
        """The same from replies; None when there is a fault among them."""
        done: list[Any] = [None] * self.num_envs
        for reply in one_by_one(found):
            if reply.fault or reply.raised is not None or self._keep(reply.env, reply.value):
                return None
            done[reply.env] = reply.value
        self._last = [value.info for value in done]
        self._env_seconds += sum([value.seconds for value in done])
        rewards, terminated, truncated = zip(*[value[:3] for value in done], strict=True)
        infos = batch_infos([value.info for value in done], range(self.num_envs), self.num_envs)
        return self._arrays(np.array(rewards), np.array(terminated), np.array(truncated), infos, began)

    def _arrays(
        self, rewards: NDArray[np.float64], terminated: NDArray[np.bool_], truncated: NDArray[np.bool_], infos: dict[str, Any], began: float
    ) -> Arrays:
        """A turn of every environment without a fault."""
        over = np.flatnonzero(terminated | truncated).tolist() if terminated.any() or truncated.any() else ()
        for i in over:
            self._end(i)
        infos.update({key: column.copy() for key, column in self._faultless.items()})
        obs = self._store.batch(None, copy=self.copy, lend=not over)  # the last observation of an episode may be shown again
        self._measure("step", began)
        return obs, rewards, terminated, truncated, infos

    def _begin(self, kind: str, plan: Mapping[int, tuple[int | None, dict[str, Any] | None]]) -> None:
        for i in plan:
            self._tickets.pop(self._flight.pop(i, 0), None)
            self._ready.pop(i, None)
            self._failed.pop(i, None)
            self._live.discard(i)
            self._over.discard(i)
        self._submit([(Ticket(i, kind), payload) for i, payload in plan.items()])

    def _play(self, ids: Sequence[int], actions: Sequence[Any]) -> None:
        wanted: list[tuple[Ticket, Any]] = []
        for i, action in zip(ids, actions, strict=True):
            if i in self._failed:
                wanted += self._fault(i, self._failed.pop(i), started=False)
            elif i in self._over:
                wanted.append((Ticket(i, "again"), _NO_SEED))
            else:
                wanted.append((Ticket(i, "step"), action))
        if wanted:
            self._submit(wanted)

    def _await(self, ids: Sequence[int]) -> list[Result]:
        awaited = frozenset(ids)
        while not awaited.isdisjoint(self._flight):
            self._pump(None)
        results = [self._ready.pop(i, None) for i in ids]
        self._raise_refusal()
        return [r for r in results if r is not None]

    def _ask(self, wanted: Sequence[tuple[int, str, Any]]) -> tuple[Any, ...]:
        first = self._ids + 1
        self._submit([(Ticket(i, kind), payload) for i, kind, payload in wanted])
        ids = range(first, self._ids + 1)
        while any(k not in self._answers for k in ids):
            self._pump(None)
        replies = [self._answers.pop(k) for k in ids]
        for reply in replies:
            if reply.raised is not None:
                raise reply.raised
            if reply.fault:
                raise RuntimeError(f"environment {reply.env} failed:\n{reply.fault}")
        return tuple(reply.value for reply in replies)

    def _pump(self, timeout: float | None) -> None:
        self._take(self._transport.poll(timeout))

    def _take(self, found: Sequence[Reply | Turn]) -> None:
        wanted: list[tuple[Ticket, Any]] = []
        for reply in one_by_one(found):
            ticket = self._tickets.pop(reply.id, None)
            if ticket is None:
                continue  # its environment was reset meanwhile
            if ticket.kind in _RESETS or ticket.kind == "step":
                del self._flight[ticket.env]
                wanted += self._settle(ticket, reply)
            else:
                self._answers[reply.id] = reply
        if wanted:
            self._submit(wanted)

    def _raise_refusal(self) -> None:
        if self._refusal is not None:
            refusal, self._refusal = self._refusal, None
            raise refusal

    def _settle(self, ticket: Ticket, reply: Reply) -> list[tuple[Ticket, Any]]:
        """Take the outcome of a turn or a reset; returns what has to be asked for next."""
        i, kind = ticket.env, ticket.kind
        if reply.raised is not None:
            self._refusal = reply.raised
            return []
        fault = reply.fault or self._keep(i, reply.value)
        if kind in _RESETS:
            self._begun.add(i)
            self._live.add(i)
            self._over.discard(i)
        if fault and kind == "reset":  # reset() has no flag to say so: the first turn will
            self._failed[i] = fault
            self._ready[i] = Result(i, 0.0, False, True, self._fault_info(i), fault, started=True)
            return []
        if fault and ticket.after is not None:
            self._failed[i] = fault
            self._ready[i] = after(ticket.after, self._fault_info(i))
            return []
        if fault:
            return self._fault(i, fault, started=kind == "start")
        done: Transition = reply.value
        self._env_seconds += done.seconds
        self._last[i] = done.info
        if ticket.after is not None:
            self._ready[i] = after(ticket.after, done.info)
        else:
            self._ready[i] = Result(i, done.reward, done.terminated, done.truncated, done.info, started=kind != "step")
            if done.terminated or done.truncated:
                self._end(i)
        return []

    def _keep(self, index: int, value: Transition) -> str:
        """Put the observation into the store; returns the reason when it is not of the declared form."""
        try:
            if value.loose is not None:
                self._store.put_loose(index, value.loose, value.slot)
            else:
                self._store.put(index, value.obs)
        except (ValueError, TypeError, LookupError) as e:
            return f"the observation is not of the declared form: {type(e).__name__}: {e}"
        return ""

    def _end(self, index: int) -> None:
        """An episode is over."""
        if self.autoreset == "disabled":
            self._live.discard(index)
        elif self.autoreset == "next_step":
            self._over.add(index)

    def _fault(self, index: int, fault: str, *, started: bool) -> list[tuple[Ticket, Any]]:
        """End an episode whose environment failed; returns what has to be asked for next."""
        result = Result(index, 0.0, False, True, self._fault_info(index), fault, started)
        if self.autoreset == "same_step":
            final = {"final_obs": self._store.one(index), "final_info": {**result.info, "error": fault, "trainable": False}}
            return [(Ticket(index, "restart", result._replace(info=final)), _NO_SEED)]
        self._ready[index] = result
        self._end(index)
        return []

    def _fault_info(self, index: int) -> dict[str, Any]:
        """The last info of an environment, with what a fault changes."""
        last = self._last[index]
        info = {**(info_of(self._columns, index) if last is None else last), "stop_reason": "env_error"}
        for key, value in (("success", False), ("verdict", None), ("action_error", None)):
            if key in info:
                info[key] = value
        if "reward_components" in info:
            info["reward_components"] = dict.fromkeys(info["reward_components"], 0.0)
        return info

    def _infos(self, results: Sequence[Result], rows: Sequence[int], count: int) -> dict[str, Any]:
        infos = batch_infos([r.info for r in results], rows, count)
        mask = mask_of(rows, count)
        errors, trainable = np.full(count, "", object), np.ones(count, bool)
        for row, result in zip(rows, results, strict=True):
            if result.fault:
                errors[row], trainable[row] = result.fault, False
        infos.update(error=errors, _error=mask, trainable=trainable, _trainable=mask.copy())
        return infos

    def _measure(self, what: str, began: float) -> None:
        self.timings_ms[what] = (time.perf_counter() - began) * 1e3
        self.timings_ms["env"], self._env_seconds = self._env_seconds * 1e3, 0.0


def _first(turn: Turn) -> int:
    return turn.env
