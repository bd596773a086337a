"""Playwright-style locators, given as data and never as code: ``[("get_by_role", ["button"], {"name": "Save"}), ...]``."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.async_api import Error, Locator
from playwright.async_api import TimeoutError as PlaywrightTimeout

from mtenvs.backends.chromium.acting import Acting
from mtenvs.backends.chromium.base import timed
from mtenvs.backends.chromium.errors import BadLocator

Call = tuple[str, Sequence[Any], Mapping[str, Any]]
WAIT_MS = 1500
"""How long an element may take to appear; the page was at rest before, so more would not help."""
METHODS = frozenset({
    "get_by_role", "get_by_text", "get_by_label", "get_by_placeholder", "get_by_alt_text", "get_by_title", "get_by_test_id",
    "locator", "frame_locator", "filter", "nth",
})  # fmt: skip
PROPERTIES = frozenset({"first", "last"})


class Locating(Acting):
    """The part of a session that finds elements as Playwright's users name them."""

    @timed
    async def locator(self, chain: Sequence[Call]) -> int:
        """The number of the one element that a chain of locator calls finds in the active page.

        Args:
            chain: (method, args, kwargs) each; ``first`` and ``last`` take none. A ``has`` or ``has_not`` may be a chain itself.

        Raises:
            BadLocator: none, more than one, or a method or selector that does not exist.
        """
        await self.ready()
        found = self._build(self.tab.page, chain)
        if not isinstance(found, Locator):
            raise BadLocator("this names a frame, not an element in it")
        event = f"m{secrets.token_hex(8)}"
        try:
            await found.wait_for(state="attached", timeout=WAIT_MS)
            await self.tab.ask(f"mtenvs.listen({json.dumps(event)})", first=self.next_ref)
            # The element tells our world itself which one it is: locators live in Playwright's world, numbers in ours.
            await found.evaluate(
                f"(el) => {{ el.dispatchEvent(new CustomEvent('{event}', {{bubbles: true, composed: true}})) }}", timeout=WAIT_MS
            )
        except PlaywrightTimeout:
            raise BadLocator(f"{_spell(chain)} finds nothing on this page") from None
        except Error as error:
            if "strict mode violation" in error.message:
                raise BadLocator(
                    f"{_spell(chain)} finds more than one element", legal="name one of them, or add .first or .nth(0)"
                ) from None
            raise BadLocator(f"{_spell(chain)}: {error.message.splitlines()[0][:300]}") from None
        got = await self.tab.ask(f"mtenvs.heard({json.dumps(event)}, {self.next_ref})", first=self.next_ref)
        if got is None:
            raise BadLocator(f"{_spell(chain)} finds an element that went away at once")
        ref, self.next_ref = got
        return int(ref)

    def _build(self, root: Any, chain: Sequence[Call]) -> Any:
        at = root
        for name, args, kwargs in chain:
            if name in PROPERTIES and isinstance(at, Locator):
                at = getattr(at, name)
            elif name in METHODS and hasattr(at, name):
                named = {
                    k: self._build(root, v) if k in {"has", "has_not"} and not isinstance(v, Locator) else v for k, v in kwargs.items()
                }
                try:
                    at = getattr(at, name)(*args, **named)
                except (TypeError, ValueError, AttributeError, Error) as error:
                    raise BadLocator(f"{name}: {str(error)[:200]}") from None
            else:
                raise BadLocator(f"there is no locator {name[:40]!r} here", legal=", ".join(sorted(METHODS | PROPERTIES)))
        return at


def _spell(chain: Sequence[Call]) -> str:
    calls = []
    for name, args, kwargs in chain:
        given = [repr(a) for a in args] + [f"{k}={v!r}" for k, v in kwargs.items()]
        calls.append(f"{name}({', '.join(given)})" if name not in PROPERTIES else name)
    return ".".join(calls)[:300]
