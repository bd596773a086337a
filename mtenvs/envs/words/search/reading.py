"""How pages and results look to the agent, and how an action is written in the papers' tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mtenvs.core.actions import Call, Tool
from mtenvs.envs.words.search.corpus import Hit
from mtenvs.envs.words.search.pages import Page
from mtenvs.envs.words.search.tables import read_table

_TAGS: Final = {"search": "search", "answer": "answer", "open": "open", "access": "open"}  # tag -> action
_BREAKS: Final = ("\n\n", "\n", ". ", "。", " ")
_GOES_ON: Final = re.compile(r"\n\[\.\.\. goes on in part \d+ of \d+: open\(page=.*, part=\d+\)\]\Z")


def read_tags(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """MEM1's and ASearcher's form: the last ``<search>``, ``<access>``, ``<open>`` or ``<answer>`` with its closing tag."""
    if _is_plain_call(text, tools):
        return None
    end, tag = max((text.rfind(f"</{t}>"), t) for t in _TAGS)
    start = text.rfind(f"<{tag}>", 0, max(end, 0))
    if end < 0 or start < 0 or _TAGS[tag] not in tools:
        return None
    return tools[_TAGS[tag]].bind([text[start + len(tag) + 2 : end].strip()], {})


def read_fenced_table(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """WideSearch's form: a reply whose ``markdown`` fence holds a table is the answer."""
    if "```markdown" not in text or "answer" not in tools or _is_plain_call(text, tools) or not read_table(text):
        return None
    return tools["answer"].bind([text.strip()], {})


def _is_plain_call(text: str, tools: Mapping[str, Tool]) -> bool:
    """Whether the whole text is a call in a general form; tags and fences inside its strings then mean nothing."""
    bare = text.strip()
    return (bare.startswith("{") and bare.endswith("}")) or (bare.endswith(")") and bare.startswith(tuple(f"{name}(" for name in tools)))


def results(query: str, hits: Sequence[Hit]) -> str:
    """The results of a search, best first: number, title and the words around the match."""
    if not hits:
        return f"No page has a word of {_short(query)!r}."
    return "\n".join(f"#{h.number} {h.title}: {h.snippet}" for h in hits)


def parts_of(text: str, size: int) -> list[str]:
    """A text cut into parts of at most ``size`` characters, at paragraphs, lines, sentences or words where there are any.

    Joined, the parts are the text again.
    """
    parts = []
    start = 0
    while len(text) - start > size:
        cut = next((at + len(b) for b in _BREAKS if (at := text.rfind(b, start + size // 2, start + size - len(b))) > 0), start + size)
        parts.append(text[start:cut])
        start = cut
    return [*parts, text[start:]]


def shown(number: int, page: Page, parts: Sequence[str], part: int) -> str:
    """One part of a page, with a head that names it and a mark where it goes on."""
    if len(parts) == 1:
        return f"{page.title} (#{number})\n\n{parts[0]}"
    text = f"{page.title} (#{number}, part {part} of {len(parts)})\n\n{parts[part - 1]}"
    if part == len(parts):
        return text
    name = page.title if '"' not in page.title else f"#{number}"
    return f'{text}\n[... goes on in part {part + 1} of {len(parts)}: open(page="{name}", part={part + 1})]'


def body_of(shown_text: str) -> tuple[str, bool]:
    """What `shown` wraps: the bare part, and whether there is another after it."""
    bare = shown_text.partition("\n\n")[2]
    match = _GOES_ON.search(bare)
    return (bare[: match.start()], True) if match is not None else (bare, False)


def titles_in(results_text: str) -> Iterator[str]:
    """The titles in the text of `results`."""
    for line in results_text.splitlines():
        if line.startswith("#"):
            yield line.partition(" ")[2].partition(": ")[0]


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else f"{text[:limit]}..."
