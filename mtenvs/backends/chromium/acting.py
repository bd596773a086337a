"""What an agent can do to a page: real mouse and keyboard input at the visible part of an element."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Error

from mtenvs.backends.chromium.base import timed
from mtenvs.backends.chromium.errors import NotClickable, StaleElement, UploadRefused
from mtenvs.backends.chromium.nodes import DialogInfo
from mtenvs.backends.chromium.reading import Reading
from mtenvs.core.errors import BadAction

Button = Literal["left", "middle", "right"]
TYPED_CHARS = 200
"""Longer texts are put in at once, as by pasting: a key press per character takes a millisecond each."""
MODIFIERS = {
    "alt": "Alt",
    "control": "Control",
    "ctrl": "Control",
    "meta": "Meta",
    "shift": "Shift",
    "controlormeta": "Control",
    "cmd": "Meta",
}


class Acting(Reading):
    """The part of a session that acts. Every action waits until the page is at rest again."""

    uploads: tuple[Path, ...] = ()

    async def _do(self, work: Awaitable[Any]) -> None:
        """Input, which a dialog that it opens would hold up; then rest."""
        self._dialog_count = 0
        tab = self.tab
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task, self.dialog_opened}, return_when=asyncio.FIRST_COMPLETED)
        if task in done:
            error = task.exception()
            if error is not None and not (isinstance(error, Error) and tab.page.is_closed()):
                raise error
            await self.rest()
        else:
            self.job(_finish(task))

    async def _spot(self, ref: int, *, for_input: bool = True) -> tuple[float, float]:
        await self.ready()
        spot = await self.of(ref, f"mtenvs.point({int(ref)}, {json.dumps(for_input)})")
        x, y = _read_spot(spot, ref)
        return await self._from_inside(int(ref), x, y)

    async def _from_inside(self, ref: int, x: float, y: float) -> tuple[float, float]:
        """A point in a frame of another origin, from the viewport of the page."""
        at, inner = ref, 0
        while (stranger := next((s for s in self.tab.strangers if s.first <= at < s.last), None)) is not None:
            inner = at = stranger.owner
            origin = await self.of(inner, f"mtenvs.contentOrigin({inner}, {x}, {y})")
            if origin is None:
                raise StaleElement(f"there is no element {ref} on this page now")
            x, y = x + origin[0], y + origin[1]
        if inner:
            under = await self.tab.ask(f"mtenvs.under({x}, {y})", first=self.next_ref)
            if under is None or under[0] != inner:
                raise NotClickable(f"element {ref} is covered by {under[1]}" if under else f"element {ref} is not visible")
        return x, y

    @timed
    async def click(self, ref: int, button: Button = "left", modifiers: Sequence[str] = (), count: int = 1) -> None:
        """Click the middle of the visible part of an element, scrolled into view first.

        Raises:
            StaleElement: it is gone.
            NotClickable: it is covered (the message says by what), not visible or disabled.
        """
        x, y = await self._spot(ref)
        await self._do(self._press_mouse(x, y, button, modifiers, count))

    @timed
    async def dblclick(self, ref: int, button: Button = "left", modifiers: Sequence[str] = ()) -> None:
        """Click twice in quick succession."""
        await self.click(ref, button, modifiers, 2)

    @timed
    async def click_at(self, x: float, y: float, button: Button = "left", modifiers: Sequence[str] = (), count: int = 1) -> None:
        """Click at a point of the viewport, whatever is there."""
        await self.ready()
        await self._do(self._press_mouse(x, y, button, modifiers, count))

    async def _press_mouse(self, x: float, y: float, button: Button, modifiers: Sequence[str], count: int) -> None:
        page = self.tab.page
        held = [_modifier(m) for m in modifiers]
        for key in held:
            await page.keyboard.down(key)
        try:
            if count == 2:
                await page.mouse.dblclick(x, y, button=button)
            else:
                await page.mouse.click(x, y, button=button, click_count=count)
        finally:
            for key in reversed(held):
                await page.keyboard.up(key)

    @timed
    async def hover(self, ref: int) -> None:
        """Move the mouse over an element."""
        x, y = await self._spot(ref, for_input=False)
        await self._do(self.tab.page.mouse.move(x, y))

    @timed
    async def mouse_move(self, x: float, y: float) -> None:
        """Move the mouse to a point of the viewport."""
        await self.ready()
        await self._do(self.tab.page.mouse.move(x, y))

    @timed
    async def mouse_down(self, button: Button = "left") -> None:
        """Press a mouse button where the mouse is."""
        await self.ready()
        await self._do(self.tab.page.mouse.down(button=button))

    @timed
    async def mouse_up(self, button: Button = "left") -> None:
        """Release a mouse button."""
        await self.ready()
        await self._do(self.tab.page.mouse.up(button=button))

    @timed
    async def mouse_drag(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Press at one point of the viewport, move to another and release."""
        await self.ready()
        await self._do(self._drag(x1, y1, x2, y2))

    @timed
    async def drag(self, ref: int, onto: int) -> None:
        """Drag an element onto another one."""
        x1, y1 = await self._spot(ref)
        x2, y2 = await self._spot(onto, for_input=False)
        x1, y1 = await self._spot(ref)  # bringing the second into view may have moved the first
        await self._do(self._drag(x1, y1, x2, y2))

    async def _drag(self, x1: float, y1: float, x2: float, y2: float) -> None:
        mouse = self.tab.page.mouse
        await mouse.move(x1, y1)
        await mouse.down()
        await mouse.move(x2, y2, steps=5)
        await mouse.up()

    @timed
    async def type(self, ref: int, text: str, *, clear: bool = False, enter: bool = False) -> None:
        """Click into a field and type.

        Args:
            ref: the field.
            text: what to type; a line break presses Enter.
            clear: remove first what is there.
            enter: press Enter at the end.
        """
        x, y = await self._spot(ref)
        if await self.of(ref, f"mtenvs.setValue({int(ref)}, {json.dumps(text)})"):
            await self.settle()
            return

        async def work() -> None:
            await self._press_mouse(x, y, "left", (), 1)
            if clear:
                await self._erase(ref)
            await self._write(text)
            if enter:
                await self.tab.page.keyboard.press("Enter")

        await self._do(work())

    async def _write(self, text: str) -> None:
        keyboard = self.tab.page.keyboard
        if len(text) <= TYPED_CHARS:
            await keyboard.type(text)
        else:
            await keyboard.insert_text(text)

    async def _erase(self, ref: int) -> None:
        await self.of(ref, f"mtenvs.selectAll({int(ref)})")
        await self.tab.page.keyboard.press("Delete")

    @timed
    async def clear(self, ref: int) -> None:
        """Remove what is in a field."""
        await self._spot(ref)
        await self._do(self._erase(ref))

    @timed
    async def focus(self, ref: int) -> None:
        """Give an element the keyboard, without a click."""
        if not await self.of(ref, f"mtenvs.focus({int(ref)})"):
            raise StaleElement(f"there is no element {ref} on this page now")
        await self.settle()

    @timed
    async def keyboard_type(self, text: str) -> None:
        """Type where the keyboard is."""
        await self.ready()
        await self._do(self._write(text))

    @timed
    async def press(self, keys: str) -> None:
        """Press a key or a combination, such as ``Enter``, ``Control+a`` or ``Shift+Tab``."""
        await self.ready()
        await self._do(self._press(keys))

    async def _press(self, keys: str) -> None:
        parts = ["+"] if keys == "+" else [p for p in keys.replace("++", "+Plus").split("+") if p]
        if not parts or keys.endswith("+") != (parts[-1] in {"+", "Plus"}):
            raise BadAction(f"there is no key {keys[:40]!r}", legal="names such as Enter, Tab, ArrowDown, Control+a")
        names = [MODIFIERS.get(p.lower(), "+" if p == "Plus" else p) for p in parts]
        try:
            await self.tab.page.keyboard.press("+".join(names))
        except Error as error:
            if "Unknown key" in error.message:
                raise BadAction(f"there is no key {keys[:40]!r}", legal="names such as Enter, Tab, ArrowDown, Control+a") from None
            raise

    @timed
    async def scroll(self, dx: float = 0, dy: float = 0, direction: str = "") -> None:
        """Scroll the page (or what is under the middle of the viewport) by pixels, or by a viewport ``up, down, left, right``."""
        await self.ready()
        if direction:
            w, h = await self.tab.ask("[innerWidth, innerHeight]", first=self.next_ref)
            steps = {"up": (0, -h), "down": (0, h), "left": (-w, 0), "right": (w, 0)}
            if direction not in steps:
                raise BadAction(f"cannot scroll {direction[:40]!r}", legal="up, down, left, right")
            dx, dy = steps[direction]
        await self.tab.ask(f"mtenvs.scroll({float(dx)}, {float(dy)})", first=self.next_ref)
        await self.settle()

    @timed
    async def select(self, ref: int, options: str | Sequence[str]) -> None:
        """Select options of a list by their texts or values; a list of one takes the last."""
        await self._spot(ref)
        wanted = [options] if isinstance(options, str) else list(options)
        result = await self.of(ref, f"mtenvs.select({int(ref)}, {json.dumps(wanted)})")
        if result is not True:
            raise BadAction(result["bad"], legal=result.get("legal", ""))
        await self.settle()

    @timed
    async def check(self, ref: int) -> None:
        """Tick a box or choose a radio button, if it is not yet."""
        await self._set_checked(ref, wanted=True)

    @timed
    async def uncheck(self, ref: int) -> None:
        """Remove the tick of a box, if there is one."""
        await self._set_checked(ref, wanted=False)

    async def _set_checked(self, ref: int, *, wanted: bool) -> None:
        await self.ready()
        now = await self._checked(ref)
        if now is None:
            await self._spot(ref)
            raise BadAction(f"element {ref} is nothing that can be checked")
        if now is not wanted:
            await self.click(ref)
            if self.pending is None and await self._checked(ref) not in {wanted, None}:
                raise BadAction(f"element {ref} stays {'unchecked' if wanted else 'checked'} when it is clicked")

    async def _checked(self, ref: int) -> bool | None:
        state = await self.of(ref, f"mtenvs.checked({int(ref)})")
        return state if isinstance(state, bool) else None

    @timed
    async def upload(self, ref: int, paths: Sequence[str]) -> None:
        """Choose files in a file field, or behind a button that opens a file chooser.

        Args:
            ref: the field or button.
            paths: within the folder that uploads may come from; relative ones are looked up there.

        Raises:
            UploadRefused: outside of that folder, or not there.
        """
        files = [self._allowed(p) for p in ([paths] if isinstance(paths, str) else paths)]
        await self.ready()
        field = await self.of(ref, f"mtenvs.fileField({int(ref)})", by_value=False)
        if "objectId" in field:
            await self._do(self.tab.cdp.send("DOM.setFileInputFiles", {"files": files, "objectId": field["objectId"]}))
            return
        x, y = await self._spot(ref)
        try:
            async with self.tab.page.expect_file_chooser(timeout=2000) as chosen:
                await self._press_mouse(x, y, "left", (), 1)
            chooser = await chosen.value
        except Error:
            raise BadAction(f"element {ref} does not ask for a file") from None
        await self._do(chooser.set_files(files))

    def _allowed(self, path: str) -> str:
        for folder in self.uploads:
            root = folder.resolve()
            file = (root / path).resolve()
            if file.is_relative_to(root) and file.is_file():
                return str(file)
        raise UploadRefused(f"{path[:200]!r} is not among the files that can be uploaded")

    @timed
    async def answer_dialog(self, accept: bool = True, text: str = "") -> None:
        """Accept or dismiss the dialog that waits; `text` goes into a prompt."""
        dialog = self.pending
        if dialog is None:
            raise BadAction("no dialog is open")
        self.pending = None
        self.dialog_opened = asyncio.get_running_loop().create_future()
        kind, message, default = dialog.type, dialog.message, dialog.default_value
        self.dialogs.append(DialogInfo(kind, message, default, "accepted" if accept else "dismissed"))
        with contextlib.suppress(Error):
            await (dialog.accept(text or default or None) if accept else dialog.dismiss())
        await self.settle()

    @timed
    async def wait(self, ms: int) -> None:
        """Let time pass; at most three quarters of the deadline."""
        await asyncio.sleep(max(0.0, min(ms / 1000, self.deadline_s * 0.75)))
        await self.settle()


def _read_spot(spot: dict[str, Any], ref: int) -> tuple[float, float]:
    if "gone" in spot:
        raise StaleElement(f"there is no element {ref} on this page now")
    if "bad" in spot:
        raise NotClickable(spot["bad"])
    return spot["x"], spot["y"]


def _modifier(name: str) -> str:
    key = MODIFIERS.get(name.lower())
    if key is None:
        raise BadAction(f"{name[:40]!r} is no modifier key", legal="Alt, Control, Meta, Shift")
    return key


async def _finish(task: asyncio.Future[Any]) -> None:
    await task
