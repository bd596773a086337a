"""The real Chromium: one browser process for many episodes, each in a context of its own.

Start here::

    hosts = Hosts(mapped=(("shop.localhost", "127.0.0.1:8000"),))
    chromium = Chromium.shared(hosts)
    with chromium.open() as session:
        session.goto("http://shop.localhost/")
        for node in session.outline():
            print(node.ref, node.role, node.name)
        session.click(3)
        picture = session.screenshot()
    chromium.release()

Files: `find` and `launch` start it, `browser` keeps it, `hosts` says where it may go. A session is built in layers, one file
each, from `base` (deadlines and crashes) over `network`, `tabs`, `reading`, `acting` and `locators` to `live`, which is the
session on the loop thread; `session` is the same for blocking code. `js/world.js` is what runs inside the pages.
"""

from mtenvs.core.errors import MissingRequirement

try:
    import playwright.async_api  # noqa: F401 - to say what is missing
except ImportError as error:  # pragma: no cover - only where the extra is not installed
    raise MissingRequirement("web", "playwright", "pip install 'mtenvs[web]'") from error

from mtenvs.backends.chromium.browser import Chromium
from mtenvs.backends.chromium.errors import (
    BadLocator,
    BlockedUrl,
    BrowserDied,
    BrowserError,
    BrowserTimeout,
    DialogOpen,
    NavigationFailed,
    NotClickable,
    PageCrashed,
    ScriptError,
    SessionClosed,
    StaleElement,
    UploadRefused,
)
from mtenvs.backends.chromium.find import find_chromium
from mtenvs.backends.chromium.hosts import Hosts
from mtenvs.backends.chromium.live import AsyncSession
from mtenvs.backends.chromium.network import NetworkEvent
from mtenvs.backends.chromium.nodes import AXNode, DialogInfo, DownloadInfo, Node, Outline, Rect, TabInfo
from mtenvs.backends.chromium.probe import Answer, AsyncProbe
from mtenvs.backends.chromium.session import Probe, Session

__all__ = [
    "AXNode", "Answer", "AsyncProbe", "AsyncSession", "BadLocator", "BlockedUrl", "BrowserDied", "BrowserError", "BrowserTimeout",
    "Chromium", "DialogInfo", "DialogOpen", "DownloadInfo", "Hosts", "NavigationFailed", "NetworkEvent", "Node", "NotClickable",
    "Outline", "PageCrashed",
    "Probe", "Rect", "ScriptError", "Session", "SessionClosed", "StaleElement", "TabInfo", "UploadRefused", "find_chromium",
]  # fmt: skip
