"""Where the requests of a browser may go: the names that are served here, the ones that are reached as they are, and nothing else.

The table is handed to the browser as ``--host-resolver-rules`` when it starts. A name (or an IP address written as digits)
that is not in it does not resolve, whoever asks: the address bar, a link, a redirect, an iframe, ``fetch``, a WebSocket.
That costs nothing per request, and there is no code of ours in the way that could miss one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mtenvs.backends.chromium.errors import BlockedUrl
from mtenvs.core.errors import UnknownOption

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True)
class Hosts:
    """The hosts that a browser can reach.

    Args:
        mapped: pairs of what the agent sees and where it is served: ``("shop.localhost", "127.0.0.1:41231")`` serves
            ``http://shop.localhost/`` from there. A name may carry a port, ``"shop.localhost:7770"``.
        open: hosts reached as they are, ``"host"`` (any port) or ``"host:port"``.
    """

    mapped: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    _table: dict[tuple[str, int | None], str] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        table: dict[tuple[str, int | None], str] = {}
        for seen, served in self.mapped:
            host, port = split_host(seen)
            if split_host(served)[1] is None:
                raise UnknownOption(f"{served!r} does not say the port where {seen!r} is served, such as 127.0.0.1:8000")
            table[host, 80 if port is None else port] = served
        for seen in self.open:
            host, port = split_host(seen)
            table[host, port] = seen
        object.__setattr__(self, "_table", table)

    def rules(self) -> str:
        """The value of ``--host-resolver-rules``."""
        rules = []
        for (host, port), served in self._table.items():
            name = f"[{host}]" if ":" in host else host
            rules.append(f"EXCLUDE {name}" if port is None else f"MAP {name}:{port} {served}")
        return ", ".join([*rules, "MAP * ~NOTFOUND"])

    def served(self, url: str) -> str | None:
        """Where a request for ``url`` goes, as ``host:port``; None if it is refused."""
        try:
            parts = urlsplit(url.replace("\\", "/"))  # browsers take the one for the other
            host, port = (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme.lower())
        except ValueError:
            return None
        if port is None:
            return None
        mapped = self._table.get((host, port))
        if mapped is None and (host, None) in self._table:
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return mapped

    def check(self, url: str) -> str:
        """The address, if it may be opened.

        Args:
            url: as the agent wrote it; without a scheme, ``http://`` is put before it, as in an address bar.

        Raises:
            BlockedUrl: another scheme, or a host that is not in the table.
        """
        text = url.strip()
        if text.lower() == "about:blank":
            return "about:blank"
        scheme, colon, rest = text.partition(":")
        if not colon or rest.split("/")[0].isdigit():  # shop.localhost/cart and shop.localhost:8000/cart
            text, scheme = f"http://{text}", "http"
        if scheme.lower() not in {"http", "https"}:
            raise BlockedUrl(f"addresses that begin with {scheme[:20]}: are not opened here", legal=self.legal())
        if self.served(text) is None:
            raise BlockedUrl(f"{text[:200]} is outside of what this browser can reach", legal=self.legal())
        return text

    def legal(self) -> str:
        """What may be opened, as short text."""
        names = [seen for seen, _ in self.mapped] + list(self.open)
        return "http:// or https:// addresses at " + ", ".join(names[:12]) if names else "about:blank"


def split_host(text: str) -> tuple[str, int | None]:
    """Host in lower case, and port if there is one, of ``host``, ``host:port`` or ``[v6]:port``."""
    parts = urlsplit(f"//{text}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.path or parts.query or any(c in text for c in " ,*@"):
        raise UnknownOption(f"{text!r} is no host or host:port")
    return host, port
