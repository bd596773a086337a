"""Pages that are solved by clicking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mtenvs.core.actions import Call
from mtenvs.envs.web.miniwob.hands import FIELDS, LINKS, Hands
from mtenvs.envs.web.oracle import PlanFailed

_WIDGETS: Final = {"button": ("button",), "text": FIELDS, "textarea": FIELDS, "radio": ("radio",), "checkbox": ("checkbox",)}


def only_button(page: Hands) -> Iterator[str]:
    """The button that there is."""
    yield page.click(page.one("button"))


def button_one(page: Hands) -> Iterator[str]:
    """The button called ONE."""
    yield page.click(page.one("button", name="ONE"))


def quoted_button(page: Hands) -> Iterator[str]:
    """The button that the goal names."""
    yield page.click(page.one("button", name=page.quoted()[0]))


def one_then_two(page: Hands) -> Iterator[str]:
    """Both buttons in order."""
    yield page.click(page.one("button", name="ONE"))
    yield page.click(page.one("button", name="TWO"))


def listed_boxes(page: Hands) -> Iterator[str]:
    """Every box of the list in the goal."""
    found = re.match(r"Select (.*) and click Submit", page.goal)
    names = found[1].split(", ") if found is not None else []
    for name in names:
        if name != "nothing":
            yield page.click(page.one("checkbox", name=name))
    yield page.submit()


def radio_option(page: Hands) -> Iterator[str]:
    """The option that the goal names."""
    found = re.match(r"Select (.*) and click Submit", page.goal)
    yield page.click(page.one("radio", name=found[1] if found is not None else ""))
    yield page.submit()


def section_and_submit(page: Hands) -> Iterator[str]:
    """Open the section; the button appears in it."""
    yield page.click(page.one("tab"))
    for _ in range(8):
        if any(node.name.strip() == "Submit" and node.in_viewport and node.rect.h > 5 for node in page.all("button")):
            break
        yield Call("wait", {"ms": 50}).text
    yield page.submit()


def link_in_tabs(page: Hands) -> Iterator[str]:
    """Open one tab, or one section, after the other until the link is there."""
    yield from _search(page, len(page.all("tab")))


def _search(page: Hands, count: int) -> Iterator[str]:
    wanted = page.quoted()[0]
    for number in range(count + 1):
        for _ in range(3):
            here = [node for node in page.all(*LINKS) if node.name.strip() == wanted and node.rect.h > 0]
            if here:
                yield page.click(here[0])
                return
            if number:
                yield Call("wait", {"ms": 50}).text
            else:
                break
        if number < count:
            yield page.click(page.all("tab")[number])
    raise PlanFailed(f"no link {wanted!r}")


def close_dialog(page: Hands) -> Iterator[str]:
    """The cross in the corner."""
    yield page.click(page.one("button", name="Close"))


def dialog_button(page: Hands) -> Iterator[str]:
    """The button that the goal names; the cross is called Close."""
    name = page.quoted()[0]
    yield page.click(page.one("button", name="Close" if name == "x" else name))


def quoted_link(page: Hands) -> Iterator[str]:
    """The link that the goal names."""
    yield page.click(page.one(*LINKS, name=page.quoted()[0]))


def numbered_tab(page: Hands) -> Iterator[str]:
    """The tab that the goal names."""
    found = re.search(r"Tab #\d+", page.goal)
    yield page.click(page.one("tab", name=found[0] if found is not None else ""))


def widget_of_kind(page: Hands) -> Iterator[str]:
    """An element of the kind that the goal names."""
    kind = page.quoted()[0]
    nodes = page.all(*_WIDGETS[kind])
    if kind in ("text", "textarea"):  # both are text boxes; a text area is the taller one
        nodes.sort(key=lambda node: node.rect.h, reverse=kind == "textarea")
    yield page.click(nodes[0])


def only_field(page: Hands) -> Iterator[str]:
    """The text box that there is."""
    yield page.click(page.one(*FIELDS))


def nth_field(page: Hands) -> Iterator[str]:
    """The text box that the goal counts to."""
    yield page.click(page.all(*FIELDS)[page.number() - 1])


def odd_or_even(page: Hands) -> Iterator[str]:
    """The numbers stand between their two buttons."""
    for index, text in enumerate(page.words().split()):
        name = "Even" if int(text) % 2 == 0 else "Odd"
        yield page.click([node for node in page.all("button") if node.name == name][index])
    yield page.submit()
