from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.actions import Call, tools_of
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction
from mtenvs.envs.video.framethinker.env import FrameThinkerEnv
from mtenvs.envs.video.framethinker.grammar import read_action, seconds_of, thinks_of

TOOLS = {t.name: t for t in tools_of(FrameThinkerEnv)}


def read(text: str) -> Call:
    return read_call(text, TOOLS, (read_action,))


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("<think>early</think><action>choose frames between 10 and 90</action>", Call("choose_frames", {"start": 10, "end": 90})),
        ("<think>a</think>\n<action>\n Choose Frames between 0 and 7. </action>", Call("choose_frames", {"start": 0, "end": 7})),
        ("<action>get frame number at time 62:30</action>", Call("get_frame_number", {"time": "62:30"})),
        ("<think>x</think><action>output answer: B</action>", Call("output_answer", {"option": "B"})),
        ("output answer: C. a red kite", Call("output_answer", {"option": "C. a red kite"})),
        ("choose_frames(10, 90)", Call("choose_frames", {"start": 10, "end": 90})),
        ('{"name": "get_frame_number", "arguments": {"time": "00:07"}}', Call("get_frame_number", {"time": "00:07"})),
    ],
)
def test_the_papers_forms_and_the_general_ones_are_read(text: str, call: Call) -> None:
    assert read(text) == call


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<action>choose frames between 10 and 90</action><action>output answer: A</action>", "one <action> per turn"),
        ("<action>choose frames between ten and 90</action>", "no action"),
        ("<action>choose frames between -5 and 90</action>", "no action"),
        ("<action></action>", "no action"),
        ("<action>look closer</action>", "no action"),
        ("<think>hm</think>", "not a call"),
    ],
)
def test_what_is_no_action_is_refused_with_the_forms(text: str, said: str) -> None:
    with pytest.raises(BadAction, match=said) as refused:
        read(text)
    assert refused.value.legal


@given(st.text(max_size=200))
def test_whatever_stands_in_the_tag_is_a_call_or_refused(inner: str) -> None:
    try:
        call = read_action(f"<action>{inner}</action>", TOOLS)
    except BadAction:
        return
    assert call is None or call.name in TOOLS


@given(st.integers(0, 999_999), st.integers(0, 59))
def test_minutes_may_exceed_59(minutes: int, seconds: int) -> None:
    assert seconds_of(f"{minutes}:{seconds:02d}") == 60 * minutes + seconds


@pytest.mark.parametrize("time", ["99:99", "1:2:3", "abc", "", "-1:00", "12:5", "\u0661\u0662:\u0663\u0660", "1e3:00", "00:60"])
def test_times_that_are_none_are_refused(time: str) -> None:
    with pytest.raises(BadAction, match="no time"):
        seconds_of(time)


def test_every_thought_is_kept() -> None:
    assert thinks_of("<think>a</think> <THINK>b\nc</THINK>") == ("a", "b\nc")
