"""One environment and what may be asked of it; the same in every backend."""

from __future__ import annotations

import time
import traceback
from contextlib import suppress
from copy import deepcopy
from typing import Any

import gymnasium as gym

from mtenvs.core.errors import MtenvsError
from mtenvs.core.wrapping import wrappers_of
from mtenvs.vector.messages import Factory, Reply, Request, Transition


class Runner:
    """An environment that is built by a factory, and built again when it has failed.

    Args:
        factory: makes the environment.
        same_step: start the next episode in the step that ends one.

    Attributes:
        env: the environment.
        broken: whether it has failed, and waits for the next reset.
    """

    def __init__(self, factory: Factory, *, same_step: bool = False) -> None:
        self._factory, self._same_step = factory, same_step
        self.env: gym.Env[Any, Any] = factory()
        self.broken = False
        self._began_in: list[dict[str, Any]] | None = None  # the wrappers as they were at the last start

    def carry_out(self, request: Request) -> Reply:
        """Do what is asked; an exception of the environment is in the reply, never raised."""
        kind, payload = request.kind, request.payload
        try:
            if kind == "step":
                return Reply(request.id, request.env, self._step(payload))
            if kind == "reset":
                return Reply(request.id, request.env, self._reset(*payload))
            return Reply(request.id, request.env, self._ask(kind, payload))
        except Exception as e:  # noqa: BLE001 - whatever an environment raises is an outcome
            if kind not in ("step", "reset") or (kind == "reset" and isinstance(e, MtenvsError)):
                return Reply(request.id, request.env, raised=e)
            self.broken = True
            return Reply(request.id, request.env, fault=traceback.format_exc())

    def step(self, action: Any) -> Transition | str:
        """One turn; a traceback when the environment raises."""
        try:
            return self._step(action)
        except Exception:  # noqa: BLE001 - whatever an environment raises is an outcome
            self.broken = True
            return traceback.format_exc()

    def close(self) -> None:
        """Close the environment, whatever state it is in."""
        with suppress(Exception):
            self.env.close()

    def _step(self, action: Any) -> Transition:
        began = time.perf_counter()
        obs, reward, terminated, truncated, info = self.env.step(action)
        if self._same_step and (terminated or truncated):
            final = {"final_obs": deepcopy(obs), "final_info": {**info, "error": "", "trainable": True}}  # the env may reuse its arrays
            self._began_in = wrappers_of(self.env)
            obs, info = self.env.reset()
            info = {**info, **final}
        return Transition(float(reward), bool(terminated), bool(truncated), info, obs, None, time.perf_counter() - began)

    def _reset(self, seed: int | None, options: dict[str, Any] | None) -> Transition:
        began = time.perf_counter()
        if self.broken:
            self.close()
            self.env = self._factory()
            self.broken = False
        self._began_in = wrappers_of(self.env)
        obs, info = self.env.reset(seed=seed, options=options)
        return Transition(0.0, False, False, info, obs, None, time.perf_counter() - began)

    def _ask(self, kind: str, payload: Any) -> Any:
        if kind == "render":
            return self.env.render()
        if kind == "set":
            name, value = payload
            (self.env if self.env.has_wrapper_attr(name) else self.env.unwrapped).set_wrapper_attr(name, value)
            return None
        if kind == "wrappers" or (kind == "wrappers_at_start" and self._began_in is None):
            return wrappers_of(self.env)
        if kind == "wrappers_at_start":
            return self._began_in
        name, args, kwargs = payload
        found = self.env.get_wrapper_attr(name)
        return found(*args, **kwargs) if callable(found) else found
