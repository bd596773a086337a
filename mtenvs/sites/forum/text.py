"""How texts, times and numbers are shown."""

from __future__ import annotations

import re
import unicodedata
from calendar import timegm
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_SPANS: Final = ((31_536_000, "year"), (2_592_000, "month"), (604_800, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute"))
_SLUG_LENGTH: Final = 60
_ADDRESS: Final = re.compile(r"https?://[^\s/?#\\@\"'<>]+[^\s\"'<>]*\Z", re.IGNORECASE)


def _outside(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
    """Links of visitors lead away from the site, so nothing of it should go with them."""
    tokens[index].attrSet("rel", "nofollow noreferrer noopener")
    return self.renderToken(tokens, index, options, env)


# Raw HTML is shown as text; pictures inside of texts are not allowed, so that no text can fetch anything by itself.
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["strikethrough", "table", "linkify"]).disable("image")
_MARKDOWN.add_render_rule("link_open", _outside)


@lru_cache(maxsize=4096)
def markdown(text: str) -> Markup:
    """A visitor's text as safe HTML."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - html is off in the renderer, which escapes everything else


@lru_cache(maxsize=8192)
def slug(title: str) -> str:
    """A title as it stands in addresses, ``-`` when nothing of it can."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    made = ""
    for word in words:
        if made and len(made) + 1 + len(word) > _SLUG_LENGTH:
            break
        made = f"{made}-{word}" if made else word[:_SLUG_LENGTH]
    return made or "-"


def seconds(when: datetime) -> int:
    """A time of the site's clock as the tables hold it."""
    return timegm(when.timetuple())


@lru_cache(maxsize=8192)
def iso(time: int) -> str:
    """Such a time for machines."""
    return datetime.fromtimestamp(time, timezone.utc).isoformat()


@lru_cache(maxsize=8192)
def full(time: int) -> str:
    """Such a time for people, such as ``June 15, 2026 at 10:00 AM``."""
    when = datetime.fromtimestamp(time, timezone.utc)
    return f"{when:%B} {when.day}, {when.year} at {when.hour % 12 or 12}:{when:%M} {'AM' if when.hour < 12 else 'PM'}"


def span(length: int) -> str:
    """A length of time in its largest unit, such as ``3 days``."""
    for size, name in _SPANS:
        if length >= size:
            many = length // size
            return f"{many} {name}" + ("s" if many > 1 else "")
    return "a few seconds"


def ago(time: int, now: int) -> str:
    """How long ago it was."""
    return span(max(0, now - time)) + " ago"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, such as ``1 comment`` or ``2,000 comments``; ``No comments`` for none."""
    if number == 0:
        return f"No {many or one + 's'}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def host(url: str) -> str:
    """Where an address leads, without ``www.``; empty within the site."""
    found = re.match(r"https?://([^/?#]+)", url, re.IGNORECASE)
    return found[1].lower().removeprefix("www.") if found else ""


def is_address(url: str) -> bool:
    """Whether it is an address of the web, the only kind that may be linked to."""
    return len(url) <= 2_000 and _ADDRESS.match(url) is not None
