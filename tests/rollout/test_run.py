"""Rollouts that meet slow, failing and different environments, and policies that know more than an action."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from toy import CounterEnv

import mtenvs
from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Reply, Trajectory
from mtenvs.policies import named_policy
from mtenvs.rollout import Interrupted, TrajectoryStore, record, rollout
from mtenvs.rollout.loops import as_they_come
from mtenvs.rollout.plan import Assignment, plan
from mtenvs.rollout.session import Session

ID = "mtenvs/LongExecution-v0"


class Faulty(CounterEnv):
    """Breaks where the seed says so."""

    def _begin(self, task: Any) -> str:
        if self.episode_seed == 2:
            raise RuntimeError("the world would not start")
        return super()._begin(task)

    def _ended(self) -> str:
        if self.episode_seed == 5 and self.total >= 2:
            raise RuntimeError("the world fell apart")
        return ""


class Counting:
    """Solves the counter by what it reads; asked for whoever is ready."""

    name = "counting"

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.asked: list[list[int]] = []

    def reset(self, env_ids: Sequence[int]) -> None:
        self.begun += env_ids

    def __call__(self, obs: Any, env_ids: Sequence[int]) -> list[Any]:
        assert len(obs["text"]) == len(env_ids) == len(obs["state"])
        self.asked.append(list(env_ids))
        return [self.act(total, target) for total, target in obs["state"]]

    def act(self, total: float, target: float) -> Any:
        return "submit()" if total >= target else "add(1)"


@pytest.fixture(params=["sync", "thread"])
def faulty(request: pytest.FixtureRequest) -> Iterator[Any]:
    with closing(mtenvs.make_vec(partial(Faulty, obs_mode="all"), 3, backend=request.param)) as venv:
        yield venv


def chains(episodes: Sequence[Trajectory]) -> list[str]:
    return [e.chain() for e in episodes]


@pytest.mark.parametrize("backend", ["thread", "process"])
def test_every_backend_plays_the_same_episodes(backend: str) -> None:
    with closing(mtenvs.make_vec(ID, 3, backend=backend, split=None)) as venv, closing(mtenvs.make_vec(ID, 1, split=None)) as one:
        together = rollout(venv, named_policy("oracle", venv), 7, seed=3)
        assert chains(together) == chains(rollout(one, named_policy("oracle", one), 7, seed=3))
        assert [e.seed for e in together] == list(range(3, 10))
        assert all(e.versions for e in together)


@pytest.mark.parametrize("min_ready", [None, 1, 2, 99])
def test_the_order_of_arrival_changes_nothing(min_ready: int | None) -> None:
    with closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all"), 3, backend="sync")) as venv:
        expected = chains(rollout(venv, Counting(), 7))
        session = Session(venv, Counting(), None, None, None)
        as_they_come(session, plan(7), min_ready)
        assert chains([session.done[k] for k in range(7)]) == expected


def test_a_slow_environment_holds_nobody_up() -> None:
    may_go_on = threading.Event()

    class Slow(CounterEnv):
        def _apply_gate(self) -> None:
            if self.episode_seed == 0:
                assert may_go_on.wait(60)

        def _ended(self) -> str:
            self._apply_gate()
            return ""

    done: list[int] = []

    def tick(trajectory: Trajectory) -> None:
        done.append(trajectory.seed)
        if len(done) == 5:
            may_go_on.set()  # only once all others are through

    with closing(mtenvs.make_vec(partial(Slow, obs_mode="all"), 2, backend="thread")) as venv:
        episodes = rollout(venv, Counting(), 6, on_episode=tick)
    assert done[-1] == 0
    assert [e.seed for e in episodes] == list(range(6))
    assert all(e.success for e in episodes)


def test_an_environment_that_fails_costs_its_own_episode_and_is_named(faulty: Any, tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    episodes = rollout(faulty, Counting(), 8, store=store)
    assert [e.stop_reason for e in episodes] == ["env_error" if e.seed in (2, 5) else "goal_reached" for e in episodes]
    assert "would not start" in episodes[2].error
    assert (episodes[2].turns, episodes[2].goal, episodes[2].start_anchor) == ([], "", "")
    assert "fell apart" in episodes[5].error
    assert [t.trainable for t in episodes[5].turns] == [True, False]
    assert all(t.trainable for e in episodes for t in e.turns if not e.failed)
    assert len(store) == 8


def test_plain_functions_see_the_whole_batch(faulty: Any) -> None:
    def policy(obs: Any) -> list[str]:
        assert len(obs["text"]) == 3
        return ["submit()"] * 3

    assert [len(e.turns) for e in rollout(faulty, policy, 7)] == [1, 1, 0, 1, 1, 1, 1]


def test_policies_that_take_env_ids_are_asked_only_about_who_waits(faulty: Any) -> None:
    policy = Counting()
    episodes = rollout(faulty, policy, 4, seed=10)
    assert sum(len(ids) for ids in policy.asked) == sum(len(e.turns) for e in episodes)
    assert len(policy.begun) == 4


def test_replies_pass_through_untouched() -> None:
    ids, logprobs, usage = [5, 6, 2**31], [-0.25, -1e-9, 0.0], {"prompt_tokens": 9, "completion_tokens": 3}

    class Talking(Counting):
        def act(self, total: float, target: float) -> Any:
            action = {"name": "submit", "arguments": {}}
            return Reply(action, token_ids=ids, logprobs=logprobs, usage=usage, text="so: submit", trainable=total < target)

    with closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all"), 1)) as venv:
        (episode,) = rollout(venv, Talking(), 1)
    (turn,) = episode.turns
    assert (turn.token_ids, turn.logprobs, turn.usage, turn.reply) == (ids, logprobs, usage, "so: submit")
    assert turn.action == {"name": "submit", "arguments": {}}
    assert episode.messages()[-1] == {"role": "assistant", "content": "so: submit"}
    assert episode.usage == usage


def test_a_policy_that_gives_up_ends_its_episode_alone(faulty: Any) -> None:
    class Weak(Counting):
        def act(self, total: float, target: float) -> Any:
            if total == 3:
                return Reply("", failure={"kind": "given_up", "message": "HTTP 503"})
            return Reply(super().act(total, target), failure={"kind": "timeout", "message": "10 s"} if total == 1 else None)

    episodes = rollout(faulty, Weak(), 5, seed=10)
    assert {(e.stop_reason, e.error) for e in episodes} == {("policy_error", "HTTP 503")}
    assert all([t.trainable for t in e.turns] == [True, False, True, False] for e in episodes)
    assert episodes[0].turns[1].failure == {"kind": "timeout", "message": "10 s"}


def test_mixed_batches_give_each_episode_the_same_world_every_time() -> None:
    envs = [partial(CounterEnv, obs_mode="all", task=task) for task in ("to/3", "to/8")]
    with closing(mtenvs.make_vec(envs, backend="thread")) as venv:
        episodes = rollout(venv, Counting(), 6)
    assert sorted({e.task_id for e in episodes}) == ["to/3", "to/8"]
    lanes = Assignment(plan(6), [{"env_id": "a"}, {"env_id": "b"}])
    assert [e.index for e in (lanes.next_for(1), lanes.next_for(1), lanes.next_for(0)) if e is not None] == [1, 3, 0]


def test_groups_share_task_and_seed_and_differ_between() -> None:
    with closing(mtenvs.make_vec(ID, 3, split=None)) as venv:
        episodes = rollout(venv, named_policy("idle", venv), 6, tasks=["k1-t10/0", "k2-t10/0"], group_size=3)
    assert [e.task_id for e in episodes] == ["k1-t10/0"] * 3 + ["k2-t10/0"] * 3
    groups = [e.group for e in episodes]
    assert groups[0] == groups[1] == groups[2] != groups[3]


def count_calls(policy: Any) -> Callable[..., Any]:
    def counted(obs: Any, env_ids: Sequence[int]) -> Any:
        counted.turns += len(env_ids)  # type: ignore[attr-defined]  # a function with a counter
        return policy(obs, env_ids=env_ids)

    counted.turns = 0  # type: ignore[attr-defined]  # same
    counted.name = "oracle"  # type: ignore[attr-defined]  # same
    return counted


def test_resume_plays_only_what_is_not_there(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    with closing(mtenvs.make_vec(ID, 2, split=None)) as venv:
        oracle = named_policy("oracle", venv)
        first = rollout(venv, oracle, 3, tasks=["k1-t10/0", "k2-t10/0"], store=store)
        again = count_calls(oracle)
        whole = rollout(venv, again, 5, tasks=["k1-t10/0", "k2-t10/0"], store=store, resume=True)
        assert chains(whole)[:3] == chains(first)
        assert again.turns == 20  # type: ignore[attr-defined]  # two episodes of ten turns
        assert [e.seed for e in store] == [0, 1, 2, 3, 4]
        other = count_calls(oracle)
        rollout(venv, other, 2, tasks=["k2-t10/0", "k1-t10/0"], store=store, resume=True)
        assert other.turns == 20  # type: ignore[attr-defined]  # other tasks for these seeds
        with pytest.raises(UnknownOption, match="needs the store"):
            rollout(venv, oracle, 1, resume=True)
    with closing(mtenvs.make_vec(ID, 2, split=None, max_turns=4)) as venv:
        assert len(rollout(venv, named_policy("oracle", venv), 1, store=store, tasks=["k1-t10/0"], resume=True)[0].turns) == 4


def test_resume_plays_again_what_an_error_had_ended(faulty: Any, tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    rollout(faulty, Counting(), 4, store=store)
    rollout(faulty, Counting(), 4, store=store, resume=True)
    assert [e.seed for e in store if e.failed] == [2, 2]
    assert len(store) == 5


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)

    def stop(trajectory: Trajectory) -> None:
        if trajectory.seed == 2:
            raise KeyboardInterrupt

    with closing(mtenvs.make_vec(ID, 2, split=None)) as venv, pytest.raises(Interrupted) as caught:
        rollout(venv, named_policy("oracle", venv), 9, tasks=["k1-t10/0"], store=store, on_episode=stop)
    assert [e.seed for e in caught.value.episodes] == [e.seed for e in store] == [0, 1, 2]
    assert str(caught.value) == "stopped after 3 of 9 episodes"


@pytest.mark.parametrize(
    "keywords",
    [{"n": 0}, {"n": 1, "group_size": 0}, {"n": 1, "tasks": []}, {"n": 1, "min_ready": 0}],
    ids=["none", "group", "tasks", "min_ready"],
)
def test_what_cannot_be_played_is_named(keywords: dict[str, Any]) -> None:
    with closing(mtenvs.make_vec(ID, 1)) as venv, pytest.raises(UnknownOption, match=r"at least|needs"):
        rollout(venv, named_policy("idle", venv), **keywords)


def test_a_policy_with_too_few_actions_is_named() -> None:
    with closing(mtenvs.make_vec(ID, 2)) as venv, pytest.raises(UnknownOption, match="gave 1 actions for 2 observations"):
        rollout(venv, lambda _: ["repeat()"], 1)


def test_seeds_count_up_from_the_given_one() -> None:
    assert all(b.seed - a.seed == 1 for a, b in pairwise(plan(5, seed=7)))


def test_several_pictures_a_turn_are_kept_in_their_order(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    frames = np.arange(2 * 3 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 3, 4, 4, 3)
    obs = {"text": ("a", "b"), "frames": frames, "num_frames": np.array([3, 2])}
    words, names = record.seen(obs, 1, store)
    assert words == "b"
    assert len(names) == 2
    assert all(store.holds(name, frame) for name, frame in zip(names, frames[1], strict=False))


@pytest.mark.parametrize("backend", ["sync", "thread"])
def test_environments_from_elsewhere_are_played_too(backend: str, tmp_path: Path) -> None:
    def policy(obs: Any, env_ids: Sequence[int]) -> list[int]:
        assert obs.shape == (len(env_ids), 4)
        return [0] * len(env_ids)

    store = TrajectoryStore(tmp_path)
    with closing(mtenvs.make_vec(partial(gym.make, "CartPole-v1"), 2, backend=backend)) as venv:
        episodes = rollout(venv, policy, 3, store=store)
    assert [e.env_id for e in episodes] == ["CartPole-v1"] * 3
    assert all(e.total_reward == len(e.turns) > 1 for e in store)
