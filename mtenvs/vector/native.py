"""The backend of families that bring their own batched engine: whole turns of a batch in one call, in this process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.vector.infos import batch_infos
from mtenvs.vector.inputs import Seeds, plan_resets
from mtenvs.vector.messages import ClosedBatch, Factory


class NativeVectorEnv(gym.vector.VectorEnv[Any, Any, Any]):
    """Environments of one class that has ``step_many``, stepped together; observations are text.

    The engine gives what single environments give. Autoreset is disabled: an environment whose episode is over is skipped by
    `step` (its last observation is repeated, reward 0) until `reset` with a ``reset_mask`` starts it again. There are no
    deadlines, and an exception of the engine is the caller's.

    Args:
        factories: one function without arguments for each environment.

    Raises:
        UnknownOption: environments without such an engine, or made in a way that it does not know.
    """

    metadata = {"autoreset_mode": AutoresetMode.DISABLED}

    def __init__(self, factories: Sequence[Factory]) -> None:
        self.envs = [make() for make in factories]
        self.num_envs = len(self.envs)
        self._worlds: list[Any] = [env.unwrapped for env in self.envs]
        kind = type(self._worlds[0])
        for i, world in enumerate(self._worlds):
            if type(world) is not kind or not getattr(world, "fits_batch", lambda: False)():
                raise UnknownOption(f"environment {i} has no batched engine for the way it was made; use another backend")
        first = self.envs[0]
        self.single_observation_space, self.single_action_space = first.observation_space, first.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.spec, self.render_mode = first.spec, None
        self.metadata = {**first.metadata, **type(self).metadata}
        self._step_many = kind.step_many
        self._keys = tuple(self.single_observation_space.spaces)  # type: ignore[attr-defined]  # always a Dict
        self._obs: list[dict[str, Any]] = [{} for _ in self.envs]
        self._live = np.zeros(self.num_envs, bool)
        self.timings_ms: dict[str, float] = {"reset": 0.0, "step": 0.0}

    def reset(self, *, seed: Seeds = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start episodes; arguments and errors are those of `BatchedVectorEnv.reset`."""
        self._check_open()
        began = time.perf_counter()
        plan = plan_resets(seed, options, self.num_envs)
        if any(not obs and i not in plan for i, obs in enumerate(self._obs)):
            raise ResetNeeded("the first reset must start every environment; leave reset_mask out")
        infos = []
        for i, (one, own) in plan.items():
            self._obs[i], info = self.envs[i].reset(seed=one, options=own)
            infos.append(info)
        self._live[list(plan)] = True
        self.timings_ms["reset"] = (time.perf_counter() - began) * 1e3
        return self._batch(), self._faultless(batch_infos(infos, list(plan), self.num_envs), np.array(list(plan)))

    def step(self, actions: Any) -> tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play one turn in every environment whose episode is not over; arguments and errors are those of `BatchedVectorEnv.step`."""
        self._check_open()
        began = time.perf_counter()
        live = np.flatnonzero(self._live)
        if not len(live):
            raise ResetNeeded("every episode is over: call reset()")
        acts = list(actions)
        if len(acts) != self.num_envs:
            raise UnknownOption(f"{len(acts)} actions for {self.num_envs} environments; give one for each")
        chosen = live.tolist()
        turn = self._step_many([self._worlds[i] for i in chosen], [acts[i] for i in chosen])
        for i, obs in zip(chosen, turn.obs, strict=True):
            self._obs[i] = obs
        n = self.num_envs
        rewards, terminated, truncated = np.zeros(n), np.zeros(n, bool), np.zeros(n, bool)
        rewards[live], terminated[live], truncated[live] = turn.rewards, turn.terminated, turn.truncated
        self._live[live] = ~(turn.terminated | turn.truncated)
        infos = self._faultless(_spread(turn.infos, live, n), live)
        batch = self._batch()
        self.timings_ms["step"] = (time.perf_counter() - began) * 1e3
        return batch, rewards, terminated, truncated, infos

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method, or read an attribute, of every unwrapped environment."""
        return tuple(self.call_one(i, name, *args, **kwargs) for i in range(self.num_envs))

    def call_one(self, index: int, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method, or read an attribute, of one unwrapped environment."""
        found = getattr(self._worlds[index], name)
        return found(*args, **kwargs) if callable(found) else found

    def describe(self, index: int) -> dict[str, Any]:
        """``env_id`` and ``make_kwargs`` of one environment, as trajectories keep them."""
        spec = self.envs[index].spec
        return {"env_id": spec.id if spec is not None else "", "make_kwargs": dict(spec.kwargs) if spec is not None else {}}

    def close_extras(self, **kwargs: Any) -> None:  # noqa: ARG002 - Gymnasium's signature
        """Close every environment."""
        for env in self.envs:
            env.close()

    def _batch(self) -> dict[str, Any]:
        return {key: tuple([obs[key] for obs in self._obs]) for key in self._keys}

    def _faultless(self, infos: dict[str, Any], rows: NDArray[np.intp]) -> dict[str, Any]:
        """The keys by which other backends tell of faults; here there are none."""
        infos["error"], infos["trainable"] = np.full(self.num_envs, "", object), np.ones(self.num_envs, bool)
        for key in ("_error", "_trainable"):
            infos[key] = np.zeros(self.num_envs, bool)
            infos[key][rows] = True
        return infos

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedBatch("this batch is closed: make a new one")


def _spread(columns: dict[str, Any], rows: NDArray[np.intp], count: int) -> dict[str, Any]:
    """Columns of the running environments as columns of all, with Gymnasium's masks."""
    out: dict[str, Any] = {}
    whole = len(rows) == count
    for key, column in columns.items():
        if isinstance(column, dict):
            out[key] = _spread(column, rows, count)
        elif whole:
            out[key] = column
        else:
            out[key] = np.full(count, None, object) if column.dtype == object else np.zeros(count, column.dtype)
            out[key][rows] = column
        mask = np.zeros(count, bool)
        mask[rows] = True
        out[f"_{key}"] = mask
    return out
