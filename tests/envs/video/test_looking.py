"""FrameThinker, SAGE and LongShOT played through on a generated film."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mtenvs
from mtenvs.core.errors import DataError, UnknownOption, UnknownTask, VideoError
from mtenvs.core.tasks import Task
from mtenvs.envs.video.base import video_path
from mtenvs.envs.video.framethinker.env import SEEN_SKILLS, FrameThinkerEnv
from mtenvs.envs.video.question import SKILLS, TIERS

pytest.importorskip("av", reason="the extra `video` is not installed")
IDS = ("FrameThinker", "SAGE", "LongShOT")


def play(env: Any, actions: Iterator[Any]) -> dict[str, Any]:
    """Play until the episode is over; the last info."""
    for action in actions:
        _, _, terminated, truncated, info = env.step(action)
        if terminated or truncated:
            return dict(info)
    raise AssertionError("the actions came to an end before the episode")


def tasks_of(name: str, video: str) -> list[str]:
    return [i for i in mtenvs.tasks(name).ids if i.startswith(f"{video}/")]


def check_plays(name: str, video: str) -> None:
    for task in tasks_of(name, video):
        with mtenvs.make(name, task=task, obs_mode="text") as made:
            env: Any = made.unwrapped
            env.reset(seed=0)
            info = play(env, env.oracle())
            assert info["success"], f"{task}: {info['verdict']}"
            env.reset(seed=0)
            assert play(env, env.near_miss())["verdict"].score < 1, task
            env.reset(seed=0)
            idle = play(env, iter([env.idle_action()] * 100))
            assert idle["verdict"].score == 0, task
            assert idle["stop_reason"] == "max_turns"


@pytest.mark.parametrize("name", IDS)
def test_every_task_about_a_film_is_solved_by_its_oracle_alone(name: str) -> None:
    assert tasks_of(name, "clip-0")
    check_plays(name, "clip-0")


@pytest.mark.slow
@pytest.mark.parametrize("video", ["clip-3", "clip-6", "clip-7", "short-0"])
@pytest.mark.parametrize("name", IDS)
def test_and_so_it_is_with_other_films(name: str, video: str) -> None:
    check_plays(name, video)


def test_all_skills_are_asked_and_no_film_is_in_two_splits() -> None:
    assert {i.split("/")[1] for i in mtenvs.tasks("SAGE").ids} == {*SKILLS, "web"}
    films = [{i.split("/")[0] for i in mtenvs.tasks("SAGE", split).ids} for split in ("train", "val", "test")]
    assert all(films)
    assert not films[0] & films[1] | films[0] & films[2] | films[1] & films[2]


def test_what_only_frames_are_shown_for_is_only_seen() -> None:
    """Neither a code nor a beep decides a question of FrameThinker, of whatever length of film."""
    tasks = FrameThinkerEnv.task_set(tiers=tuple(TIERS))
    assert {e["channel"] for task in tasks for e in task.setup["question"]["evidence"]} == {"picture"}
    assert {i.split("/")[1] for i in tasks.ids} == set(SEEN_SKILLS)


def test_frames_come_with_their_numbers_and_times_and_are_those_of_the_film() -> None:
    with mtenvs.make("FrameThinker", task="clip-0/event/0") as made:
        env: Any = made.unwrapped
        obs, _ = env.reset(seed=0)
        assert obs["frames"].shape == (12, 360, 640, 3)
        assert obs["num_frames"] == 8
        total = env.store.info.num_frames
        assert obs["frame_indices"].tolist() == [*np.linspace(0, total - 1, 8).astype(int).tolist(), -1, -1, -1, -1]
        np.testing.assert_array_equal(obs["frames"][:8], env.store.frames(obs["frame_indices"][:8]))
        assert not obs["frames"][8:].any()
        obs, *_ = env.step("choose_frames(100, 200)")
        assert obs["frame_indices"][:8].tolist() == np.linspace(101, 199, 8).astype(int).tolist()
        np.testing.assert_allclose(obs["frame_times"][:8], env.store.info.times[obs["frame_indices"][:8]])
        obs, *_ = env.step("get_frame_number(time='00:10')")
        assert (obs["num_frames"], "Frame number at time 00:10 is: 250." in obs["text"]) == (0, True)


def test_ranges_beyond_the_end_are_refused_or_cut_as_asked() -> None:
    for mode, shown in (("reject", 0), ("clamp", 8)):
        with mtenvs.make("FrameThinker", task="clip-0/event/0", past_end=mode) as env:
            env.reset(seed=0)
            obs, _, _, _, info = env.step("choose_frames(2000, 99999)")
            assert (obs["num_frames"], info["action_error"] is None) == (shown, mode == "clamp")


def test_the_strict_mode_ends_on_the_first_bad_action() -> None:
    with mtenvs.make("FrameThinker", task="clip-0/event/0", strict=True) as env:
        env.reset(seed=0)
        _, reward, terminated, truncated, info = env.step("<action>choose frames between 90 and 10</action>")
        assert (reward, terminated, truncated, info["stop_reason"]) == (0.0, True, False, "goal_failed")


def test_the_released_reward_of_a_play_that_keeps_the_rules() -> None:
    with mtenvs.make("FrameThinker", task="clip-0/event/0", reward="released") as made:
        env: Any = made.unwrapped
        env.reset(seed=0)
        total = sum(env.step(action)[1] for action in env.oracle())
        assert ":" in env.question.text
        assert total == pytest.approx(1.52)


def test_tools_tell_where_their_findings_come_from() -> None:
    with mtenvs.make("SAGE", task="clip-0/speech/0") as env:
        env.reset(seed=0)
        heard = env.step("verbal_transcript('00:00', '01:30')")[0]["text"]
        assert "subtitles" in heard
        seen = env.step("identify_timestamps_visually(event='a purple parrot', timestamp_start='0', timestamp_end='90')")[0]["text"]
        assert "script" in seen
        assert "00:00:04" in seen


@pytest.mark.parametrize(
    "action",
    [
        "verbal_transcript('00:20', '00:10')",
        "verbal_transcript('99:99', '100:00')",
        "extract_parts_from_timestamp('02:00', '02:10')",
        "perform_reasoning('what?', ['../../etc/passwd'])",
        "perform_reasoning('what?', ['frame_999999.jpg'])",
        "perform_reasoning('what?', [])",
        "parse_web_data('http://nowhere.example')",
        "verbal_transcript('0', '10', 'other.mp4')",
        '<json>{"final_answer": null, "recommended_tools": {"tool_calls": [{"name": "rm", "arguments": {}}]}}</json>',
    ],
)
def test_sages_tools_refuse_what_is_not_there(action: str) -> None:
    with mtenvs.make("SAGE", task="clip-0/event/0", obs_mode="text") as env:
        env.reset(seed=0)
        obs, _, terminated, truncated, info = env.step(action)
        assert info["action_error"] is not None
        assert obs["text"]
        assert not terminated
        assert not truncated


def test_sages_tools_may_name_the_video_as_the_published_ones_do() -> None:
    call = {"name": "verbal_transcript", "arguments": {"video_path": "/data/video.mp4", "timestamp_start": "0", "timestamp_end": "01:30"}}
    reply = {"video_context": "a town", "query_intent": "hear", "final_answer": None, "recommended_tools": {"tool_calls": [call]}}
    with mtenvs.make("SAGE", task="clip-0/speech/0", obs_mode="text") as env:
        env.reset(seed=0)
        obs, _, _, _, info = env.step(f"<json>{json.dumps(reply)}</json>")
    assert info["action_error"] is None
    assert "subtitles" in obs["text"]


@pytest.mark.parametrize(
    "action",
    [
        "refine_video(20, 10)",
        "refine_video(1000, 1001)",
        'refine_video(start_time="nan", end_time=3)',
        "refine_video(1, 2, video_id='other')",
        "verify_claim(5, 1, 'a dog')",
        "respond('  ')",
        "together([])",
    ],
)
def test_longshots_tools_refuse_what_is_not_there(action: str) -> None:
    with mtenvs.make("LongShOT", task="clip-0/dialogue/0", obs_mode="text") as env:
        env.reset(seed=0)
        assert env.step(action)[4]["action_error"] is not None


def test_several_tool_calls_in_one_turn_and_one_claim_in_a_conversation() -> None:
    with mtenvs.make("LongShOT", task="clip-0/dialogue/0") as env:
        env.reset(seed=0)
        claim = {"start_time": 0, "end_time": 90, "claim": "a parcel"}
        calls = json.dumps([{"name": "search_video", "arguments": {"query": "parcel"}}, {"name": "verify_claim", "arguments": claim}])
        obs, _, _, _, info = env.step(calls)
        assert info["action_error"] is None
        assert info["turn"] == 1
        assert "it is there" in obs["text"]
        assert env.step("verify_claim(0, 90, 'a dog')")[4]["action_error"] is not None


def test_a_film_of_the_users_own_is_played_by_path(tmp_path: Path) -> None:
    film = tmp_path / "mine.mp4"
    shutil.copy(video_path({"video": {"own": "clip-0"}}), film)
    question = {"text": "What is it?", "options": ["a film", "a song"], "answer": "A"}
    task = Task("mine", "What is it?", setup={"video": {"path": str(film)}, "question": question}, checks=[{"answer": "A"}])
    with mtenvs.make("FrameThinker", task=task) as env:
        assert env.reset(seed=0)[0]["num_frames"] == 8
        assert env.step("output answer: A")[4]["success"]
        film.unlink()
        with pytest.raises(VideoError, match=r"mine\.mp4"):
            mtenvs.make("FrameThinker", task=task).reset(seed=0)


def test_a_file_that_is_no_film_is_named(tmp_path: Path) -> None:
    film = tmp_path / "notes.mp4"
    film.write_text("not a film", "utf-8")
    task = Task("mine", "?", setup={"video": {"path": str(film)}, "question": {"text": "?"}})
    with pytest.raises(VideoError, match=r"notes\.mp4"):
        mtenvs.make("FrameThinker", task=task).reset(seed=0)
    with pytest.raises(DataError, match="setup"):
        mtenvs.make("FrameThinker", task=Task("mine", "?")).reset(seed=0)


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("FrameThinker", {"reward": "best"}),
        ("FrameThinker", {"past_end": "ignore"}),
        ("FrameThinker", {"budget": 0}),
        ("FrameThinker", {"tiers": "clip"}),
        ("FrameThinker", {"tiers": ["weekly"]}),
        ("FrameThinker", {"frame_size": (0, 10)}),
        ("SAGE", {"context_frames": 0}),
        ("SAGE", {"reward": "best"}),
        ("SAGE", {"corpus": "nowhere"}),
        ("LongShOT", {"tiers": ["weekly"]}),
    ],
)
def test_options_that_do_not_exist_are_named(name: str, kwargs: dict[str, Any]) -> None:
    with pytest.raises((UnknownOption, DataError)):
        mtenvs.make(name, **kwargs)


@pytest.mark.parametrize("task", ["clip-0/event/1", "clip-00/event/0", "clip-0/smell/0", "film-0/event/0", "clip--1/event/0", "clip-0"])
def test_tasks_that_do_not_exist_are_named(task: str) -> None:
    with pytest.raises(UnknownTask):
        mtenvs.make("FrameThinker", task=task).reset(seed=0)


def test_a_batch_sees_what_single_environments_see() -> None:
    actions = ["choose_frames(100, 300)", "choose_frames(150, 250)", "junk", "output_answer('A')"]
    singles = []
    for action in actions:
        with mtenvs.make("FrameThinker", task="clip-0/event/0") as env:
            env.reset(seed=0)
            singles.append(env.step(action)[0])
    venv = mtenvs.make_vec("FrameThinker", num_envs=4, backend="sync", task="clip-0/event/0")
    try:
        venv.reset(seed=0)
        obs = venv.step(actions)[0]
        for row, single in enumerate(singles):
            assert obs["text"][row] == single["text"]
            np.testing.assert_array_equal(obs["frames"][row], single["frames"])
    finally:
        venv.close()
