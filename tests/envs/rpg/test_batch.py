"""The batched engine gives what single environments give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mtenvs
from mtenvs.envs.rpg.batch import fits, step_many

TASKS = ["own/1/0", "own/3/1", "own/10/0", "own/12/1", "own/14/0"]


def make(task: str, **kwargs: Any) -> Any:
    return mtenvs.make("HeroBench", task=task, **kwargs).unwrapped


def script(task: str, rng: np.random.Generator) -> list[Any]:
    """An oracle's episode with odd actions strewn in."""
    env = make(task, max_turns=10**6)
    env.reset(seed=7)
    odd = [
        "fight()",
        "move(999, 0)",
        "nonsense",
        "",
        "gather(0)",
        "inspect('nothing')",
        f"inspect({env.hero_task.target!r})",
        {"name": "fight"},
    ]
    out: list[Any] = []
    while env.running:
        if rng.random() < 0.2:
            out.append(odd[int(rng.integers(len(odd)))])
            env.step(out[-1])
        else:
            out.append(env.next_oracle_action())
            env.step(out[-1])
        if len(out) > 400:
            break
    return out


def same(one: Any, many: Any) -> bool:
    if isinstance(one, dict):
        return all(same(value, many[key]) for key, value in one.items())
    return bool(one == many)


@pytest.mark.parametrize("limit", [None, 30])
def test_a_batch_equals_its_environments(limit: int | None) -> None:
    scripts = [script(task, np.random.default_rng(i)) for i, task in enumerate(TASKS)]
    singles, batch = [[make(task, max_turns=limit) for task in TASKS] for _ in range(2)]
    for env in (*singles, *batch):
        env.reset(seed=7)
    ended = 0
    for turn in range(max(map(len, scripts))):
        live = [i for i, env in enumerate(singles) if env.running and turn < len(scripts[i])]
        if not live:
            break
        together = step_many([batch[i] for i in live], [scripts[i][turn] for i in live])
        for k, i in enumerate(live):
            obs, reward, terminated, truncated, info = singles[i].step(scripts[i][turn])
            assert together.obs[k] == obs
            assert (together.rewards[k], together.terminated[k], together.truncated[k]) == (reward, terminated, truncated)
            for key, value in info.items():
                column = together.infos[key]
                found = {name: values[k] for name, values in column.items()} if isinstance(column, dict) else column[k]
                assert same(value, found), key
            assert batch[i].hero == singles[i].hero
            ended += terminated or truncated
    assert ended >= (len(TASKS) if limit else 3)


def test_snapshots_of_both_are_equal() -> None:
    single, batched = make("own/3/1"), make("own/3/1")
    single.reset(seed=1)
    batched.reset(seed=1)
    for _ in range(15):
        action = single.next_oracle_action()
        single.step(action)
        step_many([batched], [action])
    assert single.snapshot() == batched.snapshot()


def test_other_modes_do_not_fit() -> None:
    assert fits(make("own/1/0"))
    for kwargs in ({"mode": "program"}, {"control": "discrete"}, {"obs_mode": "all"}, {"verdict_every_turn": True}):
        assert not fits(make("own/1/0", **kwargs))
