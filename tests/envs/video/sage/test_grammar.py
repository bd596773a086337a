from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.actions import Call, tools_of
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction
from mtenvs.envs.video.sage.clocks import seconds_of, span_of, written
from mtenvs.envs.video.sage.env import SageEnv
from mtenvs.envs.video.sage.grammar import CONTEXT, REASONING, read_action, read_reply

TOOLS = {t.name: t for t in tools_of(SageEnv)}
LOOK = {
    "rationale": "look",
    "name": "extract_parts_from_timestamp",
    "arguments": {"timestamp_start": "00:10", "timestamp_end": "00:20", "extract_type": "frames"},
}
ASK: dict[str, Any] = {
    "answerable": {"verdict": False, "reasoning": "not yet"},
    "final_answer": None,
    "recommended_tools": {"needed": True, "why_no_tool": "", "tool_calls": [LOOK, {"name": "final_answer", "arguments": {"answer": "A"}}]},
}


def read(text: str) -> Call:
    return read_call(text, TOOLS, (read_action,))


def test_only_the_first_tool_call_is_carried_out() -> None:
    assert read(f"<json>{json.dumps(ASK)}</json>") == Call("extract_parts_from_timestamp", {**LOOK["arguments"], "video_path": ""})  # type: ignore[dict-item]  # a dict


@pytest.mark.parametrize("frame", ["{}", "<json>{}</json>", "```json\n{}\n```", "<think>hm {{}}</think><json>{}", "Here it is: {} I hope."])
def test_the_object_is_found_wherever_it_stands(frame: str) -> None:
    text = frame.replace("{{}}", "{ }").replace("{}", json.dumps({**ASK, "final_answer": "B"}), 1)
    assert read(text) == Call("final_answer", {"answer": "B"})


@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        ('{"answerable": {"verdict": true, "reasoning": "x",}, "final_answer": "B", "recommended_tools": {},}', "B"),
        ("{'answerable': {'verdict': True, 'reasoning': 'x'}, 'final_answer': 'B', 'recommended_tools': None}", "B"),
        ('{"answerable": {"verdict": true}, "recommended_tools": {}, "final_answer": "a red ki', "a red ki"),
        ('{"answerable": {"verdict": true}, "final_answer": "B", "recommended_tools": {"tool_calls": [', "B"),
    ],
)
def test_json_that_is_nearly_right_is_repaired_and_that_is_noted(broken: str, answer: str) -> None:
    reply = read_reply(f"<json>{broken}</json>", REASONING)
    assert reply is not None
    assert (reply.answer, reply.repaired) == (answer, True)


def test_the_keys_of_each_stage_are_told_apart() -> None:
    context = {"video_context": "a town", "query_intent": "find", "final_answer": "", "recommended_tools": {}}
    for data, stage, exact in (
        (ASK, REASONING, True),
        (ASK, CONTEXT, False),
        (context, CONTEXT, True),
        ({**context, "more": 1}, CONTEXT, False),
    ):
        reply = read_reply(json.dumps(data), stage)
        assert reply is not None
        assert reply.exact is exact
    assert read(json.dumps(context)) == Call("describe_context", {"video_context": "a town"})


@pytest.mark.parametrize("nothing", [None, "", " none ", "N/A", [], {}])
def test_an_answer_that_is_none_is_none(nothing: Any) -> None:
    reply = read_reply(json.dumps({**ASK, "final_answer": nothing}), REASONING)
    assert reply is not None
    assert not reply.answer


@pytest.mark.parametrize(
    "data",
    [
        {**ASK, "recommended_tools": {}},
        {**ASK, "recommended_tools": {"tool_calls": [{"name": "fly", "arguments": {}}]}},
        {**ASK, "recommended_tools": {"tool_calls": [{"name": 7}]}},
        {**ASK, "recommended_tools": {"tool_calls": [{"name": "verbal_transcript", "arguments": [1]}]}},
        {**ASK, "recommended_tools": {"tool_calls": [{"name": "verbal_transcript", "arguments": {"wrong": 1}}]}},
    ],
)
def test_what_cannot_be_carried_out_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BadAction):
        read(json.dumps(data))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*ASK, "name", "tool_calls", "arguments"]) | st.text(), inner),
        max_leaves=12,
    )
)
def test_any_json_is_a_call_or_refused(data: Any) -> None:
    with contextlib.suppress(BadAction):
        assert read(json.dumps(data)).name in TOOLS


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    read_reply("<json>" + text, REASONING)
    read_reply('{"final_answer":' + text, CONTEXT)


@given(st.integers(0, 3600 * 100 - 1))
def test_times_are_read_as_they_are_written(seconds: int) -> None:
    assert seconds_of(written(seconds)) == seconds
    assert seconds_of(f"{seconds // 60}:{seconds % 60:02d}") == seconds
    assert seconds_of(str(seconds)) == seconds


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("00:20", "00:10", "not before"),
        ("00:10", "00:10", "not before"),
        ("02:00", "03:00", "beyond"),
        ("00:00", "01:10", "too long"),
        ("99:99", "100:00", "no time"),
        ("01:70:00", "02:00:00", "no time"),
        ("-5", "10", "no time"),
        ("nan", "10", "no time"),
        ("1e3", "2e3", "no time"),
    ],
)
def test_spans_that_are_none_are_refused(start: str, end: str, said: str) -> None:
    with pytest.raises(BadAction, match=said):
        span_of(start, end, duration=90.0, longest=60.0)


def test_a_span_beyond_the_end_ends_with_the_video() -> None:
    assert span_of("01:00", "05:00", duration=90.0, longest=60.0) == (60.0, 90.0)
