"""Pages that are solved by searching, trying and comparing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mtenvs.core.actions import Call
from mtenvs.envs.web.miniwob.hands import FIELDS, LINKS, Hands
from mtenvs.envs.web.oracle import PlanFailed

_MOST: Final = 25  # tries or pages; no problem needs as many


def copy_shown(page: Hands) -> Iterator[str]:
    """Type the text that stands on the page, whatever it looks like."""
    yield page.type(page.one(*FIELDS), page.words().split("\n")[-1].strip())
    yield page.submit()


def greatest(page: Hands) -> Iterator[str]:
    """The card with the greatest number."""
    cards = [node for node in page.all(*LINKS) if node.name.strip().isdigit()]
    yield page.click(max(cards, key=lambda node: int(node.name)))
    yield page.submit()


def generated(page: Hands) -> Iterator[str]:
    """Draw numbers until one fits."""
    for _ in range(_MOST):
        shown = re.findall(r"^\d+$", page.words(), re.MULTILINE)
        if shown and _fits(page.goal, int(shown[-1])):
            break
        yield page.click(page.one("button", name="Generate"))
    yield page.submit()


def _fits(goal: str, number: int) -> bool:
    limit = re.search(r"(less|greater) than (\d+)", goal)
    if limit is not None:
        return number < int(limit[2]) if limit[1] == "less" else number > int(limit[2])
    return number % 2 == ("odd" in goal)


def entry_of_person(page: Hands) -> Iterator[str]:
    """Turn the pages of the contact book, then click what is asked for."""
    found = re.search(r"Find (.+) in the contact book and click on their (\w+)", page.goal)
    if found is None:
        raise PlanFailed(f"the goal {page.goal!r} is not known")
    for _ in range(_MOST):
        if page.one("heading").name.strip() == found[1]:
            break
        yield page.click(page.one("link", name=">"))
    place = {"phone": 0, "email": 1, "address": 2}[found[2].lower().split()[0]]
    yield page.click(page.all("clickable")[place])


def movie(page: Hands) -> Iterator[str]:
    """Fill the fields of a form whose order differs, each by the label beside it."""
    found = re.search(r"Search for (\S+) movies directed by (\S+) from year (\d+)", page.goal)
    if found is None:
        raise PlanFailed(f"the goal {page.goal!r} is not known")
    wanted = dict(zip(("genre", "director", "year|date"), found.groups(), strict=True))
    for label, value in wanted.items():
        yield page.type(page.beside(label, *FIELDS), value)
    yield page.click([node for node in page.all("button", *LINKS) if node.name.strip() in {"Submit", "Search", "Go!"}][-1])


def completed(page: Hands) -> Iterator[str]:
    """Type the beginning, then the rest of the offered item that also has the wanted end."""
    start, *end = page.quoted()
    field = page.one(*FIELDS)
    yield page.type(field, start)
    for _ in range(_MOST):
        items = [node.name.strip() for node in page.look() if node.role == "text"]
        fitting = [name for name in items if name.startswith(start) and name.endswith(end[0] if end else "")]
        if fitting:
            yield Call("type", {"id": field.ref, "text": fitting[0], "clear": True}).text
            yield Call("press", {"key": "Tab"}).text  # the list covers the button
            break
        yield Call("wait", {"ms": 100}).text
    yield page.submit()


def nth_result(page: Hands) -> Iterator[str]:
    """Search, then turn to the page of results on which the wanted one is."""
    yield page.type(page.one(*FIELDS), page.quoted()[0])
    yield page.click(page.one("button", name="Search"))
    turns, place = divmod(page.number() - 1, 3)
    for _ in range(turns):
        yield page.click(page.one("link", name=">"))
    results = [node for node in page.all("link") if not re.fullmatch(r"\d+|[<>]", node.name.strip())]
    yield page.click(results[place])
