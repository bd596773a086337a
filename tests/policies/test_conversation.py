"""What a conversation shows of an episode."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import UnknownOption
from mtenvs.policies.conversation import Conversation, keep_all, last_images, last_turns, pictures, png_url, windows_of


def episode(script: list[str], *, system: str = "") -> Conversation:
    """A conversation of these steps: ``see``, ``picture``, ``say`` or ``call``."""
    talk = Conversation("goal", system)
    for number, step in enumerate(script):
        if step in ("see", "picture"):
            talk.see(f"text {number}", ["data:x"] if step == "picture" else [])
        elif talk.exchanges and talk.exchanges[-1].reply is None:
            calls = [{"id": f"id{number}", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
            talk.answer({"role": "assistant", "content": "hm", **({"tool_calls": calls} if step == "call" else {})})
    return talk


@given(
    st.lists(st.sampled_from(["see", "picture", "say", "call"]), max_size=20),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_every_cut_of_every_episode_is_a_conversation_that_endpoints_accept(script: list[str], turns: int, images: int) -> None:
    talk = episode(["see", *script, "see"])
    messages = talk.messages([last_turns(turns), last_images(images)])
    assert messages[0]["role"] == "user"
    assert messages[-1]["role"] in ("user", "tool")
    assert "goal" in str(messages[0]["content"])
    assert "text 0" in str(messages[0]["content"]), "the opening text stays"
    called: list[str] = []
    for before, now in itertools.pairwise(messages):
        if now["role"] == "tool":
            assert before["tool_calls"][0]["id"] == now["tool_call_id"]
            called.append(now["tool_call_id"])
        elif now["role"] == "user":
            assert before["role"] in ("assistant", "tool")
            assert "tool_calls" not in before
        else:
            assert before["role"] in ("user", "tool")
    assert len(called) == sum("tool_calls" in m for m in messages)
    shown = [exchange for exchange in talk.exchanges[-turns:][-images:] if images]
    assert json.dumps(messages).count("data:x") == sum(len(e.images) for e in shown)


def test_nothing_is_cut_without_a_window() -> None:
    talk = episode(["picture", "say", "see", "call", "see"], system="be good")
    assert talk.messages() == talk.messages([keep_all])
    assert [m["role"] for m in talk.messages()] == ["system", "user", "assistant", "user", "assistant", "tool"]


def test_text_that_no_endpoint_decodes_is_mended() -> None:
    talk = Conversation("goal \ud800")
    talk.see("half \udfff of a pair, 漢字")
    json.dumps(talk.messages(), ensure_ascii=False).encode("utf-8")
    assert "漢字" in talk.messages()[0]["content"]


def test_all_pictures_of_a_turn_are_shown_and_no_padding() -> None:
    frames = np.zeros((2, 3, 4, 5, 3), np.uint8)
    obs: dict[str, Any] = {"image": frames[:, 0], "frames": frames, "num_frames": np.array([0, 2])}
    assert [len(pictures(obs, row)) for row in (0, 1)] == [1, 3]
    assert pictures({"text": ("a",)}, 0) == []
    assert png_url(frames[0, 0][:, ::-1]).startswith("data:image/png;base64,")


def test_windows_that_make_no_sense_are_refused() -> None:
    assert len(windows_of({"last_turns": 2, "last_images": 0})) == 2
    assert windows_of([keep_all]) == (keep_all,)
    for make, n in ((last_turns, 0), (last_images, -1)):
        with pytest.raises(UnknownOption):
            make(n)
