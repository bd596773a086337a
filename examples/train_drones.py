"""Train a drone to bump a ball (or to hit it far) with PPO, on the CPU, in minutes.

Run: python examples/train_drones.py [--task solo-bump] [--iterations 200] [--seed 0] [--quick]
It prints and writes the learning curve, compares before and after on 100 seeds that training has not seen, and films the trained policy.

`solo-bump` is the default: its return is a sum of positive rewards for as long as the ball stays up, so that "5 times the untrained
return" means something (a drone that only hovers is shown too), while an untrained `hit-the-ball` ends below 0. The PPO is our own
(`_ppo.py`): 512 games are one array from the physics to the loss, with nothing done game by game as in adapters to general trainers.
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from _actor_critic import ActorCritic, Floats
from _ppo import Settings, Turn, train
from numpy.typing import NDArray

from mtenvs.envs.drones.drills import Drill
from mtenvs.envs.drones.exercise import Exercise
from mtenvs.envs.drones.film import save_mp4
from mtenvs.envs.drones.practice import Practice
from mtenvs.envs.drones.single import HitTheBall, SoloBump
from mtenvs.envs.drones.view import CourtView

TASKS: dict[str, tuple[type[Exercise], float]] = {"solo-bump": (SoloBump, 40.0), "hit-the-ball": (HitTheBall, 0.5)}
"""Exercise, and the return that one mark of the curve stands for."""
UNSEEN = 1_000_000  # first seed of the evaluation; training draws below


class DrillGames:
    """Games of an exercise that start again, from fresh seeds below `UNSEEN`, as soon as they are over."""

    def __init__(self, drill: Drill, seed: int) -> None:
        self.drill, self.rng = drill, np.random.default_rng(seed)
        drill.start(self.rng.integers(UNSEEN, size=drill.games))
        self.obs: Floats = drill.observe()[:, 0]

    def step(self, actions: Floats) -> Turn:
        """Play one action in each game."""
        drill = self.drill
        played = drill.play(actions[:, None])
        reward = sum(played.means().values())
        truncated = ~played.terminated & (drill.steps >= drill.max_steps)
        last = self.obs = drill.observe()[:, 0]
        over = np.flatnonzero(played.terminated | truncated)
        if len(over):
            drill.start(self.rng.integers(UNSEEN, size=len(over)), over)
            self.obs = drill.observe()[:, 0]
        return Turn(self.obs, np.asarray(reward, np.float32), played.terminated, truncated, last)


def judge(drill: Drill, act: Callable[[Floats], Floats]) -> dict[str, NDArray[np.float64]]:
    """Return, length and the task's own figures of one episode in each game of a drill, without exploration."""
    drill.start(UNSEEN + np.arange(drill.games))
    returns = np.zeros(drill.games)
    for _ in range(drill.max_steps):
        returns += np.asarray(sum(drill.play(act(drill.observe()[:, 0])[:, None]).means().values()))
        if drill.over.all():
            break
    seconds = np.asarray(drill.steps * drill.params.dt, float)
    return {"return": returns, "seconds": seconds, "success": np.where(drill.score() >= 1.0, 1.0, 0.0), **drill.metrics()}


def film(drill: Drill, act: Callable[[Floats], Floats], episodes: int, most: int) -> Iterator[NDArray[np.uint8]]:
    """Pictures of episodes of a drill of one game, 25 a second."""
    view = CourtView(drill.params.court, (640, 360), drill.format_name)
    for seed in range(UNSEEN, UNSEEN + episodes):
        drill.start([seed])
        trail = deque[NDArray[Any]](maxlen=40)
        for step in range(most):
            scene = drill.scene()
            trail.append(scene.ball)
            if step % 2 == 0:
                said = f"{drill.steps[0] * drill.params.dt:.1f} s, {drill.metrics()['hits'][0]:.0f} hits"
                yield view.draw(replace(scene, trail=np.array(trail), event=said))
            drill.play(act(drill.observe()[:, 0])[:, None])
            if drill.over[0]:
                break


def main(argv: Sequence[str] | None = None) -> int:
    """Train, report, film."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", choices=TASKS, default="solo-bump")
    parser.add_argument("--control", choices=("ctbr", "prt"), default="ctbr", help="body rates and thrust, or rotors")
    parser.add_argument("--minutes", type=float, default=14.0, help="training stops at this time or after --iterations")
    parser.add_argument("--iterations", type=int, default=200, help="of 64 steps in each game")
    parser.add_argument("--games", type=int, default=512)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("drones"), help="folder for curve.csv, curve.txt, policy.pt and film.mp4")
    parser.add_argument("--quick", action="store_true", help="a few iterations and a short film: shows that it runs, not that it learns")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)  # the networks are so small that handing them to more threads costs more than it saves
    torch.manual_seed(args.seed)
    iterations, games, tests = (4, 64, 20) if args.quick else (args.iterations, args.games, 100)
    kind, scale = TASKS[args.task]
    exercise = kind(control=args.control)
    net = ActorCritic(exercise.obs_size)
    draw = np.random.default_rng(args.seed)
    hover = np.array(exercise.neutral, np.float32)
    tested: dict[str, Callable[[Floats], Floats]] = {
        "random": lambda obs: draw.uniform(-1, 1, (len(obs), 4)).astype(np.float32),
        "hovering": lambda obs: np.tile(hover, (len(obs), 1)).astype(np.float32),
        "untrained": net.act,
    }
    found = {name: judge(Practice(exercise, tests), act) for name, act in tested.items()}
    args.out.mkdir(parents=True, exist_ok=True)
    began, cpu = time.monotonic(), time.process_time()
    batch = DrillGames(Practice(exercise, games), args.seed)
    with (args.out / "curve.csv").open("w", newline="") as file, (args.out / "curve.txt").open("w") as text:
        writer = csv.writer(file)
        writer.writerow(("iteration", "steps", "seconds", "return", "length", "episodes", "kl"))
        for i, told in enumerate(train(net, batch, iterations, Settings(minibatch=4096, target_kl=0.015), args.seed)):
            seconds = time.monotonic() - began
            writer.writerow((i, told["steps"], round(seconds, 1), told["return"], told["length"], told["episodes"], told["kl"]))
            if i % max(1, iterations // 20) == 0 or i == iterations - 1:
                bar = "#" * int(max(0.0, told["return"] / scale))
                line = f"{told['steps']:8.0f} steps {seconds:4.0f} s  return {told['return']:7.1f}  length {told['length']:4.0f}  {bar}"
                text.write(line + "\n")
                print(line, flush=True)
            if seconds > 60 * args.minutes:
                break
    print(f"trained in {time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} CPU seconds")
    found["trained"] = judge(Practice(exercise, tests), net.act)
    print(f"\nmeans over the same {tests} seeds that training has not seen:")
    for name, figures in found.items():
        print(f"{name:9s} " + "   ".join(f"{key} {values.mean():8.2f}" for key, values in figures.items()))
    before, after = found["untrained"]["return"].mean(), found["trained"]["return"].mean()
    print(f"return x {after / before:.1f}" if before > 0 else f"return {before:+.1f} -> {after:+.1f} (no ratio: it began below 0)")
    torch.save(net.state_dict(), args.out / "policy.pt")
    frames = film(Practice(exercise, 1), net.act, 1 if args.quick else 2, 50 if args.quick else 500)
    print(f"filmed {save_mp4(frames, args.out / 'film.mp4')} pictures; film.mp4, curve.csv, curve.txt and policy.pt are in {args.out}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
