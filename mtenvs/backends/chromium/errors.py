"""What can go wrong with a browser, one class for each thing that a caller treats differently.

Two kinds. `BrowserError` and its children are news about the machine (too slow, crashed, gone): the env decides whether the
episode goes on. The others derive from `mtenvs.core.errors.BadAction`: the agent asked for something that cannot be done
now, nothing was done, and the message is written for the agent.
"""

from __future__ import annotations

from mtenvs.core.errors import BadAction, MtenvsError


class BrowserError(MtenvsError, RuntimeError):
    """News about the browser itself."""


class BrowserTimeout(BrowserError, TimeoutError):
    """A call did not end within its deadline; what hung was stopped, so that the next call finds a page that answers."""


class PageCrashed(BrowserError):
    """The renderer of the active tab died, or had to be killed; a fresh tab at the same address stands in its place."""


class BrowserDied(BrowserError):
    """The browser process is gone and every session in it with it; `Chromium.shared` starts another one."""


class SessionClosed(BrowserError):
    """The session was closed, maybe by another thread while this call was under way."""


class ScriptError(BrowserError):
    """JavaScript that was given to `evaluate` threw; the message is the page's."""


class BlockedUrl(BadAction):
    """An address that this session must not open: a foreign host, or a scheme other than http and https."""


class StaleElement(BadAction):
    """The element with this number is gone, or belongs to a page that was left."""


class NotClickable(BadAction):
    """The element cannot be acted on now: covered, not visible or disabled. The message names what is in the way."""


class BadLocator(BadAction):
    """A locator that finds nothing, or more than one element."""


class DialogOpen(BadAction):
    """A dialog waits for an answer, and until then the page does nothing else."""


class UploadRefused(BadAction):
    """A file outside the folder that uploads may come from, or one that is not there."""


class NavigationFailed(BadAction):
    """The page could not be loaded: the connection failed, redirects did not end, or there is nowhere to go back to."""
