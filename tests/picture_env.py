"""An environment whose pictures show one number, for tests of batches."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class Pictures(gym.Env[dict[str, Any], Any]):
    """Shows one number in a picture that is large enough to be written to several places in turn."""

    def __init__(self) -> None:
        self.observation_space = spaces.Dict({"image": spaces.Box(0, 255, (300, 300, 3), np.uint8)})
        self.action_space = spaces.Discrete(256)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        super().reset(seed=seed, options=options)
        return self._seen(seed or 0), {"seed": seed}

    def step(self, action: int) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        return self._seen(int(action)), 0.0, action == 255, False, {}

    def _seen(self, number: int) -> dict[str, Any]:
        return {"image": np.full((300, 300, 3), number, np.uint8)}


def shown(obs: dict[str, Any]) -> list[int]:
    """The number in each picture of a batch."""
    assert all((picture == picture[0, 0, 0]).all() for picture in obs["image"])
    return [int(picture[0, 0, 0]) for picture in obs["image"]]
