"""Rollouts, the store and replay, on a small real environment."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from PIL import Image

import mtenvs
from mtenvs.core.errors import DataError, ResetNeeded, UnknownOption
from mtenvs.policies import RandomPolicy, ReplayPolicy, named_policy
from mtenvs.rollout import TrajectoryStore, evaluate, replay, rollout
from mtenvs.rollout.pictures import save_gif

ID = "mtenvs/LongExecution-v0"


@pytest.fixture
def venv() -> Any:
    return mtenvs.make_vec(ID, 3, split=None)


def test_more_episodes_than_environments_come_back_in_order(venv: Any) -> None:
    episodes = mtenvs.rollout(venv, named_policy("oracle", venv), 8, seed=10)
    assert [e.seed for e in episodes] == list(range(10, 18))
    assert all(e.success for e in episodes)
    assert all(len(e.turns) == e.verdict.metrics["horizon"] for e in episodes if e.verdict is not None)


def test_an_episode_does_not_depend_on_its_neighbours(venv: Any) -> None:
    together = rollout(venv, named_policy("oracle", venv), 5, seed=0)
    single = mtenvs.make_vec(ID, 1, split=None)
    alone = rollout(single, named_policy("oracle", single), 5, seed=0)
    assert [e.chain() for e in together] == [e.chain() for e in alone]


def test_tasks_are_played_in_turn(venv: Any) -> None:
    episodes = rollout(venv, named_policy("idle", venv), 4, tasks=["k1-t10/0", "k2-t10/0"])
    assert [e.task_id for e in episodes] == ["k1-t10/0", "k2-t10/0"] * 2
    assert not any(e.success for e in episodes)


def test_recorded_episodes_replay_to_the_same_and_changed_ones_do_not(venv: Any, tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    rollout(venv, named_policy("oracle", venv), 2, store=store)
    for trajectory, chain in store.read():
        assert replay(trajectory, chain).same
    tampered, chain = next(store.read())
    tampered.turns[3].action = "answer(0)"
    assert replay(tampered, chain).what.startswith("the file itself")
    assert replay(tampered).differs_at == 4


def test_a_torn_last_line_is_left_out_and_the_next_one_is_whole(venv: Any, tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    rollout(venv, named_policy("oracle", venv), 2, store=store)
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:-50])
    assert len(list(store)) == 1
    rollout(venv, named_policy("oracle", venv), 1, store=store)
    assert len(list(store)) == 2


def test_a_full_disk_is_an_error_and_keeps_what_was_there(venv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TrajectoryStore(tmp_path)
    rollout(venv, named_policy("oracle", venv), 1, store=store)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mtenvs.rollout.store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        rollout(venv, named_policy("oracle", venv), 1, store=store)
    assert len(list(store)) == 1


def test_equal_pictures_are_kept_once(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    picture = np.zeros((4, 4, 3), np.uint8)
    assert store.save_image(picture) == store.save_image(picture.copy())
    assert store.save_image(picture + 1) != store.save_image(picture)
    assert len(list((tmp_path / "images").iterdir())) == 2


def test_lines_are_plain_json_with_messages_to_train_on(venv: Any, tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    (episode,) = rollout(venv, named_policy("oracle", venv), 1, store=store)
    data = json.loads(store.path.read_text())
    assert data["task_id"] == episode.task_id
    messages = episode.messages()
    assert [m["role"] for m in messages[:2]] == ["user", "assistant"]
    assert episode.goal in messages[0]["content"]
    assert len(messages) == 2 * len(episode.turns)


def test_evaluate_sums_up(venv: Any) -> None:
    row = evaluate(venv, named_policy("oracle", venv), 4, tasks=["k1-t10/0"])
    assert (row.episodes, row.success, row.score, row.turns, row.errors) == (4, 1.0, 1.0, 10.0, 0)


def test_any_function_is_a_policy(venv: Any) -> None:
    episodes = rollout(venv, lambda obs: ["answer(0)"] * len(obs["text"]), 2, tasks=["k1-t10/0"])
    assert all(len(e.turns) == 10 for e in episodes)


def test_replay_policy_plays_the_list(venv: Any) -> None:
    episodes = rollout(venv, ReplayPolicy(["answer(1)"] * 10, 3), 3, tasks=["k1-t10/0"])
    assert {t.parsed for t in episodes[0].turns} == {"answer(total=1)"}


def test_random_policies_with_one_seed_agree(venv: Any) -> None:
    first = rollout(venv, RandomPolicy(venv, seed=1), 3, tasks=["k1-t10/0"])
    second = rollout(venv, RandomPolicy(venv, seed=1), 3, tasks=["k1-t10/0"])
    assert [e.chain() for e in first] == [e.chain() for e in second]


def test_groups_are_copies_of_one_task_and_seed() -> None:
    venv = mtenvs.make_vec(ID, 4, split=None)
    obs, info = venv.reset(seed=7, options={"tasks": ["k1-t10/0", "k2-t10/0"], "group_size": 2})
    assert list(info["task_id"]) == ["k1-t10/0", "k1-t10/0", "k2-t10/0", "k2-t10/0"]
    assert list(info["seed"]) == [7, 7, 8, 8]
    assert obs["text"][0] == obs["text"][1] != obs["text"][2]


def test_a_masked_reset_leaves_the_others_alone() -> None:
    venv = mtenvs.make_vec(ID, 3, split=None)
    venv.reset(seed=0)
    venv.step(["repeat()"] * 3)
    _, info = venv.reset(seed=5, options={"reset_mask": np.array([False, True, False])})
    assert [env.unwrapped._turn for env in venv.envs] == [1, 0, 1]  # type: ignore[attr-defined]  # ours
    assert list(info["_turn"]) == [False, True, False]


def test_misuse_of_a_batch_is_typed() -> None:
    with pytest.raises(UnknownOption):
        mtenvs.make_vec(ID, 2, backend="telepathy")
    with pytest.raises(UnknownOption):
        mtenvs.make_vec(ID, 0)
    venv = mtenvs.make_vec(ID, 2)
    with pytest.raises(ResetNeeded):
        venv.step(["repeat()"] * 2)
    venv.reset(seed=0)
    with pytest.raises(UnknownOption):
        venv.step(["repeat()"])
    with pytest.raises(UnknownOption):
        venv.reset(seed=[1, 2, 3])
    with pytest.raises(UnknownOption):
        mtenvs.make_vec([partial(mtenvs.make, ID), partial(gym.make, "CartPole-v1")])


def test_a_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="record trajectories first"):
        TrajectoryStore.open(tmp_path)


def test_gif_shows_every_frame(tmp_path: Path) -> None:
    frames = [np.full((8, 8, 3), 40 * i, np.uint8) for i in range(5)]
    save_gif(frames, tmp_path / "a" / "x.gif", fps=10)
    with Image.open(tmp_path / "a" / "x.gif") as image:
        assert image.n_frames == 5  # type: ignore[attr-defined]  # GIFs have it
    with pytest.raises(UnknownOption):
        save_gif([], tmp_path / "y.gif")
