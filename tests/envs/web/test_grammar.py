"""The text forms of published web agents."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.actions import Call, Param, Tool
from mtenvs.core.errors import BadAction
from mtenvs.envs.web.grammar import (
    ID_VERBS,
    SUMMARY,
    VISUAL_VERBS,
    Spoken,
    dialect,
    read_ids,
    read_playwright,
    read_point,
    reply_action,
)


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("click [12]", "click", {"id": "12"}),
        ("hover[3]", "hover", {"id": "3"}),
        ("type [7] [green tea] [0]", "type", {"id": "7", "text": "green tea", "enter": False}),
        ("type [7] [green [b] tea]", "type", {"id": "7", "text": "green [b] tea", "enter": True}),
        ("press [Ctrl+v]", "press", {"keys": "Ctrl+v"}),
        ("scroll down", "scroll", {"direction": "down"}),
        ("goto [http://a.test/?q=[1]]", "goto", {"url": "http://a.test/?q=[1]"}),
        ("tab_focus [2]", "tab_focus", {"index": 2}),
        ("go_back", "go_back", {}),
        ("stop", "stop", {"answer": ""}),
        ("stop []", "stop", {"answer": ""}),
        ("stop [It's 5]", "stop", {"answer": "It's 5"}),
    ],
)
def test_ids(text: str, name: str, arguments: dict[str, Any]) -> None:
    assert read_ids(text) == Spoken(name, arguments)


@pytest.mark.parametrize("text", ["", "click", "click [a]", "type [1]", "clear [1]", "dance", "press []", "scroll left", "[12]"])
def test_what_is_no_action_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(BadAction) as refused:
        read_ids(text)
    assert "click [id]" in refused.value.legal


def test_visualwebarena_adds_two_verbs() -> None:
    assert read_ids("clear [1]", "visualwebarena") == Spoken("clear", {"id": "1"})
    assert read_ids("upload [1] [a.png]", "visualwebarena") == Spoken("upload", {"id": "1", "path": "a.png"})


def test_points() -> None:
    assert read_point("click [640, 212.5]") == Spoken("click", {"x": 640.0, "y": 212.5})
    assert read_point("type [1,2] [tea]") == Spoken("type", {"x": 1.0, "y": 2.0, "text": "tea", "enter": True})
    assert read_point("scroll [1, 2] [down]") == Spoken("scroll", {"x": 1.0, "y": 2.0, "direction": "down"})
    assert read_point("click [12]") is None
    for text in ("click [1, 2] more", "scroll [1, 2]", "type [1, 2]"):
        with pytest.raises(BadAction):
            read_point(text)


def test_playwright_chains_are_data() -> None:
    found = read_playwright('page.get_by_role("row").filter(has=page.get_by_text("Tea")).first.get_by_label("n").fill("2")')
    assert found == Spoken(
        "fill",
        {
            "locator": [
                ("get_by_role", ["row"], {}),
                ("filter", [], {"has": [("get_by_text", ["Tea"], {})]}),
                ("first", [], {}),
                ("get_by_label", ["n"], {}),
            ],
            "text": "2",
        },
    )
    assert read_playwright("page.scroll(down)") == Spoken("scroll", {"direction": "down"})
    assert read_playwright("page.stop()") == Spoken("stop", {"answer": ""})
    assert read_playwright("await page.goto('http://a.test');") == Spoken("goto", {"url": "http://a.test"})
    assert read_playwright("click [1]") is None


@pytest.mark.parametrize(
    "text",
    [
        "page.evaluate('1')",
        "page.context.close()",
        "page.get_by_text(open('x')).click()",
        "page.get_by_text('a').click(); page.go_back()",
        "page.get_by_text('a').evil().click()",
        "page.press()",
        "page.goto('a', 'b')",
        "page.",
        "page." + "first." * 9000 + "click()",
        "page.get_by_text(" + "(" * 9000 + ")" * 9000 + ").click()",
    ],
)
def test_other_code_is_refused(text: str) -> None:
    with pytest.raises(BadAction):
        read_playwright(text)


def test_the_action_of_a_reply() -> None:
    assert reply_action(f"I see ```x```. {SUMMARY} ```click [1]```") == "click [1]"
    assert reply_action("```\ngo_back\n``` and ```click [2]```") == "go_back"
    assert reply_action(" click [3] ") == "click [3]"


CLICK = Tool("press_on", "", (Param("ref", "integer"),))
STOP = Tool("answer", "", (Param("text", "string"),))
TOOLS = {tool.name: tool for tool in (CLICK, STOP)}
NAMES = {"click": ("press_on", {"id": "ref"}), "stop": ("answer", {"answer": "text"})}


def test_a_dialect_speaks_to_an_environments_own_tools() -> None:
    speak = dialect([read_point, read_ids], NAMES, ID_VERBS)
    assert speak(f"{SUMMARY} ```click [12]```", TOOLS) == Call("press_on", {"ref": 12})
    assert speak("stop [5]", TOOLS) == Call("answer", {"text": "5"})
    assert speak("press_on(ref=3)", TOOLS) is None
    assert speak("click(3)", TOOLS) is None
    assert speak("clear [3]", TOOLS) is None
    with pytest.raises(BadAction, match="hover"):
        speak("hover [3]", TOOLS)
    with pytest.raises(BadAction):
        dialect([read_ids], NAMES, VISUAL_VERBS)("clear [3]", TOOLS)


@pytest.mark.parametrize("read", [read_ids, read_point, read_playwright, lambda text: dialect([read_ids], NAMES, ID_VERBS)(text, TOOLS)])
@given(text=st.text(alphabet="clickstoptype scroll[]0123456789,.\n`page()'\"", max_size=60))
def test_any_text_is_read_refused_or_left_alone(read: Callable[[str], Any], text: str) -> None:
    with contextlib.suppress(BadAction):  # and nothing else
        assert read(text) is None or isinstance(read(text), (Spoken, Call))
