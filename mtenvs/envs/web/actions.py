"""What an agent can do with a browser, declared once; the grammars of the papers are read into the same calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Protocol

from mtenvs.backends.chromium import Session
from mtenvs.core.actions import MAX_ACTION_CHARS, Ge, Le, MaxLen, action
from mtenvs.core.errors import BadAction

ElementId = Annotated[int, Ge(0), Le(10**9)]
Pixel = Annotated[int, Ge(0), Le(20_000)]
Button = Literal["left", "right", "middle"]
_LONGEST_WAIT_MS = 5_000


class _World(Protocol):
    session: Session
    upload_folder: Path | None

    def target(self, element: int) -> int: ...
    def submit(self, answer: str) -> str: ...


class BrowserActions:
    """Actions by element number, by key, by address and by tab. Elements are numbered in the observation."""

    @action
    def click(self: _World, id: ElementId, button: Button = "left") -> str:  # noqa: A002 - the field's word
        """Click an element.

        Args:
            id: number of the element in the observation.
            button: of the mouse.
        """
        self.session.click(self.target(id), button=button)
        return f"Clicked [{id}]."

    @action
    def dblclick(self: _World, id: ElementId) -> str:  # noqa: A002 - same
        """Click an element twice.

        Args:
            id: number of the element in the observation.
        """
        self.session.dblclick(self.target(id))
        return f"Double-clicked [{id}]."

    @action
    def hover(self: _World, id: ElementId) -> str:  # noqa: A002 - same
        """Move the mouse over an element.

        Args:
            id: number of the element in the observation.
        """
        self.session.hover(self.target(id))
        return f"The mouse is over [{id}]."

    @action
    def type(
        self: _World,
        id: ElementId,  # noqa: A002 - same
        text: Annotated[str, MaxLen(MAX_ACTION_CHARS)],
        press_enter: bool = False,
        clear: bool = True,
    ) -> str:
        """Type into a field.

        Args:
            id: number of the field in the observation.
            text: what to type.
            press_enter: whether to press Enter afterwards.
            clear: whether what stands in the field is replaced; otherwise the text is added to it.
        """
        self.session.type(self.target(id), text, clear=clear, enter=press_enter)
        return f"Typed into [{id}]."

    @action
    def clear(self: _World, id: ElementId) -> str:  # noqa: A002 - same
        """Empty a field.

        Args:
            id: number of the field in the observation.
        """
        self.session.clear(self.target(id))
        return f"Emptied [{id}]."

    @action
    def select(self: _World, id: ElementId, option: Annotated[str, MaxLen(1000)]) -> str:  # noqa: A002 - same
        """Choose an option of a list.

        Args:
            id: number of the list in the observation.
            option: the option's text; several are separated by " | " where the list takes several.
        """
        self.session.select(self.target(id), option.split(" | "))
        return f"Chose {option!r} in [{id}]."

    @action
    def press(self: _World, key: Annotated[str, MaxLen(60)]) -> str:
        """Press a key or a combination on what has the focus.

        Args:
            key: such as "Enter", "Escape", "ArrowDown", "Control+a".
        """
        self.session.press(key)
        return f"Pressed {key}."

    @action
    def scroll(self: _World, direction: Literal["up", "down", "left", "right"]) -> str:
        """Scroll the page by one screen.

        Args:
            direction: where to.
        """
        self.session.scroll(direction=direction)
        return f"Scrolled {direction}."

    @action
    def drag(self: _World, id: ElementId, to: ElementId) -> str:  # noqa: A002 - same
        """Drag an element onto another one.

        Args:
            id: number of the element in the observation.
            to: number of the element on which it is dropped.
        """
        self.session.drag(self.target(id), self.target(to))
        return f"Dragged [{id}] onto [{to}]."

    @action
    def upload(self: _World, id: ElementId, file: Annotated[str, MaxLen(300)]) -> str:  # noqa: A002 - same
        """Choose a file in a file field.

        Args:
            id: number of the field in the observation.
            file: name of one of the files that the goal brings.
        """
        if self.upload_folder is None:
            raise BadAction("this task has no files to upload", kind="refused")
        self.session.upload(self.target(id), [str(self.upload_folder / Path(file).name)])
        return f"Chose the file {Path(file).name}."

    @action
    def click_at(self: _World, x: Pixel, y: Pixel, button: Button = "left") -> str:
        """Click at a point of the screenshot.

        Args:
            x: pixels from the left.
            y: pixels from the top.
            button: of the mouse.
        """
        self.session.click_at(x, y, button=button)
        return f"Clicked at ({x}, {y})."

    @action
    def hover_at(self: _World, x: Pixel, y: Pixel) -> str:
        """Move the mouse to a point of the screenshot.

        Args:
            x: pixels from the left.
            y: pixels from the top.
        """
        self.session.mouse_move(x, y)
        return f"The mouse is at ({x}, {y})."

    @action
    def drag_at(self: _World, x: Pixel, y: Pixel, to_x: Pixel, to_y: Pixel) -> str:
        """Drag from one point of the screenshot to another.

        Args:
            x: pixels from the left, of the start.
            y: pixels from the top, of the start.
            to_x: pixels from the left, of the end.
            to_y: pixels from the top, of the end.
        """
        self.session.mouse_drag(x, y, to_x, to_y)
        return f"Dragged from ({x}, {y}) to ({to_x}, {to_y})."

    @action
    def keyboard_type(self: _World, text: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Type where the focus is.

        Args:
            text: what to type.
        """
        self.session.keyboard_type(text)
        return "Typed."

    @action
    def goto(self: _World, url: Annotated[str, MaxLen(2000)]) -> str:
        """Open an address in the active tab.

        Args:
            url: the address.
        """
        self.session.goto(url)
        return f"Opened {self.session.url}."

    @action
    def go_back(self: _World) -> str:
        """Go back to the page before."""
        self.session.go_back()
        return "Went back."

    @action
    def go_forward(self: _World) -> str:
        """Go forward again after going back."""
        self.session.go_forward()
        return "Went forward."

    @action
    def new_tab(self: _World) -> str:
        """Open an empty tab, which becomes the active one."""
        self.session.new_tab()
        return "Opened a tab."

    @action
    def tab_focus(self: _World, index: Annotated[int, Ge(0), Le(100)]) -> str:
        """Go to another tab.

        Args:
            index: number of the tab, from 0.
        """
        self.session.focus_tab(index)
        return f"Tab {index} is active."

    @action
    def close_tab(self: _World) -> str:
        """Close the active tab."""
        self.session.close_tab()
        return "Closed the tab."

    @action
    def dialog(self: _World, accept: bool, text: Annotated[str, MaxLen(1000)] = "") -> str:
        """Answer the dialog that the page shows.

        Args:
            accept: OK or Cancel.
            text: what to enter, where it asks for something.
        """
        self.session.answer_dialog(accept=accept, text=text)
        return "Answered the dialog."

    @action
    def wait(self: _World, ms: Annotated[int, Ge(0), Le(_LONGEST_WAIT_MS)] = 1000) -> str:
        """Wait for the page.

        Args:
            ms: milliseconds.
        """
        self.session.wait(ms)
        return f"Waited {ms} ms."

    @action(name="stop")
    def finish(self: _World, answer: Annotated[str, MaxLen(MAX_ACTION_CHARS)] = "") -> str:
        """End the task.

        Args:
            answer: what was asked for; empty where the task asks for no answer; "N/A" where it cannot be done.
        """
        return self.submit(answer)
