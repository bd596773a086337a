"""Texts out of templates: ``{name}`` draws from a list of the topic, ``[this|that]`` picks one. What is drawn stays for the whole text."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_SLOT: Final = re.compile(r"\{(\w+)\}")
_CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


@dataclass(frozen=True)
class Post:
    """How a submission of a topic is written.

    Args:
        title: template.
        body: template; empty for links and most pictures.
        themes: what people answer, keys of the topic's ``themes``; empty for any.
        site: who published the page that a link leads to; empty for other kinds.
        scene: what the picture shows, with templates as values; None for other kinds.
        weight: how often, against the topic's other posts.
    """

    title: str
    body: str = ""
    themes: tuple[str, ...] = ()
    site: str = ""
    scene: Mapping[str, str] | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class Topic:
    """What a forum is about and what people write there.

    Args:
        name: of the forum.
        title: of the forum.
        description: of the forum, one sentence.
        sidebar: of the forum, Markdown.
        tags: of the forum.
        slots: lists to draw from.
        posts: kinds of submissions.
        themes: what comments say: theme -> ways to say it. A theme's words occur in its own comments alone.
        size: how busy it is; 1 is usual.
        featured: whether it is on the front page of strangers.
    """

    name: str
    title: str
    description: str
    sidebar: str
    tags: tuple[str, ...]
    slots: Mapping[str, Sequence[str]]
    posts: Sequence[Post]
    themes: Mapping[str, Sequence[str]]
    size: float = 1.0
    featured: bool = False


@dataclass
class Writer:
    """Fills templates; remembers what it drew, so that title, body, picture and answers speak of the same thing.

    Args:
        rng: draws.
        slots: lists to draw from. ``{name2}`` draws another entry of ``name`` than ``{name}`` did.
        drawn: what is fixed already.
    """

    rng: random.Random
    slots: Mapping[str, Sequence[str]]
    drawn: dict[str, str] = field(default_factory=dict)

    def write(self, template: str) -> str:
        """A text.

        Raises:
            KeyError: the template names no list.
        """
        text = _SLOT.sub(self._slot, self._choose(template))
        return text[:1].upper() + text[1:]

    def fill(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The same for each value, without the capital letter."""
        return {key: _SLOT.sub(self._slot, self._choose(value)) for key, value in values.items()}

    def _choose(self, template: str) -> str:
        while "[" in template:
            after = _CHOICE.sub(lambda match: self.rng.choice(match[1].split("|")), template)
            if after == template:
                break
            template = after
        return template

    def _slot(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self.drawn:
            base = name.rstrip("23456789")
            taken = {value for key, value in self.drawn.items() if key.rstrip("23456789") == base}
            free = [value for value in self.slots[base] if value not in taken]
            self.drawn[name] = self._choose(self.rng.choice(free or list(self.slots[base])))
        return self.drawn[name]
