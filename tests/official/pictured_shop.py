"""The test's own server: Magento's REST interface and pictures by address, for both sides."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

import numpy as np
from cases import ORDER, seed_of
from PIL import Image


class Shop(BaseHTTPRequestHandler):
    """Answers from `reviews`, by product."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    reviews: dict[str, list[dict[str, Any]]] = {}
    folder = Path()

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._send(200, b'"a-token"', "application/json")

    def do_GET(self) -> None:
        url = urlparse(self.path)
        if url.path.endswith("/rest/V1/orders"):
            self._json({"items": [{"increment_id": f"{ORDER:09}"}]})
        elif url.path.endswith("/reviews"):
            sku = url.path.split("/")[-2]
            self._json([_review(r) for r in self.reviews.get(sku, [])])
        else:
            asked = parse_qs(url.query).get("from", [f"http://{self.headers['host']}{self.path}"])[0]
            status, body = picture(unquote(asked))
            self._send(status, body, "image/png")

    def _json(self, data: Any) -> None:
        self._send(200, json.dumps(data).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _review(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "ratings": [{"rating_name": "Rating", "percent": kept.get("percent", 40)}]}


@cache
def picture(url: str) -> tuple[int, bytes]:
    """A status and a PNG: smooth patches by address, with as much noise as it asks for."""
    if "missing" in url:
        return 404, b"no such picture"
    rng = np.random.default_rng(seed_of(url))
    width, height = (int(v) for v in rng.integers(40, 90, 2))
    patches = Image.fromarray(rng.integers(0, 256, (5, 6, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    noise = float(url.split("noise=")[1]) if "noise=" in url else 0.0
    pixels = np.asarray(patches, dtype=np.float64) + np.random.default_rng(1).normal(0, noise, (height, width, 3))
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(out, "PNG")
    return 200, out.getvalue()


@contextmanager
def small_web() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
