"""Meta-World: CPU time of steps, resets, construction and pictures against the metaworld package, paired and alternating.

Both sides start from the same goal and take the same actions, half of them random and half the scripted expert's. CPU time is of the
whole process (`time.process_time`), so that other load on the machine matters less; steps are medians over alternating chunks.
The peer's minute for MT50 is measured only without ``--quick``.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import metaworld
import numpy as np
import numpy.typing as npt
from _table import Row, arguments, show
from tqdm import tqdm

from mtenvs.envs.robot.benchmarks import make_world, tasks_of
from mtenvs.envs.robot.experts import ScriptedExpert
from mtenvs.envs.robot.upstream import ALL_V3_ENVIRONMENTS
from mtenvs.envs.robot.world import RobotWorld

CHUNK = 10
"""Steps that one side takes before the other takes the same."""
PEER = f"metaworld {RobotWorld.versions['metaworld']}, mujoco {RobotWorld.versions['mujoco']}"
Actions = list[npt.NDArray[np.float32]]


@dataclass
class Times:
    """CPU seconds of one task, ours and the peer's."""

    step: list[float] = field(default_factory=list)
    peer_step: list[float] = field(default_factory=list)
    reset: float = 0.0
    peer_reset: float = 0.0
    made: float = 0.0


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds that it takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def peer_env(task: str, vector: npt.NDArray[np.float64] | None, **options: Any) -> Any:
    """The package's own env of a task, with the goal visible and, where a vector is given, that start."""
    env: Any = ALL_V3_ENVIRONMENTS[task](**options)
    env._set_task_called, env._partially_observable, env._freeze_rand_vec = True, False, True  # noqa: SLF001 - what its set_task does
    env._last_rand_vec = vector  # noqa: SLF001 - same
    del env.sawyer_observation_space
    return env


def actions_for(task: str, world: RobotWorld, steps: int) -> Actions:
    """Random actions, then the expert's, of one episode each."""
    random = np.random.default_rng(0).uniform(-1, 1, (steps // 2, 4)).astype(np.float32)
    expert, found, vector = ScriptedExpert(task), [], world.goal_vector
    world.reset(0, goal=vector)
    for _ in range(steps // 2):
        found.append(expert.act(world.full_observation))
        world.step(found[-1])
    return [*random, *found]


def measure(task: str, steps: int) -> Times:
    """Make, reset and step one task on both sides."""
    times, made = Times(), []

    def make() -> None:
        made.append(make_world("MT50", task))
        made[0].reset(0)

    times.made = cpu(make)
    (world,) = made
    actions = actions_for(task, world, steps)
    vector = world.goal_vector
    peer = peer_env(task, vector)
    for half in (actions[: steps // 2], actions[steps // 2 :]):
        times.peer_reset += cpu(peer.reset) / 2
        world.reset(1)  # another goal, so that the next reset is one that a benchmark has
        times.reset += cpu(lambda: world.reset(0, goal=vector)) / 2
        for k in range(0, len(half), CHUNK):
            chunk = half[k : k + CHUNK]
            times.peer_step.append(cpu(lambda chunk=chunk: [peer.step(a) for a in chunk]) / len(chunk))  # type: ignore[misc]
            times.step.append(cpu(lambda chunk=chunk: [world.step(a) for a in chunk]) / len(chunk))  # type: ignore[misc]
    peer.close()
    world.close()
    return times


def pictures(rounds: int) -> tuple[float, float, float]:
    """CPU seconds of a 224 px picture: ours fast, ours official, the peer's."""
    world = RobotWorld("pick-place-v3")
    world.reset(0)
    peer = peer_env("pick-place-v3", world.goal_vector, render_mode="rgb_array", camera_name="corner2", width=224, height=224)
    kinds: list[Callable[[], Any]] = [
        lambda: world.render("corner2", 224, 224),
        lambda: world.render("corner2", 224, 224, quality="official"),
        peer.render,
    ]
    world.render("corner2", 224, 224)  # chooses the OpenGL backend for both sides
    peer.reset()
    for kind in kinds:
        kind()
    taken = [[cpu(kind) for kind in kinds] for _ in range(rounds)]
    fast, official, theirs = (median(column) for column in zip(*taken, strict=True))
    world.close()
    peer.close()
    return fast, official, theirs


def peer_mt50() -> float:
    """CPU seconds in which the package makes MT50 and resets its 50 envs once."""

    def work() -> None:
        benchmark = metaworld.MT50(seed=0)  # type: ignore[no-untyped-call]  # the package's constructor has no types
        for name, env_class in benchmark.train_classes.items():
            env: Any = env_class()
            env.set_task(next(t for t in benchmark.train_tasks if t.env_name == name))
            env.reset()

    return cpu(work)


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    fast, official, theirs = pictures(3 if args.quick else 9)
    found = {}
    for name in tqdm(tasks_of("MT50"), desc="tasks", unit="task", disable=args.json):
        found[name] = measure(name, 40 if args.quick else 600)
        gc.collect()
    steps = sum(median(t.step) for t in found.values())
    peer_steps = sum(median(t.peer_step) for t in found.values())
    made = [t.made for t in found.values()]
    resets, peer_resets = (sum(getattr(t, name) for t in found.values()) / len(found) for name in ("reset", "peer_reset"))
    peer_made = None if args.quick else peer_mt50()
    rows = [
        Row.cost("one step of each of the 50 tasks", "us CPU", steps * 1e6, peer_steps * 1e6, PEER, target=0.6),
        Row.rate("steps, mean task", "steps/s CPU", len(found) / steps, len(found) / peer_steps, PEER),
        Row.cost("reset to another goal, mean task", "ms CPU", resets * 1e3, peer_resets * 1e3, PEER),
        Row.cost("picture 224 x 224, fast", "ms CPU", fast * 1e3, theirs * 1e3, f"{PEER}, default render", target=1 / 6),
        Row.cost("picture 224 x 224, official", "ms CPU", official * 1e3, theirs * 1e3, f"{PEER}, default render"),
        Row.limit("MT50, make and first reset of one task, slowest", "s CPU", max(made), None, "", target=2),
        Row.limit("MT50, make and first reset of all 50", "s CPU", sum(made), peer_made, f"{PEER}, MT50 and first resets", target=15),
    ]
    show(rows, args)


if __name__ == "__main__":
    main()
