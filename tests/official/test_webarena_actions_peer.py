"""Our reading of action texts against WebArena's and VisualWebArena's own parsers."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from peers import Peer, peer

from mtenvs.core.errors import BadAction
from mtenvs.envs.web.grammar import Form, chain_of, read_ids

THEIR_NAMES = {
    "CLICK": "click",
    "HOVER": "hover",
    "CLEAR": "clear",
    "TYPE": "type",
    "KEY_PRESS": "press",
    "SCROLL": "scroll",
    "GOTO_URL": "goto",
    "NEW_TAB": "new_tab",
    "GO_BACK": "go_back",
    "GO_FORWARD": "go_forward",
    "PAGE_FOCUS": "tab_focus",
    "PAGE_CLOSE": "close_tab",
    "STOP": "stop",
}
VERBS = sorted({*THEIR_NAMES.values(), "click_at", "CLICK", "page.click", ""})
PIECES = [
    "[",
    "]",
    "[12]",
    "[0]",
    "[1]",
    "[9]",
    "[up]",
    "[down]",
    " up",
    " ",
    "  ",
    "text",
    "[a b]",
    "[x] [0]",
    "]] [",
    "\n",
    "(",
    "12",
    "[-1]",
    "[٣]",
]
TEXTS = st.builds(
    lambda verb, rest, before: before + verb + "".join(rest),
    st.sampled_from(VERBS),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(alphabet="ab[]01 \n", max_size=5)), max_size=6),
    st.sampled_from(["", "", "", " ", "\n", "please "]),
)


@pytest.fixture(scope="module")
def they() -> Iterator[Peer]:
    with peer("webarena", "peer_browser.py", {}) as it:
        yield it


def ours(text: str, suite: Form) -> Any:
    try:
        spoken = read_ids(text, suite)
    except BadAction:
        return None
    arguments = dict(spoken.arguments)
    if spoken.name == "type" and arguments.pop("enter"):
        arguments["text"] += "\n"
    return [spoken.name, arguments]


def in_our_names(theirs: Any) -> Any:
    return theirs and [THEIR_NAMES[theirs[0]], theirs[1]]


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["webarena", "visualwebarena"])
@given(texts=st.lists(TEXTS, min_size=40, max_size=40))
@settings(max_examples=100)
def test_texts_are_read_as_the_released_parser_reads_them(they: Peer, suite: Form, texts: list[str]) -> None:
    theirs = they.ask({"actions": texts, "suite": suite})
    for text, their in zip(texts, theirs, strict=True):
        assert ours(text, suite) == in_our_names(their), text


@pytest.mark.slow
def test_upload_is_read_where_the_released_parser_cannot(they: Peer) -> None:
    assert they.ask({"actions": ["upload [3] [~/a.png]"], "suite": "visualwebarena"}) == [None]
    assert ours("upload [3] [~/a.png]", "visualwebarena") == ["upload", {"id": "3", "path": "~/a.png"}]


@pytest.mark.slow
def test_chains_are_read_as_the_released_parser_reads_them(they: Peer) -> None:
    rng = random.Random(0)
    locators = [
        'get_by_role("button", name="Save")',
        'get_by_label("User")',
        "get_by_text('a b')",
        'frame_locator("iframe")',
        'locator(".x")',
        'filter(has_text="Product 2")',
    ]
    actions = ["click()", "hover()", 'fill("hello")', 'type("x")', "check()", 'select_option("b")', "focus()", "dclick()"]
    codes = ["page." + ".".join([*rng.choices(locators, k=rng.randint(1, 4)), rng.choice(actions)]) for _ in range(200)]
    theirs = they.ask({"chains": codes, "suite": "webarena"})
    read = [[[name, args, kwargs] for name, args, kwargs in chain_of(code)] for code in codes]
    different = [(code, a, b) for code, a, b in zip(codes, read, theirs, strict=True) if b is not None and a != b]
    assert not different
    assert sum(b is not None for b in theirs) > len(codes) / 2
