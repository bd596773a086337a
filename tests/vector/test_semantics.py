"""What reset, step, send and recv mean, in every backend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from rough_env import ODD, RoughEnv, SpyEnv, rough

import mtenvs
from mtenvs.core.errors import ResetNeeded, UnknownEnv, UnknownOption, UnknownTask
from mtenvs.core.spaces import UText
from mtenvs.vector import BatchedVectorEnv, ClosedBatch, ProcessVectorEnv, SyncVectorEnv, ThreadVectorEnv, WorkerFailed

BACKENDS = ("sync", "thread", "process")
WORDS, HERO = "mtenvs/LongExecution-v0", "mtenvs/HeroBench-v0"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def venv(backend: str) -> Iterator[BatchedVectorEnv]:
    batch = mtenvs.make_vec(rough(), 3, backend=backend)
    yield batch
    batch.close()


def test_a_step_is_a_batch(venv: BatchedVectorEnv) -> None:
    obs, infos = venv.reset(seed=5)
    assert obs["text"] == ("start|0|5", "start|0|6", "start|0|7")
    assert venv.observation_space.contains(obs)
    obs, rewards, terminated, truncated, infos = venv.step(["a", "b", "end"])
    assert obs["text"] == ("a|1|5", "b|1|6", "end|1|7")
    assert obs["image"].shape == (3, 8, 8, 3)
    assert obs["image"].dtype == np.uint8
    assert (obs["state"] == [[1, 5], [1, 6], [1, 7]]).all()
    assert (obs["kind"] == 1).all()
    assert list(rewards) == [1.0, 1.0, 1.0]
    assert rewards.dtype == np.float64
    assert (list(terminated), list(truncated)) == ([False, False, True], [False] * 3)
    assert list(infos["action"]) == ["a", "b", "end"]
    assert list(infos["error"]) == ["", "", ""]
    assert infos["trainable"].all()
    assert infos["seed"].dtype == np.int64


def test_what_was_given_stays_as_it_was(venv: BatchedVectorEnv) -> None:
    first, _ = venv.reset(seed=0)
    before = first["state"].copy()
    venv.step(["a"] * 3)
    assert (first["state"] == before).all()
    first["image"][:] = 9


def test_views_are_read_only_and_follow(backend: str) -> None:
    venv = mtenvs.make_vec(rough(), 3, backend=backend, copy=False)
    first, _ = venv.reset(seed=0)
    with pytest.raises(ValueError, match="read-only"):
        first["image"][0] = 1
    second, *_ = venv.step(["a"] * 3)
    assert np.shares_memory(first["image"], second["image"])
    venv.send(["b", "c"], [0, 2])
    batch = venv.recv(2)
    assert [t.split("|")[1] for t in batch.obs["text"]] == ["2", "2"]
    venv.close()


def test_ended_environments_wait_for_a_masked_reset(venv: BatchedVectorEnv) -> None:
    venv.reset(seed=0)
    venv.step(["end", "a", "b"])
    obs, rewards, terminated, _, infos = venv.step([None, "a", "b"])
    assert (obs["text"][0], rewards[0], terminated[0], infos["_turn"][0]) == ("end|1|0", 0.0, False, False)
    with pytest.raises(ResetNeeded, match="environment 0"):
        venv.send(["x"], [0])
    obs, infos = venv.reset(seed=40, options={"reset_mask": np.array([True, False, False])})
    assert obs["text"] == ("start|0|40", "a|2|1", "b|2|2")
    assert list(infos["_seed"]) == [True, False, False]
    obs, *_ = venv.step(["c", "c", "c"])
    assert obs["text"] == ("c|1|40", "c|3|1", "c|3|2")
    venv.step(["end"] * 3)
    with pytest.raises(ResetNeeded):
        venv.step(["a"] * 3)


def test_next_step_resets_on_the_step_after_the_end(backend: str) -> None:
    venv = mtenvs.make_vec(rough(), 2, backend=backend, autoreset="next_step")
    assert venv.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    venv.reset(seed=0)
    assert venv.step(["end", "a"])[2].tolist() == [True, False]
    obs, rewards, terminated, truncated, infos = venv.step(["ignored", "a"])
    assert obs["text"][0].startswith("start|0|")
    assert (rewards[0], terminated[0], truncated[0], infos["turn"][0]) == (0.0, False, False, 0)
    assert obs["text"][1] == "a|2|1"
    assert venv.step(["go", "a"])[0]["text"][0].startswith("go|1|")
    venv.close()


def test_same_step_shows_the_next_start_and_keeps_the_end(backend: str) -> None:
    venv = mtenvs.make_vec(rough(), 2, backend=backend, autoreset="same_step")
    assert venv.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    venv.reset(seed=0)
    obs, rewards, terminated, _, infos = venv.step(["end", "a"])
    assert obs["text"][0].startswith("start|0|")
    assert (rewards[0], terminated.tolist()) == (1.0, [True, False])
    assert infos["final_obs"][0]["text"] == "end|1|0"
    assert infos["final_obs"][1] is None
    assert infos["final_info"]["action"][0] == "end"
    assert infos["_final_info"].tolist() == [True, False]
    assert infos["turn"].tolist() == [0, 1]
    venv.close()


def test_it_agrees_with_gymnasium_on_autoreset(backend: str) -> None:
    for mode in ("next_step", "same_step"):
        ours = mtenvs.make_vec(rough(ends_after=3), 2, backend=backend, autoreset=mode)
        theirs: Any = gym.vector.SyncVectorEnv([rough(ends_after=3)] * 2, autoreset_mode=ours.metadata["autoreset_mode"])
        assert ours.reset(seed=3)[0]["text"] == theirs.reset(seed=3)[0]["text"]
        for k in range(8):
            mine, other = ours.step([f"a{k}"] * 2), theirs.step((f"a{k}",) * 2)
            assert mine[0]["text"] == other[0]["text"]
            assert (mine[0]["state"] == other[0]["state"]).all()
            assert all((x == y).all() for x, y in zip(mine[1:4], other[1:4], strict=True))
            assert ("final_info" in mine[4]) == ("final_info" in other[4])
        ours.close()


def test_send_and_recv_go_at_each_ones_pace(venv: BatchedVectorEnv) -> None:
    venv.reset(seed=0)
    venv.send(["a", "b"], [2, 0])
    with pytest.raises(UnknownOption, match="environment 0"):
        venv.send(["again"], [0])
    with pytest.raises(UnknownOption, match="recv"):
        venv.step(["a"] * 3)
    one = venv.recv(max_ready=1, timeout=30)
    other = venv.recv(timeout=30)
    assert sorted([*one.env_ids, *other.env_ids]) == [0, 2]
    assert {int(b.env_ids[0]): b.obs["text"][0] for b in (one, other)} == {2: "a|1|2", 0: "b|1|0"}
    assert one.obs["image"].shape == (1, 8, 8, 3)
    assert one.infos["turn"].tolist() == [1]
    with pytest.raises(UnknownOption, match="nothing is under way"):
        venv.recv()
    venv.send(["x"] * 3)
    assert sorted(venv.recv(min_ready=3).env_ids) == [0, 1, 2]


def test_resets_can_be_sent_too(venv: BatchedVectorEnv) -> None:
    venv.send_reset([1, 0], seed=[7, 9])
    batch = venv.recv(2, timeout=30)
    assert batch.started.all()
    assert dict(zip(batch.env_ids.tolist(), batch.obs["text"], strict=True)) == {1: "start|0|7", 0: "start|0|9"}
    venv.send(["a"], [0])
    venv.send_reset([2])
    batch = venv.recv(2, timeout=30)
    assert dict(zip(batch.env_ids.tolist(), batch.started.tolist(), strict=True)) == {0: False, 2: True}


def test_a_reset_forgets_what_is_under_way(venv: BatchedVectorEnv) -> None:
    venv.reset(seed=0)
    venv.send(["a", "b"], [0, 1])
    obs, _ = venv.reset(seed=[50, None, None], options={"reset_mask": np.array([True, False, False])})
    assert obs["text"][0] == "start|0|50"
    batch = venv.recv(2, timeout=30)
    assert batch.obs["text"] == ("b|1|1",)
    obs, *_ = venv.step(["c"] * 3)
    assert obs["text"] == ("c|1|50", "c|2|1", "c|1|2")


def test_an_empty_wait_gives_an_empty_batch(backend: str) -> None:
    if backend == "sync":
        pytest.skip("nothing is under way while nobody waits")
    venv = mtenvs.make_vec(rough(), 2, backend=backend)
    venv.reset(seed=0)
    venv.send(["wait 0.4"], [1])
    batch = venv.recv(timeout=0.01)
    assert len(batch.env_ids) == len(batch.obs["text"]) == 0
    assert batch.obs["image"].shape == (0, 8, 8, 3)
    assert venv.recv(timeout=30).env_ids.tolist() == [1]
    venv.close()


def test_calls_reach_the_environments(venv: BatchedVectorEnv) -> None:
    venv.reset(seed=3)
    assert venv.call("turn") == (0, 0, 0)
    assert venv.get_attr("seed") == (3, 4, 5)
    venv.set_attr("turn", [4, 5, 6])
    assert venv.call_one(1, "turn") == 5
    with pytest.raises(AttributeError):
        venv.call("no_such_thing")
    with pytest.raises(UnknownOption, match="no environment 3"):
        venv.call_one(3, "turn")
    assert venv.step(["a"] * 3)[0]["text"][2] == "a|7|5"


def test_calls_reach_wrappers_and_what_is_inside(backend: str) -> None:
    venv = mtenvs.make_vec(_counted, 2, backend=backend)
    venv.reset(seed=3)
    venv.step(["a", "b"])
    assert venv.call("plus", 10) == (11, 11)
    assert venv.get_attr("count") == (1, 1)
    venv.set_attr("count", [5, 6])
    venv.set_attr("turn", 8)
    assert (venv.get_attr("count"), venv.get_attr("turn")) == ((5, 6), (8, 8))
    venv.close()


class Counted(gym.Wrapper[Any, Any, Any, Any]):
    """Counts turns."""

    count = 0

    def step(self, action: Any) -> Any:
        self.count += 1
        return self.env.step(action)

    def plus(self, more: int) -> int:
        return self.count + more


def _counted() -> gym.Env[Any, Any]:
    return Counted(RoughEnv())


def test_batches_say_whether_they_step_together() -> None:
    batches = {name: mtenvs.make_vec(HERO, 2, backend=name, obs_mode="text") for name in (*BACKENDS, "native")}
    assert {name: venv.steps_together for name, venv in batches.items()} == {
        "sync": True,
        "thread": False,
        "process": False,
        "native": True,
    }
    for venv in batches.values():
        venv.close()


def test_odd_and_huge_texts_arrive_whole(venv: BatchedVectorEnv) -> None:
    venv.reset(seed=0)
    obs, _, _, _, infos = venv.step(["odd", "huge", "lambda"])
    assert obs["text"][0] == f"{ODD}odd|1|0"
    assert obs["text"][1] == "x漢" * 500_000 + "huge|1|1"
    assert infos["call"][2]() == "lambda"
    obs, *_ = venv.step([ODD, "y" * 700_000, "c"])
    assert obs["text"] == (f"{ODD}|2|0", "y" * 700_000 + "|2|1", "c|2|2")


def test_misuse_is_typed(venv: BatchedVectorEnv) -> None:
    with pytest.raises(ResetNeeded):
        venv.step(["a"] * 3)
    with pytest.raises(ResetNeeded, match="first reset"):
        venv.reset(options={"reset_mask": np.array([True, False, False])})
    venv.reset(seed=0)
    for actions in (["a"] * 2, ["a"] * 4, "abc", 7, ["a", 3, "b"], ["a", None, "b"], [np.zeros(2), "a", "b"]):
        with pytest.raises(UnknownOption):
            venv.step(actions)
    wrong: tuple[list[Any], ...] = ([3], [-1], [0, 0], ["0"], [True])
    for ids in wrong:
        with pytest.raises(UnknownOption):
            venv.send(["a"] * len(ids), ids)
    with pytest.raises(UnknownOption):
        venv.reset(seed=[1, 2])
    with pytest.raises(UnknownOption):
        venv.reset(options={"reset_mask": [1, 0, 0]})
    venv.send(["a"], [0])
    with pytest.raises(UnknownOption):
        venv.recv(min_ready=2, max_ready=1)
    assert venv.recv().obs["text"] == ("a|1|0",)
    venv.close()
    venv.close()
    with pytest.raises(ClosedBatch):
        venv.reset()
    with pytest.raises(ClosedBatch):
        venv.step(["a"] * 3)
    with pytest.raises(ClosedBatch):
        venv.recv()


def test_what_an_environment_refuses_is_raised_and_the_others_start(backend: str) -> None:
    venv = mtenvs.make_vec(WORDS, 2, backend=backend, split=None)
    with pytest.raises(UnknownTask):
        venv.reset(seed=0, options={"tasks": ["k1-t10/0", "no such task"]})
    with pytest.raises(UnknownOption, match="no option"):
        venv.reset(seed=0, options={"speed": 3})
    _, infos = venv.reset(seed=0, options={"tasks": ["k1-t10/0"]})
    assert list(infos["task_id"]) == ["k1-t10/0"] * 2
    venv.close()


def test_all_backends_show_the_same() -> None:
    kwargs: dict[str, Any] = {"obs_mode": "all", "task": "own/2/0"}
    batches = [mtenvs.make_vec(HERO, 2, backend=name, **kwargs) for name in BACKENDS]
    starts = [venv.reset(seed=11) for venv in batches]
    for _ in range(6):
        actions = list(batches[0].call("next_oracle_action"))
        steps = [venv.step(actions) for venv in batches]
        for other in steps[1:]:
            assert other[0]["text"] == steps[0][0]["text"]
            assert all((other[0][key] == steps[0][0][key]).all() for key in ("image", "state"))
            assert (other[1] == steps[0][1]).all()
            assert list(other[4]["anchor"]) == list(steps[0][4]["anchor"])
            assert other[4].keys() == steps[0][4].keys()
    assert all(list(s[1]["task_id"]) == list(starts[0][1]["task_id"]) for s in starts)
    assert [v.describe(1) for v in batches] == [{"env_id": HERO, "make_kwargs": kwargs, "wrappers": []}] * 3
    for venv in batches:
        venv.close()


def test_different_ids_share_a_batch_when_their_actions_have_one_form() -> None:
    venv = mtenvs.make_vec([WORDS, HERO], obs_mode="text")
    obs, infos = venv.reset(seed=0)
    assert list(infos["env_id"]) == [WORDS, HERO]
    assert venv.observation_space.contains(obs)
    assert venv.single_observation_space["text"] == UText(60_000)  # type: ignore[index]  # a Dict
    assert [space.contains(a) for space, a in zip(venv.action_space, venv.action_space.sample(), strict=True)] == [True, True]  # type: ignore[call-overload]  # a Tuple
    venv.close()


def test_what_cannot_share_a_batch_is_refused() -> None:
    with pytest.raises(UnknownOption, match="observations"):
        mtenvs.make_vec([rough(), rough(size=4)])
    with pytest.raises(UnknownOption, match="form of action"):
        mtenvs.make_vec([rough(), _cartpole])
    for wrong in (
        {"backend": "telepathy"},
        {"autoreset": "never"},
        {"step_timeout": 1.0, "backend": "sync"},
        {"workers": 2, "backend": "thread"},
    ):
        with pytest.raises(UnknownOption):
            mtenvs.make_vec(rough(), 2, **wrong)
    for odd in ({"workers": 3}, {"workers": 0}, {"context": "fork"}, {"step_timeout": 0.0}):
        with pytest.raises(UnknownOption):
            mtenvs.make_vec(rough(), 2, backend="process", **odd)
    for envs, count in (([], None), (WORDS, 0), ([WORDS, WORDS], 3), ([3], None), (WORDS, -1)):
        with pytest.raises(UnknownOption):
            mtenvs.make_vec(envs, count)  # type: ignore[arg-type]
    with pytest.raises(UnknownEnv):
        mtenvs.make_vec("mtenvs/NoSuchThing-v0", 2)


def test_an_environment_that_cannot_be_built_says_why(backend: str) -> None:
    if backend == "process":
        with pytest.raises(WorkerFailed, match=r"no spies here[\s\S]*cannot be built"):
            mtenvs.make_vec(SpyEnv, 2, backend=backend)
    else:
        with pytest.raises(OSError, match="cannot be built"):
            mtenvs.make_vec(SpyEnv, 2, backend=backend)
    with pytest.raises(UnknownTask):
        mtenvs.make_vec(WORDS, 2, backend=backend, task="no such task")


def test_plain_gymnasium_environments_work(backend: str) -> None:
    ours = mtenvs.make_vec(_cartpole, 2, backend=backend)
    theirs: Any = gym.vector.SyncVectorEnv([_cartpole] * 2)
    assert (ours.reset(seed=1)[0] == theirs.reset(seed=1)[0]).all()
    actions = np.array([0, 1])
    mine, other = ours.step(actions), theirs.step(actions)
    assert (mine[0] == other[0]).all()
    assert (mine[1] == other[1]).all()
    with pytest.raises(UnknownOption):
        ours.step([0.5, 1])
    ours.close()


def _cartpole() -> gym.Env[Any, Any]:
    return gym.make("CartPole-v1")


def test_gymnasium_makes_the_same_batch() -> None:
    venv = gym.make_vec(HERO, num_envs=2, obs_mode="text", backend="process")
    assert isinstance(venv, ProcessVectorEnv)
    venv.close()
    assert isinstance(gym.make_vec(HERO, num_envs=2, obs_mode="text"), SyncVectorEnv)
    assert isinstance(mtenvs.make_vec(HERO, 1), SyncVectorEnv)
    assert isinstance(mtenvs.make_vec(rough(), 2, backend="thread"), ThreadVectorEnv)
    assert isinstance(gym.make_vec(WORDS, num_envs=2), SyncVectorEnv)


def test_box_actions_are_checked(backend: str) -> None:
    venv = mtenvs.make_vec(_slider, 2, backend=backend)
    venv.reset(seed=0)
    obs, *_ = venv.step(np.ones((2, 2), np.float32))
    assert obs["state"].shape == (2, 1)
    for wrong in (np.ones((2, 3), np.float32), [[1.0], [1.0, 2.0]], ["push", "push"], np.ones((3, 2))):
        with pytest.raises(UnknownOption):
            venv.step(wrong)
    venv.close()


def _slider() -> gym.Env[Any, Any]:
    from toy import SliderEnv  # noqa: PLC0415 - imported in the worker

    return SliderEnv()


def test_environments_of_one_process_are_reachable() -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="sync")
    assert isinstance(venv, SyncVectorEnv)
    assert all(isinstance(env, RoughEnv) for env in venv.envs)
