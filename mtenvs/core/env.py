"""`MultiTurnEnv`: what every environment shares. It owns the turn counter, the invalid-action policy and the info keys."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, ClassVar, Final

import gymnasium as gym
import numpy as np

from mtenvs.core import wire
from mtenvs.core.actions import ActionError, Call, CallText, Tool, help_text, tools_of
from mtenvs.core.dialects import Dialect, read_call
from mtenvs.core.errors import BadAction, ResetNeeded, SnapshotError, UnknownOption, did_you_mean
from mtenvs.core.extending import Extensible
from mtenvs.core.spaces import UText, declare
from mtenvs.core.tasks import Task, TaskSet, compose
from mtenvs.core.verdict import Verdict, join

Obs = dict[str, Any]
TERMINATED: Final = frozenset({"goal_reached", "goal_failed", "agent_stopped"})
STOP_REASONS: Final = TERMINATED | {"max_turns", "invalid_actions", "time_limit", "env_error"}
RESET_OPTIONS: Final = ("task", "start_at", "world_seed", "max_turns")
_CACHE_CHARS, _CACHE_SIZE = 200, 4096
_READ: Final[dict[tuple[type, tuple[str, ...]], dict[str, tuple[Call, str]]]] = {}  # short texts as they were read, for all of a class
_LONGEST_START: Final = 100_000  # actions of the oracle after which a checkpoint counts as out of reach


class MultiTurnEnv(Extensible):
    """Base of every environment: reset and step, turns, invalid actions, verdicts and info, in one place.

    A family fills in the hooks below (`mtenvs.core.hooks` has what holds without); it never overrides `reset` or `step`. What a
    wrapper may add to one environment is in `Extensible`.

    Hooks, in the order of their use:
        ``_task_limit(task)``: the turn cap that suits a task, where the user names none; None for no cap.
        ``_begin(task)``: build the world of a task from ``task.setup`` and ``self.rng``; return the opening text.
        methods marked ``@action``: carry out a call; return feedback, or raise `BadAction` and change nothing.
        ``_apply(action)``: carry out a non-text action, for spaces other than text.
        ``_ended()``: a stop reason when the world itself is at an end, else ``""``.
        ``_verdict()``: the finding on the world as it is.
        ``_rewards(verdict)``: this turn's reward components; the same names on every turn.
        ``_value(key)``: the value of one observation key other than ``goal`` and ``text``.
        ``_report()``: the world in words, added to the feedback in modes that read.
        ``_extra_info()``: further info, such as the original's own figures; the same keys and types on every turn.
        ``_save()`` / ``_load(data)``: the world's state as JSON-able data and arrays.
        ``oracle()``, ``near_miss()``: actions that solve the task, or just miss it; ``idle_action()``: one that only passes time.

    A class may offer ``prepare_many(worlds, actions)`` (classmethod): batches call it before several of its environments are
    stepped in one turn, with the unwrapped environments and their actions, so that they can read in one go what all will
    show. It must not change what they do, and what it raises is dropped.

    Args:
        tasks: every task that the environment can play.
        observations: the observation keys that it can fill, with their spaces; ``goal`` and ``text`` are `UText`.
        task: a task, its id, or several to compose; None draws one from ``split`` at each reset.
        split: ``"train"``, ``"val"``, ``"test"``, or None for all.
        obs_mode: ``"text"``, ``"vision"``, ``"text+vision"``, ``"state"`` or ``"all"``; what is not picked is not computed.
        max_turns: turns until the episode is truncated; None for what suits the task, see ``_task_limit``.
        render_mode: one of the class's ``metadata["render_modes"]``, or None.
        action_space: a space other than text calls, for control families.
        offered: names of the actions that agents may call; None for all that are declared.
        domains: values of `Domain` parameters, for sampling and buttons.
        invalid_action_reward: reward of a turn whose action was bad.
        max_invalid: bad actions in a row that truncate the episode.
        first_invalid_ends: end on the first bad action as a failed goal, as some official modes do.
        verdict_every_turn: put a verdict into every info, not only the last.
    """

    metadata: dict[str, Any] = {"render_modes": [], "render_fps": 4}
    dialects: ClassVar[tuple[Dialect, ...]] = ()
    has_snapshots: ClassVar[bool] = False

    def __init__(
        self,
        *,
        tasks: TaskSet,
        observations: Mapping[str, gym.Space[Any]],
        task: str | Task | Sequence[str | Task] | None = None,
        split: str | None = "train",
        obs_mode: str = "text",
        max_turns: int | None = None,
        render_mode: str | None = None,
        action_space: gym.Space[Any] | None = None,
        offered: Sequence[str] | None = None,
        domains: Mapping[str, Sequence[str]] | None = None,
        invalid_action_reward: float = 0.0,
        max_invalid: int = 5,
        first_invalid_ends: bool = False,
        verdict_every_turn: bool = False,
    ) -> None:
        super().__init__()
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            modes = ", ".join(self.metadata["render_modes"]) or "none"
            raise UnknownOption(f"render_mode={render_mode!r} does not exist here; choose None or one of: {modes}")
        if max_invalid < 1:
            raise UnknownOption(f"max_invalid={max_invalid} must be at least 1")
        declared = {t.name: t for t in tools_of(type(self))}
        for name in offered or ():
            if name not in declared:
                raise UnknownOption(f"offered={name!r} is no action of {type(self).__name__}: {did_you_mean(str(name), declared)}")
        self._tools: dict[str, Tool] = declared if offered is None else {name: declared[name] for name in offered}
        self.domains: dict[str, Sequence[str]] = dict(domains or {})
        self.observation_space = declare(obs_mode, observations)
        self.action_space = action_space or CallText(tuple(self._tools.values()), self.domains)
        self.tasks, self._pool = tasks, tasks.split(split)
        self._fixed = self._resolve(task) if task is not None else None
        self._max_turns = _checked_limit(max_turns)
        self.obs_mode, self.render_mode = obs_mode, render_mode
        self.verdict_every_turn = verdict_every_turn
        self.timings_ms: dict[str, float] = {"reset": 0.0, "step": 0.0, "observe": 0.0}
        self._invalid_action_reward, self._max_invalid = float(invalid_action_reward), max_invalid
        self._first_invalid_ends = first_invalid_ends
        self._text_reads = obs_mode != "vision"
        self._calls = _READ.setdefault((type(self), tuple(self._tools)), {})
        self._running = False
        self.task: Task = Task("")
        self.episode_seed = 0
        self.rng = np.random.default_rng(0)
        self._turn, self._limit, self._invalid = 0, self._max_turns, 0
        self._stopped = ""
        self.last_text = ""  # what was read last, for `render`; an engine that makes the texts itself sets it
        self._canonical = ""  # the last action in canonical form; empty when it could not be read
        self._parts: tuple[Task, ...] = ()
        self._part_verdicts: list[Verdict] = []
        self._solver: Iterator[Any] | None = None
        self.on_world_step: Callable[[], None] | None = None  # for films: called after each step of a world with several a turn

    # ---- what users call ---------------------------------------------------------------------------------------

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The actions as OpenAI function-calling schemas."""
        return [t.schema() for t in self._tools.values()]

    @property
    def help(self) -> str:
        """The actions in words, for a prompt."""
        return help_text(tuple(self._tools.values()))

    @property
    def running(self) -> bool:
        """Whether an episode has begun and is not over."""
        return self._running

    def versions(self) -> dict[str, str]:
        """Versions of the programs that decide what happens, such as the simulator's; kept with each trajectory."""
        return {}

    @property
    def turn(self) -> int:
        """Turns of this episode that have been played."""
        return self._turn

    @property
    def turn_limit(self) -> int | None:
        """Turns until truncation; None when there is no cap."""
        return self._limit

    def set_turn_limit(self, turns: int | None) -> None:
        """Set the cap of this episode; one that is already reached truncates on the next step."""
        self._limit = _checked_limit(turns)

    def extend_turns(self, more: int) -> None:
        """Raise the cap of this episode by ``more`` turns; nothing happens without a cap."""
        if self._limit is not None:
            self._limit = _checked_limit(self._limit + more)

    def stop(self, reason: str) -> None:
        """End the episode after this turn; called by actions such as an agent's final answer."""
        if reason not in STOP_REASONS:
            raise UnknownOption(f"stop reason {reason!r} does not exist: {did_you_mean(reason, sorted(STOP_REASONS))}")
        self._stopped = reason

    def read_action(self, action: Any) -> tuple[Call, str]:
        """The call that an action stands for, and its canonical text; plays nothing.

        Raises:
            BadAction: it cannot be read, or is no legal call.
            TypeError: neither text nor a mapping.
        """
        return self._read(action)

    def begin_turn(self, canonical: str) -> int:
        """Count a turn whose action the family's batched engine has carried out by itself, in place of `step`; returns its number."""
        self._turn = turn = self._turn + 1
        self._invalid = 0
        self._canonical = canonical
        return turn

    def close_turn(self, feedback: str) -> tuple[Obs, float, bool, bool, dict[str, Any]]:
        """What `step` would return for a turn that `begin_turn` has counted; with this an engine leaves ends to the environment."""
        return self._close_turn(feedback, None, time.perf_counter())

    def next_oracle_action(self) -> Any:
        """The oracle's action for the state as it is now; the idle action once the oracle has no more to do."""
        if not self._running:
            raise ResetNeeded("call reset() before asking the oracle")
        if self._solver is None:
            self._solver = self.oracle()
        action = next(self._solver, None)
        return self.idle_action() if action is None else action

    # ---- Gymnasium ---------------------------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: of the episode; the same seed, task and actions give the same episode.
            options: ``task`` (as in the constructor), ``start_at`` (number of checkpoints that hold already), ``world_seed``
                (of the world, apart from the rest of the episode), ``max_turns``.

        Raises:
            UnknownOption: an option, task or value that does not exist.
        """
        began = time.perf_counter()
        options = options or {}
        for name in options:
            if name not in RESET_OPTIONS:
                raise UnknownOption(f"reset has no option {name!r}: {did_you_mean(str(name), RESET_OPTIONS)}")
        if seed is not None and not 0 <= _checked_whole("seed", seed) < 2**63:
            raise UnknownOption(f"seed={seed} is too large: info carries it in 64 bits, so it ends at 2**63 - 1")
        self._running = False  # whatever fails below, the old episode does not go on with half of a new one
        super().reset(seed=seed)
        self.episode_seed = int(seed) if seed is not None else int(self.np_random.integers(2**31))
        given = options.get("task")
        if given is not None:
            task = self._resolve(given)
        else:
            task = self._fixed or self._pool.sample(np.random.default_rng((self.episode_seed, 1)))
        world_seed = options.get("world_seed")
        self.rng = np.random.default_rng(self.episode_seed if world_seed is None else _checked_whole("world_seed", world_seed))
        asked = _checked_limit(options.get("max_turns")) or self._max_turns
        self._turn, self._invalid, self._stopped = 0, 0, ""
        self._parts, self._part_verdicts = task.parts or (task,), []
        self.task, self._solver = task, None
        for kept in self._kept.values():
            kept.begin()
        opening = self._begin(self._parts[0])
        self._limit = asked or self._whole_limit()
        start_at = _checked_whole("start_at", options.get("start_at", 0))
        if start_at:
            self._start_at(start_at)
        self._running = True
        verdict = self._whole_verdict() if self.verdict_every_turn else None
        components = dict.fromkeys(self._rewards(None), 0.0)
        obs = self._observe(opening)
        info = self._info(obs, "", None, {**components, "invalid_action": 0.0}, verdict, "")
        self.timings_ms["reset"] = (time.perf_counter() - began) * 1e3
        return obs, info

    def step(self, action: Any) -> tuple[Obs, float, bool, bool, dict[str, Any]]:
        """Play one turn; a bad action spends it and leaves the world as it was.

        Args:
            action: text in any dialect, ``{"name": ..., "arguments": {...}}``, or a member of a control family's space.

        Raises:
            ResetNeeded: the episode has not begun or is over.
            TypeError, ValueError: not an action at all: a programmer's mistake.
        """
        if not self._running:
            raise ResetNeeded("the episode is over or has not begun: call reset()")
        began = time.perf_counter()
        self._turn += 1
        error: ActionError | None = None
        self._canonical = ""
        try:
            feedback = (self._around or self._carry_out)(action)
            self._invalid = 0
        except BadAction as bad:
            error = ActionError.of(bad)
            feedback = bad.message + (f"\nLegal: {bad.legal}" if bad.legal else "")
            self._invalid += 1
        except Exception:
            self._turn -= 1  # not an action at all, or a bug of the family: no turn was played
            raise
        return self._close_turn(feedback, error, began)

    def render(self) -> Any:
        """The last turn as a picture (``rgb_array``) or as text (``ansi``); None without a render mode."""
        if self.render_mode is None:
            return None
        return self._image() if self.render_mode == "rgb_array" else self.last_text

    def snapshot(self) -> bytes:
        """The whole episode as bytes; `restore` continues from it exactly.

        Raises:
            SnapshotError: this environment cannot, or no episode has begun.
        """
        if not self.has_snapshots:
            raise SnapshotError(f"{type(self).__name__} cannot be saved: a real program is in its loop")
        if not self.task.id:
            raise SnapshotError("call reset() before snapshot()")
        return wire.sealed(
            {
                "class": type(self).__name__,
                "task": [t.id for t in self._parts],
                "part_verdicts": [v.to_dict() for v in self._part_verdicts],
                "seed": self.episode_seed,
                "counters": [self._turn, self._limit, self._invalid, self._running],
                "rng": self.rng.bit_generator.state,
                "text": self.last_text,
                "world": self._save(),
                "wrappers": {name: kept.save() for name, kept in self._kept.items()},
            }
        )

    def restore(self, snapshot: bytes) -> None:
        """Continue from a `snapshot` of the same environment.

        Raises:
            SnapshotError: the bytes are damaged or of another environment, and nothing was changed; or they are of another
                version, and the episode is over.
        """
        data = wire.unsealed(snapshot)
        if not isinstance(data, dict) or data.get("class") != type(self).__name__ or not self.has_snapshots:
            raise SnapshotError(f"this is not a snapshot of {type(self).__name__}; restore it where it was taken")
        self._running = False
        try:
            self._load_episode(data)
        except (LookupError, TypeError, ValueError) as e:
            raise SnapshotError(f"this snapshot does not fit this version ({type(e).__name__}: {e}); call reset()") from e

    # ---- inside ------------------------------------------------------------------------------------------------

    def _load_episode(self, data: dict[str, Any]) -> None:
        same = [t.id for t in self._parts] == data["task"]  # also covers a task that was given as data and is in no set
        self.task = self.task if same else self._resolve(list(data["task"]))
        self._parts = self.task.parts or (self.task,)
        self._part_verdicts = [Verdict.from_dict(v) for v in data["part_verdicts"]]
        states = {name: data.get("wrappers", {})[name] for name in self._kept}  # a KeyError where it was not wrapped so
        if not self._part_verdicts:
            for kept in self._kept.values():
                kept.begin()
        self._begin(self._parts[len(self._part_verdicts)])
        self._load(data["world"])
        self.episode_seed = data["seed"]
        self.last_text, self._stopped, self._solver = data["text"], "", None
        self.rng.bit_generator.state = data["rng"]
        self._turn, self._limit, self._invalid, self._running = data["counters"]
        for name, kept in self._kept.items():
            kept.load(states[name])

    def _resolve(self, task: str | Task | Sequence[str | Task]) -> Task:
        if isinstance(task, Task):
            return task
        if isinstance(task, str):
            return self.tasks.get(task)
        if isinstance(task, Sequence):
            return compose([self._resolve(t) for t in task])
        raise UnknownOption(f"task={task!r} is neither a task id, a Task nor a list of them")

    def _close_turn(self, feedback: str, error: ActionError | None, began: float) -> tuple[Obs, float, bool, bool, dict[str, Any]]:
        """What follows on every action that was carried out or refused: end, rewards, verdict, observation, info."""
        reason = self._stop_reason(error)
        ended = self._verdict() if reason else None
        components = self._rewards(ended)
        components["invalid_action"] = self._invalid_action_reward if error is not None else 0.0
        if ended is not None and reason in TERMINATED and len(self._part_verdicts) + 1 < len(self._parts):
            feedback, ended = self._next_part(feedback, ended), None
            reason = "max_turns" if self._limit is not None and self._turn >= self._limit else ""
        verdict = self._whole_verdict(ended) if reason or self.verdict_every_turn else None
        self._running = not reason
        observing = time.perf_counter()
        obs = self._observe(feedback)
        info = self._info(obs, self._canonical, error, components, verdict, reason)
        finished = time.perf_counter()
        self.timings_ms["step"], self.timings_ms["observe"] = (finished - began) * 1e3, (finished - observing) * 1e3
        return obs, float(sum(components.values())), reason in TERMINATED, bool(reason) and reason not in TERMINATED, info

    def _carry_out(self, action: Any) -> str:
        """Read an action, note its canonical form and do it; raises BadAction."""
        if not isinstance(self.action_space, CallText):
            self._canonical = self._name_action(action)
            return self._apply(action)
        call, self._canonical = self._read(action)
        return str(getattr(self, self._tools[call.name].method)(**call.arguments))

    def _read(self, action: Any) -> tuple[Call, str]:
        if isinstance(action, str):
            known = self._calls.get(action)
            if known is None:
                call = read_call(action, self._tools, self.dialects)
                known = call, call.text
                if len(action) <= _CACHE_CHARS and len(self._calls) < _CACHE_SIZE and not _has_lists(call):
                    self._calls[action] = known
            return known
        if isinstance(action, Mapping):
            call = read_call(action, self._tools, self.dialects)
            return call, call.text
        raise TypeError(f"an action is text or a mapping with 'name' and 'arguments', not {type(action).__name__}")

    def _name_action(self, action: Any) -> str:
        return np.array2string(np.asarray(action), precision=4, separator=",", threshold=64)

    def _stop_reason(self, error: ActionError | None) -> str:
        if self._stopped:
            return self._stopped
        if error is not None and self._first_invalid_ends:
            return "goal_failed"
        ended = self._ended()
        if ended:
            return ended
        if self._invalid >= self._max_invalid:
            return "invalid_actions"
        return "max_turns" if self._limit is not None and self._turn >= self._limit else ""

    def _next_part(self, feedback: str, verdict: Verdict) -> str:
        self._part_verdicts.append(verdict)
        self._stopped, self._solver = "", None
        done = len(self._part_verdicts)
        opening = self._begin(self._parts[done])
        return f"{feedback}\n\nObjective {done} is over. Objective {done + 1} of {len(self._parts)}: {self._parts[done].goal}\n{opening}"

    def _whole_verdict(self, of_this_part: Verdict | None = None) -> Verdict:
        current = of_this_part or self._verdict()
        if len(self._parts) == 1:
            return current
        waiting = [Verdict(0.0, success=False) for _ in self._parts[len(self._part_verdicts) + 1 :]]
        return join([*self._part_verdicts, current, *waiting])

    def _whole_limit(self) -> int | None:
        limits = [self._task_limit(part) for part in self._parts]
        return None if None in limits else sum(n for n in limits if n is not None)

    def _start_at(self, checkpoints: int) -> None:
        """Let the oracle play until so many checkpoints hold; no turn is counted."""
        have = self._checkpoints()
        with suppress(NotImplementedError, BadAction):
            for action in islice(self.oracle(), _LONGEST_START):
                if have >= checkpoints or self._stopped or self._ended():
                    break
                (self._around or self._carry_out)(action)
                have = self._checkpoints()
        if have < checkpoints:
            raise UnknownOption(f"start_at={checkpoints} cannot be reached here; the oracle gets to {have} checkpoints")
        if self._stopped or self._ended():
            raise UnknownOption(f"start_at={checkpoints} is the end of the episode; choose a smaller one")

    def _checkpoints(self) -> int:
        return sum(self._verdict().checkpoints.values())

    def _observe(self, feedback: str) -> Obs:
        obs: Obs = {}
        for key, space in self.observation_space.spaces.items():  # type: ignore[attr-defined]  # always a Dict, see declare()
            if key == "goal":
                obs[key] = space.fit(self.task.goal)
            elif key == "text":
                report = self._report() if self._text_reads else ""
                text = f"{feedback}\n\n{report}" if feedback and report else feedback or report
                obs[key] = self.last_text = space.fit(text)
            else:
                obs[key] = self._value(key)
        if self.render_mode == "ansi" and "text" not in obs:
            self.last_text = f"{feedback}\n\n{self._report()}".strip()
        return obs

    def _info(
        self, obs: Obs, canonical: str, error: ActionError | None, components: dict[str, float], verdict: Verdict | None, reason: str
    ) -> dict[str, Any]:
        return {
            "env_id": self.spec.id if self.spec is not None else type(self).__name__,
            "task_id": self.task.id,
            "seed": np.int64(self.episode_seed),
            "turn": self._turn,
            "turns_left": max(0, self._limit - self._turn) if self._limit is not None else -1,
            "action": canonical,
            "success": verdict.success if verdict is not None else False,
            "action_error": error,
            "reward_components": components,
            "verdict": verdict,
            "stop_reason": reason,
            "anchor": anchor_of(obs),
            **self._extra_info(),
        }


def anchor_of(obs: Mapping[str, Any]) -> str:
    """16 hex digits that change whenever anything changes that the agent can see."""
    parts: list[bytes] = []
    for key, value in obs.items():
        if isinstance(value, str):
            raw = value.encode("utf-8", "surrogatepass")
            parts.append(b"%s:%d:" % (key.encode(), len(raw)))
            parts.append(raw)
        else:
            array = np.ascontiguousarray(value)
            parts.append(f"{key}:{array.dtype.str}{array.shape}:".encode())
            parts.append(array.tobytes())
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def text_space(max_chars: int = 20_000) -> dict[str, gym.Space[Any]]:
    """The ``goal`` and ``text`` entries that nearly every environment declares."""
    return {"goal": UText(max_chars), "text": UText(max_chars)}


def _checked_limit(turns: int | None) -> int | None:
    if turns is not None and (isinstance(turns, bool) or not isinstance(turns, (int, np.integer)) or turns < 1):
        raise UnknownOption(f"a turn limit is a whole number of at least 1, or None for no cap; not {turns!r}")
    return None if turns is None else int(turns)


def _checked_whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise UnknownOption(f"{name} is a whole number of at least 0, not {value!r}")
    return int(value)


def _has_lists(call: Call) -> bool:
    return any(isinstance(v, list) for v in call.arguments.values())
