"""The forums' topics, read from the text files beside this module.

A topic begins with ``= name | title`` (and perhaps ``| size 1.5`` and ``| featured``). Then, line by line::

    < description            # tag, tag            > a line of the sidebar
    slot: one; another       entries to draw from, for {slot}
    ? title @@ theme, theme  a text post; its body follows, indented by two spaces
    ~ title @ site @@ theme  a link to a page of that site
    ! title | kind key=value; key=value @@ theme   a picture, see `mtenvs.sites.forum.draw`; a body may follow
    * theme                  what comments say, one sentence a line, each after ``- ``

``[this|that]`` picks one; a number and ``x`` after the sign, as in ``!3x``, makes a kind of post so much more frequent.
"""

from __future__ import annotations

import importlib.resources
import re
from typing import Final

from mtenvs.sites.forum.seed.grammar import Post, Topic

_WEIGHT: Final = re.compile(r"([\d.]+)x ")
_FILES: Final = importlib.resources.files("mtenvs.sites.forum.seed") / "topics"


def _list(text: str, between: str = ",") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(between) if part.strip())


class _Reader:
    """One topic, line by line."""

    def __init__(self, head: str) -> None:
        name, title, *more = _list(head, "|")
        self.name, self.title, self.featured = name, title, "featured" in more
        self.size = next((float(part.split()[1]) for part in more if part.startswith("size")), 1.0)
        self.description, self.tags = "", ()
        self.sidebar: list[str] = []
        self.slots: dict[str, tuple[str, ...]] = {}
        self.posts: list[dict[str, object]] = []
        self.themes: dict[str, list[str]] = {}

    def line(self, line: str) -> None:
        """Take a line.

        Raises:
            ValueError: it says nothing that we know.
        """
        sign, rest = line[0], line[1:].strip()
        if line.startswith("  "):
            self.posts[-1]["body"] = f"{self.posts[-1].get('body', '')}\n\n{rest}".strip()
        elif sign == "<":
            self.description = rest
        elif sign == "#":
            self.tags = _list(rest)
        elif sign == ">":
            self.sidebar.append(rest)
        elif sign == "*":
            self.themes[rest] = []
        elif sign == "-":
            list(self.themes.values())[-1].append(rest)
        elif sign in "?~!":
            self.posts.append(self._post(sign, rest))
        elif ":" in line:
            name, _, values = line.partition(":")
            self.slots[name.strip()] = _list(values, ";")
        else:
            raise ValueError(f"{self.name}: {line!r}")

    def _post(self, sign: str, rest: str) -> dict[str, object]:
        made: dict[str, object] = {}
        weight = _WEIGHT.match(rest)
        if weight:
            made["weight"], rest = float(weight[1]), rest[weight.end() :]
        rest, _, themes = rest.partition(" @@ ")
        made["themes"] = _list(themes)
        if sign == "~":
            rest, _, made["site"] = rest.rpartition(" @ ")
        elif sign == "!":
            rest, _, scene = rest.rpartition(" | ")
            kind, _, values = scene.partition(" ")
            made["scene"] = {"kind": kind, **dict(part.split("=", 1) for part in _list(values, ";"))}
        made["title"] = rest.strip()
        return made

    def topic(self) -> Topic:
        """What was read.

        Raises:
            ValueError: a post answers with a theme that the topic lacks.
        """
        posts = tuple(Post(**post) for post in self.posts)  # type: ignore[arg-type] # the keys are those of Post, set above
        for post in posts:
            if not set(post.themes) <= set(self.themes):
                raise ValueError(f"{self.name}: {post.title!r} has unknown themes")
        return Topic(
            self.name,
            self.title,
            self.description,
            "\n".join(self.sidebar),
            self.tags,
            self.slots,
            posts,
            self.themes,
            self.size,
            self.featured,
        )


def read() -> tuple[Topic, ...]:
    """All topics, in order of the files' names."""
    readers: list[_Reader] = []
    for file in sorted(_FILES.iterdir(), key=lambda entry: entry.name):
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("= "):
                readers.append(_Reader(line[2:]))
            elif line.strip():
                readers[-1].line(line)
    return tuple(reader.topic() for reader in readers)
