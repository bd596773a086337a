"""Thousands of games behind `gymnasium.vector.VectorEnv`, without a Python loop over games.

Observations and rewards come straight from a `Drill`. A game gives what the single environment of the same seed gives, number by number.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from mtenvs.core.actions import ActionError
from mtenvs.core.env import anchor_of
from mtenvs.core.errors import ResetNeeded, UnknownOption, did_you_mean
from mtenvs.core.verdict import Verdict
from mtenvs.envs.drones.env import LEGAL, NOT_FINITE, DroneEnv, spaces_of
from mtenvs.envs.drones.verify import verdict_of, why_ended
from mtenvs.envs.drones.view import CourtView, check_size

MODES: Final = {"disabled": AutoresetMode.DISABLED, "next_step": AutoresetMode.NEXT_STEP, "same_step": AutoresetMode.SAME_STEP}
_OPTIONS: Final = ("reset_mask", "group_size", "max_turns", "task", "tasks")
_SEEDS: Final = 2**31
_BAD: Final = ActionError("value", NOT_FINITE, LEGAL)

Arrays = tuple[dict[str, Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]


class DroneVectorEnv(VectorEnv[dict[str, Any], NDArray[np.floating[Any]], NDArray[Any]]):
    """Games of one environment of the family, stepped together.

    Observations are ``{"state": float32 (num_envs, ...)}``, rewards float64. With autoreset ``"disabled"`` a game that is over is skipped
    by `step` (its observation stays, reward 0) until a `reset` with ``reset_mask``; ``"next_step"`` and ``"same_step"`` are Gymnasium's.

    Infos are those of the single environment as columns with Gymnasium's masks. ``action`` and ``anchor``, texts that have to be made one
    by one, are there only with ``texts=True``.

    Args:
        kind: the class of the single environment.
        num_envs: how many games.
        autoreset: ``"disabled"``, ``"next_step"`` or ``"same_step"``.
        env_id: what ``info["env_id"]`` says; empty for the name of the class.
        max_turns: turns until truncation; None for the source's.
        invalid_action_reward: of a turn with NaN or infinity in its action.
        max_invalid: such turns in a row that truncate an episode.
        texts: whether infos have ``action`` and ``anchor``.
        render_mode: ``"rgb_array"`` or None; `render` draws every game.
        image_size: width and height of pictures.
        options: of the drill: ``preset``, ``control``, and what the environment adds.

    Raises:
        UnknownOption: an option or value that does not exist.
    """

    def __init__(
        self,
        kind: type[DroneEnv],
        num_envs: int = 1,
        *,
        autoreset: str = "disabled",
        env_id: str = "",
        max_turns: int | None = None,
        invalid_action_reward: float = 0.0,
        max_invalid: int = 5,
        texts: bool = False,
        obs_mode: str = "state",
        render_mode: str | None = None,
        image_size: tuple[int, int] = (320, 180),
        **options: Any,
    ) -> None:
        if autoreset not in MODES:
            raise UnknownOption(f"autoreset={autoreset!r} does not exist: {did_you_mean(str(autoreset), MODES)}")
        if obs_mode != "state" or render_mode not in (None, "rgb_array"):
            raise UnknownOption(f"the batched engine shows obs_mode='state' and renders rgb_array, not {obs_mode!r}, {render_mode!r}")
        if isinstance(num_envs, bool) or num_envs < 1 or max_invalid < 1 or (max_turns is not None and max_turns < 1):
            raise UnknownOption(f"num_envs={num_envs}, max_turns={max_turns} and max_invalid={max_invalid} are at least 1")
        check_size(image_size)
        self.kind, self.num_envs, self.autoreset, self.render_mode = kind, num_envs, autoreset, render_mode
        self.drill = kind.make_drill(num_envs, **options)
        self.env_id, self.image_size, self.texts = env_id or kind.__name__, image_size, texts
        self.metadata = {**kind.metadata, "autoreset_mode": MODES[autoreset]}
        state, actions = spaces_of(self.drill)
        self.single_observation_space, self.single_action_space = spaces.Dict({"state": state}), actions
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(actions, num_envs)
        self._task = kind.task_set_of(options).ids[0]
        self._max_turns = max_turns or self.drill.max_steps
        self._penalty, self._max_invalid = float(invalid_action_reward), max_invalid
        self._limit = np.full(num_envs, self._max_turns, np.int64)
        self._turn, self._invalid = np.zeros(num_envs, np.int64), np.zeros(num_envs, np.int64)
        self._return = np.zeros(num_envs)
        self._live, self._begun = np.zeros(num_envs, bool), np.zeros(num_envs, bool)
        self._view: CourtView | None = None
        self.timings_ms: dict[str, float] = {"reset": 0.0, "step": 0.0}

    # ---- Gymnasium ----

    def reset(
        self, *, seed: int | Sequence[int] | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start episodes.

        Args:
            seed: one for all (game ``i`` gets ``seed + i``, or ``seed + i // group_size``), one for each, or None.
            options: ``reset_mask`` (bool ``(num_envs,)``), ``group_size``, ``max_turns``, ``task`` or ``tasks`` (there is one).

        Raises:
            UnknownOption: an option that does not exist, or lists of the wrong length.
            ResetNeeded: the first reset leaves a game out.
        """
        began, given = time.perf_counter(), dict(options or {})
        for name in given:
            if name not in _OPTIONS:
                raise UnknownOption(f"reset has no option {name!r}: {did_you_mean(str(name), _OPTIONS)}")
        mask = np.asarray(given.get("reset_mask", np.ones(self.num_envs, bool)))
        group = given.get("group_size", 1)
        if mask.dtype != np.bool_ or mask.shape != (self.num_envs,) or isinstance(group, bool) or group < 1:
            raise UnknownOption(f"reset_mask has one flag for each of the {self.num_envs} games, group_size is at least 1")
        for name in [given[key] for key in ("task",) if key in given] + list(given.get("tasks", ())):
            self.kind.task_set_of({}).get(name) if name != self._task else None
        if not (self._begun | mask).all():
            raise ResetNeeded("the first reset must start every game; leave reset_mask out")
        seeds = self._seeds(seed, int(group))
        limit = given.get("max_turns")
        if limit is not None and (isinstance(limit, bool) or limit < 1):
            raise UnknownOption(f"max_turns={limit!r} is at least 1")
        index = np.flatnonzero(mask)
        self._start(seeds[index], index, limit or self._max_turns)
        obs = self._obs()
        infos = self._infos(mask, obs, None, np.zeros(self.num_envs, bool), *self._nothing())
        self.timings_ms["reset"] = (time.perf_counter() - began) * 1e3
        return obs, infos

    def step(self, actions: NDArray[np.floating[Any]]) -> Arrays:
        """Play one turn in every game that is not over.

        Args:
            actions: floats, one row for each game; rows of games that are over are not looked at.

        Raises:
            ResetNeeded: no episode is running.
            ValueError: actions of another shape or dtype.
        """
        began = time.perf_counter()
        given = np.asarray(actions)
        if given.shape != self.action_space.shape or given.dtype.kind != "f":
            raise ValueError(f"actions are floats {self.action_space.shape}, not {given.dtype} {given.shape}")
        if not self._begun.all() or (self.autoreset == "disabled" and not self._live.any()):
            raise ResetNeeded("no episode is running: call reset()")
        played, again = self._live.copy(), ~self._live
        reset_now = again if self.autoreset == "next_step" else np.zeros_like(again)
        turn = self.drill.play(given.reshape(self.num_envs, self.drill.drones, 4))
        bad: NDArray[np.bool_] = np.asarray(turn.bad.any(1))
        means = turn.means()
        self._turn += played
        self._invalid = np.where(bad, self._invalid + 1, np.where(played, 0, self._invalid))
        parts = {**means, "invalid_action": np.where(bad, self._penalty, 0.0)}
        rewards: NDArray[np.float64] = np.asarray(sum(parts.values()))
        self._return += np.asarray(sum(means.values()))
        ended, broken_off = turn.terminated, played & (self._invalid >= self._max_invalid)
        truncated = played & ~ended & (broken_off | (self._turn >= self._limit))
        reasons = self._reasons(ended, truncated, broken_off)
        done = ended | truncated
        self.drill.over = self.drill.over | done
        self._live = played & ~done
        obs, final = None, None
        if reset_now.any():
            self._restart(reset_now)
        if done.any() and self.autoreset == "same_step":
            last = self._obs()
            final = last, self._infos(done, last, given, bad, parts, reasons, done)
            self._restart(done)
        obs = self._obs()
        shown = played | reset_now
        fresh = reset_now | (done if final is not None else np.zeros_like(done))
        if fresh.any():
            bad, done = bad & ~fresh, done & ~fresh
            parts = {name: np.where(fresh, 0.0, part) for name, part in parts.items()}
            reasons = np.where(fresh, "", reasons)
        infos = self._infos(shown, obs, given, bad, parts, reasons, done, fresh)
        if final is not None:
            infos.update(self._final(*final, fresh))
        self.timings_ms["step"] = (time.perf_counter() - began) * 1e3
        return obs, rewards, ended, truncated, infos

    def render(self) -> tuple[NDArray[np.uint8], ...] | None:
        """A picture of every game; None without a render mode."""
        if self.render_mode is None:
            return None
        if self._view is None:
            self._view = CourtView(self.drill.params.court, self.image_size, self.drill.format_name)
        return tuple(np.array(self._view.draw(self.drill.scene(i))) for i in range(self.num_envs))

    # ---- inside ----

    def _seeds(self, seed: int | Sequence[int] | None, group: int) -> NDArray[np.int64]:
        if seed is None:
            drawn = self.np_random.integers(_SEEDS, size=self.num_envs)
            return np.asarray(drawn[np.arange(self.num_envs) // group], np.int64)
        if isinstance(seed, (int, np.integer)):
            if isinstance(seed, bool) or not 0 <= seed < 2**63 - self.num_envs:
                raise UnknownOption(f"seed={seed!r} must be a whole number from 0 to 2**63 - 1")
            super().reset(seed=int(seed))
            return int(seed) + np.arange(self.num_envs, dtype=np.int64) // group
        each = np.asarray(seed)
        if each.shape != (self.num_envs,) or each.dtype.kind not in "iu" or (each < 0).any():
            raise UnknownOption(f"give one seed of at least 0 for each of the {self.num_envs} games")
        return each.astype(np.int64)

    def _start(self, seeds: NDArray[np.int64], index: NDArray[np.int64], limit: int) -> None:
        self.drill.start(seeds, index)
        self._turn[index], self._invalid[index], self._return[index] = 0, 0, 0.0
        self._limit[index] = limit
        self._live[index] = self._begun[index] = True

    def _restart(self, which: NDArray[np.bool_]) -> None:
        index = np.flatnonzero(which)
        self._start(self.np_random.integers(_SEEDS, size=len(index)), index, self._max_turns)

    def _obs(self) -> dict[str, Any]:
        seen = self.drill.observe()
        return {"state": seen[:, 0] if self.drill.drones == 1 else seen}

    def _reasons(self, ended: NDArray[np.bool_], truncated: NDArray[np.bool_], broken_off: NDArray[np.bool_]) -> NDArray[Any]:
        reasons = np.full(self.num_envs, "", object)
        if ended.any():
            good = self.drill.score() >= 1.0
            reasons[ended & good], reasons[ended & ~good] = why_ended(success=True), why_ended(success=False)
        reasons[truncated] = "max_turns"
        reasons[truncated & broken_off] = "invalid_actions"
        return reasons

    def _nothing(self) -> tuple[dict[str, NDArray[Any]], NDArray[Any], NDArray[np.bool_]]:
        names = (*self.drill.components, "invalid_action")
        none = np.zeros(self.num_envs, bool)
        return {name: np.zeros(self.num_envs) for name in names}, np.full(self.num_envs, "", object), none

    def _infos(
        self,
        mask: NDArray[np.bool_],
        obs: dict[str, Any],
        actions: NDArray[Any] | None,
        bad: NDArray[np.bool_],
        parts: dict[str, NDArray[Any]],
        reasons: NDArray[Any],
        done: NDArray[np.bool_],
        fresh: NDArray[np.bool_] | None = None,
    ) -> dict[str, Any]:
        count = self.num_envs
        errors, verdicts, success = np.full(count, None, object), np.full(count, None, object), np.zeros(count, bool)
        errors[bad] = _BAD
        for i in np.flatnonzero(done):  # few: games that end on this turn
            verdicts[i] = self._verdict(int(i))
            success[i] = verdicts[i].success
        columns: dict[str, Any] = {
            "env_id": np.full(count, self.env_id, object),
            "task_id": np.full(count, self._task, object),
            "seed": self.drill.seeds.copy(),
            "turn": self._turn.copy(),
            "turns_left": np.maximum(0, self._limit - self._turn),
            "success": success,
            "action_error": errors,
            "reward_components": {**parts, **{f"_{name}": mask.copy() for name in parts}},
            "verdict": verdicts,
            "stop_reason": reasons,
            **self.drill.metrics(),
        }
        if self.texts:
            columns["action"], columns["anchor"] = np.full(count, "", object), np.full(count, "", object)
            for i in np.flatnonzero(mask):
                columns["anchor"][i] = anchor_of({"state": obs["state"][i]})
                if actions is not None and (fresh is None or not fresh[i]):
                    columns["action"][i] = DroneEnv.name_action(actions[i])
        return {**columns, **{f"_{name}": mask.copy() for name in columns}}

    def _verdict(self, game: int) -> Verdict:
        found = verdict_of(self.drill, game)
        return Verdict(found.score, found.success, found.checkpoints, {**found.metrics, "return": float(self._return[game])})

    def _final(self, obs: dict[str, Any], infos: dict[str, Any], done: NDArray[np.bool_]) -> dict[str, Any]:
        last = np.full(self.num_envs, None, object)
        for i in np.flatnonzero(done):
            last[i] = {"state": obs["state"][i].copy()}
        return {"final_obs": last, "_final_obs": done.copy(), "final_info": infos, "_final_info": done.copy()}
