"""The scripted solver: it searches, opens pages, follows links and reads. It knows what to look for, and no answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Final

from mtenvs.core.actions import Call
from mtenvs.envs.words.search.questions import head_of
from mtenvs.envs.words.search.reading import body_of, titles_in
from mtenvs.envs.words.search.relations import BY_ID, Relation
from mtenvs.envs.words.search.tables import column_name, write_table
from mtenvs.envs.words.search.verify import SEPARATOR
from mtenvs.envs.words.search.world import World

UNKNOWN: Final = "unknown"
_MOST_HITS: Final = 10

Acts = Generator[str, None, Any]


class Solver:
    """Plays one task by its plans.

    Args:
        world: for the names by which pages call their subjects.
        last: gives the text of the last turn.
    """

    def __init__(self, world: World, last: Callable[[], str]) -> None:
        self._world, self._last = world, last
        self._met: set[str] = set()  # titles that a text has shown, which can be opened without a search

    def play(self, plans: Sequence[Mapping[str, Any]]) -> Generator[str, None, str]:
        """The actions up to the answer; the answer is returned, not given."""
        answers = list[str]()
        for plan in plans:
            answer = yield from self._answer(plan)
            answers.append(answer)
        return f"{SEPARATOR} ".join(answers)

    def _answer(self, plan: Mapping[str, Any]) -> Acts:
        if "path" in plan:
            return (yield from self._follow(plan["start"], [BY_ID[i] for i in plan["path"]]))
        items = plan.get("items")
        if items is None:
            items = yield from self._values(plan["start"], BY_ID[plan["list"]])
        if "columns" in plan:
            return (yield from self._table(items, [BY_ID[i] for i in plan["columns"]]))
        order = BY_ID[plan["order"]]
        values = {}
        for title in items:
            found = yield from self._values(title, order)
            values[title] = int(found[0].replace(",", "")) if found else -1
        if "above" in plan:
            return str(sum(v > plan["above"] for v in values.values()))
        return max(values, key=lambda t: values[t], default=UNKNOWN)

    def _follow(self, start: str, path: Sequence[Relation]) -> Acts:
        here = start
        for relation in path:
            found = yield from self._values(here, relation)
            if not found:
                return UNKNOWN
            here = found[0]
        return here

    def _table(self, items: Sequence[str], columns: Sequence[Relation]) -> Acts:
        heads = ["Name", *map(head_of, columns)]
        rows = []
        for title in items:
            text = yield from self._read(title)
            cells = [(relation.read(text, self._name(title)) or [UNKNOWN])[0] for relation in columns]
            rows.append({column_name(h): c for h, c in zip(heads, [title, *cells], strict=True)})
        return write_table(heads, rows)

    def _values(self, title: str, relation: Relation) -> Acts:
        text = yield from self._read(title)
        return relation.read(text, self._name(title))

    def _name(self, title: str) -> str:
        return self._world[title].name

    def _read(self, title: str) -> Acts:
        """All parts of a page, found by a search unless a link has led to it."""
        if title not in self._met:
            yield Call("search", {"query": title, "k": _MOST_HITS}).text
            self._met.update(titles_in(self._last()))
        text, more, part = "", True, 1
        while more:
            yield Call("open", {"page": title, "part": part}).text
            piece, more = body_of(self._last())
            text, part = text + piece, part + 1
        self._met.update(link.partition("]]")[0] for link in text.split("[[")[1:])
        return text
