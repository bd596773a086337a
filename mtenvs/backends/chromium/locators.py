"""Playwright-style locators, given as data and never as code: ``[("get_by_role", ["button"], {"name": "Save"}), ...]``."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.async_api import Error, Locator
from playwright.async_api import TimeoutError as PlaywrightTimeout

from mtenvs.backends.chromium.acting import Acting
from mtenvs.backends.chromium.base import timed
from mtenvs.backends.chromium.errors import BadLocator
from mtenvs.backends.chromium.reading import MAX_CHARS, MAX_NODES
from mtenvs.backends.chromium.tab import Stranger

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
            ref = await self._number(found, event, [""])
            if ref is None:  # then it is in a frame of another origin
                await self._outline(self.tab, "", MAX_NODES, MAX_CHARS)
                ref = await self._number(found, event, list(dict.fromkeys(s.frame for s in self.tab.strangers)))
        except PlaywrightTimeout:
            raise BadLocator(f"{_spell(chain)} finds nothing on this page") from None
        except Error as error:
            if "strict mode violation" in error.message:
                raise BadLocator(
                    f"{_spell(chain)} finds more than one element", legal="name one of them, or add .first or .nth(0)"
                ) from None
            raise BadLocator(f"{_spell(chain)}: {error.message.splitlines()[0][:300]}") from None
        if ref is None:
            raise BadLocator(f"{_spell(chain)} finds an element that went away at once")
        return ref

    async def _number(self, found: Locator, event: str, frames: list[str]) -> int | None:
        """Let the element tell our world itself which one it is: locators live in Playwright's world, numbers in ours."""
        tab, name = self.tab, json.dumps(event)
        await asyncio.gather(*(tab.ask(f"mtenvs.listen({name})", first=self.next_ref, frame=f) for f in frames))
        await found.evaluate(f"(el) => {{ el.dispatchEvent(new CustomEvent({name}, {{bubbles: true, composed: true}})) }}", timeout=WAIT_MS)
        for frame in frames:
            got = await tab.ask(f"mtenvs.heard({name}, {self.next_ref})", first=self.next_ref, frame=frame)
            if got is not None:
                ref, before, self.next_ref = got[0], self.next_ref, got[1]
                owner = next((s.owner for s in tab.strangers if s.frame == frame), 0)
                if frame and ref >= before:
                    tab.strangers.append(Stranger(before, self.next_ref, frame, owner))
                return int(ref)
        return None

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
