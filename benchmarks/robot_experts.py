"""Meta-World: metaworld's scripted experts through our world, 50 tasks x seeds 0-2 x 3 episodes; at least 97.5 % must succeed."""

from __future__ import annotations

import sys
from collections import Counter

from _table import Row, arguments, show
from tqdm import tqdm

from mtenvs.envs.robot.benchmarks import tasks_of
from mtenvs.envs.robot.world import RobotWorld

SEEDS, EPISODES, NEEDED = 3, 3, 0.975
RECORDED = 445 / 450
"""Successes of the same experts in the package's own envs, recorded with mujoco 3.3.0."""


def successes(task: str, seeds: int) -> int:
    """Episodes solved within the horizon; episode e of seed s plays world seed 1000 s + e."""
    world, solved = RobotWorld(task), 0
    for number in (1000 * seed + episode for seed in range(seeds) for episode in range(EPISODES)):
        world.reset(number)
        expert = world.expert()
        while expert is not None and world.steps < world.max_steps and not world.success:
            world.step(expert.act(world.full_observation))
        solved += world.success
    return solved


def main() -> None:
    """Print the row, and the tasks that missed on stderr."""
    args = arguments(__doc__)
    seeds = 1 if args.quick else SEEDS
    found = Counter({name: successes(name, seeds) for name in tqdm(tasks_of("MT50"), desc="tasks", unit="task", disable=args.json)})
    for name, solved in sorted(found.items()):
        if solved < seeds * EPISODES:
            print(f"{name}: {solved}/{seeds * EPISODES}", file=sys.stderr)
    rate = found.total() / (len(found) * seeds * EPISODES)
    row = Row.rate(
        f"experts' success, {len(found) * seeds * EPISODES} episodes", "share", rate, RECORDED, "metaworld's envs, recorded", target=NEEDED
    )
    show([row], args)
    sys.exit(not row.ok)


if __name__ == "__main__":
    main()
