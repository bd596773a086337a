"""Replays say whether an episode comes out as recorded, and where not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mtenvs
from mtenvs.core.errors import UnknownEnv, UnknownTask
from mtenvs.core.trajectory import Trajectory
from mtenvs.core.verdict import Verdict
from mtenvs.policies import named_policy
from mtenvs.rollout import TrajectoryStore, replay, rollout

TAMPERED = "the file itself: its hash chain is not that of its turns"
Change = Callable[[Trajectory], object]


@pytest.fixture(scope="module")
def recorded() -> Trajectory:
    with closing(mtenvs.make_vec("mtenvs/LongExecution-v0", 1, backend="sync", split=None)) as venv:
        return rollout(venv, named_policy("oracle", venv), 1, tasks=["k2-t10/0"])[0]


def copy(trajectory: Trajectory) -> Trajectory:
    return Trajectory.from_dict(trajectory.to_dict())


CHANGES: dict[str, tuple[Change, int, str]] = {
    "first": (lambda t: setattr(t, "start_anchor", "0"), 0, "the first observation"),
    "text": (lambda t: setattr(t.turns[0], "text", "?"), 1, "the text before the action"),
    "action": (lambda t: setattr(t.turns[3], "action", "answer(0)"), 4, "the reward: 0.0, recorded 1.0"),
    "reward": (lambda t: setattr(t.turns[5], "reward", 0.5), 6, "the reward: 1.0, recorded 0.5"),
    "anchor": (lambda t: setattr(t.turns[6], "anchor", "0"), 7, "the observation"),
    "verdict": (lambda t: setattr(t, "verdict", Verdict(0.0, success=False)), 10, "the verdict"),
    "stop": (lambda t: setattr(t, "stop_reason", "max_turns"), 10, "the verdict"),
    "longer": (lambda t: t.turns.append(t.turns[-1]), 11, "the length: it is over before"),
    "shorter": (lambda t: t.turns.pop(), 9, "the verdict"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_is_found_where_it_is(recorded: Trajectory, name: str) -> None:
    change, turn, what = CHANGES[name]
    changed = copy(recorded)
    change(changed)
    found = replay(changed)
    assert (found.same, found.differs_at, found.what) == (False, turn, what)
    assert replay(copy(recorded)).same


def test_a_file_that_was_changed_is_found_by_its_chain_and_played_to_say_where(recorded: Trajectory) -> None:
    changed = copy(recorded)
    changed.turns[3].action = "answer(0)"
    found = replay(changed, recorded.chain())
    assert not found.same
    assert found.differs_at == 4
    assert found.what == f"{TAMPERED}; played again it differs at turn 4: the reward: 0.0, recorded 1.0"
    spaced = copy(recorded)
    spaced.turns[3].action = f" {spaced.turns[3].action}"  # plays the same, and yet it is not what was recorded
    assert replay(spaced, recorded.chain()).what == TAMPERED


def test_a_difference_names_the_versions_that_may_explain_it(recorded: Trajectory) -> None:
    changed = copy(recorded)
    changed.turns[2].anchor = "0"
    changed.versions = {"mtenvs": "0.0.1"}
    assert "mtenvs" in replay(changed).what
    assert "recorded with 0.0.1" in replay(changed).what
    changed.turns[2].anchor = recorded.turns[2].anchor
    assert replay(changed).same


def test_an_episode_that_an_error_ended_is_compared_up_to_the_error(recorded: Trajectory) -> None:
    broken = copy(recorded)
    del broken.turns[5:]
    broken.turns[4] = replace(broken.turns[4], reward=0.0, anchor="", trainable=False)
    broken.stop_reason, broken.error, broken.verdict = "env_error", "Traceback ...", None
    found = replay(broken)
    assert (found.same, found.turns) == (True, 4)
    broken.turns[2].reward = 9.0
    assert replay(broken).differs_at == 3
    nothing = replace(broken, turns=[], start_anchor="")
    assert replay(nothing).same


def test_what_does_not_exist_here_is_a_typed_error(recorded: Trajectory) -> None:
    with pytest.raises(UnknownEnv):
        replay(replace(recorded, env_id="elsewhere/Thing-v3"))
    with pytest.raises(UnknownTask):
        replay(replace(recorded, task_id="k9-t9"))
    assert "nor can it be played" in replay(replace(recorded, task_id="k9-t9"), recorded.chain()).what


def test_pictures_are_compared_too(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    with closing(mtenvs.make_vec("mtenvs/HeroBench-v0", 1, backend="sync", obs_mode="text+vision", max_turns=4)) as venv:
        (episode,) = rollout(venv, named_policy("idle", venv), 1, tasks=["own/1/0"], store=store)
    assert replay(episode, store=store).same
    renamed = copy(episode)
    renamed.turns[1].images = ["ab"]
    assert (replay(renamed, store=store).differs_at, replay(renamed, store=store).what) == (2, "the picture before the action")
    path = store.image_path(episode.turns[2].images[0])
    Image.fromarray(np.zeros((640, 960, 3), np.uint8)).save(path)
    found = replay(episode, store=store)
    assert found.what == f"the stored picture {path.name}"
    path.write_bytes(b"no picture")
    assert replay(episode, store=store).what == f"the stored picture {path.name}"


def test_composed_tasks_replay() -> None:
    with closing(mtenvs.make_vec("mtenvs/LongExecution-v0", 1, backend="sync", split=None)) as venv:
        (episode,) = rollout(venv, named_policy("oracle", venv), 1, tasks=[["k1-t10/0", "k2-t10/0"]])
    assert episode.task_id == "k1-t10/0+k2-t10/0"
    assert replay(episode, episode.chain()).same
