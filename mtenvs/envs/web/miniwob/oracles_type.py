"""Pages that are solved by typing and choosing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtenvs.core.actions import Call
from mtenvs.envs.web.miniwob.hands import FIELDS, Hands
from mtenvs.envs.web.oracle import PlanFailed


def quoted_text(page: Hands) -> Iterator[str]:
    """Type what is in quotes."""
    yield page.type(page.one(*FIELDS), page.quoted()[0])
    yield page.submit()


def changed_case(page: Hands) -> Iterator[str]:
    """Type what is in quotes, in upper or lower case."""
    text = page.quoted()[0]
    yield page.type(page.one(*FIELDS), text.upper() if "upper case" in page.goal else text.lower())
    yield page.submit()


def both_fields(page: Hands) -> Iterator[str]:
    """The password twice."""
    for field in page.all(*FIELDS):
        yield page.type(field, page.quoted()[0])
    yield page.submit()


def log_in(page: Hands) -> Iterator[str]:
    """Name and password; a window that pops up in between is closed."""
    for index, text in enumerate(page.quoted()[:2]):
        yield page.type(page.all(*FIELDS)[index], text)
        yield from _away_with_popups(page)
    for index, text in enumerate(page.quoted()[:2]):  # what was typed when a window popped up may have got lost
        field = page.all(*FIELDS)[index]
        if field.value != text:
            yield page.type(field, text)
            yield from _away_with_popups(page)
    yield page.click(next(node for node in page.all("button") if node.name in ("Login", "OK")))


def _away_with_popups(page: Hands) -> Iterator[str]:
    for node in page.all("button", "clickable", "link"):
        if node.name.strip() in ("Cancel", "Close", "x", "X"):
            yield page.click(node)
            return


def choose_from_list(page: Hands) -> Iterator[str]:
    """One or several options of a list."""
    found = re.match(r"Select (.*) from the (?:scroll )?list and click Submit", page.goal)
    if found is None:
        raise PlanFailed(page.goal)
    yield page.select(page.one("combobox", "listbox"), " | ".join(found[1].split(", ")))
    yield page.submit()


def copy_first(page: Hands) -> Iterator[str]:
    """The text of the text area, which is the taller field, into the other."""
    fields = sorted(page.all(*FIELDS), key=lambda node: node.rect.h)
    yield page.type(fields[0], fields[-1].value)
    yield page.submit()


def copy_nth(page: Hands) -> Iterator[str]:
    """The text of the field that the goal counts to into the last."""
    fields = page.all(*FIELDS)
    yield page.type(fields[-1], fields[page.number() - 1].value)
    yield page.submit()


def date_field(page: Hands) -> Iterator[str]:
    """A date, in the form that the browser's own field takes."""
    found = re.search(r"(\d\d)/(\d\d)/(\d{4})", page.goal)
    if found is None:
        raise PlanFailed(page.goal)
    yield page.type(page.one("date", *FIELDS), f"{found[3]}-{found[1]}-{found[2]}")
    yield page.submit()


def time_field(page: Hands) -> Iterator[str]:
    """A time, in the form that the browser's own field takes."""
    found = re.search(r"(\d+):(\d\d) (AM|PM)", page.goal)
    if found is None:
        raise PlanFailed(page.goal)
    hour = int(found[1]) % 12 + (12 if found[3] == "PM" else 0)
    yield page.type(page.one("time", *FIELDS), f"{hour:02d}:{found[2]}")
    yield page.submit()


def radio_and_field(page: Hands) -> Iterator[str]:
    """Check one of three buttons and fill one of three fields."""
    which = [int(n) for n in re.findall(r"(\d+)(?:st|nd|rd|th)", page.goal)]
    yield page.click(page.all("radio")[which[0] - 1])
    yield page.type(page.all(*FIELDS)[which[1] - 1], page.quoted()[0])
    yield page.submit()


def spinner(page: Hands) -> Iterator[str]:
    """Turn the spinner by the arrow keys, step by step."""
    found = re.search(r"Select (-?\d+)", page.goal)
    if found is None:
        raise PlanFailed(page.goal)
    yield page.click(page.one("spinbutton"))
    for _ in range(abs(int(found[1]))):
        yield Call("press", {"key": "ArrowUp" if int(found[1]) > 0 else "ArrowDown"}).text
    yield page.submit()
