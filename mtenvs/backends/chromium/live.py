"""A session as it lives on the loop thread: all parts together, plus cookies, files and the log.

This is the async twin of `mtenvs.backends.chromium.session.Session`; a batched environment awaits many of them at once.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Download, Page

from mtenvs.backends.chromium.base import timed
from mtenvs.backends.chromium.har import har
from mtenvs.backends.chromium.locators import Locating
from mtenvs.backends.chromium.network import NetworkEvent
from mtenvs.backends.chromium.nodes import DialogInfo, DownloadInfo
from mtenvs.backends.chromium.probe import AsyncProbe
from mtenvs.backends.chromium.tab import Tab

MAX_DOWNLOAD = 32 << 20
MAX_DOWNLOADS = 50


class AsyncSession(Locating):
    """One browser context: one episode of one env. Made by `Chromium.open`."""

    headers: Mapping[str, str] = {}
    folder: tempfile.TemporaryDirectory[str] | None = None

    async def attach(self, page: Page) -> Tab:
        """Take downloads as well."""
        page.on("download", lambda d: self.job(self._download(d)))
        return await super().attach(page)

    async def _download(self, download: Download) -> None:
        name = re.sub(r"[^\w.\- ()]", "_", Path(download.suggested_filename).name)[:120] or "download"
        if len(self.downloads) >= MAX_DOWNLOADS:
            await download.cancel()
            return
        path = await download.path()
        size = path.stat().st_size
        if size > MAX_DOWNLOAD:
            await download.delete()
            self.downloads.append(DownloadInfo(name, "", size, f"larger than {MAX_DOWNLOAD >> 20} MiB"))
            return
        self.folder = self.folder or tempfile.TemporaryDirectory(prefix="mtenvs-downloads-")
        taken = {d.name for d in self.downloads}
        stem, suffix, number = Path(name).stem, Path(name).suffix, 1
        while name in taken:
            name, number = f"{stem} ({number}){suffix}", number + 1
        target = Path(self.folder.name) / name
        await download.save_as(target)
        self.downloads.append(DownloadInfo(name, str(target), size))
        self.notes.append(f"The file {name!r} ({size} bytes) was downloaded.")

    @timed
    async def pause_clock(self) -> None:
        """Stop the pages' clock, in a session that was opened with one: no timer of theirs fires until it is advanced."""
        await self.context.clock.pause_at(await self.tab.page.evaluate("Date.now() + 1"))

    @timed
    async def advance_clock(self, ms: int) -> None:
        """Let a stopped clock run for so long, firing what is due meanwhile."""
        await self.context.clock.run_for(ms)

    async def active_tab(self) -> int:
        """Index of the tab that is acted on."""
        return self.active

    async def dialog(self) -> DialogInfo | None:
        """The dialog that waits for an answer."""
        d = self.pending
        return None if d is None else DialogInfo(d.type, d.message, d.default_value)

    async def feedback(self) -> list[str]:
        """What happened since the last call that the agent should be told."""
        told, self.notes = self.notes, []
        return told

    async def dialog_log(self) -> list[DialogInfo]:
        """Every dialog of the episode that was answered."""
        return list(self.dialogs)

    async def download_log(self) -> list[DownloadInfo]:
        """Every file of the episode."""
        return list(self.downloads)

    async def network(self) -> list[NetworkEvent]:
        """Every request of the agent's tabs, in order."""
        return list(self.log)

    async def har(self) -> dict[str, Any]:
        """The same as an HTTP Archive 1.2."""
        return har(self.log, self.browser.version)

    @timed
    async def probe(self) -> AsyncProbe:
        """A page for a verifier."""
        return AsyncProbe(self, await self.new_page(), self.headers)

    @timed
    async def storage_state(self) -> dict[str, Any]:
        """Cookies and local storage, to be given to `Chromium.open` again."""
        return dict(await self.context.storage_state())

    @timed
    async def add_cookies(self, cookies: Sequence[dict[str, Any]]) -> None:
        """Set cookies: ``name, value, url`` or ``domain`` and ``path`` each."""
        await self.context.add_cookies(list(cookies))  # type: ignore[arg-type]  # checked by Playwright itself

    @timed
    async def clear_cookies(self) -> None:
        """Forget all cookies."""
        await self.context.clear_cookies()

    async def close(self) -> None:
        """Close the context, and remove what was downloaded."""
        await super().close()
        if self.folder is not None:
            self.folder.cleanup()
            self.folder = None
