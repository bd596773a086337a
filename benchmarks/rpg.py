"""HeroBench: how fast the world plays, against the original server's rate.

The original is a web server with a database behind each action. Its rate cannot be measured where its checkout is not; the
peer's figure is the highest that was recorded for it (35 actions a second, loopback, one client, replaying published answers).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from _table import Row, arguments, show

import mtenvs
from mtenvs.core.assets import official_root
from mtenvs.envs.rpg.generate_tasks import own_world
from mtenvs.envs.rpg.macro import ActionTable
from mtenvs.envs.rpg.official import load_official
from mtenvs.envs.rpg.program import play_answer
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld, Result, Rules

SERVER_RATE = 35.0
SERVER = "original server, as recorded"


def rate(play: Callable[[], int], seconds: float) -> float:
    """Median over five runs of units a second; ``play`` returns how many units it did."""
    rates = []
    for _ in range(5):
        began, units = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            units += play()
        rates.append(units / (time.perf_counter() - began))
    return median(rates)


def core() -> Callable[[], int]:
    """A stream of random legal and illegal single actions in the shipped world."""
    data = own_world()
    world, table = HeroWorld(data, Rules.official()), ActionTable(data)
    numbers = np.random.default_rng(0).integers(0, len(table), 20_000).tolist()

    def play() -> int:
        hero = HeroState()
        apply = table.apply
        for number in numbers:
            apply(hero, number, world)
        return len(numbers)

    return play


def oracle_run(obs_mode: str) -> Callable[[], int]:
    """Whole oracle episodes through `step`, parsing, observation and info included."""
    env: Any = mtenvs.make("HeroBench", task="own/5/0", obs_mode=obs_mode).unwrapped
    _, _ = env.reset(seed=0)
    actions, ended = [], False
    while not ended:
        actions.append(env.next_oracle_action())
        _, _, terminated, truncated, _ = env.step(actions[-1])
        ended = terminated or truncated

    def play() -> int:
        env.reset(seed=0)
        for action in actions:
            env.step(action)
        return len(actions)

    return play


def replay() -> Callable[[], int] | None:
    """The published answers of one model through parser, world and scorer; None without the official files."""
    folder = official_root() / "herobench"
    if not (folder / "published_answers").is_dir():
        return None
    tasks = load_official(folder)
    rows = json.loads(next((folder / "published_answers").glob("*.json")).read_text(encoding="utf-8"))
    starts = {f"{row['level']}/{row['task']}": tasks.start(f"{row['level']}/{row['task']}") for row in rows}
    world = HeroWorld(tasks.data, Rules.official())

    def play() -> int:
        count = 0

        def tick(_: Result) -> None:
            nonlocal count
            count += 1

        for row in rows:
            play_answer(row["answer"], world, starts[f"{row['level']}/{row['task']}"].copy(), tick)
        return count

    return play


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    seconds = 0.5 if args.quick else 2.0
    core_rate = rate(core(), seconds)
    rows = [
        Row.rate("core actions", "actions/s", core_rate, SERVER_RATE, SERVER, target=100_000),
        Row.rate("env steps, text", "steps/s", rate(oracle_run("text"), seconds), SERVER_RATE, SERVER, target=10_000),
        Row.rate("env steps, state", "steps/s", rate(oracle_run("state"), seconds), SERVER_RATE, SERVER, target=10_000),
    ]
    answers = replay()
    if answers is not None:
        rows.append(Row.speedup("replay of published answers", "actions/s", rate(answers, seconds), SERVER_RATE, SERVER, target=1000))
    show(rows, args)


if __name__ == "__main__":
    main()
