"""Toy environments that each break one promise about play: determinism, verdicts, leaks, pictures, batches."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from broken_contract import CASES, breaks
from toy import CounterEnv

from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.testing import determinism as d
from mtenvs.testing import leaks as k
from mtenvs.testing import solutions as s
from mtenvs.testing import vectors as v
from mtenvs.testing.render import check_render

__all__ = ["CASES", "Holder", "NoOracle"]

# ---- determinism ---------------------------------------------------------------------------------------------------


@breaks(d.check_same_seed, "differ on turn")
class ReadsTheClock(CounterEnv):
    def _report(self) -> str:
        return f"{super()._report()} at {time.perf_counter_ns()}"


@breaks(d.check_same_seed, "the same instance after another episode")
class RemembersEpisodes(CounterEnv):
    episodes = 0

    def _begin(self, task: Task) -> str:
        self.episodes += 1
        return f"{super()._begin(task)} Episode {self.episodes}."


@breaks(d.check_random_starts, "by heart")
class OneStart(CounterEnv):
    @classmethod
    def task_set(cls) -> TaskSet:
        return TaskSet.of([Task("one", "Count.", {"low": 3})])

    def _begin(self, task: Task) -> str:
        opening = super()._begin(task)
        self.target = 3
        return opening


@breaks(d.check_snapshot, "_save() and _load()")
class ForgetsTheTarget(CounterEnv):
    def _load(self, data: Any) -> None:
        self.total, self.submitted, self.kept, self.target = data["total"], data["submitted"], data["kept"], data["target"] + 1

    def _save(self) -> Any:
        return {**super()._save(), "target": 0}


@breaks(d.check_snapshot, "the same bytes")
class LosesTheTotal(CounterEnv):
    def _load(self, data: Any) -> None:
        super()._load({**data, "total": 0})


@breaks(d.check_snapshot, "must raise SnapshotError")
class TrustsBytes(CounterEnv):
    def restore(self, snapshot: bytes) -> None:
        if len(snapshot) > 100:
            super().restore(snapshot)


# ---- solutions -----------------------------------------------------------------------------------------------------


@breaks(s.check_oracle, "write oracle()")
class NoOracle(CounterEnv):
    def oracle(self) -> Iterator[Any]:
        raise NotImplementedError


@breaks(s.check_oracle, "must solve")
class OracleThatFails(CounterEnv):
    def oracle(self) -> Iterator[Any]:
        yield "submit()"


@breaks(s.check_oracle, "were refused")
class ClumsyOracle(CounterEnv):
    def oracle(self) -> Iterator[Any]:
        yield "add(50)"
        yield from super().oracle()


@breaks(s.check_idle, "must not succeed")
class WonAtTheStart(CounterEnv):
    def _verdict(self) -> Verdict:
        return Verdict(1.0, success=True)


@breaks(s.check_idle, "must not count")
class PointsForNothing(CounterEnv):
    def _verdict(self) -> Verdict:
        return Verdict(0.5, success=False)


@breaks(s.check_idle, "write idle_action()")
class NoIdleAction(CounterEnv):
    def idle_action(self) -> Any:
        raise NotImplementedError


@breaks(s.check_near_miss, "more closely")
class TrustsTheClaim(CounterEnv):
    def _verdict(self) -> Verdict:
        return Verdict(float(self.submitted), success=self.submitted)


@breaks(s.check_near_miss, "write near_miss()")
class NoNearMiss(CounterEnv):
    def near_miss(self) -> Iterator[Any]:
        raise NotImplementedError


# ---- leaks ---------------------------------------------------------------------------------------------------------


class OneBuffer(CounterEnv):
    def __init__(self, **options: Any) -> None:
        self.buffer = np.zeros(2, np.float32)
        super().__init__(**options)


@breaks(k.check_no_shared_memory, "share memory")
class ReturnsItsBuffer(OneBuffer):
    def _value(self, key: str) -> Any:
        if key != "state":
            return super()._value(key)
        self.buffer[:] = self.total, self.target
        return self.buffer[:]


@breaks(k.check_no_shared_memory, "was changed later")
class ChangesWhatItReturned(CounterEnv):
    returned: ClassVar[list[Any]] = []

    def _value(self, key: str) -> Any:
        for old in self.returned:
            old[:] = 0
        self.returned.append(super()._value(key))
        return self.returned[-1]


@breaks(k.check_no_shared_memory, "info['reward_components']")
class OneDictOfRewards(CounterEnv):
    parts: ClassVar[dict[str, float]] = {"score": 0.0, "invalid_action": 0.0}

    def _info(self, *args: Any) -> dict[str, Any]:
        return {**super()._info(*args), "reward_components": self.parts}


@breaks(k.check_no_constant_observation, "obs['image'] stays the same")
class BlindImage(CounterEnv):
    def _image(self) -> Any:
        return np.full((32, 32, 3), 7, np.uint8)


@breaks(k.check_no_constant_observation, "obs['goal'] is empty")
class NoWords(CounterEnv):
    @classmethod
    def task_set(cls) -> TaskSet:
        return TaskSet.of([Task("one", "", {"low": 3})])


class Holder(CounterEnv):
    """Opens something at reset and does not give it back."""

    held: ClassVar[list[Any]] = []

    def _begin(self, task: Task) -> str:
        self.held.append(self.grab())
        return super()._begin(task)

    def grab(self) -> Any:
        raise NotImplementedError


@breaks(k.check_no_leftovers, "leaves threads behind: left-over")
class LeavesAThread(Holder):
    def grab(self) -> Any:
        gate = threading.Event()
        threading.Thread(target=gate.wait, name="left-over", daemon=True).start()
        return gate


@breaks(k.check_no_leftovers, "leaves processes behind")
class LeavesAProcess(Holder):
    def grab(self) -> Any:
        return subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


@breaks(k.check_no_leftovers, "leaves open files behind")
class LeavesAFile(Holder):
    def grab(self) -> Any:
        return Path("/proc/self/status").open(encoding="utf-8")


@breaks(k.check_no_leftovers, "leaves temporary files behind")
class LeavesAFolder(Holder):
    def grab(self) -> Any:
        return tempfile.mkdtemp()


# ---- render and vectors --------------------------------------------------------------------------------------------


@breaks(check_render, "not float64[32, 32, 3]")
class FloatPicture(CounterEnv):
    def render(self) -> Any:
        return None if self.render_mode is None else np.ones((32, 32, 3))


@breaks(check_render, "one colour only")
class BlackPicture(CounterEnv):
    def _image(self) -> Any:
        return np.zeros((32, 32, 3), np.uint8)


@breaks(check_render, "share memory")
class SamePicture(CounterEnv):
    def render(self) -> Any:
        if self.render_mode is None or not hasattr(self, "kept_picture"):
            self.kept_picture = super().render()
        return self.kept_picture


@breaks(check_render, "text to read")
class NothingToRead(CounterEnv):
    def render(self) -> Any:
        return "" if self.render_mode == "ansi" else super().render()


@breaks(check_render, "do not exist")
class ModeOfItsOwn(CounterEnv):
    metadata = {"render_modes": ["smellovision"], "render_fps": 4}


@breaks(v.check_sync_vector, "shows something else")
class SharesAWorld(CounterEnv):
    turns: ClassVar[list[int]] = [0]

    def _report(self) -> str:
        self.turns[0] += 1
        return f"{super()._report()}, {self.turns[0]} in all"


@breaks(v.check_async_vector, "shared_memory=True")
class NeedsItsProcess(CounterEnv):
    home = os.getpid()

    def _report(self) -> str:
        return f"{super()._report()}, {'at home' if os.getpid() == self.home else 'abroad'}"
