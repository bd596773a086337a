"""The search as an agent and a trainer meet it: zooms, answers in every form, rounds, over-turn, options, snapshots, rendering."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mtenvs.core.actions import CallText
from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.envs.video.visual.env import VisualSearchEnv
from mtenvs.envs.video.visual.questions import KINDS
from mtenvs.envs.video.visual.sheet import contact_sheet
from mtenvs.wrappers.over_turn import OverTurn

SMALL = (320, 240)  # of the observation, where a test looks at no details
WHOLE = "zoom(bbox_2d=[0.0, 0.0, 1.0, 1.0])"


def begun(task: str = "easy/0", **options: Any) -> VisualSearchEnv:
    env = VisualSearchEnv(task=task, **{"view": SMALL, **options})
    env.reset(seed=0)
    return env


def played(env: VisualSearchEnv, actions: Iterator[Any]) -> tuple[float, dict[str, Any]]:
    reward: float = 0.0
    info: dict[str, Any] = {}
    for action in actions:
        _, reward, _, _, info = env.step(action)
        assert info["action_error"] is None
    return reward, info


# ---- playing -------------------------------------------------------------------------------------------------------


def test_an_episode_by_hand() -> None:
    env = VisualSearchEnv(task="easy/0")
    obs, info = env.reset(seed=0)
    assert obs["image"].shape == (768, 1024, 3)
    assert "2000 x 1500" in obs["text"]
    assert obs["goal"].splitlines()[1].endswith("?")
    assert (info["image_width"], info["image_height"], info["over_turn"]) == (1024, 768, False)
    obs, reward, terminated, truncated, info = env.step(
        '<think>Top left.</think><grounding>{"bbox_2d": [0.0, 0.0, 0.5, 0.25], "source": "original_image"}</grounding>'
    )
    assert info["action"] == 'zoom(bbox_2d=[0.0, 0.0, 0.5, 0.25], source="original_image")'
    assert "observation_1 shows 1000 x 375 pixels" in obs["text"]
    assert (info["image_width"], info["image_height"]) == (1024, 384)
    assert not obs["image"][384:].any()
    whole = np.asarray(env.picture.crop((0, 0, 1000, 375)).resize((1024, 384), Image.Resampling.LANCZOS))
    assert np.array_equal(obs["image"][:384], whole)
    obs, reward, terminated, truncated, info = env.step(f"<think>I see.</think><answer>{env.check['answer']}</answer>")
    assert (reward, terminated, truncated, info["success"]) == (1.0, True, False, True)
    assert info["stop_reason"] == "goal_reached"
    assert info["reward_components"] == {"accuracy": 1.0, "format": 0.0, "tool": 0.0, "invalid_action": 0.0}
    assert info["verdict"].metrics["crops"] == 1
    assert info["verdict"].metrics["frames_used"] == 2


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_the_oracle_is_right_and_the_near_miss_is_not(difficulty: str) -> None:
    env = VisualSearchEnv(obs_mode="text", split=None)
    seen = set()
    for seed in range(60):
        task = f"{difficulty}/{seed}"
        env.reset(seed=0, options={"task": task})
        seen.add((env.task.tags[1], env.task.tags[3]))
        reward, info = played(env, env.oracle())
        assert (reward, info["stop_reason"], info["verdict"].checkpoints) == (1.0, "goal_reached", {"seen": True, "answer": True}), task
        assert info["turn"] <= 6
        env.reset(seed=0, options={"task": task})
        reward, info = played(env, env.near_miss())
        assert (reward, info["stop_reason"], info["verdict"].checkpoints) == (0.0, "goal_failed", {"seen": True, "answer": False}), task
    assert {kind for kind, _ in seen} == set(KINDS)
    assert {("name", "choice"), ("name", "open"), ("count", "choice"), ("count", "open")} <= seen


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_looking_at_the_whole_brings_nothing(difficulty: str) -> None:
    env = VisualSearchEnv(obs_mode="text")
    for seed in range(12):
        env.reset(seed=0, options={"task": f"{difficulty}/{seed}"})
        while env.running:
            _, reward, terminated, truncated, info = env.step(env.idle_action())
            assert info["action_error"] is None
        assert (reward, terminated, truncated, info["verdict"].score, info["verdict"].checkpoints["seen"]) == (0.0, False, True, 0.0, False)


# ---- rounds and over-turn ------------------------------------------------------------------------------------------


def test_rounds_by_split_and_over_turn() -> None:
    env = VisualSearchEnv(split=None, obs_mode="text")
    train, val = (env.tasks.split(name)[0] for name in ("train", "val"))
    for task, rounds in ((train, 6), (val, 12)):
        _, info = env.reset(seed=0, options={"task": task})
        assert info["turns_left"] == rounds
        assert info["over_turn"] is False
        for turn in range(rounds):
            _, reward, terminated, truncated, info = env.step(WHOLE)
            assert info["over_turn"] is (turn == rounds - 1)
        assert (reward, terminated, truncated, info["stop_reason"]) == (0.0, False, True, "max_turns")


@pytest.mark.parametrize(
    ("actions", "options"),
    [
        ([WHOLE, WHOLE], {"max_turns": 2}),
        ([WHOLE, "answer(text='?')"], {"max_turns": 2}),
        (["?", "?", "?"], {"max_invalid": 3, "max_turns": 3}),
        (["?", "?", "?"], {"max_turns": 3}),
        (["?"], {"first_invalid_ends": True, "max_turns": 1}),
        ([WHOLE, WHOLE, WHOLE], {"max_images": 3}),
    ],
    ids=["cap", "answer", "invalid", "invalid-cap", "first-invalid", "images"],
)
def test_over_turn_means_what_the_wrapper_says(actions: list[str], options: dict[str, Any]) -> None:
    env = OverTurn(begun(**options))
    env.reset(seed=0)
    inner = []
    for action in actions:
        info = env.unwrapped._extra_info()  # type: ignore[attr-defined]  # the environment's own, before the wrapper sees it
        inner.append(info["over_turn"])
        *_, truncated, wrapped = env.step(action)
    own = env.unwrapped._extra_info()["over_turn"]  # type: ignore[attr-defined]  # same
    assert not any(inner)
    assert own == wrapped["over_turn"] == (truncated and wrapped["stop_reason"] == "max_turns")


def test_over_turn_of_composed_tasks() -> None:
    env = VisualSearchEnv(task=["easy/0", "easy/1"], view=SMALL, max_turns=2)
    env.reset(seed=0)
    env.step("answer(text='no')")
    *_, info = env.step(WHOLE)
    assert (info["stop_reason"], info["over_turn"], info["verdict"].score) == ("max_turns", True, 0.0)


def test_a_zoom_beyond_the_pictures_ends_the_episode() -> None:
    env = begun(max_images=2)
    env.step(WHOLE)
    obs, reward, terminated, truncated, info = env.step(WHOLE)
    assert (reward, terminated, truncated, info["stop_reason"], info["over_turn"]) == (0.0, False, True, "max_turns", True)
    assert "All 2 pictures" in obs["text"]
    assert info["verdict"].metrics["frames_used"] == 2


# ---- bad actions ---------------------------------------------------------------------------------------------------

BAD_BOXES: list[Any] = [
    [0.6, 0.1, 0.4, 0.9],
    [0.1, 0.9, 0.4, 0.1],
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5001, 0.5001],
    [float("nan"), 0, 1, 1],
    [0, 0, float("inf"), 1],
    [0, 0, 1e300, 1],
    [0, 0, 9e299, 1],
    [10**400, 0, 1, 1],
    [2.0, 2.0, 3.0, 3.0],
    [-3.0, -3.0, -2.0, -2.0],
    [0.0, 0.5, 1.0, 0.503],
    ["0", "0", "1", "1"],
    [True, False, True, True],
    [[0, 0, 1, 1]],
    [0, 0, 1],
    [0, 0, 1, 1, 1],
    [0.1] * 100_000,
    [],
    None,
    "0 0 1 1",
    {"x0": 0},
]


@pytest.mark.parametrize("box", BAD_BOXES, ids=range(len(BAD_BOXES)))
def test_bad_boxes_spend_a_turn_and_change_nothing(box: Any) -> None:
    env = begun()
    env.step("zoom(bbox_2d=[0.2, 0.2, 0.7, 0.7])")
    before, picture = env._save(), env._value("image")
    for source in ("original_image", "observation_1"):
        obs, reward, terminated, truncated, info = env.step({"name": "zoom", "arguments": {"bbox_2d": box, "source": source}})
        if box == [0.5, 0.5, 0.5001, 0.5001] and info["action_error"] is None:
            pytest.fail("a box of no pixels was shown")
        assert info["action_error"].message in obs["text"]
        assert (reward, terminated, truncated) == (0.0, False, False)
        assert env._save() == before
        assert np.array_equal(obs["image"], picture)


@pytest.mark.parametrize(
    "source",
    [
        "observation_2",
        "observation_99",
        "observation_",
        "observation_-1",
        "observation_1.0",
        "original",
        "",
        "x" * 41,
        1,
        None,
        ["original_image"],
    ],
    ids=range(11),
)
def test_sources_that_do_not_exist(source: Any) -> None:
    env = begun()
    env.step(WHOLE)
    obs, *_, info = env.step({"name": "zoom", "arguments": {"bbox_2d": [0, 0, 1, 1], "source": source}})
    assert info["action_error"].message in obs["text"]
    assert len(env.views) == 2


def test_what_lies_beyond_the_edge_is_cut_off() -> None:
    env = begun()
    env.step("zoom(bbox_2d=[-0.5, -1, 0.5, 2])")
    assert env.views[1].region == (0, 0, 1000, 1499)


def test_there_is_an_end_to_zooming_in() -> None:
    env = begun(max_turns=50, max_images=50)
    for i in range(49):
        *_, info = env.step({"name": "zoom", "arguments": {"bbox_2d": [0.3, 0.3, 0.6, 0.6], "source": f"observation_{i}"}})
        if info["action_error"] is not None:
            break
    assert "nothing more to see" in info["action_error"].message
    x0, y0, x1, y1 = env.views[-1].region
    assert x1 - x0 >= 1
    assert y1 - y0 >= 1


# ---- forms of a reply ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "canonical"),
    [
        (
            '<grounding>{"bbox_2d": [0, 0, 0.5, 1], "source": "observation_0"}</grounding>',
            'zoom(bbox_2d=[0.0, 0.0, 0.5, 1.0], source="observation_0")',
        ),
        (
            '<think>a <answer>B</answer></think>\n<grounding>\n{"source":"original_image","bbox_2d":[0,0,0.5,1]}\n</grounding>\n',
            'zoom(bbox_2d=[0.0, 0.0, 0.5, 1.0], source="original_image")',
        ),
        (
            '<answer>B</answer><grounding>{"bbox_2d": [0, 0, 0.5, 1]}</grounding>',
            'zoom(bbox_2d=[0.0, 0.0, 0.5, 1.0], source="original_image")',
        ),
        ("<think>so</think><answer> B \n</answer>", 'answer(text="B")'),
        ("<answer>A</answer> no <answer>B</answer>", 'answer(text="B")'),
        ("answer B", 'answer(text="B")'),
        ("zoom([0, 0, 0.5, 1])", 'zoom(bbox_2d=[0.0, 0.0, 0.5, 1.0], source="original_image")'),
        (
            '<tool_call>{"name": "zoom", "arguments": {"bbox_2d": [0, 0, 0.5, 1]}}</tool_call>',
            'zoom(bbox_2d=[0.0, 0.0, 0.5, 1.0], source="original_image")',
        ),
        ('answer(text="<grounding>{}</grounding>")', 'answer(text="<grounding>{}</grounding>")'),
    ],
    ids=range(9),
)
def test_forms_of_a_reply(reply: str, canonical: str) -> None:
    assert begun().step(reply)[4]["action"] == canonical


@pytest.mark.parametrize(
    "reply",
    [
        "<grounding>[0, 0, 1, 1]</grounding>",
        "<grounding>{bbox}</grounding>",
        "<grounding></grounding>",
        "<grounding>" + "[" * 1500 + "</grounding>",
        "<grounding>" + "[" * 15000 + "</grounding>",
        '<grounding>{"bbox_2d": [0, 0, 1, 1], "source": "original_image"}</grounding>' * 2,
        '<grounding>{"bbox_2d": [NaN, 0, 1, 1]}</grounding>',
        '<grounding>{"bbox_2d": [0, 0, 1, 1], "zoom": 3}</grounding>',
        '<grounding>{"source": "original_image"}</grounding>',
        "</grounding>",
        "<answer>",
        "<think>I am still thinking",
        "",
    ],
    ids=range(13),
)
def test_replies_that_mean_nothing_are_explained(reply: str) -> None:
    env = begun()
    obs, *_, info = env.step(reply)
    assert info["action_error"].message in obs["text"]
    assert env.running
    assert len(env.views) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.lists(st.floats(allow_nan=True) | st.integers() | st.booleans(), max_size=5))
def test_any_reply_leaves_a_sound_observation(text: str, numbers: list[Any]) -> None:
    env = begun(max_invalid=100, view=(64, 64))
    for reply in (
        text,
        f"<grounding>{text}</grounding>",
        f'<grounding>{{"bbox_2d": {json.dumps(numbers)}, "source": "original_image"}}</grounding>',
        {"name": "zoom", "arguments": {"bbox_2d": numbers, "source": text}},
    ):
        if env.running:
            assert env.step(reply)[0] in env.observation_space


def test_random_calls_zoom() -> None:
    env = begun(max_turns=100, max_images=100, max_invalid=100)
    assert isinstance(env.action_space, CallText)
    env.action_space.seed(0)
    for _ in range(60):
        action = env.action_space.sample()
        if action.startswith("zoom") and env.running:
            env.step(action)
    assert len(env.views) > 15


# ---- options -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"view": (0, 100)},
        {"view": (100,)},
        {"view": 640},
        {"view": (640, 480.0)},
        {"view": (True, 480)},
        {"view": (5000, 100)},
        {"max_pixels": 100},
        {"max_pixels": 2e6},
        {"max_images": 0},
        {"max_images": True},
        {"difficulty": "harder"},
    ],
    ids=range(11),
)
def test_options_have_bounds(options: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption, match=next(iter(options))):
        VisualSearchEnv(**options)


@pytest.mark.parametrize("task", ["easy/-1", "easy/01", "easy", "easy/1234567890", "harder/1", "easy/1/2"])
def test_ids_that_are_none(task: str) -> None:
    with pytest.raises(UnknownTask, match="there is no task"):
        VisualSearchEnv(task=task)


def test_a_difficulty_and_endless_ids() -> None:
    env = VisualSearchEnv(difficulty="hard", split=None, obs_mode="text")
    assert {task.split("/")[0] for task in env.tasks.ids} == {"hard"}
    _, info = env.reset(seed=0, options={"task": "easy/987654321"})
    assert info["task_id"] == "easy/987654321"


@pytest.mark.parametrize(
    ("view", "max_pixels"), [((200, 150), 2_000_000), ((4096, 4096), 2_000_000), ((4096, 4096), 50_000), ((64, 900), 2_000_000)]
)
def test_pictures_keep_to_their_limits(view: tuple[int, int], max_pixels: int) -> None:
    env = begun(view=view, max_pixels=max_pixels, obs_mode="text", max_turns=10)
    for box in ([0, 0, 1, 1], [0, 0, 1, 0.01], [0, 0, 0.01, 1], [0.5, 0.5, 0.505, 0.505]):
        env.step({"name": "zoom", "arguments": {"bbox_2d": box}})
    assert len(env.views) == 5
    for shown in env.views:
        assert shown.width <= view[0]
        assert shown.height <= view[1]
        assert shown.width * shown.height <= max_pixels


def test_text_alone_draws_nothing() -> None:
    env = VisualSearchEnv(task="hard/3", obs_mode="text")
    obs, _ = env.reset(seed=0)
    assert set(obs) == {"goal", "text"}
    env.step(WHOLE)
    assert env._picture is None


def test_a_snapshot_keeps_the_views() -> None:
    env = begun("medium/4", max_turns=12)
    for _ in range(3):
        env.step(env.next_oracle_action())
    saved = env.snapshot()
    other = VisualSearchEnv(view=SMALL)
    other.restore(saved)
    assert other.views == env.views
    one, two = (e.step({"name": "zoom", "arguments": {"bbox_2d": [0, 0, 0.5, 0.5], "source": "observation_3"}}) for e in (env, other))
    assert np.array_equal(one[0]["image"], two[0]["image"])
    assert one[0]["text"] == two[0]["text"]
    while other.running:
        *_, info = other.step(other.next_oracle_action())
    assert info["success"]


def test_a_start_where_the_target_is_seen() -> None:
    env = VisualSearchEnv(task="easy/3", verdict_every_turn=True)
    _, info = env.reset(seed=0, options={"start_at": 1})
    assert info["verdict"].checkpoints == {"seen": True, "answer": False}
    assert info["turn"] == 0


def test_rendering_shows_where_was_looked() -> None:
    env = begun(render_mode="rgb_array")
    first = env.render()
    env.step("zoom(bbox_2d=[0.2, 0.2, 0.5, 0.5])")
    second = env.render()
    env.step("zoom(bbox_2d=[0.6, 0.6, 0.9, 0.9])")
    assert first.shape == second.shape == (800, 1280, 3)
    assert not np.array_equal(first, second)
    assert not np.array_equal(second, env.render())
    sheet = contact_sheet(env.picture, env.views, env.task.goal, "x" * 5000)
    assert sheet.size == (1280, 800)
    assert not np.array_equal(np.asarray(sheet), env.render())


def test_only_what_is_offered_is_drawn_and_done() -> None:
    env = begun(offered=["answer"])
    assert env.action_space.sample().startswith("answer")
    assert env.step('<grounding>{"bbox_2d": [0, 0, 1, 1]}</grounding>')[4]["action_error"] is not None
    assert len(env.views) == 1
    assert set(env.versions()) == {"pillow"}
