"""Train a small policy with Stable-Baselines3 through an mtenvs batch: Meta-World's reach-v3, from `state` alone.

Run: python examples/train_sb3.py [--steps 40000] [--num-envs 8] [--backend sync] [--quick]
It prints the learning curve, draws it into --png and compares the policy before and after on the same fresh episodes.
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv, VecNormalize

from mtenvs.vector import make_vec

ID = "mtenvs/MetaWorld-v0"
EPISODE: dict[str, Any] = {"task": "reach-v3", "max_turns": 100, "stop_on_success": False}  # ending early would cost reward


class Sb3Batch(VecEnv):
    """Our batch as Stable-Baselines3 wants it: it restarts an ended episode at once and hands over its last observation."""

    def __init__(self, venv: Any) -> None:
        self.venv, self.finished = venv, list[tuple[float, bool]]()
        self._returns = np.zeros(venv.num_envs)
        super().__init__(venv.num_envs, venv.single_observation_space, venv.single_action_space)

    def reset(self) -> Any:
        """Start every episode."""
        return self.venv.reset(seed=self._seeds[0])[0]

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Play one turn everywhere and start again where the episode is over."""
        obs, rewards, terminated, truncated, infos = self.venv.step(self._actions)
        done = terminated | truncated
        self._returns += rewards
        out: list[dict[str, Any]] = [{"TimeLimit.truncated": bool(truncated[i] and not terminated[i])} for i in range(self.num_envs)]
        for i in np.flatnonzero(done):
            out[i]["terminal_observation"] = {key: value[i].copy() for key, value in obs.items()}
            self.finished.append((float(self._returns[i]), bool(infos["success"][i])))
            self._returns[i] = 0.0
        if done.any():
            obs, _ = self.venv.reset(options={"reset_mask": done})
        return obs, rewards.astype(np.float32), done, out

    def close(self) -> None:
        """Close the batch."""
        self.venv.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """One value, the same for all, as the batch's spaces are."""
        return [getattr(self.venv, attr_name)] * len(list(self._get_indices(indices)))

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Call a method of the environments."""
        return [self.venv.call_one(i, method_name, *args, **kwargs) for i in self._get_indices(indices)]

    def set_attr(self, *_: Any, **__: Any) -> None:
        """Not offered."""
        raise NotImplementedError

    def env_is_wrapped(self, *_: Any, **__: Any) -> list[bool]:
        """No wrapper of SB3's is inside."""
        return [False] * self.num_envs


class Curve(BaseCallback):
    """After each rollout: the mean return and success of the episodes that ended in it."""

    def __init__(self, batch: Sb3Batch) -> None:
        super().__init__()
        self.batch, self.points = batch, list[tuple[int, float, float]]()

    def _on_step(self) -> bool:
        return True

    def _on_rollout_end(self) -> None:
        if ended := self.batch.finished:
            returns, successes = np.array(ended).mean(axis=0).tolist()
            self.points.append((self.num_timesteps, returns, successes))
            print(f"{self.num_timesteps:8d} steps   return {returns:7.1f}   success {successes:4.0%}   ({len(ended)} episodes)", flush=True)
            ended.clear()


def judge(model: PPO, norm: VecNormalize, episodes: int, num_envs: int) -> tuple[float, float]:
    """Mean return and success without exploration, on episodes that training has not seen."""
    batch = Sb3Batch(make_vec(ID, num_envs, backend="sync", **EPISODE))
    batch.seed(1_000_000)
    obs = batch.reset()
    while len(batch.finished) < episodes:
        batch.step_async(model.predict(norm.normalize_obs(obs), deterministic=True)[0])
        obs = batch.step_wait()[0]
    batch.close()
    returns, successes = zip(*batch.finished[:episodes], strict=True)
    return float(np.mean(returns)), float(np.mean(successes))


def draw(points: Sequence[tuple[int, float, float]], path: Path) -> None:
    """Success (green) and return as a share of the best (grey) over steps."""
    picture = Image.new("RGB", (640, 360), "white")
    pen = ImageDraw.Draw(picture)
    last, best = points[-1][0], max(*(p[1] for p in points), 1e-9)
    for values, colour in (([p[1] / best for p in points], "#888888"), ([p[2] for p in points], "#118833")):
        line = [(40 + 580 * p[0] / last, 330 - 300 * max(0.0, v)) for p, v in zip(points, values, strict=True)]
        pen.line(line, fill=colour, width=3) if len(line) > 1 else pen.point(line, fill=colour)
    pen.text((46, 10), f"reach-v3, PPO: success (green), return / {best:.0f} (grey); {last} steps", fill="black")
    picture.save(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Train, report, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=40_000)
    parser.add_argument("--num-envs", type=int, default=8)
    parser.add_argument("--backend", default="sync", help="of the training batch")
    parser.add_argument("--png", type=Path, default=Path("learning_curve.png"))
    parser.add_argument("--quick", action="store_true", help="a few thousand steps: shows that it runs, not that it learns")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)  # the network is so small that handing it to more threads costs more than it saves
    steps, episodes = (4096, 8) if args.quick else (args.steps, 40)
    batch = Sb3Batch(make_vec(ID, args.num_envs, backend=args.backend, **EPISODE))
    norm = VecNormalize(batch, norm_obs_keys=["state"], gamma=0.95)
    model = PPO("MultiInputPolicy", norm, n_steps=256, batch_size=256, learning_rate=1e-3, gamma=0.95, seed=0, device="cpu")
    curve = Curve(batch)
    before = judge(model, norm, episodes, args.num_envs)
    model.learn(steps, callback=curve)
    after = judge(model, norm, episodes, args.num_envs)
    norm.close()
    draw(curve.points, args.png)
    print(f"before: return {before[0]:.1f}, success {before[1]:.0%}; after {steps} steps: return {after[0]:.1f}, success {after[1]:.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
