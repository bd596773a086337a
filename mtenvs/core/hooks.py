"""What a family fills in to make an environment, with what holds where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict


class Hooks(gym.Env[dict[str, Any], Any]):
    """The hooks of `MultiTurnEnv`, which says what each is for."""

    default_max_turns: ClassVar[int | None] = 50

    def _begin(self, task: Task) -> str:
        raise NotImplementedError

    def _verdict(self) -> Verdict:
        raise NotImplementedError

    def _task_limit(self, task: Task) -> int | None:  # noqa: ARG002 - for families whose tasks differ in length
        return self.default_max_turns

    def _ended(self) -> str:
        return ""

    def _apply(self, action: Any) -> str:
        raise NotImplementedError

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        return {"score": float(verdict.score or 0.0) if verdict is not None else 0.0}

    def _value(self, key: str) -> Any:
        raise NotImplementedError(key)

    def _report(self) -> str:
        return ""

    def _extra_info(self) -> dict[str, Any]:
        return {}

    def _save(self) -> Any:
        raise NotImplementedError

    def _load(self, data: Any) -> None:
        raise NotImplementedError

    def _image(self) -> NDArray[np.uint8]:
        raise NotImplementedError

    def oracle(self) -> Iterator[Any]:
        """Actions that solve the task; each is drawn only after the one before has been stepped."""
        raise NotImplementedError

    def near_miss(self) -> Iterator[Any]:
        """Actions that look like a solution and are not one."""
        raise NotImplementedError

    def idle_action(self) -> Any:
        """A legal action that does not bring the task forward."""
        raise NotImplementedError
