"""The baseline that only sees, on pictures drawn here, and once on a real video."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.framethinker.env import FrameThinkerEnv
from mtenvs.envs.video.framethinker.grammar import LEGAL
from mtenvs.envs.video.own.vocabulary import COLOURS
from mtenvs.envs.video.tools.seeing import SeeingPolicy
from mtenvs.envs.video.tools.seeing_answers import Seen, choose, read_question
from mtenvs.envs.video.tools.seeing_things import Patch, kinds_of, patches_of

pytest.importorskip("cv2")

FILM = "The video has 15000 frames, 10:00 at 25 a second.\nframe 0"
ACTION = re.compile(
    r"<think>.+</think><action>(choose frames between \d+ and \d+|get frame number at time \d+:\d\d|output answer: [A-J])</action>"
)
OUTLINE = (40, 36, 44)


def scene(*things: tuple[str, str], text: str = "", size: tuple[int, int] = (448, 252)) -> NDArray[np.uint8]:
    """A green hill under a blue-grey sky, with things of strong colours."""
    picture = Image.new("RGB", (640, 360), (120, 170, 200))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 200, 640, 360), fill=(168, 172, 130))
    for i, (colour, kind) in enumerate(things):
        x, fill = 80 + 150 * i, COLOURS[colour]
        if kind == "balloon":
            draw.ellipse((x, 60, x + 40, 107), fill, OUTLINE)
        elif kind == "van":
            draw.rectangle((x, 240, x + 122, 301), fill, OUTLINE)
        elif kind == "coat":
            draw.rectangle((x, 247, x + 25, 292), fill, OUTLINE)
        elif kind == "hat":
            draw.rectangle((x - 150, 218, x - 125, 229), fill, OUTLINE)
    if text:
        draw.rectangle((300, 120, 520, 170), (238, 232, 214))
        draw.text((310, 128), text, (24, 26, 34), ImageFont.load_default(30))
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR))


def seen(time: float, *things: tuple[str, str], text: str = "") -> Seen:
    return Seen(time, patches_of(scene(*things)), text)


@pytest.mark.parametrize("size", [(448, 252), (640, 360)], ids=str)
@pytest.mark.parametrize("colour", sorted(COLOURS))
def test_a_van_is_known_by_colour_and_shape(colour: str, size: tuple[int, int]) -> None:
    (patch,) = patches_of(scene((colour, "van"), size=size))
    kinds = kinds_of(patch)
    assert (patch.colour, max(kinds, key=lambda k: kinds[k])) == (colour, "van")


def test_an_empty_scene_has_no_patches() -> None:
    assert patches_of(scene()) == []


@given(st.floats(1, 640), st.floats(1, 360), st.floats(0.01, 1), st.floats(0, 360), st.sampled_from(sorted(COLOURS)))
def test_kinds_are_a_distribution(width: float, height: float, filled: float, y: float, colour: str) -> None:
    kinds = kinds_of(Patch(colour, 300, y, width, height, filled * width * height, 0.3))
    assert sum(kinds.values()) == pytest.approx(1)
    assert all(p >= 0 for p in kinds.values())


def goal(question: str, *options: str) -> str:
    return "\n".join([question, *(f"{letter}. {option}" for letter, option in zip("ABCDE", options, strict=False))])


def chosen(question: str, options: list[str], frames: list[Seen]) -> tuple[str, float]:
    choice = choose(read_question(goal(question, *options)), frames)
    return options[choice.option], choice.sure


RED_GREEN, HATTED = "a red van, then a green van", "the person in the orange coat and the pink hat"
VANS = [seen(10, ("red", "van")), seen(20, ("green", "van")), seen(30, ("blue", "balloon")), seen(40, ("orange", "coat"), ("pink", "hat"))]


@pytest.mark.parametrize(
    ("question", "options", "answer"),
    [
        ("What goes by?", ["a pink cat", "a green van", "a white duck"], "a green van"),
        ("At 0:20, something passes. What is it?", ["a red van", "a green van", "a blue balloon"], "a green van"),
        ("What colour is the balloon that drifts past?", ["red", "blue", "green"], "blue"),
        ("In which order do these go by?", ["a green van, then a red van", RED_GREEN], RED_GREEN),
        ("Which of these goes by first?", ["a blue balloon", "a red van", "a green van"], "a red van"),
        ("Which of these goes by last?", ["a red van", "a blue balloon", "a green van"], "a blue balloon"),
        ("Which of these is the first to go by after a red van?", ["a blue balloon", "a green van"], "a green van"),
        ("Which of these never goes by?", ["a red van", "a purple dog", "a green van", "a blue balloon"], "a purple dog"),
        ("Who is it?", ["the person in the orange coat", HATTED], HATTED),
    ],
    ids=["presence", "time", "colour", "order", "first", "last", "after", "absence", "person"],
)
def test_what_was_seen_decides(question: str, options: list[str], answer: str) -> None:
    found, sure = chosen(question, options, VANS)
    assert found == answer
    assert sure >= 0.5


@pytest.mark.parametrize(
    ("question", "options", "answer"),
    [
        ("What does the board say?", ["BOOK FAIR", "SOUP OF THE DAY", "KEEP LEFT"], "SOUP OF THE DAY"),
        ("Which number is on the banner?", ["1", "9", "19"], "19"),
        ("Which place does the caption name?", ["the harbour", "the market"], "the market"),
        ("Which of these texts is on no sign?", ['"SOUP OF THE DAY"', '"OLD MAPS"', '"PIER 19"'], '"OLD MAPS"'),
    ],
    ids=["text", "number", "place", "absent"],
)
def test_what_was_read_decides_also_with_lost_spaces(question: str, options: list[str], answer: str) -> None:
    frames = [Seen(5, [], "S0UPOF\nTHEDAY"), Seen(7, [], "PIER19"), Seen(9, [], "TODAY:MARKET")]
    assert chosen(question, options, frames)[0] == answer


def test_what_was_not_seen_is_a_guess_and_always_the_same() -> None:
    asked = ("What goes by?", ["a pink cat", "a white duck", "a purple dog"])
    assert chosen(*asked, VANS) == chosen(*asked, []) == (chosen(*asked, VANS)[0], 0.0)


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=30), max_size=6))
@settings(max_examples=60)
def test_any_question_has_a_choice(question: str, options: list[str]) -> None:
    asked = read_question(goal(question, *options))
    choice = choose(asked, VANS)
    assert 0 <= choice.option < max(1, len(asked.options))
    assert 0 <= choice.sure <= 1


def observation(text: str, question: str, images: list[NDArray[np.uint8]] | None = None, time: float = 0.0) -> dict[str, Any]:
    """A batch of one, as the environment gives it: frames with a margin."""
    frames = np.zeros((1, 12, 360, 640, 3), np.uint8)
    for i, image in enumerate(images or []):
        frames[0, i, : image.shape[0], : image.shape[1]] = image
    times = np.full((1, 12), time)
    return {"goal": [question], "text": [text], "frames": frames, "num_frames": np.array([len(images or [])]), "frame_times": times}


def test_a_time_in_the_question_is_asked_for_and_looked_at() -> None:
    policy = SeeingPolicy()
    question = goal("At 1:05, what goes by?", "a red van", "a blue balloon")
    blank = [scene()] * 12
    assert "get frame number at time 01:05" in policy(observation(FILM, question, blank))[0]
    look = policy(observation("Frame number at time 01:05 is: 1625.", question))[0]
    start, end = (int(n) for n in re.findall(r"\d+", look.partition("<action>")[2]))
    assert 1560 < start < 1625 < end < 1690
    answer = policy(observation("frame 1600", question, [scene(("blue", "balloon"))], 64.0))[0]
    assert answer.endswith("<action>output answer: B</action>")
    assert "guess" not in answer


def test_without_a_time_the_whole_video_is_swept_and_a_guess_says_so() -> None:
    policy = SeeingPolicy()
    question = goal("What colour is the kite?", "red", "blue")
    actions = [policy(observation(FILM if i == 0 else "frame", question, [scene()] * 12))[0] for i in range(5)]
    spans = [[int(n) for n in re.findall(r"\d+", a.partition("<action>")[2])] for a in actions[:4]]
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert spans[0][0] < 400
    assert spans[-1][1] > 14600
    assert "this is a guess" in actions[4]
    assert "output answer" in actions[4]


def test_what_a_look_names_is_what_it_thinks_of() -> None:
    """A rule of the released reward: the last two numbers of the thought are those of the action."""
    action = SeeingPolicy()(observation(FILM, goal("What colour is the kite?", "red", "blue"), [scene()] * 12))[0]
    thought, _, act = action.partition("<action>")
    assert re.findall(r"\d+", thought)[-2:] == re.findall(r"\d+", act)


def test_episodes_do_not_mix() -> None:
    policy = SeeingPolicy()
    question = goal("What goes by?", "a red van", "a blue balloon")
    assert policy(observation(FILM, question, [scene(("red", "van"))]), env_ids=[3])[0].endswith("A</action>")
    assert "choose frames" in policy(observation(FILM, question, [scene()]), env_ids=[4])[0]
    policy.reset([3])
    assert "choose frames" in policy(observation(FILM, question, [scene()]), env_ids=[3])[0]


@pytest.mark.parametrize("total", [1, 5, 14, 40, 10**6])
def test_every_action_is_in_the_grammar(total: int) -> None:
    policy = SeeingPolicy()
    text = f"The video has {total} frames, 00:01 at 25 a second."
    for turn in range(6):
        action = policy(observation(text if turn == 0 else "no", goal("What goes by at 0:00?", "a red van", "a cat"), [scene()] * 8))[0]
        assert ACTION.fullmatch(action), LEGAL


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="rapidocr-onnxruntime has no release for Python 3.13")
def test_signs_are_read_in_frames() -> None:
    pytest.importorskip("rapidocr_onnxruntime")
    question = goal("What does the board say?", "BOOK FAIR", "KEEP LEFT", "OLD MAPS")
    action = SeeingPolicy()(observation(FILM, question, [scene(text="KEEP LEFT")]))[0]
    assert action.endswith("<action>output answer: B</action>")


@pytest.mark.slow  # renders 90 seconds of film where that was not done before
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="rapidocr-onnxruntime has no release for Python 3.13")
def test_it_solves_questions_about_a_film_that_it_does_not_know() -> None:
    pytest.importorskip("rapidocr_onnxruntime")
    env, right = FrameThinkerEnv(), 0.0
    policy = SeeingPolicy()
    for skill in ("event", "order", "sign", "absence", "twohop"):
        obs, _ = env.reset(options={"task": f"clip-6/{skill}/0"})
        policy.reset([0])
        done = False
        while not done:
            (action,) = policy({key: [value] for key, value in obs.items()})
            obs, reward, terminated, truncated, _ = env.step(action)
            done = terminated or truncated
            right += reward
    env.close()
    assert right >= 3  # of 5; a guess is right once in five


def test_observations_without_frames_are_told() -> None:
    with pytest.raises(UnknownOption, match="text\\+vision"):
        SeeingPolicy()({"goal": ["?"], "text": ["x"]})
    with pytest.raises(UnknownOption, match="turns"):
        SeeingPolicy(turns=0)
