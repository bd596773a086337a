"""An environment that does to its batch what bad environments do, when it is told to, and the run that proves it harmless."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from mtenvs.core.spaces import UText
from mtenvs.vector import BatchedVectorEnv, make_vec

ODD = "é漢🙂\x00\ud800\u202e"
FAULTS = ("hang", "raise", "exit", "odd")


class RoughEnv(gym.Env[dict[str, Any], str]):
    """Echoes its action with turn and seed; an action such as ``"hang 12"`` misbehaves before that.

    ``wait S`` (then go on), ``hang``, ``raise``, ``exit`` (the process, at once), ``kill`` (the same by a signal), ``odd`` (unicode that
    breaks careless code), ``huge`` (a text that no buffer expects), ``child`` (start a program that stays), ``shape`` (a wrong
    observation), ``end`` (terminate), ``lambda`` (an info that does not pickle by itself).

    Args:
        size: of the picture's side; 0 for no picture.
        ends_after: turns until the episode is truncated.
        slow_start: seconds that the constructor takes.
    """

    def __init__(self, size: int = 8, ends_after: int = 10_000, slow_start: float = 0.0) -> None:
        parts: dict[str, gym.Space[Any]] = {
            "text": UText(10_000_000),
            "state": spaces.Box(-1, 1e9, (2,), np.float32),
            "kind": spaces.Discrete(9),
        }
        if size:
            parts["image"] = spaces.Box(0, 255, (size, size, 3), np.uint8)
        self.observation_space = spaces.Dict(parts)
        self.action_space = UText(1_000_000)
        self.size, self.ends_after = size, ends_after
        self.turn, self.seed = 0, -1
        self.children: list[int] = []
        time.sleep(slow_start)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        super().reset(seed=seed)
        self.seed = seed if seed is not None else int(self.np_random.integers(2**31))
        self.turn = 0
        if options is not None and "do" in options:
            self._do(options["do"])
        return self._seen("start"), self._info("")

    def step(self, action: str) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        self.turn += 1
        what, _, rest = action.partition(" ")
        said = self._do(what, rest)
        obs = self._seen(f"{said}{action}")
        if what == "shape":
            obs["state"] = np.zeros(3, np.float32)
        info = self._info(action)
        if what == "lambda":
            info["call"] = lambda: action
        return obs, float(self.turn), what == "end", self.turn >= self.ends_after, info

    def pid(self) -> int:
        return os.getpid()

    def _do(self, what: str, rest: str = "") -> str:
        if what == "wait":
            time.sleep(float(rest))
        elif what == "hang":
            while True:
                time.sleep(10)
        elif what == "raise":
            raise RuntimeError(f"as asked {ODD}")
        elif what == "exit":
            os._exit(3)
        elif what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "child":
            self.children.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
        return {"odd": ODD, "huge": "x漢" * 500_000}.get(what, "")

    def _seen(self, said: str) -> dict[str, Any]:
        obs: dict[str, Any] = {
            "text": f"{said}|{self.turn}|{self.seed}",
            "state": np.array([self.turn, self.seed % 1000], np.float32),
            "kind": self.turn % 9,
        }
        if self.size:
            obs["image"] = np.full((self.size, self.size, 3), self.turn % 256, np.uint8)
        return obs

    def _info(self, action: str) -> dict[str, Any]:
        return {"seed": np.int64(self.seed), "turn": self.turn, "action": action, "children": list(self.children), "anchor": f"{self.turn}"}


class SpyEnv(RoughEnv):
    """Refuses to be built."""

    def __init__(self) -> None:
        sys.stderr.write("no spies here\n")
        raise OSError("cannot be built")


def rough(**options: Any) -> partial[RoughEnv]:
    """A factory that pickles."""
    return partial(RoughEnv, **options)


@dataclass
class Chaos:
    """What a run counted.

    Attributes:
        turns: outcomes received.
        faults: by what was asked for, how often the environment that was asked failed.
        lost: requests without an outcome.
        shifted: outcomes of another request, or of another turn.
        innocent: failures of environments that were not asked to.
        latencies: seconds of the batches in which nobody misbehaved.
    """

    turns: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    shifted: int = 0
    innocent: int = 0
    latencies: list[float] = field(default_factory=list)


def chaos(venv: BatchedVectorEnv, steps: int, every: int, seed: int = 0) -> Chaos:
    """Play ``steps`` batches; about every ``every`` batches one environment misbehaves. Each action carries a number used once."""
    rng = np.random.default_rng(seed)
    found, nonce, n = Chaos(), 0, venv.num_envs
    venv.reset(seed=seed)
    turn, seeds, next_seed = [0] * n, [seed + i for i in range(n)], seed + n
    for k in range(steps):
        bad = int(rng.integers(n)) if k % every == every - 1 else -1
        kind = FAULTS[k // every % len(FAULTS)] if bad >= 0 else ""
        actions = []
        for i in range(n):
            nonce += 1
            actions.append(f"{kind if i == bad else 'echo'} {nonce}")
        began = time.perf_counter()
        obs, _, _, truncated, infos = venv.step(actions)
        if bad < 0:
            found.latencies.append(time.perf_counter() - began)
        for i in range(n):
            turn[i] += 1
            if not infos["_error"][i]:
                found.lost += 1
            elif truncated[i]:
                found.innocent += i != bad
                found.faults[kind] = found.faults.get(kind, 0) + 1
            else:
                found.turns += 1
                odd = ODD if i == bad and kind == "odd" else ""
                same = obs["text"][i] == f"{odd}{actions[i]}|{turn[i]}|{seeds[i]}" and infos["action"][i] == actions[i]
                found.shifted += not (same and obs["state"][i][0] == turn[i] and obs["kind"][i] == turn[i] % 9)
        if truncated.any():
            wanted = [0] * n
            for i in np.flatnonzero(truncated).tolist():
                wanted[i] = seeds[i] = next_seed
                turn[i], next_seed = 0, next_seed + 1
            venv.reset(seed=wanted, options={"reset_mask": truncated})
    return found


def chaos_batch(n: int = 8, timeout: float = 0.5, context: str = "forkserver") -> BatchedVectorEnv:
    """The batch that `chaos` is for."""
    return make_vec(rough(), n, backend="process", step_timeout=timeout, reset_timeout=30.0, context=context)
