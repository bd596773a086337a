"""The page that browsers are measured on: a shop's list with 157 things to use, as in the measurements that the targets come from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCTS = 36


def html() -> bytes:
    """About 850 nodes of the accessibility tree; its buttons count clicks and go nowhere."""
    menu = "".join(f'<li><a href="/c{i}">Category {i}</a></li>' for i in range(10))
    cards = "".join(
        f'<li class="card"><a href="/p{i}"><span class="pic" role="img" aria-label="Product {i}"></span></a>'
        f'<h3><a href="/p{i}">Product number {i} in blue</a></h3><p>A sturdy thing for every day, made of wood and steel.</p>'
        f"<div><span>Rating {50 + i} %</span> <span>{i + 2} reviews</span></div><div><b>${10 + i}.99</b> <s>${12 + i}.50</s></div>"
        f'<label>Qty <input name="q{i}" value="1" size="2"></label> <button onclick="this.value=+this.value+1">'
        f"Add to cart {i}</button></li>"
        for i in range(PRODUCTS)
    )
    return f"""<!doctype html><html lang="en"><head><title>One shop</title><style>
body {{ font: 14px sans-serif; margin: 16px }}
ul {{ list-style: none; padding: 0 }} ul {{ display: flex; flex-wrap: wrap; gap: 12px }}
.card {{ width: 220px; border: 1px solid #ccc; padding: 8px }}
.pic {{ display: block; height: 120px; background: linear-gradient(#48c, #c84) }}
</style></head><body><header><form action="/s"><label>Search <input name="q"></label> <button>Search</button></form></header>
<nav><ul>{menu}</ul></nav><main><h1>Things</h1><ul>{cards}</ul></main><footer><a href="/about">About</a></footer></body></html>""".encode()


@contextmanager
def served() -> Iterator[str]:
    """The page's address, while it is served."""
    page = html()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Say how many things there are to use."""
    text = html().decode()
    print(sum(text.count(tag) for tag in ("<a ", "<input", "<button")))


if __name__ == "__main__":
    main()
