"""Many episodes at once, the same episode twice, and hundreds in a row: none disturbs another, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from small_site import until
from small_web import browsers, family, pss

from mtenvs.core.tasks import Task
from mtenvs.envs.web.places import OwnPlaces
from mtenvs.envs.web.webarena import WebArenaEnv
from mtenvs.policies.basic import OraclePolicy
from mtenvs.vector import make_vec

pytestmark = pytest.mark.usefixtures("browser_needed")
TASKS = (
    "shop/wish/1",
    "shop/name/2",
    "shop/newsletter/0",
    "shop/order-total/3",
    "forum/subscribe/1",
    "forum/upvote/2",
    "forum/comment/0",
    "shop/cart/4",
)
BUY = "shop/buy/0"


class LastPiece(WebArenaEnv):
    """There is one piece of each product in stock."""

    def _enter(self, task: Task) -> None:
        super()._enter(task)
        self.ask("UPDATE product SET qty = 1")

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the shop's database."""
        assert isinstance(self.places, OwnPlaces)
        assert self.places.episode is not None
        return self.places.episode.rows("shop", sql)

    def sold_out(self) -> int:
        """How many products there is none of."""
        return len(self.ask("SELECT 1 FROM product WHERE qty = 0"))


def all_succeed(factories: list[Any]) -> Any:
    """Play the oracles in turn; the batch, whose episodes are over."""
    vec = make_vec(factories, backend="thread")
    obs, _ = vec.reset(seed=3)
    policy, scores, reasons = OraclePolicy(vec), [-1.0] * vec.num_envs, [""] * vec.num_envs
    for _ in range(40):
        obs, _, terminated, truncated, info = vec.step(policy(obs))
        for i in range(vec.num_envs):
            if (terminated[i] or truncated[i]) and not reasons[i]:
                reasons[i], scores[i] = info["stop_reason"][i], info["verdict"][i].score
        if all(reasons):
            break
    assert (reasons, scores) == (["goal_reached"] * vec.num_envs, [1.0] * vec.num_envs)
    return vec


@pytest.mark.slow
def test_the_last_piece_is_there_for_each_of_four() -> None:
    vec = all_succeed([partial(LastPiece, task=BUY, max_turns=30)] * 4)
    assert vec.call("sold_out") == (1, 1, 1, 1)
    vec.close()


@pytest.mark.slow
def test_eight_different_tasks_at_once() -> None:
    all_succeed([partial(WebArenaEnv, task=task) for task in TASKS]).close()


def solved(env: WebArenaEnv, task: str) -> float:
    """The oracle's score."""
    env.reset(seed=1, options={"task": task})
    info: dict[str, Any] = {}
    for action in env.oracle():
        info = env.step(action)[4]
    return float(info["verdict"].score or 0.0)


def test_within_a_running_event_loop() -> None:
    async def main() -> list[float]:
        with WebArenaEnv() as env:
            here = solved(env, TASKS[0])  # blocks the loop, as a step does
            there = await asyncio.to_thread(solved, env, TASKS[1])
        return [here, there]

    assert asyncio.run(main()) == [1.0, 1.0]


def test_from_several_threads() -> None:
    scores: dict[str, float] = {}

    def episode(task: str) -> None:
        with WebArenaEnv() as env:
            scores[task] = solved(env, task)

    threads = [threading.Thread(target=episode, args=(task,)) for task in TASKS[:3]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert scores == dict.fromkeys(TASKS[:3], 1.0)


# ---- the same again --------------------------------------------------------------------------------------------------


def contents(env: WebArenaEnv) -> dict[str, Any]:
    """Every table of every database of the episode."""
    assert isinstance(env.places, OwnPlaces)
    episode = env.places.episode
    assert episode is not None
    found: dict[str, Any] = {}
    for site in sorted(episode.sites):
        tables = episode.rows(site, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL TABLE%' ORDER BY name")
        found |= {f"{site} {t['name']}": [tuple(r.values()) for r in episode.rows(site, f'SELECT * FROM "{t["name"]}"')] for t in tables}  # noqa: S608 - names of tables
    return found


@pytest.mark.parametrize("task", [pytest.param(BUY, marks=pytest.mark.slow), "forum/comment/0"])
def test_the_same_seed_task_and_actions_give_the_same_episode(task: str) -> None:
    runs: list[list[Any]] = []
    actions: list[str] = []
    for _ in range(2):
        with WebArenaEnv(obs_mode="text+vision") as env:
            obs, _info = env.reset(seed=5, options={"task": task})
            run: list[Any] = [obs["text"], obs["image"].tobytes()]
            for action in actions if runs else env.oracle():
                if not runs:
                    actions.append(action)
                obs, *_, info = env.step(action)
                run += [obs["text"], obs["image"].tobytes()]
            run += [info["verdict"], info["stop_reason"], contents(env)]
            runs.append(run)
    for i, (first, again) in enumerate(zip(*runs, strict=True)):
        assert first == again, (i, actions[max(0, i // 2 - 1)] if i // 2 <= len(actions) else "the end")


# ---- what is left ----------------------------------------------------------------------------------------------------


def _target(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except OSError:  # the one that listed the folder
        return ""


def left() -> list[set[Any]]:
    """Processes, threads, folders and listening ports of ours."""
    temp = {path.name for path in Path(tempfile.gettempdir()).glob("mtenvs-*") if not path.name.startswith("mtenvs-tests-")}
    sockets = {_target(fd) for fd in Path("/proc/self/fd").iterdir()}
    mine = {f"socket:[{line.split()[9]}]" for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}
    return [set(family(os.getpid())), {t.name for t in threading.enumerate() if t.name.startswith("mtenvs")}, temp, sockets & mine]


def test_closing_leaves_nothing() -> None:
    before = left()
    env = WebArenaEnv()
    env.reset(seed=1, options={"task": TASKS[0]})
    during = left()
    assert all(during[i] - before[i] for i in (0, 1, 3))
    env.close()
    env.close()
    assert until(lambda: all(now <= then for now, then in zip(left(), before, strict=True))), (left(), before)


@pytest.fixture
def env() -> Iterator[WebArenaEnv]:
    with WebArenaEnv() as made:
        yield made


@pytest.mark.slow
def test_two_hundred_episodes_leave_no_memory_and_no_processes(env: WebArenaEnv) -> None:
    def used() -> tuple[int, int]:
        (browser,) = browsers()
        processes = [browser, *family(browser)]
        return pss(*processes), len(processes)

    begun = 0

    def play(count: int) -> tuple[int, int]:
        nonlocal begun
        for _ in range(count):
            begun += 1
            env.reset(seed=begun, options={"task": TASKS[begun % 2]})
            env.step(env.idle_action())
        return used()

    play(60)  # caches fill
    early = min(play(10) for _ in range(3))
    play(80)
    late = min(play(10) for _ in range(3))
    growth = (late[0] - early[0]) / 11  # for ten of the 110 episodes that lie between, KiB
    assert late[1] <= early[1] + 1
    assert growth < 1024, (early, late)
