"""What a HAR entry says, as far as the checks ask."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlparse

_FILES: Final = (".css", ".js", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".woff", ".woff2", ".ttf", ".ico", ".webp")
_BOUNDARY: Final = re.compile(r"boundary=([^;\s]+)")
_FIELD: Final = re.compile(r'name="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Event:
    """A request and its response.

    Args:
        data: an entry of ``log.entries`` in HAR 1.2.
    """

    data: Mapping[str, Any]

    @property
    def url(self) -> str:
        """The address asked for."""
        return str(self.data["request"]["url"])

    @property
    def method(self) -> str:
        """``GET`` and the like."""
        return str(self.data["request"]["method"])

    @property
    def status(self) -> int:
        """HTTP status."""
        return int(self.data["response"]["status"])

    @property
    def is_counted(self) -> bool:
        """Whether it asks for something other than style, script, picture or font."""
        return not urlparse(self.url).path.endswith(_FILES)

    @property
    def headers(self) -> dict[str, str]:
        """Request headers, names in lower case."""
        return {h["name"].lower(): h["value"] for h in self.data["request"].get("headers", ())}

    @property
    def is_navigation(self) -> bool:
        """Whether the tab went to another document by it."""
        if self.method != "GET":
            return False
        headers = {name: value.lower() for name, value in self.headers.items()}
        accept = headers.get("accept", "")
        if "sec-fetch-user" in headers:
            said = headers.get("sec-fetch-dest"), headers.get("sec-fetch-mode"), headers.get("sec-fetch-user")
            return said == ("document", "navigate", "?1") and "text/html" in accept
        return accept.startswith("text/html")

    @property
    def posted(self) -> dict[str, Any] | None:
        """The fields sent, of a form or a JSON object; None for anything else."""
        return _fields(self.data["request"].get("postData"))

    @property
    def answered(self) -> dict[str, Any] | None:
        """The fields received, in the same forms."""
        return _fields(self.data["response"].get("content"))

    @property
    def cookies_set(self) -> dict[str, str]:
        """Values of the response's cookies, percent signs resolved."""
        return {c["name"]: unquote(c.get("value", "")) for c in self.data["response"].get("cookies", ())}


def _fields(content: Mapping[str, Any] | None) -> dict[str, Any] | None:
    text = (content or {}).get("text") or ""
    kind = (content or {}).get("mimeType") or ""
    if not text:
        return None
    if "application/x-www-form-urlencoded" in kind:
        return {k: v[0] for k, v in parse_qs(text, keep_blank_values=True).items()}
    if "application/json" in kind:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None
    boundary = _BOUNDARY.search(kind) if "multipart/form-data" in kind else None
    return _multipart(text, boundary[1]) if boundary else None


def _multipart(text: str, boundary: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(f"--{boundary}"):
        head, gap, body = part.strip().replace("\r\n", "\n").partition("\n\n")
        line = next((each for each in head.split("\n") if each.lower().startswith("content-disposition:")), "")
        name = _FIELD.search(line)
        if gap and name:
            found[name[1]] = body.rstrip("\n")
    return found
