"""Goal sets: the starts and goals that a benchmark fixes for a task, drawn one by one when they are first played.

metaworld draws 50 goals for every task of a benchmark by simulating 100 resets of each when the benchmark is made, which is
nearly all of its minute for MT50. Here a goal is a seed: the draw happens in the reset that plays it, through the task's own
rejection rules.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mtenvs.core.errors import UnknownOption

Split = Literal["train", "test"]
GOALS_PER_TASK: Final = 50
"""metaworld's number."""


@dataclass(frozen=True)
class GoalSet:
    """Numbered goals of one task; equal arguments give equal goals, and the sets of two splits have none in common.

    Args:
        task: task id.
        split: ``"train"`` or ``"test"``.
        seed: of the whole benchmark.
        size: number of goals.
        benchmark: whose goals; each has its own.
    """

    task: str
    split: Split = "train"
    seed: int = 0
    size: int = GOALS_PER_TASK
    benchmark: str = ""

    def __post_init__(self) -> None:
        if self.split not in ("train", "test"):
            raise UnknownOption(f"split={self.split!r} does not exist; choose 'train' or 'test'")
        if self.size < 1 or self.seed < 0:
            raise UnknownOption(f"a goal set needs size >= 1 and seed >= 0, not size={self.size}, seed={self.seed}")

    def __len__(self) -> int:
        return self.size

    def generator(self, index: int) -> np.random.Generator:
        """What the reset draws goal ``index`` from.

        Raises:
            UnknownOption: there is no such goal.
        """
        if not 0 <= index < self.size:
            raise UnknownOption(f"goal {index} does not exist; goals of {self.task} go from 0 to {self.size - 1}")
        name = zlib.crc32(f"{self.benchmark}/{self.task}".encode())
        return np.random.default_rng([self.seed, name, ("train", "test").index(self.split), index])

    def choose(self, seed: int) -> int:
        """The goal that an episode's seed picks, uniformly."""
        return int(np.random.default_rng(seed).integers(self.size))
