"""Toy environments that each break the contract in one way, with the check that finds it and what its advice says."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated, Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from toy import CounterEnv, SliderEnv

from mtenvs.core.actions import Domain, action
from mtenvs.core.env import text_space
from mtenvs.core.errors import BadAction, ResetNeeded
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.testing import Check
from mtenvs.testing import actions as a
from mtenvs.testing import contract as c
from mtenvs.testing.noise import check_noise
from mtenvs.testing.turns import check_turn_cap, check_turn_counter

CASES: list[tuple[type[gym.Env[Any, Any]], Check, str]] = []


def breaks(check: Check, message: str) -> Callable[[type[gym.Env[Any, Any]]], type[gym.Env[Any, Any]]]:
    """Note that an environment fails a check, and what the advice says."""

    def note(cls: type[gym.Env[Any, Any]]) -> type[gym.Env[Any, Any]]:
        CASES.append((cls, check, message))
        return cls

    return note


# ---- contract ------------------------------------------------------------------------------------------------------


@breaks(c.check_gymnasium, "not equivalent")
class UnseededStart(CounterEnv):
    def _begin(self, task: Task) -> str:
        self.name = os.urandom(8).hex()
        return super()._begin(task)

    def _report(self) -> str:
        return f"{self.name}: {super()._report()}"


@breaks(c.check_gymnasium, "warns")
class EmptyBox(CounterEnv):
    def __init__(self, **options: Any) -> None:
        box = spaces.Box(np.zeros(2, np.float32), np.array([0, 40], np.float32))
        super().__init__(**{"observations": {**text_space(), "state": box}, "obs_mode": "all", **options})


@breaks(c.check_observations, "which is not in")
class StateOutOfItsSpace(CounterEnv):
    def _value(self, key: str) -> Any:
        return np.array([-1, 0], np.float32) if key == "state" else super()._value(key)


@breaks(c.check_observations, "which is not in")
class StateOfAnotherType(CounterEnv):
    def _value(self, key: str) -> Any:
        return np.array([self.total, self.target], np.float64) if key == "state" else super()._value(key)


@breaks(c.check_observations, "all environments share")
class KeyOfItsOwn(CounterEnv):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.observation_space = spaces.Dict({**self.observation_space.spaces, "smell": spaces.Discrete(2)})  # type: ignore[attr-defined]


@breaks(c.check_observations, "goal and text")
class NoGoal(CounterEnv):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"observations": {"text": text_space()["text"]}, **options})


class ChangedInfo(CounterEnv):
    def changed(self, info: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def _info(self, *args: Any) -> dict[str, Any]:
        return self.changed(super()._info(*args))


@breaks(c.check_info, "info lacks ['anchor']")
class NoAnchor(ChangedInfo):
    def changed(self, info: dict[str, Any]) -> dict[str, Any]:
        del info["anchor"]
        return info


@breaks(c.check_info, "keep them the same")
class KeyNowAndThen(ChangedInfo):
    def changed(self, info: dict[str, Any]) -> dict[str, Any]:
        return {**info, "hint": "add"} if info["turn"] else info


@breaks(c.check_info, "info['turn'] is int64")
class NumpyTurn(ChangedInfo):
    def changed(self, info: dict[str, Any]) -> dict[str, Any]:
        return {**info, "turn": np.int64(info["turn"])}


@breaks(c.check_info, "anchor_of(obs)")
class ConstantAnchor(ChangedInfo):
    def changed(self, info: dict[str, Any]) -> dict[str, Any]:
        return {**info, "anchor": "0"}


@breaks(c.check_info, "a score is in [0, 1]")
class ScoreOfTwo(CounterEnv):
    def _verdict(self) -> Verdict:
        return Verdict(2.0, success=False)


@breaks(c.check_info, "must be bool")
class NumpySuccess(CounterEnv):
    def _verdict(self) -> Verdict:
        return Verdict(0.5, success=np.bool_(False))  # type: ignore[arg-type]  # the mistake in question


@breaks(c.check_info, "convert it with float()")
class NumpyReward(CounterEnv):
    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - the hook's signature
        return {"score": np.float64(0)}


@breaks(c.check_info, "must always give all")
class RewardNameNowAndThen(CounterEnv):
    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        return {"score": 0.0} if verdict is None else {"bonus": 1.0}


@breaks(c.check_info, "stop_reason 'tired'")
class ReasonOfItsOwn(CounterEnv):
    def _ended(self) -> str:
        return "tired" if self.total else ""


@breaks(c.check_docstring, "'## Rewards'")
class NoRewardsSection(CounterEnv):
    __doc__ = str(CounterEnv.__doc__).replace("## Rewards", "## Prizes")


@breaks(c.check_docstring, "must come in this order")
class SectionsInDisorder(CounterEnv):
    __doc__ = str(CounterEnv.__doc__).replace("## Start", "## X").replace("## End", "## Start").replace("## X", "## End")


@breaks(c.check_close, "must be harmless")
class ClosesOnce(CounterEnv):
    def close(self) -> None:
        del self.tasks


@breaks(c.check_misuse, "UnknownTask")
class AnyTask(CounterEnv):
    @classmethod
    def task_set(cls) -> TaskSet:
        known = CounterEnv.task_set()
        return TaskSet(known.ids, known.get, split_of=lambda _: "train", open_build=lambda i: Task(i, "", {"low": 3}))


@breaks(c.check_misuse, "after the end")
class NeverOver(CounterEnv):
    def step(self, action: Any) -> Any:
        try:
            return super().step(action)
        except ResetNeeded:
            if not self.task.id:
                raise
            return self.reset()


@breaks(c.check_misuse, "obs_mode='smell'")
class AnyMode(CounterEnv):
    def __init__(self, *, obs_mode: str = "text", **options: Any) -> None:
        super().__init__(**options, obs_mode=obs_mode if obs_mode != "smell" else "text")


@breaks(c.check_misuse, "hand **options on")
class NoOptions(CounterEnv):
    def __init__(self, *, obs_mode: str = "text") -> None:
        super().__init__(obs_mode=obs_mode)


# ---- turns ---------------------------------------------------------------------------------------------------------


@breaks(check_turn_cap, "must give truncated=True")
class CapTerminates(CounterEnv):
    def _ended(self) -> str:
        return "goal_failed" if self._limit is not None and self._turn >= self._limit and self._turn > 1 else ""


@breaks(check_turn_counter, "owns the only counter")
class CountsGoodTurnsOnly(CounterEnv):
    def step(self, action: Any) -> Any:
        obs, reward, terminated, truncated, info = super().step(action)
        if info["action_error"] is not None:
            self._turn -= 1
            info["turn"] -= 1
        return obs, reward, terminated, truncated, info


@breaks(check_turn_counter, "let max_turns")
class CapOfItsOwn(CounterEnv):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "max_turns": 9})


# ---- actions -------------------------------------------------------------------------------------------------------


@breaks(a.check_bad_actions, "raised ValueError")
class BadActionRaises(CounterEnv):
    def _read(self, action: Any) -> Any:
        try:
            return super()._read(action)
        except BadAction as e:
            raise ValueError(e.message) from None


@breaks(a.check_bad_actions, "changed the world")
class BadActionChanges(CounterEnv):
    def _read(self, action: Any) -> Any:
        self.kept += 1
        return super()._read(action)


@breaks(a.check_bad_actions, "changed the world")
class BadActionChangesTheVerdict(CounterEnv):
    has_snapshots = False

    def _read(self, action: Any) -> Any:
        self.total += 5
        return super()._read(action)


@breaks(a.check_bad_actions, "went through as a good action")
class TakesEverything(CounterEnv):
    def _read(self, action: Any) -> Any:
        try:
            return super()._read(action)
        except BadAction:
            return super()._read("note()")


@breaks(a.check_bad_actions, "must say what was wrong")
class SilentOnErrors(CounterEnv):
    def _observe(self, feedback: str) -> dict[str, Any]:
        return super()._observe("" if self._invalid else feedback)


@breaks(a.check_bad_actions, "raised TypeError")
class NotANumberRaises(SliderEnv):
    def _apply(self, action: Any) -> str:
        if np.isnan(action).any():
            raise TypeError("NaN")
        return super()._apply(action)


class Keeper(CounterEnv):
    """Has one more action, whose argument names a thing that need not exist."""

    @action
    def drop(self, item: Annotated[str, Domain("item")]) -> str:
        """Drop a thing.

        Args:
            item: what to drop.
        """
        return self.dropped(item)

    def dropped(self, item: str) -> str:
        raise NotImplementedError


@breaks(check_noise, "raised KeyError")
class TrustsItsItems(Keeper):
    def dropped(self, item: str) -> str:
        return {"cup": "yes", "jar": "no"}[item]


@breaks(check_noise, "changed the world all the same")
class ChangesBeforeItLooks(Keeper):
    def dropped(self, item: str) -> str:
        self.kept -= 1
        if item not in self.domains["item"]:
            raise BadAction("there is no such thing")
        return "Dropped."


@breaks(check_noise, "not in its space")
class LeavesItsSpace(SliderEnv):
    def _value(self, key: str) -> Any:
        return super()._value(key) * 1e6


@breaks(a.check_max_invalid, "have not come yet")
class CountsAllInvalid(CounterEnv):
    def step(self, action: Any) -> Any:
        before = self._invalid
        out = super().step(action)
        self._invalid = max(self._invalid, before)
        return out


@breaks(a.check_max_invalid, "must truncate with 'invalid_actions'")
class EndlessPatience(CounterEnv):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "max_invalid": max(50, options.get("max_invalid", 5))})


@breaks(a.check_action_forms, "describe the arguments ['speed']")
class ArgumentWithoutWords(CounterEnv):
    @action
    def run(self, speed: int = 1) -> str:
        """Run."""
        return str(speed)


@breaks(a.check_action_forms, "cannot be read")
class SamplesNonsense(CounterEnv):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.action_space.sample = lambda *_: "add(99)"  # type: ignore[method-assign]
