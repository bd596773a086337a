"""Pages as WebArena's and VisualWebArena's text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mtenvs.envs.web.compat_tree import Box, Rect, marks_text, share_in_view, tab_line, tree_text


@dataclass
class Node:
    id: str
    role: str
    name: str = ""
    children: list[str] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    backend: int = 1
    rect: Rect | None = (0.0, 0.0, 50.0, 20.0)
    ignored: bool = False


def page(*nodes: Node) -> list[Node]:
    return [Node("1", "RootWebArea", "It's a shop", [n.id for n in nodes], {"focused": True}), *nodes]


def test_lines_are_as_the_original_writes_them() -> None:
    form = Node("5", "generic", children=["6", "7"])
    box = Node("6", "textbox", "Search", properties={"focusable": True, "required": True, "invalid": "false", "describedby": None})
    item = Node("7", "listitem", children=["8"], properties={"level": 1})
    text = Node("8", "StaticText", "green tea")
    found, info = tree_text([*page(form), box, item, text, box])
    assert found == "[1] RootWebArea \"It's a shop\" focused: True\n\t[6] textbox 'Search' required: True\n\t[8] StaticText 'green tea'"
    assert set(info) == {"1", "6", "8"}
    assert info["1"].rect == (0.0, 0.0, 10.0, 10.0)


def test_texts_that_were_just_said_are_left_out() -> None:
    nodes = [Node("2", "link", "green tea"), Node("3", "StaticText", "tea"), Node("4", "StaticText", "coffee"), Node("5", "StaticText", "")]
    assert [line.strip()[:5] for line in tree_text(page(*nodes))[0].splitlines()] == ["[1] R", "[2] l", "[4] S"]


def test_children_take_the_place_of_what_is_out_of_view() -> None:
    group = Node("2", "group", "all", ["3", "4"], rect=(0.0, 900.0, 50.0, 20.0))
    nodes = page(group, Node("9", "button", "last"))
    inner = [Node("3", "button", "seen"), Node("4", "button", "flat", rect=(0.0, 0.0, 0.0, 5.0))]
    found = tree_text([*nodes, *inner], (800.0, 600.0))[0]
    assert [line.strip() for line in found.splitlines()][1:] == ["[3] button 'seen'", "[9] button 'last'"]


def test_the_original_takes_tall_things_for_seen() -> None:
    tall = (0.0, -590.0, 100.0, 600.0)  # 10 of 600 pixels
    assert share_in_view(tall, (800.0, 600.0)) >= 0.6
    assert share_in_view(tall, (800.0, 600.0), compat=False) == 10 / 600


def test_deep_trees_do_not_exhaust_the_stack() -> None:
    nodes = [Node(str(i), "group", f"n{i}", [str(i + 1)]) for i in range(1, 5000)]
    assert len(tree_text(nodes)[0].splitlines()) == 4999


def test_tabs() -> None:
    assert tab_line(["Shop", "Forum"], 1) == "Tab 0: Shop | Tab 1 (current): Forum"


def test_marks() -> None:
    boxes = [
        Box("A", (10.0, 10.0, 50.0, 20.0), "", ' Green\n"tea" ', interactable=True),
        Box("IMG", (10.0, 40.0, 4.0, 4.0), "tiny", "", interactable=True),
        Box("IMG", (10.0, 50.0, 20.0, 20.0), "a cup", "", interactable=True),
        Box("DIV", (0.0, 0.0, 800.0, 590.0), "", "too large", interactable=True),
        Box("P", (0.0, 700.0, 50.0, 10.0), "", "below", interactable=False),
        Box("P", (0.0, 100.0, 50.0, 10.0), "", "Greentea", interactable=False),
        Box("P", (0.0, 100.0, 50.0, 10.0), "", ".a { b }", interactable=False),
        Box("P", (0.0, 100.0, 50.0, 10.0), "", "N/A", interactable=False),
        Box("P", (0.0, 100.0, 50.0, 10.0), "", "x" * 300, interactable=False),
    ]
    text, places = marks_text(boxes, (800, 600))
    assert text.splitlines() == ["[1] [A] [Greentea]", "[3] [IMG] [a cup]", f"[] [StaticText] [{'x' * 200}]"]
    assert list(places) == ["1", "2", "3"]
    assert "[N/A]" in marks_text(boxes, (800, 600), compat=False)[0]


@given(st.tuples(*[st.floats(-2000, 2000)] * 2, *[st.floats(0.5, 2000)] * 2))
def test_the_repaired_share_is_one(rect: Rect) -> None:
    assert 0.0 <= share_in_view(rect, (800.0, 600.0), compat=False) <= 1.0 + 1e-9
