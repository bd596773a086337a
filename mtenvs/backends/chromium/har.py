"""The network log in the HTTP Archive format, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mtenvs.backends.chromium.network import NetworkEvent


def har(events: Iterable[NetworkEvent], browser: str = "") -> dict[str, Any]:
    """A HAR document of the requests, in the order in which they were made.

    Args:
        events: of a session's `network`.
        browser: version.
    """
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "mtenvs", "version": "1"},
            "browser": {"name": "chromium", "version": browser},
            "pages": [],
            "entries": [_entry(e) for e in events],
        }
    }


def _entry(event: NetworkEvent) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": event.method,
        "url": event.url,
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(event.request_headers, "cookie"),
        "headers": _pairs(event.request_headers),
        "queryString": [{"name": k, "value": v} for k, v in parse_qsl(urlsplit(event.url).query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": len(event.post_data.encode()) if event.post_data else 0,
    }
    if event.post_data is not None:
        kind = next((v for k, v in event.request_headers.items() if k.lower() == "content-type"), "")
        form = parse_qsl(event.post_data, keep_blank_values=True) if "x-www-form-urlencoded" in kind else []
        request["postData"] = {"mimeType": kind, "text": event.post_data, "params": [{"name": k, "value": v} for k, v in form]}
    content: dict[str, Any] = {"size": event.size, "mimeType": event.content_type}
    if event.body is not None:
        content["text"] = event.body
    redirect = next((v for k, v in event.response_headers.items() if k.lower() == "location"), "")
    return {
        "startedDateTime": datetime.fromtimestamp(event.started, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": event.duration_s * 1000,
        "request": request,
        "response": {
            "status": event.status,
            "statusText": event.status_text,
            "httpVersion": "HTTP/1.1",
            "cookies": _cookies(event.response_headers, "set-cookie"),
            "headers": _pairs(event.response_headers),
            "content": content,
            "redirectURL": redirect,
            "headersSize": -1,
            "bodySize": event.size,
            "_error": event.failed,
        },
        "cache": {},
        "timings": {"send": 0, "wait": event.duration_s * 1000, "receive": 0},
        "_resourceType": event.kind.lower(),
    }


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    # DevTools joins the values of a header that came several times by line breaks.
    return [{"name": k, "value": part} for k, v in headers.items() for part in v.split("\n")]


def _cookies(headers: dict[str, str], name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for key, value in headers.items():
        if key.lower() == name:
            for line in value.split("\n"):
                jar: SimpleCookie = SimpleCookie()
                try:
                    jar.load(line)
                except CookieError:
                    continue
                found += [{"name": k, "value": m.value} for k, m in jar.items()]
    return found
